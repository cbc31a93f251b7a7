"""What pages see of a partner who is at their turn."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Literal

from chateval import wire
from chateval.bots import Progress

PAUSE_SECONDS = 0.1
"""How long after one sign the next may follow, the newest then."""

CHARACTERS_PER_SECOND = 20_000
"""How much text signs carry at the most: each has all of the text so far, so that long ones come seldomer."""

_State = Literal["waiting", "typing"]


class Signs:
    """A `Watch` on one reply, which tells pages of it at a pace that they can follow.

    A page that hears nothing shows a partner who is typing; so nothing is told of a reply that just comes, unless its
    text is streamed.
    """

    def __init__(
        self,
        dialogue: int,
        tell: Callable[[wire.PartnerState], None],
        *,
        is_streamed: bool = False,
        is_waiting: bool = False,
        waiting_seconds: float = 0.0,
    ) -> None:
        """`is_waiting` is how it begins, and goes on being for `waiting_seconds`, whatever is told meanwhile."""
        self._dialogue = dialogue
        self._tell = tell
        self._is_streamed = is_streamed
        self._state: _State = "waiting" if is_waiting else "typing"
        self._text = ""
        self._told: tuple[_State, str] = ("typing", "")
        self._since = monotonic()
        self._is_over = False
        # Pages are told of the ask first, which a sign before it would tell nothing about.
        loop = asyncio.get_running_loop()
        self._timer: asyncio.Handle | None = loop.call_soon(self._tell_news)
        self._kept_back: tuple[Progress, str] | None = None
        self._hold = loop.call_later(waiting_seconds, self._release) if waiting_seconds > 0 else None

    def __call__(self, progress: Progress, text: str) -> None:
        if self._hold is not None:
            self._kept_back = (progress, text)
            return
        state: _State = "waiting" if progress is Progress.WAITING else "typing"
        if state != self._state:
            self._state, self._since = state, monotonic()
        if self._is_streamed:
            self._text = text
        if self._timer is None:
            self._tell_news()

    def close(self) -> None:
        """Tell nothing more: the turn itself comes, or nothing does."""
        self._is_over = True
        for timer in (self._timer, self._hold):
            if timer is not None:
                timer.cancel()
        self._timer = self._hold = None

    def current(self) -> wire.PartnerState | None:
        """What a page has to be told that comes now."""
        is_plain = (self._state, self._text) == ("typing", "")
        return None if is_plain or self._is_over else self._sign()

    def _release(self) -> None:
        self._hold = None
        if self._kept_back is not None:
            self(*self._kept_back)

    def _tell_news(self) -> None:
        self._timer = None
        news = (self._state, self._text)
        if self._is_over or news == self._told:
            return
        self._told = news
        sign = self._sign()
        self._tell(sign)
        pause = max(PAUSE_SECONDS, len(sign.text) / CHARACTERS_PER_SECOND)
        self._timer = asyncio.get_running_loop().call_later(pause, self._tell_news)

    def _sign(self) -> wire.PartnerState:
        text = self._text[: wire.MAX_TEXT_CHARACTERS]
        return wire.PartnerState(self._dialogue, self._state, text, round(monotonic() - self._since, 1))
