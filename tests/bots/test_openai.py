"""Bots behind endpoints that speak OpenAI's protocol, against a server that does."""

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from openai.types.chat import completion_create_params

from chateval.bots import Bot, Desk, Progress, Reply, build_bot
from chateval.config import OpenAIBot
from chateval.config.bots._openai_options import OURS, PARAMETERS
from chateval.dialogue import Context, Speaker, Turn, Usage
from chateval.errors import BotError, MissingDependencyError

from .endpoint import RUNTIME, Seen, asked, bot_of, running_server, server
from .openai_server import Fail, Hang, OpenAIServer, Say

__all__ = ["bot_of", "running_server", "server"]
BotOf = Callable[..., Bot]


async def test_the_whole_dialogue_is_sent_each_time(server: OpenAIServer, bot_of: BotOf) -> None:
    """The endpoint remembers nothing; a bot that forgot the dialogue would be judged for it."""
    reply = await bot_of(system_prompt="Be brief.").reply(asked("hi", "hello", "how are you?"))

    assert reply.text == "Fine, thanks."
    assert server.bodies[0]["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "hello"},
        {"role": "user", "content": "how are you?"},
    ]


async def test_text_is_shown_as_it_comes(bot_of: BotOf) -> None:
    seen = Seen()

    await bot_of().reply(asked(), seen.watch())

    assert seen == [(Progress.STARTED, text) for text in ("", "Fine,", "Fine, thanks.")]


async def test_a_reply_can_be_asked_for_as_a_whole(server: OpenAIServer, bot_of: BotOf) -> None:
    """Some servers cannot stream."""
    seen = Seen()

    reply = await bot_of(stream=False).reply(asked(), seen.watch())

    assert reply == Reply("Fine, thanks.", Usage(100, 10))
    assert seen == [(Progress.STARTED, "")]
    assert server.bodies[0]["stream"] is False


async def test_options_and_the_servers_own_parameters_are_sent(server: OpenAIServer, bot_of: BotOf) -> None:
    options = {"temperature": 0.7, "stop": ["\n", "User:"], "max_tokens": 60}

    await bot_of(options=options, extra_body={"top_k": 40}).reply(asked())

    assert server.bodies[0] == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "top_k": 40,
        **options,
    }


async def test_persona_and_background_are_told_before_the_dialogue(server: OpenAIServer, bot_of: BotOf) -> None:
    """And the person's persona is not, or the bot would know what its partner has not said."""
    context = Context(person_persona=("I fly.",), bot_persona=("I sail.",), background="A harbour.")

    await bot_of(system_prompt="Chat.").reply(asked("hi", context=context))

    told = server.bodies[0]["messages"][0]["content"]
    assert all(text in told for text in ("Chat.", "I sail.", "A harbour."))
    assert "I fly." not in json.dumps(server.bodies)


async def test_turns_of_one_speaker_are_one_message(server: OpenAIServer, bot_of: BotOf) -> None:
    """Many models refuse messages whose roles do not alternate, as this server does."""
    turns = [Turn(Speaker.USER, "hi"), Turn(Speaker.USER, "anyone?"), Turn(Speaker.SYSTEM, "yes")]
    request = asked()

    await bot_of().reply(type(request)("d", [*turns, Turn(Speaker.USER, "good")]))

    assert [message["content"] for message in server.bodies[0]["messages"]] == ["hi\nanyone?", "yes", "good"]


async def test_a_bot_can_begin(server: OpenAIServer, bot_of: BotOf) -> None:
    """Models answer a user; where there is none yet, something has to stand in for one."""
    request = asked()

    await bot_of().reply(type(request)("d", []))

    assert [message["role"] for message in server.bodies[0]["messages"]] == ["user"]


async def test_usage_is_told_with_what_it_cost(server: OpenAIServer, bot_of: BotOf) -> None:
    """Input that was not computed anew has a price of its own."""
    server.acts.append(
        Say(usage={"prompt_tokens": 1000, "completion_tokens": 50, "prompt_tokens_details": {"cached_tokens": 800}})
    )
    prices = {"input_usd_per_million": 2.0, "cached_usd_per_million": 0.5, "output_usd_per_million": 8.0}

    usage = (await bot_of(**prices).reply(asked())).usage

    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens, usage.cached_tokens) == (1000, 50, 800)
    assert usage.cost_usd == pytest.approx((200 * 2 + 800 * 0.5 + 50 * 8) / 1e6)


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": "many", "completion_tokens": 1}])
async def test_a_server_that_does_not_count_leaves_usage_unknown(
    server: OpenAIServer, bot_of: BotOf, usage: Any
) -> None:
    """Unknown is not nought."""
    server.acts.append(Say(usage=usage))

    assert await bot_of(input_usd_per_million=1, output_usd_per_million=1).reply(asked()) == Reply("Fine, thanks.")


async def test_what_failed_attempts_cost_is_counted_with_the_reply(server: OpenAIServer, bot_of: BotOf) -> None:
    """They are paid for, too."""
    server.acts.extend([Say(""), Say("hello")])
    bot = bot_of(input_usd_per_million=10, output_usd_per_million=10)

    reply = await Desk({bot.name: bot}, backoff_seconds=0).reply(bot.name, asked())

    assert (reply.text, reply.usage) == ("hello", Usage(200, 20, 0, 0.0022))


