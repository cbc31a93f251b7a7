"""The operator: the researcher's end of a running study."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, ParamSpec, TypeVar, assert_never

import msgspec

from chateval import wire
from chateval.allocation import (
    Admission,
    Applicant,
    Invite,
    LinkRule,
    Place,
    Progress,
    RefusalReason,
    Signer,
    invite_key,
    refusal,
)
from chateval.config import Study
from chateval.crowd._image_stack import ImageStack
from chateval.crowd._openings import Openings
from chateval.crowd._outputs import ending
from chateval.crowd._placement import Aside, Placement, fills_its_place
from chateval.crowd._records import CrowdRecords, KnownWorker
from chateval.crowd._registry import Registry
from chateval.crowd._scripts import SCREENING, script_for
from chateval.crowd._standings import Grant, Standings
from chateval.crowd._transcripts import Transcripts
from chateval.crowd._turnstile import Turnstile
from chateval.crowd._views import Views, picture_source
from chateval.session import Entry, Journal, Limits, ReplySource, Session, SessionHost, SessionRecord, last_outcome
from chateval.worlds import Outcome

if TYPE_CHECKING:
    from mephisto.data_model.task_run import TaskRun

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

RETRY_SECONDS = 2.0

NO_WORKER_ID = "This link does not say who you are. Open the link exactly as it was given to you."
BAD_LINK = "This link is incomplete, was changed, or has expired. Open the link exactly as it was given to you."
TOO_OFTEN = "This page asks for its session too often. Wait a minute, then reload it."
CLOSING = "This study has just closed. Thank you for your interest."
UNKNOWN_SESSION = "This session is not known here any more. Open the link that you were given once more."
UNREADABLE = "The study could not read what this page sent. Reload the page."


@dataclass(frozen=True)
class Run:
    """What an operator works on: a run as Mephisto and the journal have it."""

    study: Study
    task_run: "TaskRun"
    records: CrowdRecords
    records_thread: ThreadPoolExecutor
    journal: Journal
    url: str
    stack: ImageStack | None = None
    """Of a study of pictures; it has taken in what the journal holds of other runs."""


class Operator:
    """Gives out places, lets pages follow their sessions, and keeps Mephisto's record in step with the journal.

    It is an `Exchange` for a `RouterLink`. Everything but Mephisto's data model runs on one event loop; that runs on a
    thread of its own, whose order of work is the order of calls.
    """

    def __init__(self, run: Run, bots: ReplySource, send: Callable[[int, str], None]) -> None:
        study = run.study
        self._run = run
        self._send = send
        self._views = Views(study)
        self._admission = Admission(
            blocklist=study.admission.blocklist,
            block_qualification=study.admission.block_qualification,
            allowed_qualification=study.admission.allowed_worker_qualification,
            maximum_units_per_worker=study.task.maximum_units_per_worker,
            allowed_concurrent=study.task.allowed_concurrent,
            max_num_concurrent_units=study.task.max_num_concurrent_units,
        )
        self._links = LinkRule(
            Signer(invite_key(study.data_dir), study.task.name) if study.requires_signed_links else None
        )
        self._turnstile = Turnstile()
        self._standings = Standings(study)
        self._placement = Placement(study, self._standings, run.stack)
        self._openings = Openings(study)
        self._registry = Registry(run.task_run.db_id)
        limits = Limits(
            study.limits.turn_seconds,
            study.limits.answer_seconds,
            study.task.assignment_seconds,
            study.limits.gone_seconds,
        )
        delivery = study.collection.delivery if study.collection is not None else None
        self._host = SessionHost(
            run.journal,
            bots,
            send,
            limits,
            self._on_ended,
            judge=self._standings.judge,
            delivery=delivery,
            pictures=picture_source(study),
        )
        self._connections: set[int] = set()
        self._joining: dict[tuple[str, str], asyncio.Task[SessionRecord | wire.Refused]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._transcripts = Transcripts(study) if study.chat_data_folder is not None else None
        self.is_closing = False
        self.last_ended_at = time()

    @property
    def is_complete(self) -> bool:
        return self._placement.is_complete

    def progress(self) -> tuple[Progress, ...]:
        return self._placement.progress()

    def load(self, places: list[Place], unsettled: frozenset[str]) -> None:
        """Take up a run as it stands: its places, and the sessions that the journal holds of its task.

        `unsettled` are the agents whose endings Mephisto may not know of.
        """
        journal, run_id = self._run.journal, self._run.task_run.db_id
        by_unit = {place.unit_id: place for place in places}
        open_units = dict(by_unit)
        unfinished: list[tuple[SessionRecord, list[Entry]]] = []
        for record, entries in journal.histories(task_name=self._run.study.task.name):
            outcome = last_outcome(record, entries)
            self._registry.add(record, outcome)
            self._openings.note(record)
            is_settled = record.agent_id not in unsettled
            session, grants = self._look_back(record, entries, outcome, is_settled=is_settled)
            if record.run_id != run_id or record.unit_id not in by_unit:
                continue
            held = self._placement.of(record.condition)
            if outcome is None:
                unfinished.append((record, entries))
                held.add_held(by_unit[record.unit_id])
                open_units.pop(record.unit_id, None)
                continue
            if outcome.is_paid:
                held.add_held(by_unit[record.unit_id])
                held.use_up(record.unit_id, counts=fills_its_place(record, outcome))
                open_units.pop(record.unit_id, None)
            else:
                held.count_abandoned(record.condition)
            if not is_settled:
                self._in_background(self._settle(session or Session.replay(record, entries), grants))
        for place in open_units.values():
            self._placement.of(place.condition).add(place)
        for record, entries in unfinished:
            self._host.restore(record, entries)
        # A crash may have kept the places that replace failed sessions from being recorded.
        for condition in self._placement.lacking():
            self._in_background(self._replace(condition))

    def _look_back(
        self, record: SessionRecord, entries: list[Entry], outcome: Outcome | None, *, is_settled: bool
    ) -> tuple[Session | None, tuple[Grant, ...]]:
        """Take a session of earlier into its worker's standing; replayed, where that takes its answers."""
        if outcome is None:
            if record.run_id == self._run.task_run.db_id:
                self._standings.began(record.worker_name, record.condition)
            return None, ()
        if not self._standings.needs_replay(record, is_settled=is_settled):
            self._standings.done_before(record, outcome)
            return None, ()
        self._standings.began(record.worker_name, record.condition)
        session = Session.replay(record, entries)
        return session, self._standings.ended(session)

    # What comes from the router

    def received(self, connection: int, text: str) -> None:
        self._connections.add(connection)
        try:
            message = wire.decode_from_page(text)
        except msgspec.DecodeError as error:
            logger.debug("A page sent what the wire does not know: %r", str(error))  # which anyone can have it do
            self._say(connection, wire.Rejected("", UNREADABLE))
            return
        match message:
            case wire.Join() | wire.Resume() if not self._turnstile.lets_ask(connection):
                self._say(connection, wire.Rejected("", TOO_OFTEN))
            case wire.Join():
                self._in_background(self._join(connection, message))
            case wire.Resume():
                self._in_background(self._resume(connection, message))
            case wire.Ping():
                pass
            case _:
                self._host.receive(connection, message)

    def closed(self, connection: int) -> None:
        self._connections.discard(connection)
        self._turnstile.forget(connection)
        self._host.detach(connection)

    def lost(self) -> None:
        self._connections.clear()
        self._turnstile.forget_all()
        self._host.pause()

    def found(self) -> None:
        """The line to the router stands: workers can come."""
        self._host.go_on()

    async def close(self) -> None:
        """Stop taking anything; what is under way stays as the journal has it."""
        self.is_closing = True
        await self._host.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Getting to a session

    async def _join(self, connection: int, message: wire.Join) -> None:
        worker_name, assignment_name = message.worker_id.strip(), message.assignment_id.strip()
        if not worker_name:
            self._say(connection, wire.Refused("no_worker_id", NO_WORKER_ID))
            return
        found: SessionRecord | wire.Refused | None = self._registry.at(worker_name, assignment_name)
        link = Invite(worker_name, assignment_name, message.expires, message.signature)
        if not self._links.admits(link, time(), is_return=found is not None):
            self._say(connection, wire.Refused("bad_link", BAD_LINK))
            return
        if found is None:
            found = await self._until_done(lambda: self._apply_once(worker_name, assignment_name))
        if isinstance(found, wire.Refused):
            self._say(connection, found)
        else:
            await self._attach(connection, found, message.since)

    async def _resume(self, connection: int, message: wire.Resume) -> None:
        record = self._registry.of(message.token)
        if record is None:
            self._say(connection, wire.Refused("unknown_session", UNKNOWN_SESSION))
        else:
            await self._attach(connection, record, message.since)

    async def _attach(self, connection: int, record: SessionRecord, since: int) -> None:
        if not self._turnstile.lets_in(record.session_id):
            self._say(connection, wire.Rejected("", TOO_OFTEN))
            return
        if self._host.session(record.session_id) is None:
            entries = await asyncio.to_thread(self._run.journal.entries, record.session_id)
            if self._host.session(record.session_id) is None:
                self._host.restore(record, entries)
        if connection in self._connections:
            self._say(connection, wire.Joined(record.token, self._views.of(record.condition)))
            self._host.attach(record.session_id, connection, since)

    async def _apply_once(self, worker_name: str, assignment_name: str) -> SessionRecord | wire.Refused:
        """Apply for a place; whoever asks with the same link meanwhile gets the same answer."""
        link = (worker_name, assignment_name)
        if link not in self._joining:
            self._joining[link] = asyncio.create_task(self._apply(worker_name, assignment_name))
            self._joining[link].add_done_callback(lambda _: self._joining.pop(link))
        return await asyncio.shield(self._joining[link])

    async def _apply(self, worker_name: str, assignment_name: str) -> SessionRecord | wire.Refused:
        if self.is_closing:
            return wire.Refused("closing", CLOSING)
        known = await self._on_records(self._run.records.worker, self._run.task_run, worker_name)
        applicant = Applicant(
            worker_name=worker_name,
            is_blocked=known.is_blocked,
            qualifications=known.qualifications,
            units_taken=self._registry.taken(worker_name),
            units_held=self._registry.held(worker_name),
        )
        reason = refusal(applicant, self._admission, self._registry.held_by_all)
        reason = reason or self._standings.refusal(worker_name, known.qualifications)
        found = reason or self._placement.choose(worker_name, known.qualifications, self._registry.met(worker_name))
        if isinstance(found, RefusalReason):
            return wire.Refused(found.value, found.text)
        return await self._begin(found, known, worker_name, assignment_name)

    async def _place_aside(self, condition: str) -> Place:
        """A place without a quota: one that is kept ready, so that it takes no longer than any other."""
        places = self._placement.of(condition)
        place = places.take_of(condition)
        if not places.waiting(condition):
            self._in_background(self._replace(condition))
        if place is None:
            place = await self._new_place(condition)
            places.add_held(place)
        return place

    async def _begin(
        self, found: Place | Aside, known: KnownWorker, worker_name: str, assignment_name: str
    ) -> SessionRecord:
        """Begin a session. It is counted before anything is waited for, so that no limit is overrun meanwhile."""
        condition, place = found.condition, found if isinstance(found, Place) else None
        counts = condition != SCREENING
        self._registry.hold(worker_name, condition, counts=counts)
        self._standings.began(worker_name, condition)
        run = self._run
        try:
            place = place or await self._place_aside(condition)
            agent_id = await self._on_records(run.records.begin, run.task_run, known.worker_id, place.unit_id)
            record = self._new_record(place, known, worker_name, assignment_name, agent_id)
            self._openings.note(record)
            await self._host.open(record)
        except BaseException:
            self._registry.let_go(worker_name, condition, counts=counts)
            self._standings.never_began(worker_name, condition)
            if place is not None:
                self._placement.of(condition).give_back(place.unit_id, was_started=False)
            raise
        self._registry.enlist(record)
        if run.stack is not None:
            run.stack.note(record, None)
        return record

    def _new_record(
        self, place: Place, known: KnownWorker, worker_name: str, assignment_name: str, agent_id: str
    ) -> SessionRecord:
        session_id = secrets.token_hex(8)
        is_onboarded = self._standings.is_onboarded(worker_name, known.qualifications)
        return SessionRecord(
            session_id=session_id,
            run_id=self._run.task_run.db_id,
            unit_id=place.unit_id,
            agent_id=agent_id,
            worker_id=known.worker_id,
            worker_name=worker_name,
            assignment_name=assignment_name,
            token=secrets.token_urlsafe(32),
            condition=place.condition,
            script=script_for(
                self._run.study,
                place.condition,
                session_id,
                is_onboarded=is_onboarded,
                context=self._openings.choose(place.condition, worker_name),
            ),
            created_at=time(),
        )

    # Endings

    def _on_ended(self, session: Session) -> None:
        record, outcome = session.record, session.outcome
        if outcome is None:
            raise ValueError(f"Session {record.session_id} has not ended.")
        self.last_ended_at = time()
        is_training = record.condition == SCREENING
        self._registry.end(record, outcome, counts=not is_training)
        grants = self._standings.ended(session)
        _tell_of_violations(session)
        if self._run.stack is not None:
            self._run.stack.note(record, outcome)
        places = self._placement.of(record.condition)
        match outcome:
            case Outcome.COMPLETED | Outcome.QUALIFIED | Outcome.BOT_FAILED | Outcome.NOT_QUALIFIED:
                is_filled = fills_its_place(record, outcome)
                places.use_up(record.unit_id, counts=is_filled)
                if not is_filled:
                    self._in_background(self._replace(record.condition))
            case Outcome.LEFT | Outcome.TIMED_OUT:
                places.give_back(record.unit_id, was_started=True)
            case _:
                assert_never(outcome)
        self._in_background(self._settle(session, grants))

    async def _settle(self, session: Session, grants: tuple[Grant, ...]) -> None:
        """Bring Mephisto's record, and the transcripts, up to where the journal is."""
        record, records = session.record, self._run.records
        await self._until_done(lambda: self._on_records(_grant_all, records, record.worker_id, grants))
        entries = await asyncio.to_thread(self._run.journal.entries, record.session_id)
        end = ending(session, entries)
        if self._transcripts is not None and end.outcome is Outcome.COMPLETED:
            write = self._transcripts.write
            await self._until_done(lambda: asyncio.to_thread(write, session, end.outputs))
        await self._until_done(lambda: self._on_records(records.settle, record.agent_id, end))

    async def _replace(self, condition: str) -> None:
        self._placement.of(condition).add(await self._new_place(condition))

    async def _new_place(self, condition: str) -> Place:
        run = self._run
        return await self._until_done(lambda: self._on_records(run.records.replace, run.task_run, condition, run.url))

    # Means

    def _say(self, connection: int, message: wire.ToPage) -> None:
        self._send(connection, wire.encode_to_page(message))

    async def _on_records(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._run.records_thread, lambda: call(*args, **kwargs))

    async def _until_done(self, attempt: Callable[[], Awaitable[R]]) -> R:
        """Try again what a full disk or a locked file has kept from happening, until it happens or the study closes."""
        while True:
            try:
                return await attempt()
            except Exception:
                if self.is_closing:
                    raise
                logger.exception("This could not be recorded; it is tried again.")
                await asyncio.sleep(RETRY_SECONDS)

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_log_failure)


def _grant_all(records: CrowdRecords, worker_id: str, grants: tuple[Grant, ...]) -> None:
    for grant in grants:
        records.grant(worker_id, grant.name, grant.value)


def _tell_of_violations(session: Session) -> None:
    found = {number: session.violations(number) for number in range(len(session.bots))}
    for number, names in found.items():
        if names and session.outcome is Outcome.COMPLETED:
            logger.warning("What was typed in %s is not acceptable: %s.", session.dialogue_id(number), ", ".join(names))


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("Work in the background failed.", exc_info=error)
