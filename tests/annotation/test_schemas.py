"""The JSON Schemas: what we load is valid, what is refused for its form is not, and what is committed is current."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from chateval.annotation import schemas, write_schemas

ROOT = Path(__file__).parents[2]
FILES = Path(__file__).parent / "files"
BUCKETS, TASKS = "annotation_buckets.schema.json", "annotation_tasks.schema.json"
FLOW = {"config": "button_flow", "indices": "odd"}
LIKERT = {"config": "likert-5-dialogue", "options": ["Warm"]}


@pytest.fixture(scope="module")
def validators() -> dict[str, jsonschema.Draft202012Validator]:
    for schema in schemas().values():
        jsonschema.Draft202012Validator.check_schema(schema)
    return {name: jsonschema.Draft202012Validator(schema) for name, schema in schemas().items()}


def bucket_files() -> list[Path]:
    return [*sorted((ROOT / "task_config").rglob("annotation_buckets.json")), FILES / "every_kind.json"]


def native_files() -> list[Path]:
    return [*sorted((ROOT / "task_config").rglob("annotation_tasks.yaml")), *sorted(FILES.glob("*.yaml"))]


def content(path: Path) -> Any:
    """As an editor sees it: keys are texts."""
    text = path.read_text(encoding="utf-8")
    return json.loads(json.dumps(yaml.safe_load(text)))


def test_what_is_committed_is_what_the_types_say(tmp_path: Path) -> None:
    """An editor would go on refusing what we take, or offering what we refuse. `make schemas` writes them anew."""
    write_schemas(tmp_path)

    for made in tmp_path.iterdir():
        assert (ROOT / "task_config" / "schemas" / made.name).read_text("utf-8") == made.read_text("utf-8")


@pytest.mark.parametrize("path", bucket_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_bucket_file_is_valid(validators: dict[str, Any], path: Path) -> None:
    validators[BUCKETS].validate(content(path))


@pytest.mark.parametrize("path", native_files(), ids=lambda path: path.name)
def test_every_native_file_is_valid(validators: dict[str, Any], path: Path) -> None:
    validators[TASKS].validate(content(path))


@pytest.mark.parametrize(
    "task",
    [
        {},
        {"config": "button_flow"},
        {**FLOW, "options": {}},
        {**FLOW, "options": ["a"]},
        {**FLOW, "options": {"q": {}}},
        {**FLOW, "options": {"q": {"a": "b"}}},
        {**FLOW, "options": {"q": {"a": {"r": {"_type_": {"chekbox": {}}, "b": {}}}}}},
        {**FLOW, "options": {"q": {"_typ_": {}, "a": {}}}},
        {**FLOW, "options": {"q": {"_id_": "a b", "a": {}}}},
        {**FLOW, "options": {"q": {"a": {}}}, "indices": "no_indices"},
        {"config": "button_flow", "options": {"q": {"a": {}}}},
        {**LIKERT, "indices": "odd"},
        {**LIKERT, "opions": []},
        {**LIKERT, "require": {"level": "turn"}},
        {**LIKERT, "label_details": {"6": "much"}},
        {**LIKERT, "options": [{"question": "How warm?"}]},
    ],
)
def test_a_wrong_bucket_is_invalid_while_it_is_written(validators: dict[str, Any], task: Any) -> None:
    assert not validators[BUCKETS].is_valid({"config": {"t": task}})


@pytest.mark.parametrize(
    "task",
    [
        {"kind": "turn", "questions": []},
        {"kind": "turns", "questions": [{"kind": "text", "id": "q"}]},
        {"kind": "turn", "questions": [{"kind": "text"}]},
        {"kind": "turn", "questions": [{"kind": "scale", "id": "q", "options": ["a"]}]},
        {"kind": "turn", "questions": [{"kind": "choice", "id": "q", "options": [3]}]},
        {"kind": "turn", "questions": [{"kind": "text", "id": "q"}], "instructions_html": "<p>"},
        {"kind": "pair", "questions": [{"kind": "text", "id": "q"}], "turns": "odd"},
    ],
)
def test_a_wrong_task_is_invalid_while_it_is_written(validators: dict[str, Any], task: Any) -> None:
    assert not validators[TASKS].is_valid({"tasks": {"t": task}})


def test_fields_are_described_where_editors_show_it() -> None:
    scale = schemas()[TASKS]["$defs"]["Scale"]["properties"]

    assert "Point, as text, to its name" in scale["labels"]["description"]
    assert "reason" in scale["asks_reason"]["description"]
