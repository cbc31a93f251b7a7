"""Which picture and which bot someone is given next."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from chateval.pictures import partner_of, picture_of


@dataclass(frozen=True)
class Beholder:
    """What is known of a worker who asks for a picture."""

    seen: Collection[str]
    """Pictures that they have been shown, in whatever run and with whatever bot, finished or not."""
    partners_met: Mapping[str, int]
    """How often they have talked with each partner."""


def choose_combination(
    given: Mapping[str, int], before: Mapping[str, int], beholder: Beholder, draw: random.Random
) -> str | None:
    """The combination that is furthest behind among those whose picture the worker has not seen.

    Among those equally far, one with the partner that they have met least; ties are drawn.

    Args:
        given: for each combination with a free place, how many sessions of this run are done or under way.
        before: how many sessions of other runs each combination has; absent means none.
        beholder: the worker.
        draw: the study's source of randomness.

    Returns:
        None where the worker has seen every picture that has a free place.
    """
    ranked: dict[tuple[int, int], list[str]] = {}
    for name, sessions in given.items():
        if picture_of(name) not in beholder.seen:
            rank = (sessions + before.get(name, 0), beholder.partners_met.get(partner_of(name), 0))
            ranked.setdefault(rank, []).append(name)
    return draw.choice(sorted(ranked[min(ranked)])) if ranked else None
