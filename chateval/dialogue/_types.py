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


@dataclass(frozen=True, slots=True)
class Picture:
    """What a dialogue is about, to be looked at. `file` is relative to the study's folder of pictures."""

    id: str
    file: str
    caption: str = ""
    """What is to be seen, for those who do not see it: people by ear, and bots that read only."""


@dataclass(frozen=True, slots=True)
class Context:
    """What there is before anyone says anything of their own; each part may be missing."""

    id: str = ""
    person_persona: tuple[str, ...] = ()
    bot_persona: tuple[str, ...] = ()
    background: str = ""
    """What both know, in a sentence or two: a topic, a situation."""
    turns: tuple[Turn, ...] = ()
    """What the two are taken to have said already."""
    picture: Picture | None = None
    dataset: str = ""
    """The data that it was drawn from, as ParlAI names it; empty where somebody wrote it for the study."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one reply took, as whoever generated it counts."""

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    """Those of the input that were not computed anew."""
    cost_usd: float | None = None
    """None where no price is known."""


@dataclass(frozen=True)
class Dialogue:
    """A datapoint of the static-annotation format: one dialogue and what is to be labelled in it."""

    dialogue_id: str
    group_id: str
    turns: tuple[Turn, ...]
    annotation_tasks: tuple[str, ...] = ()
    bot_persona: tuple[str, ...] = ()
