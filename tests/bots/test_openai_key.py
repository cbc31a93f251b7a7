"""The key of an endpoint goes to the endpoint, and nowhere else."""

import logging
from collections.abc import Callable

import pytest

from chateval.bots import Bot
from chateval.errors import BotError, HopelessBotError

from .endpoint import asked, bot_of, running_server, server
from .openai_server import Fail, OpenAIServer, Say

__all__ = ["bot_of", "running_server", "server"]
BotOf = Callable[..., Bot]

KEY = "sk-Keep1this2to3yourself4"


@pytest.fixture
def locked(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> OpenAIServer:
    """A server that wants a key, which is in `LAB_KEY`; OpenAI's is there as well, and none of its business."""
    server.key = KEY
    monkeypatch.setenv("LAB_KEY", f"{KEY}\n")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai-0123456789")
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "mine-of-openai")
    return server


async def test_the_key_of_the_named_variable_is_sent(locked: OpenAIServer, bot_of: BotOf) -> None:
    assert (await bot_of(api_key_variable="LAB_KEY").reply(asked())).text == "Fine, thanks."


async def test_openais_key_and_account_go_to_nobody_else(locked: OpenAIServer, bot_of: BotOf) -> None:
    """People have it in their environment for other things; a server of one's own has no use for it."""
    locked.key = ""

    await bot_of().reply(asked())

    assert "of-openai" not in str(locked.headers)


async def test_a_server_without_a_key_needs_none(
    server: OpenAIServer, bot_of: BotOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most servers of one's own have none."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    assert (await bot_of().reply(asked())).text == "Fine, thanks."


@pytest.mark.parametrize("value", [None, "", "  "])
async def test_a_key_that_is_not_there_is_told_with_its_variable(
    bot_of: BotOf, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    """Before anything is asked of anyone: OpenAI's own endpoint is the default."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("OPENAI_API_KEY", value)

    with pytest.raises(HopelessBotError, match="environment variable OPENAI_API_KEY does not hold one"):
        bot_of(base_url="")


async def test_a_key_that_cannot_be_sent_is_told_and_not_shown(bot_of: BotOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_KEY", "two words of a secret")

    with pytest.raises(HopelessBotError, match="LAB_KEY holds") as caught:
        bot_of(api_key_variable="LAB_KEY")

    assert "words" not in str(caught.value)


async def test_a_key_that_is_refused_is_told_before_the_study_begins(
    locked: OpenAIServer, bot_of: BotOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server repeats the key that it was sent; the message does not."""
    monkeypatch.setenv("LAB_KEY", "sk-wrong-0123456789")

    with pytest.raises(HopelessBotError, match=r"status 401: Wrong: Bearer \[key\]\. See whether the key") as caught:
        bot_of(api_key_variable="LAB_KEY")

    assert "0123456789" not in str(caught.value)


@pytest.mark.parametrize(
    "act", [Fail(500, f"Cannot log in with {KEY}"), Fail(400, f"{KEY}?"), Say(f"My key is {KEY}.")]
)
async def test_an_endpoint_that_repeats_the_key_is_not_repeated(
    locked: OpenAIServer, bot_of: BotOf, caplog: pytest.LogCaptureFixture, act: Fail | Say
) -> None:
    """Errors go into the log and the journal, replies to people."""
    locked.acts.append(act)
    bot = bot_of(api_key_variable="LAB_KEY")

    with caplog.at_level(logging.DEBUG), pytest.raises(BotError) as caught:
        await bot.reply(asked())

    assert KEY not in str(caught.value) + caplog.text


async def test_the_key_is_in_no_representation(locked: OpenAIServer, bot_of: BotOf) -> None:
    """Tracebacks and debuggers show what objects say of themselves."""
    bot = bot_of(api_key_variable="LAB_KEY")

    told = [repr(value) for value in (bot, *vars(bot).values(), bot.identity())]

    assert not any(KEY in text for text in told)
