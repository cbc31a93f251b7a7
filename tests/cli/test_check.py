"""`chateval check`: every mistake before anyone is invited or paid."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import in_a_process

if TYPE_CHECKING:
    from .conftest import Call

BLUEPRINT = "mephisto.blueprint"


def test_a_check_says_what_is_collected_and_what_it_costs(chateval: "Call", small: tuple[str, ...]) -> None:
    """The sum is read before it is spent."""
    answer = chateval("check", *small, "mephisto.task.task_reward=1.5")

    assert answer.status == 0
    assert "2 dialogues in 2 sessions" in answer.out
    assert "2 x $1.50 = $3.00" in answer.out
    assert answer.err == ""


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("conf=collect_dialogs", "Did you mean 'collect_dialogues'?"),
        (f"{BLUEPRINT}.num_turn=4", "Did you mean 'num_turns'?"),
        (f"{BLUEPRINT}.num_turns=many", "takes a whole number"),
        (f"{BLUEPRINT}.num_bots=2", "Set num_bots to 1"),
        (f"{BLUEPRINT}.conversations_needed_string=lisener:2", "Did you mean 'listener'?"),
        (f"{BLUEPRINT}.conversations_needed_string=listener", "Write bot:count"),
        (f"{BLUEPRINT}.model_opt_path=nowhere.yaml", "nowhere.yaml"),
        (f"{BLUEPRINT}.do_external_annotations=true", "Both do_collect_dialogue and do_external_annotations"),
        (f"{BLUEPRINT}.do_collect_dialogue=false", "Neither"),
        (f"{BLUEPRINT}.use_golds=true", "Set it to false"),
        ("mephisto/provider=mturk", "not available in this version"),
        ("task_dir=/no/such/folder", "/no/such/folder"),
        ("=", "no override that can be read"),
        ("nonsense", "no override that can be read"),
    ],
)
def test_a_mistake_is_a_paragraph_and_status_2(
    chateval: "Call", small: tuple[str, ...], mistake: str, said: str
) -> None:
    """Value, rule, remedy; a traceback would tell a researcher that the program is broken, which it is not."""
    answer = chateval("check", *small, mistake)

    assert answer.status == 2
    assert said in " ".join(answer.err.split())
    assert "Traceback" not in answer.err
    assert answer.out == ""


def test_all_mistakes_are_told_at_once(chateval: "Call", small: tuple[str, ...]) -> None:
    """Nobody wants to learn of the third only after mending two."""
    answer = chateval("check", *small, f"{BLUEPRINT}.num_turns=0", f"{BLUEPRINT}.nonesuch=1", f"{BLUEPRINT}.num_bots=3")

    assert answer.status == 2
    assert "3 problems" in answer.err
    assert answer.err.count("\n\n") == 3


def test_a_port_in_use_is_told_with_another(chateval: "Call", small: tuple[str, ...]) -> None:
    with socket.socket() as other:
        other.bind(("localhost", 0))
        other.listen()
        port = other.getsockname()[1]

        answer = chateval("check", *small, f"mephisto.architect.port={port}")

    assert answer.status == 2
    assert f"Port {port} is in use" in answer.err


def test_studies_may_be_kept_elsewhere(chateval: "Call", tmp_path: Path, free_port: int) -> None:
    """A lab has a repository of its own for its studies."""
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "ours.yaml").write_text(
        f"#@package _global_\ndefaults:\n  - collect_dialogues\nmephisto: {{architect: {{port: {free_port}}}}}\n"
    )

    answer = chateval("check", "--config-dir", tmp_path, "conf=ours", f"data_dir={tmp_path}")

    assert answer.status == 0
    assert "conf=ours" in answer.out


@pytest.mark.parametrize("verb", ["check", "run"])
def test_hydras_own_options_are_taken(chateval: "Call", small: tuple[str, ...], verb: str) -> None:
    """Whoever knows Hydra asks it what a study is made of."""
    answer = chateval(verb, *small, "--cfg", "job")

    assert answer.status == 0
    assert "conversations_needed_string: listener:2" in answer.out


def test_a_check_is_quick_and_leaves_nothing_behind(tmp_path: Path, small: tuple[str, ...]) -> None:
    """It imports no platform, and writes no file: not Hydra's outputs/ either."""
    code = (
        "import sys; from chateval.cli import main; status = main(sys.argv[1:]);"
        "print([name for name in ('mephisto', 'parlai', 'torch', 'pandas') if name in sys.modules]); sys.exit(status)"
    )

    answer = in_a_process(tmp_path, "-c", code, "check", *small)

    assert answer.status == 0
    assert answer.out.splitlines()[-1] == "[]"
    assert list(tmp_path.iterdir()) == []


def test_every_bot_says_a_line(small: tuple[str, ...], tmp_path: Path) -> None:
    """What fails is told with its reason, even if it takes its process along, and keeps no other from being tried."""
    (tmp_path / "dying.py").write_text("import os; os.kill(os.getpid(), 9)")
    (tmp_path / "bots.yaml").write_text(
        "dying: --model dying:DyingAgent\ngood: {kind: scripted, lines: ['[b]Hello[/b]']}\n"
    )

    answer = in_a_process(tmp_path, "-m", "chateval", "check", "--bots", *small, *_bots(tmp_path, "dying:1,good:1"))

    assert answer.status == 1
    assert "Bot 'dying': its process was ended by SIGKILL while it was being loaded." in answer.out
    [line] = [line.split() for line in answer.out.splitlines() if line.split()[:1] == ["good"] and "MiB" in line]
    assert (line[2], line[4], line[6], line[7]) == ("s", "s", "MiB", "[b]Hello[/b]")


def test_a_bot_that_hangs_is_told(chateval: "Call", small: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "bots.yaml").write_text("stuck: {kind: scripted, lines: [x], delay_seconds: 3000}\n")

    answer = chateval("check", "--bots", "--bot-seconds", 1.5, *small, *_bots(tmp_path, "stuck:1"))

    assert answer.status == 1
    assert "Bot 'stuck': nothing came within 1.5 seconds" in answer.out


def test_bots_that_answer_are_no_fault(chateval: "Call", small: tuple[str, ...]) -> None:
    answer = chateval("check", "--bots", *small)

    assert (answer.status, answer.err) == (0, "")
    assert "Every bot has answered 'Hi!'." in answer.out


def _bots(folder: Path, needed: str) -> tuple[str, ...]:
    return (f"{BLUEPRINT}.conversations_needed_string={needed!r}", f"{BLUEPRINT}.model_opt_path={folder}/bots.yaml")
