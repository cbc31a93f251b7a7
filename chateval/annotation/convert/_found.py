"""Dialogues as tables and transcripts hold them, each piece with the place where it was found."""

from collections.abc import Callable
from dataclasses import dataclass

from chateval.annotation._data_reading import Say


@dataclass(frozen=True)
class FoundTurn:
    """One turn."""

    about: Callable[[str], Say]
    """What takes complaints about a column, or, by "", about the turn as a whole."""
    text: str
    speaker: str = ""
    """A name; empty where the source names no speakers."""
    selection: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class FoundDialogue:
    """One dialogue; without a group it is one of its own."""

    say: Say
    dialogue_id: str
    turns: tuple[FoundTurn, ...]
    group_id: str = ""
    persona: tuple[str, ...] = ()
