"""The doctor: each way in which a data directory can disagree with itself, found and mended."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import time
from typing import Any

import pytest

from chateval import wire
from chateval.cli import main
from chateval.config import Study
from chateval.crowd import examine, mend
from chateval.crowd._blueprint import assignment_data
from chateval.crowd._outputs import ending
from chateval.crowd._records import CrowdRecords
from chateval.crowd._scripts import script_for
from chateval.crowd._serving import services, serving
from chateval.errors import DataDirectoryError
from chateval.session import JOURNAL_FILE, Accepted, Entry, RunRecord, Session, SessionRecord, SqlJournal
from chateval.worlds import Event, Outcome, Spoke

from .conftest import small_study

URL = "http://localhost:3000"


class Directory:
    """A data directory in which a run stands as an operator leaves it: one session done, one under way, one left."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.path = study.data_dir
        self.journal = self.path / JOURNAL_FILE
        with closing(CrowdRecords(self.path)) as records:
            run = records.new_run(study)
            self.run_id = str(run.db_id)
            facts = (study.resolved_yaml, study.config_hash, study.seed)
            with closing(SqlJournal(self.journal)) as journal:
                journal.add_run(RunRecord(self.run_id, study.task.name, study.conf, time(), *facts, {}, {}))
            self.places = records.new_places(run, [assignment_data("listener")] * 3, URL)
        self.done = self.play(self.begin("done", 0), Outcome.COMPLETED)
        self.active = self.play(self.begin("active", 1), None)
        self.left = self.play(self.begin("left", 2), Outcome.LEFT)

    def begin(self, worker_name: str, place: int) -> SessionRecord:
        with closing(CrowdRecords(self.path)) as records:
            run = records.task_run(self.run_id)
            worker = records.worker(run, worker_name)
            unit_id = self.places[place].unit_id
            agent_id = records.begin(run, worker.worker_id, unit_id)
        script = script_for(self.study, "listener", worker_name)
        ids = (f"s-{worker_name}", self.run_id, unit_id, agent_id, worker.worker_id, worker_name, "A")
        record = SessionRecord(*ids, f"token of {worker_name}", "listener", script, time())
        with closing(SqlJournal(self.journal)) as journal:
            journal.add_session(record, lambda _: None)
        return record

    def play(self, record: SessionRecord, outcome: Outcome | None) -> SessionRecord:
        session, entries = Session(record), list[Entry]()

        def happen(event: wire.SessionMessage | Event) -> None:
            if isinstance(event, wire.SessionMessage):
                verdict = session.take(event, time())
                assert isinstance(verdict, Accepted)
                entries.append(verdict.entry)
            else:
                entries.append(session.next_entry(event, time()))
            session.apply(entries[-1])

        for event in (wire.Consent("c"), Spoke("hello"), wire.Say("m", 0, "hi there"), Spoke("well")):
            happen(event)
        if outcome is Outcome.LEFT:
            happen(wire.Leave("l"))
        if outcome is Outcome.COMPLETED:
            happen(wire.Finish("f", 0))
            happen(wire.Answer("a", 0, {question.id: 4 for question in record.script.questions}))
            happen(wire.Submit("s"))
        with closing(SqlJournal(self.journal)) as journal:
            for entry in entries:
                journal.append(entry, lambda _: None)
        if outcome is not None:
            with closing(CrowdRecords(self.path)) as records:
                records.settle(record.agent_id, ending(session, entries))
        return record

    def mephisto(self, statement: str, *values: object) -> None:
        _execute(self.path / "database.db", statement, values)

    def in_journal(self, statement: str, *values: object) -> None:
        _execute(self.journal, statement, values)

    def files(self, name: str) -> list[Path]:
        return sorted((self.path / "data").rglob(name))


def _execute(path: Path, statement: str, values: tuple[Any, ...]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement, values).rowcount != 0


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    return Directory(small_study(tmp_path_factory.mktemp("data"), needed="listener:3"))


@pytest.fixture
def directory(made_once: Directory) -> Iterator[Directory]:
    """As made, and put back after the test."""
    kept = made_once.path.with_suffix(".kept")
    shutil.copytree(made_once.path, kept)
    yield made_once
    shutil.rmtree(made_once.path)
    kept.rename(made_once.path)


def problems(data_dir: Path) -> list[str]:
    return [finding.text for finding in examine(data_dir).findings if finding.is_problem]


