"""A WebSocket client that costs next to nothing, since it shares the machine with what it measures.

It does what a browser's does on the wire (RFC 6455, `permessage-deflate` of RFC 7692 where the server wants it), and
nothing beside: no fragments, no queues, no tasks. Frames are masked with zeros, which the standard allows.
"""

import asyncio
import struct
import zlib
from collections.abc import Callable

OFFER = "permessage-deflate; client_max_window_bits"
"""What Chromium and Firefox offer."""

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_NO_MASK = b"\0\0\0\0"


class Socket(asyncio.Protocol):
    """Calls `heard` with each text message, as bytes, as it arrives."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        self._heard = heard
        self._buffer = b""
        self._inflater: Inflater | None = None
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self.is_open = False

    def send(self, text: bytes) -> None:
        self._send(_TEXT, text)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  (what asyncio promises for TCP)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if not self._opened.done():
            self._opened.set_exception(exc or ConnectionResetError("closed during the handshake"))

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if not self.is_open and not self._shake_hands():
            return
        self._read_frames()

    def _shake_hands(self) -> bool:
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return False
        if not head.startswith(b"HTTP/1.1 101"):
            self._opened.set_exception(ConnectionRefusedError(head.decode(errors="replace")))
            return False
        if b"permessage-deflate" in head:
            self._inflater = Inflater(keeps_context=b"server_no_context_takeover" not in head)
        self._buffer, self.is_open = rest, True
        self._opened.set_result(None)
        return True

    def _read_frames(self) -> None:
        data, at = self._buffer, 0
        while len(data) - at >= 2:
            first, size, start = data[at], data[at + 1], at + 2
            if size == 126:
                start += 2
                size = int.from_bytes(data[at + 2 : start])
            elif size == 127:
                start += 8
                size = int.from_bytes(data[at + 2 : start])
            if len(data) < start + size:
                break
            at = start + size
            self._take(first, data[start:at])
        self._buffer = data[at:]

    def _take(self, first: int, payload: bytes) -> None:
        match first & 15:
            case 1:
                self._heard(self._inflater.inflate(payload) if self._inflater and first & 64 else payload)
            case 9:
                self._send(_PONG, payload)
            case 8:
                self.close()

    def _send(self, opcode: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = struct.pack("!BB", 128 | opcode, 128 | size)
        else:
            head = struct.pack("!BBH", 128 | opcode, 128 | 126, size)
        if self._transport is not None:
            self._transport.write(head + _NO_MASK + payload)

    async def open(self, host: str, port: int, path: str) -> None:
        """Connect, and return once the server has agreed to speak WebSocket."""
        await asyncio.get_running_loop().create_connection(lambda: self, host, port)
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {host}:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            f"Sec-WebSocket-Extensions: {OFFER}",
            f"Origin: http://{host}:{port}",
        ]
        if self._transport is not None:
            self._transport.write("\r\n".join([*lines, "", ""]).encode())
        await self._opened


class Inflater:
    def __init__(self, *, keeps_context: bool) -> None:
        self._keeps_context = keeps_context
        self._stream = zlib.decompressobj(-15)

    def inflate(self, payload: bytes) -> bytes:
        if not self._keeps_context:
            self._stream = zlib.decompressobj(-15)
        return self._stream.decompress(payload + b"\0\0\xff\xff")


async def post(host: str, port: int, path: str, body: bytes) -> bytes:
    """The answer's body to a POST of JSON, over a connection of its own."""
    reader, writer = await asyncio.open_connection(host, port)
    head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nConnection: close\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = await reader.read()
    writer.close()
    status, _, content = answer.partition(b"\r\n\r\n")
    if b" 200 " not in status[:20]:
        raise ConnectionRefusedError(answer[:300].decode(errors="replace"))
    return content
