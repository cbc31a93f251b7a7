"""Who passes, by each rule; somebody's income depends on it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from chateval.annotation._grading import Grade, TurnGrade
from chateval.annotation._rules import (
    CorrectRule,
    HookRule,
    MistakesRule,
    Rule,
    ScoreRule,
    Verdict,
    judge,
    load_hook,
)

from .known_tasks import complaints


def grade(right: int, wrong: int, allowed: int | None = None) -> Grade:
    turns = [TurnGrade(turn, turn < right, (), "") for turn in range(right + wrong)]
    return Grade(tuple(turns), allowed)


def passes(rule: Rule, *grades: Grade) -> bool:
    return judge(rule, grades).is_passed


@pytest.mark.parametrize("rule", [MistakesRule(), ScoreRule(0), CorrectRule(0, 99), HookRule("builtins:bool")], ids=str)
def test_nobody_passes_before_anything_is_graded(rule: Rule) -> None:
    """A session that broke off would otherwise hand out the qualification."""
    assert not passes(rule)


def test_each_of_the_last_rounds_has_to_be_good_enough() -> None:
    """The first dialogues are for learning; a good last one does not make up for a bad one beside it."""
    rule = MistakesRule(max_mistakes=1, rounds=2)

    assert passes(rule, grade(0, 9), grade(8, 1), grade(9, 0))
    assert not passes(rule, grade(9, 0), grade(7, 2), grade(9, 0))


@pytest.mark.parametrize(("allowed", "is_passed"), [(2, True), (1, False), (None, False)])
def test_a_dialogue_may_say_itself_what_it_allows(allowed: int | None, is_passed: bool) -> None:
    """Dialogues differ in how hard they are; where one says nothing, no mistake is allowed."""
    assert passes(MistakesRule(), grade(8, 2, allowed)) is is_passed


def test_the_rules_number_goes_before_the_dialogues_own() -> None:
    assert not passes(MistakesRule(max_mistakes=1), grade(8, 2, allowed=5))


def test_scores_are_taken_over_all_turns_of_the_last_rounds() -> None:
    rule = ScoreRule(min_score=0.75, rounds=2)

    assert passes(rule, grade(0, 10), grade(2, 2), grade(4, 0))
    assert not passes(rule, grade(10, 0), grade(2, 2), grade(3, 1))


def options(right: int, wrong: int) -> Grade:
    return Grade(
        (TurnGrade(1, is_right=False, alternatives=(), explanation="", right_options=right, wrong_options=wrong),)
    )


@pytest.mark.parametrize(("right", "wrong", "is_passed"), [(4, 3, True), (3, 3, False), (4, 4, False)])
def test_right_and_wrong_options_are_counted_over_all_dialogues(right: int, wrong: int, is_passed: bool) -> None:
    assert passes(CorrectRule(4, 3), options(right, 0), options(0, wrong)) is is_passed


def test_turns_can_be_counted_instead_of_options() -> None:
    """Later pages of ParlAI do so, and the same numbers mean something else then."""
    assert passes(CorrectRule(4, 1, "turns"), grade(3, 1), grade(1, 0))
    assert not passes(CorrectRule(4, 1, "turns"), options(4, 0))


def test_rules_survive_being_stored() -> None:
    """They are part of what a session was made from."""
    for rule in (MistakesRule(2, 3), ScoreRule(0.5), CorrectRule(1, 2), HookRule("a:b")):
        assert msgspec.json.decode(msgspec.json.encode(rule), type=Rule) == rule


HOOKS = """
from chateval.annotation._rules import Verdict

LIMIT = 3

def is_good(grades):
    return grades[-1].mistakes == 0

def explains(grades):
    return Verdict(True, f"{len(grades)} rounds")

def is_vague(grades):
    return "perhaps"

def fails(grades):
    return grades[7]
"""


@pytest.fixture
def hooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "my_hooks.py").write_text(HOOKS)
    (tmp_path / "my_broken_hooks.py").write_text("1 / 0")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield "my_hooks"
    for name in ("my_hooks", "my_broken_hooks"):
        sys.modules.pop(name, None)


def test_a_function_of_ones_own_decides(hooks: str) -> None:
    rule = HookRule(f"{hooks}:is_good")

    assert passes(rule, grade(1, 1), grade(2, 0))
    assert not passes(rule, grade(2, 0), grade(1, 1))


def test_a_function_of_ones_own_may_say_why(hooks: str) -> None:
    assert judge(HookRule(f"{hooks}:explains"), [grade(1, 0)]) == Verdict(is_passed=True, note="1 rounds")


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("my_hooks", "package.module:function"),
        ("my_hooks:", "package.module:function"),
        ("my hooks:f", "package.module:function"),
        ("no_such_hooks:f", "no module 'no_such_hooks'"),
        ("my_broken_hooks:f", "division by zero"),
        ("my_hooks:is_god", "Did you mean 'is_good'?"),
        ("my_hooks:LIMIT", "'LIMIT' there is no function"),
    ],
)
def test_a_function_that_cannot_be_loaded_is_told_by_name(hooks: str, function: str, said: str) -> None:
    """This is asked before a study is launched, and not when the first worker has finished."""
    assert said in complaints(load_hook, function)


@pytest.mark.parametrize(("name", "said"), [("is_vague", '"perhaps"'), ("fails", "IndexError")])
def test_a_function_that_does_not_decide_is_told_by_name(hooks: str, name: str, said: str) -> None:
    message = complaints(judge, HookRule(f"{hooks}:{name}"), [grade(1, 0)])

    assert f"{hooks}:{name}" in message
    assert said in message
