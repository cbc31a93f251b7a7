"""The training of those who chat and label what they hear."""

import json
import sys
from typing import TYPE_CHECKING

import pytest

from chateval.annotation import CorrectRule, HookRule

if TYPE_CHECKING:
    from pathlib import Path

    from .labs import Lab

KEY = "mephisto.blueprint."
TASKS = f"{KEY}annotations_config_path=task_config/tasks.yaml"
NAMED = f"{KEY}onboarding_qualification=trained"
DATA = {
    "dialog": [
        {"text": "Hi!", "agent_idx": 0},
        {"text": "Hello, dear.", "agent_idx": 1, "answers": ["is_kind"]},
    ],
    "min_correct": 1,
    "max_incorrect": 0,
    "max_failures_allowed": 2,
}


@pytest.fixture(autouse=True)
def _data(lab: "Lab") -> None:
    lab.write("task_config/onboard_task_data.json", json.dumps(DATA))


@pytest.mark.parametrize(
    "labels", ["do_interactive_online_annotations=kind", "do_interactive_offline_annotations=[kind]"]
)
def test_an_onboarding_is_read_for_the_labels_of_the_chat(lab: "Lab", labels: str) -> None:
    """Its numbers are in its file, as in ParlAI."""
    stage = lab.load(TASKS, NAMED, f"{KEY}{labels}").onboarding
    assert stage is not None
    assert (stage.qualification, stage.failed_qualification, stage.attempts) == ("trained", "trained_failed", 3)
    assert stage.rule == CorrectRule(1, 0)
    assert stage.datapoints[0].keys[1].alternatives == ({"kind_q": ["is_kind"]},)


def test_a_rule_of_ones_own_takes_the_place_of_the_numbers(
    lab: "Lab", tmp_path: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    """ParlAI's documents send one into its sources for that."""
    (tmp_path / "onboarding_rules_for_tests.py").write_text("def passed(grades):\n    return True\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    rule = f"{KEY}onboarding_rule=onboarding_rules_for_tests:passed"
    stage = lab.load(TASKS, NAMED, f"{KEY}do_interactive_online_annotations=kind", rule).onboarding
    assert stage is not None
    assert stage.rule == HookRule("onboarding_rules_for_tests:passed")


def test_faults_of_the_file_and_of_the_rule_are_told_at_once(lab: "Lab") -> None:
    """Each with its place."""
    (lab.folder / "task_config/onboard_task_data.json").unlink()
    rule = f"{KEY}onboarding_rule=nowhere_at_all:passed"
    first, second = lab.problems(TASKS, NAMED, f"{KEY}do_interactive_online_annotations=kind", rule)
    assert first.where == f"command line, {rule}"
    assert "onboard_task_data.json cannot be read: No such file" in second.text


def test_onboarding_without_labels_on_turns_is_refused(lab: "Lab") -> None:
    """There would be nothing to train."""
    problem = lab.problem(TASKS, NAMED, f"{KEY}do_interactive_offline_annotations=[quality]")
    assert "people label no turns in this study" in problem.text


def test_where_labels_are_off_so_is_onboarding(lab: "Lab") -> None:
    """ParlAI's rule; the key may stay."""
    study = lab.load(NAMED)
    assert study.onboarding is None
    assert "without labels there is no onboarding" in study.notices[0]


def test_the_onboarding_decides_the_hash(lab: "Lab") -> None:
    """Who is let through decides what the data are worth."""
    overrides = (TASKS, NAMED, f"{KEY}do_interactive_online_annotations=kind")
    before = lab.load(*overrides)
    lab.write("task_config/onboard_task_data.json", json.dumps({**DATA, "max_incorrect": 1}))
    assert lab.load(*overrides).config_hash != before.config_hash
