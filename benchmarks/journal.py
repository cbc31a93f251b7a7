"""What the disk and the journal can do: syncs, commits of one entry, entries when many are committed together.

`python benchmarks/journal.py [FOLDER]` measures on the disk of FOLDER, by default that of temporary files.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from chateval.errors import JournalError
from chateval.session import JOURNAL_FILE, Entry, RunRecord, SessionRecord, SqlJournal
from chateval.worlds import ModelChatScript, Spoke

SECONDS = 2.0
BLOCK = b"\0" * 4096
TEXT = "what do you make of the weather, the news, and all the rest of it these days?"
SESSIONS = 200


def syncs_per_second(folder: Path) -> float:
    """How often 4 KiB can be appended and synced, one after the other."""
    with (folder / "syncs").open("wb", buffering=0) as out:
        began, count = perf_counter(), 0
        while perf_counter() - began < SECONDS:
            out.write(BLOCK)
            os.fdatasync(out.fileno())
            count += 1
        return count / (perf_counter() - began)


class Writers:
    """So many sessions, each of which has its next entry written once the one before is committed."""

    def __init__(self, journal: SqlJournal, sessions: int) -> None:
        self._journal = journal
        self._seq = dict.fromkeys(map(str, range(sessions)), 0)
        self._is_over = False
        self._idle = asyncio.Event()
        self._open = 0

    async def entries_per_second(self) -> float:
        began = perf_counter()
        for session_id in self._seq:
            self._open += 1
            self._write(session_id)
        await asyncio.sleep(SECONDS)
        self._is_over = True
        await self._idle.wait()
        return sum(self._seq.values()) / (perf_counter() - began)

    def _write(self, session_id: str) -> None:
        self._seq[session_id] += 1
        entry = Entry(session_id, self._seq[session_id], 0.0, f"m{self._seq[session_id]}", Spoke(TEXT))
        self._journal.append(entry, self._saved(session_id))

    def _saved(self, session_id: str) -> Callable[[JournalError | None], None]:
        def saved(error: JournalError | None) -> None:
            if error is not None:
                raise error
            if not self._is_over:
                self._write(session_id)
                return
            self._open -= 1
            if self._open == 0:
                self._idle.set()

        return saved


async def measure(folder: Path, sessions: int) -> float:
    """Entries committed per second while so many sessions write."""
    journal = SqlJournal(folder / f"{sessions}-{JOURNAL_FILE}", asyncio.get_running_loop())
    journal.add_run(RunRecord("1", "task", "conf", 0.0, "", "", 0, {}, {}))
    script = ModelChatScript(bots=("echo",), minimum_turns=1, questions=(), seed=0)
    for number in range(sessions):
        record = SessionRecord(str(number), "1", "1", "1", "1", "W", "A", "t", "echo", script, 0.0)
        journal.add_session(record, lambda _: None)
    rate = await Writers(journal, sessions).entries_per_second()
    journal.close()
    return rate


def main() -> None:
    parent = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(dir=parent) as name:
        folder = Path(name)
        print(f"syncs of 4 KiB per second: {syncs_per_second(folder):,.0f}")
        print(f"entries per second, one session: {asyncio.run(measure(folder, 1)):,.0f}")
        print(f"entries per second, {SESSIONS} sessions: {asyncio.run(measure(folder, SESSIONS)):,.0f}")


if __name__ == "__main__":
    main()
