"""Attention checks: questions whose answer is known to everyone who reads them."""

from collections import Counter
from pathlib import Path
from typing import Any

from msgspec import Struct

from chateval.annotation._answer_keys import UnusableAnswerError, read_value
from chateval.annotation._asked import options_of
from chateval.annotation._data_reading import Problems, Say, convert_to, shown
from chateval.annotation._files import read_tree
from chateval.annotation._grading import GRADED
from chateval.annotation._ids import slug_or_id
from chateval.annotation._task_rules import check_task
from chateval.annotation._tasks import DialogueTask, Question, Ranking, Value


class AttentionCheck(Struct, frozen=True):
    """A question of its own and its right answer."""

    question: Question
    answer: Value


class _RawCheck(Struct, frozen=True, forbid_unknown_fields=True):
    question: Question
    answer: Any


WHAT_IT_IS = "A check is {question: {kind, id, text, options, ...}, answer: ...}, the question as a task would have it."


def read_attention_checks(path: Path) -> tuple[AttentionCheck, ...]:
    """Read a list of checks, YAML or JSON; an option that is a text alone has its slug for an id, as in tasks.

    Raises:
        AnnotationFormatError: all problems of the file, each with the number of its check.
    """
    problems = Problems(path)
    raw = read_tree(path, problems)
    if not isinstance(raw, list) or not raw:
        problems.about("")(f"The file holds {shown(raw)}. It should be a list of checks. {WHAT_IT_IS}")
        raise problems.error()
    found = [_read_check(each, number, problems) for number, each in enumerate(raw, start=1)]
    usable = tuple(check for check in found if check is not None)
    for name, count in Counter(check.question.id for check in usable).items():
        if count > 1:
            problems.about("")(f"{count} checks have the id {shown(name)}. Give each its own.")
    problems.raise_any()
    return usable


def _read_check(raw: Any, number: int, problems: Problems) -> AttentionCheck | None:
    place = f"check {number}"
    say = problems.about(place)
    check = convert_to(_RawCheck, _with_whole_options(raw), WHAT_IT_IS, say)
    if check is None or not _is_a_question_of_its_own(check.question, say):
        return None
    check_task(DialogueTask(id=place, questions=(check.question,)), (place,), problems)
    try:
        answer = read_value(check.question, check.answer)
    except UnusableAnswerError as error:
        say(str(error))
        return None
    if answer is None:
        say(f"The answer to {check.question.id} is left open. Say what everybody should answer.")
        return None
    return AttentionCheck(check.question, answer)


def _with_whole_options(raw: Any) -> Any:
    question = raw.get("question") if isinstance(raw, dict) else None
    if not isinstance(question, dict) or not isinstance(question.get("options"), list):
        return raw
    options = [
        {"id": slug_or_id(item), "text": item} if isinstance(item, str) else item for item in question["options"]
    ]
    return {**raw, "question": {**question, "options": options}}


def _is_a_question_of_its_own(question: Question, say: Say) -> bool:
    if not isinstance(question, GRADED):
        say(f"The question {question.id} is answered freely, so that no answer is the right one. Choose another kind.")
    elif isinstance(question, Ranking) and not question.options:
        say(f"The question {question.id} has nothing to rank. Give it options.")
    elif question.when or any(option.then for option in options_of(question)):
        say(f"The question {question.id} depends on others, or leads to them. Leave out `when` and `then`.")
    else:
        return True
    return False
