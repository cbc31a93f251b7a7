"""What a dialogue is."""

from dataclasses import dataclass
from enum import StrEnum


class Speaker(StrEnum):
    """Who says a turn, as dialogue files name them."""

    USER = "user"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance."""

    speaker: Speaker
    text: str


@dataclass(frozen=True)
class Dialogue:
    """A datapoint of the static-annotation format: one dialogue and what is to be labelled in it."""

    dialogue_id: str
    group_id: str
    turns: tuple[Turn, ...]
    annotation_tasks: tuple[str, ...] = ()
    bot_persona: tuple[str, ...] = ()
