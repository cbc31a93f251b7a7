from collections.abc import Callable

import pytest

from chateval.bots import Request, ScriptBot, build_bot
from chateval.bots._scripted import build_scripted_bot
from chateval.bots._usable import usable_reply
from chateval.config import BotRuntime, ScriptedBot
from chateval.dialogue import Turn
from chateval.errors import BotError

Turns = Callable[..., list[Turn]]


async def test_lines_are_said_in_order_and_begin_anew(runtime: BotRuntime, turns: Turns) -> None:
    """What it says follows from the turns alone, so that a restart changes nothing."""
    bot = build_bot(ScriptedBot("b", ("one", "two")), runtime)

    replies = [(await bot.reply(Request("d", turns(*"uu"[:1], *["x", "y"] * count)))).text for count in range(3)]

    assert replies == ["one", "two", "one"]


async def test_an_echo_says_what_was_said(runtime: BotRuntime, turns: Turns) -> None:
    """For load tests, in which each reply must be told apart."""
    bot = build_bot(ScriptedBot("b", echo=True), runtime)

    assert (await bot.reply(Request("d", turns("a", "a", "b")))).text == "b"


async def test_each_reply_takes_its_delay(turns: Turns) -> None:
    """A bot that takes its time, without anyone waiting in a test."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    await build_scripted_bot(ScriptedBot("b", ("one",), delay_seconds=2.5), sleep).reply(Request("d", turns("hi")))

    assert slept == [2.5]


def test_a_bot_with_nothing_to_say_is_refused(runtime: BotRuntime) -> None:
    """Before anyone talks to it."""
    with pytest.raises(BotError, match="'b' has nothing to say"):
        build_bot(ScriptedBot("b"), runtime)


def test_lines_are_stored_with_the_run(runtime: BotRuntime) -> None:
    """Whoever reads the data later sees what the bot could say."""
    identity = build_bot(ScriptedBot("b", ("one", "two")), runtime).identity()

    assert identity == {"kind": "scripted", "lines": "one\ntwo", "echo": "False", "delay_seconds": "0"}


async def test_a_script_may_do_anything(turns: Turns) -> None:
    """Other tests fail, hang and cheat with it."""

    async def count(said: object) -> str:
        return str(len(said))  # type: ignore[arg-type]

    assert (await ScriptBot("b", count).reply(Request("d", turns("a", "b", "c")))).text == "3"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (None, "a reply is text"),
        (3, "a reply is text"),
        (" \n ", "an empty reply"),
        ("x" * 10_001, "10,001 characters"),
    ],
)
def test_what_is_no_reply_is_refused(reply: object, reason: str) -> None:
    """A person must never face an empty bubble or a page of noise."""
    with pytest.raises(BotError, match=f"'b'.*{reason}"):
        usable_reply("b", reply)


def test_white_space_around_a_reply_goes() -> None:
    """Models like to begin with a blank."""
    assert usable_reply("b", " hello\n") == "hello"
