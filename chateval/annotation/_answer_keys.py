"""Right answers as files write them, and as ids.

A file may name questions and options by id or by text, whole and in any case. `""` is a box that is not ticked, `{}`
that nothing applies, and `{"_disjunction": true, "options": [answers, ...]}` that each of several answers is right.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar

from chateval.annotation._answers import is_complete
from chateval.annotation._asked import NOTHING, Answers, all_questions, asked_questions
from chateval.annotation._data_reading import Say, did_you_mean, shown
from chateval.annotation._grading import GRADED, has_to_be_named
from chateval.annotation._tasks import (
    NOT_APPLICABLE,
    Checks,
    Choice,
    FreeText,
    Option,
    Question,
    Ranking,
    Scale,
    Spans,
    Task,
    Value,
)

DISJUNCTION = "_disjunction"


class UnusableAnswerError(ValueError):
    """An answer that cannot be used; becomes one of the problems of a file."""


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...


Thing = TypeVar("Thing", bound=_Named)


class _Names(Generic[Thing]):
    """Questions or options by what they may be called."""

    def __init__(self, owner: str, what: str, things: Iterable[Thing]) -> None:
        self._owner = owner
        self._what = what
        self._by_id: dict[str, Thing] = {}
        self._by_text: dict[str, dict[str, Thing]] = {}
        for thing in things:
            self._by_id[thing.id] = thing
            for name in (thing.id, thing.text, getattr(thing, "label", "")):
                self._by_text.setdefault(_folded(name), {})[thing.id] = thing

    def find(self, name: str) -> Thing:
        if name in self._by_id:
            return self._by_id[name]
        found = self._by_text.get(_folded(name), {}) if name.strip() else {}
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            reason = f"{self._owner} has several {self._what}s {shown(name)}"
            raise UnusableAnswerError(f"{reason}. Write the id of the one that is meant: {', '.join(found)}.")
        known = [*self._by_id, *(thing.text for thing in self._by_id.values() if thing.text)]
        reason = f"{self._owner} has no {self._what} {shown(name)}.{did_you_mean(name, known)}"
        raise UnusableAnswerError(f"{reason} Write one of {', '.join(self._by_id) or 'none'}, or its text.")


class AnswerReader:
    """Turns the right answers to one task from what files write into ids."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._questions: _Names[Question] = _Names(f"The task {task.id}", "question", all_questions(task.questions))

    def question(self, name: str) -> Question:
        """Raises UnusableAnswerError where the task has no such question."""
        return self._questions.find(name)

    def alternatives(self, raw: Any, say: Say, replies: Sequence[str] = ()) -> tuple[dict[str, Value], ...]:
        if not isinstance(raw, dict):
            say(f"{shown(raw)} is no answer. Write {{question: option, ...}}, or {{}} where nothing applies.")
            return ()
        if DISJUNCTION not in raw:
            return (self._answers(raw, say, replies),)
        options = raw.get("options")
        if raw[DISJUNCTION] is not True or not isinstance(options, list) or not options or set(raw) - _DISJUNCTION_KEYS:
            example = '{"_disjunction": true, "options": [{...}, {...}]}'
            say(f"{shown(raw)} does not say which answers are right. Write {example}, each option a whole answer.")
            return ()
        return tuple(alternative for option in options for alternative in self.alternatives(option, say, replies))

    def key(
        self, raw: Any, turn: int, before: Sequence[Answers], say: Say, replies: Sequence[str] = ()
    ) -> tuple[dict[str, Value], ...]:
        """The alternatives for one turn; complains of those, too, that nobody could give."""
        complaints: list[str] = []
        found = self.alternatives(raw, complaints.append, replies)
        if not complaints:
            complaints += (fault for one in found for fault in faults_of_alternative(self.task, turn, one, before))
        for complaint in complaints:
            say(complaint)
        return found

    def _answers(self, raw: dict[str, Any], say: Say, replies: Sequence[str]) -> dict[str, Value]:
        answers: dict[str, Value] = {}
        for name, given in raw.items():
            try:
                question = self.question(name)
                value = read_value(question, given, replies)
            except UnusableAnswerError as error:
                say(str(error))
                continue
            if question.id in answers:
                say(f"The question {question.id} is answered twice, once as {shown(name)}. Keep one of the two.")
            elif value is not None:
                answers[question.id] = value
        return answers


