"""Where sessions ask for replies."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext

from chateval.bots._bot import Bot, QueuedBot, Reply, Request, Watch, watch_nothing
from chateval.errors import BotError, BotTimeoutError

logger = logging.getLogger(__name__)


class Desk:
    """Has bots answer, and asks again when they fail.

    A reply is tried `attempts` times, each for at most `attempt_seconds` (waiting for a place at a `QueuedBot` is not
    counted), with pauses of `backoff_seconds`, twice that, and so on in between. A bot that is slow or broken holds up
    nobody but those who wait for it.
    """

    def __init__(
        self,
        bots: Mapping[str, Bot],
        *,
        attempts: int = 3,
        attempt_seconds: float = 60.0,
        backoff_seconds: float = 1.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bots = bots
        # Decided once: asking a protocol whether something is of its kind takes longer than a short reply.
        self._places = {name: bot.places if isinstance(bot, QueuedBot) else nullcontext() for name, bot in bots.items()}
        self._attempts = attempts
        self._attempt_seconds = attempt_seconds
        self._backoff_seconds = backoff_seconds
        self._sleep = sleep

    async def reply(self, bot_name: str, request: Request, watch: Watch = watch_nothing) -> Reply:
        """The bot's answer to a request.

        Raises:
            BotError: the last attempt failed too; the message says which bot, how often and why.
        """
        bot = self._bots[bot_name]
        for attempt in range(1, self._attempts + 1):
            try:
                return await self._attempt(bot, self._places[bot_name], request, watch)
            except Exception as error:  # noqa: BLE001  (a bot is foreign code, which may raise anything)
                self._log(bot_name, attempt, error)
                failure = error
            if attempt < self._attempts:
                await self._sleep(self._backoff_seconds * 2 ** (attempt - 1))
        raise BotError(
            f"Bot {bot_name!r} gave no usable reply in {self._attempts} attempts. The last one failed: {_said(failure)}"
        ) from failure

    def forget(self, bot_name: str, dialogue_id: str, *, is_finished: bool = False) -> None:
        """Let the bot drop what it keeps for a dialogue that is over."""
        self._bots[bot_name].forget(dialogue_id, is_finished=is_finished)

    async def close(self) -> None:
        """Close all bots."""
        for bot in self._bots.values():
            await bot.close()

    async def _attempt(
        self, bot: Bot, places: AbstractAsyncContextManager[None], request: Request, watch: Watch
    ) -> Reply:
        async with places:
            try:
                async with asyncio.timeout(self._attempt_seconds) as limit:
                    return await bot.reply(request, watch)
            except TimeoutError as error:
                if not limit.expired():
                    raise
                raise BotTimeoutError(
                    f"Bot {bot.name!r} gave no reply within {self._attempt_seconds:g} seconds."
                ) from error

    def _log(self, bot_name: str, attempt: int, error: Exception) -> None:
        is_bug = not isinstance(error, BotError) or (
            error.__cause__ is not None and not isinstance(error, BotTimeoutError)
        )
        logger.warning(
            "Bot %r: attempt %d of %d failed: %s",
            bot_name,
            attempt,
            self._attempts,
            _said(error),
            exc_info=error if is_bug else None,
        )


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, BotError) else f"{type(error).__name__}: {error}"
