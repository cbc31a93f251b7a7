"""Which keys exist, and what is said of one that does not."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_origin, get_type_hints

from chateval.config._nearest import did_you_mean, listed
from chateval.config._settings import StudySettings

_MANY = 20


@cache
def known_keys() -> Mapping[str, bool]:
    """Every dotted key that a study can set; True for a group of keys."""
    return dict(_keys(StudySettings, ""))


def _keys(kind: type, prefix: str) -> Iterator[tuple[str, bool]]:
    hints = get_type_hints(kind)
    for item in fields(kind):
        name = f"{prefix}{item.name}"
        is_group = is_dataclass(hints[item.name])
        yield name, is_group
        if is_group:
            yield from _keys(hints[item.name], f"{name}.")


@cache
def _open_keys() -> tuple[str, ...]:
    """Keys that hold a mapping of the researcher's own, such as `override_opt`."""
    blueprint = get_type_hints(get_type_hints(get_type_hints(StudySettings)["mephisto"])["blueprint"])
    return tuple(f"mephisto.blueprint.{name}" for name, hint in blueprint.items() if get_origin(hint) is dict)


def is_known(key: str) -> bool:
    return key in known_keys() or key.startswith(tuple(f"{name}." for name in _open_keys()))


def complaint_about(key: str) -> str:
    """What to say of an unknown key: the nearest one of its group, else the group where a key of its name belongs."""
    group, _, name = key.rpartition(".")
    siblings = [known.rpartition(".")[2] for known in known_keys() if known.rpartition(".")[0] == group]
    elsewhere = sorted(known for known in known_keys() if known.rpartition(".")[2] == name)
    if elsewhere:
        guess = f" Did you mean {elsewhere[0]!r}?"
    else:
        guess = did_you_mean(name, siblings) if siblings else did_you_mean(key, known_keys())
    return (
        f"There is no key {key!r}, and nothing would read it.{guess or _choice(group, siblings)} Correct or remove it."
    )


def _choice(group: str, siblings: list[str]) -> str:
    if len(siblings) > _MANY:
        return " --cfg job shows the keys there are."
    return f" {group or 'The top level'} has: {listed(siblings)}." if siblings else ""


def unknown_keys(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The dotted keys of a composed study that do not exist; the contents of an unknown group are not listed."""
    for name, value in values.items():
        key = f"{prefix}{name}"
        if not is_known(key):
            yield key
        elif known_keys().get(key, False) and isinstance(value, Mapping):
            yield from unknown_keys(value, f"{key}.")
