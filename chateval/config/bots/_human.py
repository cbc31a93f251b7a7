"""Partners who are people: another participant of the same run."""

from collections.abc import Iterator
from dataclasses import dataclass

from chateval.config._rules import Timeout
from chateval.config.bots._terms import Fault, Surroundings


@dataclass(frozen=True)
class HumanBot:
    """Another participant, who does not know either whether their partner is a person."""

    name: str
    wait_seconds: Timeout = 300
    """How long someone waits for a partner, in seconds. Default: 300."""

    def faults(self, _: Surroundings) -> Iterator[Fault]:
        yield from ()
