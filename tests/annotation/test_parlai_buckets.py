"""ParlAI's annotation files, both as a list and as an object, become boxes under each turn of the bot."""

import json
from pathlib import Path
from typing import Any

import pytest

from chateval.annotation import Checks, Option, TurnTask, read_tasks
from chateval.errors import AnnotationFormatError

FILES = Path(__file__).parent / "files"


def complaint(tmp_path: Path, content: Any) -> str:
    path = tmp_path / "annotations_config.json"
    path.write_text(json.dumps(content))
    with pytest.raises(AnnotationFormatError) as caught:
        read_tasks(path)
    return str(caught.value)


def test_a_list_of_buckets_is_one_task_on_the_turns_of_the_bot() -> None:
    """A study that ran on ParlAI runs here with the file that it has."""
    tasks = read_tasks(FILES / "parlai_list.json")

    task = tasks["annotations"]
    assert isinstance(task, TurnTask)
    assert (list(tasks), task.turns, task.shows_line_breaks) == (["annotations"], "odd", False)
    (question,) = task.questions
    assert isinstance(question, Checks)
    assert question.id == "buckets"
    assert [option.id for option in question.options] == ["bucket_0", "bucket_1", "none_all_good"]


def test_an_object_of_buckets_keeps_names_descriptions_and_line_breaks() -> None:
    task = read_tasks(FILES / "parlai_config.json")["annotations"]

    assert task.shows_line_breaks
    (question,) = task.questions
    assert isinstance(question, Checks)
    assert question.options[0] == Option("bucket_0", "Off the point", help="it does not fit what was said")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ([{"value": "a", "name": "A"}, {"value": "a", "name": "B"}], "2 buckets have the value 'a'"),
        ({"config": {"a": {"name": "A", "descripton": ""}}}, "Did you mean 'description'?"),
        ({"config": {"a": {"name": 3}}}, "The name 3 is no text"),
        ({"config": {"a": {"name": " "}}}, "The bucket has no name"),
        ({"config": {"a": {"name": "A"}}, "show_line_breaks": "yes"}, "neither true nor false"),
        ({"config": {"a": {"name": "A"}}, "show_linebreaks": True}, "Did you mean 'show_line_breaks'?"),
        ([{"value": "n/a", "name": "A"}], "cannot be an id"),
        ([{"value": "a", "name": "A"}, "b"], '"b" is no bucket'),
    ],
)
def test_a_mistake_is_told_with_file_and_remedy(tmp_path: Path, content: Any, told: str) -> None:
    text = complaint(tmp_path, content)

    assert "annotations_config.json" in text
    assert told in text
