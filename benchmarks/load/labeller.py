"""A simulated labeller: what both systems' labellers have in common."""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from time import perf_counter

REGISTRATION_SECONDS = 60.0


@dataclass
class LabelTally:
    """What one labeller has seen."""

    registration_seconds: list[float] = field(default_factory=list)
    """Of each dialogue, the first included: from opening the link until the dialogue and its questions are there."""
    ack_seconds: list[float] = field(default_factory=list)
    refused: int = 0
    handed_in: int = 0


class Labeller(ABC):
    """Takes a dialogue, labels its turns at a steady pace, hands it in, and takes the next."""

    def __init__(self, name: str, host: str, port: int) -> None:
        self.name, self.host, self.port = name, host, port
        self.tally = LabelTally()
        self.units = 0

    async def arrive(self) -> bool:
        """Take the next dialogue; false, and counted, where that fails or takes too long."""
        self.units += 1
        began = perf_counter()
        try:
            async with asyncio.timeout(REGISTRATION_SECONDS):
                await self._register(f"A{self.units}")
        except (OSError, TimeoutError):
            self.tally.refused += 1
            return False
        self.tally.registration_seconds.append(perf_counter() - began)
        return True

    async def work(self, turns: int, seconds_per_label: float) -> None:
        """Label the dialogue that was taken, and hand it in."""
        for turn in range(turns):
            await asyncio.gather(self._label(turn), asyncio.sleep(seconds_per_label))
        await self._hand_in(turns)
        self.tally.handed_in += 1

    @abstractmethod
    async def _register(self, assignment: str) -> None:
        """Return once the dialogue and its questions are there."""

    @abstractmethod
    async def _label(self, turn: int) -> None:
        """Answer the question on a turn; return once that is acknowledged, if it ever is."""

    @abstractmethod
    async def _hand_in(self, turns: int) -> None: ...
