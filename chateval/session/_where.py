"""Which journal belongs to a data directory: its own file, or a database that it remembers in `journal.url`."""

import asyncio
from pathlib import Path

from chateval.errors import DataDirectoryError
from chateval.session._sql_journal import JOURNAL_FILE, SqlJournal

URL_FILE = "journal.url"
"""Holds the URL of a directory's journal where that is no file of the directory; never a password."""


def journal_place(data_dir: Path, url: str | None = None) -> Path | str:
    """Where to read what was collected: at `url` if given, else where the directory says.

    Raises:
        DataDirectoryError: nothing has been collected there.
    """
    place = url or _known_place(data_dir)
    if place is None:
        raise DataDirectoryError(
            f"Nothing has been collected in {data_dir}: it has no {JOURNAL_FILE}. Name another folder with --data-dir, "
            "or the journal's database with --journal-url."
        )
    return place


def open_journal(data_dir: Path, url: str | None, loop: asyncio.AbstractEventLoop) -> SqlJournal:
    """Open a directory's journal for a run. A database at `url` is remembered, so that nobody has to name it again.

    Raises:
        DataDirectoryError: the directory's journal is another one, or the database is another directory's.
        JournalError: it cannot be opened.
    """
    known = _known_place(data_dir)
    if url is not None and known is not None and known != url:
        raise DataDirectoryError(
            f"The journal of {data_dir} is {known}, and journal_url names another. A data directory has one journal, "
            "since runs, limits for workers and exports go by it. Remove journal_url, or name a new data_dir. If the "
            f"database has moved, write its new URL into {data_dir / URL_FILE}."
        )
    journal = SqlJournal(known or url or data_dir / JOURNAL_FILE, loop)
    if known is None and url is not None:
        _claim(data_dir, url, journal)
    return journal


def _known_place(data_dir: Path) -> Path | str | None:
    remembered = data_dir / URL_FILE
    if remembered.exists():
        return remembered.read_text(encoding="utf-8", errors="replace").strip()
    own = data_dir / JOURNAL_FILE
    return own if own.exists() else None


def _claim(data_dir: Path, url: str, journal: SqlJournal) -> None:
    if journal.runs():
        journal.close()
        raise DataDirectoryError(
            f"The journal {journal.name} holds runs already, and {data_dir} knows of none: they are another data "
            "directory's, whose run numbers would clash. Create a database for each data directory. If the directory "
            f"has only lost its {URL_FILE}, write the URL into it."
        )
    data_dir.mkdir(parents=True, exist_ok=True)
    partial = data_dir / f"{URL_FILE}.part"
    partial.write_text(url + "\n", encoding="utf-8")
    partial.replace(data_dir / URL_FILE)
