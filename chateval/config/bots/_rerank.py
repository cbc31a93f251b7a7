"""Bots that have others propose candidates, and say the best of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

from msgspec import Meta

from chateval.annotation import load_hook
from chateval.config._nearest import did_you_mean, listed
from chateval.config._rules import Candidates, Lines, Text, Timeout
from chateval.config.bots._human import HumanBot
from chateval.config.bots._terms import BotTerms, Fault, Surroundings
from chateval.errors import AnnotationFormatError

RANKERS = ("consensus", "length", "novelty")

_HOOK = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$")

Ranker = Annotated[str, Meta(min_length=1, description="one of consensus, length, novelty, or package.module:function")]


@dataclass(frozen=True)
class RerankBot(BotTerms):
    """A wrapper around other bots of the same file."""

    name: str
    bots: Lines = ()
    """The names of the bots that propose candidates. Needed."""
    candidates: Candidates = 5
    """How many candidates each of them is asked for. Default: 5."""
    ranker: Ranker = "consensus"
    """What says which is best: consensus, length, novelty, or a function of your own. Default: consensus."""
    wait_seconds: Timeout = 20
    """How long other candidates are waited for once the first is there, in seconds. Default: 20."""
    candidates_file: Text = ""
    """A JSONL file, below the study's folder, that takes all candidates with their scores. Default: none is written."""

    def faults(self, surroundings: Surroundings) -> Iterator[Fault]:
        if not self.bots:
            yield Fault("bots", "There is no bot to propose candidates. Name at least one of this file.")
        for bot in self.bots:
            if bot not in surroundings.names:
                near = did_you_mean(bot, surroundings.names)
                yield Fault("bots", f"There is no bot {bot!r}.{near} The file defines: {listed(surroundings.names)}.")
        if len(set(self.bots)) < len(self.bots):
            yield Fault("bots", "A bot is named twice. Name it once; candidates: says how often each is asked.")
        if self.ranker not in RANKERS and not _HOOK.match(self.ranker):
            near = did_you_mean(self.ranker, RANKERS)
            text = f"There is no ranker {self.ranker!r}.{near} There are: {listed(RANKERS)}."
            yield Fault("ranker", f"{text} One of your own is written package.module:function.")
        elif self.ranker not in RANKERS:
            yield from _fault_of_hook(self.ranker)
        if len(self.bots) == 1 and self.candidates == 1:
            yield Fault("candidates", "One candidate of one bot leaves nothing to choose. Ask for at least 2.")


def _fault_of_hook(function: str) -> Iterator[Fault]:
    try:
        load_hook(function)
    except AnnotationFormatError as error:
        yield Fault("ranker", str(error))


class _Spec(Protocol):
    @property
    def name(self) -> str: ...


def faults_among(specs: Mapping[str, _Spec | None]) -> Iterator[tuple[str, Fault]]:
    """What is wrong with how bots are made of one another, with the name of the bot that it is wrong with."""
    for name, spec in sorted(specs.items()):
        if not isinstance(spec, RerankBot):
            continue
        ring = _way_back(name, specs)
        if ring:
            text = f"It is made of itself: {' -> '.join(ring)}. Have it made of other bots."
            yield name, Fault("bots", text)
        for bot in spec.bots:
            if isinstance(specs.get(bot), HumanBot):
                yield name, Fault("bots", f"{bot} is a person, who cannot be asked for candidates. Name other bots.")


def _way_back(name: str, specs: Mapping[str, _Spec | None]) -> list[str]:
    """A way from a bot by what it is made of to itself; empty where there is none."""
    ways, seen = [[name]], {name}
    while ways:
        way = ways.pop()
        spec = specs.get(way[-1])
        for bot in spec.bots if isinstance(spec, RerankBot) else ():
            if bot == name:
                return [*way, bot]
            if bot not in seen:
                seen.add(bot)
                ways.append([*way, bot])
    return []
