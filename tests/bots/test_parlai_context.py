"""What agents are told before a dialogue."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from chateval.bots import Bot, Request
from chateval.dialogue import Context, Picture, Speaker, Turn
from chateval.errors import BotError, MissingDependencyError

from .parlai_models import talk

Build = Callable[..., Bot]
CAT = Picture("1", "cat.png", "A cat on a mat.")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    Image.new("RGB", (4, 3), "red").save(folder / "cat.png")
    folder.joinpath("broken.png").write_bytes(b"no picture")
    return folder


async def test_persona_and_background_come_first(listener: Bot) -> None:
    """In one message, as ParlAI's chats with people tell it."""
    context = Context(bot_persona=("i like cats .", "i live in rome ."), background="Cooking", person_persona=("me",))

    assert await talk(listener, "persona", ["hi"], context) == [
        "2: your persona: I like cats.\nyour persona: I live in rome.\ncooking hi"
    ]


async def test_seed_turns_are_told_like_turns(listener: Bot) -> None:
    """Each agent then knows which of them it said itself."""
    context = Context(turns=(Turn(Speaker.USER, "i cook"), Turn(Speaker.SYSTEM, "me too")))

    assert await talk(listener, "seeds", ["what ?"], context) == ["3: I cook <me too> what?"]


async def test_a_clone_made_anew_is_told_the_context_again(listener: Bot) -> None:
    """After a restart a bot has the persona that it had."""
    context = Context(bot_persona=("i like cats .",))
    first, second = await talk(listener, "anew", ["hi", "you"], context)
    listener.forget("anew")
    told = (Turn(Speaker.USER, "hi"), Turn(Speaker.SYSTEM, first), Turn(Speaker.USER, "you"))

    assert (await listener.reply(Request("anew", told, context))).text == second


async def test_a_bot_can_begin(listener: Bot, build: Build, model_file: Path) -> None:
    """From its persona; or from nothing, of which ParlAI's generators are told in ParlAI's way."""
    persona = Context(bot_persona=("i like cats .",))
    generator = build(f"--model-file {model_file}")

    assert (await listener.reply(Request("begins", (), persona))).text == "1: your persona: I like cats."
    assert (await generator.reply(Request("begins", (), persona))).text
    assert (await generator.reply(Request("silence", ()))).text


async def test_a_generator_knows_what_it_said_first(build: Build, model_file: Path) -> None:
    """Also where nobody had said anything before, for which ParlAI has no message."""
    bot = build(f"--model-file {model_file}")
    opened = (Turn(Speaker.SYSTEM, "hello"), Turn(Speaker.USER, "i have a dog"))
    await bot.reply(Request("opened", opened))

    conversation = bot._conversations["opened"]  # type: ignore[attr-defined]
    assert conversation.agent.history.history_strings[:2] == ["hello", "i have a dog"]


async def test_a_picture_goes_into_the_image_field(build: Build, pictures: Path) -> None:
    """With what comes first and with each turn of the person's, in the form of the agent's image mode."""
    raw = build("--model internal:looker --image-mode raw", pictures_dir=pictures)
    letters = build("--model internal:looker --image-mode ascii", pictures_dir=pictures)
    context = Context(background="funny", picture=CAT)

    assert await talk(raw, "d", ["hi"], context) == ["Funny [rgb (4, 3)] / hi [rgb (4, 3)]"]
    assert await talk(letters, "d", ["hi"], context) == ["Funny [ascii] / hi [ascii]"]


async def test_a_bot_can_begin_with_a_picture(build: Build, pictures: Path) -> None:
    """In ParlAI's chats about pictures the bot speaks first."""
    bot = build("--model internal:looker --image-mode raw", pictures_dir=pictures)

    assert (await bot.reply(Request("d", (), Context(picture=CAT)))).text == "[rgb (4, 3)]"


@pytest.mark.parametrize("options", ["", " --image-mode no_image_model"])
async def test_an_agent_that_reads_only_gets_the_caption(build: Build, pictures: Path, options: str) -> None:
    """ParlAI's default image mode says nothing: it is the same for agents that have no eyes."""
    bot = build(f"--model internal:looker{options}", pictures_dir=pictures)

    assert await talk(bot, "d", ["hi"], Context(picture=CAT)) == ["A cat on a mat. / hi"]


@pytest.mark.parametrize("file", ["broken.png", "gone.png"])
async def test_a_picture_that_cannot_be_loaded_is_told(build: Build, pictures: Path, file: str) -> None:
    """By its name, and without ending anything else."""
    bot = build("--model internal:looker --image-mode raw", pictures_dir=pictures)

    with pytest.raises(BotError, match=f"'bot' cannot look at the picture {file}"):
        await talk(bot, "d", ["hi"], Context(picture=Picture("2", file)))


def test_an_image_mode_that_needs_a_package_says_so_at_once(build: Build, pictures: Path) -> None:
    """Before anyone waits for the first reply."""
    pytest.importorskip("torch")
    with pytest.raises(MissingDependencyError, match="pip install torchvision"):
        build("--model internal:looker --image-mode resnet152", pictures_dir=pictures)
