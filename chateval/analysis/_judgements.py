"""What answers say, label by label: the tidy form on which agreement is computed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from chateval.analysis._collected import CollectedLabels
from chateval.annotation import (
    NOT_APPLICABLE,
    Checks,
    Choice,
    FreeText,
    Option,
    Question,
    Ranking,
    Scale,
    Span,
    Spans,
    TurnTask,
    Value,
    asked_questions,
)

Answers = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an answer says of one label. `number` is the value where it is one; `start` and `end` are a span's."""

    question_id: str
    label: str
    value: str
    number: int | None = None
    start: int | None = None
    end: int | None = None


def labelled_turns(labels: CollectedLabels) -> tuple[int | None, ...]:
    """The turns that a task asks about, None standing for the whole."""
    return labels.turns if isinstance(labels.task, TurnTask) else (None,)


def turn_judgements(labels: CollectedLabels) -> Iterator[tuple[int | None, list[Judgement]]]:
    """Turn by turn, what was judged. Boxes left empty count once the work was handed in; before, they may yet come."""
    before: Answers = {}
    for turn in labelled_turns(labels):
        given = labels.answers.get(turn, {})
        asked = asked_questions(labels.task, turn, given, before)
        sight = _Given(given, labels.texts.get(turn, "") if turn is not None else "", labels.is_submitted)
        yield turn, [each for question in asked for each in _with_reason(question, sight)]
        before = given


@dataclass(frozen=True, slots=True)
class _Given:
    """The answers on one turn, and what it says."""

    answers: Answers
    text: str
    is_submitted: bool


def _with_reason(question: Question, given: _Given) -> Iterator[Judgement]:
    yield from _judgements(question, given)
    reason = f"{question.id}.reason"
    if question.asks_reason and reason in given.answers:
        yield Judgement(question.id, reason, str(given.answers[reason]))


def _judgements(question: Question, given: _Given) -> Iterator[Judgement]:
    value = given.answers.get(question.id)
    match question:
        case Checks():
            yield from _boxes(question, value, with_empty=given.is_submitted)
        case Ranking():
            yield from _ranks(question, value)
        case Spans() if isinstance(value, list):
            yield from _passages(question.id, value, given.text)
        case Choice() | Scale() | FreeText() | Spans():
            if value is not None:
                yield Judgement(question.id, question.id, str(value), value if isinstance(value, int) else None)
        case _:
            assert_never(question)


def _boxes(question: Checks, value: Value | None, *, with_empty: bool) -> Iterator[Judgement]:
    if value == NOT_APPLICABLE:
        yield from _not_applicable(question.id, question.options)
        return
    ticked = value if isinstance(value, list) else ()
    for option in question.options:
        if option.id in ticked:
            yield Judgement(question.id, option.id, "1", 1)
        elif with_empty:
            yield Judgement(question.id, option.id, "0", 0)


def _ranks(question: Ranking, value: Value | None) -> Iterator[Judgement]:
    if value == NOT_APPLICABLE:
        yield from _not_applicable(question.id, question.options)
    for rank, item in enumerate(value if isinstance(value, list) else (), start=1):
        yield Judgement(question.id, str(item), str(rank), rank)


def _passages(question_id: str, value: Sequence[str | Span], text: str) -> Iterator[Judgement]:
    for span in value:
        if isinstance(span, Span):
            label = span.label or question_id
            yield Judgement(question_id, label, text[span.start : span.end], None, span.start, span.end)


def _not_applicable(question_id: str, options: Sequence[Option]) -> Iterator[Judgement]:
    for label in [option.id for option in options] or [question_id]:
        yield Judgement(question_id, label, NOT_APPLICABLE)
