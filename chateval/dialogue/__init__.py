"""Turns and dialogues, and the only code that reads and writes dialogue JSONL."""

from chateval.dialogue._acceptability import (
    ALL_CHECKS,
    GREETINGS_CHECK,
    USUAL_CHECKS,
    Acceptability,
    violations,
)
from chateval.dialogue._contexts import MOST_CHARACTERS, length_of, read_contexts, write_contexts
from chateval.dialogue._jsonl import read_dialogues, write_dialogue
from chateval.dialogue._types import Context, Dialogue, Picture, Speaker, Turn, Usage

__all__ = [
    "ALL_CHECKS",
    "GREETINGS_CHECK",
    "MOST_CHARACTERS",
    "USUAL_CHECKS",
    "Acceptability",
    "Context",
    "Dialogue",
    "Picture",
    "Speaker",
    "Turn",
    "Usage",
    "length_of",
    "read_contexts",
    "read_dialogues",
    "violations",
    "write_contexts",
    "write_dialogue",
]
