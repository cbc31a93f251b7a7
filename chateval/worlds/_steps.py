"""What the plays of all worlds have in common: the expected event or an early end, and filling in a sheet."""

from collections.abc import Generator
from typing import TypeVar

from chateval.worlds._protocol import (
    AskForLabels,
    BotFailed,
    Command,
    Event,
    Labelled,
    LabelsDone,
    Left,
    Outcome,
    TimedOut,
)

E = TypeVar("E", bound=Event)


class EndedError(Exception):
    """Ends a play from within one of its parts; never leaves this package."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def expect(kind: type[E], event: Event | None) -> E:
    """Return the event that was asked for, or end the play as any other says."""
    match event:
        case kind():
            return event
        case Left():
            raise EndedError(Outcome.LEFT)
        case TimedOut():
            raise EndedError(Outcome.TIMED_OUT)
        case BotFailed():
            raise EndedError(Outcome.BOT_FAILED)
        case _:
            raise TypeError(f"{event!r} does not answer what was asked for, a {kind.__name__}.")


def fill_in(ask: AskForLabels) -> Generator[Command, Event | None, None]:
    """Have a sheet filled in, answer by answer, until it is handed in."""
    while isinstance(event := (yield ask), Labelled):
        ask.sheet.put(event.part, event.turn, event.question, event.value)
    expect(LabelsDone, event)
