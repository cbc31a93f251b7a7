"""What is asked of labellers: a closed union of task kinds, each with questions of a closed union of kinds.

Ids are what data is stored under, so that a question can be reworded and its data stays what it was. A task holds no
answers and no keys: it can be shown to anyone. These records are also the native format and part of the journal, so
add fields, with defaults, and rename none.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

NOT_APPLICABLE = "n/a"
"""The value that stands for "n/a" with every kind of question that allows it."""

Selector = Literal["no_indices", "odd", "even", "all", "all_skip_first"]
"""Which turns are labelled, counted from 0: `odd` are the partner's where a person speaks first."""

Id = Annotated[str, Meta(min_length=1, max_length=200)]
Key = Annotated[str, Meta(max_length=1)]


class Span(Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of a turn's text: code points from `start` up to, but without, `end`; `label` is an option's id."""

    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=1)]
    label: str = ""


Value = str | int | list[str | Span]
"""An answer: an option's id or a text, a point of a scale, option ids (ticked, or best first), or spans."""


class Seen(Struct, frozen=True, forbid_unknown_fields=True):
    """A condition: the question was answered with one of the options, on the same turn or on the turn before."""

    question: Id
    answers: tuple[Id, ...]
    turn: Literal["same", "previous"] = "same"


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """When a question is asked at all: where any of the conditions holds."""

    any_of: tuple[Seen, ...]
    or_on_turn: int | None = None
    """A turn on which it is asked whatever was answered."""


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer to choose; `then` are the questions that choosing it leads to."""

    id: Id
    text: str
    help: str = ""
    examples: tuple[str, ...] = ()
    shortcut: Key = ""
    then: tuple["Question", ...] = ()


class _Question(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """What all questions have. `id` is unique within its task; `SPEAKER_X` and `SPEAKER_Y` in texts become names."""

    id: Id
    text: str = ""
    help: str = ""
    examples: tuple[str, ...] = ()
    is_optional: bool = False
    """Whether it may stay open although its task requires answers."""
    allows_na: bool = False
    asks_reason: bool = False
    """Whether a text field for the reason goes with it; the reason is stored under `<id>.reason`."""
    when: When | None = None


class Choice(_Question, tag="choice", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the options; the value is its id."""

    options: Annotated[tuple[Option, ...], Meta(min_length=1)]


class Checks(_Question, tag="checks", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any of the options; the value is a list of ids. None ticked is an answer too, unless `minimum` says otherwise."""

    options: Annotated[tuple[Option, ...], Meta(min_length=1)]
    minimum: Annotated[int, Meta(ge=0)] = 0
    layout: Literal["boxes", "menu"] = "boxes"


class Scale(_Question, tag="scale", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole number from `low` to `high`, both included. `labels` name points, the ends above all."""

    low: int = 1
    high: int = 5
    labels: dict[str, str] = {}
    """Point, as text, to its name: `{"1": "never", "5": "always"}`."""
    label: str = ""
    """A short name of what is rated."""


class FreeText(_Question, tag="text", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text in the labeller's own words."""

    minimum_characters: Annotated[int, Meta(ge=0)] = 1
    maximum_characters: Annotated[int, Meta(ge=1, le=10_000)] = 2_000


class Ranking(_Question, tag="ranking", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All options, best first: the value is a list of ids. Without options, the datapoint's `replies` are ranked."""

    options: tuple[Option, ...] = ()


class Spans(_Question, tag="spans", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Stretches of the turn's text, each under one of the options; the value is a list of spans."""

    options: tuple[Option, ...] = ()


Question = Choice | Checks | Scale | FreeText | Ranking | Spans


class _Task(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """What all tasks have."""

    id: Id
    title: str = ""
    question: str = ""
    """What stands above the questions."""
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]
    is_required: bool = False
    """Whether every question must be answered before submission."""
    layout: Literal["open", "folded"] = "open"
    """Whether questions are folded away until they are opened."""
    has_help: bool = False
    """Whether each question links to its section of the instructions."""
    shows_line_breaks: bool = False
    instructions_html: str = ""
    """What workers read; filled in from the instructions' Markdown, sanitised."""
    format: str = ""
    """The `config` of a bucket file that the task comes from; the seed platform's export names it."""


class TurnTask(_Task, tag="turn", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The questions are asked of each selected turn."""

    turns: Selector = "odd"


class DialogueTask(_Task, tag="dialogue", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The questions are asked once, of the whole dialogue."""


class PairTask(_Task, tag="pair", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The questions are asked once, of two dialogues side by side."""


Task = TurnTask | DialogueTask | PairTask


def selected_turns(selector: Selector, count: int) -> tuple[int, ...]:
    """The turns that a selector picks out of a dialogue of `count` turns."""
    match selector:
        case "no_indices":
            return ()
        case "odd":
            return tuple(range(1, count, 2))
        case "even":
            return tuple(range(0, count, 2))
        case "all":
            return tuple(range(count))
        case "all_skip_first":
            return tuple(range(1, count))
