import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import pytest

from chateval.bots import Bot, Desk, Reply, Request, Script, ScriptBot, lines_in_order
from chateval.dialogue import Speaker, Turn
from chateval.errors import BotError, BotTimeoutError

HI = [Turn(Speaker.USER, "hi")]


class Pauses(list[float]):
    """A clock that only notes how long one would have slept."""

    async def sleep(self, seconds: float) -> None:
        self.append(seconds)


def failing(*outcomes: str | Exception) -> Script:
    """Gives or raises one outcome after another."""
    waiting = list(outcomes)

    async def script(_: Sequence[Turn]) -> str:
        outcome = waiting.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return script


async def hanging(_: Sequence[Turn]) -> str:
    return await asyncio.get_running_loop().create_future()


def desk(*bots: Bot, **limits: Any) -> Desk:
    return Desk({bot.name: bot for bot in bots}, **{"sleep": Pauses().sleep, **limits})


async def test_a_bot_that_fails_twice_is_asked_thrice() -> None:
    """A hiccup of a bot must not end the session of a person."""
    bot = ScriptBot("shy", failing(BotError("no"), BotError("no"), "hello"))

    assert (await desk(bot).reply("shy", Request("d", HI))).text == "hello"


async def test_pauses_between_attempts_double() -> None:
    """A bot that is overloaded gets time to recover."""
    pauses = Pauses()
    bot = ScriptBot("shy", failing(*[BotError("no")] * 3, "hello"))

    await desk(bot, sleep=pauses.sleep, attempts=4, backoff_seconds=0.5).reply("shy", Request("d", HI))

    assert pauses == [0.5, 1.0, 2.0]


async def test_the_last_failure_says_which_bot_how_often_and_why() -> None:
    """The researcher reads this in the log of a run."""
    bot = ScriptBot("shy", failing(BotError("first"), BotError("last")))

    with pytest.raises(
        BotError, match=r"'shy' gave no usable reply in 2 attempts\. The last one failed: last"
    ) as caught:
        await desk(bot, attempts=2).reply("shy", Request("d", HI))

    assert str(caught.value.__cause__) == "last"


async def test_a_bug_in_a_bot_is_a_bot_error() -> None:
    """A session knows what to do about a BotError, and about nothing else."""
    bot = ScriptBot("odd", failing(KeyError("text")))

    with pytest.raises(BotError, match="KeyError: 'text'"):
        await desk(bot, attempts=1).reply("odd", Request("d", HI))


async def test_each_failed_attempt_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """A bug comes with its traceback, a refusal without."""
    bot = ScriptBot("odd", failing(ZeroDivisionError("0"), BotError("no"), "hello"))

    with caplog.at_level(logging.WARNING):
        await desk(bot).reply("odd", Request("d", HI))

    assert [record.getMessage() for record in caplog.records] == [
        "Bot 'odd': attempt 1 of 3 failed: ZeroDivisionError: 0",
        "Bot 'odd': attempt 2 of 3 failed: no",
    ]
    assert [bool(record.exc_info) for record in caplog.records] == [True, False]


async def test_a_hanging_bot_times_out() -> None:
    """A person who waits is told, in the end, that nothing comes."""
    with pytest.raises(BotError, match=r"no reply within 0\.01 seconds") as caught:
        await desk(ScriptBot("stuck", hanging), attempt_seconds=0.01).reply("stuck", Request("d", HI))

    assert isinstance(caught.value.__cause__, BotTimeoutError)


async def test_a_hanging_bot_holds_up_nobody_else() -> None:
    """Other dialogues go on, with the same bot and with others."""
    mixed = desk(ScriptBot("stuck", hanging), ScriptBot("quick", lines_in_order(["hello"])))
    waiting = asyncio.create_task(mixed.reply("stuck", Request("1", HI)))
    await asyncio.sleep(0)

    assert (await mixed.reply("quick", Request("2", HI))).text == "hello"

    assert not waiting.done()
    waiting.cancel()


async def test_a_timeout_of_the_bots_own_is_reported_as_its_own() -> None:
    """It did not use up its time here, so the message must not say so."""
    bot = ScriptBot("remote", failing(TimeoutError("server")))

    with pytest.raises(BotError, match="TimeoutError: server"):
        await desk(bot, attempts=1).reply("remote", Request("d", HI))


async def test_cancellation_is_passed_on() -> None:
    """When a worker leaves, the bot can stop, and is not asked again."""
    ends: list[str] = []

    async def script(turns: Sequence[Turn]) -> str:
        try:
            return await hanging(turns)
        finally:
            ends.append("cancelled")

    waiting = asyncio.create_task(desk(ScriptBot("slow", script)).reply("slow", Request("d", HI)))
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ends == ["cancelled"]


class OneAtATime(ScriptBot):
    """Has one place."""

    def __init__(self, name: str, script: Script) -> None:
        super().__init__(name, script)
        self.places = asyncio.Semaphore(1)


async def test_waiting_for_a_place_is_not_the_bots_slowness() -> None:
    """With one reply at a time, the tenth who asks must not be timed out because of the nine before."""

    async def script(turns: Sequence[Turn]) -> str:
        return "hello" if turns[-1].text == "quick" else await hanging(turns)

    crowded = desk(OneAtATime("busy", script), attempts=1, attempt_seconds=0.02)

    first, second = await asyncio.gather(
        crowded.reply("busy", Request("1", HI)),
        crowded.reply("busy", Request("2", [Turn(Speaker.USER, "quick")])),
        return_exceptions=True,
    )

    assert isinstance(first, BotError)
    assert second == Reply("hello")


async def test_forgetting_and_closing_reach_the_bot() -> None:
    """What a bot keeps for a dialogue goes when the dialogue does."""
    calls: list[str] = []

    class Noting(ScriptBot):
        def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:
            calls.append(dialogue_id)

        async def close(self) -> None:
            calls.append("closed")

    noting = desk(Noting("bot", lines_in_order(["x"])))
    noting.forget("bot", "d")
    await noting.close()

    assert calls == ["d", "closed"]
