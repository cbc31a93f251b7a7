"""What a run's record tells of its bots, which are known only once they have been loaded."""

from msgspec.structs import replace

from chateval.session import LaterBots, run_facts

from .conftest import RUN

ONE = {"echo": {"kind": "scripted"}}
OTHER = {"echo": {"kind": "parlai"}}


def test_a_run_begins_without_knowing_its_bots() -> None:
    """It is written before the page is served, which is before they are loaded."""
    begun = replace(RUN, bots={})

    assert begun.with_bots(ONE, 1.0) == RUN


def test_the_same_bots_change_nothing() -> None:
    """A run is continued many times, and its record need not grow."""
    assert RUN.with_bots(ONE, 1.0) is RUN


def test_other_bots_are_kept_beside_those_of_before() -> None:
    """Dialogues of before were held with those of before."""
    record = RUN.with_bots(OTHER, 1.0).with_bots(OTHER, 2.0).with_bots(ONE, 3.0)

    assert record.bots == ONE
    assert record.later_bots == (LaterBots(1.0, OTHER), LaterBots(3.0, ONE))
    assert run_facts(record).later_bots[0] == {"since": 1.0, "bots": OTHER}
