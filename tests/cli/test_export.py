"""`chateval export`: the words of the command; what is in the files is in tests/analysis."""

from pathlib import Path
from typing import TYPE_CHECKING

from chateval.dialogue import read_dialogues

from .conftest import WORKER

if TYPE_CHECKING:
    from .conftest import Call

TASK = ("export", "--task-name", "collect_dialogues")


def test_an_export_says_what_it_wrote(chateval: "Call", data_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "of" / "it"

    answer = chateval(*TASK, "--data-dir", data_dir, "--out", out)

    assert answer.status == 0
    assert "Dialogues of completed sessions: 1. Sessions in all: 2. Judgements: 0." in answer.out
    written = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert written == set(answer.out.splitlines()[-1].rpartition(": ")[2].split(", "))


def test_worker_ids_are_written_only_when_asked_for(chateval: "Call", data_dir: Path, tmp_path: Path) -> None:
    """The careful way is the one that needs no option."""
    chateval(*TASK, "--data-dir", data_dir, "--out", tmp_path / "careful")
    chateval(*TASK, "--data-dir", data_dir, "--out", tmp_path / "open", "--worker-ids")

    assert WORKER not in (tmp_path / "careful" / "sessions.csv").read_text()
    assert WORKER in (tmp_path / "open" / "sessions.csv").read_text()


def test_dialogues_are_marked_for_the_tasks_named(chateval: "Call", data_dir: Path, tmp_path: Path) -> None:
    """The file is then ready for a study that annotates it."""
    chateval(*TASK, "--data-dir", data_dir, "--out", tmp_path / "out", "--annotation-tasks", "empathy, quality_likert")

    [dialogue] = read_dialogues(tmp_path / "out" / "dialogues.jsonl")
    assert dialogue.annotation_tasks == ("empathy", "quality_likert")


def test_an_unknown_task_is_answered_with_those_there_are(chateval: "Call", data_dir: Path, tmp_path: Path) -> None:
    answer = chateval("export", "--task-name", "other", "--data-dir", data_dir, "--out", tmp_path / "out")

    assert answer.status == 2
    assert "No run of a task 'other'" in answer.err
    assert "Tasks there: collect_dialogues." in " ".join(answer.err.split())
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_a_paragraph(chateval: "Call", data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file, not a folder")

    answer = chateval(*TASK, "--data-dir", data_dir, "--out", tmp_path / "out")

    assert answer.status == 2
    assert "cannot be written to" in answer.err
    assert "Traceback" not in answer.err
