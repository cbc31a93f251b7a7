"""The ASGI app: serves the built page, and carries packets between pages and the operator."""

import hmac
import itertools
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from chateval import wire
from chateval.router._headers import SecurityHeaders
from chateval.router._outbox import Outbox

PONG = wire.encode_to_page(wire.Pong())
PING = msgspec.json.encode(wire.Ping()).decode()
_STATES = {there: wire.encode_to_page(wire.OperatorState(there)) for there in (True, False)}


class Switchboard:
    """Who is connected. Holds no messages but those on their way."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._numbers = itertools.count(1)
        self._pages: dict[int, Outbox[str]] = {}
        self._operator: Outbox[wire.FromRouter] | None = None

    async def page(self, socket: WebSocket) -> None:
        """Serve one page's connection until it ends."""
        if not _is_same_origin(socket):
            await socket.close(1008)
            return
        await socket.accept()
        connection = next(self._numbers)
        outbox = self._pages[connection] = Outbox[str](socket.send_text)
        outbox.put(_STATES[self._operator is not None])
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

    def _from_page(self, connection: int, outbox: Outbox[str], text: str) -> None:
        if text == PING:
            outbox.put(PONG)
        elif self._operator is not None:
            self._operator.put(wire.Received(connection, text))

    async def operator(self, socket: WebSocket) -> None:
        """Serve the operator's connection until it ends, or until a newer operator takes its place."""
        shown = socket.headers.get("authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Bearer {self._secret}".encode()):
            await socket.close(1008)
            return
        await socket.accept()

        async def send(batch: list[wire.FromRouter]) -> None:
            await socket.send_bytes(wire.encode_batch(batch))

        outbox = Outbox[wire.FromRouter](send_all=send)
        if self._operator is not None:
            self._operator.close()
        self._operator = outbox
        self._tell_pages()
        try:
            async with outbox.flushed_by_task():
                while True:
                    self._from_operator(await socket.receive_bytes())
        except (WebSocketDisconnect, KeyError):
            pass
        finally:
            if self._operator is outbox:
                self._operator = None
                self._tell_pages()

    def _from_operator(self, data: bytes) -> None:
        for envelope in wire.decode_from_operator(data):
            outbox = self._pages.get(envelope.connection)
            if outbox is None:
                continue
            if isinstance(envelope, wire.Deliver):
                outbox.put(envelope.text)
            else:
                outbox.close()

    def _tell_pages(self) -> None:
        for outbox in self._pages.values():
            outbox.put(_STATES[self._operator is not None])


def create_app(page_dir: Path, secret: str) -> Starlette:
    """The router's app; `page_dir` holds the built page, `secret` is what the operator must show."""
    switchboard = Switchboard(secret)
    return Starlette(
        routes=[
            WebSocketRoute(wire.PAGE_PATH, switchboard.page),
            WebSocketRoute(wire.OPERATOR_PATH, switchboard.operator),
            Route("/is_alive", _is_alive),
            Mount("/", StaticFiles(directory=page_dir, html=True)),
        ],
        middleware=[Middleware(SecurityHeaders)],
    )


async def _is_alive(_: Request) -> PlainTextResponse:
    return PlainTextResponse("alive")


def _is_same_origin(socket: WebSocket) -> bool:
    """Browsers say where a page comes from; a page of another site may not speak with a worker's cookies or network."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
