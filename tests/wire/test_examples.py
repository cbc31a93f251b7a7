"""The wire schema, held to the examples that the page's schema is held to as well."""

import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from chateval import annotation, wire

EXAMPLES: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parent / "examples.json").read_text())


@pytest.mark.parametrize("example", EXAMPLES["from_page"], ids=lambda e: e["kind"])
def test_every_page_message_reads_and_writes_back(example: dict[str, Any]) -> None:
    """A page and a study that disagree on one field lose data in silence."""
    assert json.loads(msgspec.json.encode(wire.decode_from_page(json.dumps(example)))) == example


@pytest.mark.parametrize("example", EXAMPLES["to_page"], ids=lambda e: e["kind"])
def test_every_message_to_a_page_reads_and_writes_back(example: dict[str, Any]) -> None:
    message = msgspec.json.decode(json.dumps(example), type=wire.ToPage)

    assert json.loads(wire.encode_to_page(message)) == example


def test_the_examples_leave_out_no_kind() -> None:
    """A kind without an example is a kind that nothing holds the two sides to."""
    updates = next(e for e in EXAMPLES["to_page"] if e["kind"] == "updates")["updates"]
    shown = {e["kind"] for e in (*EXAMPLES["from_page"], *EXAMPLES["to_page"], *updates)}
    unions = (wire.FromPage, wire.ToPage, wire.Update)
    known = {str(t.__struct_config__.tag) for union in unions for t in union.__args__}

    assert shown == known


def test_the_tasks_in_the_examples_are_tasks_with_every_kind_of_question() -> None:
    """The wire carries tasks unread; without this, a page could come to read other ones than are written."""
    updates = next(e for e in EXAMPLES["to_page"] if e["kind"] == "updates")["updates"]
    written = [part["task"] for update in updates for part in update.get("parts", ())]
    tasks = [msgspec.convert(task, annotation.Task) for task in written]

    assert json.loads(msgspec.json.encode(tasks)) == written
    assert {type(task) for task in tasks} == set(get_args(annotation.Task))
    asked = {type(question) for task in tasks for question in annotation.all_questions(task.questions)}
    assert asked == set(get_args(annotation.Question))


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"kind":"unknown"}',
        '{"kind":"say","id":"a","dialogue":0}',
        '{"kind":"say","id":"a","dialogue":2,"text":"x"}',
        '{"kind":"say","id":"a b","dialogue":0,"text":"x"}',
        '{"kind":"say","id":"a","dialogue":0,"text":"x","session":"other"}',
        '{"kind":"say","id":"a","dialogue":0,"text":"\\ud800"}',
        "[" * 60_000,
    ],
)
def test_what_breaks_the_schema_is_refused(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        wire.decode_from_page(text)


def test_a_batch_survives_the_trip_between_router_and_operator() -> None:
    batch = [wire.Received(7, "hé\0llo"), wire.Closed(8)]

    assert wire.decode_from_router(wire.encode_batch(batch)) == batch
