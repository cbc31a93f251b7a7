"""A simulated worker: what both systems' workers have in common."""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from time import perf_counter

REGISTRATION_SECONDS = 240.0
TURN_SECONDS = 60.0
"""A turn without a reply for this long is lost."""


@dataclass
class Tally:
    """What one worker has seen."""

    registration_seconds: float | None = None
    turn_seconds: list[float] = field(default_factory=list)
    ack_seconds: list[float] = field(default_factory=list)
    ended_at: list[float] = field(default_factory=list)
    """When each turn was answered, on the clock of `perf_counter`."""
    lost: int = 0
    doubled: int = 0
    """Echoes that came again, out of order, or that nobody had asked for."""


class Worker(ABC):
    """Says numbered lines to an echo, one after the other, and checks that each comes back once and in order."""

    def __init__(self, name: str, host: str, port: int) -> None:
        self.name, self.host, self.port = name, host, port
        self.tally = Tally()
        self._said = 0
        self._heard = 0
        self._said_at = 0.0
        self._waiter: asyncio.Future[None] | None = None

    async def arrive(self) -> bool:
        """Register; false, and counted as lost, where that fails or takes too long."""
        began = perf_counter()
        try:
            async with asyncio.timeout(REGISTRATION_SECONDS):
                await self._register()
        except (OSError, TimeoutError):
            self.tally.lost += 1
            return False
        self.tally.registration_seconds = perf_counter() - began
        return True

    @abstractmethod
    async def _register(self) -> None:
        """Return once the person sees what they are to do."""

    @abstractmethod
    async def begin(self) -> None:
        """Return once the chat waits for the person's first turn."""

    @abstractmethod
    def _send(self, number: int, text: str) -> None: ...

    @abstractmethod
    def leave(self) -> None: ...

    async def take_turn(self) -> bool:
        """Say something and wait for its echo; false where it did not come."""
        self._said += 1
        self._waiter = asyncio.get_running_loop().create_future()
        timeout = asyncio.get_running_loop().call_later(TURN_SECONDS, self._give_up)
        self._said_at = perf_counter()
        self._send(self._said, self.line(self._said))
        await self._waiter
        timeout.cancel()
        return self._heard == self._said

    @staticmethod
    def line(number: int) -> str:
        return f"turn {number}: what do you make of the weather, the news, and all the rest of it these days?"

    def acknowledged(self) -> None:
        self.tally.ack_seconds.append(perf_counter() - self._said_at)

    def echoed(self, text: str) -> None:
        """To be called with every utterance of the bot."""
        now = perf_counter()
        if self._heard + 1 != self._said or text != self.line(self._said):
            self.tally.doubled += 1
            return
        self._heard += 1
        self.tally.turn_seconds.append(now - self._said_at)
        self.tally.ended_at.append(now)
        self._wake()

    def _give_up(self) -> None:
        self.tally.lost += 1
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
