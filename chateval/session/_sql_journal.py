"""The journal in an SQL database: SQLite in WAL mode, every commit synced to the disk."""

import asyncio
import threading
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from chateval.errors import JournalError
from chateval.session._journal import Saved
from chateval.session._record import Entry, RunRecord, SessionRecord
from chateval.worlds import Event

JOURNAL_FILE = "journal.db"
"""Its name in a data directory."""

_metadata = sa.MetaData()

_runs = sa.Table(
    "runs",
    _metadata,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("task_name", sa.Text, nullable=False, index=True),
    sa.Column("record", sa.Text, nullable=False),
)

_sessions = sa.Table(
    "sessions",
    _metadata,
    sa.Column("session_id", sa.Text, primary_key=True),
    sa.Column("run_id", sa.Text, sa.ForeignKey("runs.run_id"), nullable=False, index=True),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
)

_entries = sa.Table(
    "entries",
    _metadata,
    sa.Column("session_id", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

_Row = tuple[sa.Table, dict[str, Any], Saved]

_encode = msgspec.json.Encoder().encode
_decode_event = msgspec.json.Decoder(Event).decode


class SqlJournal:
    """A `Journal` at a file. `saved` callbacks are called on `loop`; a journal without one is for reading.

    Raises:
        JournalError: the file cannot be opened or written.
    """

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop
        self._queue: SimpleQueue[_Row | None] = SimpleQueue()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(f"sqlite:///{path}")
        sa.event.listen(self._engine, "connect", _set_pragmas)
        try:
            _metadata.create_all(self._engine)
        except sa.exc.SQLAlchemyError as error:
            raise JournalError(f"The journal {path} cannot be opened: {error}. Is the disk full?") from error
        self._writer = threading.Thread(target=self._write, name="journal", daemon=True)
        self._writer.start()

    def add_run(self, run: RunRecord) -> None:
        row = {"run_id": run.run_id, "task_name": run.task_name, "record": _encode(run).decode()}
        self._commit([(_runs, row)])

    def add_session(self, session: SessionRecord, saved: Saved) -> None:
        row = {
            "session_id": session.session_id,
            "run_id": session.run_id,
            "created_at": session.created_at,
            "record": _encode(session).decode(),
        }
        self._queue.put((_sessions, row, saved))

    def append(self, entry: Entry, saved: Saved) -> None:
        row = {
            "session_id": entry.session_id,
            "seq": entry.seq,
            "at": entry.at,
            "message_id": entry.message_id,
            "event": _encode(entry.event).decode(),
        }
        self._queue.put((_entries, row, saved))

    def runs(self) -> list[RunRecord]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_runs.c.record))
            records = [msgspec.json.decode(row.record, type=RunRecord) for row in rows]
        return sorted(records, key=lambda run: run.started_at)

    def sessions(self, run_id: str | None = None, task_name: str | None = None) -> list[SessionRecord]:
        query = sa.select(_sessions.c.record).join(_runs).order_by(_sessions.c.created_at)
        with self._engine.connect() as connection:
            rows = connection.execute(_only(query, run_id, task_name))
            return [msgspec.json.decode(row.record, type=SessionRecord) for row in rows]

    def entries(self, session_id: str) -> list[Entry]:
        query = sa.select(_entries).where(_entries.c.session_id == session_id).order_by(_entries.c.seq)
        with self._engine.connect() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def histories(
        self, run_id: str | None = None, task_name: str | None = None
    ) -> Iterator[tuple[SessionRecord, list[Entry]]]:
        query = (
            sa.select(_entries)
            .join(_sessions, _sessions.c.session_id == _entries.c.session_id)
            .join(_runs, _runs.c.run_id == _sessions.c.run_id)
            .order_by(_entries.c.session_id, _entries.c.seq)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(_only(query, run_id, task_name))
            found = {key: [_entry(row) for row in group] for key, group in groupby(rows, lambda row: row.session_id)}
        for session in self.sessions(run_id, task_name):
            yield session, found.get(session.session_id, [])

    def close(self) -> None:
        self._queue.put(None)
        self._writer.join()
        self._engine.dispose()

    def _write(self) -> None:
        """Take what has gathered since the last commit, commit it as one, tell everyone; again, until closed."""
        is_open = True
        while is_open:
            batch = [self._queue.get()]
            while not self._queue.empty():
                batch.append(self._queue.get())
            is_open = None not in batch
            rows = [row for row in batch if row is not None]
            if rows:
                self._save(rows)

    def _save(self, rows: list[_Row]) -> None:
        """Commit a group; if that fails, each row alone, so that one bad row cannot take others with it."""
        try:
            self._commit([(table, row) for table, row, _ in rows])
        except JournalError as error:
            if len(rows) > 1:
                for row in rows:
                    self._save([row])
            else:
                self._tell(rows, error)
        else:
            self._tell(rows, None)

    def _tell(self, rows: list[_Row], error: JournalError | None) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_call_all, [saved for _, _, saved in rows], error)

    def _commit(self, rows: list[tuple[sa.Table, dict[str, Any]]]) -> None:
        try:
            with self._engine.begin() as connection:
                for table, group in groupby(rows, lambda row: row[0]):
                    connection.execute(table.insert(), [row for _, row in group])
        except sa.exc.SQLAlchemyError as error:
            raise JournalError(f"The journal cannot be written: {error}. Is the disk full?") from error


def _call_all(everyone: list[Saved], error: JournalError | None) -> None:
    for saved in everyone:
        saved(error)


def _set_pragmas(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.close()


def _entry(row: Any) -> Entry:
    return Entry(row.session_id, row.seq, row.at, row.message_id, _decode_event(row.event))


_Query = TypeVar("_Query", bound=sa.Select[Any])


def _only(query: _Query, run_id: str | None, task_name: str | None) -> _Query:
    if run_id is not None:
        query = query.where(_runs.c.run_id == run_id)
    if task_name is not None:
        query = query.where(_runs.c.task_name == task_name)
    return query
