"""What the server says to whom."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from chateval.bots.serving import digest_of
from chateval.bots.serving._protocol import MAX_REQUEST_BYTES
from chateval.config import ScriptedBot

KEY = "a key of the tests, long enough"
ECHO = ScriptedBot("echo", echo=True)
HI = {"dialogue_id": "1", "turns": [{"speaker": "user", "text": "hi"}]}

Serve = Callable[..., str]


@pytest.fixture(scope="module")
def open_echo(serve: Serve) -> str:
    return serve(ECHO)


@pytest.fixture(scope="module")
def locked_echo(serve: Serve) -> str:
    return serve(ECHO, key_digest=digest_of(KEY))


def test_a_reply_comes_line_by_line(open_echo: str) -> None:
    """docs/bots.md shows these lines to whoever writes a client of their own."""
    answer = httpx.post(f"{open_echo}/bots/echo/reply", json=HI)

    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.text.splitlines() == ['{"progress":"queued"}', '{"progress":"started"}', '{"reply":{"text":"hi"}}']


def test_the_list_says_which_bots_there_are_and_what_they_are(open_echo: str) -> None:
    """A study's record names the bot that answered, though it ran elsewhere."""
    (bot,) = httpx.get(f"{open_echo}/bots").json()["bots"]

    assert bot["name"] == "echo"
    assert bot["identity"]["kind"] == "scripted"


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/echo/reply"), ("DELETE", "/echo/dialogues/1")])
@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer something else"])
def test_without_the_key_nothing_is_answered(locked_echo: str, method: str, path: str, shown: str) -> None:
    """Whoever reaches the port must not be able to use the researcher's GPUs, or to see which models they have."""
    answer = httpx.request(method, f"{locked_echo}/bots{path}", headers={"Authorization": shown}, json=HI)

    assert answer.status_code == 401
    assert "CHATEVAL_SERVING_KEY" in answer.json()["error"]


def test_with_the_key_all_is_answered(locked_echo: str) -> None:
    answer = httpx.post(f"{locked_echo}/bots/echo/reply", headers={"Authorization": f"Bearer {KEY}"}, json=HI)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("asked", "body", "status", "said"),
    [
        ("POST /bots/ecko/reply", b"{}", 404, "Did you mean echo?"),
        ("DELETE /bots/ecko/dialogues/1", b"", 404, "There are: echo."),
        ("POST /bots/echo/reply", b"hi", 400, "It is no JSON"),
        ("POST /bots/echo/reply", b'{"dialogue_id": 3, "turns": []}', 400, "Expected `str`, got `int`"),
        ("POST /bots/echo/reply", b'{"dialogue_id": "", "turns": []}', 400, "length >= 1"),
        ("POST /bots/echo/reply", b" " * (MAX_REQUEST_BYTES + 1), 413, "longer than 33,554,432 bytes"),
        ("GET /", b"", 404, "There are GET /bots"),
        ("GET /bots/echo/reply", b"", 405, "There are GET /bots"),
    ],
)
def test_what_it_cannot_answer_it_says_in_a_sentence(
    open_echo: str, asked: str, body: bytes, status: int, said: str
) -> None:
    """A client of one's own is written against these."""
    method, path = asked.split()

    answer = httpx.request(method, open_echo + path, content=body)

    assert answer.status_code == status
    assert said in answer.json()["error"]


def test_a_broken_way_to_the_replica_ends_the_answer_with_an_error(serve: Serve) -> None:
    """The study tries again; it must not wait for a reply that will not come."""

    class Broken:
        name = "broken"

        def __getattr__(self, _: str) -> Any:
            return self

        def options(self, **_: object) -> Any:
            return self

        def remote(self, _: object) -> Any:
            return self

        def __aiter__(self) -> Any:
            return self

        async def __anext__(self) -> bytes:
            raise OSError("the cable was pulled")

        def cancel(self) -> None:
            """There is nothing to be given up."""

    answer = httpx.post(f"{serve(Broken())}/bots/broken/reply", json=HI)

    assert "OSError: the cable was pulled" in answer.text.splitlines()[-1]
