"""The journal on a server: one that is away, that comes back, that breaks off, or that is the wrong one."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

import pytest

from chateval.errors import DataDirectoryError, JournalError
from chateval.session import URL_FILE, Entry, SqlJournal, journal_place, open_journal
from chateval.worlds import Consented, Spoke

from .conftest import RUN, record, until
from .postgresql import Server


async def test_a_server_s_commits_are_synced_whatever_its_setting(postgresql: Server) -> None:
    """The server of the tests acknowledges before it has written; what we acknowledge rests on more."""
    journal = SqlJournal(postgresql.new_database())

    with journal._engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    with postgresql.connect() as other:
        assert other.execute("SHOW synchronous_commit").fetchone() == ("off",)
    journal.close()


async def test_a_connection_that_breaks_within_a_write_costs_nothing(postgresql: Server) -> None:
    """Servers are restarted and networks fail; a worker's words are written once, and nobody is asked to wait."""
    url = postgresql.new_database()
    told: list[JournalError | None] = []
    journal = SqlJournal(url, asyncio.get_running_loop())
    journal.add_run(RUN)
    journal.add_session(record(), told.append)
    await until(lambda: len(told) == 1)
    with postgresql.connect(url) as other:
        blocked = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        with other.transaction():
            other.execute("LOCK TABLE entries")
            journal.append(Entry("s1", 1, 0.0, "m", Spoke("kept")), told.append)
            async with asyncio.timeout(5):
                while (found := other.execute(blocked).fetchone()) is None:
                    await asyncio.sleep(0.01)
            other.execute("SELECT pg_terminate_backend(%s)", found)

    await until(lambda: len(told) == 2)

    assert told == [None, None]
    assert [entry.message_id for entry in journal.entries("s1")] == ["m"]
    journal.close()


async def test_a_server_killed_amid_writes_loses_and_doubles_nothing(postgresql: Server) -> None:
    """As with a host: who is told of an error gives the same entry again, and goes on once it is saved."""
    journal = SqlJournal(postgresql.new_database(), asyncio.get_running_loop())
    journal.add_run(RUN)
    loop = asyncio.get_running_loop()
    acknowledged: Counter[str] = Counter()
    failures: list[JournalError] = []

    def write(session_id: str, seq: int) -> None:
        def saved(error: JournalError | None) -> None:
            if error is None:
                acknowledged[session_id] += 1
                if seq < 200:
                    write(session_id, seq + 1)
            else:
                failures.append(error)
                loop.call_later(0.05, journal.append, entry, saved)

        entry = Entry(session_id, seq, 1.5, f"m{seq}", Spoke(f"line {seq}"))
        journal.append(entry, saved)

    sessions = [f"s{number}" for number in range(20)]
    for session_id in sessions:
        journal.add_session(record(session_id), lambda _: None)
        write(session_id, 1)
    await until(lambda: acknowledged.total() > 500)
    await asyncio.to_thread(postgresql.stop, "immediate")
    at_the_crash = dict(acknowledged)
    await until(lambda: len(failures) > 0)
    await asyncio.to_thread(postgresql.start)
    assert all(len(journal.entries(session_id)) >= count for session_id, count in at_the_crash.items())

    await until(lambda: acknowledged.total() == 20 * 200)

    for session_id in sessions:
        assert [entry.seq for entry in journal.entries(session_id)] == list(range(1, 201))
    journal.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://ann:geheim@localhost:1/lab", "Is the server running"),
        ("postgresql://ann:geheim@localhost:1/", "names no database"),
        ("postgresql+psycopg://ann:geheim@localhost:port/lab", "cannot be read"),
        ("mongodb://ann:geheim@localhost/lab", "cannot be read"),
        ("ann:geheim", "cannot be read"),
        ("postgresql://ann@localhost:1/lab?password=geheim", "Is the server running"),
        ("postgresql://ann@localhost:1/lab?passwort=geheim", "invalid connection option"),
    ],
)
def test_a_url_that_leads_nowhere_is_said_without_its_password(url: str, said: str) -> None:
    with pytest.raises(JournalError) as caught:
        SqlJournal(url)

    assert said in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_database_that_is_missing_is_said_with_what_makes_it(postgresql: Server) -> None:
    with pytest.raises(JournalError, match="createdb --encoding=UTF8 nowhere"):
        SqlJournal(postgresql.url("nowhere"))


def test_a_database_that_cannot_hold_every_text_is_refused(postgresql: Server) -> None:
    """Better before the first worker comes than at the first emoji."""
    url = postgresql.new_database("ENCODING 'LATIN1' TEMPLATE template0")

    with pytest.raises(JournalError, match="LATIN1"):
        SqlJournal(url)


def test_a_missing_driver_is_said_with_its_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(JournalError, match=r"pip install 'psycopg\[binary\]>=3.2'"):
        SqlJournal("postgresql+psycopg://localhost/lab")


async def test_a_server_that_is_away_is_told_to_everyone_who_waits(postgresql: Server) -> None:
    """Nobody is acknowledged, nobody is forgotten, and reading fails with a sentence."""
    journal = SqlJournal(postgresql.new_database(), asyncio.get_running_loop())
    journal.add_run(RUN)
    postgresql.stop()
    told: list[JournalError | None] = []
    for seq in range(1, 101):
        journal.append(Entry("s1", seq, 0.0, "", Consented()), told.append)
    try:
        await until(lambda: len(told) == 100)
        with pytest.raises(JournalError, match="cannot be read"):
            journal.runs()
    finally:
        postgresql.start()

    assert all("server away" in str(error) for error in told)
    journal.close()


async def test_a_data_directory_remembers_its_database(postgresql: Server, tmp_path: Path) -> None:
    """Whoever exports months later need not know where the journal was kept."""
    url, loop = postgresql.new_database(), asyncio.get_running_loop()
    open_journal(tmp_path, url, loop).close()

    again = open_journal(tmp_path, None, loop)
    again.add_run(RUN)
    again.close()

    assert journal_place(tmp_path) == url
    reader = SqlJournal(journal_place(tmp_path))
    assert reader.runs() == [RUN]
    reader.close()


async def test_a_data_directory_has_one_journal(postgresql: Server, tmp_path: Path) -> None:
    """Limits for workers and exports would see but half of what was collected."""
    loop = asyncio.get_running_loop()
    open_journal(tmp_path, None, loop).close()

    with pytest.raises(DataDirectoryError, match="has one journal"):
        open_journal(tmp_path, postgresql.new_database(), loop)


async def test_a_database_has_one_data_directory(postgresql: Server, tmp_path: Path) -> None:
    """Runs are numbered within their data directory."""
    url, loop = postgresql.new_database(), asyncio.get_running_loop()
    first = open_journal(tmp_path / "one", url, loop)
    first.add_run(RUN)
    first.close()

    with pytest.raises(DataDirectoryError, match="another data directory's"):
        open_journal(tmp_path / "two", url, loop)
    assert not (tmp_path / "two" / URL_FILE).exists()


async def test_entries_without_their_session_are_found(postgresql: Server) -> None:
    """What a database tool deleted by mistake must not go unnoticed."""
    journal = SqlJournal(postgresql.new_database(), asyncio.get_running_loop())
    told: list[JournalError | None] = []
    journal.append(Entry("lost", 1, 0.0, "", Consented()), told.append)
    await until(lambda: told == [None])

    assert list(journal.faults()) == ["entries of a session lost, which it does not hold"]
    journal.close()
