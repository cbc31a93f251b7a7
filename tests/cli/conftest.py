"""The command line as people call it, and a data directory for it to look into."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from chateval.cli import main
from chateval.config import load_study
from chateval.session import JOURNAL_FILE, Entry, RunRecord, SessionRecord, SqlJournal
from chateval.worlds import Consented, Event, Finished, ModelChatScript, Question, Rated, Spoke, Submitted

ROOT = Path(__file__).parents[2]
WORKER = "A3EXAMPLEWORKER"
WHOLE = (Consented(), Spoke("Hello."), Spoke("Hi"), Spoke("Bye"), Finished(), Rated({"rating_1": 3}), Submitted())


@dataclass(frozen=True)
class Answer:
    """What a command has said, and its exit status."""

    status: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def chateval(capfd: pytest.CaptureFixture[str]) -> Call:
    """Call a verb in this process: `chateval("check", "conf=...")`."""

    def call(*arguments: object) -> Answer:
        capfd.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse's way to end
            status = stop.code if isinstance(stop.code, int) else 1
        return Answer(status, *capfd.readouterr())

    return call


def in_a_process(folder: Path, *command: str) -> Answer:
    """Call Python with these arguments in a folder; it sees the project, and modules of the folder."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)])}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def free_port() -> int:
    return find_port()


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def small(tmp_path: Path, free_port: int) -> tuple[str, ...]:
    """A study that can be launched anywhere, with its data in `tmp_path / "data"`."""
    return small_study(tmp_path, free_port)


def small_study(folder: Path, port: int) -> tuple[str, ...]:
    return (
        "conf=collect_dialogues",
        f"data_dir={folder / 'data'}",
        f"mephisto.architect.port={port}",
        'mephisto.blueprint.conversations_needed_string="listener:2"',
    )


@pytest.fixture
def data_dir(tmp_path: Path, small: Sequence[str]) -> Path:
    """Two runs of collect_dialogues with different seeds; the first has one completed session and one begun."""
    folder = tmp_path / "data"
    journal = SqlJournal(folder / JOURNAL_FILE)
    for run_id, seed in (("1", 42), ("2", 43)):
        journal.add_run(_run(run_id, [*small, f"mephisto.blueprint.random_seed={seed}"]))
    _hold(journal, "s1", WHOLE)
    _hold(journal, "s2", WHOLE[:2])
    journal.close()
    return folder


def _run(run_id: str, overrides: Sequence[str]) -> RunRecord:
    study = load_study(overrides, check_port=False)
    return RunRecord(
        run_id=run_id,
        task_name=study.task.name,
        conf=study.conf,
        started_at=float(run_id),
        config_yaml=study.resolved_yaml,
        config_hash=study.config_hash,
        seed=study.seed,
        versions={"chateval": "0"},
        bots={"listener": {"kind": "scripted"}},
    )


def _hold(journal: SqlJournal, session_id: str, events: Sequence[Event]) -> None:
    script = ModelChatScript(("listener",), 1, (Question("rating_1", "Good?"),), seed=1)
    journal.add_session(
        SessionRecord(session_id, "1", "1", "1", "1", WORKER, "A", "token", "listener", script, 1_000.0), lambda _: None
    )
    for seq, event in enumerate(events, start=1):
        journal.append(Entry(session_id, seq, 1_000.0 + seq, "", event), lambda _: None)
