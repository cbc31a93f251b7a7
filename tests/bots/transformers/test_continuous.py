"""Requests that join those which are being answered."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chateval.bots import Bot, Progress, Request
from chateval.dialogue import Turn
from chateval.errors import BotError

Turns = Callable[..., list[Turn]]
Words = Callable[..., str]
Build = Callable[..., Any]

SMALL = {"page_size": 32, "num_blocks": 64, "max_batch_tokens": 256}
"""The engine would take all memory that it finds."""


@asynccontextmanager
async def opened(bot: Bot) -> AsyncIterator[Any]:
    try:
        yield bot
    finally:
        await bot.close()


@pytest.fixture
def build_continuous(build: Build) -> Build:
    def build_continuous(folder: Path, **keys: Any) -> Any:
        generation = {"min_new_tokens": 0} | keys.pop("generation", {})
        return opened(build(folder, batching="continuous", continuous_options=SMALL, generation=generation, **keys))

    return build_continuous


async def test_replies_are_those_of_each_alone(
    llama: Path, build_continuous: Build, turns: Turns, said_alone: Words, in_words: Words
) -> None:
    """Who joins changes nothing for the others."""
    said = ["hi", "hello there, how are you doing today? tell me everything", "what is your name"]

    async with build_continuous(llama) as bot:
        first = asyncio.create_task(bot.reply(Request("0", turns(said[0]))))
        later = await asyncio.gather(*(bot.reply(Request(text, turns(text))) for text in said[1:]))

        assert [(await first).text, *(reply.text for reply in later)] == [
            said_alone(llama, in_words("llama", text), min_new_tokens=0) for text in said
        ]


async def test_text_is_shown_as_it_comes_until_a_stop(
    llama: Path, build: Build, build_continuous: Build, turns: Turns
) -> None:
    """As with padded batches."""
    whole = (await build(llama).reply(Request("d", turns("hi")))).text
    stop = whole[4:8]
    shown: list[str] = []

    async with build_continuous(llama, stop=(stop,)) as bot:
        reply = await bot.reply(
            Request("d", turns("hi")), lambda state, text: shown.append(text) if state is Progress.STARTED else None
        )

    assert reply.text == whole[: whole.find(stop)].strip()
    assert any(shown)
    assert all(reply.text.startswith(text) for text in shown)
    assert reply.usage.input_tokens == 5


async def test_the_engine_begins_anew_after_it_broke_down(llama: Path, build_continuous: Build, turns: Turns) -> None:
    """One bad moment must not cost all sessions that are still to come."""
    async with build_continuous(llama) as bot:
        first = await bot.reply(Request("d", turns("hi")))
        bot._manager.stop(hard_stop=True)

        assert (await bot.reply(Request("d", turns("hi")))).text == first.text


async def test_the_engine_is_free_again_when_nobody_waits(llama: Path, build_continuous: Build, turns: Turns) -> None:
    """Workers leave in the middle."""
    is_shown, steps = asyncio.Event(), [0]
    generation = {"max_new_tokens": 450, "eos_token_id": 0}  # a token that it never writes

    async with build_continuous(llama, generation=generation) as bot:
        bot._checkpoint.model.register_forward_pre_hook(lambda *_: steps.append(1))
        task = asyncio.create_task(
            bot.reply(Request("d", turns("hi")), lambda _, text: is_shown.set() if text else None)
        )
        await is_shown.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        while bot._manager.batch_processor.has_pending_requests():
            await asyncio.sleep(0)

    assert len(steps) < 300


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"generation": {"num_beams": 2}}, "it knows no beam search"),
        ({"generation": {"min_new_tokens": 3}}, "it would pass over min_new_tokens, which its generation config has"),
        ({"generation": {"repetition_penalty": 1.5}}, "it would pass over repetition_penalty"),
        ({"generation": {"sequence_bias": [[[9, 9], -1.0]]}}, "knows no SequenceBiasLogitsProcessor"),
        ({"continuous_options": {"blocks": 3}}, "continuous_options has no 'blocks'. Transformers knows: allow_block"),
    ],
)
def test_what_the_engine_cannot_do_is_told(llama: Path, build: Build, keys: Any, reason: str) -> None:
    """It would drop it without a word."""
    with pytest.raises(BotError) as caught:
        build(
            llama, batching="continuous", **{**keys, "generation": {"min_new_tokens": 0, **keys.get("generation", {})}}
        )

    assert reason in str(caught.value)


def test_it_is_for_causal_models(t5: Path, build: Build) -> None:
    with pytest.raises(BotError, match="it is for causal models that read only"):
        build(t5, batching="continuous")
