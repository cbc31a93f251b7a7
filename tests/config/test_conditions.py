"""Reading conversations_needed_string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chateval.config import Condition, parse_conditions


def test_conditions_keep_their_order() -> None:
    """Blanks around the parts are nothing to stumble over."""
    assert parse_conditions("b:2, a : 1").conditions == (Condition(("b",), 2), Condition(("a",), 1))


def test_a_pair_has_the_name_that_the_study_gives_it() -> None:
    """Reports and live views name conditions as the researcher does."""
    assert parse_conditions("b|a:3").conditions[0].name == "b|a"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "It is empty"),
        (" ", "It is empty"),
        ("alice", "'alice' is no bot and count"),
        ("alice:", "'alice:' is no bot and count"),
        (":20", "':20' is no bot and count"),
        ("alice:many", "'alice:many' is no bot and count"),
        ("alice:2.5", "'alice:2.5' is no bot and count"),
        ("alice:3:4", "'alice:3:4' is no bot and count"),
        ("alice:3,", "'' is no bot and count"),
        ("alice|:3", "'alice|:3' is no bot and count"),
        ("al ice:3", "'al ice:3' is no bot and count"),
        ("alice:٣", "'alice:٣' is no bot and count"),
        ("alice:0", "asks for 0 sessions. Ask for 1 to 1,000,000"),
        ("alice:-3", "asks for -3 sessions"),
        ("alice:99999999", "asks for 99999999 sessions"),
        ("alice:" + "9" * 5000, "Ask for 1 to 1,000,000"),
        ("a|b|c:3", "names 3 bots"),
        ("a|a:3", "pairs a bot with itself"),
        ("a:3,a:4", "'a' stands there twice. Write it once"),
        ("a|b:3,b|a:4", "'b|a' stands there twice (in a pair the order"),
        ("a:3,a|b:4", "Some conditions name one bot and some name two"),
    ],
)
def test_a_malformed_text_is_told(text: str, fault: str) -> None:
    """A slip here would collect the wrong dialogues."""
    (only,) = parse_conditions(text).faults
    assert fault in only


def test_a_fault_shows_what_a_right_text_looks_like() -> None:
    """The format is short and nowhere to be guessed from."""
    assert '"bot1:20,bot2:20" for one bot a session, "bot1|bot2:20" for pairs' in parse_conditions("alice").faults[0]


def test_every_faulty_part_is_told() -> None:
    """Nobody wants to find them one at a time."""
    assert len(parse_conditions("alice,bob:0,carol:3").faults) == 2


@given(st.text() | st.text(alphabet="ab|:,0123456789-+ "))
def test_any_text_is_conditions_or_faults(text: str) -> None:
    """Whatever is typed, it is answered and never crashes."""
    parsed = parse_conditions(text)
    assert parsed.conditions or parsed.faults
    assert all(1 <= len(condition.bots) <= 2 and condition.needed > 0 for condition in parsed.conditions)
