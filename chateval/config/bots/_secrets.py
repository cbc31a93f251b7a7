"""Keys and passwords do not belong into files; here they are found, and never shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_NAMES = frozenset(
    {"accesstoken", "apikey", "apitoken", "authorization", "authtoken", "bearertoken", "password", "secret", "xapikey"}
)
_PREFIXES = "csk|fw|ghp|gsk|hf|nvapi|pk|pplx|r8|rk|sk|tgp|xai"
_KEYS = re.compile(
    rf"\b(?:{_PREFIXES})[-_](?=[\w-]*\d)[\w-]{{16,}}|\bAIza[\w-]{{30,}}|\bBearer\s+(?=\S*\d)[\w.~+/-]{{8,}}"
    r"|\beyJ[\w-]{10,}\.[\w-]{10,}\."
)
"""How keys of well-known services begin, what stands in a header, and signed tokens."""

REMEDY = (
    "Take it out, put it into an environment variable, and name that: api_key_variable: MY_KEY. If others may have "
    "seen it, have it replaced."
)


def secrets_in(values: Mapping[Any, Any], above: str = "") -> Iterator[str]:
    """The dotted keys whose values are secrets, by their names or by their looks."""
    for name, value in values.items():
        key = f"{above}{name}"
        if re.sub(r"[^a-z]", "", str(name).lower()) in _NAMES or _holds_key(value):
            yield key
        elif isinstance(value, Mapping):
            yield from secrets_in(value, f"{key}.")


def _holds_key(value: Any) -> bool:
    if isinstance(value, str):
        return _KEYS.search(value) is not None
    if isinstance(value, Sequence):
        return any(_holds_key(inner) or (isinstance(inner, Mapping) and any(secrets_in(inner))) for inner in value)
    return False
