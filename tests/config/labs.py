"""A researcher's folder with small studies in it, to be changed a little in each test."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chateval.config import Collection, Study, load_study
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

LABEL_STUDY = """\
#@package _global_
defaults:
  - /mephisto/blueprint: behavior_analysis_blueprint
  - /mephisto/architect: local
  - /mephisto/provider: mock
mephisto:
  blueprint:
    do_external_annotations: true
    annotations_config_path: ${task_dir}/task_config/tasks.yaml
    data_jsonl: ${task_dir}/task_config/kindness.jsonl
  task:
    task_name: kindness
    task_title: Who is kind?
    task_description: Say which turns are kind.
    task_reward: 0.5
    task_tags: label
"""

TASKS = """\
tasks:
  kind:
    kind: turn
    questions: [{kind: checks, id: kind_q, options: [{id: is_kind, text: This is kind.}]}]
  quality: {kind: dialogue, questions: [{kind: scale, id: quality, text: 'How good was it?'}]}
  better: {kind: pair, questions: [{kind: choice, id: preferred, options: [left, right]}]}
  ranked: {kind: turn, questions: [{kind: ranking, id: best_reply}]}
"""

TURNS = [["user", "Hi!"], ["system", "Hello, dear."], ["user", "I lost my dog."], ["system", "So what?"]]


def datapoint(group_id: str, *tasks: str, **more: object) -> dict[str, object]:
    """A dialogue to be labelled, as a line of `data_jsonl` has it."""
    named = {"dialogue_id": f"d_{group_id}", "group_id": group_id, "annotation_tasks": list(tasks or ["kind"])}
    return {**named, "turns": TURNS, "bot_persona": [], **more}


def keyed(group_id: str, **more: object) -> dict[str, object]:
    """The same dialogue with the right answers."""
    kind = [*TURNS[1], {"kind_q": "is_kind"}, "A pet name."]
    turns = [TURNS[0], kind, TURNS[2], [*TURNS[3], {}, "No comfort."]]
    return {**datapoint(group_id), "turns": turns, **more}


def lines_of(*values: object) -> str:
    return "".join(f"{json.dumps(value)}\n" for value in values)


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

    def collection(self, *overrides: str) -> Collection:
        found = self.load(*overrides).collection
        assert found is not None
        return found

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

    def told(self, overrides: Iterable[str], *always: str, conf: str = "small") -> dict[str, str]:
        """What is said first of each override, found with few loads: overrides that do not meet share one."""
        texts: dict[str, list[str]] = {}
        for batch in _batches(overrides):
            for problem in self.problems(*always, *batch, conf=conf):
                texts.setdefault(problem.where.removeprefix("command line, "), []).append(problem.text)
        return {override: found[0] for override, found in texts.items()}


def _batches(overrides: Iterable[str]) -> Iterator[list[str]]:
    """The overrides in as few lists as can be, none of which sets a key and another one below or above it."""
    left = list(overrides)
    while left:
        batch: list[str] = []
        for override in left:
            key = override.partition("=")[0]
            others = [other.partition("=")[0] for other in batch]
            if not any(f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.") for other in others):
                batch.append(override)
        yield batch
        left = [override for override in left if override not in batch]


def make_lab(folder: Path) -> Lab:
    """A folder whose name has a blank and a comma in it, as folders have; `small` collects and `kindness` labels."""
    lab = Lab(folder / "our lab, 2")
    lab.write("conf/small.yaml", STUDY)
    lab.write("task_config/model_opts.yaml", BOTS)
    lab.write("conf/kindness.yaml", LABEL_STUDY)
    lab.write("task_config/tasks.yaml", TASKS)
    lab.write("task_config/instructions/kind.md", "## Kind {#kind_q}\n\nIs it *kind*?\n")
    lab.write("task_config/instructions/quality.md", "Read it twice.\n")
    lab.write("task_config/kindness.jsonl", lines_of(datapoint("g1", "kind", "quality"), datapoint("g2")))
    lab.write("task_config/kindness_units.json", '{"g1": 3, "g2": 2}')
    lab.write("task_config/training.json", json.dumps({"t1": keyed("t1", pass_criteria=1), "t2": keyed("t2")}))
    lab.write("task_config/golds.jsonl", lines_of(keyed("gold1"), keyed("gold2")))
    return lab
