"""Turns and dialogues, and the only code that reads and writes dialogue JSONL."""

from chateval.dialogue._jsonl import read_dialogues, write_dialogue
from chateval.dialogue._types import Context, Dialogue, Picture, Speaker, Turn, Usage

__all__ = [
    "Context",
    "Dialogue",
    "Picture",
    "Speaker",
    "Turn",
    "Usage",
    "read_dialogues",
    "write_dialogue",
]
