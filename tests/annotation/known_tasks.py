"""Tasks of each kind that can be graded, small enough to know by heart, and files for them."""

import json
from pathlib import Path
from typing import Any

import pytest

from chateval.annotation._tasks import (
    Checks,
    Choice,
    DialogueTask,
    FreeText,
    Option,
    PairTask,
    Ranking,
    Scale,
    Seen,
    Task,
    TurnTask,
    When,
)
from chateval.errors import AnnotationFormatError


def options(*ids: str) -> tuple[Option, ...]:
    return tuple(Option(name, name.capitalize()) for name in ids)


MANNERS = TurnTask(
    id="manners",
    questions=(Checks(id="manners_q", options=(Option("rude", "That is rude."), Option("loud", "Loud"))),),
)
MOOD = TurnTask(
    id="mood",
    is_required=True,
    questions=(Choice(id="mood_q", text="How is SPEAKER_X?", options=options("glad", "sad")),),
)
TRUE = Choice(id="true", allows_na=True, options=options("yes", "no"))
FACTS = TurnTask(
    id="facts",
    questions=(
        Checks(id="uses", options=(Option("fact", "Uses a fact", then=(TRUE,)),)),
        FreeText(id="note", is_optional=True),
    ),
)
QUALITY = TurnTask(
    id="quality",
    questions=(
        Scale(id="quality", label="Quality", labels={"1": "poor", "5": "superb"}),
        Choice(id="why_poor", when=When((Seen("quality", ("1",)),)), options=options("dull", "wrong")),
    ),
)
ORDER = TurnTask(id="order", questions=(Ranking(id="order_q", options=options("a", "b", "c")),))
BEST = PairTask(id="best", questions=(Choice(id="preferred", options=options("left", "right")),))
REPLIES = DialogueTask(id="replies", questions=(Ranking(id="replies_q"),))
ESSAY = TurnTask(id="essay", questions=(FreeText(id="essay_q"),))
COMMAS = TurnTask(
    id="commas", questions=(Checks(id="c", options=(Option("yes, it is", "Yes, it is"), *options("yes", "no"))),)
)
TWINS = TurnTask(id="twins", questions=tuple(Choice(id=name, options=options("yes", "no")) for name in "ab"))

CHANGE = TurnTask(
    id="change",
    is_required=True,
    questions=(
        Choice(id="now", options=options("glad", "sad")),
        Choice(id="better", when=When((Seen("now", ("sad",), "previous"),)), options=options("yes", "no")),
        Choice(id="certain", is_optional=True, options=options("yes", "no")),
    ),
)

ALL: tuple[Task, ...] = (MANNERS, MOOD, FACTS, QUALITY, ORDER, BEST, REPLIES, ESSAY, COMMAS, TWINS, CHANGE)
TASKS: dict[str, Task] = {task.id: task for task in ALL}


def write_json(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def write_lines(path: Path, *values: Any) -> Path:
    lines = (value if isinstance(value, str) else json.dumps(value) for value in values)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def complaints(read: Any, *arguments: Any) -> str:
    """What a reader says of a file that it cannot use."""
    with pytest.raises(AnnotationFormatError) as caught:
        read(*arguments)
    return str(caught.value)
