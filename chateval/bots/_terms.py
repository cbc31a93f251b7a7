"""On what terms bots are asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from chateval.config import BotSpec, HumanBot


@dataclass(frozen=True)
class Terms:
    """How long a bot is waited for, and how often it is asked."""

    timeout_seconds: float | None = 60.0
    """How long one attempt may take, waits behind others apart; None for as long as it likes."""
    attempts: int = 3
    retry_repeats: int = 0
    """How often a reply that says just what the bot said last is asked for anew."""


def terms_of(specs: Iterable[BotSpec]) -> dict[str, Terms]:
    """What a study says of each of its bots. A person takes their time, and is asked once."""
    return {spec.name: _terms(spec) for spec in specs}


def _terms(spec: BotSpec) -> Terms:
    if isinstance(spec, HumanBot):
        return Terms(timeout_seconds=None, attempts=1)
    return Terms(spec.timeout_seconds, spec.attempts, spec.retry_repeats)
