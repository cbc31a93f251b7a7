"""JSON and YAML files with keys in them that must not be written twice."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from chateval.annotation._data_reading import Problems, read_text
from chateval.errors import AnnotationFormatError, Problem

TWICE = "{!r} is written twice here. Keep one of the two, since the first would be lost."


def at(*keys: str) -> str:
    """A place in a tree: `transitions > options > Is SPEAKER_X ...`."""
    return " > ".join(key if len(key) <= 48 else f"{key[:45].rstrip()}..." for key in keys)


def read_tree(path: Path, problems: Problems) -> Any:
    """What a file holds: YAML where its name ends in .yaml or .yml, and JSON otherwise."""
    text = read_text(path)
    try:
        return _yaml(path, text, problems) if path.suffix in {".yaml", ".yml"} else _json(path, text, problems)
    except RecursionError as error:
        reason = "Its brackets nest too deeply to be read. Check that each is closed."
        raise AnnotationFormatError(Problem(str(path), reason)) from error


class _Object(dict[str, Any]):
    """A JSON object that knows which of its keys were written twice."""

    def __init__(self, items: list[tuple[str, Any]]) -> None:
        super().__init__(items)
        keys = [key for key, _ in items] if len(items) > len(self) else []
        self.repeated = [key for key in self if keys.count(key) > 1]


def _json(path: Path, text: str, problems: Problems) -> Any:
    try:
        value = json.loads(text, object_pairs_hook=_Object)
    except json.JSONDecodeError as error:
        where = f"{path}, line {error.lineno}, column {error.colno}"
        reason = f"This is not valid JSON: {error.msg}. Check the commas, quotes and brackets there."
        raise AnnotationFormatError(Problem(where, reason)) from error
    for place, key in _repeated(value, ()):
        problems.about(place)(TWICE.format(key))
    return value


def _repeated(value: Any, place: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, _Object):
        yield from ((at(*place), key) for key in value.repeated)
    items = value.items() if isinstance(value, dict) else enumerate(value, 1) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _repeated(inner, (*place, str(key)))


def _yaml(path: Path, text: str, problems: Problems) -> Any:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(path)
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        advice = "Check the indentation, the quotes and the colons there."
        raise AnnotationFormatError(Problem(where, f"This is not valid YAML: {reason}. {advice}")) from error
    for key in _repeated_keys(root, set()):
        problems.about(f"line {key.start_mark.line + 1}")(TWICE.format(key.value))
    return value


def _repeated_keys(node: yaml.Node | None, visited: set[int]) -> Iterator[yaml.ScalarNode]:
    if not isinstance(node, yaml.CollectionNode) or id(node) in visited:
        return
    visited.add(id(node))  # an alias is the node that it stands for, and may stand within it
    keys: set[str] = set()
    for item in node.value:
        key, value = item if isinstance(item, tuple) else (None, item)
        if isinstance(key, yaml.ScalarNode):
            if key.value in keys:
                yield key
            keys.add(key.value)
        yield from _repeated_keys(value, visited)
