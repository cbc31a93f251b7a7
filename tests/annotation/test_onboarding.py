"""ParlAI's file of onboarding dialogues loads as it is."""

from pathlib import Path
from typing import Any

import pytest

from chateval.annotation._onboarding import read_onboarding
from chateval.annotation._tasks import Checks, Option, TurnTask

from .known_tasks import BEST, FACTS, MANNERS, complaints, write_json

BUCKETS = TurnTask(
    id="annotations",
    questions=(Checks(id="buckets", options=(Option("bucket_0", "Odd"), Option("bucket_1", "Even"))),),
)


def person(text: str = "Hi!") -> dict[str, object]:
    return {"text": text, "agent_idx": 0, "id": "human_evaluator", "episode_done": False}


def bot(text: str, *answers: str, **keys: object) -> dict[str, object]:
    return {"text": text, "agent_idx": 1, "id": "model", "answers": list(answers), **keys}


def file(folder: Path, dialog: object, **limits: int) -> Path:
    return write_json(folder / "onboard.json", {"dialog": dialog, "min_correct": 1, "max_incorrect": 0, **limits})


PAIRS = [[person(), bot("a", "bucket_0")], [person(), bot("b", "bucket_1", episode_done=True)]]


def test_pairs_of_turns_are_one_dialogue(tmp_path: Path) -> None:
    """ParlAI's pages show them one below the other, as the conversation that they are."""
    found = read_onboarding(file(tmp_path, PAIRS, max_failures_allowed=2), BUCKETS)

    [point] = found.datapoints
    assert [turn.text for turn in point.dialogues[0].turns] == ["Hi!", "a", "Hi!", "b"]
    assert {turn: key.alternatives for turn, key in point.keys.items()} == {
        1: ({"buckets": ["bucket_0"]},),
        3: ({"buckets": ["bucket_1"]},),
    }
    assert (found.min_correct, found.max_incorrect, found.max_failures_allowed) == (1, 0, 2)


def test_an_episode_ends_where_it_says_so(tmp_path: Path) -> None:
    found = read_onboarding(file(tmp_path, [*PAIRS, [person(), bot("c")]]), BUCKETS)

    assert [len(point.dialogues[0].turns) for point in found.datapoints] == [4, 2]


@pytest.mark.parametrize(
    ("dialog", "lengths"),
    [([turn for pair in PAIRS for turn in pair], [4]), ([[turn for pair in PAIRS for turn in pair], PAIRS[0]], [4, 2])],
    ids=["turns", "lists of turns"],
)
def test_dialogues_may_also_be_written_whole(tmp_path: Path, dialog: object, lengths: list[int]) -> None:
    found = read_onboarding(file(tmp_path, dialog), BUCKETS)

    assert [len(point.dialogues[0].turns) for point in found.datapoints] == lengths


def test_turns_without_answers_are_not_graded(tmp_path: Path) -> None:
    """An empty list is an answer: nothing applies. No list is none."""
    plain = {"text": "c", "agent_idx": 1}

    found = read_onboarding(
        file(tmp_path, [[person(), plain], [person(), bot("b")], [person(), bot("a", "Odd")]]), BUCKETS
    )

    assert {turn: key.alternatives for turn, key in found.datapoints[0].keys.items()} == {
        3: ({},),
        5: ({"buckets": ["bucket_0"]},),
    }


def test_answers_may_name_their_questions(tmp_path: Path) -> None:
    """Tasks with more than one question need that."""
    turn = {"text": "a", "agent_idx": 1, "answers": {"uses": "fact", "true": "no"}, "explanation": "It is not."}

    found = read_onboarding(file(tmp_path, [person(), turn]), FACTS)

    assert found.datapoints[0].keys[1].alternatives == ({"uses": ["fact"], "true": "no"},)
    assert found.datapoints[0].keys[1].explanation == "It is not."


def test_limits_that_are_not_given_are_parlais(tmp_path: Path) -> None:
    dialog = [[person(), bot("a", "bucket_0")]] * 4

    found = read_onboarding(write_json(tmp_path / "onboard.json", {"dialog": dialog}), BUCKETS)

    assert (found.min_correct, found.max_incorrect, found.max_failures_allowed) == (4, 3, 1)


@pytest.mark.parametrize(
    ("dialog", "said"),
    [
        ([], "At dialog"),
        ([person(), [person()]], "Some items are turns"),
        ([[person(), {"text": "a"}]], "dialog[0][1]: Object missing required field `agent_idx`"),
        ([[person(), bot("a", "bucket_2")]], "Did you mean"),
        ([[{**person(), "answers": ["bucket_0"]}, bot("a", "bucket_0")]], "dialog[0][0]: There are answers here"),
        ([bot("a", "bucket_0"), person()], "let the person speak first"),
        ([[person(), {"text": "a", "agent_idx": 1}]], "No turn has answers"),
        ([[person(), {"text": "", "agent_idx": 1}]], "At text"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_told_with_its_place(tmp_path: Path, dialog: Any, said: str) -> None:
    assert said in complaints(read_onboarding, file(tmp_path, dialog), BUCKETS)


def test_limits_that_nobody_could_meet_are_told(tmp_path: Path) -> None:
    """Otherwise everyone is turned away, and one learns of it from an empty study."""
    message = complaints(read_onboarding, file(tmp_path, PAIRS, min_correct=3), BUCKETS)

    assert "min_correct is 3, but there are 2 right options on 2 turns" in message


def test_options_alone_do_for_a_task_with_one_question_only(tmp_path: Path) -> None:
    two = TurnTask(id="two", questions=(*BUCKETS.questions, *MANNERS.questions))

    message = complaints(read_onboarding, file(tmp_path, PAIRS), two)

    assert "It is not clear which question of two is answered" in message


def test_a_task_that_is_not_asked_of_turns_is_told(tmp_path: Path) -> None:
    assert "best is none" in complaints(read_onboarding, file(tmp_path, PAIRS), BEST)
