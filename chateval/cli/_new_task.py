"""`chateval new task`."""

import json
from pathlib import Path

from chateval.annotation import read_tasks, schemas
from chateval.cli import _skeletons as skeletons
from chateval.cli._new_files import sample_files, say_what_was_written, take_back, write
from chateval.cli._tasks_file import BUCKETS, OWN_TASKS
from chateval.errors import ConfigError

FOLDER = Path("task_config")


def make_task(name: str, project: Path) -> None:
    """A folder for the task, and data to try it on."""
    _check_is_new(name, project)
    own = FOLDER / name
    files = _files(name, own) | _schema(project)
    write(project, files)
    try:
        data = sample_files(read_tasks(project / own / OWN_TASKS)[name], name)
        write(project, data)
    except BaseException:
        take_back(project, list(files))
        raise
    say_what_was_written(project, [*files, *data], then=(f"chateval preview {name}", f"chateval new study {name}"))


def _check_is_new(name: str, project: Path) -> None:
    if (project / FOLDER / name).exists():
        raise ConfigError(f"{FOLDER / name} is there already, and nothing is overwritten. Take another name.")
    buckets = project / FOLDER / BUCKETS
    if buckets.is_file() and name in read_tasks(buckets):
        raise ConfigError(f"{FOLDER / BUCKETS} defines a task {name!r} already. Take another name.")


def _files(name: str, own: Path) -> dict[Path, str]:
    title = name.replace("_", " ").capitalize()
    return {
        own / OWN_TASKS: skeletons.filled(skeletons.TASK, name=name, title=title),
        own / "instructions" / f"{name}.md": skeletons.INSTRUCTIONS,
        own / "task_description.html": skeletons.filled(skeletons.DESCRIPTION, title=title),
        own / "blocked_workers.txt": skeletons.BLOCKED,
    }


def _schema(project: Path) -> dict[Path, str]:
    """What lets editors complete and check the tasks, where the project does not have it."""
    path = FOLDER / "schemas" / "annotation_tasks.schema.json"
    text = json.dumps(schemas()[path.name], indent=2, ensure_ascii=False, sort_keys=True)
    return {} if (project / path).exists() else {path: f"{text}\n"}
