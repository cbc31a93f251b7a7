"""Turns and dialogues, and the only code that reads and writes dialogue JSONL."""

from chateval.dialogue._jsonl import read_dialogues, write_dialogue
from chateval.dialogue._types import Dialogue, Speaker, Turn

__all__ = ["Dialogue", "Speaker", "Turn", "read_dialogues", "write_dialogue"]
