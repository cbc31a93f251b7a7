"""Workbooks are read as people leave them."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook

from chateval.annotation._training import read_training
from chateval.annotation.convert import Order, convert

from .known_tasks import TASKS, complaints

HEADER = ("turn", "selection")
Cells = tuple[object, ...]


def workbook(folder: Path, name: str = "talks.xlsx", **sheets: tuple[Cells, ...]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def order(task: str = "manners", *sheets: str) -> Order:
    return Order("screen", (task,), sheets=sheets)


def converted(*sources: Path, order: Order) -> list[str]:
    out = sources[0].parent / "out.json"
    convert(sources, order, TASKS, out)
    return [point.dialogue_id for point in read_training(out, TASKS)]


def refused(source: Path, order: Order) -> str:
    return complaints(convert, [source], order, TASKS, source.parent / "out.json")


TALK: tuple[Cells, ...] = (HEADER, ("Hi", None), ("Hm", "loud"))


def test_each_sheet_is_a_dialogue(tmp_path: Path) -> None:
    """Empty ones, which programs add of themselves, are passed over."""
    assert converted(workbook(tmp_path, one=TALK, Sheet2=(), two=TALK), order=order()) == ["one", "two"]


def test_a_single_sheet_is_called_as_its_file(tmp_path: Path) -> None:
    assert converted(workbook(tmp_path, Sheet1=TALK), order=order()) == ["talks"]


def test_sheets_of_several_files_are_told_apart(tmp_path: Path) -> None:
    sources = [workbook(tmp_path, name, one=TALK, two=TALK) for name in ("a.xlsx", "b.xlsx")]

    assert converted(*sources, order=order()) == ["a_one", "a_two", "b_one", "b_two"]


def test_sheets_can_be_chosen(tmp_path: Path) -> None:
    source = workbook(tmp_path, one=TALK, notes=(("Do not forget the milk",),))

    assert converted(source, order=order("manners", "one")) == ["talks"]
    assert "There is no sheet 'note'. Did you mean 'notes'?" in refused(source, order("manners", "note"))


def test_numbers_are_taken_as_they_look(tmp_path: Path) -> None:
    """Spreadsheets make numbers of what is typed."""
    source = workbook(tmp_path, one=(HEADER, (12, None), ("Hm", 4)))

    convert([source], order("quality"), TASKS, tmp_path / "out.json")

    [point] = read_training(tmp_path / "out.json", TASKS)
    assert point.dialogues[0].turns[0].text == "12"
    assert point.keys[1].alternatives == ({"quality": 4},)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (dt.datetime(2026, 3, 4, tzinfo=None), "the date or time 2026-03-04"),  # noqa: DTZ001  (workbooks know no zones)
        ("=A1", "This is a formula"),
        ("#REF!", "the error #REF!"),
        ("lout", "no option"),
    ],
    ids=str,
)
def test_cells_that_cannot_be_used_are_told_by_sheet_row_and_column(tmp_path: Path, cell: object, said: str) -> None:
    message = refused(workbook(tmp_path, ok=TALK, x=(HEADER, ("Hi", None), (None, None), ("Hm", cell))), order())

    assert "talks.xlsx, sheet 'x', row 4, column selection: " in message
    assert said in message


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "talks.xlsx"
    path.write_text("turn,selection")

    assert "This is no workbook that can be read" in refused(path, order())
    assert "No such file" in refused(tmp_path / "nowhere.xlsx", order())
