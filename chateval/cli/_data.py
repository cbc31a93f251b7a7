"""Finding what was collected."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chateval.config import journal_url_fault, project_root
from chateval.errors import ConfigError
from chateval.session import SqlJournal, journal_place


def add_data_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where the data is (default: the project's data/)")
    parser.add_argument(
        "--journal-url",
        metavar="URL",
        help="the database with the journal, postgresql+psycopg://USER@HOST/DATABASE (default: what the data directory "
        "remembers)",
    )


def data_folder(data_dir: Path | None, journal_url: str | None) -> Path:
    """The folder that is meant; raises ConfigError for a URL that cannot name a journal."""
    fault = journal_url_fault(journal_url) if journal_url is not None else None
    if fault is not None:
        raise ConfigError(f"--journal-url: {fault}")
    return data_dir or project_root() / "data"


@contextmanager
def opened_journal(data_dir: Path | None, journal_url: str | None = None) -> Iterator[tuple[SqlJournal, Path]]:
    """The journal of a data directory, for reading, and the directory."""
    folder = data_folder(data_dir, journal_url)
    journal = SqlJournal(journal_place(folder, journal_url))
    try:
        yield journal, folder
    finally:
        journal.close()
