"""Where requests wait until the endpoint may be asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

from chateval.bots._bot import Progress, Watch
from chateval.bots._turnstile import Turnstile
from chateval.bots.openai._pace import Claim, Pace
from chateval.errors import BotError, HopelessBotError

MOST_WAITING = 1_000


@dataclass(frozen=True)
class Patience:
    """Until when a reply waits for the endpoint's limits, and how long that was in all."""

    until: float
    seconds: float


class Line:
    """One line for all dialogues of a bot, in the order in which they ask. Event loops may come and go."""

    def __init__(  # noqa: PLR0913  (what a line is made from, and a clock for tests)
        self,
        name: str,
        pace: Pace,
        most_at_once: int,
        turnstile: Turnstile,
        *,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._name = name
        self._pace = pace
        self._own_places = Turnstile(most_at_once)
        self._head = Turnstile(1)
        self._turnstile = turnstile
        self._clock = clock
        self._sleep = sleep
        self._waiting = 0

    def patience(self, seconds: float) -> Patience:
        return Patience(self._clock() + seconds, seconds)

    @asynccontextmanager
    async def place(self, tokens: int, patience: Patience, watch: Watch) -> AsyncIterator[Claim]:
        """Hold a place at the endpoint, and one of the run's, while the block runs.

        Raises:
            BotError: too many wait already.
            HopelessBotError: the endpoint asks for more patience than there is.
        """
        if self._waiting >= MOST_WAITING:
            raise BotError(
                f"{MOST_WAITING:,} requests wait for bot {self._name!r} already, and no more may. Let fewer people in "
                "at a time, or raise max_concurrent_requests if the endpoint can take it."
            )

        def waits(progress: Progress, text: str) -> None:
            if progress is Progress.QUEUED:
                watch(progress, text)

        self._waiting += 1
        is_waiting = True
        try:
            async with self._own_places.place(waits):
                async with self._head.place(waits):
                    claim = await self._claim(tokens, patience, watch)
                async with self._turnstile.place(watch):
                    self._waiting -= 1
                    is_waiting = False
                    yield claim
        finally:
            self._waiting -= is_waiting

    async def _claim(self, tokens: int, patience: Patience, watch: Watch) -> Claim:
        while (claim := self._pace.claim(tokens)).wait_seconds:
            if self._clock() + claim.wait_seconds > patience.until:
                raise HopelessBotError(
                    f"Bot {self._name!r} would have to wait another {claim.wait_seconds:,.0f} seconds for its "
                    f"endpoint's limits, and queue_seconds is {patience.seconds:g}. Let fewer people in at a time, or "
                    "have the limits raised."
                )
            watch(Progress.QUEUED, "")
            await self._sleep(claim.wait_seconds)
        return claim
