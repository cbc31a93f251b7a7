"""A bot that says what it is told to: for demonstrations, load tests and tests."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from chateval.bots._bot import Progress, Reply, Request, Watch, watch_nothing
from chateval.bots._usable import usable_reply
from chateval.config import ScriptedBot
from chateval.dialogue import Speaker, Turn
from chateval.errors import BotError

Script = Callable[[Sequence[Turn]], Awaitable[str]]
"""Given the turns so far, answers the last; may take its time, raise, or never return."""

Sleep = Callable[[float], Awaitable[None]]


class ScriptBot:
    """Answers by a script, which sees nothing but the turns so far."""

    def __init__(self, name: str, script: Script, about: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._script = script
        self._about = {"kind": "scripted", **(about or {})}

    def identity(self) -> Mapping[str, str]:
        return self._about

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        watch(Progress.STARTED, "")
        return Reply(usable_reply(self.name, await self._script(request.turns)))

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:
        """Keeps nothing."""

    async def close(self) -> None:
        """Holds nothing."""


def lines_in_order(lines: Sequence[str]) -> Script:
    """A script that says one line after another, and begins anew after the last."""

    async def script(turns: Sequence[Turn]) -> str:
        own_turns = sum(turn.speaker is Speaker.SYSTEM for turn in turns)
        return lines[own_turns % len(lines)]

    return script


async def _say_the_same(turns: Sequence[Turn]) -> str:
    return turns[-1].text


def _after(delay_seconds: float, script: Script, sleep: Sleep) -> Script:
    async def delayed(turns: Sequence[Turn]) -> str:
        await sleep(delay_seconds)
        return await script(turns)

    return delayed if delay_seconds else script


def build_scripted_bot(spec: ScriptedBot, sleep: Sleep = asyncio.sleep) -> ScriptBot:
    """A bot that takes `spec.delay_seconds` over each of its lines, or echoes.

    Raises:
        BotError: it has neither lines nor an echo.
    """
    if not spec.lines and not spec.echo:
        raise BotError(f"Bot {spec.name!r} has nothing to say. Give it lines, or let it echo.")
    script = _say_the_same if spec.echo else lines_in_order(spec.lines)
    about = {"lines": "\n".join(spec.lines), "echo": str(spec.echo), "delay_seconds": str(spec.delay_seconds)}
    return ScriptBot(spec.name, _after(spec.delay_seconds, script, sleep), about)
