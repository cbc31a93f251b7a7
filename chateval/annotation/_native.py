"""The native format, YAML: `tasks: {id: {kind: turn, questions: [...]}}`, in the words of the types of tasks.

Two things are shorter than there: a task's id is its key, and an option may be a text alone.
"""

import re
from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from chateval.annotation import _tasks
from chateval.annotation._data_reading import Problems, did_you_mean, shown
from chateval.annotation._files import at
from chateval.annotation._ids import slug_or_id
from chateval.annotation._task_rules import check_task
from chateval.annotation._tasks import FreeText, Question, Task

Path = tuple[str, ...]

STRUCTS = [kind for kind in vars(_tasks).values() if isinstance(kind, type) and issubclass(kind, Struct)]
FIELDS = sorted({name for kind in STRUCTS for name in kind.__struct_fields__} | {"kind"})
KINDS = tuple(str(kind.__struct_config__.tag) for kind in (*get_args(Question), *get_args(Task)))
STAND_IN = FreeText(id="stand_in")
FILLED_IN = {
    "id": "A task's id is its key. Leave this out.",
    "format": "It tells which kind of a bucket file a task comes from, and this is none. Leave it out.",
    "instructions_html": "Write the instructions as Markdown into instructions/<task>.md, and leave this out.",
}
"""Fields of a task that no file sets. HTML above all: it would reach the page without having been sanitised."""


def read_native(root: Mapping[str, Any], problems: Problems) -> dict[str, Task]:
    """The tasks, as far as they can be read; what is wrong with others is told to `problems`."""
    for key in root.keys() - {"tasks", "$schema"}:
        problems.about(str(key))(f"{key!r} is no known key. All tasks stand under `tasks`.")
    tasks = root["tasks"]
    if not isinstance(tasks, dict) or not tasks:
        problems.about("tasks")(f"{shown(tasks)} holds no tasks. Write `id: {{kind: turn, questions: [...]}}` there.")
        return {}
    read = {str(name): _task(name, raw, problems) for name, raw in tasks.items()}
    return {name: task for name, task in read.items() if task is not None}


def _task(name: Any, raw: Any, problems: Problems) -> Task | None:
    place = ("tasks", str(name))
    if not isinstance(name, str):
        problems.about(at(*place))(f"YAML reads this name as {shown(name)}, no text. Put it in quotes.")
    if not isinstance(raw, dict):
        problems.about(at(*place))(f"{shown(raw)} is no task. Write `kind: turn` and `questions: [...]` there.")
        return None
    for key in raw.keys() & FILLED_IN.keys():
        problems.about(at(*place, key))(FILLED_IN[key])
    listed = raw.get("questions")
    stand_ins = [STAND_IN] if isinstance(listed, list) and listed else listed
    known = {"id": str(name)} | ({"questions": stand_ins} if "questions" in raw else {})
    task: Task | None = _convert({**raw, **known}, Task, place, problems)
    read = [_question(inner, place, problems, n) for n, inner in enumerate(listed if isinstance(listed, list) else ())]
    questions = tuple(question for question in read if question is not None)
    if task is None or len(questions) < len(read):
        return None
    task = replace(task, questions=questions)
    check_task(task, place, problems)
    return task


def _question(raw: Any, place: Path, problems: Problems, number: int) -> Question | None:
    prepared = _prepared_question(raw)
    question: Question | None = _convert(prepared, Question, (*place, "questions", _label(raw, number)), problems)
    return question


def _convert(raw: Any, kind: Any, place: Path, problems: Problems) -> Any:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `")
        problems.about(at(*place, *_names(raw, path)))(f"{reason}. {_remedy(reason)}")
        return None


def _names(raw: Any, path: str) -> Path:
    """The path of an error as a place in the tree, entries of lists by their ids: `$.options[0].then[1]`."""
    names: list[str] = []
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        below = raw.get(key) if isinstance(raw, dict) else None
        if index and isinstance(raw, list | tuple) and int(index) < len(raw):
            below = raw[int(index)]
        names.append(key or _label(below, int(index)))
        raw = below
    return tuple(names)


def _label(entry: Any, index: int) -> str:
    name = entry.get("id") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else str(index + 1)


def _remedy(reason: str) -> str:
    if "got `bool`" in reason:
        return "YAML reads yes, no, on and off as true and false; put words in quotes."
    if match := re.search(r"unknown field `(.*)`", reason):
        return did_you_mean(match[1], FIELDS).strip() or "Leave it out."
    if match := re.search(r"Invalid value '(.*)'", reason):
        return did_you_mean(match[1], KINDS).strip() or f"Kinds are {', '.join(KINDS)}."
    if "missing required field" in reason:
        return "Add it."
    if "Expected `str`" in reason:
        return "Put texts in quotes."
    return "task_config/schemas/annotation_tasks.schema.json says what can stand here."


# Shorthands are written out before the types have their say; what fits none is left for them to complain of.


def _prepared_question(raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    changed = dict(raw)
    if isinstance(options := raw.get("options"), list):
        changed["options"] = [_prepared_option(option) for option in options]
    if isinstance(labels := raw.get("labels"), dict):
        changed["labels"] = {_text_of_number(point): name for point, name in labels.items()}
    if isinstance(when := raw.get("when"), dict) and isinstance(conditions := when.get("any_of"), list):
        changed["when"] = {**when, "any_of": [_prepared_condition(condition) for condition in conditions]}
    return changed


def _prepared_option(raw: Any) -> Any:
    if isinstance(raw, str):
        return {"id": slug_or_id(raw), "text": raw}
    if isinstance(raw, dict) and isinstance(then := raw.get("then"), list):
        return {**raw, "then": [_prepared_question(question) for question in then]}
    return raw


def _prepared_condition(raw: Any) -> Any:
    if isinstance(raw, dict) and isinstance(answers := raw.get("answers"), list):
        return {**raw, "answers": [_text_of_number(answer) for answer in answers]}
    return raw


def _text_of_number(value: Any) -> Any:
    """Points of a scale are numbers in YAML, and texts where they name something."""
    return str(value) if type(value) is int else value
