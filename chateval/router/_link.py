"""The operator's end of the line to the router."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import msgspec
import websockets
from websockets.asyncio.client import ClientConnection, connect

from chateval import wire

logger = logging.getLogger(__name__)

RETRY_SECONDS = 0.5


class Exchange(Protocol):
    """What the operator does with what comes in."""

    def received(self, connection: int, text: str) -> None: ...

    def closed(self, connection: int) -> None: ...

    def lost(self) -> None:
        """The line broke: no connection number of before means anything any more."""
        ...


class RouterLink:
    """Dials the router, and dials again whenever the line breaks."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._outgoing: list[wire.FromOperator] = []
        self._has_some = asyncio.Event()
        self._is_up = False

    def send(self, connection: int, text: str) -> None:
        """Queue a message for a page; everything queued in one turn of the loop travels together."""
        if self._is_up:
            self._outgoing.append(wire.Deliver(connection, text))
            self._has_some.set()

    def hang_up(self, connection: int) -> None:
        if self._is_up:
            self._outgoing.append(wire.CloseConnection(connection))
            self._has_some.set()

    async def run(self, exchange: Exchange, up: Callable[[], None]) -> None:
        """Serve until cancelled; `up` is called each time that the line stands."""
        while True:
            try:
                async with connect(
                    self._url,
                    additional_headers=self._headers,
                    max_size=wire.MAX_BATCH_BYTES,
                    compression=None,
                    proxy=None,
                ) as socket:
                    self._is_up = True
                    up()
                    await self._serve(socket, exchange)
            except (OSError, websockets.WebSocketException) as error:
                logger.warning("The line to the router broke: %s", error)
            finally:
                self._is_up = False
                self._outgoing.clear()
                exchange.lost()
            await asyncio.sleep(RETRY_SECONDS)

    async def _serve(self, socket: ClientConnection, exchange: Exchange) -> None:
        sender = asyncio.create_task(self._send_all(socket))
        try:
            async for data in socket:
                if isinstance(data, bytes):
                    _dispatch(data, exchange)
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    async def _send_all(self, socket: ClientConnection) -> None:
        while True:
            await self._has_some.wait()
            self._has_some.clear()
            batch, self._outgoing = self._outgoing, []
            for part in _in_parts(batch):
                await socket.send(wire.encode_batch(part))


def _in_parts(envelopes: Sequence[wire.FromOperator]) -> Iterator[Sequence[wire.FromOperator]]:
    """Cut into batches that the router takes, however long histories are and however many ask for them at once."""
    start = characters = 0
    for number, envelope in enumerate(envelopes):
        if isinstance(envelope, wire.Deliver):
            characters += len(envelope.text)
        if characters > wire.MAX_BATCH_CHARACTERS:
            yield envelopes[start : number + 1]
            start, characters = number + 1, 0
    if start < len(envelopes):
        yield envelopes[start:]


def _dispatch(data: bytes, exchange: Exchange) -> None:
    try:
        envelopes = wire.decode_from_router(data)
    except msgspec.DecodeError as error:
        logger.error("The router sent what no router sends: %s", error)  # noqa: TRY400
        return
    for envelope in envelopes:
        try:
            if isinstance(envelope, wire.Received):
                exchange.received(envelope.connection, envelope.text)
            else:
                exchange.closed(envelope.connection)
        except Exception:  # one page's message must not end everyone's line
            logger.exception("A message from a page was not taken: a bug")
