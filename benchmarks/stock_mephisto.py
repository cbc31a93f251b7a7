"""Stock Mephisto 1.1.1 with an echo: `python benchmarks/stock_mephisto.py FOLDER PORT PLACES ROUTER_SOURCE BUNDLE`.

Its own operator, its `parlai_chat` blueprint, its Node router from `ROUTER_SOURCE`; a world that repeats what it hears.
Says `Ready:` once workers can come, and runs until it is killed.
"""

import sys
import time
import types
from pathlib import Path
from typing import Any

from chateval.compat import prepare_mephisto, prepare_parlai

TURN_SECONDS = 3600


class EchoWorld:
    """What a ParlAI world for one person and an echo has to be for `parlai_chat`."""

    def __init__(self, agent: Any) -> None:
        self._agent = agent

    def parley(self) -> None:
        act = self._agent.act(timeout=TURN_SECONDS)
        self._agent.observe({"id": "bot", "text": act["text"], "task_data": {}})

    def episode_done(self) -> bool:
        return False

    def shutdown(self) -> None:
        """Holds nothing."""


def world_module() -> types.ModuleType:
    module = types.ModuleType("echo_world")
    vars(module)["make_world"] = lambda _opt, agents: EchoWorld(agents[0])
    vars(module)["get_world_params"] = lambda: {"agent_count": 1}
    return module


def main(folder: Path, port: int, places: int, router_source: str, bundle: Path) -> None:
    prepare_parlai()
    prepare_mephisto(folder)
    from mephisto.abstractions.architects.local_architect import LocalArchitectArgs  # noqa: PLC0415  (not before)
    from mephisto.abstractions.blueprints.parlai_chat import parlai_chat_task_builder  # noqa: PLC0415
    from mephisto.abstractions.blueprints.parlai_chat.parlai_chat_blueprint import (  # noqa: PLC0415
        ParlAIChatBlueprintArgs,
        SharedParlAITaskState,
    )
    from mephisto.abstractions.databases.local_singleton_database import MephistoSingletonDB  # noqa: PLC0415
    from mephisto.abstractions.providers.mock.mock_provider import MockProviderArgs  # noqa: PLC0415
    from mephisto.data_model.task_run import TaskRunArgs  # noqa: PLC0415
    from mephisto.operations.hydra_config import MephistoConfig  # noqa: PLC0415
    from mephisto.operations.operator import Operator  # noqa: PLC0415
    from mephisto.utils.testing import get_mock_requester  # noqa: PLC0415
    from omegaconf import OmegaConf  # noqa: PLC0415

    parlai_chat_task_builder.FRONTEND_BUILD_DIR = str(bundle.parent)  # built already: nobody looks at the page
    database = MephistoSingletonDB(str(folder / "database.db"))
    config = MephistoConfig(
        blueprint=ParlAIChatBlueprintArgs(num_conversations=places, world_file="", custom_source_bundle=str(bundle)),
        provider=MockProviderArgs(requester_name=get_mock_requester(database).requester_name),
        architect=LocalArchitectArgs(hostname="localhost", port=str(port), server_source_path=router_source),
        task=TaskRunArgs(
            task_name="load",
            task_title="Load",
            task_description="A load test.",
            task_reward=0.0,
            task_tags="load",
            assignment_duration_in_seconds=TURN_SECONDS,
        ),
        log_level="warning",
    )
    operator = Operator(database)
    run_id = operator.launch_task_run_or_die(
        OmegaConf.structured(config), SharedParlAITaskState(world_module=world_module())
    )
    launcher = operator.get_running_task_runs()[run_id].task_launcher
    while len(launcher.launched_units) < places or launcher.units[-1].db_status != "launched":
        time.sleep(0.05)
    print("Ready: ", flush=True)
    operator.wait_for_runs_then_shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], Path(sys.argv[5]))
