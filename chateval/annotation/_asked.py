"""Which questions are asked: nested ones while their option is chosen, conditional ones while `when` holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from chateval.annotation._tasks import (
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
    When,
)

Answers = Mapping[str, Value]
NOTHING: Answers = {}


def options_of(question: Question) -> tuple[Option, ...]:
    match question:
        case Choice() | Checks() | Ranking() | Spans():
            return question.options
        case Scale() | FreeText():
            return ()


def all_questions(questions: Iterable[Question]) -> Iterator[Question]:
    """These and all that nest in them, each before those that it leads to."""
    for question in questions:
        yield question
        for option in options_of(question):
            yield from all_questions(option.then)


def said(value: Value | None) -> frozenset[str]:
    """What a condition can find in an answer: the options, or the point of a scale."""
    match value:
        case None:
            return frozenset()
        case list():
            return frozenset(item if isinstance(item, str) else item.label for item in value)
        case _:
            return frozenset({str(value)})


def asked_questions(task: Task, turn: int | None, given: Answers, before: Answers = NOTHING) -> tuple[Question, ...]:
    """The questions of one turn, in order, with the answers `given` to it.

    `before` are the answers of the labelled turn before, only those that count there. An answer counts while its
    question is asked, so that one that is hidden by now leads to nothing. More answers only ever lead to more
    questions; that is why starting from none and repeating ends with the same set in whatever order they stand.
    """
    sight = _Sight(turn, given, before)
    while True:
        asked = tuple(_asked(task.questions, sight))
        counted = counting(asked, given)
        if len(counted) == len(sight.counted):
            return asked
        sight = _Sight(turn, given, before, counted)


def counting(asked: Iterable[Question], given: Answers) -> dict[str, Value]:
    """The answers to questions that are asked, without the reasons."""
    return {question.id: given[question.id] for question in asked if question.id in given}


@dataclass(frozen=True)
class _Sight:
    """What conditions can see."""

    turn: int | None
    given: Answers
    before: Answers
    counted: Answers = field(default_factory=dict)

    def meets(self, when: When | None) -> bool:
        if when is None or (when.or_on_turn is not None and when.or_on_turn == self.turn):
            return True
        places = {"same": self.counted, "previous": self.before}
        return any(said(places[seen.turn].get(seen.question)) & frozenset(seen.answers) for seen in when.any_of)


def _asked(questions: Iterable[Question], sight: _Sight) -> Iterator[Question]:
    for question in questions:
        if not sight.meets(question.when):
            continue
        yield question
        chosen = said(sight.given.get(question.id))
        for option in options_of(question):
            if option.id in chosen:
                yield from _asked(option.then, sight)
