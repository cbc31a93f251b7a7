"""Where sessions ask for replies."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from chateval.bots._attempt import Attempt
from chateval.bots._bot import Bot, Progress, Reply, Request, Watch, watch_nothing
from chateval.bots._terms import Terms
from chateval.dialogue import Speaker, Usage
from chateval.errors import BotError, BotTimeoutError, HopelessBotError

logger = logging.getLogger(__name__)

MAX_REASON_CHARACTERS = 2_000
"""How much is told of a failure; a bot may put into its errors whatever it likes."""


class Desk:
    """Has bots answer, and asks again when they fail.

    Each is asked on its own `terms`. Attempts that fail are followed by pauses of `backoff_seconds`, twice that, and so
    on. A bot that is slow or broken holds up nobody but those who wait for it.

    Bots may come later, as they are loaded: whoever has terms and is not there yet is waited for.
    """

    def __init__(
        self,
        bots: Mapping[str, Bot],
        terms: Mapping[str, Terms] = {},
        *,
        backoff_seconds: float = 1.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bots = dict(bots)
        self._terms = {name: Terms() for name in bots} | dict(terms)
        self._arrivals = {name: asyncio.Event() for name in self._terms if name not in bots}
        self._forgotten: list[tuple[str, str, bool]] = []
        self._backoff_seconds = backoff_seconds
        self._sleep = sleep

    def add(self, bot: Bot) -> None:
        """A bot is there; whoever waits for it is answered."""
        self._bots[bot.name] = bot
        for name, dialogue_id, is_finished in self._forgotten:
            if name == bot.name:
                bot.forget(dialogue_id, is_finished=is_finished)
        self._arrivals[bot.name].set()

    async def reply(self, bot_name: str, request: Request, watch: Watch = watch_nothing) -> Reply:
        """The bot's answer to a request, with the time that it took.

        A reply that repeats what the bot has just said is asked for anew, if its terms say so, and then taken as it is.

        Raises:
            BotError: the last attempt failed too; the message says which bot, how often and why.
        """
        asking = _Asking(self._terms[bot_name], request, watch)
        if bot_name not in self._bots:
            watch(Progress.WAITING, "")
            await self._arrivals[bot_name].wait()
        bot = self._bots[bot_name]
        reply = await self._any_reply(bot, asking)
        for _ in range(asking.terms.retry_repeats):
            if not _repeats(reply, request):
                break
            logger.info("Bot %r repeats what it has just said; it is asked anew.", bot_name)
            reply = await self._another(bot, asking, reply)
        return asking.measured(reply)

    def forget(self, bot_name: str, dialogue_id: str, *, is_finished: bool = False) -> None:
        """Let the bot drop what it keeps for a dialogue that is over."""
        if bot_name in self._bots:
            self._bots[bot_name].forget(dialogue_id, is_finished=is_finished)
        else:
            self._forgotten.append((bot_name, dialogue_id, is_finished))

    async def close(self) -> None:
        """Close all bots."""
        for bot in self._bots.values():
            await bot.close()

    async def _any_reply(self, bot: Bot, asking: "_Asking") -> Reply:
        """The first reply that can be shown, repeated or not."""
        attempts = asking.terms.attempts
        for attempt in range(1, attempts + 1):
            try:
                return await asking.attempt(bot)
            except (Exception, SystemExit) as error:  # noqa: BLE001  (a bot is foreign code, which may raise anything)
                _log(bot.name, f"attempt {attempt} of {attempts} failed", error)
                failure = error
            if isinstance(failure, HopelessBotError):
                break
            if attempt < attempts:
                await self._sleep(self._backoff_seconds * 2 ** (attempt - 1))
        times = "1 attempt" if asking.attempts == 1 else f"{asking.attempts} attempts"
        raise BotError(
            f"Bot {bot.name!r} gave no usable reply in {times}. The last one failed: {_said(failure)}"
        ) from failure

    async def _another(self, bot: Bot, asking: "_Asking", reply: Reply) -> Reply:
        """Another reply; the one that there is, where the bot fails. Both have been paid for."""
        try:
            other = await asking.attempt(bot)
        except (Exception, SystemExit) as error:  # noqa: BLE001
            _log(bot.name, "another attempt at a reply that repeats itself failed", error)
            return reply
        return replace(other, usage=_sum(reply.usage, other.usage))


@dataclass
class _Asking:
    """A request on its way, over all attempts."""

    terms: Terms
    request: Request
    watch: Watch
    asked_at: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    attempts: int = 0
    first_text_at: float | None = None

    async def attempt(self, bot: Bot) -> Reply:
        self.attempts += 1
        attempt = Attempt(bot, self.terms.timeout_seconds, self.watch)
        reply = await attempt.reply(self.request)
        self.first_text_at = attempt.first_text_at
        return reply

    def measured(self, reply: Reply) -> Reply:
        first = None if self.first_text_at is None else self.first_text_at - self.asked_at
        seconds = asyncio.get_running_loop().time() - self.asked_at
        return replace(reply, seconds=seconds, first_text_seconds=first, attempts=self.attempts)


def _repeats(reply: Reply, request: Request) -> bool:
    own = [turn.text for turn in request.turns if turn.speaker is Speaker.SYSTEM]
    return not reply.ends_dialogue and bool(own) and _plain(reply.text) == _plain(own[-1])


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _sum(one: Usage | None, other: Usage | None) -> Usage | None:
    if one is None or other is None:
        return other or one
    costs = [usage.cost_usd for usage in (one, other) if usage.cost_usd is not None]
    return Usage(
        one.input_tokens + other.input_tokens,
        one.output_tokens + other.output_tokens,
        one.cached_tokens + other.cached_tokens,
        sum(costs) if costs else None,
    )


def _log(bot_name: str, what: str, error: BaseException) -> None:
    is_bug = not isinstance(error, BotError) or (error.__cause__ is not None and not isinstance(error, BotTimeoutError))
    logger.warning("Bot %r: %s: %s", bot_name, what, _said(error), exc_info=error if is_bug else None)


def _said(error: BaseException) -> str:
    text = str(error) if isinstance(error, BotError) else f"{type(error).__name__}: {error}"
    return text if len(text) <= MAX_REASON_CHARACTERS else f"{text[:MAX_REASON_CHARACTERS]} ..."