_DISJUNCTION_KEYS = {DISJUNCTION, "options"}


def read_value(question: Question, raw: Any, replies: Sequence[str] = ()) -> Value | None:
    """The answer as it is stored; None stands for one that is left open.

    Raises:
        UnusableAnswerError: it is no answer to this question, or to a kind of question that cannot be graded.
    """
    if raw == NOT_APPLICABLE and question.allows_na:
        return NOT_APPLICABLE
    match question:
        case Choice():
            return None if raw == "" else _option_ids(question, [raw])[0]
        case Checks():
            return _ticked(question, raw)
        case Scale():
            return _point(question, raw)
        case Ranking():
            return _order(question, raw, replies)
        case FreeText() | Spans():
            reason = f"The question {question.id} cannot be graded, since it is answered freely"
            raise UnusableAnswerError(f"{reason}. Leave it out of the right answers.")


def faults_of_alternative(task: Task, turn: int, alternative: Answers, before: Sequence[Answers]) -> Iterator[str]:
    """Why nobody could give these answers; `before` are those that are right on the labelled turn before."""
    asked = {
        question.id: question
        for previous in (NOTHING, *before)
        for question in asked_questions(task, turn, alternative, previous)
    }
    for name, value in alternative.items():
        if name not in asked and value != []:
            reason = f"The question {name} is answered, but not asked here"
            yield f"{reason}. Add the answer that leads to it, or take it out."
    if task.is_required:
        yield from _unanswered(task, alternative)


def _unanswered(task: Task, alternative: Answers) -> Iterator[str]:
    for question in task.questions:
        value = alternative.get(question.id)
        if has_to_be_named(question) and not question.is_optional and not is_complete(question, value):
            reason = f"The question {question.id} is not answered, but {task.id} requires an answer"
            yield f"{reason}. Say which one is right."


def can_be_graded(task: Task) -> bool:
    return any(isinstance(question, GRADED) for question in all_questions(task.questions))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _option_ids(question: Choice | Checks, items: Iterable[Any]) -> list[str]:
    names: _Names[Option] = _Names(f"The question {question.id}", "option", question.options)
    return [names.find(_text(question, item)).id for item in items]


def _text(question: Question, raw: Any) -> str:
    if isinstance(raw, str):
        return raw
    raise UnusableAnswerError(f"{shown(raw)} is no answer to {question.id}. Write an option's id or text, in quotes.")


def _ticked(question: Checks, raw: Any) -> list[Any]:
    ids = _option_ids(question, raw if isinstance(raw, list) else [] if raw == "" else [raw])
    if len(ids) != len(set(ids)):
        raise UnusableAnswerError(f"{shown(raw)} ticks a box of {question.id} twice. Name each once.")
    return [option.id for option in question.options if option.id in ids]


def _point(question: Scale, raw: Any) -> int | None:
    if raw == "":
        return None
    points = {str(point): point for point in range(question.low, question.high + 1)}
    named = {_folded(name): points[point] for point, name in question.labels.items() if point in points}
    text = str(raw).strip() if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
    point = points.get(text, named.get(_folded(text)))
    if point is None:
        limits = f"a whole number from {question.low} to {question.high}"
        raise UnusableAnswerError(f"{shown(raw)} is not on the scale of {question.id}. Write {limits}.")
    return point


def _order(question: Ranking, raw: Any, replies: Sequence[str]) -> list[Any] | None:
    if raw == "":
        return None
    options = question.options or tuple(Option(str(number), text) for number, text in enumerate(replies, start=1))
    names: _Names[Option] = _Names(f"The question {question.id}", "item", options)
    ids = [names.find(str(item)).id for item in (raw if isinstance(raw, list) else [raw])]
    items = [option.id for option in options]
    if sorted(ids) != sorted(items):
        raise UnusableAnswerError(f"{shown(raw)} is no ranking for {question.id}. Name each once: {', '.join(items)}.")
    return list(ids)
