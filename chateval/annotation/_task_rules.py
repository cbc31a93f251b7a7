"""What the types of tasks cannot say: ids that differ, conditions that can be met, numbers that fit each other."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from chateval.annotation._answers import REASON
from chateval.annotation._asked import all_questions, options_of
from chateval.annotation._data_reading import Problems, did_you_mean, shown
from chateval.annotation._files import at
from chateval.annotation._tasks import (
    NOT_APPLICABLE,
    Checks,
    Choice,
    FreeText,
    Question,
    Ranking,
    Scale,
    Seen,
    Spans,
    Task,
    TurnTask,
    When,
)

MAX_POINTS = 101
"""More could not be told apart on a page, which shows each."""


def never_asked(task: Task) -> tuple[Question, ...]:
    """Questions that no answers lead to, since their conditions need each other, or themselves."""
    reached: set[str] = set()
    while (now := set(_reachable(task.questions, reached))) != reached:
        reached = now
    return tuple(question for question in all_questions(task.questions) if question.id not in reached)


def _reachable(questions: Iterable[Question], reached: set[str]) -> Iterator[str]:
    for question in questions:
        when = question.when
        if when and when.or_on_turn is None and not any(seen.question in reached for seen in when.any_of):
            continue
        yield question.id
        for option in options_of(question):
            yield from _reachable(option.then, reached)


def check_task(task: Task, place: tuple[str, ...], problems: Problems) -> None:
    """Complain of all that is wrong with a task of the native format."""
    say = problems.about(at(*place))
    if isinstance(task, TurnTask) and task.turns == "no_indices":
        say("The turns are no_indices, so that none would be labelled. Write odd, even, all or all_skip_first.")
    for name, count in Counter(question.id for question in all_questions(task.questions)).items():
        if count > 1:
            say(f"{count} questions have the id {name!r}. Ids differ within a task; give each its own.")
    for key, count in Counter(_shortcuts(task)).items():
        if count > 1:
            say(f"The shortcut {key!r} stands for {count} answers. Shortcuts differ within a task, capitals or not.")
    checker = _Checker(task, problems)
    checker.check(task.questions, (*place, "questions"))
    never = () if checker.has_complained else never_asked(task)
    for question in never:
        say(f"The question {question.id!r} is never asked: the conditions lead back to it. Change one of them.")


def _shortcuts(task: Task) -> Iterator[str]:
    for question in all_questions(task.questions):
        yield from (option.shortcut.lower() for option in options_of(question) if option.shortcut)


@dataclass
class _Checker:
    """Walks the questions of a task and says what is wrong with each."""

    task: Task
    problems: Problems
    has_complained: bool = False
    known: dict[str, Question] = field(init=False)

    def __post_init__(self) -> None:
        self.known = {question.id: question for question in all_questions(self.task.questions)}

    def check(self, questions: Iterable[Question], place: tuple[str, ...]) -> None:
        for question in questions:
            here = (*place, question.id)
            for complaint in self._complaints(question):
                self.has_complained = True
                self.problems.about(at(*here))(complaint)
            for option in options_of(question):
                self.check(option.then, (*here, "options", option.id, "then"))

    def _complaints(self, question: Question) -> Iterator[str]:
        if question.id.endswith(REASON):
            yield f"The id {question.id!r} ends in {REASON}, where reasons are stored. Choose another."
        yield from _about_options(question)
        yield from _about_kind(question, self.task)
        if question.when:
            yield from self._about_when(question.when)

    def _about_when(self, when: When) -> Iterator[str]:
        if when.or_on_turn is None and not any(seen.answers for seen in when.any_of):
            yield "The condition names no answers, so that it never holds. Name some, or leave `when` out."
        speaks_of_turns = when.or_on_turn is not None or any(seen.turn == "previous" for seen in when.any_of)
        if speaks_of_turns and not isinstance(self.task, TurnTask):
            yield "The condition speaks of turns, but the task has none. Leave out or_on_turn and turn: previous."
        for seen in when.any_of:
            yield from self._about_seen(seen)

    def _about_seen(self, seen: Seen) -> Iterator[str]:
        other = self.known.get(seen.question)
        if other is None:
            guess = did_you_mean(seen.question, self.known)
            yield f"The condition names {seen.question!r}, but the task has no question of that id.{guess}"
            return
        answers = _answers_of(other)
        for name in seen.answers:
            if name not in answers:
                guess = did_you_mean(name, answers) or f" Known: {', '.join(answers) or 'none'}."
                yield f"The condition names {name!r}, which is no answer to {other.id!r}.{guess}"


def _answers_of(question: Question) -> tuple[str, ...]:
    """The answers that a condition can name."""
    extra = (NOT_APPLICABLE,) if question.allows_na else ()
    if isinstance(question, Scale):
        return (*map(str, range(question.low, min(question.high, question.low + MAX_POINTS) + 1)), *extra)
    return (*(option.id for option in options_of(question)), *extra)


def _about_options(question: Question) -> Iterator[str]:
    options = options_of(question)
    for name, count in Counter(option.id for option in options).items():
        if count > 1:
            yield f"{count} options have the id {name!r}. Ids differ within a question; give each its own."
    for option in options:
        if option.id == NOT_APPLICABLE:
            yield f"An option has the id {NOT_APPLICABLE!r}, which stands for not applicable. Write allows_na: true."
        if option.shortcut and (option.shortcut.isspace() or not option.shortcut.isprintable()):
            yield f"The shortcut {option.shortcut!r} is no visible character. Choose a letter, digit or sign."
        if not option.text.strip():
            yield f"The option {option.id!r} has no text. Say what choosing it means."


def _about_kind(question: Question, task: Task) -> Iterator[str]:
    match question:
        case Choice():
            return
        case Checks(minimum=minimum, options=options):
            if minimum > len(options):
                yield f"The minimum is {minimum}, but there are {len(options)} options. Lower it."
        case Scale():
            yield from _about_scale(question)
        case FreeText(minimum_characters=low, maximum_characters=high):
            if low > high:
                yield f"minimum_characters is {low} and maximum_characters {high}. Turn them round."
        case Ranking():
            yield from _about_ranking(question)
        case Spans():
            if not isinstance(task, TurnTask):
                yield f"Passages are marked in a turn, but the task is of the kind {_kind(task)}. Make it kind: turn."
            yield from _about_no_then(question)
        case _:
            assert_never(question)


def _about_ranking(question: Ranking) -> Iterator[str]:
    if len(question.options) == 1:
        yield "There is one option, and nothing to rank. Give two or more, or none to rank replies."
    yield from _about_no_then(question)


def _about_scale(question: Scale) -> Iterator[str]:
    if question.low >= question.high:
        yield f"The scale goes from {question.low} to {question.high}. Make low smaller than high."
    points = question.high - question.low + 1
    if points > MAX_POINTS:
        yield f"The scale has {points:,} points. Each is shown, and at most {MAX_POINTS} can be; make it shorter."
        return
    known = frozenset(map(str, range(question.low, question.high + 1)))
    for point in question.labels:
        if point not in known:
            yield f"The label at {shown(point)} is not on the scale. Label points {question.low} to {question.high}."


def _about_no_then(question: Question) -> Iterator[str]:
    for option in options_of(question):
        if option.then:
            yield f"The option {option.id!r} leads to questions, which only options of choice and checks do."


def _kind(task: Task) -> str:
    return str(type(task).__struct_config__.tag)
