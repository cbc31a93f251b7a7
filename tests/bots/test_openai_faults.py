"""Whatever an endpoint does, a session hears a BotError that says what to do."""

import asyncio
import logging
import socket
from collections.abc import Callable

import pytest

from chateval.bots import Bot, Desk
from chateval.errors import BotError, BotTimeoutError, HopelessBotError

from .endpoint import asked, bot_of, running_server, server
from .openai_server import Act, Fail, Hang, OpenAIServer, Say, Send, piece

__all__ = ["bot_of", "running_server", "server"]
BotOf = Callable[..., Bot]

CALL = {"tool_calls": [{"index": 0, "id": "1", "type": "function", "function": {"name": "f", "arguments": ""}}]}
JUNK = "no answer of the protocol"
NO_STREAM = "without a word. If it cannot stream, write stream: false"
EITHER_WAY: dict[str, tuple[Act, str]] = {
    "empty": (Say(""), "empty reply"),
    "blank": (Say(" \n "), "empty reply"),
    "refusal": (Say("", message={"refusal": "I will not."}), "refused to reply: I will not."),
    "filtered": (Say("Well,", finish_reason="content_filter"), "content filter held back"),
    "tool": (Say("", finish_reason="tool_calls", message=CALL), "called a tool instead"),
    "tool, unsaid": (Say("", message=CALL), "called a tool instead"),
    "only thoughts": (Say("", finish_reason="length"), "used up all tokens of a reply before it said anything"),
    "too long": (Say("a" * 20_000), "20,000 characters; at most 10,000 are shown"),
    "10 MB": (Send((b" " * 2**20,) * 10, kind="application/json"), "more than 8 MiB for one reply, and was cut off"),
    "500": (Fail(500, "Out of memory"), "failed with status 500: Out of memory."),
    "proxy's page": (Send((b"<h1>Bad gateway</h1>",), 502, "text/html"), "failed with status 502: Bad gateway."),
    "broken off": (Send((piece("Wel"),), then="break"), "hung up"),
    "compressed": (Send((b"x",), headers={"Content-Encoding": "gzip"}), "compresses its answers"),
}
STREAMED: dict[str, tuple[Act, str]] = {
    "truncated": (Send((piece("Well"), b"data: [DONE]\n\n")), "broke off before it was whole, after 4 characters"),
    "truncated, unsaid": (Send((piece("Well"),)), "broke off before it was whole"),
    "error in the stream": (
        Send((piece("W"), b'data: {"error": {"message": "CUDA"}}\n\n')),
        "broke off a reply: CUDA.",
    ),
    "broken JSON": (Send((b"data: {nope\n\n",)), JUNK),
    "no text": (Send((b"data: \xff\xfe\n\n",)), JUNK),
    "no object": (Send((b"data: [1, 2]\n\n",)), JUNK),
    "no choices": (Send((b'data: {"choices": null}\n\n',)), JUNK),
    "a line without end": (Send((b"data: ", b"a" * 2**20) * 10), "more than 8 MiB"),
    "whole": (Send((b"{}",), kind="application/json"), NO_STREAM),
    "nothing": (Send(), NO_STREAM),
}
AS_A_WHOLE: dict[str, tuple[Act, str]] = {
    "broken JSON": (Send((b"{nope",), kind="application/json"), JUNK),
    "half of it": (Send((b'{"choices": [{"mess',), kind="application/json"), JUNK),
    "no object": (Send((b"[]",), kind="application/json"), JUNK),
    "a list of nothing": (Send((b'{"choices": []}',), kind="application/json"), JUNK),
    "a page": (Send((b"<h1>Hello</h1>",), kind="text/html"), JUNK),
    "nothing": (Send(kind="application/json"), JUNK),
}
CASES = [
    *(
        pytest.param(is_streamed, *case, id=f"{name}-{is_streamed}")
        for name, case in EITHER_WAY.items()
        for is_streamed in (True, False)
    ),
    *(pytest.param(True, *case, id=f"{name}-streamed") for name, case in STREAMED.items()),
    *(pytest.param(False, *case, id=f"{name}-whole") for name, case in AS_A_WHOLE.items()),
]


