"""From plain values to settings: one field at a time, so that every wrong value is told."""

from collections.abc import Callable, Mapping
from dataclasses import Field, fields, is_dataclass
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from omegaconf import MISSING

T = TypeVar("T")

Report = Callable[[str, str], None]
"""Takes a dotted key and what is wrong with its value."""


def read_settings(kind: type[T], values: Mapping[str, Any], report: Report, prefix: str = "") -> T:
    """An instance of the dataclass `kind`, with a report for each value that it cannot hold.

    Text that spells a number or true or false is taken for it, and a number for text, as Hydra's typed configs do;
    null stands for "not given". Where a value is wrong the default takes its place, so that all else can be checked.
    """
    hints = get_type_hints(kind, include_extras=True)
    read: dict[str, Any] = {}
    for item in fields(kind):  # type: ignore[arg-type]
        key, hint, value = f"{prefix}{item.name}", hints[item.name], values.get(item.name)
        if is_dataclass(hint):
            read[item.name] = _group(hint, value, report, key)
        elif value is not None:
            try:
                read[item.name] = _convert(value, hint)
            except (msgspec.ValidationError, ValueError, OverflowError):
                report(key, f"{value!r} will not do. This key takes {_rule(hint)}. {_remedy(item)}")
        elif item.default is MISSING:
            report(key, f"A value is needed, and there is none. Write {item.name}: followed by {_rule(hint)}.")
    return kind(**read)


def _group(kind: Any, value: Any, report: Report, key: str) -> Any:
    if value is not None and not isinstance(value, Mapping):
        report(key, f"{value!r} stands where a group of keys belongs. Indent its keys below it.")
        value = None
    return read_settings(kind, value or {}, report, f"{key}.")


def _convert(value: Any, hint: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool) and _takes_text(hint):
        value = str(value)
    return msgspec.convert(value, hint, strict=False)


def _remedy(item: Field[Any]) -> str:
    if item.default in (MISSING, None) or not isinstance(item.default, str | int | float):
        return "Correct the value."
    default = str(item.default).lower() if isinstance(item.default, bool) else item.default
    return (
        f"Correct the value, or remove the key for the default, {default!r}." if default != "" else "Correct the value."
    )


def _takes_text(hint: Any) -> bool:
    return any(part is str for part in _parts(hint))


def _rule(hint: Any) -> str:
    descriptions = [part.description for part in _parts(hint) if isinstance(part, msgspec.Meta) and part.description]
    return descriptions[0] if descriptions else "another kind of value"


def _parts(hint: Any) -> list[Any]:
    """A type and what annotates it; for `X | None`, those of X."""
    if get_origin(hint) is Annotated:
        return list(get_args(hint))
    return [part for choice in get_args(hint) for part in _parts(choice)] or [hint]
