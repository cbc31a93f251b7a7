"""The cells of CSV files and workbooks, before anyone knows what they mean."""

import csv
import datetime as dt
import io
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from chateval.annotation._data_reading import did_you_mean, read_text
from chateval.errors import AnnotationFormatError, Problem

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook import Workbook


@dataclass(frozen=True)
class Unusable:
    """A cell whose value cannot be a text; `reason` says why, and what to do."""

    reason: str


Content = str | Unusable


@dataclass(frozen=True)
class Grid:
    """Rows of cells, numbered from 1 as spreadsheets do. `sheet` is empty where a file has no sheets."""

    sheet: str
    rows: tuple[tuple[int, tuple[Content, ...]], ...]


def read_csv(path: Path) -> Grid:
    text = read_text(path)
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return Grid("", _rows(enumerate(reader, start=1)))
    except csv.Error as error:
        reason = f"This is not valid CSV: {error}. Check the quotes there, or save the table anew."
        raise AnnotationFormatError(Problem(f"{path}, line {reader.line_num}", reason)) from error


def read_workbook(path: Path, wanted: Collection[str]) -> list[Grid]:
    """The sheets that hold anything; those `wanted`, or, where none are named, all."""
    book = _opened(path)
    names = [sheet.title for sheet in book.worksheets]
    for name in wanted:
        if name not in names:
            reason = f"There is no sheet {name!r}.{did_you_mean(name, names)} The sheets are: {', '.join(names)}."
            raise AnnotationFormatError(Problem(str(path), reason))
    grids = (_grid(sheet) for sheet in book.worksheets if not wanted or sheet.title in wanted)
    return [grid for grid in grids if grid.rows]


def _opened(path: Path) -> "Workbook":
    try:
        from openpyxl import load_workbook  # noqa: PLC0415  (only workbooks need it)
    except ImportError as error:
        reason = "Reading workbooks needs the package openpyxl. Run `pip install openpyxl`, or save the table as CSV."
        raise AnnotationFormatError(Problem(str(path), reason)) from error
    try:
        with warnings.catch_warnings(action="ignore"):  # it tells of formats and pictures that it passes over
            return load_workbook(path)
    except OSError as error:
        reason = f"The file cannot be read: {error.strerror}. Correct its name, or its permissions."
        raise AnnotationFormatError(Problem(str(path), reason)) from error
    except (BadZipFile, KeyError, ValueError, SyntaxError) as error:  # what a broken archive or broken XML leads to
        reason = "This is no workbook that can be read. Save it anew as .xlsx, or as CSV in UTF-8."
        raise AnnotationFormatError(Problem(str(path), reason)) from error


def _grid(sheet: Any) -> Grid:
    return Grid(sheet.title, _rows((row[0].row, [_content(cell) for cell in row]) for row in sheet.iter_rows()))


def _rows(numbered: Iterable[tuple[int, Sequence[Content]]]) -> tuple[tuple[int, tuple[Content, ...]], ...]:
    """Those with anything in them."""
    stripped = ((number, tuple(map(_stripped, cells))) for number, cells in numbered)
    return tuple((number, cells) for number, cells in stripped if any(cells))


def _stripped(content: Content) -> Content:
    return content.strip() if isinstance(content, str) else content


def _content(cell: "Cell") -> Content:
    value = cell.value
    if cell.data_type == "f":
        return Unusable("This is a formula. Put its result there instead: copy it, and paste values only.")
    if cell.data_type == "e":
        return Unusable(f"This is the error {value}. Correct the cell.")
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return Unusable(f"This is the date or time {value}. Format the cell as text, and type what was meant.")
    return "" if value is None else str(value)


def column_letters(index: int) -> str:
    """A column as spreadsheets name it: 0 is A, 26 is AA."""
    letters = ""
    while index >= 0:
        letters = chr(ord("A") + index % 26) + letters
        index = index // 26 - 1
    return letters


def paths_in(sources: Iterable[Path]) -> Iterator[Path]:
    """The files themselves, and those within folders, by name."""
    for source in sources:
        if source.is_dir():
            yield from sorted(path for path in source.iterdir() if path.suffix.lower() in SUFFIXES)
        else:
            yield source


TABLES = (".csv", ".tsv")
WORKBOOKS = (".xlsx", ".xlsm")
TRANSCRIPTS = (".txt", ".text")
SUFFIXES = (*TABLES, *WORKBOOKS, *TRANSCRIPTS)
