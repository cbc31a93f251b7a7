"""Writing what `chateval new` has made up, and saying so."""

import json
import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from chateval.annotation import Datapoint, Task, sample_datapoint
from chateval.config import project_root
from chateval.dialogue import Turn
from chateval.errors import ConfigError

DATA = Path("task_config") / "task_data"

Files = Mapping[Path, str]
"""Paths within the project, and what is to be in them."""


def write(project: Path, files: Files) -> None:
    """Write all of them or none.

    Raises:
        ConfigError: one of them is there already, or cannot be written.
    """
    if there := [str(path) for path in files if (project / path).exists()]:
        raise ConfigError(f"Nothing is overwritten, and this is there already: {', '.join(there)}. Take another name.")
    written: list[Path] = []
    try:
        for path in files:
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            with (project / path).open("x", encoding="utf-8") as file:
                written.append(path)
                file.write(files[path])
    except OSError as error:
        take_back(project, written)
        raise ConfigError(f"{error.filename} cannot be written: {error.strerror}. Name another --dir.") from error


def take_back(project: Path, paths: Sequence[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            (project / path).unlink()


def sample_files(task: Task, name: str) -> Files:
    """A sample dialogue as the data of a study or task of that name, and that one person is to label it."""
    point = sample_datapoint(task)
    group = f"{name}_sample"
    units = json.dumps({group: 1}, indent=2)
    return {DATA / f"{name}.jsonl": f"{json.dumps(_raw(point, group))}\n", DATA / f"{name}_units.json": f"{units}\n"}


def _raw(point: Datapoint, group: str) -> dict[str, object]:
    turns, *others = (_turns(dialogue.turns) for dialogue in point.dialogues)
    return {
        "dialogue_id": group,
        "group_id": group,
        "annotation_tasks": [task.id for task in point.tasks],
        "bot_persona": list(point.bot_persona),
        "turns": turns,
        **({"turns2": others[0]} if others else {}),
        **({"replies": list(point.replies)} if point.replies else {}),
    }


def _turns(turns: Sequence[Turn]) -> list[list[str]]:
    return [[turn.speaker.value, turn.text] for turn in turns]


def say_what_was_written(project: Path, paths: Sequence[Path], *, then: Sequence[str]) -> None:
    """Say it, and the commands that come next."""
    print("Written:")
    for path in paths:
        print(f"  {project / path if project != project_root() else path}")
    print("\nNext:")
    if project.resolve() != project_root().resolve():
        print(f"  cd {shlex.quote(str(project))}")
    for command in then:
        print(f"  {command}")
