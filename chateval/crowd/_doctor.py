"""The doctor: whether a data directory agrees with itself, and mending what does not."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mephisto.abstractions.database import MephistoDBException
from mephisto.data_model.constants.assignment_state import AssignmentState

from chateval.crowd._agreement import RESTORE_JOURNAL, RESTORE_MEPHISTO, Finding, RunCheck
from chateval.crowd._books import BookedRun, Books
from chateval.crowd._mending import Mender, Told
from chateval.crowd._records import CrowdRecords
from chateval.crowd._registration import register_abstractions
from chateval.crowd._serving import Service, forget, mending, services
from chateval.errors import DataDirectoryError, JournalError
from chateval.session import Entry, RunRecord, Session, SessionRecord, SqlJournal, journal_place, last_outcome

ROUNDS = 5
"""One repair can bring to light what another is for; the rounds end by themselves long before this."""

MEPHISTO_FILE = "database.db"


@dataclass(frozen=True)
class Diagnosis:
    """What was mended, in order, and what is found after that."""

    mended: tuple[Finding, ...]
    findings: tuple[Finding, ...]

    @property
    def is_healthy(self) -> bool:
        return not any(finding.is_problem for finding in self.findings)


def examine(data_dir: Path, journal_url: str | None = None) -> Diagnosis:
    """Check a data directory. Nothing is changed. Runs that are being served are left out: they do not keep still.

    Raises:
        ChatevalError: there is no journal to check, or its server cannot be reached.
    """
    place = journal_place(data_dir, journal_url)
    register_abstractions()
    with ExitStack() as stack:
        return Diagnosis((), tuple(_findings(data_dir, place, stack)))


def mend(data_dir: Path, journal_url: str | None = None) -> Diagnosis:
    """Check a data directory, and mend what can be mended. What the journal holds already is never changed.

    Raises:
        ChatevalError: as for `examine`; or a study is running there; or a repair failed, with what it was to mend.
    """
    place = journal_place(data_dir, journal_url)
    register_abstractions()
    mended: list[Finding] = []
    with mending(data_dir):
        for _ in range(ROUNDS):
            round_of_repairs = _mend_once(data_dir, place)
            mended += round_of_repairs
            if not round_of_repairs:
                break
        with ExitStack() as stack:
            return Diagnosis(tuple(mended), tuple(_findings(data_dir, place, stack)))


def _mend_once(data_dir: Path, place: Path | str) -> list[Finding]:
    with ExitStack() as stack:
        mended = []
        for finding in list(_findings(data_dir, place, stack)):
            if finding.mend is not None:
                try:
                    finding.mend()
                except (OSError, ValueError, sqlite3.Error, MephistoDBException, AssertionError) as error:
                    raise DataDirectoryError(f"This could not be mended: {finding.text} It failed: {error}") from error
                mended.append(finding)
        return mended


def _findings(data_dir: Path, place: Path | str, stack: ExitStack) -> Iterator[Finding]:
    """All findings; what repairs need stays open until the stack is closed."""
    served = {service.task_name for service in services(data_dir) if service.is_running}
    yield from _of_services(data_dir)
    journal = _Journal()
    yield from journal.read(place)
    if not (data_dir / MEPHISTO_FILE).exists():
        if journal.runs:
            yield Finding(f"{data_dir} has no {MEPHISTO_FILE}, and the journal holds runs.", RESTORE_MEPHISTO)
        return
    try:
        records = stack.enter_context(closing(CrowdRecords(data_dir)))
        books = Books(records)
        faults = [f"{data_dir / MEPHISTO_FILE} is damaged: {fault}." for fault in books.faults()]
    except (DataDirectoryError, sqlite3.Error) as error:
        yield Finding(f"{data_dir / MEPHISTO_FILE} cannot be read: {error}", RESTORE_MEPHISTO)
        return
    yield from (Finding(fault, RESTORE_MEPHISTO) for fault in faults)
    if journal.is_whole:
        yield from _of_runs(journal, books, Mender(records, place), served)


def _of_services(data_dir: Path) -> Iterator[Finding]:
    for service in services(data_dir):
        if service.is_running:
            text = f"The task {service.task_name!r} is being served ({service.about}), so its runs are not looked at."
            yield Finding(text, "Ask again when it has stopped.", is_problem=False)
        else:
            yield _of_leftover(data_dir, service)


def _of_leftover(data_dir: Path, service: Service) -> Finding:
    text = f"The operator of the task {service.task_name!r} was killed ({service.about})."
    return Finding(text, "What it left is cleared.", partial(forget, data_dir, service), is_problem=False)


class _Journal:
    """What can be read of a journal."""

    def __init__(self) -> None:
        self.runs: list[RunRecord] = []
        self.told: defaultdict[str, list[Told]] = defaultdict(list)
        self.is_whole = False
        """Whether every row could be read: what a part of a journal says of units and quotas is wrong."""

    def read(self, place: Path | str) -> Iterator[Finding]:
        """Take it in; gives what is wrong with it. A server that cannot be reached is an error, not a finding."""
        damages: list[str] = []
        senseless: list[str] = []
        try:
            with closing(SqlJournal(place)) as journal:
                damages += [f"The journal {journal.name} is damaged: {fault}." for fault in journal.faults()]
                self.runs = journal.runs(damages.append)
                for record, entries in journal.histories(damaged=damages.append):
                    self.told[record.run_id].append(_told(record, entries, senseless))
        except JournalError as error:
            if not isinstance(place, Path):
                raise
            damages.append(str(error))
        self.is_whole = not damages
        yield from (Finding(damage, RESTORE_JOURNAL) for damage in [*damages, *senseless])


def _told(record: SessionRecord, entries: Sequence[Entry], senseless: list[str]) -> Told:
    try:
        session = Session.replay(record, entries)
    except (ValueError, TypeError, AttributeError, LookupError) as error:  # as worlds meet what they never asked for
        senseless.append(f"Session {record.session_id} of run {record.run_id} cannot be played again: {error}")
        return Told(record, entries, None, last_outcome(record, entries))
    return Told(record, entries, session, session.outcome)


def _of_runs(journal: _Journal, books: Books, mender: Mender, served: set[str]) -> Iterator[Finding]:
    latest = {run.task_name: run.run_id for run in journal.runs}
    for run in journal.runs:
        booked = books.runs.get(run.run_id)
        if run.task_name in served:
            continue
        if booked is None or booked.task_name != run.task_name:
            text = f"Run {run.run_id} of the task {run.task_name!r} is in the journal and not in Mephisto's records."
            yield Finding(text, RESTORE_MEPHISTO)
        else:
            is_latest = latest[run.task_name] == run.run_id
            told = journal.told[run.run_id]
            yield from RunCheck(run, booked, told, books, mender, is_latest=is_latest).findings()
    known = {run.run_id for run in journal.runs}
    for booked in books.runs.values():
        if booked.run_id not in known and booked.task_name not in served:
            yield from _of_run_without_record(booked, books, mender)


def _of_run_without_record(booked: BookedRun, books: Books, mender: Mender) -> Iterable[Finding]:
    text = f"Run {booked.run_id} of the task {booked.task_name!r} is in Mephisto's records and not in the journal."
    open_units = [u for u in books.units_of(booked.run_id) if u.status in AssignmentState.incomplete()]
    if open_units:
        yield Finding(text, f"Its {len(open_units)} open units expire.", partial(mender.expire, open_units))
    if not booked.is_completed:
        close = partial(mender.mark_run, booked.run_id, is_completed=True)
        yield Finding(text, "It never began, and is closed.", close)
