"""What bots of all kinds have in common."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from chateval.config._rules import Attempts, Repeats, Timeout


@dataclass(frozen=True, kw_only=True)
class BotTerms:
    """How long a bot is waited for, and how often it is asked."""

    timeout_seconds: Timeout = 60
    """How long one attempt at a reply may take, in seconds, the wait for other replies apart. Default: 60."""
    attempts: Attempts = 3
    """How often a reply is tried before the session ends. Default: 3."""
    retry_repeats: Repeats = 1
    """How often a reply that repeats the bot's last one, word for word, is asked for anew. Default: 1."""


class Fault(NamedTuple):
    """What is wrong with a bot; `key` is empty where that is not one of its keys."""

    key: str
    text: str


@dataclass(frozen=True)
class Surroundings:
    """What a bot's definition is checked against."""

    folder: Path
    """That of the file; relative paths in it begin there."""
    agent_roots: tuple[Path, ...]
    """Where `parlai_internal/agents` is looked for."""
    names: tuple[str, ...]
    """The names of all bots in the file."""
