"""Endpoints see the picture that a dialogue is about, or read what is on it."""

from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chateval.bots import Bot, Request
from chateval.dialogue import Context, Picture
from chateval.errors import BotError

from .endpoint import asked, bot_of, running_server, server
from .openai_server import Fail, OpenAIServer

__all__ = ["bot_of", "running_server", "server"]
BotOf = Callable[..., Bot]
CAPTION = "A lighthouse at dusk."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Image.new("RGB", (64, 48), "red").save(tmp_path / "small.png")
    Image.new("RGBA", (4000, 1000), (0, 0, 255, 0)).save(tmp_path / "large.png")
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (64, 48), "red").save(tmp_path / "turned.jpg", exif=turned)
    tmp_path.joinpath("broken.png").write_bytes(b"\x89PNG and no more")
    return tmp_path


def about(file: str, *texts: str) -> Request:
    return asked(*(texts or ("hi",)), context=Context(picture=Picture("p", file, CAPTION)))


def parts(server: OpenAIServer) -> list[dict[str, Any]]:
    """What the first message of the last request holds."""
    content: list[dict[str, Any]] = server.bodies[-1]["messages"][0]["content"]
    return content


def sent(server: OpenAIServer) -> Image.Image:
    kind, _, data = parts(server)[0]["image_url"]["url"].partition(";base64,")
    image = Image.open(BytesIO(b64decode(data)))
    assert kind == f"data:image/{str(image.format).lower()}"
    return image


async def test_the_picture_comes_with_the_first_turn(server: OpenAIServer, bot_of: BotOf, folder: Path) -> None:
    """With every request, since the endpoint remembers nothing; its caption would tell what is to be seen."""
    await bot_of({"pictures_dir": folder}).reply(about("small.png", "hi", "hello", "what is it?"))

    assert sent(server).size == (64, 48)
    assert parts(server)[1] == {"type": "text", "text": "hi"}
    assert CAPTION not in str(server.bodies)


async def test_a_bot_that_begins_sees_the_picture(server: OpenAIServer, bot_of: BotOf, folder: Path) -> None:
    """In a study of pictures it says the first word."""
    request = Request("d", [], Context(picture=Picture("p", "small.png", CAPTION)))

    assert (await bot_of({"pictures_dir": folder}).reply(request)).text == "Fine, thanks."

    assert sent(server).size == (64, 48)


async def test_a_large_picture_is_made_smaller(server: OpenAIServer, bot_of: BotOf, folder: Path) -> None:
    """Models look at no more, and each request carries it. What was transparent becomes white."""
    await bot_of({"pictures_dir": folder}).reply(about("large.png"))

    assert sent(server).size == (1024, 256)
    assert sent(server).getpixel((9, 9)) == (255, 255, 255)


async def test_a_picture_is_sent_the_right_way_up(server: OpenAIServer, bot_of: BotOf, folder: Path) -> None:
    """Cameras note the way up beside the picture; people see it turned, and models would not."""
    await bot_of({"pictures_dir": folder}).reply(about("turned.jpg"))

    assert sent(server).size == (48, 64)
    assert not sent(server).getexif()


async def test_the_caption_stands_in_where_pictures_are_not_wanted(
    server: OpenAIServer, bot_of: BotOf, folder: Path
) -> None:
    await bot_of({"pictures_dir": folder}, images=False).reply(about("small.png"))

    assert CAPTION in server.bodies[0]["messages"][0]["content"]
    assert "image_url" not in str(server.bodies)


async def test_the_caption_stands_in_where_the_endpoint_takes_no_pictures(
    server: OpenAIServer, bot_of: BotOf, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is learned once, and told: replies of a bot that saw nothing are other data."""
    server.acts.append(Fail(400, "This model does not support image input."))
    bot = bot_of({"pictures_dir": folder})

    for _ in range(2):
        assert (await bot.reply(about("small.png"))).text == "Fine, thanks."

    assert ["image_url" in str(body) for body in server.bodies] == [True, False, False]
    assert "takes no pictures, so the bot is told their captions" in caplog.text


async def test_a_bot_that_has_to_see_is_not_told_captions(server: OpenAIServer, bot_of: BotOf, folder: Path) -> None:
    """`images: true` says that a blind bot is not the one to be studied."""
    server.acts.append(Fail(400, "This model does not support image input."))

    with pytest.raises(BotError, match="does not support image input"):
        await bot_of({"pictures_dir": folder}, images=True).reply(about("small.png"))


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("gone.png", "cannot be read"),
        ("broken.png", "cannot be read"),
        ("../secret.png", "outside of the study's folder"),
    ],
)
async def test_a_picture_that_cannot_be_sent_is_told(
    server: OpenAIServer, bot_of: BotOf, folder: Path, file: str, told: str
) -> None:
    folder.parent.joinpath("secret.png").write_bytes(folder.joinpath("small.png").read_bytes())

    with pytest.raises(BotError, match=told):
        await bot_of({"pictures_dir": folder}).reply(about(file))

    assert not server.bodies
