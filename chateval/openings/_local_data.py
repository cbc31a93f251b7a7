"""ParlAI's tasks as they are on this machine: a project's own among them, and nothing fetched from elsewhere."""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from chateval.config import checkout
from chateval.errors import ConfigError

_PACKAGE = "parlai_internal"
_FETCHING = ("download", "download_multiprocess", "download_from_google_drive")


def find_tasks_in(task_dir: Path) -> None:
    """Let ParlAI resolve `internal:<name>` to `parlai_internal/tasks/<name>/agents.py` in `task_dir`.

    What is not there is looked for beside this package.
    """
    if importlib.util.find_spec(_PACKAGE) is None:
        sys.modules[_PACKAGE] = ModuleType(_PACKAGE)
        sys.modules[_PACKAGE].__path__ = []
    package = importlib.import_module(_PACKAGE)
    own = [str(root / _PACKAGE) for root in (task_dir.absolute(), checkout()) if (root / _PACKAGE).is_dir()]
    package.__path__ = [*own, *(folder for folder in package.__path__ if folder not in own)]
    importlib.invalidate_caches()


@contextmanager
def without_downloads(task: str) -> Iterator[None]:
    """Have a task that would fetch its data raise `ConfigError` at once, with what belongs where.

    Left alone, ParlAI first removes data of another version, then tries for 20 seconds to reach its server.
    """
    from parlai.core import build_data  # noqa: PLC0415  (takes seconds)

    def fetch(source: object, folder: object = "", *_: object, **__: object) -> NoReturn:
        raise ConfigError(_missing(task, f"{source} belongs into {folder}"))

    def remove(folder: object) -> NoReturn:
        raise ConfigError(_missing(task, f"{folder} holds another version of it than ParlAI 1.7.2 reads"))

    ours = dict.fromkeys(_FETCHING, fetch) | {"remove_dir": remove}
    before = {name: getattr(build_data, name) for name in ours}
    try:
        for name, function in ours.items():
            setattr(build_data, name, function)
        yield
    finally:
        for name, function in before.items():
            setattr(build_data, name, function)


def _missing(task: str, what: str) -> str:
    return (
        f"The ParlAI task {task!r} needs data that is not on this machine, and nothing is downloaded here: {what}, "
        "unpacked, with the file .built that ParlAI leaves there. Copy the folder from a machine that has it, or name "
        "a file of contexts in conversation_start_mode."
    )
