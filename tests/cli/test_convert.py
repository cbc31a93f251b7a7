"""`chateval convert`: the words of the command; what is made of the files is in tests/annotation."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Call

TASKS_FILE = {
    "config": {
        "tone": {
            "task_title": "tone",
            "question": "How does it sound?",
            "indices": "odd",
            "config": "multiselect",
            "options": [{"value": "kind", "label": "Kind"}, {"value": "cold", "label": "Cold"}],
        }
    }
}


@pytest.fixture
def tasks_file(tmp_path: Path) -> Path:
    path = tmp_path / "annotation_buckets.json"
    path.write_text(json.dumps(TASKS_FILE))
    return path


def test_a_table_becomes_training(chateval: "Call", tmp_path: Path, tasks_file: Path) -> None:
    source, out = tmp_path / "talk.csv", tmp_path / "new" / "training.json"
    source.write_text("turn,selection\nHi,\nGo away,cold\n")
    details = ("--task", "tone", "--tasks-file", tasks_file, "--allowed-mistakes", "1", "--out", out)

    answer = chateval("convert", source, "--to", "screen", *details)

    assert (answer.status, answer.out) == (0, f"{out}: 1 dialogue of 2 turns in all, 1 with right answers.\n")
    assert json.loads(out.read_text())["talk"]["pass_criteria"] == 1


def test_a_transcript_becomes_data_for_the_shipped_tasks(chateval: "Call", tmp_path: Path) -> None:
    """Without --tasks-file, the tasks are those of the project."""
    source, out = tmp_path / "chat.txt", tmp_path / "data.jsonl"
    source.write_text("Bot: Hello\nAnn: Hi\n")
    details = ("--task", "quality_likert, engaging_likert", "--system", "bot", "--persona", "I am a bot.")

    answer = chateval("convert", source, "--to", "data", *details, "--out", out)

    assert (answer.status, answer.out) == (0, f"{out}: 1 dialogue of 2 turns in all.\n")
    [line] = out.read_text().splitlines()
    assert json.loads(line)["turns"] == [["system", "Hello"], ["user", "Hi"]]
    assert json.loads(line)["bot_persona"] == ["I am a bot."]


def test_a_mistake_is_one_paragraph_and_status_two(chateval: "Call", tmp_path: Path, tasks_file: Path) -> None:
    source = tmp_path / "talk.csv"
    source.write_text("turn,selection\nHi,\nGo away,colt\n")
    details = ("--task", "tone", "--tasks-file", tasks_file, "--out", tmp_path / "out.json")

    answer = chateval("convert", source, "--to", "gold", *details)

    assert answer.status == 2
    assert "row 3, column selection" in answer.err.replace("\n", " ")
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("wrong", [("--allowed-mistakes", "-1"), ("--allowed-mistakes", "x"), ("--to", "excel")])
def test_options_that_mean_nothing_are_refused(chateval: "Call", tmp_path: Path, wrong: tuple[str, str]) -> None:
    answer = chateval("convert", tmp_path, "--to", "gold", "--task", "tone", "--out", tmp_path / "out", *wrong)

    assert answer.status == 2
    assert wrong[0] in answer.err
