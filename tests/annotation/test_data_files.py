"""The files that people bring: what loads, and what is said of what does not."""

from pathlib import Path
from typing import Any

import pytest

from chateval.annotation._data_files import read_groups, read_units
from chateval.dialogue import Speaker, Turn

from .known_tasks import MANNERS, MOOD, TASKS, complaints, write_json, write_lines

TURNS = [["user", "Hi!"], ["system", "What do you want?"]]


def line(name: str, **keys: Any) -> dict[str, Any]:
    return {"dialogue_id": name, "annotation_tasks": ["manners"], "turns": TURNS, **keys}


def test_a_datapoint_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    raw = line("d", group_id="g", annotation_tasks=["mood", "manners"], bot_persona=["I am old."], year=2019)

    [group] = read_groups(write_lines(tmp_path / "data.jsonl", raw), TASKS)

    [point] = group.datapoints
    assert (group.group_id, point.group_id, point.dialogue_id) == ("g", "g", "d")
    assert point.tasks == (MOOD, MANNERS)
    assert point.dialogues[0].turns[1] == Turn(Speaker.SYSTEM, "What do you want?")
    assert point.bot_persona == ("I am old.",)


def test_a_datapoint_without_group_is_one_of_its_own(tmp_path: Path) -> None:
    groups = read_groups(write_lines(tmp_path / "data.jsonl", line("d1"), line("d2")), TASKS)

    assert [group.group_id for group in groups] == ["d1", "d2"]


def test_lines_of_one_group_are_one_unit(tmp_path: Path) -> None:
    """Whoever opens it gets all of them, wherever they stand in the file."""
    lines = (line("d1", group_id="g"), line("d2", group_id="other"), line("d3", group_id="g"))

    groups = read_groups(write_lines(tmp_path / "data.jsonl", *lines), TASKS)

    assert [[point.dialogue_id for point in group.datapoints] for group in groups] == [["d1", "d3"], ["d2"]]


def test_a_line_with_data_is_one_unit(tmp_path: Path) -> None:
    """The platform that this format comes from packs its units so; the first datapoint names the group."""
    raw = {"data": [line("d1", group_id="g"), line("d2", group_id="h")]}

    [group] = read_groups(write_lines(tmp_path / "data.jsonl", raw), TASKS)

    assert [(point.dialogue_id, point.group_id) for point in group.datapoints] == [("d1", "g"), ("d2", "g")]


def test_a_dialogue_may_be_in_several_groups(tmp_path: Path) -> None:
    """The same dialogue can be labelled for different tasks by different people."""
    lines = (line("d", group_id="g"), line("d", group_id="h", annotation_tasks=["mood"]))

    assert len(read_groups(write_lines(tmp_path / "data.jsonl", *lines), TASKS)) == 2


def test_pairs_show_both_dialogues(tmp_path: Path) -> None:
    raw = line("d", annotation_tasks=["best"], turns2=[["user", "Hi!"]])

    [group] = read_groups(write_lines(tmp_path / "data.jsonl", raw), TASKS)

    assert [(shown.source, len(shown.turns)) for shown in group.datapoints[0].dialogues] == [(1, 2), (2, 1)]


def test_replies_can_be_ranked(tmp_path: Path) -> None:
    raw = line("d", annotation_tasks=["replies"], replies=["Fine.", "No."])

    [group] = read_groups(write_lines(tmp_path / "data.jsonl", raw), TASKS)

    assert group.datapoints[0].replies == ("Fine.", "No.")


