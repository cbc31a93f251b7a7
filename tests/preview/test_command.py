"""`chateval preview` as a process: what it prints, what it leaves, how it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from chateval.cli import main

from .conftest import Preview, Told

ROOT = Path(__file__).parents[2]


@pytest.fixture
def process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = ["preview", "kind", "--tasks-file", "tasks.yaml", "--port", "0"]
    started = subprocess.Popen(
        [sys.executable, "-m", "chateval", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started:
        yield started
        started.kill()


def line_with(text: str, stream: IO[str] | None) -> str:
    assert stream is not None
    return next(line.strip() for line in stream if text in line)


async def test_a_preview_from_its_start_to_its_end(folder: Path, process: subprocess.Popen[str]) -> None:
    """The link works, an edit arrives, Ctrl-C ends it in good order, and only the researcher's files are left."""
    preview = Preview(folder, Told(url=line_with("http://", process.stdout)))
    async with preview.page() as page:
        await page.begin()
        preview.edit("FIRST", "SECOND")
        await page.until(lambda page: page.sessions == 2 and bool(page.updates))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)

    assert "SECOND" in str(page.updates[-1])
    assert (process.returncode, err) == (0, "")
    assert "open pages begin anew" in out
    assert "nothing of it is left" in out
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "tasks.yaml"]


def test_a_broken_file_is_told_while_it_runs(folder: Path, process: subprocess.Popen[str]) -> None:
    preview = Preview(folder, Told(url=line_with("http://", process.stdout)))
    preview.edit("kind: turn", "kind: turm")

    assert "to be mended first" in line_with("not shown", process.stdout)
    assert "tasks.yaml" in line_with("tasks.yaml", process.stderr)


def test_an_unknown_task_is_one_paragraph(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["preview", "kynd", "--tasks-file", str(folder / "tasks.yaml")])

    said = " ".join(capsys.readouterr().err.split())
    assert status == 2
    assert "There is no task 'kynd'" in said
    assert "Did you mean 'kind'?" in said


def test_shipped_tasks_and_new_ones_need_no_file_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The task's own folder is looked into first; a broken file there shows which it was."""
    own = folder / "task_config" / "mine" / "annotation_tasks.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("tasks: {}")
    (folder / "hydra_configs").mkdir()
    monkeypatch.chdir(folder)

    assert main(["preview", "mine"]) == 2
    assert "task_config/mine/annotation_tasks.yaml" in capsys.readouterr().err
    assert main(["preview", "other"]) == 2
    assert "task_config/annotation_buckets.json" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["x", "-1", "70000"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["preview", "kind", f"--port={port}"])

    assert "is no port" in capsys.readouterr().err
