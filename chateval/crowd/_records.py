"""Mephisto's data model: the record of tasks, runs, units, workers, agents and qualifications."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mephisto.abstractions.blueprint import AgentState
from mephisto.abstractions.databases.local_database import LocalMephistoDB
from mephisto.data_model.agent import Agent
from mephisto.data_model.assignment import InitializationData
from mephisto.data_model.constants.assignment_state import AssignmentState
from mephisto.data_model.task_run import TaskRun
from mephisto.data_model.unit import Unit
from mephisto.data_model.worker import Worker
from mephisto.operations.registry import get_crowd_provider_from_type
from mephisto.operations.task_launcher import TaskLauncher
from mephisto.utils.testing import get_mock_requester
from omegaconf import OmegaConf

from chateval.allocation import Place
from chateval.config import Study
from chateval.crowd._agent_state import BehaviorAnalysisAgentState
from chateval.crowd._blueprint import BLUEPRINT_TYPE, assignment_data
from chateval.crowd._outputs import Ending
from chateval.errors import DataDirectoryError
from chateval.worlds import Outcome

if TYPE_CHECKING:
    from mephisto.abstractions.crowd_provider import CrowdProvider
    from mephisto.data_model.requester import Requester

logger = logging.getLogger(__name__)

AGENT_STATUS = {
    Outcome.COMPLETED: AgentState.STATUS_COMPLETED,
    Outcome.BOT_FAILED: AgentState.STATUS_COMPLETED,
    Outcome.QUALIFIED: AgentState.STATUS_COMPLETED,
    Outcome.NOT_QUALIFIED: AgentState.STATUS_COMPLETED,
    Outcome.LEFT: AgentState.STATUS_RETURNED,
    Outcome.TIMED_OUT: AgentState.STATUS_TIMEOUT,
}
"""What an outcome is to Mephisto: completed work is paid for, returned and timed-out units go to someone else."""


@dataclass(frozen=True)
class KnownWorker:
    """What Mephisto knows of a worker."""

    worker_id: str
    is_blocked: bool
    qualifications: frozenset[str]


class _RecordsDB(LocalMephistoDB):  # type: ignore[misc]
    """Keeps runs in memory: making one parses its whole configuration, and each unit and agent asks for its run."""

    def __init__(self, path: Path) -> None:
        self._runs: dict[str, TaskRun] = {}
        super().__init__(str(path))

    def optimized_load(self, target_cls: type, db_id: str, row: Mapping[str, Any] | None = None) -> TaskRun | None:
        del row
        return self._runs.get(db_id) if issubclass(target_cls, TaskRun) else None

    def cache_result(self, target_cls: type, value: Any) -> None:
        if issubclass(target_cls, TaskRun):
            self._runs[value.db_id] = value


class CrowdRecords:
    """Reads and writes one Mephisto data directory. Use it from one thread."""

    def __init__(self, data_dir: Path) -> None:
        """Open the directory, or make it.

        Raises:
            DataDirectoryError: it cannot be written, or holds something that is no Mephisto database.
        """
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            self.db = _RecordsDB(data_dir / "database.db")
            # One writer and many readers: Mephisto's own tools may look while the study runs. What matters is in the
            # journal, synced; these rows can be made again from it.
            connection = self.db._get_connection()  # noqa: SLF001  (Mephisto offers no other way to its settings)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        except Exception as error:
            raise DataDirectoryError(
                f"The data directory {data_dir} cannot be used: {error}. Name another with data_dir=…, or mend it."
            ) from error

    def close(self) -> None:
        self.db.shutdown()

    def task_run(self, run_id: str) -> TaskRun:
        return TaskRun.get(self.db, run_id)

    def new_run(self, study: Study) -> TaskRun:
        """Record a run of a study's task, making the task and the requester where they are new.

        Raises:
            DataDirectoryError: the task's name belongs to a task of another kind.
        """
        requester = self._requester(study)
        tasks = self.db.find_tasks(task_name=study.task.name)
        if tasks and tasks[0].task_type != BLUEPRINT_TYPE:
            raise DataDirectoryError(
                f"The task {study.task.name!r} in {study.data_dir} belongs to the blueprint {tasks[0].task_type!r}. "
                "Choose another mephisto.task.task_name."
            )
        task_id = tasks[0].db_id if tasks else self.db.new_task(study.task.name, BLUEPRINT_TYPE)
        parameters = json.dumps(OmegaConf.to_yaml(OmegaConf.create(study.resolved["mephisto"])))
        run_id = self.db.new_task_run(
            task_id, requester.db_id, parameters, study.provider, BLUEPRINT_TYPE, requester.is_sandbox()
        )
        return TaskRun.get(self.db, run_id)

    def provider(self, task_run: TaskRun) -> "CrowdProvider":
        return get_crowd_provider_from_type(task_run.provider_type)(self.db)

    def new_places(self, task_run: TaskRun, data: Iterable[InitializationData], url: str) -> list[Place]:
        """Record and launch an assignment with its unit for each datum."""
        items = list(data)
        launcher = TaskLauncher(self.db, task_run, items)
        launcher.create_assignments()
        for unit in launcher.units:
            unit.launch(url)
        return [Place(unit.db_id, item.shared["condition"]) for unit, item in zip(launcher.units, items, strict=True)]

    def replace(self, task_run: TaskRun, condition: str, url: str) -> Place:
        """A new unit for one whose session does not count."""
        [place] = self.new_places(task_run, [assignment_data(condition)], url)
        return place

    def places(self, task_run: TaskRun, url: str) -> Iterator[Place]:
        """Every unit of a run that can still be, or has been, worked on; what a crash kept from launch is launched."""
        for unit in task_run.get_units():
            if unit.db_status == AssignmentState.CREATED:
                unit.launch(url)
            if unit.db_status != AssignmentState.EXPIRED:
                yield self._place(unit)

    def unsettled(self, task_run: TaskRun) -> frozenset[str]:
        """The agents of a run whose work has no ending in Mephisto's record."""
        agents = self.db.find_agents(task_run_id=task_run.db_id)
        return frozenset(agent.db_id for agent in agents if agent.db_status not in AgentState.complete())

    def worker(self, task_run: TaskRun, worker_name: str) -> KnownWorker:
        """Look up a worker, making the record of one who comes for the first time."""
        provider = self.provider(task_run)
        stored_name = worker_name + "_sandbox" if provider.is_sandbox() else worker_name
        found = self.db.find_workers(worker_name=stored_name)
        worker = (
            found[0] if found else provider.WorkerClass.new_from_provider_data(self.db, {"worker_name": worker_name})
        )
        granted = self.db.check_granted_qualifications(worker_id=worker.db_id)
        names = {qualification.db_id: qualification.qualification_name for qualification in self._qualifications()}
        return KnownWorker(
            worker_id=worker.db_id,
            is_blocked=worker.is_blocked(task_run.get_requester()),
            qualifications=frozenset(names[grant.qualification_id] for grant in granted),
        )

    def begin(self, task_run: TaskRun, worker_id: str, unit_id: str) -> str:
        """Record that a worker holds a unit; returns the agent's id."""
        unit = Unit.get(self.db, unit_id)
        if unit.db_status == AssignmentState.ASSIGNED:
            self.release(unit_id)
            unit = Unit.get(self.db, unit_id)
        worker = Worker.get(self.db, worker_id)
        agent = self.provider(task_run).AgentClass.new_from_provider_data(self.db, worker, unit, {})
        agent.update_status(AgentState.STATUS_IN_TASK)
        return str(agent.get_agent_id())

    def release(self, unit_id: str) -> None:
        """Free a unit whose agent never got a session."""
        unit = Unit.get(self.db, unit_id)
        agent = unit.get_assigned_agent()
        if agent is not None and agent.get_status() not in AgentState.complete():
            agent.update_status(AgentState.STATUS_RETURNED)
        unit.clear_assigned_agent()

    def settle(self, agent_id: str, ending: Ending) -> None:
        """Record how a session ended; does nothing for one that is recorded already."""
        agent = Agent.get(self.db, agent_id)
        unit = agent.get_unit()
        if agent.get_status() in AgentState.complete():
            return
        state: BehaviorAnalysisAgentState = agent.state
        state.store(ending.inputs, ending.outputs, ending.started_at, ending.ended_at)
        agent.update_status(AGENT_STATUS[ending.outcome])
        if ending.outcome.is_paid:
            agent.mark_done()
            unit.sync_status()
        else:
            unit.clear_assigned_agent()

    def grant(self, worker_id: str, name: str, value: int) -> None:
        """Give a worker a qualification, or another value of one that they have."""
        if not self.db.find_qualifications(name):
            self.db.make_qualification(name)
        Worker.get(self.db, worker_id).grant_qualification(name, value)

    def complete_run(self, task_run: TaskRun) -> None:
        self.db.update_task_run(task_run.db_id, is_completed=True)

    def _place(self, unit: Unit) -> Place:
        data = unit.get_assignment().get_assignment_data()
        return Place(unit.db_id, data.shared["condition"])

    def _qualifications(self) -> list[Any]:
        return list(self.db.find_qualifications())

    def _requester(self, study: Study) -> "Requester":
        found = self.db.find_requesters(requester_name=study.requester_name)
        if found:
            return found[0]
        return get_mock_requester(self.db)
