"""The key of an endpoint: read from the environment, and shown to nobody but the endpoint."""

import os
import re
from dataclasses import dataclass, field

from chateval.config import OpenAIBot
from chateval.errors import HopelessBotError

_SHORTEST_SECRET = 8
"""What is shorter is a word that servers without keys are given, and may stand in any sentence."""


@dataclass(frozen=True)
class ApiKey:
    value: str = field(repr=False)

    def hide(self, text: str) -> str:
        """The text with the key taken out, should an endpoint repeat it."""
        return text.replace(self.value, "[key]") if self.is_in(text) else text

    def is_in(self, text: str) -> bool:
        return len(self.value) >= _SHORTEST_SECRET and self.value in text


def key_of(spec: OpenAIBot) -> ApiKey:
    """The key that the spec's variable holds; an empty one where none is sent.

    Raises:
        HopelessBotError: the variable is not set, or holds what cannot be sent.
    """
    if not spec.key_variable:
        return ApiKey("")
    value = os.environ.get(spec.key_variable, "").strip()
    if not value:
        raise HopelessBotError(
            f"Bot {spec.name!r} needs a key, and the environment variable {spec.key_variable} does not hold one. Set "
            f"it before you start the study, as in: export {spec.key_variable}=..., or name another with "
            "api_key_variable."
        )
    if not re.fullmatch(r"[!-~]+", value):
        raise HopelessBotError(
            f"What the environment variable {spec.key_variable} holds for bot {spec.name!r} is no key: there are "
            "blanks or unusual characters in it. Copy the key once more."
        )
    return ApiKey(value)
