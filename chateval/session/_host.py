"""The session host: brings people, bots and the journal together on one event loop."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic, time

from msgspec.structs import replace

from chateval import wire
from chateval.annotation import Grade, MistakesRule, Verdict, judge
from chateval.config import Delivery
from chateval.errors import JournalError
from chateval.session._journal import Journal
from chateval.session._pictures import with_sources
from chateval.session._record import Entry, SessionRecord
from chateval.session._replies import Replies, ReplySource, is_first
from chateval.session._session import Session
from chateval.session._signs import Signs
from chateval.session._verdicts import Accepted, Duplicate, Refusal
from chateval.worlds import (
    AskBot,
    AskForLabels,
    AskForRatings,
    AskForSubmission,
    AskForVerdict,
    AskPerson,
    Event,
    Judged,
    TimedOut,
)

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
"""How long a write that failed waits for its next attempt; nothing is acknowledged meanwhile."""

_AWAY = wire.encode_to_page(wire.OperatorState(attached=False))
_BACK = wire.encode_to_page(wire.OperatorState(attached=True))

TOO_FAST = "That came too fast. Wait a moment, then send it again."

_LIMITED = (wire.TurnAsked, wire.RatingsAsked, wire.LabelsAsked, wire.SubmissionAsked)
"""The updates that tell how much time is left."""

Connection = int
Send = Callable[[Connection, str], None]
Judge = Callable[[Session, tuple[Grade, ...]], Verdict]
"""Says whether the grades of a session's training are good enough."""


def judge_by_files(session: Session, grades: tuple[Grade, ...]) -> Verdict:
    """The verdict where nobody has set a rule: no more mistakes than each dialogue itself allows."""
    del session
    return judge(MistakesRule(rounds=len(grades) or 1), grades)


@dataclass(frozen=True)
class Limits:
    """How long a person may take."""

    turn_seconds: float
    answer_seconds: float
    session_seconds: float
    gone_seconds: float
    """How long a person may be gone from every page before the place is given to someone else."""


@dataclass(eq=False)
class _Live:
    """A session in memory, and who is looking at it."""

    session: Session
    started_at: float
    connections: set[Connection] = field(default_factory=set)
    inbox: deque[tuple[Connection, wire.SessionMessage]] = field(default_factory=deque)
    pace: wire.Bucket = field(default_factory=lambda: wire.Bucket(wire.MESSAGES_PER_SECOND, wire.MESSAGE_BURST))
    is_saving: bool = False
    gone_since: float | None = None
    """Since when nobody looks; None while someone does."""
    deadline: float | None = None
    """When the person's time is up, as the page is told; None while no limit runs."""
    timer: asyncio.TimerHandle | None = None
    reply: asyncio.Task[None] | None = None
    signs: Signs | None = None
    """What pages are told of the reply meanwhile."""
    waits_since: float | None = None
    """Since when a reply is waited for; None while none is."""
    said: Event | None = None
    """What the bot has answered, while it waits to be recorded."""


