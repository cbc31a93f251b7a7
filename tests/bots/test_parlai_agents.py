"""The agents that the documentation names, each in a dialogue of several turns."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from chateval.bots import Bot
from chateval.errors import BotError

from .parlai_models import LESSONS, talk, write_ranker

Build = Callable[..., Bot]


async def test_fixed_response(build: Build) -> None:
    """The quickest way to see a study run."""
    bot = build('--model fixed_response --fixed-response "tell me more ."')

    assert await talk(bot, "d", ["hi", "i have a dog", "no"]) == ["Tell me more."] * 3


async def test_repeat_label_has_nothing_to_repeat(build: Build) -> None:
    """It repeats the right answers of a task, and in a chat there are none: it says its message for that case."""
    bot = build("--model repeat_label")
    another = build('--model repeat_label --cant-answer-message "what do you mean ?"')

    assert await talk(bot, "d", ["hi", "who are you"]) == ["I don't know."] * 2
    assert await talk(another, "d", ["hi", "who are you"]) == ["What do you mean?"] * 2


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # by ParlAI's agent, of its candidates
async def test_a_retriever_says_the_line_that_fits_best(build: Build, tmp_path: Path) -> None:
    """Without a model: by the words that a line shares with what was said."""
    lines = ["my dog likes the park", "pasta with garlic is great", "the weather is nice today"]
    tmp_path.joinpath("lines.txt").write_text("\n".join(lines), encoding="utf-8")
    bot = build(f"--model ir_baseline --label-candidates-file {tmp_path / 'lines.txt'}")

    replies = await talk(bot, "d", ["do you like garlic", "i walk my dog", "how is the weather"])

    assert replies == lines[1:2] + lines[:1] + lines[2:]


async def test_a_ranker_chooses_among_fixed_candidates_in_batches(
    build: Build, model_file: Path, tmp_path: Path
) -> None:
    """Retrievers with a network are agents of torch like generators, and answer at once like these."""
    tmp_path.joinpath("lines.txt").write_text("\n".join(LESSONS.values()), encoding="utf-8")
    ranker = write_ranker(tmp_path, model_file.with_name("model.dict"))
    options = f"--model-file {ranker} --eval-candidates fixed --fixed-candidates-path {tmp_path / 'lines.txt'}"
    bot = build(options, max_concurrent_responses=8)
    talks = [list(LESSONS), list(LESSONS)[1:]]

    together = await asyncio.gather(*(talk(bot, str(number), texts) for number, texts in enumerate(talks)))

    assert together == [await talk(bot, f"alone {number}", texts) for number, texts in enumerate(talks)]
    assert {reply for replies in together for reply in replies} <= set(LESSONS.values())


async def test_a_generator_says_what_it_was_trained_to(build: Build, model_file: Path) -> None:
    """A `--model-file` brings its options along; the bot's own win over them."""
    bot = build(f"--model-file {model_file} --history-size=1")

    assert await talk(bot, "d", list(LESSONS)) == list(LESSONS.values())


async def test_gpt2_from_a_folder(build: Build, gpt2: Path) -> None:
    """A checkpoint of one's own, with no hub in reach."""
    bot = build(f"--model hugging_face/gpt2 --model-name {gpt2} --label-truncate 8")

    replies = await talk(bot, "d", list(LESSONS))

    assert len(set(replies)) == len(LESSONS)
    assert bot.identity()["model_name"] == str(gpt2)


async def test_gpt2_searches_with_beams(build: Build, gpt2: Path) -> None:
    """Beams change places in the cache of the model, which transformers 5 made an object of its own."""
    options = f"--model hugging_face/gpt2 --model-name {gpt2} --label-truncate 8 --inference beam --beam-size 3"
    bot = build(options, max_concurrent_responses=8)

    together = await asyncio.gather(*(talk(bot, text, [text, "hello"]) for text in LESSONS))

    assert together == [await talk(bot, f"alone {text}", [text, "hello"]) for text in LESSONS]


async def test_dialogpt_from_a_folder(build: Build, gpt2: Path) -> None:
    """ParlAI knows it by a name on the hub alone."""
    bot = build(f"--model hugging_face/dialogpt --model-name {gpt2} --add-special-tokens true --label-truncate 8")

    assert len(await talk(bot, "d", list(LESSONS))) == len(LESSONS)


async def test_an_agent_by_its_module_path(build: Build) -> None:
    """Agents that are installed as a package need no place of their own."""
    bot = build("--model parlai.agents.fixed_response.fixed_response:FixedResponseAgent --fixed-response hello")

    assert await talk(bot, "d", ["hi", "there"]) == ["Hello"] * 2


def test_a_model_that_must_be_fetched_is_told(build: Build) -> None:
    """The researcher can do something about it before anyone waits."""
    with pytest.raises(BotError, match="'bot' cannot be built from the options"):
        build("--model-file zoo:nobody/model")
