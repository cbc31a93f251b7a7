"""What Mephisto stores of an agent's work."""

from pathlib import Path
from typing import Any

from mephisto.abstractions.blueprint import AgentState

DATA_FILE = "agent_data.json"


class BehaviorAnalysisAgentState(AgentState):  # type: ignore[misc]
    """The finished session as one JSON file, for Mephisto's own tools; while it runs, the journal alone is written.

    `get_data` gives `{"inputs": ..., "outputs": ...}`: inputs as `get_init_data_for_agent` makes them, outputs as
    `session_outputs` makes them. Under Mephisto's own operator, outputs also hold the `messages` exchanged.
    """

    def _path(self) -> str:
        return str(Path(self.agent.get_data_dir()) / DATA_FILE)

    def _load_data(self) -> None:
        self._inputs: dict[str, Any] | None = None
        self._outputs: dict[str, Any] | None = None
        self._messages: list[dict[str, Any]] = []
        if self.agent.db.key_exists(self._path()):
            data = self.agent.db.read_dict(self._path())
            self._inputs, self._outputs = data["inputs"], data["outputs"]

    def _set_init_state(self, data: dict[str, Any]) -> None:
        self._inputs = data

    def get_init_state(self) -> dict[str, Any] | None:
        return self._inputs

    def get_data(self) -> dict[str, Any]:
        return {"inputs": self._inputs, "outputs": self._outputs}

    def _save_data(self) -> None:
        self.agent.db.write_dict(self._path(), self.get_data())

    def update_data(self, live_update: dict[str, Any]) -> None:
        self._messages.append(live_update)

    def _update_submit(self, submit_data: dict[str, Any]) -> None:
        self._outputs = {**submit_data, "messages": self._messages} if self._messages else submit_data

    def store(self, inputs: dict[str, Any], outputs: dict[str, Any], started_at: float, ended_at: float) -> None:
        """Write a finished session with its true times, in seconds since the epoch."""
        self._inputs, self._outputs = inputs, outputs
        self.metadata.task_start, self.metadata.task_end = started_at, ended_at
        self.save_data()
