"""JSON Schemas of the two formats, from the types, so that editors complete and validate what people write."""

import ast
import inspect
import json
from pathlib import Path
from typing import Any, get_args

import msgspec

from chateval.annotation import _buckets, _tasks
from chateval.annotation._bucket_trees import CONDITION, ID, PREVIOUS_TURN_RULE, TURN, TYPE, TYPES
from chateval.annotation._buckets import FLOWS, OF_WHOLES, BucketTask, Point
from chateval.annotation._native import FILLED_IN
from chateval.annotation._tasks import DialogueTask, PairTask, Question, TurnTask

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OPEN = {"type": "object"}
SCHEMA_KEY = {"$schema": {"type": "string"}}


def schemas() -> dict[str, Schema]:
    """File name to schema."""
    return {"annotation_buckets.schema.json": _of_buckets(), "annotation_tasks.schema.json": _of_tasks()}


def write_schemas(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True)
        (folder / name).write_text(f"{text}\n", encoding="utf-8")


def _of_tasks() -> Schema:
    kinds = (TurnTask, DialogueTask, PairTask)
    _, found = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    definitions = {name: _with_unions_named(schema) for name, schema in _described(found, _tasks).items()}
    definitions["Question"] = _union([kind.__name__ for kind in get_args(Question)], definitions)
    definitions["Option"] = _or_text(definitions["Option"])
    definitions["Seen"]["properties"]["answers"]["items"] = {"type": ["string", "integer"]}
    for kind in kinds:
        definition = definitions[kind.__name__]
        definition["required"].remove("id")
        for key in FILLED_IN:
            del definition["properties"][key]
    return _root("Annotation tasks", "tasks", _union([kind.__name__ for kind in kinds], definitions), definitions)


def _or_text(schema: Schema) -> Schema:
    text = {"type": "string", "minLength": 1, "description": "The text; its id is the text in lower case, with _."}
    return {"anyOf": [text, schema]}


def _with_unions_named(value: Any) -> Any:
    """With the one union that there is, that of questions, by its name."""
    if isinstance(value, list):
        return [_with_unions_named(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "discriminator" in value:
        return {"$ref": "#/$defs/Question"}
    return {key: _with_unions_named(inner) for key, inner in value.items()}


def _union(names: list[str], definitions: Schema) -> Schema:
    """Tagged records, told apart so that an editor complains of the one that is meant."""
    tags = {definitions[name]["properties"]["kind"]["enum"][0]: name for name in names}
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": list(tags)}},
        "allOf": [
            {"if": {"properties": {"kind": {"const": tag}}}, "then": {"$ref": f"#/$defs/{name}"}}
            for tag, name in tags.items()
        ],
    }


def _of_buckets() -> Schema:
    _, found = msgspec.json.schema_components((BucketTask,), ref_template="#/$defs/{name}")
    definitions = _described(found, _buckets) | _trees()
    task = definitions["BucketTask"]
    task["properties"]["options"] = {"description": task["properties"]["options"]["description"]}
    task["properties"]["label_details"]["propertyNames"] = {"enum": list(get_args(Point))}
    task["required"] = ["config", "options"]
    task["allOf"] = [
        _where(FLOWS, {"options": {"$ref": "#/$defs/Tree"}}, {"options": _list_of_options()}),
        _where(OF_WHOLES, {"indices": {"const": "no_indices"}}, {"indices": {"not": {"const": "no_indices"}}}),
        _where(OF_WHOLES, {}, {}, ["indices"]),
        _where(OF_WHOLES, _level("dialogue"), _level("turn")),
    ]
    definitions["ListOption"]["anyOf"] = [{"required": ["value"]}, {"required": ["label"]}]
    root = _root("Annotation buckets", "config", {"$ref": "#/$defs/BucketTask"}, definitions)
    root["properties"]["show_line_breaks"] = {"type": "boolean"}
    return root


def _where(kinds: frozenset[str], then: Schema, otherwise: Schema, needs: list[str] | None = None) -> Schema:
    return {
        "if": {"properties": {"config": {"enum": sorted(kinds)}}},
        "then": {"properties": then},
        "else": {"properties": otherwise, "required": needs or []},
    }


def _level(name: str) -> Schema:
    return {"require": {"properties": {"level": {"const": name}}}}


def _list_of_options() -> Schema:
    entry = {"anyOf": [{"type": "string", "minLength": 1}, {"$ref": "#/$defs/ListOption"}]}
    return {"type": "array", "minItems": 1, "items": entry}


def _trees() -> Schema:
    """What msgspec has no type for: keys are questions and answers by turns, to any depth."""
    name = {"type": "string", "pattern": "^[A-Za-z0-9_.-]{1,200}$", "description": "The id that data is stored under."}
    special = {"pattern": "^_.*_$"}
    answers = {"type": "object", "additionalProperties": {"type": "object", "maxProperties": 0}}
    return {
        "Tree": {
            "type": "object",
            "description": "Questions, by their text or a word.",
            "minProperties": 1,
            "propertyNames": {"not": special},
            "additionalProperties": {"$ref": "#/$defs/TreeQuestion"},
        },
        "TreeQuestion": {
            "type": "object",
            "description": "The answers to a question, by their text or a word.",
            "minProperties": 1,
            "propertyNames": {"anyOf": [{"enum": [ID, TYPE, CONDITION]}, {"not": special}]},
            "properties": {
                ID: name,
                TYPE: {"enum": [{kind: {}} for kind in TYPES], "description": "Default: one answer of all."},
                CONDITION: {
                    "type": "object",
                    "description": "When it is asked at all: `{question: {answer: {}}}`, or a rule's name.",
                    "minProperties": 1,
                    "properties": {TURN: {"enum": ["same", "previous"]}, PREVIOUS_TURN_RULE: OPEN},
                    "additionalProperties": {**answers, "minProperties": 1},
                },
            },
            "additionalProperties": {"$ref": "#/$defs/TreeAnswer"},
        },
        "TreeAnswer": {
            "type": "object",
            "description": "The questions that an answer leads to.",
            "propertyNames": {"anyOf": [{"const": ID}, {"not": special}]},
            "properties": {ID: name},
            "additionalProperties": {"$ref": "#/$defs/TreeQuestion"},
        },
    }


def _root(title: str, key: str, task: Schema, definitions: Schema) -> Schema:
    tasks = {"type": "object", "minProperties": 1, "additionalProperties": task}
    return {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "required": [key],
        "properties": {**SCHEMA_KEY, key: tasks},
        "additionalProperties": False,
        "$defs": definitions,
    }


def _described(definitions: Schema, module: Any) -> Schema:
    """With the lines of prose under the fields as their descriptions, which is what editors show."""
    classes = {node.name: node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.ClassDef)}
    described: Schema = {}
    for name, schema in definitions.items():
        lines = _lines(name, classes)
        properties = {
            key: inner | ({"description": lines[key]} if key in lines else {})
            for key, inner in schema["properties"].items()
        }
        described[name] = {**schema, "properties": properties}
    return described


def _lines(name: str, classes: dict[str, ast.ClassDef]) -> dict[str, str]:
    """The line of prose under each field of a class and of those that it is made from."""
    if name not in classes:
        return {}
    node = classes[name]
    lines: dict[str, str] = {}
    for base in node.bases:
        lines |= _lines(ast.unparse(base), classes)
    for field, below in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            lines[ast.unparse(field.target)] = " ".join(str(below.value.value).split())
    return lines
