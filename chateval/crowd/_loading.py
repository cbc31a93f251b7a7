"""Loading a study's bots while its pages are served already."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, Protocol

from chateval.bots import THREAD_NAME, Bot, Desk, build_bots
from chateval.config import Study


class LoadObserver(Protocol):
    """Who watches bots being loaded."""

    def loading(self, bot_name: str, place: int, count: int) -> None:
        """The bot that is number `place` of `count` is being loaded."""
        ...

    def loaded(self, bot_name: str, place: int, count: int, seconds: float) -> None:
        """It is there, after so many seconds."""
        ...


class _GivenUpError(Exception):
    """Nobody wants the bots any more."""


async def load_bots(study: Study, desk: Desk, observer: LoadObserver) -> Mapping[str, Bot]:
    """Load a study's bots in a thread, one after the other; each goes to the desk as soon as it is there.

    Being cancelled leaves the thread to what it is loading; it keeps no program from ending.

    Raises:
        BotError: one of them cannot be loaded.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Mapping[str, Bot]] = loop.create_future()
    is_given_up = threading.Event()
    since, where = monotonic(), (0, 0)

    def tell(call: Callable[..., object], *arguments: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(lambda: None if is_given_up.is_set() else call(*arguments))

    def begun(name: str, place: int, count: int) -> None:
        nonlocal since, where
        if is_given_up.is_set():
            raise _GivenUpError
        since, where = monotonic(), (place, count)
        tell(observer.loading, name, place, count)

    def done(bot: Bot) -> None:
        tell(desk.add, bot)
        tell(observer.loaded, bot.name, *where, monotonic() - since)

    def load() -> None:
        try:
            bots = build_bots(study.bots, study.bot_runtime, begun=begun, done=done)
        except BaseException as error:  # noqa: BLE001  (handed to whoever awaits the bots)
            tell(outcome.set_exception, error)
        else:
            tell(outcome.set_result, bots)

    threading.Thread(target=load, name=f"{THREAD_NAME}-loading", daemon=True).start()
    try:
        return await outcome
    finally:
        is_given_up.set()
