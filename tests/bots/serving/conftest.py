"""Servers of bots: the front alone, in this process, or all of `chateval serve`."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
import uvicorn

from chateval.bots import Bot
from chateval.bots._means import Means
from chateval.bots._ray import build_ray_bot
from chateval.bots._turnstile import Turnstile
from chateval.bots.serving._front import Front
from chateval.bots.serving._replica import BotReplica, Hosted
from chateval.config import BotRuntime, RayBot, ScriptedBot


@dataclass
class LocalHandle:
    """Leads to a replica in this process, where Ray's handle leads to one of several processes."""

    replica: Any
    method: str = ""

    def __getattr__(self, name: str) -> "LocalHandle":
        return replace(self, method=name)

    def options(self, **_: object) -> "LocalHandle":
        return self

    def remote(self, *arguments: object) -> Any:
        answer = getattr(self.replica, self.method)(*arguments)
        return _Lines(answer) if isinstance(answer, AsyncIterator) else answer

    def broadcast(self, method: str, *arguments: object) -> "LocalHandle":
        return replace(self, replica=getattr(self.replica, method)(*arguments))

    async def results_async(self, **_: object) -> list[object]:
        return [await self.replica]


class _Lines:
    """Ray's are given up by a call of their own."""

    def __init__(self, lines: Any) -> None:
        self._lines = lines

    def __aiter__(self) -> Any:
        return self._lines

    def cancel(self) -> None:
        """What awaits the next line has been cancelled before."""


@contextmanager
def replica_of(bot: ScriptedBot, runtime: BotRuntime) -> Iterator[BotReplica]:
    replica = BotReplica(Hosted(bot.name, (bot,), runtime))
    yield replica
    asyncio.run(replica.close())


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """An ASGI app on loopback, in a thread of its own; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=asyncio.run, args=(server.serve([listener]),))
        thread.start()
        try:
            yield "http://{}:{}".format(*listener.getsockname())
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def serve(runtime: BotRuntime) -> Iterator[Callable[..., str]]:
    """Serves scripted bots, or handles, by the front alone; gives the address."""
    with ExitStack() as stack:

        def handle(bot: Any) -> Any:
            return LocalHandle(stack.enter_context(replica_of(bot, runtime))) if isinstance(bot, ScriptedBot) else bot

        def serve(*bots: Any, **options: Any) -> str:
            front = Front({bot.name: handle(bot) for bot in bots}, **options)
            return stack.enter_context(listening(front.__serve_build_asgi_app__()))

        yield serve


@pytest.fixture
def reach(runtime: BotRuntime) -> Callable[..., Bot]:
    """A bot of `kind: ray`; its runtime can be changed."""

    def reach(spec: RayBot, patience_seconds: float = 5.0, **changes: Any) -> Bot:
        means = Means(replace(runtime, max_concurrent_responses=64, **changes), Turnstile(64))
        return build_ray_bot(spec, means, patience_seconds)

    return reach


@pytest.fixture
def listen() -> Iterator[Callable[[Any], str]]:
    """Has an ASGI app of the test's own answer; gives the address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(listening(app))
