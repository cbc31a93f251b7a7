"""Whether an answer fits its question, in sentences for the person who gives it.

Too little is not refused: someone who ticks the first of two boxes, or pauses in the middle of a sentence, is not
wrong but not ready. `is_complete` says whether they are.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import assert_never

from chateval.annotation._tasks import (
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
    Value,
)

REASON = ".reason"
"""The reason for the answer to a question is stored under the question's id and this."""
MAX_REASON_CHARACTERS = 2_000


def is_complete(question: Question, value: Value | None) -> bool:
    """Whether nothing is missing. No box ticked and nothing marked is an answer too, unless a minimum is set."""
    if value == NOT_APPLICABLE and question.allows_na:
        return True
    match question:
        case Checks(minimum=minimum):
            return len(value if isinstance(value, list) else ()) >= minimum
        case Spans():
            return True
        case FreeText(minimum_characters=minimum):
            return len(value.strip() if isinstance(value, str) else "") >= minimum
        case Choice() | Scale() | Ranking():
            return value is not None
        case _:
            assert_never(question)


def reason_problem(value: Value) -> str | None:
    return _text_problem(value, MAX_REASON_CHARACTERS)


def value_problem(question: Question, value: Value, text: str | None, replies: Sequence[str]) -> str | None:
    """Why the value cannot be taken. `text` is what spans lie in, if there is any; `replies` are what is ranked."""
    if value == NOT_APPLICABLE and question.allows_na:
        return None
    match question:
        case Choice():
            problem = _choice_problem(question, value)
        case Checks():
            problem = _checks_problem(question, value)
        case Scale():
            problem = _scale_problem(question, value)
        case FreeText():
            problem = _text_problem(value, question.maximum_characters)
        case Ranking():
            problem = _ranking_problem(question, value, replies)
        case Spans():
            problem = _spans_problem(question, value, text)
        case _:
            assert_never(question)
    return problem


def _text_problem(value: Value, limit: int) -> str | None:
    if not isinstance(value, str):
        return f"{_quoted(value)} is not a text. Write the answer in words."
    if len(value) > limit:
        return f"This text has {len(value):,} characters; at most {limit:,} can be taken. Shorten it."
    return None


def _choice_problem(question: Choice, value: Value) -> str | None:
    if isinstance(value, str) and value in _ids(question.options):
        return None
    return f"{_quoted(value)} is not one of the answers. Choose one of those that are shown."


def _checks_problem(question: Checks, value: Value) -> str | None:
    if not isinstance(value, list):
        return f"{_quoted(value)} is not a choice of boxes. Tick those that apply."
    if len(value) != len(set(value)):
        return "The same box is ticked twice. Tick each box once."
    unknown = [item for item in value if item not in _ids(question.options)]
    return f"{_quoted(unknown[0])} is not one of the boxes. Tick those that are shown." if unknown else None


def _scale_problem(question: Scale, value: Value) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and question.low <= value <= question.high:
        return None
    return f"{_quoted(value)} is not on the scale. Choose a point from {question.low} to {question.high}."


def _ranking_problem(question: Ranking, value: Value, replies: Sequence[str]) -> str | None:
    items = [option.id for option in question.options] or [str(number + 1) for number in range(len(replies))]
    if isinstance(value, list) and len(value) == len(items) and set(value) == set(items):
        return None
    return f"A ranking puts each of the {len(items)} items in one place. Give every item its place, and none twice."


def _spans_problem(question: Spans, value: Value, text: str | None) -> str | None:
    if text is None:
        return "There is no text here to mark."
    if not isinstance(value, list):
        return f"{_quoted(value)} is not a choice of passages. Mark passages of the text."
    spans = [item for item in value if isinstance(item, Span)]
    if len(spans) != len(value):
        return "A marked passage needs a beginning and an end. Mark it again."
    return next((said for span in spans if (said := _span_problem(question, span, text))), _overlap(spans))


def _span_problem(question: Spans, span: Span, text: str) -> str | None:
    if span.start >= span.end:
        return "A marked passage is empty. Mark at least one character."
    if span.end > len(text):
        return f"A marked passage goes on after the end of the text, which has {len(text):,} characters. Mark it again."
    if span.label not in (_ids(question.options) or {""}):
        return f"{_quoted(span.label)} is not one of the labels for passages. Choose one of those that are shown."
    return None


def _overlap(spans: Sequence[Span]) -> str | None:
    ordered = sorted(spans, key=lambda span: (span.label, span.start))
    for one, other in pairwise(ordered):
        if one.label == other.label and other.start < one.end:
            return "Two passages with the same label overlap. Mark one passage for both, or keep them apart."
    return None


def _ids(options: Sequence[Option]) -> frozenset[str]:
    return frozenset(option.id for option in options)


def _quoted(value: object) -> str:
    return f"“{str(value)[:60]}”"
