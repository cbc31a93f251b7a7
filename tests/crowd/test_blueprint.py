"""Our blueprint under the tester that Mephisto ships for blueprints."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from mephisto.abstractions.test.blueprint_tester import BlueprintTests
from mephisto.data_model.assignment import Assignment
from mephisto.data_model.task_run import TaskRun
from mephisto.operations.hydra_config import MephistoConfig
from mephisto.utils.testing import get_test_requester, get_test_worker
from omegaconf import OmegaConf

from chateval.bots import Reply, Request, Watch
from chateval.crowd import (
    BLUEPRINT_TYPE,
    BehaviorAnalysisBlueprint,
    BehaviorAnalysisSharedState,
    BehaviorAnalysisTaskRunner,
)
from chateval.crowd._blueprint import assignment_data
from chateval.errors import ConfigError

from .conftest import small_study


class Echo:
    async def reply(self, bot_name: str, request: Request, watch: Watch) -> Reply:
        return Reply(f"{bot_name} heard {request.turns[-1].text}")

    def forget(self, bot_name: str, dialogue_id: str, *, is_finished: bool = False) -> None: ...


class TestBehaviorAnalysisBlueprint(BlueprintTests):  # type: ignore[misc]
    BlueprintClass = BehaviorAnalysisBlueprint

    def setUp(self) -> None:
        super().setUp()
        self.study_dir = tempfile.mkdtemp()
        self.study = small_study(Path(self.study_dir))
        self.task_run = self._new_run()

    def tearDown(self) -> None:
        shutil.rmtree(self.study_dir)
        super().tearDown()

    def _new_run(self) -> TaskRun:
        """A run of our own type; the tester's is of Mephisto's mock."""
        task_id = self.db.new_task("ours", BLUEPRINT_TYPE)
        requester_id = self.db.find_requesters()[0].db_id or get_test_requester(self.db)[1]
        run_id = self.db.new_task_run(task_id, requester_id, "{}", "mock", BLUEPRINT_TYPE)
        return TaskRun.get(self.db, run_id)

    def _get_init_task_runner(self) -> BehaviorAnalysisTaskRunner:
        args = BehaviorAnalysisBlueprint.ArgsClass(max_resp_time=5)
        config = OmegaConf.structured(MephistoConfig(blueprint=args))
        return BehaviorAnalysisTaskRunner(
            self.task_run, config, BehaviorAnalysisSharedState(study=self.study, bots=Echo())
        )

    def task_is_built(self, build_dir: str) -> bool:
        return (Path(build_dir) / "index.html").exists()

    def get_test_assignment(self) -> Assignment:
        run = self.task_run
        assignment_id = self.db.new_assignment(
            run.task_id, run.db_id, run.requester_id, run.task_type, run.provider_type
        )
        assignment = Assignment.get(self.db, assignment_id)
        assignment.write_assignment_data(assignment_data("listener"))
        unit = run.get_provider().UnitClass.new(self.db, assignment, 0, 0.5)
        unit.set_db_status("launched")
        worker_id = self.db.find_workers()[0].db_id if self.db.find_workers() else get_test_worker(self.db)[1]
        worker = run.get_provider().WorkerClass.get(self.db, worker_id)
        run.get_provider().AgentClass.new(self.db, worker, unit)
        return assignment

    def prep_mock_agents_to_complete(self, agents: list[Any]) -> None:
        messages = [
            {"kind": "consent", "id": "c"},
            {"kind": "say", "id": "m", "dialogue": 0, "text": "hello"},
            {"kind": "finish", "id": "f", "dialogue": 0},
            {"kind": "answer", "id": "a", "dialogue": 0, "answers": {"rating_1": 5}},
            {"kind": "submit", "id": "s", "comment": "nice"},
        ]
        for agent in agents:
            agent.enqueue_mock_live_update(list(messages))

    def assignment_completed_successfully(self, assignment: Assignment) -> bool:
        agent = assignment.get_units()[0].get_assigned_agent()
        if agent is None or agent.get_status() != "completed":
            return False
        outputs = agent.state.get_data()["outputs"]
        return [turn for _, turn in outputs["dialogues"][0]["turns"]] == [
            "Hi!",
            "listener heard Hi!",
            "hello",
            "listener heard hello",
        ]

    def test_partners_who_are_people_are_refused(self) -> None:
        """The runner plays each unit by itself: nobody would ever come, and everybody would be paid for waiting."""
        bots = Path(self.study_dir) / "bots.yaml"
        bots.write_text("peer: {kind: human}\n")
        self.study = small_study(Path(self.study_dir), f"mephisto.blueprint.model_opt_path={bots}", needed="peer:2")
        agent = self.get_test_assignment().get_units()[0].get_assigned_agent()

        with pytest.raises(ConfigError, match="peer is another participant"):
            self._get_init_task_runner().get_init_data_for_agent(agent)

    def assignment_is_tracked(self, task_runner: Any, assignment: Assignment) -> bool:
        return assignment.db_id in task_runner.running_assignments


del BlueprintTests  # pytest would collect it as ours


def test_the_arguments_carry_every_setting_under_its_own_name() -> None:
    """A key that the blueprint does not know would be lost on its way into Mephisto's record."""
    from dataclasses import fields  # noqa: PLC0415

    from chateval.config import BlueprintSettings  # noqa: PLC0415

    ours = {field.name for field in fields(BlueprintSettings)}
    assert ours <= {field.name for field in fields(BehaviorAnalysisBlueprint.ArgsClass)}


def test_a_place_is_made_for_each_session_that_is_needed(tmp_path: Path) -> None:
    study = small_study(tmp_path, needed="listener:2,examplebot:3")
    blueprint = BehaviorAnalysisBlueprint.__new__(BehaviorAnalysisBlueprint)
    blueprint.study = study

    data = list(blueprint.get_initialization_data())

    assert [datum.shared["condition"] for datum in data] == ["listener"] * 2 + ["examplebot"] * 3


@pytest.mark.parametrize("group", ["TaskSettings", "ArchitectSettings", "ProviderSettings"])
def test_no_key_of_mephisto_is_unknown_to_us(group: str) -> None:
    """A YAML that Mephisto takes must not be refused for a key of Mephisto's own."""
    from dataclasses import fields  # noqa: PLC0415

    from mephisto.abstractions.architects.local_architect import LocalArchitectArgs  # noqa: PLC0415
    from mephisto.abstractions.providers.mock.mock_provider import MockProviderArgs  # noqa: PLC0415
    from mephisto.data_model.task_run import TaskRunArgs  # noqa: PLC0415

    from chateval import config  # noqa: PLC0415

    theirs = {
        "TaskSettings": TaskRunArgs,
        "ArchitectSettings": LocalArchitectArgs,
        "ProviderSettings": MockProviderArgs,
    }[group]
    assert {field.name for field in fields(theirs)} <= {field.name for field in fields(getattr(config, group))}
