"""Bots of `kind: ray`, against the real front without Ray, and against servers that misbehave."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request as Asking
from starlette.responses import PlainTextResponse, StreamingResponse

from chateval.bots import Progress, Request
from chateval.bots.serving import KEY_VARIABLE, digest_of
from chateval.bots.serving._protocol import MAX_LINE_BYTES, Asked, Line, Said
from chateval.config import RayBot, ScriptedBot
from chateval.dialogue import Context, Picture, Speaker, Turn
from chateval.errors import BotError, HopelessBotError

OFFERS = '{"version": "1", "bots": [{"name": "told", "identity": {}}]}'
KEY = "a key of the tests, long enough"
ECHO = ScriptedBot("echo", echo=True)
HI = Request("1", (Turn(Speaker.USER, "hi"),))

Serve = Callable[..., str]
Reach = Callable[..., Any]


def _ended(text: str) -> Line:
    return Line(reply=Said(text))


class Handle:
    """Leads to a replica that answers with what it is told to, and notes what it is asked."""

    name = "told"

    def __init__(self, *lines: Line, pause_seconds: float = 0.0) -> None:
        self.lines = lines
        self.pause_seconds = pause_seconds
        self.asked: list[Asked] = []
        self.forgotten: list[object] = []
        self.is_given_up = False

    @property
    def describe(self) -> Any:
        return self

    reply = describe

    def options(self, **_: object) -> "Handle":
        return self

    def remote(self, *arguments: Asked) -> Any:
        self.asked += arguments
        return self._answer() if arguments else asyncio.sleep(0, {"kind": "told"})

    def broadcast(self, *arguments: object) -> Any:
        self.forgotten.append(arguments)
        return self

    async def results_async(self, **_: object) -> None:
        """Nothing comes of it."""

    def _answer(self) -> Any:
        return _Answer(self)


class _Answer:
    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._lines = iter(handle.lines)

    def __aiter__(self) -> "_Answer":
        return self

    async def __anext__(self) -> bytes:
        await asyncio.sleep(self._handle.pause_seconds)
        for line in self._lines:
            return line.encoded()
        raise StopAsyncIteration

    def cancel(self) -> None:
        self._handle.is_given_up = True


async def test_a_reply_comes_over_http(serve: Serve, reach: Reach) -> None:
    bot = reach(RayBot("echo", address=serve(ECHO)))

    reply = await bot.reply(HI)
    await bot.close()

    assert reply.text == "hi"


async def test_what_the_replica_tells_is_watched(serve: Serve, reach: Reach) -> None:
    """The page shows text as it comes, and an attempt's time runs only while the bot works."""
    lines = [Line(progress=Progress.QUEUED), Line(progress=Progress.STARTED), Line(text="we"), Line(text="well")]
    told = Handle(*lines, _ended("well then"))
    bot, seen = reach(RayBot("told", address=serve(told))), list[tuple[Progress, str]]()

    await bot.reply(HI, lambda *what: seen.append(what))
    await bot.close()

    assert seen[-3:] == [(Progress.STARTED, ""), (Progress.STARTED, "we"), (Progress.STARTED, "well")]


async def test_hundreds_of_dialogues_are_answered_at_once(serve: Serve, reach: Reach) -> None:
    bot = reach(RayBot("slow", address=serve(ScriptedBot("slow", echo=True, delay_seconds=0.5))))
    requests = [Request(str(number), (Turn(Speaker.USER, str(number)),)) for number in range(100)]

    began = time.monotonic()
    replies = await asyncio.gather(*(bot.reply(request) for request in requests))
    await bot.close()

    assert [reply.text for reply in replies] == [str(number) for number in range(100)]
    assert time.monotonic() - began < 15  # one after the other it would be 50


async def test_a_slow_bot_is_not_taken_for_a_dead_server(serve: Serve, reach: Reach) -> None:
    """A large model may think for longer than any patience with a silent line."""
    address = serve(ScriptedBot("slow", echo=True, delay_seconds=1), silence_seconds=0.1)
    bot = reach(RayBot("slow", address=address), patience_seconds=0.5)

    reply = await bot.reply(HI)
    await bot.close()

    assert reply.text == "hi"


