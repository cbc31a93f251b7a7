"""When a worker meets a unit with known answers."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chateval.allocation import GoldHistory, is_gold_due


def work(units: int, minimum: int = 1, *, fails: int = 0, seed: int = 0) -> list[int]:
    """After how many real units each gold one came, for someone who does so many and fails the first `fails`."""
    draw, history, golds = random.Random(seed), GoldHistory(), list[int]()
    while history.units_done < units:
        if is_gold_due(history, minimum, draw):
            is_right = len(golds) >= fails
            golds.append(history.units_done)
            history = GoldHistory(
                history.units_done, 0, history.golds_right + is_right, history.golds_wrong + (not is_right)
            )
        else:
            history = GoldHistory(history.units_done + 1, 0, history.golds_right, history.golds_wrong)
    return golds


@pytest.mark.parametrize("minimum", [0, 1, 3])
def test_the_first_units_are_gold_ones(minimum: int) -> None:
    """What someone labels before it is known that they can is lost if they cannot."""
    assert sum(after == 0 for after in work(50, minimum)) == minimum


def test_the_rate_falls() -> None:
    """Each gold unit is paid for and brings no data; who has shown care needs few. Ten in the first thousand units."""
    golds = work(1_000)

    assert len(golds) == 1 + 9
    assert sum(after <= 10 for after in golds) <= 1 + 3
    assert sum(after <= 100 for after in golds) <= 1 + 6


@given(seed=st.integers(0, 1_000), minimum=st.integers(0, 5), fails=st.integers(0, 3))
def test_never_more_than_the_rule_says(seed: int, minimum: int, fails: int) -> None:
    assert len(work(130, minimum, fails=fails, seed=seed)) <= minimum + fails + 7


def test_who_fails_one_meets_another_soon() -> None:
    """One failure can be a bad day; two in a row are an answer."""
    assert len(work(20, fails=1)) == len(work(20)) + 1


def test_when_exactly_is_drawn() -> None:
    """If every fourth unit were gold, every fourth unit would be done with care."""
    assert len({tuple(work(100, seed=seed)) for seed in range(20)}) > 15


def test_a_gold_unit_that_is_held_counts() -> None:
    """Someone with two links would else be given gold units alone."""
    held = GoldHistory(golds_held=1)

    assert is_gold_due(GoldHistory(), 1, random.Random(0))
    assert not any(is_gold_due(held, 1, random.Random(seed)) for seed in range(20))
