"""The journal, on SQLite and on PostgreSQL: what is called saved is on the disk."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chateval.errors import JournalError
from chateval.session import JOURNAL_FILE, Entry, SqlJournal
from chateval.worlds import BotFailed, Consented, Event, Finished, Left, Rated, Spoke, Submitted, TimedOut

from .conftest import RUN, record, until

EVENTS: list[Event] = [
    Consented(),
    Spoke("hé\0llo 🙂 %s ? :x"),
    Finished(),
    Rated({"rating_1": 4}),
    Submitted("fine"),
    Left(),
    TimedOut(),
    BotFailed("broken"),
]


@pytest.fixture
async def journal(place: Path | str) -> AsyncIterator[SqlJournal]:
    opened = SqlJournal(place, asyncio.get_running_loop())
    opened.add_run(RUN)
    yield opened
    opened.close()


async def test_what_is_saved_can_be_read_by_another_connection(journal: SqlJournal, place: Path | str) -> None:
    """A worker who was told "saved" has left their words with us, whatever happens to this process."""
    told: list[JournalError | None] = []
    journal.add_session(record(), told.append)
    for seq, event in enumerate(EVENTS, start=1):
        journal.append(Entry("s1", seq, 1_000.1 + seq, f"m{seq}", event), told.append)

    await until(lambda: len(told) == 1 + len(EVENTS))

    assert set(told) == {None}
    other = SqlJournal(place)
    assert [entry.event for entry in other.entries("s1")] == EVENTS
    assert other.entries("s1")[0] == Entry("s1", 1, 1_001.1, "m1", Consented())
    assert other.sessions(run_id="1") == [record()]
    assert list(other.histories(task_name="task")) == [(record(), other.entries("s1"))]
    assert other.runs() == [RUN]
    other.close()


async def test_a_write_that_fails_says_so_and_takes_no_other_with_it(journal: SqlJournal) -> None:
    told: dict[str, JournalError | None] = {}
    journal.add_session(record(), lambda error: told.update(session=error))
    journal.append(Entry("s1", 1, 0.0, "", Consented()), lambda error: told.update(first=error))
    journal.append(Entry("s1", 1, 0.0, "", Left()), lambda error: told.update(clash=error))
    journal.append(Entry("s1", 3, 0.0, "\ud800", Left()), lambda error: told.update(unwritable=error))
    journal.append(Entry("s1", 2, 0.0, "", Left()), lambda error: told.update(second=error))

    await until(lambda: len(told) == 5)

    assert isinstance(told.pop("clash"), JournalError)
    assert isinstance(told.pop("unwritable"), JournalError)
    assert set(told.values()) == {None}
    assert [entry.event for entry in journal.entries("s1")] == [Consented(), Left()]


async def test_an_error_shows_nothing_that_people_said(journal: SqlJournal) -> None:
    """Errors are logged, and a log is no place for answers or tokens."""
    told: list[JournalError | None] = []
    journal.add_session(record(), told.append)
    journal.add_session(msgspec.structs.replace(record(), token="secret token"), told.append)

    await until(lambda: len(told) == 2)

    assert "already exists" in str(told[1]) or "UNIQUE" in str(told[1])
    assert "secret token" not in str(told[1])


async def test_what_is_given_twice_is_kept_once(journal: SqlJournal) -> None:
    """Where a connection breaks in the middle of a commit, the writer can only write once more, and find out."""
    told: list[JournalError | None] = []
    for _ in range(3):
        journal.add_session(record(), told.append)
        journal.append(Entry("s1", 1, 1_000.1, "m", Spoke("once\0")), told.append)
    journal.add_run(RUN)

    await until(lambda: len(told) == 6)

    assert set(told) == {None}
    assert len(journal.entries("s1")) == len(journal.sessions()) == len(journal.runs()) == 1


async def test_another_run_of_the_same_number_is_refused(journal: SqlJournal) -> None:
    """Two data directories on one database would number their runs alike, and mix them up."""
    with pytest.raises(JournalError, match="cannot be written"):
        journal.add_run(msgspec.structs.replace(RUN, seed=43))


async def test_a_run_that_was_changed_is_read_as_changed(journal: SqlJournal, place: Path | str) -> None:
    """What its bots are is known after sessions have begun already."""
    journal.add_session(record(), lambda _: None)
    changed = RUN.with_bots({"echo": {"kind": "parlai"}}, 1.0)
    journal.change_run(changed)

    other = SqlJournal(place)
    assert other.runs() == [changed]
    other.close()


async def test_what_was_queued_is_committed_before_closing(place: Path | str) -> None:
    journal = SqlJournal(place, asyncio.get_running_loop())
    journal.add_run(RUN)
    journal.add_session(record(), lambda _: None)
    for seq in range(1, 501):
        journal.append(Entry("s1", seq, 0.0, "", Spoke(str(seq))), lambda _: None)

    journal.close()

    reader = SqlJournal(place)
    assert len(reader.entries("s1")) == 500
    reader.close()


async def test_what_cannot_be_read_is_named_and_keeps_nothing_else_from_being_read(
    journal: SqlJournal, place: Path | str
) -> None:
    """A damaged row must not cost a study its data, nor be passed over in silence."""
    told: list[JournalError | None] = []
    for entry_or_session in (record("s1"), record("s2")):
        journal.add_session(entry_or_session, told.append)
        journal.append(Entry(entry_or_session.session_id, 1, 0.0, "", Consented()), told.append)
    await until(lambda: len(told) == 4)
    with journal._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE entries SET event = 'gibberish' WHERE session_id = 's1'")

    damages: list[str] = []
    assert [len(entries) for _, entries in journal.histories(damaged=damages.append)] == [0, 1]
    assert len(damages) == 1
    with pytest.raises(JournalError, match="entry 1 of session s1"):
        list(journal.histories())


async def test_writes_are_synced_and_readers_never_wait(tmp_path: Path) -> None:
    """The two settings that durability and a safe export rest on."""
    journal = SqlJournal(tmp_path / JOURNAL_FILE)
    with sqlite3.connect(tmp_path / JOURNAL_FILE) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    with journal._engine.connect() as own:
        assert own.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    journal.close()


def test_a_path_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / JOURNAL_FILE).mkdir()

    with pytest.raises(JournalError, match="cannot be opened"):
        SqlJournal(tmp_path / JOURNAL_FILE)


@given(st.text(), st.text(max_size=64))
def test_any_text_comes_back_as_it_was(text: str, message_id: str) -> None:
    """Zero characters, emoji and all: nothing is lost to an encoding."""
    entry = Entry("s", 1, 0.0, message_id, Spoke(text))

    assert msgspec.json.decode(msgspec.json.encode(entry), type=Entry) == entry
