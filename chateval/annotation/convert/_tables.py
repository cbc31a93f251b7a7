"""Tables as dialogues: a row a turn, with what is said in the column `turn`."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from chateval.annotation._data_reading import Problems, Say, did_you_mean
from chateval.annotation.convert._cells import Content, Grid, Unusable, column_letters
from chateval.annotation.convert._found import FoundDialogue, FoundTurn

COLUMNS = ("turn", "speaker", "dialogue_id", "group_id", "selection", "explanation", "persona")
ANSWERS = ("selection", "explanation")


@dataclass(frozen=True)
class _Row:
    cells: Mapping[str, str]
    about: Callable[[str], Say]
    """What takes complaints about a column, or, by "", about the row."""

    def get(self, column: str) -> str:
        return self.cells.get(column, "")


def read_table(
    grid: Grid, name: str, problems: Problems, *, ignored: Collection[str] = (), has_answers: bool = True
) -> Iterator[FoundDialogue]:
    """The dialogues of a table: those that its column dialogue_id tells apart, or a single one called `name`."""
    sheet = f"sheet {grid.sheet!r}, " if grid.sheet else ""
    if not grid.rows:
        problems.about(sheet.rstrip(", "))(f"The table is empty. {_HEADER}")
        return
    (first, header), *below = grid.rows
    say = problems.about(f"{sheet}row {first}")
    columns = _columns(header, frozenset(map(_folded, ignored)), say)
    if "turn" not in columns:
        say(f"No column is called turn. {_HEADER}")
        return
    rows = [_row(cells, columns, _about(problems, f"{sheet}row {number}")) for number, cells in below]
    if not rows:
        say("There are no turns below the names of the columns. Add them.")
    if not has_answers:
        _refuse_answers(rows)
    yield from _dialogues(rows, name, has_ids="dialogue_id" in columns)


_HEADER = f"Write the names of the columns into the first row. They are {', '.join(COLUMNS)}; only turn is needed."


def _about(problems: Problems, row: str) -> Callable[[str], Say]:
    return lambda column: problems.about(f"{row}, column {column}" if column else row)


def _columns(header: Sequence[Content], ignored: Collection[str], say: Say) -> tuple[str, ...]:
    """The names in order. A column to be passed over is "", one without a name goes by its letters, as in `(C)`."""
    names = [_folded(name) if isinstance(name, str) else "" for name in header]
    columns: list[str] = []
    for index, name in enumerate(names):
        if name and name not in ignored and name not in COLUMNS:
            reason = f"The column {name!r} means nothing here.{did_you_mean(name, COLUMNS)} {_HEADER}"
            say(f"{reason} To leave it out, say --ignore {name}.")
        if name in COLUMNS and name in columns:
            say(f"Two columns are called {name}. Leave one.")
        columns.append(
            name if name in COLUMNS and name not in ignored else "" if name else f"({column_letters(index)})"
        )
    return tuple(columns)


def _folded(name: str) -> str:
    return "_".join(name.casefold().split())


def _row(cells: Sequence[Content], columns: Sequence[str], about: Callable[[str], Say]) -> _Row:
    usable: dict[str, str] = {}
    for index, content in enumerate(cells):
        column = columns[index] if index < len(columns) else f"({column_letters(index)})"
        if not column or not content:
            continue
        if isinstance(content, Unusable):
            about(column)(content.reason)
        elif column.startswith("("):
            about(column)(f"{content[:40]!r} stands in a column without a name. Name the column, or empty the cell.")
        else:
            usable[column] = content
    return _Row(usable, about)


def _refuse_answers(rows: Iterable[_Row]) -> None:
    """One complaint a column: whoever has answers in one row has them in all."""
    for column in ANSWERS:
        found = next((row for row in rows if row.get(column)), None)
        if found is not None:
            reason = "Data to be labelled has no right answers; training dialogues (--to screen) and gold units do"
            found.about(column)(f"{reason}. To leave the column out, say --ignore {column}.")


def _dialogues(rows: Sequence[_Row], name: str, *, has_ids: bool) -> Iterator[FoundDialogue]:
    done: set[str] = set()
    for dialogue_id, members in groupby(_with_ids(rows, "" if has_ids else name), key=lambda pair: pair[0]):
        found = [row for _, row in members]
        if not dialogue_id:
            found[0].about("dialogue_id")("There is no dialogue_id. Write one here, and wherever a dialogue begins.")
        elif dialogue_id in done:
            reason = f"The dialogue {dialogue_id!r} goes on here, but others stand in between"
            found[0].about("dialogue_id")(f"{reason}. Put its rows together, or give this one another dialogue_id.")
        done.add(dialogue_id)
        yield _dialogue(dialogue_id, found)


def _with_ids(rows: Iterable[_Row], name: str) -> Iterator[tuple[str, _Row]]:
    """A row without an id belongs to the dialogue above it."""
    for row in rows:
        name = row.get("dialogue_id") or name
        yield name, row


def _dialogue(dialogue_id: str, rows: Sequence[_Row]) -> FoundDialogue:
    first = rows[0]
    for row in rows[1:]:
        if row.get("group_id") not in ("", first.get("group_id")):
            row.about("group_id")(f"The dialogue begins in the group {first.get('group_id')!r}. Leave this cell empty.")
        if row.get("persona"):
            row.about("persona")("A persona stands in the first row of its dialogue, a sentence a line. Move it there.")
    return FoundDialogue(
        say=first.about(""),
        dialogue_id=dialogue_id,
        turns=tuple(map(_turn, rows)),
        group_id=first.get("group_id"),
        persona=tuple(line.strip() for line in first.get("persona").split("\n") if line.strip()),
    )


def _turn(row: _Row) -> FoundTurn:
    if not row.get("turn"):
        row.about("turn")("Nothing is said here. Write what was said, or delete the row.")
    return FoundTurn(row.about, row.get("turn"), row.get("speaker"), row.get("selection"), row.get("explanation"))
