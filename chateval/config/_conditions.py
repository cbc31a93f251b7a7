"""The conditions of a study: which bots, and how many sessions with them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chateval.pictures import combination

_MOST = 1_000_000
_RIGHT = 'Write bot:count with commas in between: "bot1:20,bot2:20" for one bot a session, "bot1|bot2:20" for pairs.'
_NAME = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class Condition:
    """The bots that one participant talks with in one session, and how many such sessions are wanted."""

    bots: tuple[str, ...]
    needed: int
    picture: str = ""
    """The short id of the picture that they talk about, in a study of pictures."""

    @property
    def name(self) -> str:
        """As the study writes it: `bot1` or `bot1|bot2`; about a picture, `bot1@1f3870be274f`."""
        return combination(self.partner, self.picture) if self.picture else self.partner

    @property
    def partner(self) -> str:
        return "|".join(self.bots)


@dataclass(frozen=True)
class ParsedConditions:
    """What a text says, and every way in which it says it wrongly."""

    conditions: tuple[Condition, ...]
    faults: tuple[str, ...]


def is_bot_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def parse_conditions(text: str) -> ParsedConditions:
    """Read a `conversations_needed_string`. Any text has an answer: conditions, faults, or both."""
    if not text.strip():
        return ParsedConditions((), (f"It is empty, so that nothing would be collected. {_RIGHT}",))
    conditions: list[Condition] = []
    faults: list[str] = []
    for part in text.split(","):
        name, _, count = part.partition(":")
        bots = tuple(bot.strip() for bot in name.split("|"))
        found = list(_faults(part.strip(), bots, count.strip()))
        faults += found
        if not found:
            conditions.append(Condition(bots, int(count)))
    return ParsedConditions(tuple(conditions), (*faults, *_disagreements(conditions)))


def _faults(part: str, bots: tuple[str, ...], count: str) -> Iterator[str]:
    if not all(map(is_bot_name, bots)) or not re.fullmatch(r"[+-]?[0-9]+", count, re.ASCII):
        yield f"{part!r} is no bot and count. {_RIGHT}"
    elif len(count) > len(str(_MOST)) + 1 or not 1 <= int(count) <= _MOST:
        yield f"{part!r} asks for {count} sessions. Ask for 1 to {_MOST:,}, or leave the condition out."
    elif len(bots) > 2:
        yield f"{part!r} names {len(bots)} bots. A session is with one bot or with two: write bot1:20 or bot1|bot2:20."
    elif len(set(bots)) < len(bots):
        yield (
            f"{part!r} pairs a bot with itself, which compares nothing. Pair two bots, or define the bot a second time"
            " under another name in model_opts.yaml."
        )


def _disagreements(conditions: list[Condition]) -> Iterator[str]:
    met: set[frozenset[str]] = set()
    for condition in conditions:
        if frozenset(condition.bots) in met:
            order = " (in a pair the order of the bots is drawn for each session)" if len(condition.bots) > 1 else ""
            yield f"{condition.name!r} stands there twice{order}. Write it once, with the sum of the counts."
        met.add(frozenset(condition.bots))
    if len({len(condition.bots) for condition in conditions}) > 1:
        yield "Some conditions name one bot and some name two. Make one study of the single ones and one of the pairs."
