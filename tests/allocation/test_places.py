"""Which condition a worker gets, and that quotas come out exact."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from chateval.allocation import Place, Places, choose_condition, summed

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


@given(st.data())
def test_nobody_is_given_a_condition_twice(data: st.DataObject) -> None:
    """A dialogue that one person labels twice counts one opinion as two."""
    run, met = places(a=2, b=1, c=3), Counter[str]()
    for _ in range(data.draw(st.integers(0, 6))):
        assert run.has_new(met) is any(progress.waiting and not met[progress.condition] for progress in run.progress())
        place = run.take_new(met)
        if place is None:
            assert set(met) == {"a", "b", "c"}
            return
        assert not met[place.condition]
        met[place.condition] += 1


def test_a_new_condition_is_drawn_among_all_that_are_free() -> None:
    """If everyone began with the same one, its labels would all be those of beginners."""
    drawn = Counter[str]()
    for seed in range(300):
        run = Places("abc", seed)
        for condition in "abc":
            run.add(Place(condition, condition))
        place = run.take_new({"a": 1})
        assert place is not None
        drawn[place.condition] += 1

    assert drawn.keys() == {"b", "c"}
    assert min(drawn.values()) > 100


def test_where_all_is_held_there_is_nothing_new() -> None:
    run = places(a=1)
    run.take({})

    assert not run.has_free
    assert not run.has_new({})
    assert run.take_new({}) is None


def test_a_place_of_one_condition_is_taken_once() -> None:
    run = places(a=1, b=1)

    assert run.take_of("a") == Place("a-0", "a")
    assert run.take_of("a") is None
    assert (run.waiting("a"), run.waiting("b"), run.held) == (0, 1, 1)


def test_conditions_are_summed_up_as_one() -> None:
    """Of trainings and gold units one wants to see how many there are, not which."""
    run = places(a=3, b=2)
    run.take_of("a")
    place = run.take_of("b")
    assert place is not None
    run.use_up(place.unit_id, counts=True)

    both = summed(run.progress(), "both")
    assert (both.condition, both.needed, both.waiting, both.active, both.done) == ("both", 5, 3, 1, 1)
