"""The command as a whole."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import ROOT, in_a_process

if TYPE_CHECKING:
    from .conftest import Call

VERBS = ("run", "check", "runs", "export", "mephisto")


def test_help_names_every_verb(chateval: "Call") -> None:
    answer = chateval("--help")

    assert answer.status == 0
    assert all(f"  {verb} " in answer.out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS[:-1])
def test_every_verb_has_help(chateval: "Call", verb: str) -> None:
    answer = chateval(verb, "--help")

    assert answer.status == 0
    assert "usage:" in answer.out


@pytest.mark.parametrize("arguments", [[], ["lunch"], ["export", "--nonsense"], ["runs", "--diff", "1"], ["--check"]])
def test_a_command_that_does_not_exist_is_answered_with_usage(chateval: "Call", arguments: list[str]) -> None:
    answer = chateval(*arguments)

    assert answer.status == 2
    assert "usage:" in answer.err
    assert "Traceback" not in answer.err


def test_python_m_is_the_same_command(tmp_path: Path) -> None:
    """For those whose PATH does not lead into the environment."""
    answer = in_a_process(tmp_path, "-m", "chateval", "check", "conf=nothing")

    assert answer.status == 2
    assert "There is no study 'nothing'" in answer.err


def test_welcome_takes_a_study(tmp_path: Path) -> None:
    """`python welcome.py conf=...` is what papers and older notes say; it works from any folder."""
    answer = in_a_process(tmp_path, str(ROOT / "welcome.py"), "--help")

    assert answer.status == 0
    assert "conf=NAME" in answer.out


def test_mephistos_command_knows_our_blueprint(tmp_path: Path) -> None:
    """Its review and its lists would fail on data of a kind that it does not know."""
    answer = in_a_process(
        tmp_path, "-m", "chateval", "mephisto", "--data-dir", str(tmp_path / "data"), "wut", "blueprint"
    )

    assert "behavior_analysis_blueprint" in answer.out + answer.err
    assert answer.status == 0
