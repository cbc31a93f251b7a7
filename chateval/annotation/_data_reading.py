"""What the readers of data files share: their text, their JSON, guesses, and problems gathered before any is raised."""

import json
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from chateval.errors import AnnotationFormatError, Problem

MOST_PROBLEMS = 20
"""How many are told of one file; after that many, the rest is told better by another reading."""

Say = Callable[[str], None]
"""What takes a complaint: value, rule and remedy, in whole sentences."""

Record = TypeVar("Record")


class Problems:
    """All that is wrong with a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._all: list[Problem | str] = []

    def beside(self, path: Path) -> "Problems":
        """Gathers the problems of another file together with those of this one."""
        other = Problems(path)
        other._all = self._all
        return other

    def take(self, error: AnnotationFormatError) -> None:
        self._all.extend(error.problems)

    def about(self, place: str) -> Say:
        """What takes the complaints about one place in the file; an empty place is the whole of it."""
        where = f"{self._path}, {place}" if place else str(self._path)
        return lambda text: self._all.append(Problem(where, text))

    def raise_any(self) -> None:
        if self._all:
            raise self.error()

    def error(self) -> AnnotationFormatError:
        told = self._all[:MOST_PROBLEMS]
        if untold := len(self._all) - len(told):
            more = f"{untold} more problem{'s' * (untold > 1)}"
            told.append(f"{self._path} has {more}. Mend these first, then read it again.")
        return AnnotationFormatError(*told)


def read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = f"The file cannot be read: {error.strerror}. Correct its name, or its permissions."
        raise AnnotationFormatError(Problem(str(path), reason)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        reason = "This is not text in UTF-8. Save the file as UTF-8."
        raise AnnotationFormatError(Problem(f"{path}, line {line}", reason)) from error


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that hold anything, numbered from 1. Only a line feed ends a line, as JSON Lines has it."""
    return ((number, line) for number, line in enumerate(read_text(path).split("\n"), start=1) if line.strip())


def parse_line(line: str, say: Say) -> Any:
    """The value of one line of JSON; UNSET, and a complaint, where it is no JSON."""
    try:
        return msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        say(f"This is not valid JSON: {error}. A line holds one whole JSON object; check its quotes and brackets.")
        return msgspec.UNSET


def convert_to(kind: type[Record], value: Any, what: str, say: Say) -> Record | None:
    """The value as a record; None, and a complaint that ends with `what` it should be, where it is none."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$")
        at = place.rstrip("`").lstrip(".")
        say(f"{f'At {at}: ' if at else ''}{reason}. {what}")
        return None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?`, or nothing where no known word is near. Begins with a space, so that it can be appended."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.55)
    return f" Did you mean {near[0]!r}?" if near else ""


def shown(value: object) -> str:
    """A value as a complaint quotes it: its beginning, as JSON."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
