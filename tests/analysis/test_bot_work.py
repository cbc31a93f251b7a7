"""What bots' replies took, and what they cost, is in the tables."""

from typing import TYPE_CHECKING

import pytest

from chateval.dialogue import Usage
from chateval.worlds import Consented, Event, Spoke

from .conftest import session_record

if TYPE_CHECKING:
    from .conftest import Lab

FIRST = Spoke("Hello.", seconds=2.5, first_text_seconds=0.5, usage=Usage(100, 10, 0, 0.002), attempts=3)
SECOND = Spoke("Fine.", seconds=1.5, first_text_seconds=0.25, usage=Usage(130, 20, 100, 0.001))
COLUMNS = ["bot_seconds", "bot_first_text_seconds", "bot_attempts", "bot_input_tokens", "bot_output_tokens"]
COLUMNS += ["bot_cached_tokens", "bot_cost_usd"]


ALL = (FIRST, Spoke("And?"), SECOND)


def rows(lab: "Lab", table: str, *events: Event) -> list[list[object]]:
    """The columns about bots, of a session with these events; None for null."""
    lab.hold(session_record(), (Consented(), *events))
    lab.export()
    data = lab.table(table)[COLUMNS].astype(object)
    return data.where(data.notna(), None).to_numpy().tolist()


def test_each_reply_is_told_with_what_it_took(lab: "Lab") -> None:
    """People judge a bot that is slow or dear differently; a person's turns have none of it."""
    opening, first, person, second = rows(lab, "turns", *ALL)

    assert first == [2.5, 0.5, 3, 100, 10, 0, 0.002]
    assert second == [1.5, 0.25, 1, 130, 20, 100, 0.001]
    assert opening == person == [None] * 7


def test_a_dialogue_is_told_with_the_sums(lab: "Lab") -> None:
    """The cost of a dialogue is what a budget is made of."""
    [told] = rows(lab, "dialogues", *ALL)

    assert told == [4.0, 0.75, 4, 230, 30, 100, pytest.approx(0.003)]


def test_what_is_not_known_of_one_reply_is_not_known_of_the_dialogue(lab: "Lab") -> None:
    """Half a sum would be taken for the whole; so would a nought for what nobody has counted."""
    [told] = rows(lab, "dialogues", FIRST, Spoke("And?"), Spoke("Hm.", seconds=1.0))

    assert told == [3.5, None, 4, None, None, None, None]


def test_a_session_from_before_these_were_kept_is_read(lab: "Lab") -> None:
    """Journals outlive versions."""
    assert rows(lab, "turns", Spoke("Hello."))[1] == [None, None, 1, None, None, None, None]
