"""`chateval run`, which is `welcome.py`: as far as no participant is needed."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chateval.cli import welcome
from chateval.session import JOURNAL_FILE, RunRecord, SqlJournal

from .conftest import ROOT, Answer, find_port, in_a_process, small_study

if TYPE_CHECKING:
    from .conftest import Call

STOPS_AT_ONCE = "mephisto.task.no_submission_patience=1"


def test_a_mistake_is_told_before_anything_is_loaded(chateval: "Call", small: tuple[str, ...], tmp_path: Path) -> None:
    answer = chateval("run", *small, "mephisto.blueprint.num_turns=0")

    assert answer.status == 2
    assert "num_turns" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_welcome_is_run(capfd: pytest.CaptureFixture[str], small: tuple[str, ...]) -> None:
    assert welcome([*small, "conf=nothing"]) == 2
    assert "There is no study 'nothing'" in capfd.readouterr().err


def test_a_bot_that_cannot_be_built_is_a_paragraph(chateval: "Call", small: tuple[str, ...], tmp_path: Path) -> None:
    """ParlAI's own complaint is a page of traceback. It comes after the first page: whoever was quick lost nothing."""
    (tmp_path / "model_opts.yaml").write_text("listener: --model no_such_agent\n")

    answer = chateval("run", *small, f"mephisto.blueprint.model_opt_path={tmp_path}/model_opts.yaml")

    assert answer.status == 2
    assert "Ready: " in answer.out
    assert "Bot 'listener' cannot be built" in " ".join(answer.err.split())
    assert "Traceback" not in answer.err


HEAVY = ("parlai", "torch", "transformers", "openai", "ray", "PIL")


@dataclass(frozen=True)
class Runs:
    """A run that nobody came to, the same gone on with after its bot was changed, and another begun."""

    folder: Path
    port: int
    first: Answer
    again: Answer
    other: Answer

    def journalled(self) -> list[RunRecord]:
        journal = SqlJournal(self.folder / "data" / JOURNAL_FILE)
        runs = journal.runs()
        journal.close()
        return runs


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder, port = tmp_path_factory.mktemp("runs"), find_port()
    bots = folder / "bots.yaml"
    command = [*small_study(folder, port), STOPS_AT_ONCE, f"mephisto.blueprint.model_opt_path={bots}"]
    code = (
        "import sys; from chateval.cli import main; status = main(sys.argv[1:]);"
        f"print([name for name in {HEAVY!r} if name in sys.modules]); sys.exit(status)"
    )
    bots.write_text("listener: {kind: scripted, lines: [one]}\n")
    first = in_a_process(folder, "-c", code, "run", *command)
    bots.write_text("listener: {kind: scripted, lines: [two]}\n")
    again = in_a_process(folder, "-m", "chateval", "run", *command)
    other = in_a_process(folder, "-m", "chateval", "run", *command, "--new")
    return Runs(folder, port, first, again, other)


def test_a_run_that_nobody_comes_to_stops_and_says_what_is_left(runs: Runs) -> None:
    """The same command would go on with it; --new begins another. Nothing is left behind but the data."""
    assert (runs.first.status, runs.again.status, runs.other.status) == (0, 0, 0)
    assert f"\nReady: http://localhost:{runs.port}/" in runs.first.out
    assert "Run 1 has stopped: 0 of 2 sessions are done" in runs.first.out
    assert "Going on with run 1" in runs.again.out
    assert "Run 2 has stopped" in runs.other.out
    assert sorted(path.name for path in runs.folder.iterdir()) == ["bots.yaml", "data"]
    with socket.socket() as probe:
        assert probe.connect_ex(("localhost", runs.port)) != 0, "The router is still there."


def test_bots_are_loaded_once_the_page_is_served(runs: Runs) -> None:
    """Nobody waits for gigabytes of weights before they see anything."""
    said = runs.first.out

    assert said.index("Ready: ") < said.index("Loading bot 'listener' (1 of 1)") < said.index("'listener' is there")


def test_a_run_imports_no_library_of_bots_that_it_does_not_use(runs: Runs) -> None:
    """Torch alone takes seconds and half a gigabyte."""
    assert runs.first.out.splitlines()[-1] == "[]"


def test_what_the_bots_are_is_kept_with_the_run(runs: Runs) -> None:
    """Where a run goes on with other bots, its data tells when they changed."""
    first, other = runs.journalled()

    assert (first.bots["listener"]["lines"], other.bots["listener"]["lines"]) == ("one", "two")
    assert [later.bots["listener"]["lines"] for later in first.later_bots] == ["two"]
    assert other.later_bots == ()


def test_a_run_that_is_stopped_while_its_bots_load_ends_cleanly(small: tuple[str, ...], tmp_path: Path) -> None:
    """Somebody sees that it is the wrong study, and does not wait for the model."""
    (tmp_path / "stuck.py").write_text("import threading; threading.Event().wait()\n")
    (tmp_path / "bots.yaml").write_text("listener: --model stuck:StuckAgent\n")
    command = [
        sys.executable,
        "-m",
        "chateval",
        "run",
        *small,
        f"mephisto.blueprint.model_opt_path={tmp_path}/bots.yaml",
    ]
    surroundings: dict[str, Any] = {"cwd": ROOT, "env": {**os.environ, "PYTHONPATH": str(tmp_path)}, "text": True}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **surroundings) as launch:
        assert launch.stdout is not None
        while not (line := launch.stdout.readline()).startswith("Loading bot"):
            assert line, "It has ended."
        launch.send_signal(signal.SIGINT)
        out, err = launch.communicate(timeout=30)

    assert (launch.returncode, err) == (0, "")
    assert "Run 1 has stopped" in out
