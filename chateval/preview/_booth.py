"""The operator of a preview: whoever comes gets a session, and everyone begins anew when what is shown has changed."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import time

import msgspec

from chateval import wire
from chateval.preview._exhibit import Exhibit
from chateval.preview._nothing import ForgetfulJournal, NoBots
from chateval.session import Entry, Limits, Session, SessionHost, SessionRecord, task_preview
from chateval.worlds import AskForConsent, Consented, StaticAnnotationScript

DAY_SECONDS = 24 * 60 * 60.0
NO_HURRY = Limits(DAY_SECONDS, DAY_SECONDS, DAY_SECONDS, DAY_SECONDS)
ANEW = "What this page shows has changed, or was done. It begins anew."
UNREADABLE = "The preview could not read what this page sent. Reload the page."

Visitor = tuple[str, str]
"""Worker id and assignment id, as the link has them."""


@dataclass(frozen=True)
class _Visit:
    """What somebody is at; `number` says which group of dialogues it is."""

    number: int
    record: SessionRecord


class Booth:
    """Gives each visitor a session on what is shown. It is an `Exchange` for a `RouterLink`; all on one event loop."""

    def __init__(self, exhibit: Exhibit, send: Callable[[int, str], None]) -> None:
        self._exhibit = exhibit
        self._send = send
        self._host = self._new_host()
        self._visits: dict[Visitor, _Visit] = {}
        self._interrupted: dict[Visitor, tuple[int, bool]] = {}
        """Whose session a change has ended: the number of their group, and whether they had agreed to begin."""
        self._connections: set[int] = set()
        self._next_number = 0

    async def show(self, exhibit: Exhibit) -> None:
        """Show this from now on; every page that is open begins anew, where it was past the beginning behind it."""
        for visitor, visit in self._visits.items():
            session = self._session(visit)
            if session.outcome is None:
                self._interrupted[visitor] = (visit.number, not isinstance(session.ask, AskForConsent))
        before, self._host = self._host, self._new_host()
        self._exhibit = exhibit
        self._visits.clear()
        await before.close()
        for connection in self._connections:
            self._say(connection, wire.Refused("unknown_session", ANEW))

    async def close(self) -> None:
        await self._host.close()

    # What comes from the router

    def received(self, connection: int, text: str) -> None:
        try:
            message = wire.decode_from_page(text)
        except msgspec.DecodeError:
            self._say(connection, wire.Rejected("", UNREADABLE))
            return
        match message:
            case wire.Join():
                self._join(connection, message)
            case wire.Resume():
                self._resume(connection, message)
            case wire.Ping():
                pass
            case _:
                self._host.receive(connection, message)

    def closed(self, connection: int) -> None:
        self._connections.discard(connection)
        self._host.detach(connection)

    def lost(self) -> None:
        self._connections.clear()
        self._host.pause()

    def found(self) -> None:
        """The line to the router stands."""
        self._host.go_on()

    # Sessions

    def _join(self, connection: int, message: wire.Join) -> None:
        visitor = (message.worker_id, message.assignment_id)
        visit = self._visits.get(visitor)
        is_new = visit is None or self._session(visit).outcome is not None
        if visit is None or is_new:
            visit = self._visits[visitor] = self._begin(visitor)
        self._attach(connection, visit, 0 if is_new else message.since)

    def _resume(self, connection: int, message: wire.Resume) -> None:
        """A session that has ended is not come back to, so that opening a link again begins another."""
        visit = next((one for one in self._visits.values() if one.record.token == message.token), None)
        if visit is None or self._session(visit).outcome is not None:
            self._say(connection, wire.Refused("unknown_session", ANEW))
        else:
            self._attach(connection, visit, message.since)

    def _begin(self, visitor: Visitor) -> _Visit:
        if visitor in self._interrupted:
            number, has_agreed = self._interrupted.pop(visitor)
        else:
            number, has_agreed = self._next_number, False
            self._next_number += 1
        record = self._record(visitor, number)
        self._host.restore(record, [Entry(record.session_id, 1, time(), "", Consented())] if has_agreed else [])
        return _Visit(number, record)

    def _record(self, visitor: Visitor, number: int) -> SessionRecord:
        groups = self._exhibit.groups
        worker_name, assignment_name = visitor
        return SessionRecord(
            session_id=secrets.token_hex(8),
            run_id="preview",
            unit_id=str(number),
            agent_id="",
            worker_id="",
            worker_name=worker_name,
            assignment_name=assignment_name,
            token=secrets.token_urlsafe(32),
            condition="preview",
            script=StaticAnnotationScript(groups[number % len(groups)], seed=number),
            created_at=time(),
        )

    def _attach(self, connection: int, visit: _Visit, since: int) -> None:
        self._connections.add(connection)
        self._say(connection, wire.Joined(visit.record.token, self._view(visit)))
        self._host.attach(visit.record.session_id, connection, since)

    def _view(self, visit: _Visit) -> wire.StudyView:
        shown = self._exhibit.groups[visit.number % len(self._exhibit.groups)]
        return wire.StudyView(
            title=f"Preview of {self._exhibit.task.title or self._exhibit.task.id}",
            description_html="<p>This is a preview. Nothing that you enter is kept.</p>",
            instructions_html=self._exhibit.startup_html,
            left_pane_html="",
            dialogues=sum(len(datapoint.dialogues) for datapoint in shown),
            minimum_turns=0,
            turn_seconds=0,
            reward_usd=0.0,
            work="labels",
            preview=task_preview((self._exhibit.task,)),
        )

    # Means

    def _new_host(self) -> SessionHost:
        return SessionHost(ForgetfulJournal(), NoBots(), self._send, NO_HURRY, _pass)

    def _session(self, visit: _Visit) -> Session:
        session = self._host.session(visit.record.session_id)
        if session is None:
            raise ValueError(f"Session {visit.record.session_id} of the preview has no host.")
        return session

    def _say(self, connection: int, message: wire.ToPage) -> None:
        self._send(connection, wire.encode_to_page(message))


def _pass(session: Session) -> None:
    """Nothing follows from the end of a preview."""
