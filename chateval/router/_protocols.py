"""The HTTP and WebSocket protocols of uvicorn, with an end to every wait and a bound on everything that piles up."""

import asyncio
from typing import Any, Protocol

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame
from websockets.http11 import Request

from chateval import wire
from chateval.router._door import Door

GUARD = "chateval.guard"
"""Where in an ASGI scope's `extensions` the app finds the `Guard` of a connection."""

SLICE_BYTES = 1024
"""A page's bytes are parsed so many at a time, so that a flood of tiny frames cannot hold up everyone else."""

TOO_MUCH = wire.encode_to_page(wire.Rejected("", "This page sent too much at once and was cut off. It connects again."))
BODY_HEADERS = (b"content-length", b"transfer-encoding")
POLICY_VIOLATION = 1008


class Guard(Protocol):
    """What the app may tell of a connection."""

    def keep(self) -> None:
        """It has joined a session: others go first when it gets crowded."""
        ...

    def trust(self) -> None:
        """It is the operator's: no limits on what it sends but the size of a batch."""
        ...


class RouterConfig(uvicorn.Config):
    """uvicorn's configuration, with the door that all connections share."""

    def __init__(self, app: ASGIApp, door: Door, **options: Any) -> None:
        super().__init__(app, http=GuardedHttp, ws=GuardedWebSocket, **options)
        self.door = door


def _door(config: uvicorn.Config) -> Door:
    if not isinstance(config, RouterConfig):
        raise TypeError("The router's protocols need a RouterConfig.")
    return config.door


class GuardedHttp(H11Protocol):
    """Ends connections that dawdle over a request or a response, and takes no request bodies."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._door = _door(config)
        limits = self._door.limits
        self._requests = wire.Bucket(limits.requests_per_second, limits.request_burst)
        self._deadline: asyncio.TimerHandle | None = None
        self._is_answering = self._is_upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        if self._door.admits(transport):
            self._allow(self._door.limits.request_seconds)
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._allow(None)
        self._door.forget(self.transport)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._is_upgraded or self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            if self._has_body_coming():
                self.transport.close()
            elif self._deadline is None:
                self._allow(self._door.limits.request_seconds)
        elif not self._is_answering:
            self._begin_answering()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._is_upgraded = True
        self._allow(None)
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        self._is_answering = False
        self._allow(None)
        super().on_response_complete()
        if self._has_body_coming() or not self._requests.take(self.loop.time()):
            self.transport.close()
        elif self.cycle is not None and not self.cycle.response_complete:  # the next request was there already
            self._begin_answering()

    def _begin_answering(self) -> None:
        self._is_answering = True
        self._allow(self._door.limits.response_seconds)
        if any(name in BODY_HEADERS for name, _ in self.headers):
            self.cycle.keep_alive = False  # what follows may be a body to a proxy, and a request to us

    def _has_body_coming(self) -> bool:
        return self.cycle is not None and self.conn.their_state is h11.SEND_BODY

    def _allow(self, seconds: float | None) -> None:
        """End the connection after so long; None for never."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)


class GuardedWebSocket(WebSocketsSansIOProtocol):
    """Bounds how fast a page may send; ends connections whose handshake or farewell dawdles."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._door = _door(config)
        limits = self._door.limits
        self._frames = wire.Bucket(wire.MESSAGES_PER_SECOND, wire.MESSAGE_BURST)
        self._bytes = wire.Bucket(limits.bytes_per_second, limits.byte_burst)
        self._is_trusted = self._is_cut = False
        self._handshake_deadline = self.loop.call_later(limits.request_seconds, self._give_up)
        self._end: asyncio.TimerHandle | None = None

    def keep(self) -> None:
        self._door.keep(self.transport)

    def trust(self) -> None:
        self.keep()
        self._is_trusted = True
        self.conn.max_message_size = wire.MAX_BATCH_BYTES

    def connection_lost(self, exc: Exception | None) -> None:
        self._handshake_deadline.cancel()
        if self._end is not None:
            self._end.cancel()
        self._door.forget(self.transport)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_trusted:
            super().data_received(data)
            return
        for start in range(0, len(data), SLICE_BYTES):
            part = data[start : start + SLICE_BYTES]
            if self._is_cut or self.transport.is_closing():
                return
            if self._bytes.take(self.loop.time(), len(part)):
                super().data_received(part)
            else:
                self._cut_off()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[GUARD] = self

    def handle_text(self, event: Frame) -> None:
        if self._takes_a_frame():
            super().handle_text(event)

    def handle_bytes(self, event: Frame) -> None:
        if self._takes_a_frame():
            super().handle_bytes(event)

    def handle_cont(self, event: Frame) -> None:
        if self._takes_a_frame():
            super().handle_cont(event)

    def handle_ping(self) -> None:
        if self._takes_a_frame():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if self._takes_a_frame():
            super().handle_pong(event)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()  # what it has not read by now it never will

    async def run_asgi(self) -> None:
        await super().run_asgi()
        self._end_soon()

    def _takes_a_frame(self) -> bool:
        if self._is_cut:
            return False
        if self._is_trusted or self._frames.take(self.loop.time()):
            return True
        self._cut_off()
        return False

    def _cut_off(self) -> None:
        """Say why, read no more, and end the connection once that had the time to arrive."""
        self._is_cut = True
        if self.handshake_complete and not self.close_sent:
            self.conn.send_text(TOO_MUCH.encode())
            self.conn.send_close(POLICY_VIOLATION, "too much at once")
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.queue.put_nowait({"type": "websocket.disconnect", "code": POLICY_VIOLATION, "reason": ""})
        self.read_paused = False  # so that nobody turns reading on again
        self.transport.pause_reading()
        self.close_timer = self.loop.call_later(self._door.limits.closing_seconds / 2, self.transport.abort)

    def _give_up(self) -> None:
        if not self.handshake_complete:
            self.transport.abort()

    def _end_soon(self) -> None:
        """uvicorn closes, which waits for a slow reader without end; this does not."""
        if not self.disconnected:
            self._end = self.loop.call_later(self._door.limits.closing_seconds, self.transport.abort)
