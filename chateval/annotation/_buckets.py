"""Bucket files as the seed platform has them: `{"config": {task: {"config": kind, "options": ..., ...}}}`.

The key under `config` is the task's id. What `options` are depends on the kind: a question tree, or a flat list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from msgspec import Struct

from chateval.annotation._bucket_trees import TreeReader
from chateval.annotation._data_reading import Problems, did_you_mean, shown
from chateval.annotation._files import at
from chateval.annotation._ids import MAX_ID_CHARACTERS, id_of, slug_or_id
from chateval.annotation._task_rules import never_asked
from chateval.annotation._tasks import (
    NOT_APPLICABLE,
    Checks,
    Choice,
    DialogueTask,
    Option,
    PairTask,
    Question,
    Scale,
    Selector,
    Task,
    TurnTask,
)

Kind = Literal[
    "comparative",
    "likert-5-dialogue",
    "likert-5-turn",
    "multiselect",
    "button_flow",
    "nondetails_button_flow",
    "nondetails_nonhelp_button_flow",
    "foreach-5-select",
    "foreach-5-select-dialogue",
]
Level = Literal["dialogue", "turn"]
Point = Literal["1", "2", "3", "4", "5"]


class Require(Struct, frozen=True, forbid_unknown_fields=True):
    """Every question must be answered before submission."""

    level: Level
    """What the answers are about: `turn` or `dialogue`."""


class ListOption(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a flat list: what is rated, or an answer to choose."""

    value: str = ""
    """The id that the data is stored under."""
    label: str = ""
    """What is shown."""
    question: str = ""
    """With scales: the question itself."""


class BucketTask(Struct, frozen=True, forbid_unknown_fields=True):
    """One task of a bucket file."""

    config: Kind
    """How it is displayed."""
    options: tuple[str | ListOption, ...] | dict[str, Any]
    """Questions as a tree for the button flows, and a flat list for all other kinds."""
    task_title: str = ""
    """The title that workers see. Default: the task's key."""
    question: str = ""
    """What stands above the questions."""
    indices: Selector = "no_indices"
    """Which turns are labelled, counted from 0."""
    require: Require | None = None
    """Whether it must be complete before submission. Default: it need not."""
    label_details: dict[Point, str] = {}
    """Names of points of the scale: `{"1": "never", "5": "always"}`."""


FLOWS = frozenset({"button_flow", "nondetails_button_flow", "nondetails_nonhelp_button_flow"})
OF_WHOLES = frozenset({"comparative", "likert-5-dialogue", "foreach-5-select-dialogue"})
TWINS = {
    "likert-5-dialogue": "likert-5-turn",
    "likert-5-turn": "likert-5-dialogue",
    "foreach-5-select": "foreach-5-select-dialogue",
    "foreach-5-select-dialogue": "foreach-5-select",
}
SIDES = {2: ("left", "right"), 3: ("left", "right", "tie")}


def read_buckets(config: Mapping[str, Any], problems: Problems, *, shows_line_breaks: bool = False) -> dict[str, Task]:
    """The tasks, as far as they can be read; what is wrong with others is told to `problems`."""
    readers = [_TaskReader(name, raw, problems, shows_line_breaks) for name, raw in config.items()]
    return {reader.name: task for reader in readers if (task := reader.read()) is not None}


