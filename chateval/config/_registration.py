"""The groups that studies name in their `defaults`, as Hydra knows them."""

import dataclasses
from typing import Any

from hydra.core.config_store import ConfigStore

from chateval.config._plugins import load_plugins_without_mephistos
from chateval.config._project import project_root
from chateval.config._settings import ARCHITECT_TYPE, BLUEPRINT_TYPE, PROVIDER_TYPE, StudySettings

PRIMARY = "study"
"""The name of the config that every study is composed into."""

GROUP_TYPES = {"blueprint": BLUEPRINT_TYPE, "architect": ARCHITECT_TYPE, "provider": PROVIDER_TYPE}
"""The one choice that each group has so far."""

MODEL_CHAT = "model_chat_blueprint"
MODEL_IMAGE_CHAT = "model_image_chat_blueprint"
_OTHER_NAMES = {"blueprint": (MODEL_CHAT, MODEL_IMAGE_CHAT)}
"""ParlAI's names for what is one kind of task here."""


def register_configs() -> None:
    """Tell Hydra the defaults and the groups `mephisto/blueprint`, `mephisto/architect` and `mephisto/provider`.

    May be called again: it then replaces what Mephisto's own registrations have put in the same places. All is stored
    as plain mappings, not as types, so that a mistake in a study comes to our checks and not to Hydra's.

    The defaults of all groups are in the primary config, and a group itself only says its type: so the order of a
    study's `defaults` never turns a value back into a default.
    """
    load_plugins_without_mephistos()
    store = ConfigStore.instance()
    for group, kind in GROUP_TYPES.items():
        _store_type(store, group, kind)
        for other in _OTHER_NAMES.get(group, ()):
            _store_type(store, group, other)
        for name in store.list(f"mephisto/{group}"):
            _store_type(store, group, name.removesuffix(".yaml"))
    store.store(name=PRIMARY, node=_primary(), provider="chateval")


def _store_type(store: ConfigStore, group: str, kind: str) -> None:
    store.store(group=f"mephisto/{group}", name=kind, node={f"_{group}_type": kind}, provider="chateval")


def _primary() -> dict[str, Any]:
    defaults = dataclasses.asdict(StudySettings())
    defaults["task_dir"] = str(project_root())
    del defaults["mephisto"]["datapath"]  # absent, so that +mephisto.datapath=... is allowed
    return {
        "defaults": [
            "_self_",
            {"conf": None},
            {"override hydra/job_logging": "none"},
            {"override hydra/hydra_logging": "none"},
        ],
        **defaults,
        "hydra": {
            "run": {"dir": "."},
            "output_subdir": None,
            "help": {"app_name": "chateval", "header": "A study: python welcome.py conf=<name> [key=value ...]"},
        },
    }
