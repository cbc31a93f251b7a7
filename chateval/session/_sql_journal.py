"""The journal in an SQL database: a file of SQLite's in WAL mode, or PostgreSQL; every commit is synced to the disk."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple, NoReturn, TypeVar

import msgspec
import sqlalchemy as sa

from chateval.errors import JournalError
from chateval.session._engine import open_engine, reason, remedy
from chateval.session._journal import Saved
from chateval.session._record import Entry, RunRecord, SessionRecord
from chateval.worlds import Event

JOURNAL_FILE = "journal.db"
"""Its name in a data directory."""

Damaged = Callable[[str], None]
"""Told of a row that cannot be read, which is then left out."""

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

_IS_IT_FULL = " Is the disk full, or the server away?"

_encode = msgspec.json.Encoder().encode
_decode_event = msgspec.json.Decoder(Event).decode


class _Row(NamedTuple):
    """A row that is to be inserted, and who waits for it."""

    table: sa.Table
    values: tuple[Any, ...]
    saved: Saved


def _refuse(damage: str) -> NoReturn:
    raise JournalError(f"{damage} `chateval doctor` says what else is damaged.")


class SqlJournal:
    """A `Journal` at a file, or at a SQLAlchemy URL (`postgresql+psycopg://user@host/database`).

    `saved` callbacks are called on `loop`; a journal without one is for reading. A row whose very same content is there
    already counts as saved: where a connection breaks in the middle of a commit, nobody knows whether it took place, so
    that rows are written again.

    Raises:
        JournalError: it cannot be opened or written, or a row of it cannot be read; the message holds no password.
    """

    def __init__(self, where: Path | str, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop
        self._queue: SimpleQueue[_Row | None] = SimpleQueue()
        self._engine, self.name = open_engine(where)
        mark = "?" if self._engine.dialect.paramstyle == "qmark" else "%s"
        self._inserts = {table: _insert(table, mark) for table in _metadata.sorted_tables}
        self._create_tables()
        self._writer = threading.Thread(target=self._write, name="journal", daemon=True)
        self._writer.start()

    def add_run(self, run: RunRecord) -> None:
        row = _Row(_runs, (run.run_id, run.task_name, _encode(run).decode()), _ignore)
        for _, error in self._try([row]):
            if error is not None:
                raise error

    def change_run(self, run: RunRecord) -> None:
        query = _runs.update().where(_runs.c.run_id == run.run_id).values(record=_encode(run).decode())
        try:
            with self._engine.begin() as connection:
                connection.execute(query)
        except sa.exc.SQLAlchemyError as error:
            raise self._unwritten(error, _IS_IT_FULL) from error

    def add_session(self, session: SessionRecord, saved: Saved) -> None:
        values = (session.session_id, session.run_id, session.created_at, _encode(session).decode())
        self._queue.put(_Row(_sessions, values, saved))

    def append(self, entry: Entry, saved: Saved) -> None:
        values = (entry.session_id, entry.seq, entry.at, entry.message_id, _encode(entry.event).decode())
        self._queue.put(_Row(_entries, values, saved))

    def runs(self, damaged: Damaged = _refuse) -> list[RunRecord]:
        with self._reading() as connection:
            rows = connection.execute(sa.select(_runs.c.run_id, _runs.c.record)).all()
        found = _readable(rows, lambda row: _record(row, RunRecord), lambda row: f"run {row[0]}", damaged)
        return sorted(found, key=lambda run: run.started_at)

    def sessions(
        self, run_id: str | None = None, task_name: str | None = None, damaged: Damaged = _refuse
    ) -> list[SessionRecord]:
        query = sa.select(_sessions.c.session_id, _sessions.c.record).join(_runs).order_by(_sessions.c.created_at)
        with self._reading() as connection:
            rows = connection.execute(_only(query, run_id, task_name)).all()
        read = _readable(rows, lambda row: _record(row, SessionRecord), lambda row: f"session {row[0]}", damaged)
        return list(read)

    def entries(self, session_id: str, damaged: Damaged = _refuse) -> list[Entry]:
        query = sa.select(_entries).where(_entries.c.session_id == session_id).order_by(_entries.c.seq)
        with self._reading() as connection:
            return list(_readable(connection.execute(query), _entry, _entry_name, damaged))

    def histories(
        self, run_id: str | None = None, task_name: str | None = None, damaged: Damaged = _refuse
    ) -> Iterator[tuple[SessionRecord, list[Entry]]]:
        query = (
            sa.select(_entries)
            .join(_sessions, _sessions.c.session_id == _entries.c.session_id)
            .join(_runs, _runs.c.run_id == _sessions.c.run_id)
            .order_by(_entries.c.session_id, _entries.c.seq)
        )
        with self._reading() as connection:
            rows = connection.execute(_only(query, run_id, task_name))
            readable = _readable(rows, _entry, _entry_name, damaged)
            found = {key: list(group) for key, group in groupby(readable, attrgetter("session_id"))}
        for session in self.sessions(run_id, task_name, damaged):
            yield session, found.get(session.session_id, [])

    def faults(self) -> Iterator[str]:
        """What is wrong with the database as a whole, a line each; a server looks after its own files."""
        with self._reading() as connection:
            if self._engine.dialect.name == "sqlite":
                said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
                yield from (line for line in said if line != "ok")
                for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
                    yield f"a row of {table} belongs to none of {parent}"
            known = sa.select(_sessions.c.session_id)
            query = sa.select(_entries.c.session_id).distinct().where(_entries.c.session_id.not_in(known))
            yield from (f"entries of a session {row[0]}, which it does not hold" for row in connection.execute(query))

    def close(self) -> None:
        self._queue.put(None)
        self._writer.join()
        self._engine.dispose()

    def _create_tables(self) -> None:
        try:
            try:
                _metadata.create_all(self._engine)
            except (sa.exc.ProgrammingError, sa.exc.IntegrityError):  # someone else has made them meanwhile
                _metadata.create_all(self._engine)
        except sa.exc.SQLAlchemyError as error:
            why = f"{reason(error)}. {remedy(error, self.name)}"
            raise JournalError(f"The journal {self.name} cannot be opened: {why}") from error

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise JournalError(f"The journal {self.name} cannot be read: {reason(error)}.") from error

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
                for told, error in self._try(rows):
                    self._tell(told, error)

    def _try(self, rows: list[_Row]) -> Iterator[tuple[list[_Row], JournalError | None]]:
        """Commit a group, and say how it went.

        Where a row is to blame, each is tried alone, so that it takes no other with it. Where the database is, all have
        failed: a try for each would only wait as often for a server that is away.
        """
        try:
            self._commit(rows)
        except (sa.exc.IntegrityError, sa.exc.DataError, UnicodeError) as error:
            if len(rows) > 1:
                for row in rows:
                    yield from self._try([row])
            else:
                yield rows, None if self._is_there(rows[0]) else self._unwritten(error, "")
        except sa.exc.SQLAlchemyError as error:
            yield rows, self._unwritten(error, _IS_IT_FULL)
        else:
            yield rows, None

    def _commit(self, rows: list[_Row]) -> None:
        """All or nothing. A connection that breaks is replaced once; what it left half done, the database undoes."""
        try:
            self._insert(rows)
        except sa.exc.DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self._insert(rows)

    def _insert(self, rows: list[_Row]) -> None:
        with self._engine.begin() as connection:
            for table, group in groupby(rows, attrgetter("table")):
                connection.exec_driver_sql(self._inserts[table], [row.values for row in group])

    def _is_there(self, row: _Row) -> bool:
        key = [column == value for column, value in zip(row.table.c, row.values, strict=True) if column.primary_key]
        try:
            with self._engine.connect() as connection:
                found = connection.execute(sa.select(row.table).where(*key)).first()
        except (sa.exc.SQLAlchemyError, UnicodeError):
            return False
        return found is not None and tuple(found) == row.values

    def _unwritten(self, error: Exception, question: str) -> JournalError:
        failure = JournalError(f"The journal {self.name} cannot be written: {reason(error)}.{question}")
        failure.__cause__ = error
        return failure

    def _tell(self, rows: list[_Row], error: JournalError | None) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_call_all, [row.saved for row in rows], error)


def _insert(table: sa.Table, mark: str) -> str:
    columns = ", ".join(column.name for column in table.c)
    return f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join(mark for _ in table.c)})"  # noqa: S608  (our names)


def _call_all(everyone: list[Saved], error: JournalError | None) -> None:
    for saved in everyone:
        saved(error)


def _ignore(error: JournalError | None) -> None:
    """Nobody waits."""


_R = TypeVar("_R")
_T = TypeVar("_T")


def _readable(
    rows: Iterable[_R], read: Callable[[_R], _T], name: Callable[[_R], str], damaged: Damaged
) -> Iterator[_T]:
    for row in rows:
        try:
            record = read(row)
        except (msgspec.MsgspecError, UnicodeError, TypeError) as error:
            damaged(f"The journal cannot read {name(row)}: {error}.")
        else:
            yield record


def _record(row: Any, kind: type[_T]) -> _T:
    return msgspec.json.decode(row.record, type=kind)


def _entry(row: Any) -> Entry:
    return Entry(row.session_id, row.seq, row.at, row.message_id, _decode_event(row.event))


def _entry_name(row: Any) -> str:
    return f"entry {row.seq} of session {row.session_id}"


_Query = TypeVar("_Query", bound=sa.Select[Any])


def _only(query: _Query, run_id: str | None, task_name: str | None) -> _Query:
    if run_id is not None:
        query = query.where(_runs.c.run_id == run_id)
    if task_name is not None:
        query = query.where(_runs.c.task_name == task_name)
    return query