async def test_what_a_dialogue_spent_is_dropped_with_it(server: OpenAIServer, bot_of: BotOf) -> None:
    """Another dialogue is not charged for it."""
    server.acts.append(Say(""))
    bot = bot_of()
    with pytest.raises(BotError):
        await bot.reply(asked())

    bot.forget("d")

    assert (await bot.reply(asked())).usage == Usage(100, 10)


@pytest.mark.parametrize(
    ("name", "other"), [("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")]
)
async def test_the_limit_of_tokens_gets_the_name_that_the_server_knows(
    server: OpenAIServer, bot_of: BotOf, name: str, other: str
) -> None:
    """It has two, and servers refuse the one or the other; it is learned once."""
    server.acts.append(Fail(400, f"Unsupported parameter: '{name}' is not supported with this model."))
    bot = bot_of(options={name: 50})

    await bot.reply(asked())
    await bot.reply(asked())

    assert [{key: body.get(key) for key in (name, other)} for body in server.bodies] == [
        {name: 50, other: None},
        *[{name: None, other: 50}] * 2,
    ]


async def test_a_limit_of_tokens_that_is_too_high_is_no_matter_of_its_name(server: OpenAIServer, bot_of: BotOf) -> None:
    """Under another name some servers would ignore it, and there would be no limit."""
    server.acts.append(Fail(400, "max_tokens is too large: 9999999."))

    with pytest.raises(BotError, match="too large: 9999999"):
        await bot_of(options={"max_tokens": 9999999}).reply(asked())

    assert len(server.bodies) == 1


async def test_a_server_that_cannot_count_in_a_stream_is_not_asked_to(
    server: OpenAIServer, bot_of: BotOf, caplog: pytest.LogCaptureFixture
) -> None:
    """The study goes on, and is told that it will not know the cost."""
    server.acts.append(Fail(400, "Unknown field stream_options."))

    reply = await bot_of().reply(asked())

    assert (reply.text, reply.usage) == ("Fine, thanks.", None)
    assert "what replies cost is not known" in caplog.text


async def test_a_reply_that_reached_its_limit_is_let_through_and_noted(
    server: OpenAIServer, bot_of: BotOf, caplog: pytest.LogCaptureFixture
) -> None:
    """The limit is the researcher's, who may not know that it cuts sentences; they are told once."""
    server.acts.extend([Say("I was", finish_reason="length")] * 2)
    bot = bot_of()

    assert [(await bot.reply(asked())).text for _ in range(2)] == ["I was"] * 2
    assert caplog.text.count("was cut off in the middle of a reply") == 1


async def test_a_dialogue_that_became_too_long_goes_on_without_its_oldest_turns(
    server: OpenAIServer, bot_of: BotOf, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody is in the middle of it. What the bot is told about itself stays, and the study is told."""
    too_long = Fail(400, "This model's maximum context length is 4096 tokens.", "context_length_exceeded")
    server.acts.extend([too_long, too_long])
    bot, texts = bot_of(system_prompt="Be brief."), [f"turn {number}" for number in range(9)]

    for _ in range(2):
        assert (await bot.reply(asked(*texts))).text == "Fine, thanks."

    sent = [[message["content"] for message in body["messages"]] for body in server.bodies]
    assert [content[1] for content in sent] == ["turn 0", "turn 2", "turn 4", "turn 4"]
    assert [(content[0], content[-1]) for content in sent] == [("Be brief.", "turn 8")] * 4
    assert "its first 4 turns are not sent any more" in caplog.text


async def test_a_turn_that_is_too_long_by_itself_is_told(server: OpenAIServer, bot_of: BotOf) -> None:
    server.acts.append(Fail(400, "The prompt is too long."))

    with pytest.raises(BotError, match="the dialogue has become too long"):
        await bot_of().reply(asked())


async def test_whoever_leaves_ends_the_request(server: OpenAIServer, bot_of: BotOf) -> None:
    """The server may stop to generate, and to charge."""
    server.acts.append(Hang())
    seen = Seen()
    waiting = asyncio.create_task(bot_of().reply(asked(), seen.watch()))
    while not server.bodies:
        await asyncio.sleep(0)

    waiting.cancel()

    assert await asyncio.to_thread(server.left.wait, 5)


def test_event_loops_may_come_and_go(server: OpenAIServer) -> None:
    """Mephisto's own task runner has one for each reply; a connection of another loop would break it."""
    bot = build_bot(OpenAIBot("endpoint", "m", base_url=server.url), RUNTIME)

    assert [asyncio.run(bot.reply(asked())).text for _ in range(3)] == ["Fine, thanks."] * 3


async def test_identity_tells_what_a_paper_has_to(bot_of: BotOf) -> None:
    about = bot_of(options={"temperature": 0}, system_prompt="Be brief.").identity()

    assert {"kind": "openai", "model": "m", "system_prompt": "Be brief.", "options": '{"temperature": 0}'}.items() <= (
        about.items()
    )
    assert about["endpoint_owned_by"] == "us"


async def test_the_client_that_is_missing_is_named_with_its_command(
    bot_of: BotOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)

    with pytest.raises(MissingDependencyError, match=r"pip install 'chateval\[openai\]'"):
        bot_of()


def test_all_parameters_of_the_protocol_are_known() -> None:
    """A study is checked without the client; a parameter that it knows and we do not would be refused."""
    theirs = {*completion_create_params.CompletionCreateParamsBase.__annotations__, "stream"}

    assert theirs == {*PARAMETERS, *OURS}
