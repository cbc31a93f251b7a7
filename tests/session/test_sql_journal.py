"""The journal on SQLite: what is called saved is on the disk."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chateval.errors import JournalError
from chateval.session import JOURNAL_FILE, Entry, SqlJournal
from chateval.worlds import BotFailed, Consented, Event, Finished, Left, Rated, Spoke, Submitted, TimedOut

from .conftest import RUN, record, until

EVENTS: list[Event] = [
    Consented(),
    Spoke("hé\0llo 🙂"),
    Finished(),
    Rated({"rating_1": 4}),
    Submitted("fine"),
    Left(),
    TimedOut(),
    BotFailed("broken"),
]


async def test_what_is_saved_can_be_read_by_another_connection(journal: SqlJournal, tmp_path: Path) -> None:
    """A worker who was told "saved" has left their words with us, whatever happens to this process."""
    told: list[JournalError | None] = []
    journal.add_session(record(), told.append)
    for seq, event in enumerate(EVENTS, start=1):
        journal.append(Entry("s1", seq, 1_000.0 + seq, f"m{seq}", event), told.append)

    await until(lambda: len(told) == 1 + len(EVENTS))

    assert set(told) == {None}
    other = SqlJournal(tmp_path / JOURNAL_FILE)
    assert [entry.event for entry in other.entries("s1")] == EVENTS
    assert other.sessions(run_id="1") == [record()]
    assert other.runs() == [RUN]
    other.close()


async def test_a_write_that_fails_says_so_and_takes_no_other_with_it(journal: SqlJournal) -> None:
    told: dict[str, JournalError | None] = {}
    journal.add_session(record(), lambda error: told.update(session=error))
    journal.append(Entry("s1", 1, 0.0, "", Consented()), lambda error: told.update(first=error))
    journal.append(Entry("s1", 1, 0.0, "", Left()), lambda error: told.update(clash=error))
    journal.append(Entry("s1", 2, 0.0, "", Left()), lambda error: told.update(second=error))

    await until(lambda: len(told) == 4)

    assert isinstance(told.pop("clash"), JournalError)
    assert set(told.values()) == {None}
    assert [entry.event for entry in journal.entries("s1")] == [Consented(), Left()]


async def test_what_was_queued_is_committed_before_closing(tmp_path: Path) -> None:
    journal = SqlJournal(tmp_path / JOURNAL_FILE, asyncio.get_running_loop())
    journal.add_run(RUN)
    journal.add_session(record(), lambda _: None)
    for seq in range(1, 501):
        journal.append(Entry("s1", seq, 0.0, "", Spoke(str(seq))), lambda _: None)

    journal.close()

    reader = SqlJournal(tmp_path / JOURNAL_FILE)
    assert len(reader.entries("s1")) == 500
    reader.close()


async def test_writes_are_synced_and_readers_never_wait(journal: SqlJournal, tmp_path: Path) -> None:
    """The two settings that durability and a safe export rest on."""
    with sqlite3.connect(tmp_path / JOURNAL_FILE) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    with journal._engine.connect() as own:
        assert own.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_path_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / JOURNAL_FILE).mkdir()

    with pytest.raises(JournalError, match="cannot be opened"):
        SqlJournal(tmp_path / JOURNAL_FILE)


@given(st.text(), st.text(max_size=64))
def test_any_text_comes_back_as_it_was(text: str, message_id: str) -> None:
    """Zero characters, emoji and all: nothing is lost to an encoding."""
    import msgspec  # noqa: PLC0415

    entry = Entry("s", 1, 0.0, message_id, Spoke(text))

    assert msgspec.json.decode(msgspec.json.encode(entry), type=Entry) == entry
