"""Bots that `chateval serve` hosts, on this machine or on a cluster."""

from collections.abc import Iterator
from dataclasses import dataclass

from omegaconf import MISSING

from chateval.config._rules import SomeText, Text
from chateval.config.bots._terms import BotTerms, Fault, Surroundings


@dataclass(frozen=True)
class RayBot(BotTerms):
    """A bot of a Ray Serve application."""

    name: str
    address: SomeText = MISSING
    """Where the application listens, as in `http://127.0.0.1:8000`. Needed."""
    bot: Text = ""
    """The bot's name there. Default: its name here."""

    def faults(self, _: Surroundings) -> Iterator[Fault]:
        yield from ()
