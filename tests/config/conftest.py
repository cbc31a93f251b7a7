"""A researcher's folder with one small study in it, to be changed a little in each test."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from chateval.config import Study, load_study
from chateval.errors import Problem, StudyProblemsError

STUDY = """\
#@package _global_
defaults:
  - /mephisto/blueprint: behavior_analysis_blueprint
  - /mephisto/architect: local
  - /mephisto/provider: mock
mephisto:
  blueprint:
    do_collect_dialogue: true
    conversations_needed_string: "alice:3,bob:2"
  task:
    task_name: small
    task_title: A small study
    task_description: Talk with <b>somebody</b>.
    task_reward: 1.5
    task_tags: chat, talk
"""

BOTS = """\
alice: {kind: scripted, lines: ["Hello.", "And then?"]}
bob: {kind: scripted, echo: true, delay_seconds: 2}
"""


@dataclass(frozen=True)
class Lab:
    """`folder` is the study's `task_dir` and, with its `conf/`, a place for studies."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def load(self, *overrides: str, conf: str = "small", check_port: bool = False) -> Study:
        chosen = [f"conf={conf}", f'task_dir="{self.folder}"', *overrides]
        return load_study(chosen, self.folder, check_port=check_port)

    def problems(self, *overrides: str, conf: str = "small", check_port: bool = False) -> tuple[Problem, ...]:
        with pytest.raises(StudyProblemsError) as caught:
            self.load(*overrides, conf=conf, check_port=check_port)
        return caught.value.problems

    def problem(self, *overrides: str, conf: str = "small", check_port: bool = False) -> Problem:
        (only,) = self.problems(*overrides, conf=conf, check_port=check_port)
        return only

    def change(self, change: Callable[[str], str], conf: str = "small") -> None:
        path = self.folder / "conf" / f"{conf}.yaml"
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """A folder whose name has a blank and a comma in it, as folders have."""
    lab = Lab(tmp_path / "our lab, 2")
    lab.write("conf/small.yaml", STUDY)
    lab.write("task_config/model_opts.yaml", BOTS)
    return lab
