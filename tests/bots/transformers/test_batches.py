"""Many dialogues at once, and what is kept of each."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from chateval.bots import Progress, Request
from chateval.dialogue import Turn
from chateval.errors import BotError

Turns = Callable[..., list[Turn]]
Words = Callable[..., str]
Build = Callable[..., Any]

SAID = ["hi", "hello there, how are you doing today? tell me everything", "what is your name", "i like cats"]


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


async def texts(bot: Any, *dialogues: list[Turn], ids: str = "") -> list[str]:
    asked = [bot.reply(Request(f"{ids}{number}", turns)) for number, turns in enumerate(dialogues)]
    return [reply.text for reply in await asyncio.gather(*asked)]


@pytest.mark.parametrize("folder", ["gpt2", "llama", "t5", "bart"], indirect=True)
async def test_replies_of_a_batch_are_those_of_each_alone(
    folder: Path, build: Build, turns: Turns, said_alone: Words, in_words: Words
) -> None:
    """What one worker reads must not depend on who else is chatting."""
    replies = await texts(build(folder), *(turns(text) for text in SAID))

    assert replies == [said_alone(folder, in_words(folder.name, text)) for text in SAID]


@pytest.mark.parametrize("folder", ["gpt2", "llama"], indirect=True)
async def test_what_is_kept_of_a_dialogue_changes_no_reply(
    folder: Path, build: Build, turns: Turns, said_alone: Words, in_words: Words
) -> None:
    """It is there for speed alone; dialogues of different lengths, and one that begins late, are in one batch."""
    bot = build(folder)
    histories = [[text] for text in SAID[:3]]
    for said in ("tell me more", "and your work?", "bye"):
        histories.append([said]) if said == "bye" else None
        replies = await texts(bot, *(turns(*history) for history in histories))
        assert replies == [said_alone(folder, in_words(folder.name, *history)) for history in histories]
        histories = [[*history, reply, said] for history, reply in zip(histories, replies, strict=True)]


async def test_the_history_is_not_computed_again(llama: Path, build: Build, turns: Turns) -> None:
    """It grows with each turn; computing all of it each time would cost more than the reply."""
    bot = build(llama)
    first = await bot.reply(Request("d", turns("what is your name")))

    second = await bot.reply(Request("d", turns("what is your name", first.text, "hi")))

    assert first.usage.cached_tokens == 0
    assert second.usage.cached_tokens >= first.usage.input_tokens
    assert second.usage.input_tokens - second.usage.cached_tokens < second.usage.input_tokens / 2


async def test_one_long_prompt_does_not_make_all_others_long(
    llama: Path, build: Build, turns: Turns, said_alone: Words, in_words: Words
) -> None:
    """Every dialogue would wait whenever somebody new comes, as long as if nothing were kept."""
    bot = build(llama)
    first = await texts(bot, *(turns(text) for text in SAID))
    histories = [[text, reply, "hi"] for text, reply in zip(SAID, first, strict=True)] + [
        ["i like cats and dogs " * 20]
    ]
    shapes = []
    bot._engine._checkpoint.model.register_forward_pre_hook(
        lambda _, __, inputs: shapes.append(tuple(inputs["input_ids"].shape)), with_kwargs=True
    )

    replies = await texts(bot, *(turns(*history) for history in histories))

    assert replies == [said_alone(llama, in_words("llama", *history)) for history in histories]
    assert max(columns for rows, columns in shapes if rows == 5) < 40 < max(columns for _, columns in shapes)


async def test_instructions_are_computed_once_for_all_dialogues(llama: Path, build: Build, turns: Turns) -> None:
    """They are the longest part of many prompts, and the same for everyone."""
    bot = build(llama, system_prompt="you are kind. " * 10)
    await bot.reply(Request("one", turns("hi")))

    usage = (await bot.reply(Request("two", turns("what is your name")))).usage

    assert usage.cached_tokens > usage.input_tokens / 2


async def test_nothing_is_kept_where_no_memory_is_given(llama: Path, build: Build, turns: Turns) -> None:
    """On a GPU that is full already."""
    bot = build(llama, prefix_cache_gib=0)
    first = await bot.reply(Request("d", turns("hi")))

    assert (await bot.reply(Request("d", turns("hi", first.text, "hi")))).usage.cached_tokens == 0
    assert bot.identity()["keeps_prefixes"] == "False"


async def test_a_forgotten_dialogue_leaves_nothing(llama: Path, build: Build, turns: Turns) -> None:
    """A study of a day would fill the memory otherwise."""
    bot = build(llama)
    await bot.reply(Request("d", turns("hi")))
    bot.forget("d", is_finished=True)

    assert (await bot.reply(Request("d", turns("hi")))).usage.cached_tokens == 0


@pytest.mark.parametrize(
    "generation", [{"repetition_penalty": 1.5}, {"no_repeat_ngram_size": 2}, {"num_beams": 3}, {"min_new_tokens": 12}]
)
async def test_options_mean_in_a_batch_what_they_mean_alone(
    llama: Path, build: Build, turns: Turns, said_alone: Words, generation: dict[str, Any]
) -> None:
    """Some look at all tokens of a row, and the padding is none of these."""
    replies = await texts(build(llama, generation=generation), *(turns(text) for text in SAID))

    assert replies == [said_alone(llama, f"<|user|>{text}<|end|><|assistant|>", **generation) for text in SAID]


async def test_a_reply_that_is_over_is_given_while_others_go_on(gpt2: Path, build: Build, turns: Turns) -> None:
    """A worker with a short answer does not wait for someone else's long one."""
    bot = build(gpt2, generation={"max_new_tokens": 100, "min_new_tokens": 100})
    short = (await bot.reply(Request("d", turns("i like cats")))).text[:3]
    bot = build(gpt2, generation={"max_new_tokens": 100, "min_new_tokens": 100}, stop=(short,))
    steps = count_steps(bot)
    ended: dict[str, int] = {}

    async def ask(dialogue: str, text: str) -> None:
        await asyncio.gather(bot.reply(Request(dialogue, turns(text))), return_exceptions=True)
        ended[dialogue] = len(steps)

    await asyncio.gather(ask("long", "hi"), ask("short", "i like cats"))

    assert ended["short"] < ended["long"]
    assert len(steps) > 50


