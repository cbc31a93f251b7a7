"""What a bot is."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from chateval.dialogue import Turn


class Bot(Protocol):
    """Answers turns of many dialogues at once."""

    name: str

    def identity(self) -> Mapping[str, str]:
        """What is stored with a run, so that one can tell later which bot it was: kind, options, digests, versions."""
        ...

    async def reply(self, dialogue_id: str, turns: Sequence[Turn]) -> str:
        """Answer the last of `turns`, which the user said; `turns` are all turns of the dialogue so far.

        Asking again with the same turns is a new attempt. Raises `BotError` if there is no usable reply.
        """
        ...

    def forget(self, dialogue_id: str) -> None:
        """Drop what is kept for a dialogue; it is over."""
        ...

    async def close(self) -> None:
        """Give up what the bot holds; no reply is asked for afterwards."""
        ...


@runtime_checkable
class QueuedBot(Bot, Protocol):
    """A bot that computes on this machine, where only so many replies are generated at once.

    Whoever asks takes one of `places` first, so that waiting for others does not count as the bot's own slowness.
    """

    places: asyncio.Semaphore
