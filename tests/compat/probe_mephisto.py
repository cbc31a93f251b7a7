"""Imports Mephisto where there is no `distutils`, uses it, and prints as JSON what happened."""

import builtins
import json
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import prometheus_client
from blocked import block

from chateval.compat import _mephisto, mephisto_main

MODE = sys.argv[1]
HOME = Path.home()
DATA_DIR = HOME / "data"
DATA_DIR.mkdir()
seen: dict[str, Any] = {"asked": False, "ports": []}


def refuse_to_answer(*_: object) -> NoReturn:
    seen["asked"] = True
    raise EOFError


builtins.input = refuse_to_answer
prometheus_client.start_http_server = lambda port, *_: seen["ports"].append(port)
block("distutils")

match MODE:
    case "without distutils":
        _mephisto.allow_outdated_syntax()
        _mephisto.allow_dataclass_defaults()
    case "bare":
        _mephisto.allow_outdated_syntax()
        _mephisto.allow_dataclass_defaults()
        _mephisto.provide_distutils()
    case "prepared":
        for _ in range(2):
            _mephisto.prepare_mephisto(DATA_DIR)

import mephisto.operations.operator  # noqa: E402
from mephisto.abstractions.databases import local_database  # noqa: E402, F401
from mephisto.abstractions.providers.mturk import mturk_utils  # noqa: E402
from mephisto.abstractions.test import (  # noqa: E402, F401
    architect_tester,
    blueprint_tester,
    crowd_provider_tester,
    data_model_database_tester,
)
from mephisto.operations.hydra_config import MephistoConfig  # noqa: E402
from mephisto.tools import data_browser  # noqa: E402, F401
from mephisto.utils import dirs, logger_core, metrics  # noqa: E402
from websockets.asyncio.client import ClientConnection  # noqa: E402

seen["home"] = sorted(path.name for path in HOME.iterdir())
try:
    seen["data_dir"] = dirs.get_data_dir()
except EOFError:
    seen["data_dir"] = ""
seen["tmp_dir"] = dirs.get_mephisto_tmp_dir()
seen["expected"] = str(DATA_DIR)

metrics.start_metrics_server()
if MODE == "prepared":
    seen["has_prometheus"] = mephisto.operations.operator.launch_prometheus_server()
seen["can_warn"] = True
try:
    logger_core.warn_once("careful")
    mephisto.operations.operator.logger.warn("careful")
except DeprecationWarning:
    seen["can_warn"] = False
seen["has_closed"] = hasattr(ClientConnection, "closed")

(DATA_DIR / "mturk_requesters_last_cleanups.json").write_text(json.dumps({"me": time.time()}), encoding="utf-8")
try:
    mturk_utils.try_prerun_cleanup(None, "me")
    seen["knows_last_cleanup"] = True
except AttributeError:  # it does not know, and asks the database that there is not
    seen["knows_last_cleanup"] = False

source, target = HOME / "source", HOME / "target"
source.joinpath("inner").mkdir(parents=True)
source.joinpath("inner", "file").write_text("text", encoding="utf-8")
target.mkdir()
dirs.copy_tree(str(source), str(target))
seen["copied"] = target.joinpath("inner", "file").read_text(encoding="utf-8")

first, second = MephistoConfig(), MephistoConfig()
first.task.task_name = "changed"
seen["has_own_defaults"] = second.task.task_name != "changed"

if MODE == "prepared":
    seen["status"] = mephisto_main(["check"])
    seen["status_of_mistake"] = mephisto_main(["no-such-command"])
    other = HOME / "other"
    other.mkdir()
    _mephisto.prepare_mephisto(other)
    seen["other_data_dir"] = Path(dirs.get_data_dir()).name
    seen["home_at_end"] = sorted(path.name for path in HOME.iterdir())

print(json.dumps(seen))  # noqa: T201
