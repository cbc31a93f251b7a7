"""What bots are built with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chateval.bots._bot import Bot
from chateval.bots._turnstile import Turnstile
from chateval.config import BotRuntime


@dataclass(frozen=True)
class Means:
    """What the bots of a run have in common."""

    runtime: BotRuntime
    turnstile: Turnstile
    """Holds `runtime.max_concurrent_responses` places; each reply that is being generated takes one."""
    built: Mapping[str, Bot] = field(default_factory=dict)
    """The bots built before, by name."""
