"""Files and folders that a study names."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .labs import Lab


def test_a_text_that_is_named_must_be_there(lab: "Lab") -> None:
    """A study that names its consent text must not run with ours."""
    keys = ["task_description_file", "chat_startup_instructions_path", "left_pane_text_path"]
    problems = lab.problems(*(f"mephisto.blueprint.{key}=gone.html" for key in keys))
    for key, problem in zip(keys, problems, strict=True):
        assert key in problem.where
        assert f"{lab.folder}/gone.html cannot be read: No such file" in problem.text


def test_a_text_that_is_not_utf8_is_told(lab: "Lab") -> None:
    """Editors on other systems save other encodings."""
    (lab.folder / "old.html").write_bytes("Grüße".encode("latin-1"))
    assert "is not text in UTF-8" in lab.problem("mephisto.blueprint.left_pane_text_path=old.html").text


def test_what_is_left_out_of_a_text_is_noted(lab: "Lab") -> None:
    """A text that looks otherwise than in the researcher's browser needs a reason."""
    lab.write("task_config/left_pane_text.html", "<p style='color: red'>Hi</p><script>alert(1)</script>")
    study = lab.load()
    assert study.page.left_pane_html == "<p>Hi</p>"
    assert "<script>, style=" in study.notices[0]


def test_all_blocklists_are_read(lab: "Lab") -> None:
    """Both places for the key, several files in one, comments and blanks."""
    lab.write("one.txt", "W1\n\n# why\n W2  # rude\n")
    lab.write("two.txt", "W3\r\n")
    lab.write("three.txt", "W1\n")
    named = ["mephisto.blueprint.worker_blocklist_paths='one.txt, two.txt'", "mturk.worker_blocklist_paths=three.txt"]
    assert lab.load(*named).admission.blocklist == {"W1", "W2", "W3"}


@pytest.mark.parametrize("key", ["mephisto.blueprint.worker_blocklist_paths", "mturk.worker_blocklist_paths"])
def test_a_blocklist_that_cannot_be_read_is_told(lab: "Lab", key: str) -> None:
    """Else those who were to be kept out would get in."""
    problem = lab.problem(f"{key}=gone.txt")
    assert key in problem.where
    assert "gone.txt cannot be read" in problem.text


def test_a_tilde_in_the_chat_data_folder_is_refused(lab: "Lab") -> None:
    """ParlAI refuses it too, since Hydra and others read it differently."""
    assert 'holds a "~"' in lab.problem("mephisto.blueprint.chat_data_folder='~/chats'").text


def test_a_chat_data_folder_reaches_the_study(lab: "Lab", tmp_path: Path) -> None:
    """Dialogues are saved there besides."""
    assert lab.load(f"mephisto.blueprint.chat_data_folder={tmp_path}/c").chat_data_folder == tmp_path / "c"


@pytest.mark.parametrize("key", ["data_dir", "mephisto.datapath", "mephisto.blueprint.chat_data_folder"])
def test_a_folder_that_cannot_be_made_is_told(lab: "Lab", key: str) -> None:
    """Found out before people have written anything."""
    lab.write("file", "")
    problem = lab.problem(f'{key}="{lab.folder}/file/data"')
    assert key in problem.where
    assert "is a file. Name another folder." in problem.text


def test_two_data_folders_are_refused(lab: "Lab", tmp_path: Path) -> None:
    """One of them would stay empty, and it would be the one that somebody looks into."""
    problem = lab.problem(f"data_dir={tmp_path}/a", f"+mephisto.datapath={tmp_path}/b")
    assert "remove one of the two" in problem.text


def test_a_task_dir_that_is_not_there_is_told(lab: "Lab") -> None:
    """Everything else is looked for in it."""
    assert "is no folder" in lab.problems("task_dir=/nowhere/at/all")[0].text


def test_a_task_dir_may_be_relative(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    """What refers to it must not be looked for below it once more."""
    monkeypatch.chdir(lab.folder.parent)
    study = lab.load(f'task_dir="{lab.folder.name}"')
    assert (study.task_dir, study.data_dir) == (lab.folder, lab.folder / "data")


def test_paths_are_meant_from_the_task_dir(lab: "Lab", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the command is run."""
    lab.write("own.html", "Mine")
    monkeypatch.chdir(tmp_path)
    assert lab.load("mephisto.blueprint.left_pane_text_path=own.html").page.left_pane_html == "Mine"
