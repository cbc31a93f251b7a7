"""Stock Mephisto 1.1.1 with a static task: `python benchmarks/stock_static.py FOLDER PORT DATA ROUTER_SOURCE BUNDLE`.

Its own operator, its `static_react_task` blueprint with one unit for each line of DATA, its Node router from
`ROUTER_SOURCE`. Says `Ready:` once workers can come, and runs until it is killed.
"""

import sys
import time
from pathlib import Path

from chateval.compat import prepare_mephisto

UNIT_SECONDS = 3600


def main(folder: Path, port: int, data: Path, router_source: str, bundle: Path) -> None:
    prepare_mephisto(folder)
    from mephisto.abstractions.architects.local_architect import LocalArchitectArgs  # noqa: PLC0415  (not before)
    from mephisto.abstractions.blueprints.abstract.static_task.static_blueprint import (  # noqa: PLC0415
        SharedStaticTaskState,
    )
    from mephisto.abstractions.blueprints.static_react_task.static_react_blueprint import (  # noqa: PLC0415
        StaticReactBlueprintArgs,
    )
    from mephisto.abstractions.databases.local_singleton_database import MephistoSingletonDB  # noqa: PLC0415
    from mephisto.abstractions.providers.mock.mock_provider import MockProviderArgs  # noqa: PLC0415
    from mephisto.data_model.task_run import TaskRunArgs  # noqa: PLC0415
    from mephisto.operations.hydra_config import MephistoConfig  # noqa: PLC0415
    from mephisto.operations.operator import Operator  # noqa: PLC0415
    from mephisto.utils.testing import get_mock_requester  # noqa: PLC0415
    from omegaconf import OmegaConf  # noqa: PLC0415

    database = MephistoSingletonDB(str(folder / "database.db"))
    config = MephistoConfig(
        blueprint=StaticReactBlueprintArgs(task_source=str(bundle), data_jsonl=str(data), units_per_assignment=1),
        provider=MockProviderArgs(requester_name=get_mock_requester(database).requester_name),
        architect=LocalArchitectArgs(hostname="localhost", port=str(port), server_source_path=router_source),
        task=TaskRunArgs(
            task_name="load",
            task_title="Load",
            task_description="A load test.",
            task_reward=0.0,
            task_tags="load",
            assignment_duration_in_seconds=UNIT_SECONDS,
        ),
        log_level="warning",
    )
    operator = Operator(database)
    run_id = operator.launch_task_run_or_die(OmegaConf.structured(config), SharedStaticTaskState())
    launcher = operator.get_running_task_runs()[run_id].task_launcher
    units = len(data.read_text().splitlines())
    while len(launcher.launched_units) < units or launcher.units[-1].db_status != "launched":
        time.sleep(0.05)
    print("Ready: ", flush=True)
    operator.wait_for_runs_then_shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], Path(sys.argv[5]))
