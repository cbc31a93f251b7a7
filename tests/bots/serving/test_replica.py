"""What a replica does, without Ray."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from chateval.bots.serving import Hosted, Place, hosted_bots
from chateval.bots.serving._pictures import PictureFolder
from chateval.bots.serving._protocol import Asked, Line, decoded
from chateval.bots.serving._replica import MAX_DIALOGUES, BotReplica, LoadingError
from chateval.config import BotRuntime, BotSpec, HumanBot, OpenAIBot, RayBot, RerankBot, ScriptedBot
from chateval.dialogue import Context, Picture, Speaker, Turn
from chateval.errors import ServingError

ECHO = ScriptedBot("echo", echo=True)
ASKED = Asked("1", (Turn(Speaker.USER, "hi"),), Context(picture=Picture("7", "cats/tom.PNG", "a cat")), b"a picture")


async def test_giving_up_the_lines_ends_the_work(runtime: BotRuntime) -> None:
    """Ray does just this when the asker has left."""
    replica = BotReplica(Hosted("slow", (ScriptedBot("slow", echo=True, delay_seconds=60),), runtime))
    lines = replica.reply(ASKED)
    before = asyncio.all_tasks()
    await anext(lines)
    assert asyncio.all_tasks() > before

    await lines.aclose()  # type: ignore[attr-defined]

    assert asyncio.all_tasks() == before
    await replica.close()


async def test_dialogues_that_rest_are_forgotten_when_there_are_too_many(runtime: BotRuntime) -> None:
    """A study that was killed tells nobody that its dialogues are over."""
    replica = BotReplica(Hosted("echo", (ECHO,), runtime))
    for number in range(MAX_DIALOGUES + 1):
        [line async for line in replica.reply(Asked(str(number), ASKED.turns))]

    assert len(replica._dialogues) == MAX_DIALOGUES
    assert "0" not in replica._dialogues
    await replica.close()


async def test_a_bot_that_breaks_ends_the_lines_with_its_error(runtime: BotRuntime) -> None:
    replica = BotReplica(Hosted("echo", (ECHO,), runtime))

    *_, last = [decoded(line, Line) async for line in replica.reply(Asked("1", ()))]

    assert "broke: IndexError" in str(last.error)
    await replica.close()


def test_a_bot_that_cannot_be_built_says_so_through_a_traceback(runtime: BotRuntime) -> None:
    """Serve hands on the text of a traceback only."""
    with pytest.raises(LoadingError) as caught:
        BotReplica(Hosted("empty", (ScriptedBot("empty"),), runtime))

    text = LoadingError.text_in(f"ray::Replica\n  File x\nLoadingError: {caught.value}\n\nmore")
    assert text.startswith("Bot 'empty' has nothing to say.")


def test_a_traceback_of_something_else_holds_no_such_text() -> None:
    assert not LoadingError.text_in("Traceback: MemoryError")


def test_a_picture_is_there_while_it_is_looked_at() -> None:
    """The files of many requests would fill the disk of a server that runs for months."""
    folder = PictureFolder()
    with folder.shown(ASKED) as context:
        assert context.picture
        file = folder.path / context.picture.file
        assert file.read_bytes() == b"a picture"
        assert file.suffix == ".png"
        assert context.picture.caption == "a cat"

    assert not file.exists()
    folder.close()


@pytest.mark.parametrize("name", ["../../evil", "cat.png/../../evil", "cat.p/g", "/etc/passwd", "cat.png\0", ""])
def test_a_picture_of_any_name_stays_in_the_folder(name: str) -> None:
    """The name comes from whoever has the key, or from whoever finds an open port."""
    folder = PictureFolder()
    asked = replace_file(name)

    with folder.shown(asked) as context:
        assert context.picture
        assert Path(folder.path, context.picture.file).resolve().parent == folder.path.resolve()
    folder.close()


def test_a_request_without_the_file_keeps_the_caption() -> None:
    """Bots that read only are told what is to be seen."""
    folder = PictureFolder()

    with folder.shown(Asked("1", (), ASKED.context)) as context:
        assert context == ASKED.context
    folder.close()


def test_a_bot_is_hosted_with_those_that_it_is_made_of(runtime: BotRuntime) -> None:
    specs = [RerankBot("best", bots=("echo", "lines")), ECHO, ScriptedBot("lines", lines=("a",)), ScriptedBot("other")]

    (hosted,) = hosted_bots(specs, ["best"], runtime)

    assert {spec.name for spec in hosted.specs} == {"best", "echo", "lines"}


@pytest.mark.parametrize(
    ("specs", "said"),
    [
        ([HumanBot("best")], "Bot 'best' cannot be hosted: it is a person"),
        ([RayBot("best", address="http://there:8000")], "it is served already, at http://there:8000"),
        ([RerankBot("best", bots=("x",)), HumanBot("x")], "Bot 'best' is made of 'x', which cannot be hosted"),
    ],
)
def test_what_cannot_be_hosted_is_told(specs: list[BotSpec], said: str, runtime: BotRuntime) -> None:
    with pytest.raises(ServingError) as caught:
        hosted_bots(specs, ["best"], runtime)

    assert said in str(caught.value)


def test_endpoints_can_be_hosted(runtime: BotRuntime) -> None:
    """One place holds the key, and several studies share its rate limit."""
    spec = OpenAIBot("gpt", model="m", base_url="http://127.0.0.1:9/v1")

    assert hosted_bots([spec], ["gpt"], runtime)[0].specs == (spec,)


@pytest.mark.parametrize(
    ("place", "address"),
    [
        (Place(), "http://127.0.0.1:8000"),
        (Place("::1", 80), "http://[::1]:80"),
        (Place("0.0.0.0", 80), f"http://{socket.gethostname()}:80"),  # noqa: S104
        (Place("0.0.0.0", 80, "head:6379"), "http://head:80"),  # noqa: S104
        (Place("0.0.0.0", 80, "ray://head:10001"), "http://head:80"),  # noqa: S104
        (Place("0.0.0.0", 80, "auto"), f"http://{socket.gethostname()}:80"),  # noqa: S104
    ],
)
def test_the_address_is_one_that_clients_can_use(place: Place, address: str) -> None:
    """It is printed to be copied; 0.0.0.0 leads nowhere."""
    assert place.address == address


def replace_file(name: str) -> Asked:
    picture = ASKED.context.picture
    assert picture
    return Asked("1", (), replace(ASKED.context, picture=replace(picture, file=name)), b"")
