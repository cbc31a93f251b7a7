"""Which picture and which bot comes next: nobody sees one twice, and nothing runs ahead of the rest."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from chateval.allocation import Beholder, Place, Places, choose_combination
from chateval.pictures import Wanted, combination, partner_of, picture_of, plan

DRAW = random.Random(0)
NOBODY = Beholder(frozenset(), {})


def test_a_picture_that_was_seen_is_not_shown_again() -> None:
    """Not with another bot either: what one has said about it oneself would colour the second chat."""
    assert choose_combination({"a@1": 0, "b@1": 0, "b@2": 5}, {}, Beholder({"1"}, {}), DRAW) == "b@2"
    assert choose_combination({"a@1": 0}, {}, Beholder({"1"}, {}), DRAW) is None


def test_the_combination_that_is_furthest_behind_comes_first() -> None:
    """Counted over all runs, so that a study which ends early is even as it stands."""
    assert choose_combination({"a@1": 1, "a@2": 0}, {}, NOBODY, DRAW) == "a@2"
    assert choose_combination({"a@1": 1, "a@2": 0}, {"a@2": 2}, NOBODY, DRAW) == "a@1"


def test_among_equals_a_worker_meets_a_new_bot() -> None:
    assert choose_combination({"a@1": 0, "b@1": 0}, {}, Beholder(frozenset(), {"a": 1}), DRAW) == "b@1"


def test_equals_are_drawn() -> None:
    """If everyone began with the same picture, it would be the one for beginners."""
    drawn = Counter(choose_combination({"a@1": 0, "a@2": 0}, {}, NOBODY, random.Random(seed)) for seed in range(200))

    assert min(drawn["a@1"], drawn["a@2"]) > 60


@dataclass(frozen=True)
class Session:
    """What a journal keeps of one."""

    run: int
    unit_id: str
    worker: str
    name: str
    end: str
    """`done`, `left`, `failed`, or empty while it goes on."""


class Simulation:
    """A study of pictures over several runs, of which nothing survives a crash but its journal."""

    def __init__(self, pictures: Sequence[str], evals: int) -> None:
        self.pictures, self.evals = pictures, evals
        self.journal: dict[str, Session] = {}
        self.run = 0
        self.units = 0

    def begin(self, bots: Sequence[str], most: int | None) -> None:
        """Launch the study anew, with these bots: another run."""
        self.run += 1
        self.planned = plan(Wanted(self.pictures, dict.fromkeys(bots), self.evals, most), self.done())
        self.take_up()

    def take_up(self) -> None:
        """Go on with the run, by what the journal says."""
        ours = [one for one in self.journal.values() if one.run == self.run]
        of_run = Counter(one.name for one in ours if one.end == "done")
        self.before = self.done() - of_run
        self.places = Places(self.planned, seed=self.run)
        for one in ours:
            if one.end in {"", "done"}:
                self.places.add_held(Place(one.unit_id, one.name))
            if one.end == "done":
                self.places.use_up(one.unit_id, counts=True)
        for progress in self.places.progress():
            for _ in range(self.planned[progress.condition] - progress.needed):
                self.places.add(self.new_unit(progress.condition))

    def new_unit(self, name: str) -> Place:
        self.units += 1
        return Place(f"u{self.units}", name)

    def come(self, worker: str) -> None:
        mine = [one for one in self.journal.values() if one.worker == worker]
        met = Counter(partner_of(one.name) for one in mine)
        place = self.places.take_unseen(Beholder({picture_of(one.name) for one in mine}, met), self.before)
        if place is not None:
            key = f"s{len(self.journal)}"
            self.journal[key] = Session(self.run, place.unit_id, worker, place.condition, "")

    def end(self, how: str) -> None:
        """The oldest session that goes on ends so."""
        for key, one in self.journal.items():
            if one.run == self.run and not one.end:
                self.journal[key] = Session(one.run, one.unit_id, one.worker, one.name, how)
                if how == "left":
                    self.places.give_back(one.unit_id, was_started=True)
                else:
                    self.places.use_up(one.unit_id, counts=how == "done")
                if how == "failed":
                    self.places.add(self.new_unit(one.name))
                return

    def done(self) -> Counter[str]:
        return Counter(one.name for one in self.journal.values() if one.end == "done")


STEPS = st.one_of(
    st.tuples(st.just("come"), st.sampled_from(["W1", "W2", "W3", "W4"])),
    st.tuples(st.just("end"), st.sampled_from(["done", "done", "left", "failed"])),
    st.tuples(st.just("crash"), st.just("")),
    st.tuples(st.just("bots"), st.sampled_from(["a", "ab", "abc", "bc"])),
)


@given(st.lists(STEPS, max_size=60), st.integers(1, 2), st.sampled_from([None, 1, 4, 100]))
def test_a_stack_survives_crashes_leavers_and_other_bots(
    steps: list[tuple[str, str]], evals: int, most: int | None
) -> None:
    """The whole promise: no picture twice for anyone, never a session too many, and places that were left return."""
    study = Simulation(["1", "2", "3"], evals)
    study.begin("ab", most)
    for kind, what in steps:
        match kind:
            case "come":
                study.come(what)
            case "end":
                study.end(what)
            case "crash":
                study.take_up()
            case "bots":
                study.begin(what, most)
        _check(study, most)


@given(st.integers(1, 6), st.integers(1, 3), st.integers(1, 2), st.randoms(use_true_random=False))
def test_where_people_keep_coming_every_combination_fills_and_evenly(
    pictures: int, bots: int, evals: int, chance: random.Random
) -> None:
    study = Simulation([str(number) for number in range(pictures)], evals)
    names = "abc"[:bots]
    study.begin(names, None)
    unsteady = 2 * pictures * bots * evals
    for number in range(2 * unsteady):
        study.come(f"W{number}")
        study.end(chance.choice(["done", "done", "left", "failed"]) if number < unsteady else "done")
        done = study.done()
        counts = [done[combination(bot, picture)] for bot in names for picture in study.pictures]
        assert max(counts) - min(counts) <= 1
        if study.places.is_complete:
            break

    assert set(counts) == {evals}


def _check(study: Simulation, most: int | None) -> None:
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in study.journal.values():
        seen[one.worker][picture_of(one.name)] += 1
    assert all(times == 1 for pictures in seen.values() for times in pictures.values())
    assert all(count <= study.evals for count in study.done().values())
    assert sum(study.planned.values()) <= (most or 100)
    assert {one.condition: one.needed for one in study.places.progress()} == study.planned