def hold_twice(d: Directory) -> None:
    """As two operators did, before there was a lock."""
    d.play(d.begin("second", 2), None)
    d.in_journal("UPDATE sessions SET record = replace(record, ?, ?) WHERE session_id = 's-second'",
                 f'"unit_id":"{d.left.unit_id}"', f'"unit_id":"{d.active.unit_id}"')  # fmt: skip
    d.mephisto("UPDATE agents SET unit_id = ? WHERE agent_id = (SELECT max(agent_id) FROM agents)", d.active.unit_id)
    d.mephisto("UPDATE units SET status = 'launched', agent_id = NULL WHERE unit_id = ?", d.left.unit_id)


def begin_without_session(d: Directory) -> None:
    with closing(CrowdRecords(d.path)) as records:
        run = records.task_run(d.run_id)
        records.begin(run, records.worker(run, "unlucky").worker_id, d.left.unit_id)


def new_run_without_record(d: Directory) -> None:
    with closing(CrowdRecords(d.path)) as records:
        records.new_places(records.new_run(d.study), [assignment_data("listener")], URL)


def add_a_place(d: Directory) -> None:
    with closing(CrowdRecords(d.path)) as records:
        records.replace(records.task_run(d.run_id), "listener", URL)


def reserve(d: Directory) -> None:
    folder = d.files("assign_data.json")[0].parents[1] / "reservations"
    folder.mkdir()
    (folder / "unit_res_1").touch()


def finish_all(d: Directory) -> None:
    """The operator was killed in the minute in which a complete study still serves pages."""
    d.mephisto("UPDATE units SET status = 'expired' WHERE unit_id = ?", d.left.unit_id)
    d.in_journal("UPDATE runs SET record = replace(record, 'listener:3', 'listener:1')")
    d.in_journal("INSERT INTO entries VALUES ('s-active', 5, 0.0, '', '{\"type\":\"left\"}')")
    d.mephisto("UPDATE agents SET status = 'returned' WHERE agent_id = ?", d.active.agent_id)
    d.mephisto("UPDATE units SET status = 'expired', agent_id = NULL WHERE unit_id = ?", d.active.unit_id)


MENDABLE: dict[str, tuple[Callable[[Directory], object], str]] = {
    "an agent that was not settled": (
        lambda d: d.mephisto("UPDATE agents SET status = 'in task' WHERE agent_id = ?", d.done.agent_id),
        "Session s-done of run 1 ended as completed, and its agent 1 is 'in task' in Mephisto.",
    ),
    "an agent that left without having left": (
        lambda d: d.mephisto("UPDATE agents SET status = 'disconnect' WHERE agent_id = ?", d.active.agent_id),
        "Session s-active of run 1 is under way, and its agent 2 is 'disconnect' in Mephisto.",
    ),
    "an agent counted as done who left": (
        lambda d: d.mephisto("UPDATE agents SET status = 'completed' WHERE agent_id = ?", d.left.agent_id),
        "Session s-left of run 1 ended as left, and its agent 3 is 'completed' in Mephisto.",
    ),
    "a unit given out twice over": (
        lambda d: d.mephisto("UPDATE units SET status = 'launched', agent_id = NULL WHERE unit_id = ?",
                             d.done.unit_id),
        "Unit 1 of run 1 is 'launched', and belongs to session s-done of agent 1, which ended as completed.",
    ),
    "a unit that expired under a worker": (
        lambda d: d.mephisto("UPDATE units SET status = 'expired' WHERE unit_id = ?", d.active.unit_id),
        "Unit 2 of run 1 is 'expired' with agent 2, and belongs to session s-active of agent 2, which is under way.",
    ),
    "a unit stuck with nobody": (
        lambda d: d.mephisto("UPDATE units SET status = 'assigned', agent_id = 3 WHERE unit_id = ?", d.left.unit_id),
        "Unit 3 of run 1 is 'assigned' with agent 3, and no session holds it.",
    ),
    "a unit never launched": (
        lambda d: d.mephisto("UPDATE units SET status = 'created' WHERE unit_id = ?", d.left.unit_id),
        "Unit 3 of run 1 is 'created', and no session holds it.",
    ),
    "an agent without a session": (begin_without_session, "Agent 4 is 'in task' and has no session."),
    "an agent that is missing": (
        lambda d: d.mephisto("DELETE FROM agents WHERE agent_id = ?", d.done.agent_id),
        "Session s-done of run 1: Mephisto has no agent 1.",
    ),
    "two sessions at one unit": (hold_twice, "Unit 2 of run 1 is held by two sessions, s-active and s-second."),
    "times that are not on file": (
        lambda d: d.files("agent_meta.json")[0].write_text(""),
        "and the file of its agent 1 is missing or damaged.",
    ),
    "work that is not on file": (
        lambda d: d.files("agent_data.json")[0].write_text('{"inputs": {'),
        "and the file of its agent 1 is missing or damaged.",
    ),
    "a unit that forgot its condition, held": (
        lambda d: d.files("assign_data.json")[0].write_text("{"),
        "Unit 1 of run 1 does not say what it is for: its file is missing or damaged.",
    ),
    "a run unknown to the journal": (
        new_run_without_record,
        "Run 2 of the task 'collect_dialogues' is in Mephisto's records and not in the journal.",
    ),
    "a quota underfilled": (
        lambda d: d.mephisto("UPDATE units SET status = 'expired' WHERE unit_id = ?", d.left.unit_id),
        "Run 1 needs 3 sessions of 'listener'; 1 are done, 1 under way, and 0 places are free.",
    ),
    "a quota overfilled": (
        add_a_place,
        "Run 1 needs 3 sessions of 'listener'; 1 are done, 1 under way, and 2 places are free.",
    ),
    "a run marked complete too early": (
        lambda d: d.mephisto("UPDATE task_runs SET is_completed = 1"),
        "Run 1 is marked complete, and 1 of 3 sessions are done, 1 under way.",
    ),
    "a run complete and not marked": (
        finish_all,
        "Run 1 is complete (1 of 1 sessions are done, 0 under way), and not marked so.",
    ),
    "a reservation for nobody": (reserve, "reserves a unit for nobody."),
}  # fmt: skip