def test_what_editors_and_people_add_does_no_harm(tmp_path: Path) -> None:
    """Windows editors begin a file with a mark and end lines in two signs; a line separator ends none."""
    path = write_lines(tmp_path / "data.jsonl", line("d", turns=[["user", "a\u2028b"], ["system", "c"]]))
    path.write_bytes(
        b"\xef\xbb\xbf" + path.read_bytes().replace(b"\\u2028", b"\xe2\x80\xa8").replace(b"\n", b"\r\n\r\n")
    )

    [group] = read_groups(path, TASKS)

    assert group.datapoints[0].dialogues[0].turns[0].text == "a\u2028b"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("{", "not valid JSON"),
        ("null", "Expected `object`"),
        ({"data": []}, "dialogue_id"),
        (line(""), "At dialogue_id"),
        (line("d", turns=[]), "At turns"),
        (line("d", turns=[["user", "hi"], ["bot", "hi"]]), "turns[1]: At [0]: Invalid enum value 'bot'"),
        (line("d", turns=[["user", "hi", {}]]), "turns[0]: "),
        (line("d", turns2=[]), "turns2 is empty"),
        (line("d", annotation_tasks=[]), "At annotation_tasks"),
        (line("d", annotation_tasks=["maners"]), "Did you mean 'manners'?"),
        (line("d", annotation_tasks=["mood", "mood"]), "twice"),
        (line("d", annotation_tasks=["best"]), "turns2"),
        (line("d", annotation_tasks=["replies"], replies=["one"]), "two or more"),
        (line("d", turns=[["user", "hi"]]), "nothing to label"),
        (line("d", bot_persona="I am old."), "At bot_persona"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_told_with_its_line(tmp_path: Path, raw: Any, said: str) -> None:
    path = write_lines(tmp_path / "data.jsonl", line("good"), "", raw)

    message = complaints(read_groups, path, TASKS)

    assert f"{path}, line 3" in message
    assert said in message


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            (line("d", group_id="g"), line("d", group_id="g")),
            'line 2: The group "g" has the dialogue "d" already, on line 1',
        ),
        (({"data": [line("d"), line("d")]},), 'has the dialogue "d" already'),
        ((line("d", group_id="g"), {"data": [line("e", group_id="g")]}), "line 2"),
        (({"data": [line("d", group_id="g")]}, line("e", group_id="g")), "on line 1 already"),
        ((), "holds no datapoint"),
    ],
    ids=str,
)
def test_lines_that_do_not_go_together_are_told(tmp_path: Path, lines: tuple[Any, ...], said: str) -> None:
    assert said in complaints(read_groups, write_lines(tmp_path / "data.jsonl", *lines), TASKS)


def test_all_problems_are_told_at_once_but_not_without_end(tmp_path: Path) -> None:
    """One reads twenty; of ten thousand one would not see the first."""
    path = write_lines(tmp_path / "data.jsonl", *[line(f"d{number}", annotation_tasks=["x"]) for number in range(23)])

    message = complaints(read_groups, path, TASKS)

    assert message.count("There is no task") == 20
    assert "3 more problems" in message


def test_a_file_that_is_not_there_is_no_crash(tmp_path: Path) -> None:
    assert "No such file" in complaints(read_groups, tmp_path / "nowhere.jsonl", TASKS)


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'\n{"dialogue_id": "caf\xe9"}')

    assert f"{path}, line 2: This is not text in UTF-8" in complaints(read_groups, path, TASKS)


def test_units_say_how_many_people_label_each_group(tmp_path: Path) -> None:
    assert read_units(write_json(tmp_path / "units.json", {"g": 2, "h": 0})) == {"g": 2, "h": 0}


@pytest.mark.parametrize("count", [-1, 1.5, "2", True, None])
def test_a_number_of_people_is_a_whole_number(tmp_path: Path, count: object) -> None:
    assert 'group "h"' in complaints(read_units, write_json(tmp_path / "units.json", {"g": 1, "h": count}))


def test_a_group_that_is_counted_twice_is_told(tmp_path: Path) -> None:
    """The first of the two numbers would be lost without a word."""
    path = tmp_path / "units.json"
    path.write_text('{"g": 1, "g": 2}')

    assert "'g' is written twice" in complaints(read_units, path)


def test_units_that_are_no_object_are_told(tmp_path: Path) -> None:
    assert "one JSON object" in complaints(read_units, write_json(tmp_path / "units.json", [1]))
