"""Training and gold dialogues: their right answers in all the ways in which files write them."""

from pathlib import Path
from typing import Any

import pytest

from chateval.annotation._tasks import Value
from chateval.annotation._training import read_golds, read_training

from .known_tasks import MANNERS, TASKS, complaints, write_json, write_lines


def dialogue(task: str, answers: object, *more: object, **keys: Any) -> dict[str, Any]:
    turns = [["user", "Hi!"], ["system", "What?", answers, *more]]
    return {"dialogue_id": "d", "annotation_tasks": [task], "turns": turns, "bot_persona": [], **keys}


def training(folder: Path, *dialogues: dict[str, Any]) -> Path:
    return write_json(folder / "training.json", {f"d{number}": each for number, each in enumerate(dialogues)})


def either(*options: object) -> dict[str, object]:
    return {"_disjunction": True, "options": list(options)}


def test_a_dialogue_is_read_with_its_key(tmp_path: Path) -> None:
    raw = dialogue("manners", {"manners_q": "rude"}, "One does not say that.", pass_criteria=2)

    [point] = read_training(training(tmp_path, raw), TASKS)

    assert point.tasks == (MANNERS,)
    assert point.allowed_mistakes == 2
    assert point.keys[1].alternatives == ({"manners_q": ["rude"]},)
    assert point.keys[1].explanation == "One does not say that."
    assert [turn.text for turn in point.dialogues[0].turns] == ["Hi!", "What?"]


@pytest.mark.parametrize(
    ("task", "answers", "read"),
    [
        ("manners", {}, [{}]),
        ("manners", {"manners_q": ""}, [{"manners_q": []}]),
        ("manners", {"manners_q": ["loud", "rude"]}, [{"manners_q": ["rude", "loud"]}]),
        ("manners", {"manners_q": " that is\nRUDE."}, [{"manners_q": ["rude"]}]),
        ("manners", either({"manners_q": "rude"}, {}), [{"manners_q": ["rude"]}, {}]),
        ("mood", {"How is SPEAKER_X?": "Sad"}, [{"mood_q": "sad"}]),
        ("quality", {"Quality": 5}, [{"quality": 5}]),
        ("quality", {"quality": "4"}, [{"quality": 4}]),
        ("quality", {"quality": "Superb"}, [{"quality": 5}]),
        ("quality", {"quality": 1, "why_poor": "dull"}, [{"quality": 1, "why_poor": "dull"}]),
        ("facts", {"uses": "fact", "true": "n/a"}, [{"uses": ["fact"], "true": "n/a"}]),
        ("facts", {"uses": "fact", "true": ""}, [{"uses": ["fact"]}]),
        ("facts", {"uses": "", "true": ""}, [{"uses": []}]),
        ("order", {"order_q": ["C", "a", "b"]}, [{"order_q": ["c", "a", "b"]}]),
    ],
    ids=str,
)
def test_answers_are_told_by_id_or_by_text(
    tmp_path: Path, task: str, answers: object, read: list[dict[str, Value]]
) -> None:
    """What is compared and stored are ids; what people write is what they see."""
    [point] = read_training(training(tmp_path, dialogue(task, answers)), TASKS)

    assert list(point.keys[1].alternatives) == read


@pytest.mark.parametrize(
    ("task", "answers", "said"),
    [
        ("manners", {"maners_q": "rude"}, "Did you mean 'manners_q'?"),
        ("manners", {"manners_q": "rud"}, "Did you mean 'rude'?"),
        ("manners", {"manners_q": ["rude", "That is rude."]}, "twice"),
        ("manners", {"manners_q": True}, "true is no answer"),
        ("manners", "rude", '"rude" is no answer'),
        ("manners", either(), "_disjunction"),
        ("manners", {"_disjunction": False, "options": [{}]}, "_disjunction"),
        ("manners", either({"manners_q": "lout"}), "Did you mean 'loud'?"),
        ("manners", None, "missing"),
        ("mood", {}, "The question mood_q is not answered, but mood requires an answer"),
        ("mood", {"mood_q": ["sad"]}, "is no answer to mood_q"),
        ("mood", {"mood_q": "sad", "How is SPEAKER_X?": "glad"}, "answered twice"),
        ("quality", {"quality": 6}, "from 1 to 5"),
        ("quality", {"quality": True}, "from 1 to 5"),
        ("quality", {"quality": 2, "why_poor": "dull"}, "not asked here"),
        ("facts", {"true": "no"}, "not asked here"),
        ("facts", {"note": "Well."}, "cannot be graded"),
        ("order", {"order_q": ["a", "b"]}, "Name each once: a, b, c"),
        ("essay", {}, "cannot be graded turn by turn"),
        ("no_task", {}, "There is no task"),
    ],
    ids=str,
)
def test_answers_that_cannot_be_graded_are_told(tmp_path: Path, task: str, answers: object, said: str) -> None:
    """A wrong key fails everybody, and nobody can tell from outside."""
    path = training(tmp_path, dialogue(task, answers))

    message = complaints(read_training, path, TASKS)

    assert f'{path}, dialogue "d0": ' in message
    assert said in message