@dataclass(frozen=True)
class _TaskReader:
    name: str
    raw: Any
    problems: Problems
    shows_line_breaks: bool

    def read(self) -> Task | None:
        if not 0 < len(self.name) <= MAX_ID_CHARACTERS:
            self._complain((), f"A task's name has 1 to {MAX_ID_CHARACTERS} characters. Rename it.")
        if not isinstance(self.raw, dict):
            self._complain((), f'{shown(self.raw)} is no task. Write {{"config": ..., "options": ...}}.')
            return None
        for key in self.raw:
            if key not in BucketTask.__struct_fields__:
                self._complain((key,), _unknown(key, "key of a task", BucketTask.__struct_fields__))
        kind = self._one_of("config", get_args(Kind))
        return self._task(kind) if kind else None

    def _task(self, kind: str) -> Task:
        shared: dict[str, Any] = {
            "id": self.name,
            "title": self._text("task_title") or self.name,
            "question": self._text("question"),
            "questions": self._questions(kind),
            "is_required": self._is_required(kind),
            "layout": "folded" if kind == "button_flow" else "open",
            "has_help": kind in {"button_flow", "nondetails_button_flow"},
            "shows_line_breaks": self.shows_line_breaks,
            "format": kind,
        }
        turns = self._turns(kind)
        if kind == "comparative":
            return PairTask(**shared)
        if kind in OF_WHOLES:
            return DialogueTask(**shared)
        task = TurnTask(turns=turns, **shared)
        for question in never_asked(task):
            self._complain((), f"The question {question.text or question.id!r} is never asked: see its `_dep_`.")
        return task

    def _turns(self, kind: str) -> Selector:
        if kind in OF_WHOLES and "indices" not in self.raw:
            return "no_indices"
        turns = self._one_of("indices", get_args(Selector))
        if turns and (turns == "no_indices") != (kind in OF_WHOLES):
            about = "whole dialogues; write no_indices" if kind in OF_WHOLES else "turns; write odd, even or all"
            twin = f", or make the config {TWINS[kind]}" if kind in TWINS else ""
            self._complain(("indices",), f"{turns!r} contradicts the config {kind}, which asks about {about}{twin}.")
        return turns or "odd"

    def _is_required(self, kind: str) -> bool:
        if "require" not in self.raw:
            return False
        require = self.raw["require"]
        level = require.get("level") if isinstance(require, dict) else None
        expected = "dialogue" if kind in OF_WHOLES else "turn"
        if level not in get_args(Level) or len(require) != 1:
            self._complain(("require",), f'{shown(require)} is no requirement. Write {{"level": "{expected}"}}.')
        elif level != expected:
            rule = f"The config {kind} asks about each {expected}."
            self._complain(("require", "level"), f'{level!r} does not fit. {rule} Write "{expected}".')
        return True

    def _questions(self, kind: str) -> tuple[Question, ...]:
        names = self._point_names(kind)
        options = self.raw.get("options")
        if kind in FLOWS:
            return TreeReader((self.name, "options"), self.problems).read(options)
        items = self._list(options)
        if kind == "comparative":
            sides = SIDES.get(len(items)) if all(not item.value for item in items) else None
            return (Choice(id="preferred", options=self._options(items, sides)),)
        if kind == "multiselect":
            name = f"{self._text('task_title') or self.name}_labels"
            return (Checks(id=name, options=self._options(items), layout="menu"),)
        return self._scales(items, names)

    def _list(self, options: Any) -> list[ListOption]:
        if not isinstance(options, list) or not options:
            example = '[{"value": ..., "label": ...}, ...]'
            self._complain(("options",), f"{shown(options)} is no list of options. Write {example}, with one at least.")
            return []
        items = [self._item(item, number) for number, item in enumerate(options, start=1)]
        return [item for item in items if item is not None]

    def _item(self, item: Any, number: int) -> ListOption | None:
        place = ("options", str(number))
        if isinstance(item, str) and item.strip():
            return ListOption(label=item)
        if not isinstance(item, dict) or not (item.get("value") or item.get("label")):
            self._complain(place, f"{shown(item)} is no option. Write a text, or an object with a label.")
            return None
        is_sound = True
        for key, text in item.items():
            if key not in ListOption.__struct_fields__:
                self._complain((*place, key), _unknown(key, "key of an option", ListOption.__struct_fields__))
                is_sound = False
            elif not isinstance(text, str):
                self._complain((*place, key), f"{shown(text)} is no text. Put it in quotes.")
                is_sound = False
        return ListOption(**item) if is_sound else None

    def _options(self, items: Sequence[ListOption], ids: Sequence[str] | None = None) -> tuple[Option, ...]:
        names = list(ids or [item.value or id_of(item.label) for item in items])
        self._check_ids(names)
        for number, item in enumerate(items, start=1):
            if item.question:
                self._complain(("options", str(number), "question"), "Only scales ask a question for each option.")
        return tuple(Option(name, item.label or item.value) for name, item in zip(names, items, strict=True))

    def _scales(self, items: Sequence[ListOption], names: dict[str, str]) -> tuple[Question, ...]:
        ids = [slug_or_id(item.value or item.label) for item in items]
        self._check_ids(ids)
        return tuple(
            Scale(id=name, text=item.question or item.label or item.value, label=item.label or item.value, labels=names)
            for name, item in zip(ids, items, strict=True)
        )

    def _check_ids(self, ids: Sequence[str]) -> None:
        for number, name in enumerate(ids, start=1):
            place = ("options", str(number))
            if name in ids[: number - 1]:
                self._complain(place, f"An option above has the id {name!r} too. Give each a `value` of its own.")
            if name == NOT_APPLICABLE or len(name) > MAX_ID_CHARACTERS:
                self._complain(place, f"{shown(name)} cannot be an id. Give the option a short `value`.")

    def _point_names(self, kind: str) -> dict[str, str]:
        names = self.raw.get("label_details", {})
        if names and kind in FLOWS | {"comparative", "multiselect"}:
            self._complain(("label_details",), f"It names points of a scale, but {kind} has none. Leave it out.")
        if not isinstance(names, dict):
            self._complain(("label_details",), f'{shown(names)} names no points. Write {{"1": "...", "5": "..."}}.')
            return {}
        for point, text in names.items():
            if point not in get_args(Point) or not isinstance(text, str):
                self._complain(("label_details", point), 'The points are "1" to "5", and their names are texts.')
        return dict(names)

    def _text(self, key: str) -> str:
        text = self.raw.get(key, "")
        if isinstance(text, str):
            return text
        self._complain((key,), f"{shown(text)} is no text. Put it in quotes.")
        return ""

    def _one_of(self, key: str, known: Iterable[Any]) -> Any:
        """The value if it is known; otherwise None, and a complaint."""
        value = self.raw.get(key)
        if isinstance(value, str) and value in known:
            return value
        if key not in self.raw:
            self._complain((), f"The task lacks {key!r}. Add it; known: {', '.join(known)}.")
        else:
            self._complain((key,), _unknown(value if isinstance(value, str) else shown(value), key, known))
        return None

    def _complain(self, place: tuple[str, ...], text: str) -> None:
        self.problems.about(at(self.name, *place))(text)


def _unknown(word: str, what: str, known: Iterable[str]) -> str:
    known = tuple(known)
    return f"{word!r} is no known {what}.{did_you_mean(word, known)} Known: {', '.join(sorted(known))}."
