"""How many replies are generated at once, over all bots of a run."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager

from chateval.bots._bot import Progress, Watch, watch_nothing


class Turnstile:
    """Holds `places`, given out in the order in which they are asked for.

    Threads and event loops, one after another or together, may ask.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._free = places
        self._waiting: deque[tuple[int, Future[int]]] = deque()
        self._lock = threading.Lock()  # protects the two above

    def take(self, at_most: int = 1) -> int:
        """Wait, in a thread, until there are places, and take up to so many; returns how many."""
        return self._ask(at_most).result()

    def give_back(self, count: int = 1) -> None:
        with self._lock:
            self._free += count
            self._hand_out()

    @asynccontextmanager
    async def place(self, watch: Watch = watch_nothing) -> AsyncIterator[None]:
        """Hold a place while the block runs; `watch` is told of a wait for it, and that it is there."""
        asked = self._ask(1)
        try:
            if not asked.done():
                watch(Progress.QUEUED, "")
            await asyncio.wrap_future(asked)
        except BaseException:
            if not asked.cancel():  # it was given meanwhile
                self.give_back()
            raise
        try:
            watch(Progress.STARTED, "")
            yield
        finally:
            self.give_back()

    def _ask(self, at_most: int) -> Future[int]:
        future: Future[int] = Future()
        with self._lock:
            self._waiting.append((at_most, future))
            self._hand_out()
        return future

    def _hand_out(self) -> None:
        while self._free and self._waiting:
            at_most, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                count = min(at_most, self._free)
                self._free -= count
                future.set_result(count)
