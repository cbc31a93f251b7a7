"""Attention checks: each with an answer that is known."""

from pathlib import Path

import pytest

from chateval.annotation._attention import read_attention_checks
from chateval.annotation._tasks import Option

from .known_tasks import complaints

CHECKS = """
- question:
    kind: choice
    id: blue
    text: Please choose "Blue" here.
    options: [Red, Blue]
  answer: Blue
- question: {kind: scale, id: four, text: Choose the fourth point., high: 7}
  answer: 4
- question: {kind: checks, id: none, text: Leave this empty., options: [{id: a, text: A}]}
  answer: []
"""


def file(folder: Path, text: str) -> Path:
    path = folder / "checks.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_checks_are_questions_with_their_answers(tmp_path: Path) -> None:
    blue, four, none = read_attention_checks(file(tmp_path, CHECKS))

    assert (blue.question.id, blue.answer) == ("blue", "blue")
    assert blue.question.options == (Option("red", "Red"), Option("blue", "Blue"))  # type: ignore[union-attr]
    assert (four.answer, none.answer) == (4, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "list of checks"),
        ("[]", "list of checks"),
        ("- {question: {kind: scale, id: s}}", "missing required field `answer`"),
        ("- {question: {kind: scale, id: s}, answer: 6}", "from 1 to 5"),
        ("- {question: {kind: scale, id: s}, answer: ''}", "left open"),
        ("- {question: {kind: text, id: t}, answer: Hi}", "answered freely"),
        ("- {question: {kind: ranking, id: r}, answer: [a]}", "nothing to rank"),
        ("- {question: {kind: choice, id: c, options: ['Yes', 'No']}, answer: yes}", "true is no answer to c"),
        ("- {question: {kind: choice, id: c, options: [A, A]}, answer: a}", "2 options have the id 'a'"),
        ("- {question: {kind: scale, id: s, when: {any_of: []}}, answer: 1}", "depends on others"),
        ("- {question: {kind: scale, id: s}, answer: 1}\n" * 2, "2 checks have the id"),
    ],
    ids=str,
)
def test_checks_that_cannot_be_used_are_told(tmp_path: Path, text: str, said: str) -> None:
    """A check that nobody can pass stops everyone."""
    assert said in complaints(read_attention_checks, file(tmp_path, text))
