"""How tasks on dialogues are laid out for one person: order, numbers, sides, attention checks."""

from collections import Counter

import msgspec
import pytest

from chateval.annotation import Datapoint, DialogueTask, PairTask, TurnTask, selected_turns
from chateval.worlds import LabelWork, Layout, check_results, grade_of

from .players import BETTER, KEYS, KIND, MOOD, QUALITY, SKY, keyed, point, shown

MANY = Datapoint(
    dialogue_id="d",
    group_id="g",
    dialogues=(shown(1), shown(2, ("Hi!", "Yes?"))),
    tasks=(BETTER, QUALITY, KIND, MOOD),
)


def with_check(seed: int, datapoint: Datapoint = MANY) -> LabelWork:
    return Layout(seed, checks=(SKY,)).of(datapoint, "label")[1]


@pytest.mark.parametrize("seed", range(10))
def test_tasks_come_kind_by_kind_and_pairs_last(seed: int) -> None:
    """Whoever compares two dialogues should have read both closely before."""
    _, work = Layout(seed).of(MANY, "label")

    kinds = [type(part.task) for part in work.sheet.parts]
    assert kinds == [TurnTask] * 4 + [DialogueTask] * 2 + [PairTask]


def test_within_a_kind_the_order_is_drawn_from_the_seed() -> None:
    """What comes first is answered with a fresh eye; that must not always be the same task."""
    first = Counter(Layout(seed).of(MANY, "label")[1].sheet.parts[0].task.id for seed in range(200))

    assert first.keys() == {"kind", "mood"}
    assert min(first.values()) > 60
    assert Layout(7).of(MANY, "label")[0] == Layout(7).of(MANY, "label")[0]


def test_which_of_a_pair_is_on_the_left_is_drawn_and_recorded() -> None:
    """People favour a side; without the record, nobody could say which dialogue they preferred."""
    lefts = Counter[int]()
    for seed in range(200):
        shown_dialogues, work = Layout(seed).of(MANY, "label")
        lefts[work.sources[shown_dialogues[0].dialogue]] += 1
        assert {work.sources[one.dialogue]: one.turns for one in shown_dialogues} == {
            one.source: one.turns for one in MANY.dialogues
        }
        assert work.sheet.parts[-1].dialogues == tuple(one.dialogue for one in shown_dialogues)

    assert lefts.keys() == {1, 2}
    assert min(lefts.values()) > 60


def test_the_turns_to_be_labelled_are_those_of_the_part_s_own_dialogue() -> None:
    """The two dialogues of a pair seldom are of one length."""
    shown_dialogues, work = Layout(3).of(MANY, "label")
    lengths = {one.dialogue: len(one.turns) for one in shown_dialogues}

    for part in work.sheet.parts[:4]:
        assert part.turns == selected_turns("odd", lengths[part.dialogues[0]])


def test_numbers_are_unique_within_a_session() -> None:
    """Answers are stored under them."""
    layout = Layout(0, first_dialogue=2)
    made = [layout.of(MANY, "label") for _ in range(3)]

    parts = [part.number for _, work in made for part in work.sheet.parts]
    dialogues = [one.dialogue for dialogues, _ in made for one in dialogues]
    assert (len(set(parts)), min(dialogues), len(set(dialogues))) == (len(parts), 2, 6)


@pytest.mark.parametrize("seed", range(20))
def test_an_attention_check_is_asked_once_and_under_a_name_that_tells_nothing(seed: int) -> None:
    """On every turn it would wear people out; under its own name it would be known for what it is."""
    work = with_check(seed)
    [placed] = work.checks
    asked = [
        (part.number, turn)
        for part in work.sheet.parts
        for turn in part.turns or [None]
        if _puts(work, part.number, turn, placed.question, "blue")
    ]

    assert asked == [(placed.part, placed.turn)]
    assert b"sky" not in b"".join(msgspec.json.encode(part.task) for part in work.sheet.parts)


def _puts(work: LabelWork, part: int, turn: int | None, question: str, value: str) -> bool:
    """Whether an answer to the question counts there."""
    if work.sheet.refusal(part, turn, question, value) is not None:
        return False
    work.sheet.put(part, turn, question, value)
    return work.sheet.answers(part)[turn].get(question) == value


@pytest.mark.parametrize(("answer", "is_right"), [("blue", True), ("red", False), (None, False)])
def test_an_attention_check_is_graded(answer: str | None, is_right: bool) -> None:
    work = with_check(1)
    [placed] = work.checks
    work.sheet.put(placed.part, placed.turn, placed.question, answer)

    assert list(check_results(work).values()) == [is_right]


def test_attention_checks_come_anywhere() -> None:
    """A place that can be learned is a place where alone one pays attention."""
    placed = Counter((check.part, check.turn) for seed in range(300) for check in with_check(seed).checks)

    assert len(placed) > 10
    assert max(placed.values()) < 80


def test_an_attention_check_stands_where_something_is_asked() -> None:
    """On a task that labels no turn of this dialogue nobody could answer it, and all would have failed it."""
    short = Datapoint(dialogue_id="d", group_id="g", dialogues=(shown(1, ("Hi!",)),), tasks=(KIND, QUALITY))

    tasks = {part.number: part.task.id for part in with_check(0, short).sheet.parts}
    assert {tasks[check.part] for seed in range(20) for check in with_check(seed, short).checks} == {"quality"}
    assert (
        with_check(0, Datapoint(dialogue_id="d", group_id="g", dialogues=short.dialogues, tasks=(KIND,))).checks == ()
    )


def test_attention_checks_are_kept_for_the_work_that_counts() -> None:
    """One that came up in a training would be missing among the answers that it is to vouch for."""
    layout = Layout(0, checks=(SKY,))

    assert layout.of(keyed(), "onboarding")[1].checks == ()
    assert len(layout.of(point(), "label")[1].checks) == 1
    assert layout.of(point(), "label")[1].checks == ()


def test_a_check_changes_nothing_about_the_grade_of_a_gold_unit() -> None:
    work = with_check(5, keyed())
    for turn, key in KEYS.items():
        work.sheet.put(work.sheet.parts[0].number, turn, "kind_q", key.alternatives[0].get("kind_q"))
    [placed] = work.checks
    work.sheet.put(placed.part, placed.turn, placed.question, "red")

    assert [grade.mistakes for grade in grade_of(work).values()] == [0]
