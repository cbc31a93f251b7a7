"""What waits to be sent over one connection."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.websockets import WebSocketDisconnect

T = TypeVar("T")


@dataclass(frozen=True)
class Room:
    """How much may wait. A reader so slow that more does is cut off, so that it cannot fill the memory."""

    messages: int
    characters: int


class Outbox(Generic[T]):
    """Sends in order, one message at a time or, with `send_all`, everything that has gathered at once."""

    def __init__(
        self,
        room: Room,
        size: Callable[[T], int],
        send: Callable[[T], Awaitable[None]] | None = None,
        send_all: Callable[[list[T]], Awaitable[None]] | None = None,
    ) -> None:
        self._room = room
        self._size = size
        self._send = send
        self._send_all = send_all
        self._waiting: list[T] = []
        self._messages = self._characters = 0
        self._has_some = asyncio.Event()
        self._owner: asyncio.Task[None] | None = None
        self._is_closed = False

    def put(self, message: T) -> None:
        if self._is_closed:
            return
        self._waiting.append(message)
        self._messages += 1
        self._characters += self._size(message)
        self._has_some.set()
        if self._messages > self._room.messages or self._characters > self._room.characters:
            self.close()

    def close(self) -> None:
        """End the connection that this outbox belongs to."""
        if self._owner is not None and not self._is_closed:
            self._is_closed = True
            self._waiting.clear()
            self._owner.cancel()

    @asynccontextmanager
    async def flushed_by_task(self) -> AsyncIterator[None]:
        """Send in the background while the block runs; leaving it, or `close`, ends both."""
        self._owner = owner = asyncio.current_task()
        flusher = asyncio.create_task(self._flush())
        try:
            yield
        except asyncio.CancelledError:
            if owner is None or not self._is_closed or owner.uncancel() > 0:
                raise
        finally:
            self._owner = None
            flusher.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await flusher

    async def _flush(self) -> None:
        while True:
            await self._has_some.wait()
            self._has_some.clear()
            batch, self._waiting = self._waiting, []
            if self._send_all is not None:
                await self._send_all(batch)
            elif self._send is not None:
                for message in batch:
                    await self._send(message)
            self._messages -= len(batch)
            self._characters -= sum(map(self._size, batch))
