"""What `chateval check` says of a study."""

from typing import TYPE_CHECKING

from chateval.config import describe

if TYPE_CHECKING:
    from tests.config.conftest import Lab


def test_the_costs_are_sessions_times_reward(lab: "Lab") -> None:
    """The one number that must not come as a surprise."""
    assert "5 x $1.50 = $7.50; the fees of a crowd platform come on top" in describe(lab.load())


def test_a_single_study_counts_its_conditions(lab: "Lab") -> None:
    """What will be collected, before it is paid for."""
    text = describe(lab.load("mephisto.blueprint.num_turns=1"))
    assert "5 dialogues in 5 sessions, with one bot each" in text
    assert "alice: 3 sessions" in text
    assert "at least 1 turn by the participant, 3 minutes for each; then 1 question" in text


def test_a_paired_study_has_two_dialogues_a_session(lab: "Lab") -> None:
    """And is paid by the session."""
    needed = 'mephisto.blueprint.conversations_needed_string="alice|bob:4"'
    text = describe(lab.load(needed, "mephisto.blueprint.num_bots=2"))
    assert "8 dialogues in 4 sessions, with two bots each, in random order" in text
    assert "4 x $1.50 = $6.00" in text


def test_the_place_of_the_data_and_all_notices_are_said(lab: "Lab") -> None:
    """Both are looked for after a study; they belong before it."""
    text = describe(lab.load("num_tasks=3", "data_dir=/tmp/somewhere"))
    assert "Data        /tmp/somewhere" in text
    assert "Notice      Accepted for older studies" in text
