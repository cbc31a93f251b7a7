"""Bots that say what they are told to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from chateval.config._rules import Delay, Flag, Lines, Repeats
from chateval.config.bots._terms import BotTerms, Fault, Surroundings


@dataclass(frozen=True)
class ScriptedBot(BotTerms):
    """A bot that says its lines in turn and begins anew after the last; or, as an echo, what its partner said."""

    name: str
    lines: Lines = ()
    """What it says. Default: nothing, for an echo."""
    delay_seconds: Delay = 0
    """How long it takes over each reply, in seconds. Default: 0."""
    echo: Flag = False
    """Whether it says what its partner said. Default: false."""
    retry_repeats: Repeats = field(default=0, kw_only=True)
    """As for every bot; by default 0, since it would say the same again."""

    def faults(self, _: Surroundings) -> Iterator[Fault]:
        if bool(self.lines) == self.echo:
            yield Fault("", "A scripted bot needs something to say. Give it lines: with a list, or echo: true.")
