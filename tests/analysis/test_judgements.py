"""Each judgement is one row, and agreement can be computed from the rows alone."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chateval.analysis._behaviours import BEHAVIOURS
from chateval.annotation import NOT_APPLICABLE, Checks, Choice, FreeText, PairTask, Span, TurnTask, When

from .labelled import (
    BUILT_IN,
    FACTS,
    MARKS,
    NOTE,
    ORDER,
    PAIR,
    SCALE,
    TRAITS,
    export_all,
    labels,
    options,
    rows,
    session,
)

if TYPE_CHECKING:
    from chateval.annotation import Task, Value

ANSWER = ("turn", "question_id", "label", "value", "value_number")


def judged(out: Path, task: "Task", answers: Any, **changes: Any) -> list[tuple[Any, ...]]:
    export_all(out, session(labels(task, answers, **changes)))
    return rows(out, "judgements", *ANSWER)


def test_each_box_of_each_turn_is_a_row_ticked_or_not(tmp_path: Path) -> None:
    """Agreement on what is absent counts as well as on what is there."""
    assert judged(tmp_path, TRAITS, {1: {"traits_q": ["loud"]}}) == [
        (1, "traits_q", "kind", "0", 0),
        (1, "traits_q", "loud", "1", 1),
        (3, "traits_q", "kind", "0", 0),
        (3, "traits_q", "loud", "0", 0),
    ]


def test_an_empty_box_that_was_not_handed_in_says_nothing(tmp_path: Path) -> None:
    """Who left in the middle has not denied the rest."""
    assert judged(tmp_path, TRAITS, {1: {"traits_q": ["loud"]}}, is_submitted=False) == [
        (1, "traits_q", "loud", "1", 1),
    ]
    assert rows(tmp_path, "judgements", "is_submitted") == [(False,)]


def test_a_nested_question_is_judged_only_where_it_was_asked(tmp_path: Path) -> None:
    given: dict[int | None, dict[str, Value]] = {1: {"uses": ["fact"], "true": "no", "true.reason": "They are red."}}

    assert judged(tmp_path, FACTS, given) == [
        (1, "uses", "fact", "1", 1),
        (1, "true", "true", "no", None),
        (1, "true", "true.reason", "They are red.", None),
        (3, "uses", "fact", "0", 0),
    ]


def test_boxes_that_depend_on_the_turn_before_are_judged_only_there(tmp_path: Path) -> None:
    """A zero for a question that nobody saw would be invented data."""
    boxes = Checks(id="traits_q", options=options("kind", "loud"), when=When((), or_on_turn=3))
    task = TurnTask(id="traits", questions=(boxes,))

    assert [row[0] for row in judged(tmp_path, task, {})] == [3, 3]


@pytest.mark.parametrize(
    ("task", "answers", "expected"),
    [
        (SCALE, {"quality": 4}, [("quality", "quality", "4", 4)]),
        (NOTE, {"note_q": "7, I think"}, [("note_q", "note_q", "7, I think", None)]),
        (ORDER, {"order_q": ["b", "a"]}, [("order_q", "b", "1", 1), ("order_q", "a", "2", 2)]),
        (ORDER, {"order_q": NOT_APPLICABLE}, [("order_q", "a", "n/a", None), ("order_q", "b", "n/a", None)]),
        (SCALE, {"quality": NOT_APPLICABLE}, [("quality", "quality", "n/a", None)]),
        (SCALE, {}, []),
    ],
)
def test_each_kind_of_answer_has_its_label_and_value(
    tmp_path: Path, task: "Task", answers: "dict[str, Value]", expected: list[tuple[Any, ...]]
) -> None:
    assert judged(tmp_path, task, {None: answers}) == [(None, *row) for row in expected]


def test_boxes_that_do_not_apply_are_no_zeros(tmp_path: Path) -> None:
    assert judged(tmp_path, TRAITS, {1: {"traits_q": NOT_APPLICABLE}})[:2] == [
        (1, "traits_q", "kind", "n/a", None),
        (1, "traits_q", "loud", "n/a", None),
    ]


def test_a_marked_passage_is_quoted_with_its_place(tmp_path: Path) -> None:
    judged(tmp_path, MARKS, {1: {"marks_q": [Span(0, 8, "odd"), Span(10, 12)]}, 3: {"marks_q": []}})

    assert rows(tmp_path, "judgements", "label", "value", "start", "end") == [
        ("odd", "Tomatoes", 0, 8),
        ("marks_q", "if", 10, 12),
    ]


@pytest.mark.parametrize(
    ("sources", "answer", "preferred", "side"),
    [
        ((1, 2), "left", "1", "left"),
        ((1, 2), "right", "2", "left"),
        ((2, 1), "left", "2", "right"),
        ((2, 1), "right", "1", "right"),
        ((2, 1), "tie", "tie", "right"),
    ],
)
def test_a_preference_is_told_whatever_side_it_was_on(
    tmp_path: Path, sources: tuple[int, int], answer: str, preferred: str, side: str
) -> None:
    """Sides are drawn anew for each worker; what they agree on is the dialogue."""
    ids = tuple(f"d{source}" for source in sources)
    judged(tmp_path, PAIR, {None: {"preferred": answer}}, dialogue_ids=ids, sources=sources, bots=("", ""))

    columns = ("value", "preferred", "side", "dialogue_id", "dialogue_id_2", "source")
    assert rows(tmp_path, "judgements", *columns) == [(answer, preferred, side, "d1", "d2", 1)]


def test_two_dialogues_of_a_session_are_in_the_order_held(tmp_path: Path) -> None:
    about = {"dialogue_ids": ("s1-1", "s1-0"), "sources": (1, 1), "bots": ("second", "first"), "purpose": "chat"}
    judged(tmp_path, PAIR, {None: {"preferred": "left"}}, **about)

    columns = ("dialogue_id", "bot", "dialogue_id_2", "bot_2", "preferred")
    assert rows(tmp_path, "judgements", *columns) == [("s1-0", "first", "s1-1", "second", "2")]


def test_a_text_about_a_pair_is_no_preference(tmp_path: Path) -> None:
    """Somebody may well write "left"."""
    task = PairTask(id="why", questions=(FreeText(id="why_q"),))
    judged(tmp_path, task, {None: {"why_q": "left"}}, dialogue_ids=("a", "b"), sources=(1, 2), bots=("", ""))

    assert rows(tmp_path, "judgements", "value", "preferred") == [("left", "")]


def test_gold_training_and_checks_are_told_from_the_data(tmp_path: Path) -> None:
    """A known answer counted as a judgement would raise agreement."""
    check = Choice(id="item_1", options=options("yes", "no"))
    task = TurnTask(id="t", questions=(Choice(id="q", options=options("yes", "no")), check))
    real, caught = {"q": "yes"}, {"q": "no", "item_1": "no"}
    export_all(
        tmp_path,
        session(
            labels(task, {1: real}, part=0, purpose="training", are_right={1: False}),
            labels(task, {1: {"q": "no"}}, part=1, is_gold=True, are_right={1: True}),
            labels(task, {1: caught, 3: real}, part=2, checks={"item_1": (1, False)}),
        ),
    )

    found = rows(tmp_path, "judgements", "purpose", "is_gold", "is_check", "is_right", "question_id", "value")
    assert found == [
        ("training", False, False, False, "q", "yes"),
        ("label", True, False, True, "q", "no"),
        ("label", False, False, None, "q", "no"),
        ("label", False, True, False, "item_1", "no"),
        ("label", False, False, None, "q", "yes"),
    ]


def test_who_when_and_on_what_are_in_the_row(tmp_path: Path) -> None:
    judged(tmp_path, SCALE, {None: {"quality": 4}})

    columns = ("study", "worker", "unit_id", "session_id", "run_id", "group_id", "dialogue_id", "task", "outcome")
    assert rows(tmp_path, "judgements", *columns) == [
        ("labels", "w_1", "7", "s1", "1", "g1", "d1", "scale", "completed"),
    ]
    [(at, seconds, idle)] = rows(tmp_path, "judgements", "at", "seconds", "idle_seconds")
    assert (at.timestamp(), seconds, idle) == (1_005.0, 5.0, 2.5)


def test_times_are_there_once_for_each_turn(tmp_path: Path) -> None:
    """A turn with two boxes took no longer for it: only this table can be summed."""
    judged(tmp_path, TRAITS, {1: {"traits_q": ["loud"]}})

    assert rows(tmp_path, "label_times", "turn", "text", "seconds", "idle_seconds") == [
        (1, "Tomatoes, if I can.", 5.0, 2.5),
        (3, "I hate tomatoes.", None, None),
    ]


def test_parts_of_several_runs_join_with_each_judgement_once(tmp_path: Path) -> None:
    """A study that was stopped goes on as another run, and a folder may be read twice."""
    first = session(labels(SCALE, {None: {"quality": 1}}))
    resumed = session(labels(SCALE, {None: {"quality": 2}}, part=1), session_id="s2", run_id="2")

    exported = export_all(tmp_path, first, resumed, first)

    assert (exported.sessions, exported.judgements) == (2, 2)
    assert rows(tmp_path, "judgements", "run_id", "study", "value") == [("1", "labels", "1"), ("2", "labels", "2")]
    assert len(rows(tmp_path, "sessions", "session_id")) == 2


def seen(out: Path, task: str, answers: Any) -> dict[str, int]:
    export_all(out, session(labels(BUILT_IN[task], {1: answers}, turns=(1,))))
    return {name: value for _, name, value in rows(out, "behaviours", "turn", "behaviour", "value")}


@pytest.mark.parametrize(
    ("task", "answers", "shown", "not_shown"),
    [
        ("grammar", {"grammar_q": ["uninterpretable"]}, {"uninterpretable"}, set()),
        ("sociality", {}, set(), {"antisocial"}),
        ("commonsense", {"commonsense_q": ["contradicts"]}, {"commonsense_contradiction"}, set()),
        ("personal_information", {"experience_q": ["life"]}, {"life_info"}, {"preference_info"}),
        ("empathy", {"empathy_q": "lacks_empathy"}, {"lack_of_empathy"}, {"empathetic"}),
        ("knowledge", {"uses_fact": ["fact"], "all_accurate": "accurate"}, {"correct_fact"}, {"incorrect_fact"}),
        (
            "knowledge",
            {"uses_fact": ["fact"], "all_accurate": "unknown", "search": "falsified"},
            {"incorrect_fact"},
            {"correct_fact"},
        ),
        ("knowledge", {}, set(), {"correct_fact", "incorrect_fact"}),
        (
            "transitions",
            {"acknowledges": "ignored", "new_topic": "changes_topic", "relevant": "yes"},
            {"ignore", "topic_switch"},
            {"follow_up", "irrelevant"},
        ),
        (
            "consistency_label_withprofile",
            {"consistency_label_labels": ["redundant", "use_profile"]},
            {"redundant"},
            {"self_contradiction", "partner_contradiction"},
        ),
        ("empathy", {}, set(), set()),
        ("quality_likert_turn", {"quality": 5}, set(), set()),
    ],
)
def test_behaviours_are_there_or_not_whatever_their_question(
    tmp_path: Path, task: str, answers: Any, shown: set[str], not_shown: set[str]
) -> None:
    """Sixteen names that stay, for boxes, choices and nested questions alike."""
    assert seen(tmp_path, task, answers) == dict.fromkeys(shown, 1) | dict.fromkeys(not_shown, 0)


def test_the_built_in_tasks_ask_about_all_sixteen_behaviours() -> None:
    """A reworded option must not lose one of them."""
    asked = {each.name for each in BEHAVIOURS if all(each.is_asked_by(BUILT_IN[task]) for task in each.tasks)}

    assert len(asked) == len(BEHAVIOURS) == 16


def test_a_task_of_the_same_name_with_other_answers_shows_no_behaviours(tmp_path: Path) -> None:
    own = TurnTask(id="empathy", questions=(Choice(id="empathy_q", options=options("warm", "cold")),))
    export_all(tmp_path, session(labels(own, {1: {"empathy_q": "warm"}})))

    assert rows(tmp_path, "behaviours", "value") == []
