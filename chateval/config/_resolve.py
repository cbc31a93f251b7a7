"""Filling in `${...}`, key by key, so that one that cannot be filled in hides no other."""

from typing import Any

from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from chateval.config._complaints import Complaints


def resolve(config: DictConfig, complaints: Complaints) -> dict[str, Any]:
    """The config as plain values. A key that cannot be filled in, or that waits for a value (`???`), is left out; only
    the first is a problem here, since whether a value is needed is decided by whoever reads the key."""
    return _mapping(config, "", complaints)


def _mapping(node: DictConfig, prefix: str, complaints: Complaints) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name in node:
        key = f"{prefix}{name!s}"
        if OmegaConf.is_missing(node, name):
            continue
        try:
            plain[str(name)] = _plain(node[name], key, complaints)
        except (OmegaConfBaseException, RecursionError, ValueError) as error:
            complaints.about(key, _unresolved(node, name, error))
    return plain


def _plain(value: Any, key: str, complaints: Complaints) -> Any:
    match value:
        case DictConfig():
            return _mapping(value, f"{key}.", complaints)
        case ListConfig():
            return OmegaConf.to_container(value, resolve=True)
        case _:
            return value


def _unresolved(node: DictConfig, name: Any, error: Exception) -> str:
    written = OmegaConf.to_container(node, resolve=False)[name]  # type: ignore[index]
    reason = str(error).partition("\n")[0].rstrip(".")
    return f"{written!r} cannot be filled in: {reason}. Name a key that exists and has a value, or write the value out."