def test_what_an_operator_leaves_agrees(directory: Directory) -> None:
    """A doctor who cries wolf is not asked again. That a run can be gone on with is said, and no problem."""
    diagnosis = examine(directory.path)

    assert diagnosis.is_healthy
    [note] = diagnosis.findings
    assert "is unfinished: 1 of 3 sessions are done, 1 under way." in note.text


@pytest.mark.parametrize(("damage", "said"), MENDABLE.values(), ids=MENDABLE)
def test_damage_is_said_and_mended(
    directory: Directory, damage: Callable[[Directory], object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Afterwards nothing is found, and what the journal held it holds unchanged."""
    damage(directory)
    with closing(SqlJournal(directory.journal)) as journal:
        before = {record.session_id: entries for record, entries in journal.histories()}
    assert any(said in text for text in problems(directory.path)), problems(directory.path)
    assert main(["doctor", "--data-dir", str(directory.path)]) == 1

    assert main(["doctor", "--data-dir", str(directory.path), "--mend"]) == 0

    assert any(line.startswith("mended") and said in line for line in capsys.readouterr().out.splitlines())
    assert problems(directory.path) == []
    with closing(SqlJournal(directory.journal)) as journal:
        for record, entries in journal.histories():
            assert entries[: len(before[record.session_id])] == before[record.session_id]


def test_mended_work_is_as_it_was(directory: Directory) -> None:
    """What Mephisto's tools show of a session comes from the journal, and can be made from it again."""
    [path, *_] = directory.files("agent_data.json")
    as_it_was = path.read_text()
    path.unlink()

    mend(directory.path)

    assert path.read_text() == as_it_was


FINISHED = '{"type":"finished"}'


def tear(path: Path) -> None:
    """As a disk does that writes half of a page."""
    with path.open("r+b") as file:
        file.seek(8_192)
        file.write(b"\xff" * 12_000)


HOPELESS: dict[str, tuple[Callable[[Directory], object], str]] = {
    "a gap": (
        lambda d: d.in_journal("DELETE FROM entries WHERE session_id = 's-done' AND seq = 3"),
        "Session s-done of run 1 cannot be played again: Entry 4 does not follow entry 2",
    ),
    "an event that was never asked for": (
        lambda d: d.in_journal("UPDATE entries SET event = ? WHERE session_id = 's-done' AND seq = 1", FINISHED),
        "Session s-done of run 1 cannot be played again",
    ),
    "an event after the end": (
        lambda d: d.in_journal("INSERT INTO entries VALUES ('s-left', 6, 0.0, '', '{\"type\":\"left\"}')"),
        "Session s-left of run 1 cannot be played again",
    ),
    "an entry that is no event": (
        lambda d: d.in_journal("UPDATE entries SET event = '{' WHERE session_id = 's-done' AND seq = 3"),
        "The journal cannot read entry 3 of session s-done",
    ),
    "a run that cannot be read": (
        lambda d: d.in_journal("UPDATE runs SET record = '[]'"),
        "The journal cannot read run 1",
    ),
    "entries without their session": (
        lambda d: d.in_journal("DELETE FROM sessions WHERE session_id = 's-left'"),
        "entries of a session s-left, which it does not hold",
    ),
    "a unit that is missing": (
        lambda d: d.mephisto("DELETE FROM units WHERE unit_id = ?", d.done.unit_id),
        "Session s-done of run 1: Mephisto has no unit 1 in this run.",
    ),
    "an agent at another unit": (
        lambda d: d.mephisto("UPDATE agents SET unit_id = 3 WHERE agent_id = ?", d.done.agent_id),
        "its agent 1 is at unit 3, not at its own, 1.",
    ),
    "a run that is missing": (
        lambda d: d.mephisto("DELETE FROM task_runs"),
        "Run 1 of the task 'collect_dialogues' is in the journal and not in Mephisto's records.",
    ),
    "no database": (lambda d: (d.path / "database.db").unlink(), "has no database.db, and the journal holds runs."),
    "a database that is none": (lambda d: (d.path / "database.db").write_bytes(b"x" * 9_000), "cannot be read"),
    "a journal that is none": (lambda d: d.journal.write_bytes(b"x" * 9_000), "cannot be opened"),
    "a journal with a torn page": (
        lambda d: tear(d.journal),
        "journal.db",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "said"), HOPELESS.values(), ids=HOPELESS)
def test_what_cannot_be_mended_is_said_with_what_could_help(
    directory: Directory, damage: Callable[[Directory], object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a traceback, and without making it worse: a lost record must not free the unit that it held."""
    damage(directory)

    assert main(["doctor", "--data-dir", str(directory.path), "--mend"]) == 1

    said_in_all = capsys.readouterr()
    assert any(line.startswith("problem") and said in line for line in said_in_all.out.splitlines()), said_in_all.out
    assert "Restore" in said_in_all.out
    assert "Traceback" not in said_in_all.err
    assert not any(line.startswith("mended") and "no session" in line for line in said_in_all.out.splitlines())


def test_nothing_to_look_at_is_a_mistake_of_the_user(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--data-dir", str(tmp_path)]) == 2

    assert "Nothing has been collected" in capsys.readouterr().err


def test_nothing_is_mended_while_a_study_runs(directory: Directory) -> None:
    """The operator holds its own view of units, and would undo or double the repair."""
    begin_without_session(directory)
    with serving(directory.path, directory.study.task.name):
        with pytest.raises(DataDirectoryError, match=r"A study is running on .*: collect_dialogues \(process"):
            mend(directory.path)
        assert problems(directory.path) == []

    assert mend(directory.path).is_healthy


def test_a_task_is_served_by_one_operator(tmp_path: Path) -> None:
    """Two would give out each place twice. Another study may be served beside it."""
    with serving(tmp_path, "a/b"), serving(tmp_path, "another"):
        already = pytest.raises(DataDirectoryError, match=r"'a/b' in .* is being served already \(process \d+ on")
        with already, serving(tmp_path, "a/b"):
            pass
        assert {service.task_name for service in services(tmp_path)} == {"a/b", "another"}

    assert services(tmp_path) == []


def test_a_killed_operator_holds_nothing_up(directory: Directory) -> None:
    """Its lock ends with it; that it was killed is told."""
    script = (
        "import os, signal, sys; from pathlib import Path; from chateval.crowd._serving import serving\n"
        "with serving(Path(sys.argv[1]), 'collect_dialogues'): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, directory.path], check=False)
    assert any("was killed (process" in finding.text for finding in examine(directory.path).findings)

    with serving(directory.path, "collect_dialogues"):
        pass

    assert not any("was killed" in finding.text for finding in examine(directory.path).findings)
