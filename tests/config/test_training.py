"""Training, gold units and attention checks in studies that label a file."""

import json
import sys
from typing import TYPE_CHECKING

import pytest

from chateval.annotation import HookRule, MistakesRule, Rule, ScoreRule

from .labs import datapoint, keyed, lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from .labs import Lab

KEY = "mephisto.blueprint."
SCREENING = (
    f"{KEY}use_screening_task=true",
    f"{KEY}passed_qualification_name=kind_screen",
    f"{KEY}screen_json=task_config/training.json",
)
GOLDS = (
    f"{KEY}use_golds=true",
    f"{KEY}gold_qualification_base=kind_gold",
    f"{KEY}gold_jsonl=task_config/golds.jsonl",
)
CHECKS = [
    {"question": {"kind": "choice", "id": "sky", "text": "Choose blue.", "options": ["blue", "red"]}, "answer": "blue"}
]


@pytest.fixture
def rules_on_the_path(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_rules_for_tests.py").write_text("def passed(grades):\n    return True\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])


def test_a_training_is_read_with_its_qualifications(lab: "Lab") -> None:
    """Passing and failing are both remembered: neither is asked to come a second time."""
    screening = lab.load(*SCREENING, f"{KEY}max_screening_units=7", conf="kindness").screening
    assert screening is not None
    assert (screening.qualification, screening.failed_qualification) == ("kind_screen", "kind_screen_failed")
    assert [point.dialogue_id for point in screening.dialogues] == ["d_t1", "d_t2"]
    assert screening.max_units == 7


@pytest.mark.parametrize(
    ("overrides", "rule"),
    [
        ([], MistakesRule(None, 2)),
        ([f"{KEY}max_screening_mistakes=0", f"{KEY}graded_screening_rounds=1"], MistakesRule(0, 1)),
        ([f"{KEY}min_screening_score=0.8"], ScoreRule(0.8, 2)),
        ([f"{KEY}screening_rule=own_rules_for_tests:passed"], HookRule("own_rules_for_tests:passed")),
    ],
)
@pytest.mark.usefixtures("rules_on_the_path")
def test_the_rule_of_a_training_is_the_studys(lab: "Lab", overrides: list[str], rule: Rule) -> None:
    """Without one, each dialogue says for itself how many mistakes it allows, as in the seed platform."""
    screening = lab.load(*SCREENING, *overrides, conf="kindness").screening
    assert screening is not None
    assert screening.rule == rule


def test_two_rules_are_refused(lab: "Lab") -> None:
    """People pass by one of them, and only the researcher knows which."""
    both = [f"{KEY}max_screening_mistakes=1", f"{KEY}min_screening_score=0.8"]
    assert "Remove all but one" in lab.problem(*SCREENING, *both, conf="kindness").text


@pytest.mark.parametrize(
    ("function", "text"),
    [
        ("nowhere_at_all:passed", "there is no module 'nowhere_at_all'"),
        ("own_rules_for_tests:pased", "has no function 'pased'. Did you mean 'passed'?"),
    ],
)
@pytest.mark.usefixtures("rules_on_the_path")
def test_a_rule_of_ones_own_that_cannot_be_loaded_is_told(lab: "Lab", function: str, text: str) -> None:
    """Found at the end of the first training, it would have cost somebody an hour."""
    problem = lab.problem(*SCREENING, f"{KEY}screening_rule={function}", conf="kindness")
    assert problem.where == f"command line, {KEY}screening_rule={function}"
    assert text in problem.text


def test_what_training_and_gold_units_need_is_asked_for(lab: "Lab") -> None:
    """All of it at once."""
    problems = lab.problems(SCREENING[0], GOLDS[0], conf="kindness")
    needed = ["passed_qualification_name", "screen_json", "gold_qualification_base", "gold_jsonl"]
    assert [problem.where.rpartition(".")[2] for problem in problems] == needed
    assert all(f"Write {key}: and" in problem.text for key, problem in zip(needed, problems, strict=True))


def test_people_are_tested_on_what_they_will_do(lab: "Lab") -> None:
    """A training in another task would let the wrong people through."""
    lab.write("task_config/kindness.jsonl", lines_of(datapoint("g1", "quality"), datapoint("g2", "quality")))
    first, second = lab.problems(*SCREENING, *GOLDS, conf="kindness")
    assert "The task of the training is 'kind', and data_jsonl has quality." in first.text
    assert "The task of a gold unit is 'kind'" in second.text


