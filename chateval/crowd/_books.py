"""Mephisto's tables as plain records, read as they are: its own objects refuse to be made of what does not agree."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mephisto.abstractions._subcomponents.agent_state import METADATA_FILE
from mephisto.data_model.assignment import ASSIGNMENT_DATA_FILE
from mephisto.data_model.task_run import TaskRun

from chateval.crowd._agent_state import DATA_FILE
from chateval.crowd._blueprint import BLUEPRINT_TYPE
from chateval.crowd._records import CrowdRecords


@dataclass(frozen=True)
class BookedRun:
    run_id: str
    task_name: str
    is_completed: bool


@dataclass(frozen=True)
class BookedUnit:
    unit_id: str
    run_id: str
    assignment_id: str
    status: str
    agent_id: str | None


@dataclass(frozen=True)
class BookedAgent:
    agent_id: str
    run_id: str
    unit_id: str
    assignment_id: str
    status: str


class Books:
    """All that Mephisto has of runs of our kind, at one moment.

    Raises:
        sqlite3.Error: the tables cannot be read.
    """

    def __init__(self, records: CrowdRecords) -> None:
        self._records = records
        self._run_dirs: dict[str, Path] = {}
        self.connection: sqlite3.Connection = records.db._get_connection()  # noqa: SLF001  (as in CrowdRecords)
        runs = self.connection.execute(
            "SELECT task_run_id, task_name, is_completed FROM task_runs JOIN tasks USING (task_id) "
            "WHERE task_runs.task_type = ?",
            (BLUEPRINT_TYPE,),
        )
        self.runs = {
            row["task_run_id"]: BookedRun(row["task_run_id"], row["task_name"], bool(row["is_completed"]))
            for row in runs
        }
        units = self.connection.execute("SELECT * FROM units WHERE task_type = ?", (BLUEPRINT_TYPE,))
        self.units = {
            row["unit_id"]: BookedUnit(
                row["unit_id"], row["task_run_id"], row["assignment_id"], row["status"], row["agent_id"]
            )
            for row in units
        }
        agents = self.connection.execute("SELECT * FROM agents WHERE task_type = ?", (BLUEPRINT_TYPE,))
        self.agents = {
            row["agent_id"]: BookedAgent(
                row["agent_id"], row["task_run_id"], row["unit_id"], row["assignment_id"], row["status"]
            )
            for row in agents
        }

    def faults(self) -> Iterator[str]:
        """What SQLite finds wrong with the file, a line each."""
        for (line,) in self.connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield line

    def units_of(self, run_id: str) -> list[BookedUnit]:
        return [unit for unit in self.units.values() if unit.run_id == run_id]

    def agents_of(self, run_id: str) -> list[BookedAgent]:
        return [agent for agent in self.agents.values() if agent.run_id == run_id]

    def run_dir(self, run_id: str) -> Path:
        if run_id not in self._run_dirs:
            self._run_dirs[run_id] = Path(TaskRun.get(self._records.db, run_id).get_run_dir())
        return self._run_dirs[run_id]

    def condition(self, unit: BookedUnit) -> str | None:
        """What a unit is for; None where its file does not say."""
        data = json_object(self.run_dir(unit.run_id) / unit.assignment_id / ASSIGNMENT_DATA_FILE)
        shared = data.get("shared") if data else None
        condition = shared.get("condition") if isinstance(shared, dict) else None
        return condition if isinstance(condition, str) else None

    def has_work(self, agent: BookedAgent) -> bool:
        """Whether an agent's finished work is in its files."""
        folder = self.run_dir(agent.run_id) / agent.assignment_id / agent.agent_id
        work, times = json_object(folder / DATA_FILE), json_object(folder / METADATA_FILE)
        return bool(work and times and work.get("outputs"))


def json_object(path: Path) -> dict[str, Any] | None:
    """What a file of JSON holds; None where it is missing, damaged or holds something else."""
    try:
        read = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) else None
