"""`chateval run`, which is `welcome.py`: as far as no participant is needed."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chateval.cli import welcome

from .conftest import in_a_process

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
    """ParlAI's own complaint is a page of traceback."""
    (tmp_path / "model_opts.yaml").write_text("listener: --model no_such_agent\n")

    answer = chateval("run", *small, f"mephisto.blueprint.model_opt_path={tmp_path}/model_opts.yaml")

    assert answer.status == 2
    assert "Bot 'listener' cannot be built" in " ".join(answer.err.split())
    assert "Traceback" not in answer.err


def test_a_run_that_nobody_comes_to_stops_and_says_what_is_left(
    small: tuple[str, ...], tmp_path: Path, free_port: int
) -> None:
    """The same command would go on with it; --new begins another. Nothing is left behind but the data."""
    command = ["-m", "chateval", "run", *small, STOPS_AT_ONCE]

    first, other = in_a_process(tmp_path, *command), in_a_process(tmp_path, *command, "--new")

    assert (first.status, other.status) == (0, 0)
    assert f"\nReady: http://localhost:{free_port}/" in first.out
    assert "Run 1 has stopped: 0 of 2 sessions are done" in first.out
    assert "Run 2 has stopped" in other.out
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    with socket.socket() as probe:
        assert probe.connect_ex(("localhost", free_port)) != 0, "The router is still there."
