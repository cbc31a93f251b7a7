"""`chateval runs`: what was run, and with what."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chateval.dialogue import Usage
from chateval.session import JOURNAL_FILE, Entry, SqlJournal
from chateval.worlds import Spoke

if TYPE_CHECKING:
    from .conftest import Call


def test_runs_are_listed_with_how_far_they_came(chateval: "Call", data_dir: Path) -> None:
    answer = chateval("runs", "--data-dir", data_dir)

    assert answer.status == 0
    rows = [line.split() for line in answer.out.splitlines() if "collect_dialogues" in line]
    assert [row[0] for row in rows] == ["1", "2"]
    assert [row[-3:] for row in rows] == [["1", "2", "resumable"], ["0", "2", "resumable"]]


def test_what_the_bots_of_a_run_have_cost_is_listed(chateval: "Call", data_dir: Path) -> None:
    """An endpoint's bill should surprise nobody, least of all while the study runs."""
    journal = SqlJournal(data_dir / JOURNAL_FILE)
    reply = Spoke("Hi", usage=Usage(1000, 50, 0, 0.0125))
    for seq, event in enumerate([Spoke("And?"), reply, Spoke("And?"), reply], start=3):
        journal.append(Entry("s2", seq, 2_000.0, "", event), lambda _: None)
    journal.close()

    out = chateval("runs", "--data-dir", data_dir).out

    rows = [line.split() for line in out.splitlines() if "collect_dialogues" in line]
    assert [row[5:] for row in rows] == [["$0.0250", "1", "2", "resumable"], ["0", "2", "resumable"]]


def test_a_run_shows_its_configuration_versions_and_bots(chateval: "Call", data_dir: Path) -> None:
    """What a paper's appendix needs."""
    answer = chateval("runs", "--data-dir", data_dir, "--show", "1")

    assert answer.status == 0
    for told in ("seed: 42", "chateval: '0'", "kind: scripted", "random_seed: 42", "config_hash: "):
        assert told in answer.out


def test_two_runs_are_compared(chateval: "Call", data_dir: Path) -> None:
    """ "What did we change?" is asked a month later."""
    answer = chateval("runs", "--data-dir", data_dir, "--diff", "1", "2")

    assert answer.status == 0
    assert "-seed: 42" in answer.out
    assert "+seed: 43" in answer.out
    assert "task_title" not in answer.out


def test_a_run_does_not_differ_from_itself(chateval: "Call", data_dir: Path) -> None:
    assert "differ in nothing" in chateval("runs", "--data-dir", data_dir, "--diff", "1", "1").out


@pytest.mark.parametrize("question", [["--show", "9"], ["--diff", "1", "9"]])
def test_an_unknown_run_is_answered_with_those_there_are(chateval: "Call", data_dir: Path, question: list[str]) -> None:
    answer = chateval("runs", "--data-dir", data_dir, *question)

    assert (answer.status, answer.out) == (2, "")
    assert "There is no run '9'. The runs are: 1, 2." in answer.err


@pytest.mark.parametrize("verb", [["runs"], ["export", "--task-name", "t", "--out", "o"]], ids=["runs", "export"])
def test_a_folder_without_data_is_said_and_not_made(chateval: "Call", tmp_path: Path, verb: list[str]) -> None:
    """A slip in --data-dir must not look like a study that has collected nothing."""
    answer = chateval(*verb, "--data-dir", tmp_path / "nowhere")

    assert answer.status == 2
    assert "Nothing has been collected in" in answer.err
    assert list(tmp_path.iterdir()) == []
