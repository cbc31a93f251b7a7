"""Each patch for ParlAI: what happens without it, and with it."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

Facts = dict[str, Any]
PROBE = Path(__file__).with_name("probe_parlai.py")

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_parlai_wants_pkg_resources(run: Run) -> None:
    """Once this fails, `provide_pkg_resources` can go."""
    assert "No module named 'pkg_resources'" in run(str(PROBE), "unprepared").stderr


def test_bundled_options_are_found_without_pkg_resources(prepared_parlai: Facts) -> None:
    """An option string may name a file of options that ParlAI ships: `-o gen/meena`."""
    assert prepared_parlai["finds_bundled"]
    assert Path(prepared_parlai["bundled"]).is_file()


def test_learning_rate_scheduler_can_be_made(bare_parlai: Facts, prepared_parlai: Facts) -> None:
    """It is ParlAI's default for models that are trained."""
    assert not bare_parlai["has_scheduler"]
    assert prepared_parlai["has_scheduler"]
    assert prepared_parlai["is_torch_untouched"]


def test_no_log_file_in_the_working_directory(bare_parlai: Facts, prepared_parlai: Facts) -> None:
    """A chat service leaves nothing behind where it was started."""
    assert len(bare_parlai["files"]) == 1
    assert prepared_parlai["files"] == []


def test_standard_output_is_left_to_the_program(bare_parlai: Facts, prepared_parlai: Facts) -> None:
    """The live view of a study and the pages of a terminal chat are written there."""
    assert "a fact of no interest" in bare_parlai["stdout"].partition("{")[0]
    assert prepared_parlai["stdout"].startswith("{")


def test_logs_go_to_the_standard_logger(prepared_parlai: Facts) -> None:
    """Chatter can be looked up; errors stand out."""
    assert ["parlai", "DEBUG", "a fact of no interest"] in prepared_parlai["records"]
    assert ["parlai", "ERROR", "a broken model"] in prepared_parlai["records"]
    assert ["parlai.chat_service", "ERROR", "a broken service"] in prepared_parlai["records"]