async def test_leaving_gives_the_work_up(serve: Serve, reach: Reach) -> None:
    """What nobody waits for any more must not take a replica's time from those who wait."""
    told = Handle(pause_seconds=60)
    bot = reach(RayBot("told", address=serve(told, silence_seconds=0.05)))
    work = asyncio.create_task(bot.reply(HI))
    while not told.asked:
        await asyncio.sleep(0.01)

    work.cancel()
    async with asyncio.timeout(10):
        while not told.is_given_up:
            await asyncio.sleep(0.01)
    await bot.close()

    assert work.cancelled()


async def test_a_dialogue_that_is_over_is_forgotten_there(serve: Serve, reach: Reach) -> None:
    """The replicas keep state for each dialogue."""
    told = Handle(_ended("hello"))
    bot = reach(RayBot("told", address=serve(told)))
    await bot.reply(HI)

    bot.forget("1", is_finished=True)
    await bot.close()

    assert told.forgotten == [("forget", told.asked[0].dialogue_id, True)]


async def test_two_studies_are_not_taken_for_one_another(serve: Serve, reach: Reach) -> None:
    """Both may have a dialogue 1, and one's history must not get into the other's."""
    told = Handle(_ended("hello"))
    address = serve(told)
    for bot in (reach(RayBot("told", address=address)), reach(RayBot("told", address=address))):
        await bot.reply(HI)
        await bot.close()

    assert told.asked[0].dialogue_id != told.asked[1].dialogue_id


async def test_the_picture_travels_with_the_request(serve: Serve, reach: Reach, tmp_path: Path) -> None:
    """The server does not see the study's folder."""
    told = Handle(_ended("a cat"))
    tmp_path.joinpath("cat.png").write_bytes(b"\x89PNG of a cat")
    bot = reach(RayBot("told", address=serve(told)), pictures_dir=tmp_path)

    await bot.reply(Request("1", HI.turns, Context(picture=Picture("7", "cat.png", "a cat"))))
    await bot.close()

    assert told.asked[0].picture == b"\x89PNG of a cat"


def test_the_record_says_which_bot_it_was(serve: Serve, reach: Reach) -> None:
    address = serve(ECHO)

    identity = reach(RayBot("mine", address=f"{address}/", bot="echo")).identity()

    assert identity.items() >= {"kind": "ray", "address": address, "bot": "echo", "served_kind": "scripted"}.items()


async def test_a_bot_survives_the_event_loop_that_it_was_first_asked_in(serve: Serve, reach: Reach) -> None:
    """Mephisto's own task runner makes a loop for each reply."""
    bot = reach(RayBot("echo", address=serve(ECHO)))

    replies = [await asyncio.to_thread(asyncio.run, bot.reply(HI)) for _ in range(3)]

    assert {reply.text for reply in replies} == {"hi"}


