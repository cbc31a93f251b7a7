"""Where ParlAI finds the agents of a project: `internal:<name>` without a PYTHONPATH."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

CHECKOUT = Path(__file__).parents[3]
AGENTS_FOLDER = Path("parlai_internal", "agents")


def find_agents_in(task_dir: Path) -> None:
    """Let ParlAI resolve `internal:<name>` to `parlai_internal/agents/<name>/<name>.py` in `task_dir`.

    What is not there is looked for beside this package. Folders of agents also go to the end of `sys.path`: agents
    written for a PYTHONPATH that named them import their helpers that way.
    """
    roots = [root for root in (task_dir.absolute(), CHECKOUT) if (root / AGENTS_FOLDER).is_dir()]
    for name in ("parlai_internal", "parlai_internal.agents"):
        folders = [str(root.joinpath(*name.split("."))) for root in roots]
        package = _package(name)
        package.__path__ = [*folders, *(folder for folder in package.__path__ if folder not in folders)]
    sys.path.extend(str(folder) for root in roots for folder in _agent_folders(root) if str(folder) not in sys.path)


def internal_agents(task_dir: Path) -> list[str]:
    """The names that `internal:` can be followed by."""
    return sorted({folder.name for root in (task_dir, CHECKOUT) for folder in _agent_folders(root)})


def _agent_folders(root: Path) -> list[Path]:
    """Folders with a module by which ParlAI finds an agent: `<name>/<name>.py` or `<name>/agents.py`."""
    modules = (root / AGENTS_FOLDER).glob("*/*.py")
    return sorted({module.parent for module in modules if module.stem in {module.parent.name, "agents"}})


def _package(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
    package = ModuleType(name)
    package.__path__ = []
    sys.modules[name] = package
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)
    return package