def test_a_turn_without_a_key_is_told_with_its_place(lab: "Lab") -> None:
    """Nothing could be said of what people answer there."""
    lab.write("task_config/training.json", json.dumps({"t1": datapoint("t1")}))
    problems = lab.problems(*SCREENING, conf="kindness")
    assert 'training.json, dialogue "t1"' in problems[0].where
    assert "turns[1]" in problems[0].text


def test_gold_units_are_read_with_their_numbers(lab: "Lab") -> None:
    """How many at first, how many in all, and what is forgiven."""
    numbers = ["min_golds=2", "max_gold_units=40", "max_incorrect_golds=1", "allowed_gold_mistakes=3"]
    golds = lab.load(*GOLDS, *(f"{KEY}{number}" for number in numbers), conf="kindness").golds
    assert golds is not None
    assert [group.group_id for group in golds.groups] == ["gold1", "gold2"]
    assert (golds.min_golds, golds.max_units, golds.max_incorrect, golds.allowed_mistakes) == (2, 40, 1, 3)


def test_nobody_can_be_given_more_gold_units_than_there_are(lab: "Lab") -> None:
    """Everyone would wait for a real unit for ever."""
    first, second = lab.problems(*GOLDS, f"{KEY}min_golds=3", f"{KEY}max_gold_units=2", conf="kindness")
    assert "min_golds is 3, and gold_jsonl holds 2. Nobody is given a gold unit twice" in first.text
    assert "each worker begins with min_golds, 3" in second.text


def test_a_gold_unit_has_a_name_of_its_own(lab: "Lab") -> None:
    """Under the name of a real unit, its answers would be counted as data."""
    lab.write("task_config/golds.jsonl", lines_of(keyed("g1")))
    assert "The group 'g1' is also in data_jsonl" in lab.problem(*GOLDS, conf="kindness").text


def test_training_and_gold_units_decide_the_hash(lab: "Lab") -> None:
    """Who is let through decides what the data are worth."""
    before = lab.load(*SCREENING, *GOLDS, conf="kindness")
    assert {"screen_json", "gold_jsonl"} < set(before.resolved["files"])
    lab.write("task_config/golds.jsonl", lines_of(keyed("gold1"), keyed("gold2"), keyed("gold3")))
    assert lab.load(*SCREENING, *GOLDS, conf="kindness").config_hash != before.config_hash


def test_attention_checks_are_read_with_their_numbers(lab: "Lab") -> None:
    """Their file stands by itself, so that studies can share it."""
    lab.write("checks.json", json.dumps(CHECKS))
    named = [f"{KEY}attention_checks_path=checks.json", f"{KEY}max_failed_attention_checks=2"]
    attention = lab.load(*named, conf="kindness").attention
    assert attention is not None
    assert [(check.question.id, check.answer) for check in attention.checks] == [("sky", "blue")]
    assert (attention.per_unit, attention.max_failed) == (1, 2)


def test_more_attention_checks_a_session_than_there_are_is_refused(lab: "Lab") -> None:
    """Whoever meets one again knows it for what it is."""
    lab.write("checks.json", json.dumps(CHECKS))
    named = [f"{KEY}attention_checks_path=checks.json", f"{KEY}attention_checks_per_unit=2"]
    assert "A session holds 2 of them, and the file has 1" in lab.problem(*named, conf="kindness").text


def test_a_limit_on_units_that_gold_units_use_up_is_refused(lab: "Lab") -> None:
    """Gold units count like any other, so that nobody would ever label anything."""
    problem = lab.problem(*GOLDS, "mephisto.task.maximum_units_per_worker=1", conf="kindness")
    assert "Nobody would reach a real one" in problem.text


def test_a_check_that_is_named_like_a_question_is_refused(lab: "Lab") -> None:
    """Its answer would take the place of the question's in the data."""
    task = next(iter(lab.load(conf="kindness").annotation.groups)).datapoints[0].tasks[0]
    [check] = json.loads(json.dumps(CHECKS))
    check["question"]["id"] = task.questions[0].id
    lab.write("checks.json", json.dumps([check]))
    problem = lab.problem(f"{KEY}attention_checks_path=checks.json", conf="kindness")
    assert "has the name of a question of the task" in problem.text


def test_attention_checks_need_labels_to_stand_among(lab: "Lab") -> None:
    """In a mere chat there is no place for them."""
    lab.write("checks.json", json.dumps(CHECKS))
    problem = lab.problem(f"{KEY}attention_checks_path=checks.json")
    assert "Attention checks stand among labels, and people give none in this study" in problem.text
