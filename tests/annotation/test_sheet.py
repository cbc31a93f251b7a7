"""Answer sheets: what is taken, what is asked at present, what is missing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chateval.annotation import (
    Checks,
    Choice,
    DialogueTask,
    FreeText,
    Gap,
    Option,
    PairTask,
    Part,
    Question,
    Ranking,
    Scale,
    Seen,
    Sheet,
    Span,
    Spans,
    Task,
    TurnTask,
    Value,
    When,
)

YES_NO = (Option("yes", "Yes"), Option("no", "No"))
TEXT = "I lik cats"

DEEP = Choice(id="deep", options=YES_NO)
WHY = Checks(id="why", options=(Option("rude", "Rude", then=(DEEP,)), Option("dull", "Dull")))
TREE = Choice(id="bad", options=(Option("yes", "Yes", then=(WHY,)), Option("no", "No")), asks_reason=True)


def turn_task(*questions: Question, is_required: bool = True) -> TurnTask:
    return TurnTask(id="t", questions=questions, is_required=is_required)


def sheet(task: Task, turns: tuple[int, ...] = (1, 3), **more: Any) -> Sheet:
    return Sheet([Part(7, task, (0,), turns, texts=dict.fromkeys(turns, TEXT), **more)])


def put(to: Sheet, turn: int | None = 1, /, **answers: Value | None) -> None:
    for question, value in answers.items():
        assert to.refusal(7, turn, question, value) is None
        to.put(7, turn, question, value)


def missing(of: Sheet) -> list[tuple[int | None, str]]:
    return [(gap.turn, gap.question_id) for gap in of.missing()]


def test_answers_are_kept_by_part_turn_and_question() -> None:
    answered = sheet(turn_task(TREE))

    put(answered, 1, bad="no")
    put(answered, 3, bad="yes", why=["dull"])

    assert answered.answers(7) == {1: {"bad": "no"}, 3: {"bad": "yes", "why": ["dull"]}}


def test_tasks_on_whole_dialogues_are_answered_without_a_turn() -> None:
    answered = Sheet([Part(7, PairTask(id="p", questions=(TREE,), is_required=True), (0, 1), ())])
    assert missing(answered) == [(None, "bad")]

    put(answered, None, bad="no")

    assert answered.answers(7) == {None: {"bad": "no"}}
    assert missing(answered) == []


def test_an_answer_can_be_changed_and_taken_back() -> None:
    """Someone who clicked by mistake can undo it, the first answer of all included."""
    answered = sheet(turn_task(TREE), (1,))

    put(answered, bad="no")
    put(answered, bad="yes")
    put(answered, bad=None)

    assert answered.answers(7) == {1: {}}
    assert missing(answered) == [(1, "bad")]


def test_a_nested_question_is_asked_only_while_its_option_is_chosen() -> None:
    """Its answer does not count meanwhile, but is back, unasked for, when the option is chosen again."""
    answered = sheet(turn_task(TREE), (1,))
    put(answered, bad="yes", why=["rude"], deep="no")

    put(answered, bad="no")
    assert answered.answers(7) == {1: {"bad": "no"}}

    put(answered, bad="yes")
    assert answered.answers(7) == {1: {"bad": "yes", "why": ["rude"], "deep": "no"}}


def test_what_hangs_on_a_hidden_answer_is_hidden_too() -> None:
    answered = sheet(turn_task(TREE), (1,))
    put(answered, bad="yes", why=["rude"], deep="no")

    put(answered, why=["dull"])

    assert answered.answers(7) == {1: {"bad": "yes", "why": ["dull"]}}


def test_required_nested_questions_are_missing_once_they_are_asked() -> None:
    answered = sheet(turn_task(Checks(id="c", options=(Option("on", "On", then=(DEEP,)),))), (1,))
    assert missing(answered) == []

    put(answered, c=["on"])

    assert missing(answered) == [(1, "deep")]


def test_missing_answers_are_told_in_the_order_of_the_page() -> None:
    """ "Next unanswered" goes down the page."""
    whole = Part(3, DialogueTask(id="d", questions=(DEEP,), is_required=True), (0,), ())
    turns = Part(1, turn_task(TREE, Scale(id="s")), (0,), (1, 3))
    answered = Sheet([turns, whole])

    answered.put(1, 1, "bad", "yes")

    assert answered.missing() == (
        Gap(1, 1, "s"),
        Gap(1, 3, "bad"),
        Gap(1, 3, "s"),
        Gap(3, None, "deep"),
    )


@pytest.mark.parametrize(
    ("question", "too_little", "enough"),
    [
        (DEEP, None, "yes"),
        (Scale(id="q"), None, 1),
        (Checks(id="q", options=YES_NO, minimum=2), ["no"], ["no", "yes"]),
        (FreeText(id="q", minimum_characters=3), " ab ", "abc"),
        (Ranking(id="q", options=YES_NO), None, ["no", "yes"]),
        (Scale(id="q", allows_na=True), None, "n/a"),
        (Checks(id="q", options=YES_NO, minimum=1, allows_na=True), [], "n/a"),
    ],
)
def test_a_required_question_is_missing_until_it_is_answered_in_full(
    question: Question, too_little: Value | None, enough: Value
) -> None:
    """Too little is taken all the same: whoever ticks the first of two boxes is not wrong, but not ready."""
    answered = sheet(turn_task(question), (1,))

    put(answered, **{question.id: too_little})
    assert missing(answered) == [(1, question.id)]

    put(answered, **{question.id: enough})
    assert missing(answered) == []


@pytest.mark.parametrize(
    "question",
    [
        Checks(id="q", options=YES_NO),
        Spans(id="q"),
        Choice(id="q", options=YES_NO, is_optional=True),
        Checks(id="q", options=YES_NO, minimum=1, is_optional=True),
    ],
    ids=["no box ticked", "nothing marked", "optional", "optional minimum"],
)
def test_an_open_question_may_be_an_answer(question: Question) -> None:
    """Where nothing applies there is nothing to click, and nobody should be made to click it."""
    assert missing(sheet(turn_task(question))) == []


def test_nothing_is_missing_where_nothing_is_required() -> None:
    assert missing(sheet(turn_task(TREE, is_required=False))) == []


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (DEEP, "no"),
        (Checks(id="q", options=YES_NO), []),
        (Checks(id="q", options=YES_NO), ["no", "yes"]),
        (Scale(id="q", low=-2, high=2), -2),
        (FreeText(id="q", maximum_characters=3), "äöü"),
        (Ranking(id="q", options=YES_NO), ["no", "yes"]),
        (Ranking(id="q"), ["2", "3", "1"]),
        (Spans(id="q"), [Span(2, 5), Span(5, 10)]),
        (Spans(id="q", options=YES_NO), [Span(0, 10, "yes"), Span(2, 5, "no")]),
        (Scale(id="q", allows_na=True), "n/a"),
        (Spans(id="q", allows_na=True), "n/a"),
    ],
)
def test_an_answer_that_fits_its_question_is_taken(question: Question, value: Value) -> None:
    answered = sheet(turn_task(question), replies=("a", "b", "c"))

    put(answered, **{question.id: value})

    assert answered.answers(7)[1] == {question.id: value}


@pytest.mark.parametrize(
    ("question", "value", "told"),
    [
        (DEEP, "maybe", "“maybe” is not one of the answers"),
        (DEEP, "n/a", "not one of the answers"),
        (DEEP, 1, "not one of the answers"),
        (DEEP, ["yes"], "not one of the answers"),
        (Checks(id="q", options=YES_NO), "yes", "Tick those that apply"),
        (Checks(id="q", options=YES_NO), ["yes", "yes"], "ticked twice"),
        (Checks(id="q", options=YES_NO), ["yes", "maybe"], "“maybe” is not one of the boxes"),
        (Checks(id="q", options=YES_NO), [Span(0, 1)], "not one of the boxes"),
        (Scale(id="q"), 0, "from 1 to 5"),
        (Scale(id="q"), 6, "from 1 to 5"),
        (Scale(id="q"), "3", "from 1 to 5"),
        (Scale(id="q"), True, "from 1 to 5"),
        (FreeText(id="q", maximum_characters=3), "abcd", "has 4 characters; at most 3"),
        (FreeText(id="q"), 3, "is not a text"),
        (Ranking(id="q", options=YES_NO), ["yes"], "each of the 2 items"),
        (Ranking(id="q", options=YES_NO), ["yes", "yes"], "each of the 2 items"),
        (Ranking(id="q"), ["1", "2", "4"], "each of the 3 items"),
        (Ranking(id="q"), "1", "each of the 3 items"),
        (Spans(id="q"), [Span(0, 11)], "which has 10 characters"),
        (Spans(id="q"), [Span(3, 3)], "passage is empty"),
        (Spans(id="q"), [Span(0, 1, "yes")], "“yes” is not one of the labels"),
        (Spans(id="q", options=YES_NO), [Span(0, 1)], "not one of the labels"),
        (Spans(id="q", options=YES_NO), [Span(4, 8, "no"), Span(0, 5, "no")], "overlap"),
        (Spans(id="q"), ["0-3"], "a beginning and an end"),
        (Spans(id="q"), "0-3", "Mark passages"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_a_reason(question: Question, value: Value, told: str) -> None:
    """What comes from a browser may be anything, and what is in the data must not."""
    refusal = sheet(turn_task(question), replies=("a", "b", "c")).refusal(7, 1, question.id, value)

    assert refusal is not None
    assert told in refusal


@pytest.mark.parametrize(
    ("part", "turn", "question", "told"),
    [
        (8, 1, "bad", "no such task"),
        (7, 2, "bad", "not to be labelled"),
        (7, None, "bad", "not to be labelled"),
        (7, 1, "good", "no such question"),
        (7, 1, "why.reason", "no such question"),
    ],
)
def test_an_answer_to_nothing_is_refused(part: int, turn: int | None, question: str, told: str) -> None:
    """Taking it back is refused as well: there is nothing to take back."""
    answered = sheet(turn_task(TREE))

    assert told in str(answered.refusal(part, turn, question, "yes"))
    assert told in str(answered.refusal(part, turn, question, None))


def test_passages_cannot_be_marked_where_there_is_no_text() -> None:
    answered = Sheet([Part(7, turn_task(Spans(id="q")), (0,), (1,))])

    assert "no text" in str(answered.refusal(7, 1, "q", [Span(0, 1)]))


def test_a_reason_is_kept_with_its_answer_while_the_question_is_asked() -> None:
    why = Choice(id="q", options=YES_NO, asks_reason=True)
    answered = sheet(turn_task(Choice(id="top", options=(Option("on", "On", then=(why,)), Option("off", "Off")))), (1,))

    put(answered, top="on", q="yes", **{"q.reason": "It says so."})
    assert answered.answers(7)[1] == {"top": "on", "q": "yes", "q.reason": "It says so."}

    put(answered, top="off")
    assert answered.answers(7)[1] == {"top": "off"}


def test_a_reason_has_a_limit_and_an_empty_one_is_none() -> None:
    answered = sheet(turn_task(TREE), (1,))
    assert "at most 2,000" in str(answered.refusal(7, 1, "bad.reason", "x" * 2_001))
    assert "not a text" in str(answered.refusal(7, 1, "bad.reason", 5))

    put(answered, **{"bad.reason": "x" * 2_000})
    put(answered, **{"bad.reason": ""})

    assert answered.answers(7)[1] == {}


def test_a_turn_that_comes_while_chatting_is_labelled_from_then_on() -> None:
    answered = Sheet([Part(7, turn_task(DEEP, Spans(id="s")), (0,), ())])
    assert answered.refusal(7, 1, "deep", "yes") is not None

    answered.add_turn(7, 1, "Hello")

    put(answered, deep="yes", s=[Span(0, 5)])
    assert missing(answered) == []
    assert [(part.turns, part.texts) for part in answered.parts] == [((1,), {1: "Hello"})]


def test_a_condition_looks_at_the_labelled_turn_before() -> None:
    """Turn 2 is not labelled, so that for turn 3 the turn before is turn 1."""
    after = Choice(id="after", options=YES_NO, when=When((Seen("deep", ("no",), "previous"),)))
    answered = sheet(turn_task(DEEP, after))

    put(answered, 1, deep="no")
    put(answered, 3, deep="no", after="yes")

    assert answered.answers(7) == {1: {"deep": "no"}, 3: {"deep": "no", "after": "yes"}}
    put(answered, 1, deep="yes")
    assert answered.answers(7)[3] == {"deep": "no"}


def test_a_condition_does_not_see_answers_that_are_hidden() -> None:
    """Otherwise data would hold the answer to a question whose reason to be asked is not in the data."""
    late = Choice(id="late", options=YES_NO, when=When((Seen("deep", ("no",)),)))
    later = Choice(id="later", options=YES_NO, when=When((Seen("late", ("no",), "previous"),)))
    answered = sheet(turn_task(later, late, TREE))
    put(answered, 1, bad="yes", why=["rude"], deep="no", late="no")
    assert (3, "later") in missing(answered)

    put(answered, 1, bad="no")

    assert answered.answers(7)[1] == {"bad": "no"}
    assert (3, "later") not in missing(answered)


def test_a_condition_may_hold_on_one_turn_whatever_was_answered() -> None:
    answered = sheet(turn_task(Choice(id="q", options=YES_NO, when=When((), or_on_turn=3))))

    assert missing(answered) == [(3, "q")]


def test_a_condition_finds_points_of_scales_and_ticked_boxes() -> None:
    conditions = (Seen("s", ("4", "5")), Seen("c", ("yes",)))
    then = Choice(id="q", options=YES_NO, when=When(conditions))
    answered = sheet(turn_task(Scale(id="s"), Checks(id="c", options=YES_NO), then), (1,))

    put(answered, s=3, c=["no"])
    assert missing(answered) == []
    put(answered, s=4)
    assert missing(answered) == [(1, "q")]
    put(answered, s=3, c=["no", "yes"])
    assert missing(answered) == [(1, "q")]


ANSWERS = st.one_of(
    st.tuples(st.just("bad"), st.sampled_from(["yes", "no", None])),
    st.tuples(st.just("why"), st.sampled_from([["rude"], ["dull"], ["rude", "dull"], [], None])),
    st.tuples(st.just("deep"), st.sampled_from(["yes", "no", None])),
    st.tuples(st.just("late"), st.sampled_from(["yes", "no", None])),
)
LATE = Choice(id="late", options=YES_NO, when=When((Seen("deep", ("yes",)), Seen("deep", ("no",), "previous"))))


@given(st.lists(st.tuples(st.sampled_from([1, 3]), ANSWERS), max_size=20))
def test_only_the_last_answers_count_in_whatever_order_they_came(given_: list[tuple[int, Any]]) -> None:
    """After a reload the journal is replayed; a page that was offline sends what it has kept. Both must end alike."""
    answered, replayed = sheet(turn_task(LATE, TREE)), sheet(turn_task(LATE, TREE))

    for turn, (question, value) in given_:
        answered.put(7, turn, question, value)
    for (turn, question), value in sorted({(turn, name): value for turn, (name, value) in given_}.items()):
        replayed.put(7, turn, question, value)

    assert answered.answers(7) == replayed.answers(7)
    assert answered.missing() == replayed.missing()


@given(st.lists(st.tuples(st.sampled_from([1, 3]), ANSWERS), max_size=20))
def test_whoever_fills_the_gaps_comes_to_an_end(given_: list[tuple[int, Any]]) -> None:
    """Each answer may lead to further questions, but never to more than there are."""
    answered = sheet(turn_task(LATE, TREE))
    for turn, (question, value) in given_:
        answered.put(7, turn, question, value)

    for _ in range(2 * 4):
        for gap in answered.missing():
            answered.put(7, gap.turn, gap.question_id, "yes")

    assert answered.missing() == ()


def test_two_parts_with_one_number_are_a_mistake_of_ours() -> None:
    part = Part(7, turn_task(DEEP), (0,), (1,))

    with pytest.raises(ValueError, match="the number 7"):
        Sheet([part, part])
