"""Commands that worlds yield, events that they are sent.

A world that yields an `Ask` is sent the event that answers it; one that yields a `Show` is sent None at once. Events
are what the journal keeps, so their fields and tags are a storage format: add, never rename.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from chateval.dialogue import Turn


class Outcome(StrEnum):
    """How a session ended."""

    COMPLETED = "completed"
    LEFT = "left"
    TIMED_OUT = "timed_out"
    BOT_FAILED = "bot_failed"

    @property
    def is_paid(self) -> bool:
        """Whether the worker did what was asked of them, as far as it was up to them."""
        return self in {Outcome.COMPLETED, Outcome.BOT_FAILED}


class Question(Struct, frozen=True):
    """A question about a finished dialogue, answered on a scale from `low` to `high`, both included."""

    id: str
    text: str
    low: int = 1
    high: int = 5


@dataclass(frozen=True, slots=True)
class OpenDialogue:
    dialogue: int
    minimum_turns: int


@dataclass(frozen=True, slots=True)
class Say:
    """The world itself puts a turn into the dialogue."""

    dialogue: int
    turn: Turn


@dataclass(frozen=True, slots=True)
class AskForConsent:
    pass


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Ask the person for a turn. `turns_taken` counts what they have said so far, the opening apart."""

    dialogue: int
    turns_taken: int
    may_finish: bool


@dataclass(frozen=True, slots=True)
class AskBot:
    dialogue: int
    bot: str
    turns_taken: int


@dataclass(frozen=True, slots=True)
class AskForRatings:
    dialogue: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class AskForSubmission:
    pass


Show = OpenDialogue | Say
Ask = AskForConsent | AskPerson | AskBot | AskForRatings | AskForSubmission
Command = Show | Ask


class Consented(Struct, tag="consented", frozen=True):
    pass


class Spoke(Struct, tag="spoke", frozen=True):
    """The seat that was asked, person or bot, took its turn."""

    text: str


class Finished(Struct, tag="finished", frozen=True):
    """The person ended the dialogue, having reached its minimum."""


class Rated(Struct, tag="rated", frozen=True):
    answers: dict[str, int]


class Submitted(Struct, tag="submitted", frozen=True):
    comment: str = ""


class Left(Struct, tag="left", frozen=True):
    pass


class TimedOut(Struct, tag="timed_out", frozen=True):
    pass


class BotFailed(Struct, tag="bot_failed", frozen=True):
    reason: str


Event = Consented | Spoke | Finished | Rated | Submitted | Left | TimedOut | BotFailed

Play = Generator[Command, Event | None, Outcome]


class World(Protocol):
    """A script being played."""

    bots: tuple[str, ...]
    """The bot of each dialogue, in the order in which they are held."""

    def play(self) -> Play: ...

    def turns(self, dialogue: int) -> Sequence[Turn]:
        """The dialogue so far: the world's own list, not a copy."""
        ...


class Script(Struct, tag_field="world", frozen=True):
    """Everything that a world is made from; stored with the session. Each world's script is a subclass."""
