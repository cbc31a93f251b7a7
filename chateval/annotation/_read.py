"""Reading files of annotation tasks, whichever of the three formats they are in."""

from pathlib import Path
from typing import Any

from chateval.annotation._buckets import read_buckets
from chateval.annotation._data_reading import Problems, shown
from chateval.annotation._files import read_tree
from chateval.annotation._native import read_native
from chateval.annotation._parlai_buckets import is_parlai, read_parlai
from chateval.annotation._tasks import Task
from chateval.errors import AnnotationFormatError, Problem

FORMATS = (
    'A bucket file is {"config": {task: {"config": kind, ...}}}; ParlAI\'s annotations file has a name and a '
    "description for each bucket; the native format is `tasks: {id: {kind: turn, ...}}`."
)


def read_tasks(path: Path) -> dict[str, Task]:
    """The tasks of a file, by id: a bucket file, ParlAI's annotations file, or the native format.

    Raises:
        AnnotationFormatError: it is none of them, or something in it is wrong; the message names file, task and
            place in the tree, and says all that is wrong at once.
    """
    problems = Problems(path)
    root = read_tree(path, problems)
    try:
        tasks = _tasks(root, problems)
    except RecursionError as error:
        reason = "Its questions nest too deeply to be read. Ask some of them one after the other."
        raise AnnotationFormatError(Problem(str(path), reason)) from error
    problems.raise_any()
    return tasks


def _tasks(root: Any, problems: Problems) -> dict[str, Task]:
    if is_parlai(root):
        return read_parlai(root, problems)
    if isinstance(root, dict) and "tasks" in root:
        return read_native(root, problems)
    if isinstance(root, dict) and isinstance(root.get("config"), dict) and root["config"]:
        for key in root.keys() - {"config", "$schema", "show_line_breaks"}:
            problems.about(str(key))(f"{key!r} is no known key. All tasks stand under `config`.")
        if not isinstance(breaks := root.get("show_line_breaks", False), bool):
            problems.about("show_line_breaks")(f"{shown(breaks)} is neither true nor false. Write one of them.")
        return read_buckets(root["config"], problems, shows_line_breaks=breaks is True)
    problems.about("")(f"{shown(root)} holds no annotation tasks. {FORMATS}")
    return {}
