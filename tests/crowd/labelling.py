"""A small study of labels: two groups of dialogues, and all that one can add to it.

It is composed once, with everything; each test takes of it what it is about.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chateval.config import Quota, Study

from ..config.labs import keyed, lines_of, make_lab  # noqa: TID252  (the researcher's folder of those tests)

KEY = "mephisto.blueprint."
MANY_AT_ONCE = "mephisto.task.allowed_concurrent=0"
EVERYTHING = (
    f"{KEY}use_screening_task=true",
    f"{KEY}passed_qualification_name=kind_screen",
    f"{KEY}screen_json=task_config/training.json",
    f"{KEY}max_screening_mistakes=0",
    f"{KEY}use_golds=true",
    f"{KEY}gold_qualification_base=kind_gold",
    f"{KEY}gold_jsonl=task_config/golds.jsonl",
    f"{KEY}attention_checks_path=checks.json",
)
CHAT_LABELS = (
    f"{KEY}annotations_config_path=task_config/tasks.yaml",
    f"{KEY}do_interactive_offline_annotations=[kind]",
    f"{KEY}num_turns=1",
    f"{KEY}onboarding_qualification=trained",
)

ONBOARDING = {
    "dialog": [
        {"text": "Hi!", "agent_idx": 0},
        {"text": "Hello, dear.", "agent_idx": 1, "answers": ["is_kind"]},
    ],
    "min_correct": 1,
    "max_incorrect": 0,
    "max_failures_allowed": 1,
}
CHECK = {
    "question": {"kind": "checks", "id": "blue", "text": "Tick blue.", "options": ["blue", "red"]},
    "answer": ["blue"],
}


def labels_study(  # noqa: PLR0913  (each thing that one can change)
    folder: Path,
    *,
    training: Mapping[str, Any] | None = None,
    golds: Mapping[str, Any] | None = None,
    checks: Mapping[str, Any] | None = None,
    task: Mapping[str, Any] | None = None,
    units: Mapping[str, int] | None = None,
) -> Study:
    """`kindness`: g1 has the tasks kind and quality, g2 has kind; `gold1` to `gold4` have kind.

    `training`, `golds` and `checks` are left out unless something is given to be changed about them, be it nothing.
    """
    study = _composed()
    assert study.annotation is not None
    needed = {"g1": 3, "g2": 2} if units is None else units
    return replace(
        study,
        data_dir=folder / "data",
        screening=_changed(study.screening, training),
        golds=_changed(study.golds, golds),
        attention=_changed(study.attention, checks),
        task=replace(study.task, **(task or {})),
        quotas=tuple(Quota(name, number) for name, number in needed.items() if number),
        annotation=replace(study.annotation, units=needed),
    )


def _changed(part: Any, changes: Mapping[str, Any] | None) -> Any:
    return None if changes is None else replace(part, **changes)


def chat_study(folder: Path) -> Study:
    """A chat with one label after it, and an onboarding of two attempts."""
    return replace(_composed_chat(), data_dir=folder / "data")


@cache
def _composed() -> Study:
    with TemporaryDirectory() as folder:
        lab = make_lab(Path(folder))
        lab.write("task_config/golds.jsonl", lines_of(*(keyed(f"gold{number + 1}") for number in range(4))))
        lab.write("checks.json", json.dumps([CHECK]))
        return lab.load(MANY_AT_ONCE, *EVERYTHING, conf="kindness")


@cache
def _composed_chat() -> Study:
    with TemporaryDirectory() as folder:
        lab = make_lab(Path(folder))
        lab.write("task_config/onboard_task_data.json", json.dumps(ONBOARDING))
        return lab.load(MANY_AT_ONCE, *CHAT_LABELS, f'{KEY}conversations_needed_string="alice:2"')
