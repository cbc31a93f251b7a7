import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chateval.bots import Bot, Desk, Progress, Reply, Request, Script, ScriptBot, Terms, Watch, lines_in_order, terms_of
from chateval.bots import watch_nothing as nobody
from chateval.config import HumanBot, OpenAIBot, ScriptedBot
from chateval.dialogue import Speaker, Turn, Usage
from chateval.errors import BotError, BotTimeoutError, HopelessBotError

HI = [Turn(Speaker.USER, "hi")]
TWICE = [Turn(Speaker.USER, "hi"), Turn(Speaker.SYSTEM, "Me too."), Turn(Speaker.USER, "what?")]


class Pauses(list[float]):
    """A clock that only notes how long one would have slept."""

    async def sleep(self, seconds: float) -> None:
        self.append(seconds)


def failing(*outcomes: object) -> Script:
    """Gives or raises one outcome after another."""
    waiting = list(outcomes)

    async def script(_: Sequence[Turn]) -> Any:
        outcome = waiting.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return script


async def hanging(_: Sequence[Turn]) -> str:
    return await asyncio.get_running_loop().create_future()


def desk(*bots: Bot, sleep: Callable[[float], Any] | None = None, backoff_seconds: float = 1.0, **terms: Any) -> Desk:
    each = {bot.name: Terms(**terms) for bot in bots}
    return Desk({bot.name: bot for bot in bots}, each, backoff_seconds=backoff_seconds, sleep=sleep or Pauses().sleep)


class Watched(ScriptBot):
    """Answers by a function that is given the request and the watch."""

    def __init__(self, name: str, answer: Callable[[Request, Watch], Any]) -> None:
        super().__init__(name, hanging)
        self._answer = answer

    async def reply(self, request: Request, watch: Watch = nobody) -> Reply:
        reply: Reply = await self._answer(request, watch)
        return reply


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
        await desk(ScriptBot("stuck", hanging), timeout_seconds=0.01).reply("stuck", Request("d", HI))

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


@pytest.mark.parametrize("before", [Progress.QUEUED, Progress.WAITING])
async def test_waiting_is_not_the_bots_slowness(before: Progress) -> None:
    """With one reply at a time, the tenth who asks must not be timed out because of the nine before."""

    async def answer(_: Request, watch: Watch) -> Reply:
        watch(before, "")
        await asyncio.sleep(0.05)
        watch(Progress.STARTED, "")
        return Reply("hello")

    patient = desk(Watched("busy", answer), attempts=1, timeout_seconds=0.03)

    assert await patient.reply("busy", Request("d", HI)) == Reply("hello")


async def test_the_time_runs_once_the_bot_begins() -> None:
    """However much text it shows meanwhile."""

    async def answer(_: Request, watch: Watch) -> Reply:
        watch(Progress.QUEUED, "")
        for length in range(1, 1_000):
            watch(Progress.STARTED, "x" * length)
            await asyncio.sleep(0.005)
        return Reply("too late")

    with pytest.raises(BotError, match=r"no reply within 0\.03 seconds"):
        await desk(Watched("slow", answer), attempts=1, timeout_seconds=0.03).reply("slow", Request("d", HI))


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


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (ZeroDivisionError("0"), "ZeroDivisionError: 0"),
        (SystemExit(3), "SystemExit: 3"),
        ("", "an empty reply"),
        (" \n ", "an empty reply"),
        (None, "replied with None"),
        (["x"] * 10**6, "replied with \\['x', 'x'"),
        ("x" * 10**7, "10,000,000 characters"),
        (BotError("x" * 10**7), "x ...$"),
    ],
    ids=["crashes", "exits", "nothing", "blanks", "none", "no text", "10 MB", "10 MB of error"],
)
async def test_a_broken_bot_is_asked_again_and_then_told_of(outcome: object, reason: str) -> None:
    """Whatever a bot does, it ends in an answer or in a sentence that fits the log."""
    with pytest.raises(BotError, match=reason) as caught:
        await desk(ScriptBot("odd", failing(outcome, outcome)), attempts=2).reply("odd", Request("d", HI))
    assert len(str(caught.value)) < 3_000

    recovered = desk(ScriptBot("odd", failing(outcome, "hello")), attempts=2)
    assert (await recovered.reply("odd", Request("d", HI))).text == "hello"


async def test_a_hopeless_bot_is_asked_once() -> None:
    """A key that is refused is refused the third time too, and each time costs the person a wait."""
    with pytest.raises(BotError, match=r"in 1 attempt\. .*no such key"):
        await desk(ScriptBot("remote", failing(HopelessBotError("no such key"), "x"))).reply("remote", Request("d", HI))


