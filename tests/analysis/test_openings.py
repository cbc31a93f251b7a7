"""What dialogues began with, and how acceptable their wording was, as an export tells it."""

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from msgspec.structs import replace

from chateval.dialogue import USUAL_CHECKS, Acceptability, Context, Speaker, Turn
from chateval.session import SessionRecord
from chateval.worlds import Consented, Event, Finished, ModelChatScript, Rated, Spoke, Submitted

from .conftest import session_record

if TYPE_CHECKING:
    from .conftest import Lab

CONTEXT = Context(
    id="market",
    person_persona=("I sell apples.", "I hate to haggle."),
    bot_persona=("I want a kilo.", "I am in a hurry."),
    background="A market.",
    turns=(Turn(Speaker.USER, "Apples!"), Turn(Speaker.SYSTEM, "How much?")),
)
HELD: list[Event] = [
    Consented(),
    Spoke("TWO"),
    Spoke("Too much."),
    Finished(),
    Rated({"rating_1": 4}),
    Submitted(),
]


def record(*contexts: Context, rules: Acceptability | None = None) -> SessionRecord:
    plain = session_record()
    assert isinstance(plain.script, ModelChatScript)
    return replace(plain, script=replace(plain.script, opening="context", contexts=contexts, acceptability=rules))


def test_a_dialogue_s_row_says_what_it_began_with(lab: "Lab") -> None:
    """Without it, turns that nobody said would pass for the bot's."""
    lab.hold(record(CONTEXT), HELD)

    lab.export()

    [row] = lab.table("dialogues").to_dict("records")
    assert (row["context_id"], row["background"], row["turns"], row["opening_turns"]) == ("market", "A market.", 4, 2)
    assert row["person_persona"] == "I sell apples.\nI hate to haggle."
    assert row["bot_persona"] == "I want a kilo.\nI am in a hurry."


def test_what_was_collected_can_be_labelled_with_the_bot_s_profile(lab: "Lab") -> None:
    """`consistency_label_withprofile` shows it to those who label."""
    lab.hold(record(CONTEXT), HELD)

    lab.export()

    [line] = (lab.out / "dialogues.jsonl").read_text().splitlines()
    assert json.loads(line)["bot_persona"] == ["I want a kilo.", "I am in a hurry."]
    assert json.loads(line)["turns"][:2] == [["user", "Apples!"], ["system", "How much?"]]


@pytest.mark.parametrize(
    ("rules", "violations", "names"),
    [
        (Acceptability(USUAL_CHECKS), 2, "under_min_length,too_much_all_caps"),
        (Acceptability(("exact_match",)), 0, ""),
        (None, None, ""),
    ],
)
def test_wording_is_told_apart_from_wording_that_nobody_looked_at(
    lab: "Lab", rules: Acceptability | None, violations: int | None, names: str
) -> None:
    """Who leaves out careless dialogues would else leave out none of them, and believe to have done it."""
    lab.hold(record(CONTEXT, rules=rules), HELD)

    lab.export()

    [row] = lab.table("dialogues").to_dict("records")
    assert row["violation_names"] == names
    assert pd.isna(row["violations"]) if violations is None else row["violations"] == violations
