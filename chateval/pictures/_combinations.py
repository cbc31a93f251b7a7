"""Pictures and partners, each with each: how many sessions of which combination a run is to have."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

SEPARATOR = "@"


def combination(partner: str, picture: str) -> str:
    """The name that sessions are counted by: `bot@1f3870be274f`."""
    return f"{partner}{SEPARATOR}{picture}"


def partner_of(name: str) -> str:
    return name.rpartition(SEPARATOR)[0]


def picture_of(name: str) -> str:
    """The picture's short id; empty for what is no combination."""
    return name.rpartition(SEPARATOR)[2] if SEPARATOR in name else ""


@dataclass(frozen=True)
class Wanted:
    """What a study wants of its pictures: each with each partner, so often; and how many sessions at the most."""

    pictures: Sequence[str]
    """Their short ids."""
    partners: Mapping[str, int | None]
    """Bots, or pairs `bot1|bot2`, with how many sessions each may have in a run; None for any number."""
    evals_per_combination: int
    most: int | None
    """How many sessions a run has in all; None for as many as combinations need."""


def plan(wanted: Wanted, done: Mapping[str, int]) -> dict[str, int]:
    """How many sessions a run needs of each combination, given how many are `done`; those that need none are left out.

    No combination is given a session more before all others have as many. Where there is a limit, so that not all
    combinations come to their turn, pictures and partners still do so equally often.
    """
    needed: Counter[str] = Counter()
    left = dict(wanted.partners)
    for partner, picture in islice(_due(wanted, done, left), wanted.most):
        needed[combination(partner, picture)] += 1
        room = left[partner]
        left[partner] = None if room is None else room - 1
    return dict(needed)


def _due(wanted: Wanted, done: Mapping[str, int], left: Mapping[str, int | None]) -> Iterator[tuple[str, str]]:
    """Partner and picture of each session that is lacking, as long as there is something `left` for the partner."""
    for level in range(wanted.evals_per_combination):
        for partner, picture in _diagonally(wanted):
            if done.get(combination(partner, picture), 0) <= level and left[partner] != 0:
                yield partner, picture


def _diagonally(wanted: Wanted) -> Iterator[tuple[str, str]]:
    """Every combination, so that any stretch of them holds pictures and partners in equal numbers."""
    partners = list(wanted.partners)
    for shift in range(len(partners)):
        for at, picture in enumerate(wanted.pictures):
            yield partners[(at + shift) % len(partners)], picture
