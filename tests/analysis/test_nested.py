"""Labels in the form in which the seed platform stores them, for scripts that were written for it."""

import json
from pathlib import Path
from typing import Any

from chateval.annotation import Span

from .labelled import BUILT_IN, MARKS, PAIR, SCALE, export_all, labels, session


def nested(out: Path, *parts: Any) -> list[Any]:
    export_all(out, session(*parts))
    found: list[Any] = json.loads((out / "annotations.json").read_text())
    return found


def test_an_entry_is_a_dialogue_with_its_tasks_in_order(tmp_path: Path) -> None:
    [one, other] = nested(
        tmp_path,
        labels(SCALE, {None: {"quality": 4}}),
        labels(BUILT_IN["grammar"], {}, part=1),
        labels(SCALE, {None: {"quality": 2}}, part=2, dialogue_ids=("d2",)),
    )

    assert (one["dialogue_id"], one["subtasks"]) == ("d1", ["scale", "grammar"])
    assert one["annotations"]["grammar"]["subtask_index"] == 1
    assert (one["worker_id"], one["unit_id"], one["assignment_id"]) == ("w_1", "7", "s1")
    assert (one["task_start"], one["task_end"]) == (1000.0, 1090.5)
    assert other["annotations"]["scale"]["data"] == {"dialogue": {"quality": 2}}


def test_a_tree_is_stored_in_its_own_words_turn_by_turn(tmp_path: Path) -> None:
    task = BUILT_IN["knowledge"]
    given = {1: {"uses_fact": ["fact"], "all_accurate": "unknown", "search": "verified"}}

    [entry] = nested(tmp_path, labels(task, given))

    data = entry["annotations"]["knowledge"]["data"]
    assert data["1"] == {
        "turn_idx": 1,
        "text": "Tomatoes, if I can.",
        "agent_idx": 1,
        "uses_fact": "SPEAKER_X states or relies on a fact that could be looked up",
        "Are all facts in this turn right, as far as you know?": "I do not know",
        "Search the web for a minute or two. What did you find?": "All facts are confirmed",
    }
    assert set(data["3"]) == {"turn_idx", "text", "agent_idx"}


def test_lists_scales_and_pairs_are_values_numbers_and_texts(tmp_path: Path) -> None:
    sides = {"dialogue_ids": ("d1", "d1"), "sources": (2, 1), "bots": ("", "")}
    [one, pair] = nested(
        tmp_path,
        labels(BUILT_IN["consistency_label"], {1: {"consistency_label_labels": ["redundant"]}}),
        labels(BUILT_IN["quality_likert"], {None: {"quality": 5}}, part=1),
        labels(PAIR, {None: {"preferred": "tie"}}, part=2, **sides),
    )

    assert one["annotations"]["consistency_label"]["data"]["1"]["consistency_label_labels"] == ["redundant"]
    assert one["annotations"]["quality_likert"]["data"] == {"dialogue": {"Quality": 5}}
    assert pair["annotations"]["pair"]["data"] == {"dialogue": {"preferred": "Tie"}}
    assert (pair["source"], pair["source_2"]) == (2, 1)


def test_what_was_not_handed_in_or_was_training_is_left_out(tmp_path: Path) -> None:
    """The seed platform stores neither."""
    answers = {None: {"quality": 4}}
    parts = [labels(SCALE, answers, is_submitted=False), labels(SCALE, answers, purpose="training")]

    assert nested(tmp_path, *parts) == []


def test_a_task_done_twice_on_a_dialogue_is_there_twice(tmp_path: Path) -> None:
    found = nested(tmp_path, labels(SCALE, {None: {"quality": 1}}), labels(SCALE, {None: {"quality": 2}}, part=1))

    assert [entry["annotations"]["scale"]["data"]["dialogue"]["quality"] for entry in found] == [1, 2]


def test_marked_passages_keep_their_places_and_checks_stay_out(tmp_path: Path) -> None:
    checked = labels(SCALE, {None: {"quality": 1}}, part=1, checks={"quality": (None, True)})

    [entry] = nested(tmp_path, labels(MARKS, {1: {"marks_q": [Span(0, 8, "odd")]}}), checked)

    assert entry["annotations"]["marks"]["data"]["1"]["marks_q"] == [{"start": 0, "end": 8, "label": "odd"}]
    assert entry["annotations"]["scale"]["data"] == {"dialogue": {}}
