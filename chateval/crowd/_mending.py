"""Repairs of a data directory: Mephisto's record is brought to where the journal is, whose history stays as it is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import time

from mephisto.abstractions._subcomponents.agent_state import METADATA_FILE
from mephisto.abstractions.blueprint import AgentState
from mephisto.data_model.agent import Agent
from mephisto.data_model.assignment import Assignment
from mephisto.data_model.constants.assignment_state import AssignmentState

from chateval.crowd._agent_state import DATA_FILE
from chateval.crowd._blueprint import assignment_data
from chateval.crowd._books import BookedAgent, BookedUnit, json_object
from chateval.crowd._outputs import ending
from chateval.crowd._records import AGENT_STATUS, CrowdRecords
from chateval.errors import JournalError
from chateval.session import Entry, Session, SessionRecord, SqlJournal
from chateval.worlds import Outcome, TimedOut


@dataclass(frozen=True)
class Told:
    """A session as the journal tells of it; `session` is None where its entries make no sense."""

    record: SessionRecord
    entries: Sequence[Entry]
    session: Session | None
    outcome: Outcome | None

    @property
    def holds_unit(self) -> bool:
        return self.outcome is None or self.outcome.is_paid


class Mender:
    """Changes Mephisto's tables and files; use it while nobody serves the directory."""

    def __init__(self, records: CrowdRecords, journal_place: Path | str) -> None:
        self._records = records
        self._journal_place = journal_place

    def set_unit(self, unit: BookedUnit, status: str, agent_id: str | None = None) -> None:
        worker = "(SELECT worker_id FROM agents WHERE agent_id = ?)"
        self._write(
            f"UPDATE units SET status = ?, agent_id = ?, worker_id = {worker} WHERE unit_id = ?",  # noqa: S608  (ours)
            (status, agent_id, agent_id, unit.unit_id),
        )

    def set_agent(self, agent_id: str, status: str) -> None:
        self._write("UPDATE agents SET status = ? WHERE agent_id = ?", (status, agent_id))

    def release(self, agent: BookedAgent) -> None:
        """Have an agent that never got a session return its unit."""
        if agent.status not in AgentState.complete():
            self.set_agent(agent.agent_id, AgentState.STATUS_RETURNED)

    def make_agent(self, record: SessionRecord) -> None:
        """Put back an agent, and its worker, that the journal knows and a power cut took from Mephisto's tables."""
        provider = self._records.provider(self._records.task_run(record.run_id))
        name = record.worker_name + "_sandbox" * provider.is_sandbox()
        self._write(
            "INSERT OR IGNORE INTO workers (worker_id, worker_name, provider_type) "
            "SELECT ?, ?, provider_type FROM units WHERE unit_id = ?",
            (record.worker_id, name, record.unit_id),
        )
        self._write(
            "INSERT INTO agents (agent_id, worker_id, unit_id, task_id, task_run_id, assignment_id, task_type, "
            "provider_type, status) SELECT ?, ?, unit_id, task_id, task_run_id, assignment_id, task_type, "
            "provider_type, ? FROM units WHERE unit_id = ?",
            (record.agent_id, record.worker_id, AgentState.STATUS_IN_TASK, record.unit_id),
        )

    def settle(self, told: Told, *, keep_status: bool = False) -> None:
        """Give an agent the status, and the data, that its session came to."""
        if told.session is None or told.outcome is None:
            self.set_agent(told.record.agent_id, AgentState.STATUS_IN_TASK)
            return
        end = ending(told.session, told.entries)
        agent = Agent.get(self._records.db, told.record.agent_id)
        for name in (DATA_FILE, METADATA_FILE):
            path = Path(agent.get_data_dir()) / name
            if json_object(path) is None:  # Mephisto reads what is there before it writes
                path.unlink(missing_ok=True)
        agent.state.store(end.inputs, end.outputs, end.started_at, end.ended_at)
        if not keep_status:
            self.set_agent(told.record.agent_id, AGENT_STATUS[end.outcome])

    def end(self, told: Told) -> None:
        """End a session that is under way as one that ran out of time, by an entry at its end."""
        if told.session is not None:
            asyncio.run(self._append(told.session.next_entry(TimedOut(), time())))

    def write_condition(self, unit: BookedUnit, condition: str) -> None:
        Assignment.get(self._records.db, unit.assignment_id).write_assignment_data(assignment_data(condition))

    def add_places(self, run_id: str, condition: str, count: int, url: str) -> None:
        task_run = self._records.task_run(run_id)
        self._records.new_places(task_run, [assignment_data(condition)] * count, url)

    def expire(self, units: Sequence[BookedUnit]) -> None:
        for unit in units:
            self.set_unit(unit, AssignmentState.EXPIRED)

    def mark_run(self, run_id: str, *, is_completed: bool) -> None:
        self._records.db.update_task_run(run_id, is_completed=is_completed)

    async def _append(self, entry: Entry) -> None:
        loop = asyncio.get_running_loop()
        told: asyncio.Future[JournalError | None] = loop.create_future()
        journal = SqlJournal(self._journal_place, loop)
        try:
            journal.append(entry, told.set_result)
            error = await told
        finally:
            journal.close()
        if error is not None:
            raise error

    def _write(self, statement: str, values: tuple[str | None, ...]) -> None:
        with self._records.db._get_connection() as connection:  # noqa: SLF001  (as in CrowdRecords)
            connection.execute(statement, values)