def test_the_key_is_taken_from_the_environment(serve: Serve, reach: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands in no file of the study."""
    address = serve(ECHO, key_digest=digest_of(KEY))
    monkeypatch.setenv(KEY_VARIABLE, KEY)

    bot = reach(RayBot("echo", address=address))

    assert KEY not in str(bot.identity())


def test_a_wrong_key_is_told_before_the_study_begins(
    serve: Serve, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = serve(ECHO, key_digest=digest_of(KEY))
    monkeypatch.setenv(KEY_VARIABLE, "one that is not it")

    with pytest.raises(BotError, match="status 401: The key is missing or wrong") as caught:
        reach(RayBot("echo", address=address))

    assert "one that is not it" not in str(caught.value)


def test_an_unknown_bot_is_told_with_its_neighbours(serve: Serve, reach: Reach) -> None:
    address = serve(ECHO)

    with pytest.raises(BotError, match=r"serves no bot 'ecko'. Did you mean echo\? It serves: echo."):
        reach(RayBot("ecko", address=address))


def test_nobody_at_the_address_is_told(reach: Reach) -> None:
    with pytest.raises(BotError, match=r"cannot be reached: .* Is `chateval serve` running there\?"):
        reach(RayBot("echo", address="http://127.0.0.1:9"))


def test_another_server_at_the_address_is_told(reach: Reach, listen: Callable[..., str]) -> None:
    """A study's own page answers 200 to everything."""
    address = listen(PlainTextResponse("<html>Welcome</html>"))

    with pytest.raises(BotError, match=r"is no server of bots\. It is no JSON"):
        reach(RayBot("echo", address=address))


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ([b'{"error": "It broke."}\n'], "It broke. (Bot 'told' is served by http"),
        ([b'{"progress": "started"}\n'], "ended its answer before there was a reply"),
        ([], "ended its answer before there was a reply"),
        ([b"<html>\n"], "is no reply. It is no JSON"),
        ([b'{"reply": "hello"}\n'], "is no reply. It does not fit the protocol"),
        ([b"x" * 2**16] * (MAX_LINE_BYTES // 2**16 + 2), "A line is longer than 1,048,576 bytes"),
    ],
)
async def test_an_answer_that_is_no_reply_fails_the_attempt(
    reach: Reach, listen: Callable[..., str], pieces: list[bytes], said: str
) -> None:
    """The session host asks again; nothing of it reaches the page."""
    bot = reach(RayBot("told", address=listen(offers_told(pieces))))

    with pytest.raises(BotError) as caught:
        await bot.reply(HI)
    await bot.close()

    assert said in str(caught.value)


async def test_what_is_hopeless_there_is_hopeless_here(serve: Serve, reach: Reach) -> None:
    """An endpoint's key that is refused is not to be shown again and again, behind a server of bots either."""
    told = Handle(Line(error="The key is refused.", is_hopeless=True))
    bot = reach(RayBot("told", address=serve(told)))

    with pytest.raises(HopelessBotError, match="The key is refused"):
        await bot.reply(HI)
    await bot.close()


async def test_a_key_that_has_been_changed_meanwhile_is_hopeless(
    serve: Serve, reach: Reach, listen: Callable[..., str]
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        status, text = (200, OFFERS) if scope["path"] == "/bots" else (401, '{"error": "Wrong key."}')
        await PlainTextResponse(text, status)(scope, receive, send)

    bot = reach(RayBot("told", address=listen(app)))

    with pytest.raises(HopelessBotError, match=r"status 401: Wrong key\."):
        await bot.reply(HI)
    await bot.close()


async def test_a_server_that_falls_silent_is_given_up(reach: Reach, listen: Callable[..., str]) -> None:
    """Its machine may be gone without a word, and a request in its queue has no time limit of its own."""
    bot = reach(RayBot("told", address=listen(offers_told(None))), patience_seconds=0.3)

    with pytest.raises(BotError, match="has fallen silent"):
        await bot.reply(HI)
    await bot.close()


async def test_a_picture_that_is_gone_is_told(serve: Serve, reach: Reach, tmp_path: Path) -> None:
    bot = reach(RayBot("echo", address=serve(ECHO)), pictures_dir=tmp_path)

    with pytest.raises(BotError, match=r"cat\.png cannot be read: No such file"):
        await bot.reply(Request("1", HI.turns, Context(picture=Picture("7", "cat.png"))))
    await bot.close()


def offers_told(pieces: list[bytes] | None) -> Any:
    """An app that offers a bot, and answers with these pieces, or never."""

    async def body() -> Any:
        for piece in pieces or ():
            yield piece
        if pieces is None:
            await asyncio.Event().wait()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/bots":
            await PlainTextResponse(OFFERS)(scope, receive, send)
        else:
            await Asking(scope, receive).body()  # or the line would be cut off where it ends
            await StreamingResponse(body())(scope, receive, send)

    return app
