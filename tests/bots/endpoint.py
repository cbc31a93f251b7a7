"""Bots that ask the server of `openai_server.py`, and what is asked of them."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chateval.bots import Bot, Progress, Request, Watch, build_bot
from chateval.config import BotRuntime, OpenAIBot
from chateval.dialogue import Context, Speaker, Turn

from .openai_server import OpenAIServer, openai_server

RUNTIME = BotRuntime(
    model_parallel=False, max_concurrent_responses=64, override_opt={}, datapath=Path("none"), task_dir=Path("none")
)


@pytest.fixture(scope="session")
def running_server() -> Iterator[OpenAIServer]:
    with openai_server() as server:
        yield server


@pytest.fixture
def server(running_server: OpenAIServer) -> OpenAIServer:
    """As it has just been started."""
    running_server.reset()
    return running_server


@pytest.fixture
async def bot_of(server: OpenAIServer) -> AsyncIterator[Callable[..., Bot]]:
    """Builds bots that ask the server for its model `m`; `runtime` changes what they are built with."""
    async with AsyncExitStack() as stack:

        def build(runtime: dict[str, Any] | None = None, **spec: Any) -> Bot:
            given = {"model": "m", "base_url": server.url, **spec}
            bot = build_bot(OpenAIBot("endpoint", **given), replace(RUNTIME, **(runtime or {})))
            stack.push_async_callback(bot.close)
            return bot

        yield build


def asked(*texts: str, dialogue_id: str = "d", context: Context | None = None) -> Request:
    """Turns that alternate, the first by the user."""
    turns = [Turn(list(Speaker)[place % 2], text) for place, text in enumerate(texts or ("hi",))]
    return Request(dialogue_id, turns, context or Context())


class Seen(list[tuple[Progress, str]]):
    """What a watch was told."""

    def watch(self) -> Watch:
        return lambda progress, text: self.append((progress, text))

    @property
    def progress(self) -> list[Progress]:
        return [progress for progress, _ in self]
