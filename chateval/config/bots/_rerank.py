"""Bots that have others propose candidates, and say the best of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from chateval.config._nearest import did_you_mean, listed
from chateval.config._rules import Candidates, Lines
from chateval.config.bots._terms import BotTerms, Fault, Surroundings


@dataclass(frozen=True)
class RerankBot(BotTerms):
    """A wrapper around other bots of the same file."""

    name: str
    bots: Lines = ()
    """The names of the bots that propose candidates. Needed."""
    candidates: Candidates = 5
    """How many candidates each of them is asked for. Default: 5."""

    def faults(self, surroundings: Surroundings) -> Iterator[Fault]:
        if not self.bots:
            yield Fault("bots", "There is no bot to propose candidates. Name at least one of this file.")
        for bot in self.bots:
            if bot not in surroundings.names:
                near = did_you_mean(bot, surroundings.names)
                yield Fault("bots", f"There is no bot {bot!r}.{near} The file defines: {listed(surroundings.names)}.")