class SessionHost:
    """Advances sessions by what pages say and bots reply; the state in memory is never ahead of the journal.

    Use it from one event loop. `ended` is called once for each session that ends, after that is committed.
    """

    def __init__(  # noqa: PLR0913  (everything around a study, each part given once)
        self,
        journal: Journal,
        bots: ReplySource,
        send: Send,
        limits: Limits,
        ended: Callable[[Session], None],
        *,
        judge: Judge = judge_by_files,
        delivery: Delivery | None = None,
        pictures: Callable[[str], str] | None = None,
    ) -> None:
        self._journal = journal
        self._bots = bots
        self._delivery = delivery or Delivery()
        self._replies = Replies(bots, journal, self._delivery, self.session)
        self._send = send
        self._pictures = pictures
        self._limits = limits
        self._ended = ended
        self._judge = judge
        self._is_paused = False
        self._unsaved: set[_Live] = set()
        self._live: dict[str, _Live] = {}
        self._by_connection: dict[Connection, _Live] = {}

    def session(self, session_id: str) -> Session | None:
        live = self._live.get(session_id)
        return live.session if live else None

    def is_connected(self, session_id: str) -> bool:
        return bool(self._live[session_id].connections)

    async def open(self, record: SessionRecord) -> None:
        """Begin a session; returns once it is committed."""
        while (error := await self._committed(record)) is not None:
            logger.error("%s", error)
            await asyncio.sleep(RETRY_SECONDS)
        self._add(Session(record))

    def restore(self, record: SessionRecord, entries: Iterable[Entry]) -> Session:
        """Take up a session where its journal ends. What was asked of a bot is asked once more."""
        session = self._add(Session.replay(record, entries)).session
        self._replies.take_up(session)
        return session

    def attach(self, session_id: str, connection: Connection, since: int) -> None:
        """Let a connection follow a session, from the update after `since` on."""
        self.detach(connection)
        live = self._live[session_id]
        if len(live.connections) >= wire.MAX_PAGES_PER_SESSION:
            self.detach(min(live.connections))  # numbers only grow, so this is the oldest
        live.connections.add(connection)
        live.gone_since = None
        self._by_connection[connection] = live
        self._set_timer(live)
        self._show(live, since, [connection])
        if live.signs is not None and (sign := live.signs.current()) is not None:
            self._send(connection, wire.encode_to_page(sign))
        if self._unsaved:
            self._send(connection, _AWAY)

    def detach(self, connection: Connection) -> None:
        live = self._by_connection.pop(connection, None)
        if live is not None:
            live.connections.discard(connection)
            if not live.connections:
                live.gone_since = time()
                self._set_timer(live)

    def pause(self) -> None:
        """The line to all pages broke: forget every connection, and let no one's time run while it is down."""
        self._is_paused = True
        for connection in list(self._by_connection):
            self.detach(connection)
        for live in self._live.values():
            self._set_timer(live)

    def go_on(self) -> None:
        """The line stands again: everyone's time begins anew."""
        self._is_paused = False
        for live in self._live.values():
            live.gone_since = time()
            self._limit(live)

    def receive(self, connection: Connection, message: wire.SessionMessage) -> None:
        """Take a message for the session that its connection follows."""
        live = self._by_connection.get(connection)
        if live is None:
            self._send(connection, wire.encode_to_page(wire.Rejected(message.id, "Join a session first.")))
            return
        if len(live.inbox) >= wire.MAX_WAITING_MESSAGES or not live.pace.take(monotonic()):
            self._send(connection, wire.encode_to_page(wire.Rejected(message.id, TOO_FAST)))
            return
        live.inbox.append((connection, message))
        self._work_off(live)

    async def close(self) -> None:
        """Stop timers and replies. Sessions stay as the journal has them."""
        replies = [live.reply for live in self._live.values() if live.reply is not None]
        for live in self._live.values():
            _rest(live)
        await asyncio.gather(*replies, return_exceptions=True)
        self._live.clear()
        self._by_connection.clear()
        self._unsaved.clear()

    async def _committed(self, record: SessionRecord) -> JournalError | None:
        future: asyncio.Future[JournalError | None] = asyncio.get_running_loop().create_future()
        self._journal.add_session(record, lambda error: None if future.done() else future.set_result(error))
        return await future

    def _add(self, session: Session) -> _Live:
        now = time()
        live = _Live(session, started_at=now, gone_since=now)
        self._live[session.record.session_id] = live
        self._pursue(live)
        return live

    def _work_off(self, live: _Live) -> None:
        """Take waiting messages one at a time: the next only once the one before is committed and applied."""
        while live.inbox and not live.is_saving:
            connection, message = live.inbox.popleft()
            match live.session.take(message, time()):
                case Accepted(entry):
                    self._save(live, entry, connection)
                case Duplicate():
                    self._send(connection, wire.encode_to_page(wire.Acknowledged(message.id)))
                case Refusal(text):
                    self._send(connection, wire.encode_to_page(wire.Rejected(message.id, text)))

    def _save(self, live: _Live, entry: Entry, sender: Connection | None = None) -> None:
        live.is_saving = True

        def saved(error: JournalError | None) -> None:
            if error is None:
                self._note_saved(live)
                self._apply(live, entry, sender)
            else:
                self._note_unsaved(live, error)
                asyncio.get_running_loop().call_later(RETRY_SECONDS, self._journal.append, entry, saved)

        self._journal.append(entry, saved)

    def _note_unsaved(self, live: _Live, error: JournalError) -> None:
        """Tell every page that nobody is there to save, once, while any write fails."""
        if not self._unsaved:
            logger.error("%s Nothing is acknowledged until it can be written again.", error)
            self._tell_all(_AWAY)
        self._unsaved.add(live)

    def _note_saved(self, live: _Live) -> None:
        if live in self._unsaved:
            self._unsaved.discard(live)
            if not self._unsaved:
                logger.warning("The journal can be written again.")
                self._tell_all(_BACK)

    def _tell_all(self, text: str) -> None:
        for connection in self._by_connection:
            self._send(connection, text)

    def _apply(self, live: _Live, entry: Entry, sender: Connection | None) -> None:
        live.is_saving = False
        seen, before, finished = len(live.session.updates), live.session.ask, len(live.session.finished)
        live.session.apply(entry)
        for dialogue in live.session.finished[finished:]:
            self._forget(live.session, dialogue, is_finished=True)
        if sender is not None:
            self._send(sender, wire.encode_to_page(wire.Acknowledged(entry.message_id)))
        if live.session.ask is not before:
            self._pursue(live)
        else:  # the time may have run out while a label was being saved, which came first
            self._set_timer(live)
        self._show(live, seen, live.connections)
        if live.session.outcome is not None:
            self._finish(live)
        self._let_bot_speak(live)
        self._work_off(live)

    def _pursue(self, live: _Live) -> None:
        """Do what the session's present ask calls for: a bot's reply, or a limit for the person."""
        _rest(live)
        if live.waits_since is not None:
            live.started_at += time() - live.waits_since  # nobody's time runs while they wait
            live.waits_since = None
        ask = live.session.ask
        if isinstance(ask, AskBot):
            live.waits_since = time()
            live.signs = self._signs(live, ask)
            live.reply = asyncio.get_running_loop().create_task(self._have_bot_reply(live, ask, live.signs))
        if isinstance(ask, AskForVerdict):
            asyncio.get_running_loop().call_soon(self._pronounce, live, ask)
        self._limit(live)

    def _pronounce(self, live: _Live, ask: AskForVerdict) -> None:
        if live.session.ask is ask and self._live.get(live.session.record.session_id) is live:
            verdict = self._judge(live.session, ask.grades)
            self._happen(live, Judged(verdict.is_passed, verdict.note))

    async def _have_bot_reply(self, live: _Live, ask: AskBot, signs: Signs) -> None:
        event = await self._replies.event(live.session, ask, signs, lambda: bool(live.connections))
        signs.close()
        live.reply = None
        live.said = event
        self._let_bot_speak(live)

    def _signs(self, live: _Live, ask: AskBot) -> Signs:
        def tell(sign: wire.PartnerState) -> None:
            if live.connections:
                text = wire.encode_to_page(sign)
                for connection in live.connections:
                    self._send(connection, text)

        delivery, is_early = self._delivery, is_first(live.session, ask)
        return Signs(
            ask.dialogue,
            tell,
            is_streamed=delivery.is_streamed,
            is_waiting=is_early and delivery.begins_with_waiting,
            waiting_seconds=live.session.asked_at + delivery.waiting_seconds - time() if is_early else 0,
        )

    def _let_bot_speak(self, live: _Live) -> None:
        """Record what a bot has answered, once a label that is being saved is."""
        if live.said is not None and not live.is_saving:
            said, live.said = live.said, None
            self._happen(live, said)

    def _limit(self, live: _Live) -> None:
        """Give the person as long as the present ask allows, from now on."""
        now, limits = time(), self._limits
        session_end = live.started_at + limits.session_seconds
        match live.session.ask:
            case None | AskBot() | AskForVerdict():
                live.deadline = None
            case AskPerson():
                live.deadline = min(session_end, now + limits.turn_seconds)
            case AskForRatings() | AskForLabels() | AskForSubmission():
                live.deadline = min(session_end, now + limits.answer_seconds)
            case _:
                live.deadline = session_end
        self._set_timer(live)

    def _set_timer(self, live: _Live) -> None:
        """Have the session end when the person's time is up, or when they have been gone for too long."""
        if live.timer is not None:
            live.timer.cancel()
            live.timer = None
        may_be_gone = live.deadline is not None or isinstance(live.session.ask, AskBot)
        ends = [] if live.deadline is None else [live.deadline]
        if live.gone_since is not None and may_be_gone:
            ends.append(live.gone_since + self._limits.gone_seconds)
        if not ends or self._is_paused:
            return
        ends_at = min(ends)
        live.timer = asyncio.get_running_loop().call_later(max(0.0, ends_at - time()), self._happen, live, TimedOut())

    def _happen(self, live: _Live, event: Event) -> None:
        """Record an event that no page sent; one that is being saved already comes first and settles it."""
        if not live.is_saving and live.session.outcome is None:
            self._save(live, live.session.next_entry(event, time()))

    def _show(self, live: _Live, since: int, to: Iterable[Connection]) -> None:
        updates = live.session.updates[since:]
        if not updates or not to:
            return
        for at in reversed(range(len(updates))):
            asked = updates[at]
            if isinstance(asked, _LIMITED):
                if live.deadline is not None:
                    updates[at] = replace(asked, seconds_left=max(0.0, live.deadline - time()))
                break
        text = wire.encode_to_page(wire.Updates(with_sources(updates, self._pictures)))
        for connection in to:
            self._send(connection, text)

    def _finish(self, live: _Live) -> None:
        for dialogue in range(len(live.session.bots)):
            if dialogue not in live.session.finished:
                self._forget(live.session, dialogue)
        self._ended(live.session)

    def _forget(self, session: Session, dialogue: int, *, is_finished: bool = False) -> None:
        self._bots.forget(session.bots[dialogue], session.dialogue_id(dialogue), is_finished=is_finished)


def _rest(live: _Live) -> None:
    if live.timer is not None:
        live.timer.cancel()
        live.timer = None
    live.said = None
    if live.signs is not None:
        live.signs.close()
        live.signs = None
    if live.reply is not None:
        live.reply.cancel()
        live.reply = None
