"""What a bot is, what it is asked, and what it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from chateval.dialogue import Context, Turn, Usage


@dataclass(frozen=True, slots=True)
class Request:
    """Asks for the next turn of a dialogue. The last of `turns` is the user's, or the bot begins and there is none."""

    dialogue_id: str
    turns: Sequence[Turn]
    context: Context = field(default_factory=Context)
    person: str = ""
    """Who talks with the bot, so that nobody is paired with themselves."""
    partner: str = ""
    """The dialogue of the person behind the bot, where the dialogue has been answered by one before."""
    is_here: Callable[[], bool] = field(default=lambda: True, compare=False)
    """Whether that person is at their page right now."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A turn, or, with `ends_dialogue`, word that there will be none: whoever is behind the bot has finished."""

    text: str
    usage: Usage | None = None
    source: str = ""
    """The dialogue of the person who said it, where there is one."""
    ends_dialogue: bool = False
    seconds: float | None = field(default=None, compare=False)
    """From being asked to the reply, waits and further attempts included; the `Desk` measures it."""
    first_text_seconds: float | None = field(default=None, compare=False)
    """From being asked to the first piece of text; None where the reply came as a whole. The `Desk` measures it."""
    attempts: int = field(default=1, compare=False)
    """How often the bot was asked for it; the `Desk` counts."""


class Progress(StrEnum):
    """How a reply is getting on."""

    WAITING = "waiting"
    """Nobody is there yet to work at it: a model that is still loading, a partner who has not come."""
    QUEUED = "queued"
    """It waits behind other replies."""
    STARTED = "started"
    """It is being worked at. The time that an attempt may take counts from here."""


Watch = Callable[[Progress, str], None]
"""Told how a reply is getting on, with all of its text so far; it may begin anew. Called on the event loop."""


def watch_nothing(progress: Progress, text: str) -> None:
    """For whoever waits for the whole reply."""


class Bot(Protocol):
    """Answers turns of many dialogues at once."""

    name: str

    def identity(self) -> Mapping[str, str]:
        """What is stored with a run, so that one can tell later which bot it was: kind, options, digests, versions."""
        ...

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        """Answer a request; being cancelled ends the work on it.

        Asking again with the same turns is a new attempt. Raises `BotError` if there is no usable reply.
        """
        ...

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:
        """Drop what is kept for a dialogue: it is over, by the user's own will if it `is_finished`."""
        ...

    async def close(self) -> None:
        """Give up what the bot holds; no reply is asked for afterwards."""
        ...
