"""Threads for calls that block."""

import asyncio
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Workers:
    """Up to `count` threads that run blocking calls for one event loop, and the `places` to ask for before calling.

    A call that is given up while it runs cannot be stopped: its thread is written off, and another may take its place.
    Neither such a thread nor an idle one keeps the program from ending.
    """

    def __init__(self, count: int) -> None:
        self.places = asyncio.Semaphore(count)
        self._count = count
        self._threads = 0
        self._open_calls = 0
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        weakref.finalize(self, _dismiss, self._calls)

    async def run(self, function: Callable[[], T]) -> T:
        """Run `function` in a thread; what it raises is raised here."""
        call = _Call(function)
        self._open_calls += 1
        self._hire()
        self._calls.put(call)
        try:
            result: T = await asyncio.wrap_future(call.future)
        except asyncio.CancelledError:
            if call.give_up():
                self._threads -= 1
            raise
        finally:
            self._open_calls -= 1
            self._hire()
        return result

    def _hire(self) -> None:
        """Have as many threads as there are calls, if that many are allowed."""
        if self._threads < min(self._open_calls, self._count):
            self._threads += 1
            threading.Thread(target=_work, args=(self._calls,), name="chateval-bot", daemon=True).start()


class _Call:
    """A function to be run once, and its result."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.future: Future[Any] = Future()
        self._function = function
        self._lock = threading.Lock()  # protects the two flags: a call is either finished in time or written off
        self._is_running = False
        self._is_written_off = False

    def run(self) -> bool:
        """Run the function; whether its thread is still wanted afterwards."""
        with self._lock:
            if not self.future.set_running_or_notify_cancel():
                return True
            self._is_running = True
        try:
            result = self._function()
        except BaseException as error:  # noqa: BLE001  (handed to whoever awaits the call)
            self.future.set_exception(error)
        else:
            self.future.set_result(result)
        with self._lock:
            self._is_running = False
            return not self._is_written_off

    def give_up(self) -> bool:
        """Want the result no more; whether that costs a thread."""
        with self._lock:
            self._is_written_off = self._is_running
            return self._is_running


def _work(calls: "SimpleQueue[_Call | None]") -> None:
    while (call := calls.get()) is not None:
        if not call.run():
            return
        del call  # or its result would live until the next call
    calls.put(None)  # the next thread is to hear of it too


def _dismiss(calls: "SimpleQueue[_Call | None]") -> None:
    calls.put(None)
