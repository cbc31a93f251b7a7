"""What counts as right decides who may work, so each rule of it is held here."""

from collections.abc import Mapping

import pytest

from chateval.annotation._datapoints import TurnKey
from chateval.annotation._grading import Grade, TurnGrade, grade, is_right_answer
from chateval.annotation._sheet import Part, Sheet
from chateval.annotation._tasks import NOT_APPLICABLE, Scale, Task, Value

from .known_tasks import FACTS, MANNERS, MOOD, ORDER, QUALITY

Answers = dict[str, Value]


def graded(task: Task, given: Mapping[str, Value], *alternatives: Answers) -> TurnGrade:
    """Answer turn 1 on a sheet, as a worker does, and grade it."""
    sheet = Sheet([Part(0, task, (0,), (1,))])
    for question, value in given.items():
        sheet.put(0, 1, question, value)
    [turn] = grade(task, sheet.answers(0), {1: TurnKey(alternatives, "Because.")}).turns
    return turn


@pytest.mark.parametrize(
    ("task", "given", "right"),
    [
        (MANNERS, {"manners_q": ["loud", "rude"]}, {"manners_q": ["rude", "loud"]}),
        (MANNERS, {}, {}),
        (MANNERS, {"manners_q": []}, {}),
        (MANNERS, {}, {"manners_q": []}),
        (MOOD, {"mood_q": "sad"}, {"mood_q": "sad"}),
        (QUALITY, {"quality": 5}, {"quality": 5}),
        (ORDER, {"order_q": ["b", "a", "c"]}, {"order_q": ["b", "a", "c"]}),
        (FACTS, {"uses": ["fact"], "true": "no"}, {"uses": ["fact"], "true": "no"}),
        (FACTS, {"uses": ["fact"], "true": NOT_APPLICABLE}, {"uses": ["fact"], "true": NOT_APPLICABLE}),
        (FACTS, {"uses": ["fact"], "true": "no"}, {"uses": ["fact"]}),
        (FACTS, {"note": "I am not sure."}, {}),
        (QUALITY, {"quality": 1, "why_poor": "dull"}, {"quality": 1}),
    ],
    ids=str,
)
def test_answers_that_fit_are_right(task: Task, given: Answers, right: Answers) -> None:
    assert graded(task, given, right).is_right


@pytest.mark.parametrize(
    ("task", "given", "right"),
    [
        (MANNERS, {"manners_q": ["rude"]}, {"manners_q": ["rude", "loud"]}),
        (MANNERS, {"manners_q": ["rude"]}, {}),
        (MANNERS, {}, {"manners_q": ["rude"]}),
        (MOOD, {}, {"mood_q": "sad"}),
        (MOOD, {"mood_q": "sad"}, {}),
        (QUALITY, {"quality": 4}, {"quality": 5}),
        (ORDER, {"order_q": ["a", "b", "c"]}, {"order_q": ["b", "a", "c"]}),
        (FACTS, {"uses": ["fact"], "true": "yes"}, {"uses": ["fact"], "true": "no"}),
        (FACTS, {"uses": ["fact"]}, {"uses": ["fact"], "true": "no"}),
        (FACTS, {"uses": ["fact"], "true": NOT_APPLICABLE}, {"uses": ["fact"], "true": "no"}),
        (QUALITY, {"quality": 1, "why_poor": "dull"}, {"quality": 1, "why_poor": "wrong"}),
    ],
    ids=str,
)
def test_answers_that_do_not_fit_are_wrong(task: Task, given: Answers, right: Answers) -> None:
    assert not graded(task, given, right).is_right


def test_any_alternative_will_do() -> None:
    """Where two answers are defensible, nobody is failed for either."""
    either: tuple[Answers, ...] = ({"manners_q": ["rude"]}, {})

    assert graded(MANNERS, {"manners_q": ["rude"]}, *either).is_right
    assert graded(MANNERS, {}, *either).is_right
    assert not graded(MANNERS, {"manners_q": ["loud"]}, *either).is_right


def test_an_answer_that_is_hidden_by_now_does_not_count() -> None:
    """Someone who unticks a box takes back what it led to."""
    assert graded(FACTS, {"uses": [], "true": "no"}, {}).is_right


def test_a_turn_that_was_not_answered_at_all_is_graded() -> None:
    """Leaving a turn out would otherwise be the way to avoid mistakes."""
    keys = {1: TurnKey(({"mood_q": "sad"},)), 3: TurnKey(({"mood_q": "glad"},))}

    found = grade(MOOD, {1: {"mood_q": "sad"}}, keys)

    assert [(turn.turn, turn.is_right) for turn in found.turns] == [(1, True), (3, False)]
    assert (found.right, found.mistakes, found.score) == (1, 1, 0.5)


def test_feedback_has_all_that_it_needs() -> None:
    turn = graded(MOOD, {"mood_q": "glad"}, {"mood_q": "sad"})

    assert (turn.alternatives, turn.explanation) == (({"mood_q": "sad"},), "Because.")


def test_nothing_to_grade_is_a_full_score() -> None:
    assert Grade(()).score == 1.0


@pytest.mark.parametrize(
    ("given", "counts"),
    [(["rude", "loud"], (1, 1)), (["rude"], (1, 0)), (["loud"], (0, 1)), ([], (0, 0))],
    ids=str,
)
def test_ticked_options_are_counted_for_themselves(given: list[str | object], counts: tuple[int, int]) -> None:
    """A rule may count options, as ParlAI's onboarding once did; one that is missed is neither right nor wrong."""
    turn = graded(MANNERS, {"manners_q": given}, {"manners_q": ["rude"]})  # type: ignore[dict-item]

    assert (turn.right_options, turn.wrong_options) == counts


def test_options_are_counted_against_the_nearest_alternative() -> None:
    turn = graded(MANNERS, {"manners_q": ["loud"]}, {"manners_q": ["rude"]}, {"manners_q": ["loud"]})

    assert (turn.right_options, turn.wrong_options) == (1, 0)


def test_a_single_answer_is_right_or_wrong() -> None:
    """An attention check is one question, without a task."""
    scale = Scale(id="s")

    assert is_right_answer(scale, 3, 3)
    assert not is_right_answer(scale, 4, 3)
    assert not is_right_answer(scale, None, 3)
