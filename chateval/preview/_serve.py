"""Serving a preview: the real page, the real router, and a look at the files once a second."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from chateval import wire
from chateval.config import checkout
from chateval.errors import ChatevalError, RouterError
from chateval.preview._booth import Booth
from chateval.preview._exhibit import Exhibit, Source, read_exhibit
from chateval.router import Options, RouterLink, create_server

PAGE_DIR = checkout() / "frontend" / "dist"
LOOK_SECONDS = 1.0
_LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


class Watcher(Protocol):
    """Who is told how a preview fares."""

    def is_ready(self, url: str, exhibit: Exhibit) -> None: ...

    def is_shown_anew(self, exhibit: Exhibit) -> None:
        """A file has changed, and every open page begins anew."""
        ...

    def stays(self, error: ChatevalError) -> None:
        """A file has changed and cannot be used; pages show what they did."""
        ...


async def serve_preview(
    source: Source, port: int, watcher: Watcher, *, page_dir: Path = PAGE_DIR, look_seconds: float = LOOK_SECONDS
) -> None:
    """Serve until cancelled, to this machine alone; port 0 takes any that is free.

    Raises:
        ChatevalError: there is nothing to show, the page is not built, or the port is taken.
    """
    stamp = source.stamp()
    exhibit = await asyncio.to_thread(read_exhibit, source)
    if not (page_dir / "index.html").is_file():
        raise RouterError(
            f"The page is not built: {page_dir} has no index.html. Run `make setup` in {checkout()} first."
        )
    secret = secrets.token_urlsafe(32)
    async with _served(page_dir, secret, port) as (chosen, serving):
        link = RouterLink(f"ws://127.0.0.1:{chosen}{wire.OPERATOR_PATH}", secret)
        booth, is_up = Booth(exhibit, link.send), asyncio.Event()

        def up() -> None:
            booth.found()
            is_up.set()

        line = asyncio.create_task(link.run(booth, up))
        try:
            await _first_of(serving, is_up)
            watcher.is_ready(f"http://localhost:{chosen}/?worker_id=preview", exhibit)
            await _keep_up(source, stamp, booth, watcher, look_seconds)
        finally:
            line.cancel()
            await asyncio.gather(line, return_exceptions=True)
            await booth.close()


async def _first_of(serving: asyncio.Task[None], is_up: asyncio.Event) -> None:
    """Return once the line stands; raise what kept the router from being there."""
    waiting = asyncio.create_task(is_up.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if serving.done():
        await serving
        raise RouterError("The router has ended before it began to serve. Try again, or take another --port.")


async def _keep_up(
    source: Source, stamp: tuple[object, ...], booth: Booth, watcher: Watcher, look_seconds: float
) -> None:
    while True:
        await asyncio.sleep(look_seconds)
        now = await asyncio.to_thread(source.stamp)
        if now == stamp:
            continue
        stamp = now
        try:
            exhibit = await asyncio.to_thread(read_exhibit, source)
        except ChatevalError as error:
            watcher.stays(error)
        else:
            await booth.show(exhibit)
            watcher.is_shown_anew(exhibit)


@asynccontextmanager
async def _served(page_dir: Path, secret: str, port: int) -> AsyncIterator[tuple[int, asyncio.Task[None]]]:
    """The router, on a thread of its own so that Ctrl-C comes to us first; yields its port, and its life as a task."""
    sockets = _listeners(port)
    chosen: int = sockets[0].getsockname()[1]
    server = create_server(Options(page_dir, port=chosen), secret)
    serving = asyncio.create_task(asyncio.to_thread(server.run, sockets))
    try:
        yield chosen, serving
    finally:
        server.should_exit = True
        await asyncio.wait({serving})


def _listeners(port: int) -> list[socket.socket]:
    """On both addresses of localhost, as far as this machine has them; a browser may try either."""
    found: list[socket.socket] = []
    for family, address in _LOOPBACK:
        try:
            listener = socket.create_server((address, port), family=family)
        except OSError as error:
            if not found:
                raise RouterError(
                    f"Nothing can be served at port {port} of this machine: {error.strerror}. Stop what listens there, "
                    f"or take another, as in --port {port + 1 if 0 < port < 65535 else 3999}."
                ) from error
            continue
        found.append(listener)
        port = listener.getsockname()[1]
    return found