@pytest.mark.parametrize(("stream", "act", "told"), CASES)
async def test_what_is_no_reply_is_told_and_the_next_attempt_may_do_better(  # noqa: PLR0913
    server: OpenAIServer, bot_of: BotOf, caplog: pytest.LogCaptureFixture, *, stream: bool, act: Act, told: str
) -> None:
    """One bad answer must not end the session of a person; and a server's fault is no bug of ours with a traceback."""
    server.acts.append(act)
    bot = bot_of(stream=stream)

    with caplog.at_level(logging.WARNING):
        reply = await Desk({bot.name: bot}, backoff_seconds=0).reply(bot.name, asked())

    assert reply.text == "Fine, thanks."
    [record] = caplog.records
    assert told in record.getMessage()
    assert not record.exc_info


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    "act",
    [Hang(), Send(then="hang"), Send((piece("Wel"),), then="hang")],
    ids=["before headers", "after", "in mid-stream"],
)
async def test_a_server_that_hangs_is_given_up(server: OpenAIServer, bot_of: BotOf, *, act: Act, stream: bool) -> None:
    """And its connection with it, so that it may give up, too."""
    server.acts.append(act)

    with pytest.raises(BotTimeoutError, match=r"no sign of life within 0\.2 seconds"):
        await bot_of(stream=stream, timeout_seconds=0.2).reply(asked())

    assert await asyncio.to_thread(server.left.wait, 5)


@pytest.mark.parametrize(
    ("fail", "told"),
    [
        (Fail(401, "Who?"), "status 401: Who? It wants a key"),
        (Fail(403, "Not you"), "status 403"),
        (Fail(404, "No model"), "whether it has the model 'm'"),
        (Fail(400, "This model's maximum context length is 4096 tokens."), "the dialogue has become too long"),
        (Fail(422, "temperature"), "Look at model, options and extra_body"),
        (Fail(402, "No money"), "Look at the account's budget"),
        (Fail(429, "No money", "insufficient_quota"), "is not paid for: No money."),
        (Fail(307, "Gone", headers={"Location": "http://elsewhere.invalid/v1"}), "has moved; write its new address"),
    ],
    ids=lambda value: str(getattr(value, "status", "")),
)
async def test_what_is_hopeless_is_told_at_once(server: OpenAIServer, bot_of: BotOf, fail: Fail, told: str) -> None:
    """Asking again keeps a person waiting for nothing."""
    bot = bot_of()
    server.acts.extend([fail] * 3)

    with pytest.raises(BotError) as caught:
        await Desk({bot.name: bot}, backoff_seconds=0).reply(bot.name, asked())

    assert told in str(caught.value)
    assert len(server.bodies) == 1


async def test_a_server_that_went_away_is_told(server: OpenAIServer, bot_of: BotOf) -> None:
    bot = bot_of()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"

        with pytest.raises(BotError, match="cannot be reached, or hung up"):
            bot_of(base_url=gone)
    assert (await bot.reply(asked())).text


async def test_a_server_that_says_nothing_is_told_before_the_study_begins(server: OpenAIServer, bot_of: BotOf) -> None:
    server.is_silent_about_models = True

    with pytest.raises(BotTimeoutError, match=r"no sign of life within 0\.2 seconds"):
        bot_of(timeout_seconds=0.2)


async def test_a_model_that_is_not_there_is_told_before_the_study_begins(server: OpenAIServer, bot_of: BotOf) -> None:
    """A slip in its name costs nobody's time."""
    server.models = ["llama3:8b", "qwen"]

    with pytest.raises(
        HopelessBotError, match=r"has no model 'lama3:8b'\. Did you mean 'llama3:8b'\? It has: llama3:8b, qwen"
    ):
        bot_of(model="lama3:8b")


async def test_a_model_that_answers_need_not_be_listed(server: OpenAIServer, bot_of: BotOf) -> None:
    """Aliases, and servers with one model that takes any name."""
    server.models, server.aliases = ["llama3:latest"], {"llama3"}

    assert (await bot_of(model="llama3").reply(asked())).text == "Fine, thanks."


async def test_a_proxy_is_not_asked_for_a_server_on_this_machine(
    bot_of: BotOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Labs have one in the environment of every machine, and it leads elsewhere."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert (await bot_of().reply(asked())).text == "Fine, thanks."


async def test_a_server_without_a_list_of_models_is_fine(server: OpenAIServer, bot_of: BotOf) -> None:
    server.models = None

    assert (await bot_of().reply(asked())).text == "Fine, thanks."
    assert len(server.bodies) == 1
