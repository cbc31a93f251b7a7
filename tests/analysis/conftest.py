"""Sessions as a study leaves them in its journal, and their export."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from chateval.analysis import Exported, Pseudonyms, export
from chateval.session import JOURNAL_FILE, Entry, RunRecord, SessionRecord, SqlJournal, collected_sessions, run_facts
from chateval.worlds import Consented, Event, Finished, ModelChatScript, Question, Rated, Spoke, Submitted

TASK = "small"
QUESTION = "How was it?"
CHAT: tuple[Event, ...] = (Spoke("Hello."), Spoke("How are you?"), Spoke("Fine."))
WHOLE: tuple[Event, ...] = (Consented(), *CHAT, Finished(), Rated({"rating_1": 4}), Submitted("nice"))


def run_record(run_id: str = "1", task_name: str = TASK) -> RunRecord:
    versions, bots = {"chateval": "0"}, {"echo": {"kind": "scripted"}}
    return RunRecord(run_id, task_name, "conf", float(run_id), f"run: {run_id}\n", "hash", 42, versions, bots)


def session_record(
    session_id: str = "s1", *, run_id: str = "1", worker: str = "W1", bots: tuple[str, ...] = ("echo",)
) -> SessionRecord:
    """A session that began at 1000 and wants one turn of each dialogue."""
    return SessionRecord(
        session_id=session_id,
        run_id=run_id,
        unit_id="7",
        agent_id="1",
        worker_id="1",
        worker_name=worker,
        assignment_name="A",
        token="token",
        condition="|".join(bots),
        script=ModelChatScript(bots, 1, (Question("rating_1", QUESTION),), seed=1),
        created_at=1_000.0,
    )


def entries(session_id: str, events: Sequence[Event]) -> list[Entry]:
    """The events, ten seconds apart."""
    return [Entry(session_id, seq, 1_000.0 + 10 * seq, "", event) for seq, event in enumerate(events, start=1)]


@dataclass(frozen=True)
class Lab:
    """A data directory, and where it is exported to."""

    data_dir: Path
    out: Path

    def journal(self) -> SqlJournal:
        return SqlJournal(self.data_dir / JOURNAL_FILE)

    def run(self, run: RunRecord) -> None:
        journal = self.journal()
        journal.add_run(run)
        journal.close()

    def hold(self, session: SessionRecord, events: Sequence[Event] = WHOLE) -> None:
        """Put a session into the journal; it is committed on return."""
        journal = self.journal()
        journal.add_session(session, lambda _: None)
        for entry in entries(session.session_id, events):
            journal.append(entry, lambda _: None)
        journal.close()

    def export(self, *, task: str = TASK, name_worker: Callable[[str], str] | None = None) -> Exported:
        journal = self.journal()
        try:
            runs = [run_facts(run) for run in journal.runs() if run.task_name == task]
            sessions = collected_sessions(journal, task)
            return export(sessions, runs, self.out, name_worker=name_worker or Pseudonyms(self.data_dir).of)
        finally:
            journal.close()

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.out / f"{name}.parquet")


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """With one run in it, of no session yet."""
    lab = Lab(tmp_path / "data", tmp_path / "out")
    lab.run(run_record())
    return lab
