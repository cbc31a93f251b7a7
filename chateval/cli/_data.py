"""Finding what was collected."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chateval.config import project_root
from chateval.errors import DataDirectoryError
from chateval.session import JOURNAL_FILE, SqlJournal


def add_data_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where the data is (default: the project's data/)")


@contextmanager
def opened_journal(data_dir: Path | None) -> Iterator[tuple[SqlJournal, Path]]:
    """The journal of a data directory, for reading, and the directory."""
    folder = data_dir or project_root() / "data"
    path = folder / JOURNAL_FILE
    if not path.exists():
        raise DataDirectoryError(
            f"Nothing has been collected in {folder}: it has no {JOURNAL_FILE}. Name another folder with --data-dir."
        )
    journal = SqlJournal(path)
    try:
        yield journal, folder
    finally:
        journal.close()
