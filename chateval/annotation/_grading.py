"""How right answers are, turn by turn. Nothing here is ever shown before the answers are committed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from msgspec import Struct

from chateval.annotation._asked import all_questions
from chateval.annotation._datapoints import TurnKey
from chateval.annotation._tasks import Checks, Choice, Question, Ranking, Scale, Task, Value

Answers = Mapping[str, Value]
GRADED = (Choice, Checks, Scale, Ranking)
"""The kinds of question that can be graded: what is written or marked freely has no one right answer."""


class TurnGrade(Struct, frozen=True):
    """How right the answers to one turn are, with all that feedback needs."""

    turn: int
    is_right: bool
    alternatives: tuple[dict[str, Value], ...]
    explanation: str
    right_options: int = 0
    """Options chosen that belong to the alternative which is nearest to the answers."""
    wrong_options: int = 0
    """Options chosen that do not belong to it."""


class Grade(Struct, frozen=True):
    """How right the answers to one dialogue are."""

    turns: tuple[TurnGrade, ...]
    allowed_mistakes: int | None = None
    """What the dialogue itself allows; None leaves it to the study's rule."""

    @property
    def right(self) -> int:
        return sum(turn.is_right for turn in self.turns)

    @property
    def mistakes(self) -> int:
        """Turns that are not right."""
        return len(self.turns) - self.right

    @property
    def score(self) -> float:
        """The share of turns that are right; 1.0 where none is graded."""
        return self.right / len(self.turns) if self.turns else 1.0


def grade(task: Task, answers: Mapping[int | None, Answers], keys: Mapping[int, TurnKey]) -> Grade:
    """Compare the answers to a task, as `Sheet.answers` gives them, with the keys of its turns.

    A turn is right if its answers fit one of the key's alternatives. What an alternative names has to be answered just
    so: boxes as a set, rankings in order, and an empty list as nothing ticked. What it does not name has to be left
    open or unticked; but questions that only other answers lead to, texts, marked passages and reasons do not matter.
    """
    return Grade(tuple(_graded(task, turn, answers.get(turn, {}), key) for turn, key in sorted(keys.items())))


def is_right_answer(question: Question, given: Value | None, right: Value) -> bool:
    """Whether a single answer is the right one, as with attention checks."""
    return _comparable(question, given) == _comparable(question, right)


def has_to_be_named(question: Question) -> bool:
    """Whether an answer to this question of a task's top level is wrong where an alternative does not name it.

    A question that is asked on a condition is as good as one that another answer leads to.
    """
    return isinstance(question, GRADED) and question.when is None


@dataclass(frozen=True)
class _Count:
    """Options of one turn: chosen and right, chosen and wrong, right and not chosen."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def distance(self) -> int:
        return self.wrong + self.missed


def _graded(task: Task, turn: int, answers: Answers, key: TurnKey) -> TurnGrade:
    is_right = any(_fits(task, answers, alternative) for alternative in key.alternatives)
    counts = (_counted(task, answers, alternative) for alternative in key.alternatives)
    nearest = min(counts, key=attrgetter("distance"), default=_Count())
    return TurnGrade(turn, is_right, key.alternatives, key.explanation, nearest.right, nearest.wrong)


def _fits(task: Task, answers: Answers, alternative: Answers) -> bool:
    return all(
        _comparable(question, answers.get(question.id)) == _comparable(question, alternative.get(question.id))
        for question in _judged(task, alternative)
    )


def _judged(task: Task, alternative: Collection[str]) -> Iterator[Question]:
    """The questions that decide: those named, and those that should have been had they an answer."""
    yield from (question for question in all_questions(task.questions) if question.id in alternative)
    yield from (question for question in task.questions if has_to_be_named(question) and question.id not in alternative)


def _comparable(question: Question, value: Value | None) -> object:
    """Equal for equal answers. None is no answer, no box ticked, or an empty text."""
    if value is None or value in ([], ""):
        return None
    if isinstance(value, list):
        return tuple(value) if isinstance(question, Ranking) else frozenset(value)
    return value


def _counted(task: Task, answers: Answers, alternative: Answers) -> _Count:
    judged = list(_judged(task, alternative))
    chosen = {pair for question in judged for pair in _options(question, answers.get(question.id))}
    expected = {pair for question in judged for pair in _options(question, alternative.get(question.id))}
    return _Count(len(chosen & expected), len(chosen - expected), len(expected - chosen))


def _options(question: Question, value: Value | None) -> Iterator[tuple[str, object]]:
    comparable = _comparable(question, value)
    items = comparable if isinstance(comparable, frozenset) else () if comparable is None else (comparable,)
    yield from ((question.id, item) for item in items)
