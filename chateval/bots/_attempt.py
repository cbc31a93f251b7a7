"""One attempt at a reply."""

import asyncio
from dataclasses import replace

from chateval.bots._bot import Bot, Progress, Reply, Request, Watch
from chateval.bots._usable import MAX_REPLY_CHARACTERS, shortened, too_long, usable_reply
from chateval.errors import BotError, BotTimeoutError


class Attempt:
    """Has a bot answer in its time, which runs from the moment at which the bot begins.

    That is when it says so; a bot that says nothing has begun when it is asked. The time does not run while the bot
    says that the reply waits, behind others or for somebody to come. `watch` is told all of it, until it is over.
    """

    def __init__(self, bot: Bot, timeout_seconds: float | None, watch: Watch) -> None:
        self._bot = bot
        self._timeout_seconds = timeout_seconds
        self._watch = watch
        self._limit = asyncio.timeout(timeout_seconds)
        self._progress: Progress | None = None
        self._is_over = False
        self._characters = 0
        self.first_text_at: float | None = None
        """When there was text to be shown before the whole was there; by the loop's clock."""

    async def reply(self, request: Request) -> Reply:
        """The bot's answer.

        Raises:
            BotError: there is none that could be shown, or not in time.
            Exception, SystemExit: whatever else the bot raises.
        """
        try:
            async with self._limit:
                return self._usable(await self._bot.reply(request, self._hear))
        except TimeoutError as error:
            if self._characters > MAX_REPLY_CHARACTERS:
                raise too_long(self._bot.name, self._characters) from None
            if not self._limit.expired():
                raise
            raise BotTimeoutError(
                f"Bot {self._bot.name!r} gave no reply within {self._timeout_seconds:g} seconds."
            ) from error
        finally:
            self._is_over = True

    def _hear(self, progress: Progress, text: str) -> None:
        if self._is_over or self._limit.expired():
            return
        loop = asyncio.get_running_loop()
        self._characters = len(text)
        if self._characters > MAX_REPLY_CHARACTERS:  # it goes on and on: no need to wait for the end
            self._is_over = True
            self._limit.reschedule(loop.time())
            return
        if text and self.first_text_at is None:
            self.first_text_at = loop.time()
        if progress is not self._progress and self._timeout_seconds is not None:
            self._limit.reschedule(loop.time() + self._timeout_seconds if progress is Progress.STARTED else None)
        self._progress = progress
        self._watch(progress, text)

    def _usable(self, reply: object) -> Reply:
        if not isinstance(reply, Reply):
            raise BotError(f"Bot {self._bot.name!r} gave no reply but {shortened(reply)}.")
        return reply if reply.ends_dialogue else replace(reply, text=usable_reply(self._bot.name, reply.text))