def changing(*answers: object) -> dict[str, Any]:
    turns = [turn for each in answers for turn in (["user", "Hi!"], ["system", "What?", each])]
    return dialogue("change", {}, turns=turns)


def test_a_question_may_hang_on_the_turn_before(tmp_path: Path) -> None:
    """What is right there opens it here; an optional question need not be named."""
    [point] = read_training(training(tmp_path, changing({"now": "sad"}, {"now": "glad", "better": "yes"})), TASKS)

    assert point.keys[3].alternatives == ({"now": "glad", "better": "yes"},)


def test_a_question_that_the_turn_before_closes_is_told(tmp_path: Path) -> None:
    path = training(tmp_path, changing({"now": "glad"}, {"now": "glad", "better": "yes"}))

    assert "turns[3]: The question better is answered, but not asked here" in complaints(read_training, path, TASKS)


def test_a_problem_is_told_with_its_turn(tmp_path: Path) -> None:
    assert "turns[1]: " in complaints(read_training, training(tmp_path, dialogue("manners", {"x": "y"})), TASKS)


def test_a_key_where_nothing_is_labelled_is_told(tmp_path: Path) -> None:
    """Most often the turns are out of step, and each key stands one turn away from where it belongs."""
    turns = [["user", "Hi!", {"manners_q": "rude"}, ""], ["system", "What?", {}, ""]]

    message = complaints(read_training, training(tmp_path, dialogue("manners", {}, turns=turns)), TASKS)

    assert "turns[0]: There are answers here, but the task manners labels the turns 'odd'" in message


def test_empty_places_where_nothing_is_labelled_do_no_harm(tmp_path: Path) -> None:
    turns = [["user", "Hi!", None, ""], ["system", "What?", {}, "Harmless."]]

    [point] = read_training(training(tmp_path, dialogue("manners", {}, turns=turns)), TASKS)

    assert list(point.keys) == [1]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"annotation_tasks": ["manners", "mood"]}, "one task"),
        ({"turns2": [["user", "Hi!"], ["system", "Hi!"]]}, "one dialogue"),
        ({"pass_criteria": -1}, "At pass_criteria"),
        ({"turns": [["user", "Hi!"], ["system", "What?", {}, "Why", "not"]]}, "explanation"),
        ({"turns": [["user", "Hi!"], ["system", "What?", {}, 7]]}, "7 is no explanation"),
        ({"turns": [["user", "Hi!"], "What?"]}, "At turns[1]"),
    ],
    ids=str,
)
def test_a_dialogue_that_cannot_be_used_is_told(tmp_path: Path, keys: dict[str, object], said: str) -> None:
    assert said in complaints(read_training, training(tmp_path, dialogue("manners", {}, **keys)), TASKS)


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    wrong = (dialogue("manners", {"x": "y", "manners_q": "z"}), dialogue("mood", {"mood_q": "bad"}, dialogue_id="e"))

    message = complaints(read_training, training(tmp_path, *wrong), TASKS)

    assert [name in message for name in ('"x"', '"z"', '"bad"')] == [True, True, True]


def test_dialogues_come_in_the_order_that_remaining_gives(tmp_path: Path) -> None:
    """The last rounds decide who passes, so which they are must not hang on how a file was sorted."""
    raw = [dialogue("manners", {}, dialogue_id=f"left {left}", remaining=left) for left in (0, 2, 1)]

    points = read_training(training(tmp_path, *raw), TASKS)

    assert [point.dialogue_id for point in points] == ["left 2", "left 1", "left 0"]


def test_without_remaining_the_order_is_the_files(tmp_path: Path) -> None:
    raw = [dialogue("manners", {}, dialogue_id=name) for name in ("b", "a")]

    assert [point.dialogue_id for point in read_training(training(tmp_path, *raw), TASKS)] == ["b", "a"]


def test_two_dialogues_of_one_name_are_told(tmp_path: Path) -> None:
    path = training(tmp_path, dialogue("manners", {}), dialogue("manners", {}))

    assert '2 dialogues have the dialogue_id "d"' in complaints(read_training, path, TASKS)


def test_a_file_without_dialogues_is_told(tmp_path: Path) -> None:
    assert "no training dialogue" in complaints(read_training, training(tmp_path), TASKS)


def test_gold_units_are_groups_with_keys(tmp_path: Path) -> None:
    """They have to look like any other unit, so a line of them is read as a line of data is."""
    bare = dialogue("manners", {}, group_id="g1", pass_criteria=1)
    packed = {"data": [dialogue("mood", {"mood_q": "sad"}, group_id="g2")]}

    groups = read_golds(write_lines(tmp_path / "gold.jsonl", bare, packed), TASKS)

    assert [group.group_id for group in groups] == ["g1", "g2"]
    assert groups[0].datapoints[0].allowed_mistakes == 1
    assert groups[1].datapoints[0].keys[1].alternatives == ({"mood_q": "sad"},)


def test_problems_of_gold_units_are_told_with_line_and_turn(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "gold.jsonl", dialogue("manners", {}), dialogue("manners", None, dialogue_id="e"))

    assert f"{path}, line 2: turns[1]: " in complaints(read_golds, path, TASKS)
