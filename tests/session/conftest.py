"""A journal on a real file, a real PostgreSQL server, and sessions to put into them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from chateval.session import JOURNAL_FILE, RunRecord, SessionRecord, SqlJournal
from chateval.worlds import ModelChatScript, Question

from .postgresql import Server, running_server

RUN = RunRecord("1", "task", "conf", 0.0, "a: 1\n", "hash", 42, {"chateval": "0"}, {"echo": {"kind": "scripted"}})


def record(session_id: str = "s1", *, bots: tuple[str, ...] = ("echo",), run_id: str = "1") -> SessionRecord:
    script = ModelChatScript(bots=bots, minimum_turns=2, questions=(Question("rating_1", "Good?"),), seed=1)
    return SessionRecord(
        session_id=session_id,
        run_id=run_id,
        unit_id="1",
        agent_id="1",
        worker_id="1",
        worker_name="W",
        assignment_name="A",
        token=f"token of {session_id}",
        condition="|".join(bots),
        script=script,
        created_at=1_000.0,
    )


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqlJournal]:
    opened = SqlJournal(tmp_path / JOURNAL_FILE, asyncio.get_running_loop())
    opened.add_run(RUN)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Started once, by the first test that asks for it."""
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a journal can lie: a file, or an empty database of a server."""
    if request.param == "sqlite":
        return tmp_path / JOURNAL_FILE
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database()


async def until(claim: Callable[[], bool]) -> None:
    """Wait for something that the event loop is about to bring about."""
    async with asyncio.timeout(5):
        while not claim():
            await asyncio.sleep(0.001)
