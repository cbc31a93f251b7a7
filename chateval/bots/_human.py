"""Another participant of the same run as partner: who is paired with whom, and what each hears of the other.

Either of two people is the user of their own dialogue and the other's partner in theirs. Both dialogues open with the
user's greeting. One of the two leads, the one whose dialogue id comes first: their first reply is the other's greeting,
and what they answer is the other's first reply. So whose turn it is follows from the two dialogues alone, and two who
are asked for again after a restart go on where they were.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from chateval.bots._bot import Progress, Reply, Request, Watch, watch_nothing
from chateval.config import HumanBot
from chateval.dialogue import Speaker
from chateval.errors import BotError

LOOK_SECONDS = 1.0
"""How often it is looked whether someone is at their page again."""


@dataclass(eq=False)
class _Seat:
    dialogue_id: str
    request: Request | None = None
    """What was asked last; None for someone who is known by their partner alone."""
    partner: str = ""
    """The partner's dialogue, once there is one."""
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Matchmaker:
    """Pairs dialogues that ask for a partner, who waits longest first, and never someone with themselves.

    A partner's turn may take as long as their own session gives them; what ends that session, or their dialogue, ends
    the wait. Use it from one event loop.
    """

    def __init__(self, name: str, wait_seconds: float, *, look_seconds: float = LOOK_SECONDS) -> None:
        self.name = name
        self._wait_seconds = wait_seconds
        self._look_seconds = look_seconds
        self._seats: dict[str, _Seat] = {}
        self._waiting: dict[str, _Seat] = {}
        self._over: dict[str, bool] = {}
        """Dialogues that are over, and whether they were finished."""

    def identity(self) -> Mapping[str, str]:
        return {"kind": "human", "wait_seconds": f"{self._wait_seconds:g}"}

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        """What the partner says next.

        Raises:
            BotError: nobody came, the partner has gone, or the dialogue did not open with the user's greeting.
        """
        if not request.turns or request.turns[-1].speaker is not Speaker.USER or len(request.turns) % 2 == 0:
            raise BotError(
                f"Bot {self.name!r} is a person, who can only talk where each of the two greets the other first. Set "
                "conversation_start_mode to hi."
            )
        seat = self._take_seat(request)
        while True:
            if not seat.partner:
                watch(Progress.WAITING, "")
                await self._find_partner(seat, request)
            watch(Progress.STARTED, "")
            while not self._is_deserted(seat, request):
                if (reply := self._answer(seat, request)) is not None:
                    return reply
                seat.news.clear()
                await seat.news.wait()

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:
        """A dialogue is over: its partner is told."""
        self._over.setdefault(dialogue_id, is_finished)
        seat = self._seats.pop(dialogue_id, None)
        if seat is not None:
            self._tell(seat.partner)

    async def close(self) -> None:
        """Holds nothing."""

    def _take_seat(self, request: Request) -> _Seat:
        seat = self._seats.setdefault(request.dialogue_id, _Seat(request.dialogue_id))
        seat.request = request
        if request.partner and not seat.partner:
            self._pair(seat, request.partner)
        self._tell(seat.partner)
        return seat

    def _pair(self, seat: _Seat, partner: str) -> None:
        seat.partner = partner
        self._waiting.pop(seat.dialogue_id, None)
        self._waiting.pop(partner, None)
        if partner not in self._over:
            self._seats.setdefault(partner, _Seat(partner)).partner = seat.dialogue_id
            self._tell(partner)

    def _tell(self, dialogue_id: str) -> None:
        if dialogue_id in self._seats:
            self._seats[dialogue_id].news.set()

    async def _find_partner(self, seat: _Seat, request: Request) -> None:
        until = monotonic() + self._wait_seconds
        self._waiting[seat.dialogue_id] = seat
        try:
            while not seat.partner:
                other = next((one for one in self._waiting.values() if _fit(request, one.request)), None)
                if other is not None:
                    self._pair(seat, other.dialogue_id)
                    return
                seat.news.clear()
                left = until - monotonic()
                if left <= 0 and request.is_here():
                    raise BotError(f"Bot {self.name!r}: no partner came within {self._wait_seconds:g} seconds.")
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left, self._look_seconds) if left > 0 else self._look_seconds):
                        await seat.news.wait()
        finally:
            self._waiting.pop(seat.dialogue_id, None)

    def _is_deserted(self, seat: _Seat, request: Request) -> bool:
        """Whether the partner has gone before they were heard, so that another may take their place.

        Raises:
            BotError: they have gone after that.
        """
        if self._over.get(seat.partner) is not False:
            return False
        if len(request.turns) > 1:
            raise BotError(f"Bot {self.name!r}: the partner has left the study, or their time ran out.")
        seat.partner = ""
        return True

    def _answer(self, seat: _Seat, request: Request) -> Reply | None:
        """The partner's turn that comes next, or word of their end, if either is there."""
        partner = self._seats.get(seat.partner)
        heard = len(request.turns) // 2
        wanted = heard if seat.dialogue_id < seat.partner else heard + 1
        if partner is not None and partner.request is not None and len(partner.request.turns) > 2 * wanted:
            return Reply(partner.request.turns[2 * wanted].text, source=partner.dialogue_id)
        return Reply("", source=seat.partner, ends_dialogue=True) if self._over.get(seat.partner) else None


def _fit(one: Request, other: Request | None) -> bool:
    return other is not None and one.person != other.person and one.is_here() and other.is_here()


def build_human_bot(spec: HumanBot) -> Matchmaker:
    return Matchmaker(spec.name, spec.wait_seconds)
