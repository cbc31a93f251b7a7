"""Candidates, asked for all at once."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chateval.bots._bot import Bot, Progress, Reply, Request, Watch
from chateval.dialogue import Usage
from chateval.errors import BotError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Candidate:
    """What one bot would say."""

    bot: str
    reply: Reply


class Gathering:
    """Asks bots for candidates, `count` each.

    Each candidate is asked for in a dialogue of its own, so that a bot that keeps what it has said keeps it apart, and
    one that draws by the dialogue draws anew.
    """

    def __init__(self, name: str, bots: Sequence[Bot], count: int, wait_seconds: float) -> None:
        self._name = name
        self._bots = bots
        self._count = count
        self._wait_seconds = wait_seconds

    async def candidates(self, request: Request, watch: Watch) -> list[Candidate]:
        """The candidates that came, in the order of the bots: of those that fail, and of those that come later than
        `wait_seconds` after the first, there is none.

        Raises:
            BotError: none came.
        """
        shared = _SharedWatch(watch)
        tasks: dict[asyncio.Task[Reply], str] = {}
        for bot in self._bots:
            for number in range(self._count):
                own = replace(request, dialogue_id=_dialogue_id(request.dialogue_id, bot.name, number))
                tasks[asyncio.create_task(shared.reply_of(bot, own))] = bot.name
        try:
            await self._wait(list(tasks))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self._those_that_came(tasks)

    def forget(self, dialogue_id: str, *, is_finished: bool) -> None:
        for bot in self._bots:
            for number in range(self._count):
                bot.forget(_dialogue_id(dialogue_id, bot.name, number), is_finished=is_finished)

    async def _wait(self, tasks: list[asyncio.Task[Reply]]) -> None:
        left = set(tasks)
        while left and not any(_has_come(task) for task in tasks):
            _, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
        if left:
            await asyncio.wait(left, timeout=self._wait_seconds)

    def _those_that_came(self, tasks: dict[asyncio.Task[Reply], str]) -> list[Candidate]:
        came = [Candidate(bot, task.result()) for task, bot in tasks.items() if _has_come(task)]
        errors = [error for task in tasks if not task.cancelled() and (error := task.exception()) is not None]
        if not came:
            last = errors[-1] if errors else None
            raise BotError(f"Bot {self._name!r}: none of its {len(tasks)} candidates came. The last: {last}") from last
        if len(came) < len(tasks):
            reason = f"; one failed: {errors[-1]}" if errors else "; the others took too long"
            logger.warning("Bot %r: %d of %d candidates came%s", self._name, len(came), len(tasks), reason)
        return came


def summed_usage(candidates: Sequence[Candidate]) -> Usage | None:
    """What all candidates took; None where none of the bots counts. The cost is known if all are."""
    usages = [candidate.reply.usage for candidate in candidates if candidate.reply.usage is not None]
    if not usages:
        return None
    costs = [usage.cost_usd for usage in usages if usage.cost_usd is not None]
    return Usage(
        sum(usage.input_tokens for usage in usages),
        sum(usage.output_tokens for usage in usages),
        sum(usage.cached_tokens for usage in usages),
        sum(costs) if len(costs) == len(candidates) else None,
    )


_BY_WEIGHT = (Progress.STARTED, Progress.QUEUED, Progress.WAITING)


class _SharedWatch:
    """Tells how all candidates get on together: one that is being worked at counts, then one that is queued.

    Their texts are not shown: which of them will be said is not known yet.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._open: dict[str, Progress] = {}
        self._told: Progress | None = None

    async def reply_of(self, bot: Bot, request: Request) -> Reply:
        """A candidate."""

        def watch(progress: Progress, _: str) -> None:
            self._open[request.dialogue_id] = progress
            self._tell()

        try:
            return await bot.reply(request, watch)
        finally:
            self._open.pop(request.dialogue_id, None)
            self._tell()

    def _tell(self) -> None:
        together = next((each for each in _BY_WEIGHT if each in self._open.values()), self._told)
        if together is not None and together is not self._told:
            self._told = together
            self._watch(together, "")


def _dialogue_id(dialogue_id: str, bot: str, number: int) -> str:
    return f"{dialogue_id}/{bot}/{number}"


def _has_come(task: asyncio.Task[Reply]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None and not task.result().ends_dialogue
