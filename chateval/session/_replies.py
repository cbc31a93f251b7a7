"""Bots' replies as sessions need them: an event for what was asked, at the time at which it may be shown."""

import asyncio
import logging
from collections.abc import Callable
from time import time
from typing import Protocol

from chateval.bots import Reply, Request, Watch
from chateval.config import Delivery
from chateval.errors import BotError, JournalError
from chateval.session._asking import request_for, said_by
from chateval.session._journal import Journal
from chateval.session._record import Entry
from chateval.session._session import Session, finished_in
from chateval.worlds import AskBot, AskPerson, BotFailed, Event, Spoke

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
"""How long a question to the journal that failed waits for its next attempt."""


class ReplySource(Protocol):
    """Whoever has the bots answer."""

    async def reply(self, bot_name: str, request: Request, watch: Watch) -> Reply:
        """Raises `BotError` when no more attempts are worth it."""
        ...

    def forget(self, bot_name: str, dialogue_id: str, *, is_finished: bool = False) -> None: ...


def is_first(session: Session, ask: AskBot) -> bool:
    """Whether the partner has not been heard in this dialogue yet."""
    return len(session.turns(ask.dialogue)) <= len(session.opening(ask.dialogue)) + 1


class Replies:
    """Has bots answer what sessions ask, and brings people behind a bot together again after a restart."""

    def __init__(
        self, bots: ReplySource, journal: Journal, delivery: Delivery, live: Callable[[str], Session | None]
    ) -> None:
        self._bots = bots
        self._journal = journal
        self._delivery = delivery
        self._live = live
        self._claims: dict[str, str] = {}
        """Who was being answered by someone who may not know it yet, by the dialogue of that someone."""

    def take_up(self, session: Session) -> None:
        """Learn from a restored session whose partner its person is."""
        if isinstance(session.ask, AskBot | AskPerson) and (source := session.source(session.ask.dialogue)):
            self._claims[source] = session.dialogue_id(session.ask.dialogue)

    async def event(self, session: Session, ask: AskBot, watch: Watch, is_here: Callable[[], bool]) -> Event:
        """What a bot's reply, or its failure, means; not before the study's rhythm lets it be seen.

        Who is interrupted in this wait is asked for the reply anew, and waits no shorter: the time counts from the ask.
        """
        event = await self._event(session, ask, watch, is_here)
        if isinstance(event, Spoke):
            seconds = self._delivery.seconds_for(event.text, is_first=is_first(session, ask))
            wait = min(session.asked_at + seconds - time(), seconds)
            if wait > 0:
                await asyncio.sleep(wait)
        return event

    async def _event(self, session: Session, ask: AskBot, watch: Watch, is_here: Callable[[], bool]) -> Event:
        session_id = session.record.session_id
        claim = self._claims.pop(session.dialogue_id(ask.dialogue), "")
        request = request_for(session, ask, claim=claim, is_here=is_here)
        try:
            if request.partner:
                await self._tell_if_over(ask.bot, request.partner)
            return said_by(await self._bots.reply(ask.bot, request, watch))
        except BotError as error:
            logger.error("Session %s ends early: %s", session_id, error)  # noqa: TRY400
            return BotFailed(str(error))
        except Exception:
            logger.exception("Session %s ends early: a bug in a bot", session_id)
            return BotFailed("The bot broke in an unforeseen way.")

    async def _tell_if_over(self, bot: str, partner: str) -> None:
        """Let a bot know of the end of a dialogue that came before a restart."""
        session_id, _, number = partner.rpartition("-")
        session = self._live(session_id)
        if session is None:
            finished = finished_in(await self._entries(session_id))
            self._bots.forget(bot, partner, is_finished=int(number) < finished)
        elif session.outcome is not None or int(number) in session.finished:
            self._bots.forget(bot, partner, is_finished=int(number) in session.finished)

    async def _entries(self, session_id: str) -> list[Entry]:
        while True:
            try:
                return await asyncio.to_thread(self._journal.entries, session_id)
            except JournalError as error:
                logger.error("%s It is tried again.", error)  # noqa: TRY400  (nobody has use for the traceback)
                await asyncio.sleep(RETRY_SECONDS)