async def test_text_without_end_is_cut_off() -> None:
    """A model that goes on and on is stopped, and a page is never sent more than a reply may have."""
    told: list[int] = []

    async def answer(_: Request, watch: Watch) -> Reply:
        for length in (9_999, 10_000, 10_001, 10**7):
            watch(Progress.STARTED, "x" * length)
        return await asyncio.get_running_loop().create_future()

    with pytest.raises(BotError, match="10,001 characters"):
        await desk(Watched("endless", answer), attempts=1).reply(
            "endless", Request("d", HI), lambda _, text: told.append(len(text))
        )
    assert told == [9_999, 10_000]


async def test_what_a_bot_tells_too_late_is_not_told() -> None:
    """A page that has the reply must not begin to show another."""
    told: list[str] = []
    watches: list[Watch] = []

    async def answer(_: Request, watch: Watch) -> Reply:
        watches.append(watch)
        return Reply("hello")

    await desk(Watched("late", answer)).reply("late", Request("d", HI), lambda _, text: told.append(text))
    watches[0](Progress.STARTED, "hel")

    assert told == []


async def test_a_bot_that_repeats_itself_is_asked_anew() -> None:
    """A model that draws its words may do better."""
    bot = ScriptBot("parrot", failing("me  too.", "I like tea."))

    reply = await desk(bot, retry_repeats=1).reply("parrot", Request("d", TWICE))

    assert (reply.text, reply.attempts) == ("I like tea.", 2)


@pytest.mark.parametrize("second", ["Me too.", BotError("no"), SystemExit(1)])
async def test_a_repeat_never_ends_a_session(second: object) -> None:
    """A bot that repeats itself is what a researcher may want to know of: in the end it is let through."""
    bot = ScriptBot("parrot", failing("Me too.", second))

    assert (await desk(bot, retry_repeats=1).reply("parrot", Request("d", TWICE))).text == "Me too."


async def test_repeats_are_let_through_where_the_terms_say_so() -> None:
    """Asking anew changes what is measured."""
    bot = ScriptBot("parrot", failing("Me too."))

    assert (await desk(bot, retry_repeats=0).reply("parrot", Request("d", TWICE))).attempts == 1


async def test_a_reply_that_was_not_taken_is_still_counted() -> None:
    """It has been paid for."""
    replies = [Reply("Me too.", Usage(10, 2, 1, 0.5)), Reply("Tea.", Usage(10, 3, 0, 0.25))]

    async def answer(_: Request, __: Watch) -> Reply:
        return replies.pop(0)

    reply = await desk(Watched("paid", answer), retry_repeats=1).reply("paid", Request("d", TWICE))

    assert reply.usage == Usage(20, 5, 1, 0.75)


async def test_a_reply_tells_how_long_it_took() -> None:
    """From being asked to its first text and to its end, failed attempts included."""

    async def answer(_: Request, watch: Watch) -> Reply:
        watch(Progress.STARTED, "")
        if len(begun) < 2:
            begun.append("failed")
            watch(Progress.STARTED, "hm")
            raise BotError("no")
        await asyncio.sleep(0.03)
        watch(Progress.STARTED, "hel")
        await asyncio.sleep(0.03)
        return Reply("hello")

    begun = ["first"]
    reply = await desk(Watched("slow", answer)).reply("slow", Request("d", HI))

    assert reply.first_text_seconds is not None
    assert reply.seconds is not None
    assert 0.03 <= reply.first_text_seconds <= reply.seconds - 0.029
    assert reply.attempts == 2


async def test_whoever_asks_before_a_bot_is_there_waits_for_it() -> None:
    """The page is open while models load."""
    told: list[str] = []
    early = Desk({}, {"late": Terms(timeout_seconds=0.01)})
    asked = asyncio.create_task(early.reply("late", Request("d", HI), lambda progress, _: told.append(progress)))
    await asyncio.sleep(0.03)
    early.add(ScriptBot("late", lines_in_order(["hello"])))

    assert (await asked).text == "hello"
    assert told == ["waiting", "started"]


def test_a_bot_learns_what_ended_before_it_was_there() -> None:
    """Someone whose partner has left must not wait for them."""
    ended: list[tuple[str, bool]] = []

    class Noting(ScriptBot):
        def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:
            ended.append((dialogue_id, is_finished))

    early = Desk({}, {"a": Terms(), "b": Terms()})
    early.forget("a", "1", is_finished=True)
    early.forget("b", "2")
    early.add(Noting("a", hanging))

    assert ended == [("1", True)]


def test_terms_are_those_of_the_study() -> None:
    """Each bot has its own; a person is waited for as long as they are there, and nobody asks them twice."""
    specs = [
        OpenAIBot("a", model="m", timeout_seconds=5, attempts=2, retry_repeats=3),
        ScriptedBot("b", ("x",)),
        HumanBot("c"),
    ]

    assert terms_of(specs) == {"a": Terms(5, 2, 3), "b": Terms(60, 3, 0), "c": Terms(None, 1, 0)}
