"""Replies that are waited for, handed from an event loop to a thread and back."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Generic, TypeVar

from chateval.bots._bot import Progress, Watch
from chateval.errors import BotError

In = TypeVar("In")
Out = TypeVar("Out")


class Job(Generic[In, Out]):
    """One request in a batch. All of it may be called from any thread, and never blocks."""

    def __init__(self, dialogue_id: str, item: In, watch: Watch, settled: Callable[["Job[In, Out]"], None]) -> None:
        self.dialogue_id = dialogue_id
        self.item = item
        self.future: Future[Out] = Future()
        self._watch = watch
        self._settled = settled
        self._loop = asyncio.get_running_loop()
        self._is_awaited = True
        self._lock = threading.Lock()  # protects the three below
        self._is_wanted = True
        self._text = ""
        self._is_being_shown = False

    @property
    def is_wanted(self) -> bool:
        """Whether anyone still waits for it: False once it is settled or given up."""
        return self._is_wanted

    def show(self, text: str) -> None:
        """Tell all of the text so far. What comes faster than it can be told replaces what was not told yet."""
        with self._lock:
            self._text = text
            is_told_already, self._is_being_shown = self._is_being_shown, True
        if not is_told_already:
            self._on_loop(self._show)

    def done(self, result: Out) -> None:
        """Give the reply. Of what comes later, nothing counts."""
        if self._settle():
            with suppress(InvalidStateError):  # whoever waited has just been cancelled
                self.future.set_result(result)

    def fail(self, error: BaseException) -> None:
        """Have the request raise; what is no `Exception` comes as a `BotError`."""
        if self._settle():
            with suppress(InvalidStateError):
                self.future.set_exception(_raisable(error))

    def give_up(self) -> None:
        """Nobody waits any more, nor wants to be told."""
        self._is_awaited = False
        self._settle()

    def tell(self, progress: Progress) -> None:
        """Tell how it gets on."""
        self._on_loop(lambda: self._tell(progress, ""))

    def _settle(self) -> bool:
        with self._lock:
            was_wanted, self._is_wanted = self._is_wanted, False
        if was_wanted:
            self._settled(self)
        return was_wanted

    def _on_loop(self, call: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is there to be told
            self._loop.call_soon_threadsafe(call)

    def _show(self) -> None:
        with self._lock:
            text, self._is_being_shown = self._text, False
        self._tell(Progress.STARTED, text)

    def _tell(self, progress: Progress, text: str) -> None:
        if self._is_awaited:
            self._watch(progress, text)


Answer = Callable[[Sequence[Job[In, Out]]], None]
"""Works a batch off, in a thread: shows, settles each job as soon as it can, and stops at those not wanted."""


def _raisable(error: BaseException) -> Exception:
    """What a future may carry: others would end the event loop, or be lost in it."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration | StopAsyncIteration):
        return error
    failure = BotError(f"It broke: {type(error).__name__}: {error}")
    failure.__cause__ = error
    return failure
