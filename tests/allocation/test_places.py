"""Which condition a worker gets, and that quotas come out exact."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from chateval.allocation import Place, Places, choose_condition

DRAW = random.Random(0)


def places(**needed: int) -> Places:
    made = Places(needed, seed=0)
    for condition, count in needed.items():
        for number in range(count):
            made.add(Place(f"{condition}-{number}", condition))
    return made


def test_the_condition_met_least_comes_before_the_one_needed_most() -> None:
    """A worker who keeps meeting the same bot rates habit, not the bot."""
    assert choose_condition({"a": 9, "b": 1}, {"a": 1}, DRAW) == "b"


def test_among_equally_met_the_most_needed_is_chosen() -> None:
    assert choose_condition({"a": 3, "b": 5, "c": 4}, {}, DRAW) == "b"


def test_a_condition_without_places_is_never_chosen() -> None:
    assert choose_condition({"a": 0, "b": 1}, {"b": 7}, DRAW) == "b"
    assert choose_condition({"a": 0, "b": 0}, {}, DRAW) is None


@given(st.lists(st.sampled_from(["take", "finish", "leave", "fail"]), max_size=80))
def test_quotas_are_exact_whatever_people_do(steps: list[str]) -> None:
    """One session too many is money lost; one too few is a hole in the data."""
    run, held, finished = places(a=3, b=2), list[Place](), Counter[str]()
    for step in steps:
        if step == "take":
            held += [place] if (place := run.take({})) else []
        elif held and step == "finish":
            finished[run.use_up(held.pop(0).unit_id, counts=True).condition] += 1
        elif held and step == "leave":
            run.give_back(held.pop(0).unit_id, was_started=True)
        elif held and step == "fail":
            failed = run.use_up(held.pop(0).unit_id, counts=False)
            run.add(Place(failed.unit_id + "+", failed.condition))
        by_condition = {progress.condition: progress for progress in run.progress()}
        assert {name: progress.needed for name, progress in by_condition.items()} == {"a": 3, "b": 2}
        assert {name: progress.done for name, progress in by_condition.items() if progress.done} == finished


def test_a_run_is_complete_once_every_place_is_used_up() -> None:
    run = places(a=1)
    place = run.take({})
    assert place is not None
    assert not run.is_complete

    run.use_up(place.unit_id, counts=True)

    assert run.is_complete
