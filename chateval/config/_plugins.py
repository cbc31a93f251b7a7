"""Keeping Hydra from importing Mephisto."""

import sys

from hydra.core.plugins import Plugins

_MEPHISTOS = "hydra_plugins.mephisto_path_plugin"


def load_plugins_without_mephistos() -> None:
    """Have Hydra look for its plugins, once for the whole process, and pass over the one that Mephisto installs.

    That plugin only adds two folders to the search path, which hold nothing of ours. But it imports Mephisto: half a
    second, files in the home folder, and a question on the terminal where those are missing.
    """
    if _MEPHISTOS in sys.modules:
        return
    sys.modules[_MEPHISTOS] = None  # type: ignore[assignment]  # Python's way to say "not to be imported"
    try:
        Plugins.instance()
    finally:
        del sys.modules[_MEPHISTOS]
