"""The places of a run: one for each session that is still needed."""

import random
from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from chateval.allocation._image_stack import Beholder, choose_combination


@dataclass(frozen=True)
class Place:
    """A unit, and the condition that is met in it."""

    unit_id: str
    condition: str


@dataclass(frozen=True)
class Progress:
    """How far one condition has come, in sessions."""

    condition: str
    needed: int
    """0 for sessions that fill no quota, such as trainings."""
    waiting: int
    """Places that nobody holds."""
    active: int
    done: int
    abandoned: int
    """Sessions that were left or ran out of time; their places were given to others."""
    failed: int
    """Sessions that a bot failed in: paid, but replaced."""


def summed(progress: Iterable[Progress], condition: str) -> Progress:
    """Several conditions as one."""
    counts = Counter[str]()
    for one in progress:
        counts.update({name: getattr(one, name) for name in _COUNTS})
    return Progress(condition, **{name: counts[name] for name in _COUNTS})


_COUNTS = ("needed", "waiting", "active", "done", "abandoned", "failed")


def choose_condition(waiting: Mapping[str, int], met: Mapping[str, int], draw: random.Random) -> str | None:
    """The condition most needed among those that this worker has met least; ties are drawn.

    Args:
        waiting: free places of each condition.
        met: how often the worker has met each condition; absent means never.
        draw: the study's source of randomness.

    Returns:
        None where no place is free.
    """
    free = {condition: count for condition, count in waiting.items() if count > 0}
    if not free:
        return None
    least = min(met.get(condition, 0) for condition in free)
    candidates = {condition: count for condition, count in free.items() if met.get(condition, 0) == least}
    most = max(candidates.values())
    return draw.choice(sorted(condition for condition, count in candidates.items() if count == most))


class Places:
    """Keeps count of places. Each is waiting, held, or used up; quotas are exact because places are."""

    def __init__(self, conditions: Iterable[str], seed: int) -> None:
        self._waiting: dict[str, deque[Place]] = {condition: deque() for condition in conditions}
        self._held: dict[str, Place] = {}
        self._active: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        self._abandoned: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._draw = random.Random(seed)  # noqa: S311  (a draw to be repeated, not a secret)
        self._counted: dict[str, Progress] = {}
        self._changed: set[str] = set(self._waiting)
        """Conditions that have to be counted anew; of thousands, few change between two looks."""

    @property
    def held(self) -> int:
        return len(self._held)

    @property
    def has_free(self) -> bool:
        return any(self._waiting.values())

    @property
    def is_complete(self) -> bool:
        return not self._held and not any(self._waiting.values())

    def add(self, place: Place) -> None:
        self._waiting[place.condition].append(place)
        self._changed.add(place.condition)

    def add_held(self, place: Place) -> None:
        """Count a place that a session of earlier holds."""
        self._hold(place)

    def take(self, met: Mapping[str, int], without: Collection[str] = ()) -> Place | None:
        """Give the fittest place to a worker who has `met` conditions so often; None where none is free.

        Those of conditions that are to be done `without` are kept.
        """
        waiting = {condition: len(places) for condition, places in self._waiting.items() if condition not in without}
        condition = choose_condition(waiting, met, self._draw)
        return None if condition is None else self.take_of(condition)

    def has_new(self, met: Mapping[str, int]) -> bool:
        """Whether a place is free of a condition that the worker has never met."""
        return any(places and not met.get(name, 0) for name, places in self._waiting.items())

    def take_new(self, met: Mapping[str, int]) -> Place | None:
        """Give a place of a condition that the worker has never met, drawn among all that are free."""
        new = [name for name, places in self._waiting.items() if places and not met.get(name, 0)]
        return self.take_of(self._draw.choice(new)) if new else None

    def take_unseen(self, beholder: Beholder, before: Mapping[str, int]) -> Place | None:
        """Give a place that is about a picture which a worker has not seen, of the combination furthest behind."""
        given = {name: self._active[name] + self._done[name] for name, places in self._waiting.items() if places}
        name = choose_combination(given, before, beholder, self._draw)
        return self.take_of(name) if name is not None else None

    def take_of(self, condition: str) -> Place | None:
        """Give a place of one condition; None where none is free."""
        if not self._waiting[condition]:
            return None
        return self._hold(self._waiting[condition].popleft())

    def waiting(self, condition: str) -> int:
        return len(self._waiting[condition])

    def give_back(self, unit_id: str, *, was_started: bool) -> None:
        """Free a held place; one whose session had begun counts as abandoned."""
        place = self._let_go(unit_id)
        self._waiting[place.condition].append(place)
        self._abandoned[place.condition] += was_started

    def use_up(self, unit_id: str, *, counts: bool) -> Place:
        """Close a held place; one that does not count toward the quota needs another to be added."""
        place = self._let_go(unit_id)
        (self._done if counts else self._failed)[place.condition] += 1
        return place

    def count_abandoned(self, condition: str) -> None:
        """Count a session of earlier that was abandoned."""
        self._abandoned[condition] += 1
        self._changed.add(condition)

    def progress(self) -> tuple[Progress, ...]:
        for condition in self._changed:
            self._counted[condition] = self._count(condition)
        self._changed.clear()
        return tuple(self._counted[condition] for condition in self._waiting)

    def _hold(self, place: Place) -> Place:
        self._held[place.unit_id] = place
        self._active[place.condition] += 1
        self._changed.add(place.condition)
        return place

    def _let_go(self, unit_id: str) -> Place:
        place = self._held.pop(unit_id)
        self._active[place.condition] -= 1
        self._changed.add(place.condition)
        return place

    def _count(self, condition: str) -> Progress:
        waiting, active, done = len(self._waiting[condition]), self._active[condition], self._done[condition]
        return Progress(
            condition=condition,
            needed=waiting + active + done,
            waiting=waiting,
            active=active,
            done=done,
            abandoned=self._abandoned[condition],
            failed=self._failed[condition],
        )
