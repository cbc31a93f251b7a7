"""Reading YAML with line numbers, and refusing keys that are written twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from chateval.errors import ConfigError


class YamlError(ConfigError):
    """A YAML file that cannot be read. `line` counts from 1, and is 0 where no line is to blame."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.line = line


@dataclass(frozen=True)
class YamlFile:
    """What a file says, and on which line it says it."""

    path: Path
    value: Any
    lines: dict[str, int] = field(default_factory=dict)
    """Line numbers by dotted key."""
    repeated: tuple[str, ...] = ()
    """Dotted keys that are written more than once."""


def read_yaml(path: Path) -> YamlFile:
    """Raises YamlError where the file is missing, is not text, or is not YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise YamlError(path, 0, f"The file cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise YamlError(path, 0, "The file is not text in UTF-8. Save it as UTF-8.") from error
    try:
        root, value = _parse(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlError(path, line_of(error), reason_of(error)) from error
    marks = list(_marks(root, "")) if root is not None else []
    keys = [key for key, _ in marks]
    return YamlFile(path, value, dict(marks), tuple(sorted({key for key in keys if keys.count(key) > 1})))


def _parse(text: str) -> tuple[yaml.Node | None, Any]:
    """The nodes, which know their lines, and the value that they stand for, from one reading of the text."""
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        return root, loader.construct_document(root) if root is not None else None
    finally:
        loader.dispose()


def line_of(error: Exception) -> int:
    """Counted from 1; also where the error names no line, since it is then the file as a whole that is not YAML."""
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def reason_of(error: Exception) -> str:
    reason = getattr(error, "problem", None) or str(error).partition("\n")[0] or type(error).__name__
    return f"This is not valid YAML: {reason}. Check the indentation, the quotes and the colons there."


def _marks(node: yaml.Node, prefix: str) -> Iterator[tuple[str, int]]:
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        name = f"{prefix}{key.value}"
        yield name, key.start_mark.line + 1
        yield from _marks(value, f"{name}.")
