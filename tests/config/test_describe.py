"""What `chateval check` says of a study."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chateval.annotation import CorrectRule, HookRule, MistakesRule, Rule, ScoreRule
from chateval.config import Study, describe

from .labs import TURNS, datapoint, lines_of

if TYPE_CHECKING:
    from .labs import Lab


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


def test_a_study_of_labels_counts_units_and_tasks(lab: "Lab") -> None:
    """Five people are paid for three judgements of a group and two of the other."""
    text = describe(lab.load(conf="kindness"))
    assert "5 units: 2 dialogues, in 2 groups" in text
    assert "of turns (odd): kind\n" in text
    assert "of a dialogue as a whole: quality\n" in text
    assert "5 x $0.50 = $2.50" in text
    assert "Bots" not in text


def test_what_is_left_out_and_pairs_are_counted(lab: "Lab") -> None:
    """Two dialogues side by side are one thing to do."""
    lab.write("task_config/kindness_units.json", '{"g1": 0, "g2": 2}')
    pair = datapoint("g2", "better", turns2=TURNS)
    lab.write("task_config/kindness.jsonl", lines_of(datapoint("g1"), pair))
    text = describe(lab.load(conf="kindness"))
    assert "2 units: 1 pair of dialogues, in 1 group\n" in text
    assert "1 group of the file left out, with 0 units" in text


@pytest.fixture(scope="module")
def trained(shared_lab: "Lab") -> Study:
    on = ["use_screening_task=true", "passed_qualification_name=a", "screen_json=task_config/training.json"]
    on += ["use_golds=true", "gold_qualification_base=b", "gold_jsonl=task_config/golds.jsonl", "max_screening_units=9"]
    return shared_lab.load(*(f"mephisto.blueprint.{key}" for key in on), conf="kindness")


def test_training_and_gold_units_are_said_with_their_costs(trained: Study) -> None:
    """What it costs to find out who can do the work."""
    text = " ".join(describe(trained).split())
    assert "2, of which 1 before a worker's first real unit" in text
    assert "training besides: up to 9 x $0.50 = $4.50 gold units besides: $0.50 each, without a limit" in text


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (MistakesRule(None, 2), "in the last 2, no more turns wrong than each dialogue allows (1, 0)"),
        (MistakesRule(1, 2), "in each of the last 2, at most 1 turn wrong"),
        (ScoreRule(0.8, 2), "in the last 2 together, at least 80% of the turns right"),
        (CorrectRule(4, 3), "at least 4 right and at most 3 wrong"),
        (HookRule("rules:passed"), "as rules:passed decides"),
    ],
)
def test_the_rule_of_a_training_is_said(trained: Study, rule: Rule, words: str) -> None:
    """What people must reach."""
    assert trained.screening is not None
    study = replace(trained, screening=replace(trained.screening, rule=rule))
    assert f"2 dialogues; to pass: {words}" in " ".join(describe(study).split())


def test_labels_of_a_chat_are_said_with_their_time(lab: "Lab") -> None:
    """A participant's session is as long as all of it."""
    overrides = ["annotations_config_path=task_config/tasks.yaml", "do_interactive_online_annotations=kind"]
    overrides += ["num_bots=2", 'conversations_needed_string="alice|bob:4"']
    overrides += ["do_interactive_offline_annotations=[[kind,quality],[better]]"]
    text = describe(lab.load(*(f"mephisto.blueprint.{override}" for override in overrides)))
    assert "Labels      during the dialogue: kind\n            after dialogue 1: kind, quality\n" in text
    assert "side by side at the end: better" in text


def test_the_place_of_the_data_and_all_notices_are_said(lab: "Lab") -> None:
    """Both are looked for after a study; they belong before it."""
    text = describe(lab.load("num_tasks=3", "data_dir=/tmp/somewhere"))
    assert "Data        /tmp/somewhere" in text
    assert "Notice      Accepted for older studies" in text
