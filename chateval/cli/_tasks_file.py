"""Which file defines an annotation task, where the command line names none."""

from pathlib import Path

BUCKETS = "annotation_buckets.json"
OWN_TASKS = "annotation_tasks.yaml"


def tasks_file_of(task: str, project: Path) -> Path:
    """The task's own folder's, as `chateval new task` makes it, or else the one of all studies."""
    folder = project / "task_config"
    own = folder / task / OWN_TASKS
    return own if task == Path(task).name and own.is_file() else folder / BUCKETS
