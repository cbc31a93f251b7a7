"""From sources to one file of the annotation formats."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chateval.annotation._answer_keys import can_be_graded
from chateval.annotation._data_files import choose_tasks, read_groups
from chateval.annotation._data_reading import Problems, did_you_mean
from chateval.annotation._tasks import PairTask, Task, TurnTask
from chateval.annotation._training import read_golds, read_training
from chateval.annotation.convert._cast import Cast, CastDialogue, folded_name
from chateval.annotation.convert._cells import (
    SUFFIXES,
    TABLES,
    TRANSCRIPTS,
    WORKBOOKS,
    paths_in,
    read_csv,
    read_workbook,
)
from chateval.annotation.convert._found import FoundDialogue
from chateval.annotation.convert._order import Kind, Order
from chateval.annotation.convert._tables import read_table
from chateval.annotation.convert._transcripts import read_transcript
from chateval.annotation.convert._writing import Writer, text_of
from chateval.errors import AnnotationFormatError, Problem


@dataclass(frozen=True)
class Converted:
    """What was written."""

    dialogues: int
    turns: int
    keys: int
    """Turns with right answers."""


def convert(sources: Sequence[Path], order: Order, tasks: Mapping[str, Task], out: Path) -> Converted:
    """Write the dialogues of tables, workbooks, transcripts and folders of them to one file.

    The file is read back by the reader that a study uses before it takes the place of what was there.

    Raises:
        AnnotationFormatError: all problems of the sources, each with row and column or line; nothing is written then.
    """
    problems = Problems(out)
    chosen = _choose_tasks(order, tasks)
    writer = Writer(order, chosen)
    paths = tuple(paths_in(sources))
    if out in paths:
        raise AnnotationFormatError(f"{out} is both read and written. Write to another file.")
    cast_dialogues = [each for path in paths for each in _read(path, order, problems, is_one_of_many=len(paths) > 1)]
    _check_names(order, cast_dialogues, problems)
    _check_ids(order, cast_dialogues)
    raw = [writer.datapoint(each, len(cast_dialogues) - place) for place, each in enumerate(cast_dialogues, start=1)]
    problems.raise_any()
    if not raw:
        what = f"There is no dialogue in {', '.join(map(str, sources))}"
        raise AnnotationFormatError(f"{what}. Name files, or a folder of files, that end in {', '.join(SUFFIXES)}.")
    _write(out, text_of(order.kind, raw), order.kind, tasks)
    turns = [turn for each in raw for turn in each["turns"]]
    return Converted(len(raw), len(turns), sum(len(turn) > 2 for turn in turns))


def _choose_tasks(order: Order, tasks: Mapping[str, Task]) -> tuple[Task, ...]:
    complaints: list[str] = []
    chosen = choose_tasks(order.tasks, tasks, complaints.append)
    if order.kind != "data" and len(order.tasks) != 1:
        complaints.append(f"There are {len(order.tasks)} tasks. Training and gold dialogues are for one; name one.")
    for task in chosen:
        if order.kind != "data" and not (isinstance(task, TurnTask) and can_be_graded(task)):
            complaints.append(f"{task.id} cannot be graded turn by turn. Name a task of turns with options or scales.")
        elif isinstance(task, PairTask):
            complaints.append(f"{task.id} compares two dialogues, and a source holds single ones. Name another task.")
    if complaints:
        raise AnnotationFormatError(*(Problem("--task", complaint) for complaint in complaints))
    return chosen


def _read(path: Path, order: Order, problems: Problems, *, is_one_of_many: bool) -> Iterator[CastDialogue]:
    cast = Cast(order.users, order.systems)
    try:
        found = list(_found(path, order, problems.beside(path), is_one_of_many=is_one_of_many))
    except AnnotationFormatError as error:
        problems.take(error)
        return
    yield from (CastDialogue(each, cast.speakers(each)) for each in found)


def _found(path: Path, order: Order, problems: Problems, *, is_one_of_many: bool) -> Iterator[FoundDialogue]:
    kind, has_answers = path.suffix.lower(), order.kind != "data"
    if kind in TABLES:
        yield from read_table(read_csv(path), path.stem, problems, ignored=order.ignored, has_answers=has_answers)
    elif kind in WORKBOOKS:
        grids = read_workbook(path, order.sheets)
        for grid in grids:
            name = path.stem if len(grids) == 1 else f"{path.stem}_{grid.sheet}" if is_one_of_many else grid.sheet
            yield from read_table(grid, name, problems, ignored=order.ignored, has_answers=has_answers)
    elif kind not in TRANSCRIPTS:
        problems.about("")(f"Files of this kind cannot be read. Save it as one of {', '.join(SUFFIXES)}.")
    elif has_answers:
        problems.about("")("A transcript holds no right answers. Bring them in a table, with the column selection.")
    else:
        names = (*order.users, *order.systems) if order.users and order.systems else ()
        yield from read_transcript(path, path.stem, problems, names)


def _check_names(order: Order, dialogues: Sequence[CastDialogue], problems: Problems) -> None:
    """A name that was given and that nobody has is most likely misspelt."""
    names = {folded_name(turn.speaker): turn.speaker for each in dialogues for turn in each.found.turns if turn.speaker}
    for name in (*order.users, *order.systems):
        if dialogues and folded_name(name) not in names:
            known = ", ".join(names.values()) or "nobody with a name"
            guess = did_you_mean(name, names.values())
            problems.about("")(f"Nobody called {name!r} speaks.{guess} There are: {known}.")


def _check_ids(order: Order, dialogues: Sequence[CastDialogue]) -> None:
    seen: set[tuple[str, str]] = set()
    for each in dialogues:
        name = each.found.dialogue_id
        identity = ("" if order.kind == "screen" else each.found.group_id or name, name)
        if identity in seen:
            each.found.say(f"There is another dialogue {name!r}. Give one of the two another dialogue_id.")
        seen.add(identity)


def _write(out: Path, text: str, kind: Kind, tasks: Mapping[str, Task]) -> None:
    part = out.with_name(f".{out.stem}.part{out.suffix}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        _READERS[kind](part, tasks)
        part.replace(out)
    except OSError as error:
        raise AnnotationFormatError(f"{out} cannot be written: {error.strerror}. Name another file.") from error
    except AnnotationFormatError as error:
        raise AnnotationFormatError(str(error).replace(str(part), str(out))) from error
    finally:
        with suppress(OSError):
            part.unlink()


_READERS: Mapping[Kind, Callable[[Path, Mapping[str, Task]], Any]] = {
    "data": read_groups,
    "screen": read_training,
    "gold": read_golds,
}