def count_steps(bot: Any) -> list[threading.Thread]:
    """The thread of each step that the model makes from now on."""
    steps: list[threading.Thread] = []
    bot._engine._checkpoint.model.register_forward_pre_hook(lambda *_: steps.append(threading.current_thread()))
    return steps


def wait(event: threading.Event) -> None:
    assert event.wait(10)


async def test_generation_stops_when_nobody_waits_any_more(gpt2: Path, build: Build, turns: Turns) -> None:
    """Workers who leave must not keep the model busy for those who stay."""
    bot = build(gpt2, generation={"max_new_tokens": 200, "min_new_tokens": 200})
    steps = count_steps(bot)
    is_shown, has_left = asyncio.Event(), threading.Event()
    bot._engine._checkpoint.model.register_forward_pre_hook(lambda *_: None if len(steps) < 5 else wait(has_left))
    task = asyncio.create_task(bot.reply(Request("d", turns("hi")), lambda *_: is_shown.set() if steps else None))
    await is_shown.wait()

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    has_left.set()
    steps[0].join(10)

    assert not steps[0].is_alive()
    assert len(steps) < 10


async def test_a_batch_that_does_not_fit_into_memory_is_made_smaller(
    llama: Path, build: Build, turns: Turns, said_alone: Words, in_words: Words
) -> None:
    """How much fits depends on how long the dialogues have become."""
    bot = build(llama)

    def refuse(_: Any, __: Any, inputs: dict[str, Any]) -> None:
        if len(inputs["input_ids"]) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    bot._engine._checkpoint.model.register_forward_pre_hook(refuse, with_kwargs=True)

    replies = await texts(bot, *(turns(text) for text in SAID))

    assert replies == [said_alone(llama, in_words("llama", text)) for text in SAID]


async def test_a_model_that_breaks_is_told_with_its_error(llama: Path, build: Build, turns: Turns) -> None:
    """The desk asks again, and the researcher has to see why."""
    bot = build(llama)

    def break_down(*_: Any) -> None:
        raise ZeroDivisionError("of all things")

    bot._engine._checkpoint.model.register_forward_pre_hook(break_down)

    with pytest.raises(BotError, match="'bot' broke: ZeroDivisionError: of all things"):
        await bot.reply(Request("d", turns("hi")))


SAMPLED = {"do_sample": True, "temperature": 1.5, "top_k": 20, "min_new_tokens": 12}


async def test_sampling_does_not_depend_on_who_else_is_answered(llama: Path, build: Build, turns: Turns) -> None:
    """A reply can be made again from what is recorded: seed, dialogue, turn, attempt."""
    together = await texts(build(llama, generation=SAMPLED), *(turns(text) for text in SAID))

    bot = build(llama, generation=SAMPLED)
    one_by_one = [(await bot.reply(Request(str(n), turns(text)))).text for n, text in enumerate(SAID)]

    assert together == one_by_one


async def test_each_attempt_dialogue_and_seed_draws_anew(llama: Path, build: Build, turns: Turns) -> None:
    """A retry that said the same again would be none, and neither would five candidates that are alike."""
    bot = build(llama, generation=SAMPLED)
    first, again, other = [(await bot.reply(Request(name, turns("hi")))).text for name in ("d", "d", "e")]
    seeded = (await build(llama, generation=SAMPLED, seed=7).reply(Request("d", turns("hi")))).text

    assert len({first, again, other, seeded}) == 4


async def test_text_is_shown_as_it_comes_without_what_a_stop_may_take_away(
    gpt2: Path, build: Build, turns: Turns
) -> None:
    """A worker must not see "User:" appear and go."""
    whole = (await build(gpt2, generation={"max_new_tokens": 30}).reply(Request("d", turns("i like cats")))).text
    stop = whole[len(whole) // 2 : len(whole) // 2 + 4]
    shown: list[str] = []
    bot = build(gpt2, generation={"max_new_tokens": 30}, stop=(stop,))

    reply = await bot.reply(
        Request("d", turns("i like cats")),
        lambda state, text: shown.append(text) if state is Progress.STARTED else None,
    )

    assert reply.text == whole[: whole.find(stop)].strip()
    assert any(shown)
    assert all(reply.text.startswith(text) for text in shown)
