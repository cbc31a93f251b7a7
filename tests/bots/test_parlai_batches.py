"""Agents that answer many dialogues at once."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chateval.bots import Bot, Progress, Request
from chateval.bots.parlai._searches import Searches
from chateval.dialogue import Speaker, Turn
from chateval.errors import BotError

from .parlai_models import LESSONS, stock_replies, talk

Build = Callable[..., Bot]
Turns = Callable[..., list[Turn]]
TALKS = [
    [*LESSONS, "hello"],
    ["i have a dog . what is your favourite food"] * 4,
    ["good night", "hello hello hello i have a dog good night", "hello"],
    ["hello"],
]
GPT2 = "--model hugging_face/gpt2 --model-name {} --label-truncate 10 --text-truncate 300"


async def test_replies_in_a_batch_are_those_of_parlai_alone(build: Build, model_file: Path, tmp_path: Path) -> None:
    """What a study measures must not depend on how many people were there."""
    options = f"--model-file {model_file}"
    bot = build(options, max_concurrent_responses=8)

    replies = await asyncio.gather(*(talk(bot, str(number), texts) for number, texts in enumerate(TALKS)))

    assert replies == [stock_replies(options, tmp_path, texts) for texts in TALKS]
    assert len({reply for one in replies for reply in one}) > 2


@pytest.mark.parametrize("prefix_cache_gib", [0, 1])
async def test_gpt2_in_a_batch_says_what_parlai_alone_says(
    build: Build, gpt2: Path, tmp_path: Path, prefix_cache_gib: int
) -> None:
    """Also where what it has computed of a dialogue is kept for its next turn."""
    options = GPT2.format(gpt2)
    bot = build(options, max_concurrent_responses=8, keys={"prefix_cache_gib": prefix_cache_gib})

    replies = await asyncio.gather(*(talk(bot, str(number), texts) for number, texts in enumerate(TALKS)))

    assert replies == [stock_replies(options, tmp_path, texts) for texts in TALKS]
    assert len({reply for one in replies for reply in one}) > 5


async def test_long_talks_are_no_different(build: Build, gpt2: Path, tmp_path: Path) -> None:
    """Where there is more to compute than fits into one portion, and more is said than there was room for at first."""
    options = f"--model hugging_face/gpt2 --model-name {gpt2} --label-truncate 70 --text-truncate 300"
    talks = [["hello i have a dog " * 30 + last, "good night", "hello"] for last in ("one", "two", "three")]
    talks.append(["hello", "hello i have a dog " * 60 + "four"])
    bot = build(options, max_concurrent_responses=8)

    replies = await asyncio.gather(*(talk(bot, str(number), texts) for number, texts in enumerate(talks)))

    assert replies == [stock_replies(options, tmp_path, texts) for texts in talks]
    assert max(len(reply) for one in replies for reply in one) > 32


async def test_gpt2_computes_only_what_is_new(build: Build, gpt2: Path) -> None:
    """Or each turn of a long chat would take longer than the one before."""
    bot: Any = build(GPT2.format(gpt2))
    widths: list[int] = []
    decoder = bot._shared["model"].decoder
    decoder.transformer.register_forward_pre_hook(lambda _, inputs: widths.append(inputs[0].shape[1]))

    await talk(bot, "d", ["hello , what is your favourite food"] * 8)

    texts = [width for width in widths if width > 1]
    assert len(texts) == 8
    assert max(texts[1:]) < 2 * texts[0] + 15


async def test_gpt2_asked_once_more_computes_little(build: Build, gpt2: Path) -> None:
    """A reply that repeats the last one is asked for anew, of a clone that is told the dialogue from its beginning."""
    bot: Any = build(GPT2.format(gpt2))
    await talk(bot, "d", ["hello , what is your favourite food"] * 4)
    [(_, conversation)] = bot._conversations.items()
    heard = conversation.agent.observation["text"]
    widths: list[int] = []
    transformer = bot._shared["model"].decoder.transformer
    transformer.register_forward_pre_hook(lambda _, inputs: widths.append(inputs[0].shape[1]))
    history = conversation.agent.history.history_strings[:-1]
    turns = tuple(Turn(list(Speaker)[place % 2], text) for place, text in enumerate(history))

    await bot.reply(Request("d", turns))

    assert turns[-1].text == heard
    assert max(widths) == 1


async def test_what_is_kept_of_dialogues_is_bounded(build: Build, gpt2: Path) -> None:
    """A study may have thousands of them."""
    bot: Any = build(GPT2.format(gpt2), keys={"prefix_cache_gib": 2**-10}, max_concurrent_responses=8)
    await asyncio.gather(*(talk(bot, str(number), ["hello" + " hello" * 300]) for number in range(12)))

    kept = bot._prefixes._kept
    assert 0 < sum(prefix.bytes for prefix in kept.values()) <= 2**20
    assert 0 < len(kept) < 12


async def test_dialogues_that_wait_share_a_batch(build: Build, model_file: Path) -> None:
    """A model answers eight in little more time than one."""
    bot = build(f"--model internal:sized --model-file {model_file}", max_concurrent_responses=8)

    replies = await asyncio.gather(*(talk(bot, str(number), ["hello"]) for number in range(8)))

    assert {reply for [reply] in replies} == {"8: hi , how are you today ?"}


async def test_batches_are_no_larger_than_asked_for(build: Build, model_file: Path) -> None:
    """Memory is the limit, and the researcher knows theirs."""
    bot = build(f"--model internal:sized --model-file {model_file}", max_concurrent_responses=8, keys={"max_batch": 3})

    replies = await asyncio.gather(*(talk(bot, str(number), ["hello"]) for number in range(6)))

    assert {reply[0] for [reply] in replies} == {"3"}


async def test_a_dialogue_that_breaks_leaves_the_others_their_replies(build: Build, model_file: Path) -> None:
    """One worker must not end the sessions of seven others."""
    bot = build(f"--model internal:sized --model-file {model_file}", max_concurrent_responses=8)
    texts = ["hello", "break", "hello"]

    replies = await asyncio.gather(
        *(talk(bot, text + str(n), [text]) for n, text in enumerate(texts)), return_exceptions=True
    )

    assert [replies[0], replies[2]] == [["1: hi , how are you today ?"]] * 2
    assert isinstance(replies[1], BotError)
    assert "RuntimeError: out of memory" in str(replies[1])


async def test_text_is_shown_while_it_is_generated(build: Build, model_file: Path, turns: Turns) -> None:
    """A person sees the reply grow."""
    seen: list[tuple[Progress, str]] = []
    reply = await build(f"--model-file {model_file}").reply(
        Request("shown", turns("hello")), lambda progress, text: seen.append((progress, text))
    )

    texts = [text for progress, text in seen if progress is Progress.STARTED and text]
    assert [progress for progress, _ in seen[:2]] == [Progress.QUEUED, Progress.STARTED]
    assert texts
    assert all(reply.text.startswith(text) for text in texts)


def test_a_row_that_nobody_waits_for_is_given_up(build: Build, model_file: Path) -> None:
    """Somebody who left must not keep the others waiting for the end of a long reply."""
    bot: Any = build(f"--model-file {model_file}")
    jobs = [_Job(bot._clone(), "what is your favourite food", patience) for patience in (0, 99)]

    gone, stays = Searches(bot._clone()).act(jobs)  # type: ignore[arg-type]

    assert gone["text"] == ""
    assert stays["text"] == LESSONS["what is your favourite food"]


def test_a_short_reply_need_not_wait_for_a_long_one(build: Build, model_file: Path) -> None:
    """Who was answered with two words should not look on while somebody else is told a story."""
    bot: Any = build(f"--model-file {model_file}")
    short, long = (_Job(bot._clone(), text) for text in ("hello", "what is your favourite food"))
    ready: list[tuple[str, int]] = []

    replies = Searches(bot._clone()).act([long, short], lambda job, reply: ready.append((reply["text"], long.asked)))  # type: ignore[arg-type, list-item]

    assert [text for text, _ in ready] == [LESSONS["hello"], LESSONS["what is your favourite food"]]
    assert [text for text, _ in reversed(ready)] == [reply["text"] for reply in replies]
    assert ready[0][1] < ready[1][1]


class _Job:
    """Somebody who leaves when they have been shown as much as they have patience for."""

    def __init__(self, agent: Any, text: str, patience: int = 99) -> None:
        agent.observe({"text": text, "episode_done": False})
        self.item = SimpleNamespace(conversation=SimpleNamespace(agent=agent))
        self.patience = patience
        self.shown = 0
        self.asked = 0

    @property
    def is_wanted(self) -> bool:
        self.asked += 1
        return self.shown <= self.patience

    def show(self, _: str) -> None:
        self.shown += 1


async def test_gpt2_without_a_token_to_fill_with_answers_one_at_a_time(build: Build, gpt2: Path) -> None:
    """ParlAI forbids batches of it, and for a good reason: shorter dialogues would be filled with text."""
    bot: Any = build(GPT2.format(gpt2) + " --add-special-tokens false", max_concurrent_responses=2)

    replies = await asyncio.gather(*(talk(bot, str(number), ["hello"] * number) for number in range(1, 4)))

    assert [len(one) for one in replies] == [1, 2, 3]
    assert bot._queue._max_batch == 1


async def test_other_agents_answer_side_by_side(build: Build) -> None:
    """An agent that asks a web service need not wait for itself."""
    bot = build("--model internal:crowded", max_concurrent_responses=2)

    assert await asyncio.gather(talk(bot, "a", ["meet"]), talk(bot, "b", ["meet"])) == [["We met"], ["We met"]]


async def test_no_more_agents_answer_at_once_than_the_run_allows(build: Build) -> None:
    """`max_concurrent_responses` holds for agents of every sort."""
    bot = build("--model internal:crowded", max_concurrent_responses=1)

    replies = await asyncio.gather(*(talk(bot, str(number), ["hi"]) for number in range(6)))

    assert replies == [["I am alone"]] * 6
