"""Imports ParlAI where there is no `pkg_resources`, uses it, and prints as JSON what happened."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

from blocked import block

from chateval.compat import _parlai

MODE = sys.argv[1]
seen: dict[str, Any] = {"records": []}


class Remember(logging.Handler):
    """Notes what reaches the standard loggers."""

    def emit(self, record: logging.LogRecord) -> None:
        seen["records"].append([record.name, record.levelname, record.getMessage()])


logging.getLogger("parlai").addHandler(Remember())
logging.getLogger("parlai").setLevel(logging.DEBUG)
block("pkg_resources")

match MODE:
    case "bare":
        _parlai.provide_pkg_resources()
    case "prepared":
        for _ in range(2):
            _parlai.prepare_parlai()

import parlai.utils.logging as parlai_logging  # noqa: E402
import pkg_resources  # noqa: E402
import torch  # noqa: E402
from parlai.chat_service.utils import logging as service_logging  # noqa: E402
from parlai.nn.lr_scheduler import ReduceOnPlateauLRScheduler  # noqa: E402

parlai_logging.info("a fact of no interest")
parlai_logging.error("a broken model")
service_logging.print_and_log(logging.ERROR, "a broken service")
seen["files"] = [path.name for path in Path.cwd().glob("*.log")]
seen["finds_bundled"] = pkg_resources.resource_exists("parlai", "opt_presets/README.md")
seen["bundled"] = pkg_resources.resource_filename("parlai", "opt_presets/README.md")
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
try:
    ReduceOnPlateauLRScheduler(optimizer, patience=1, decay=0.5, warmup_updates=-1, warmup_rate=1.0)
    seen["has_scheduler"] = True
except TypeError:
    seen["has_scheduler"] = False
seen["is_torch_untouched"] = torch.optim.lr_scheduler.ReduceLROnPlateau.__module__.startswith("torch.")

print(json.dumps(seen))  # noqa: T201
