"""The ASGI app: serves the built page, and carries packets between pages and the operator."""

import asyncio
import hmac
import itertools
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from chateval import wire
from chateval.router._files import PageFiles
from chateval.router._headers import SecurityHeaders
from chateval.router._limits import Limits
from chateval.router._outbox import Outbox, Room
from chateval.router._protocols import GUARD, POLICY_VIOLATION, Guard

logger = logging.getLogger(__name__)

PONG = wire.encode_to_page(wire.Pong())
PING = msgspec.json.encode(wire.Ping()).decode()
_STATES = {there: wire.encode_to_page(wire.OperatorState(there)) for there in (True, False)}


@dataclass(eq=False)
class _Page:
    """One page's connection."""

    outbox: Outbox[str]
    guard: Guard | None
    has_joined: bool = False


class Switchboard:
    """Who is connected. Holds no messages but those on their way."""

    def __init__(self, secret: str, limits: Limits) -> None:
        self._secret = secret
        self._limits = limits
        self._numbers = itertools.count(1)
        self._pages: dict[int, _Page] = {}
        self._operator: Outbox[wire.FromRouter] | None = None
        self._attached_at = 0.0

    async def page(self, socket: WebSocket) -> None:
        """Serve one page's connection until it ends."""
        if not _is_same_origin(socket):
            await socket.close(POLICY_VIOLATION)
            return
        await socket.accept()
        connection = next(self._numbers)
        room = Room(self._limits.waiting_messages, self._limits.waiting_characters)
        outbox = Outbox[str](room, len, socket.send_text)
        self._pages[connection] = _Page(outbox, _guard(socket))
        outbox.put(_STATES[self._operator is not None])
        self._look_later(connection, self._limits.join_seconds)
        try:
            async with outbox.flushed_by_task():
                while True:
                    self._from_page(connection, outbox, await socket.receive_text())
        except (WebSocketDisconnect, KeyError):  # a KeyError is how Starlette says that a frame was not text
            pass
        finally:
            del self._pages[connection]
            if self._operator is not None:
                self._operator.put(wire.Closed(connection))
        await _say_farewell(socket, self._limits.closing_seconds)

    def _from_page(self, connection: int, outbox: Outbox[str], text: str) -> None:
        if text == PING:
            outbox.put(PONG)
        elif self._operator is not None:
            self._operator.put(wire.Received(connection, text))

    def _look_later(self, connection: int, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._end_unless_joined, connection)

    def _end_unless_joined(self, connection: int) -> None:
        """A connection that never joins a session is nobody's; time counts only while there is someone to join."""
        page = self._pages.get(connection)
        if page is None or page.has_joined:
            return
        attached_seconds = asyncio.get_running_loop().time() - self._attached_at
        if self._operator is None or attached_seconds < self._limits.join_seconds:
            self._look_later(connection, self._limits.join_seconds)
        else:
            page.outbox.close()

    async def operator(self, socket: WebSocket) -> None:
        """Serve the operator's connection until it ends, or until a newer operator takes its place."""
        shown = socket.headers.get("authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Bearer {self._secret}".encode()):
            await socket.close(POLICY_VIOLATION)
            return
        await socket.accept()
        if (guard := _guard(socket)) is not None:
            guard.trust()

        async def send(batch: list[wire.FromRouter]) -> None:
            await socket.send_bytes(wire.encode_batch(batch))

        room = Room(self._limits.operator_messages, self._limits.operator_characters)
        outbox = Outbox[wire.FromRouter](room, _size, send_all=send)
        if self._operator is not None:
            self._operator.close()
        self._operator = outbox
        self._attached_at = asyncio.get_running_loop().time()
        self._tell_pages()
        try:
            async with outbox.flushed_by_task():
                while True:
                    self._from_operator(await socket.receive_bytes())
        except (WebSocketDisconnect, KeyError):
            pass
        except msgspec.DecodeError as error:
            logger.error("The operator sent what no operator sends: %s", error)  # noqa: TRY400
        finally:
            if self._operator is outbox:
                self._operator = None
                self._tell_pages()
        await _say_farewell(socket, self._limits.closing_seconds)

    def _from_operator(self, data: bytes) -> None:
        for envelope in wire.decode_from_operator(data):
            page = self._pages.get(envelope.connection)
            if page is None:
                continue
            if isinstance(envelope, wire.Deliver):
                if not page.has_joined and wire.tells_of_joining(envelope.text):
                    page.has_joined = True
                    if page.guard is not None:
                        page.guard.keep()
                page.outbox.put(envelope.text)
            else:
                page.outbox.close()

    def _tell_pages(self) -> None:
        for page in self._pages.values():
            page.outbox.put(_STATES[self._operator is not None])


def create_app(
    page_dir: Path, secret: str, *, limits: Limits | None = None, frame_ancestors: Sequence[str] = ()
) -> Starlette:
    """The router's app; `page_dir` holds the built page, `secret` is what the operator must show.

    What bounds connections themselves is in the protocols of `create_server`; another server keeps its own.
    """
    switchboard = Switchboard(secret, limits or Limits())
    return Starlette(
        routes=[
            WebSocketRoute(wire.PAGE_PATH, switchboard.page),
            WebSocketRoute(wire.OPERATOR_PATH, switchboard.operator),
            Route("/is_alive", _is_alive),
            Mount("/", PageFiles(page_dir)),
        ],
        middleware=[Middleware(SecurityHeaders, frame_ancestors=frame_ancestors)],
    )


async def _is_alive(_: Request) -> PlainTextResponse:
    return PlainTextResponse("alive")


def _guard(socket: WebSocket) -> Guard | None:
    guard: Guard | None = socket.scope.get("extensions", {}).get(GUARD)
    return guard


def _size(envelope: wire.FromRouter) -> int:
    return len(envelope.text) if isinstance(envelope, wire.Received) else 1


async def _say_farewell(socket: WebSocket, seconds: float) -> None:
    """Close in good order, if the other end still reads."""
    with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
        async with asyncio.timeout(seconds):
            await socket.close(POLICY_VIOLATION)


def _is_same_origin(socket: WebSocket) -> bool:
    """Browsers say where a page comes from; a page of another site may not speak with a worker's cookies or network."""
    origin = socket.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == socket.headers["host"]
    except (KeyError, ValueError):
        return False
