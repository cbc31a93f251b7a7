"""What a preview shows: a task, its instructions, and the dialogues that it is tried on."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import msgspec

from chateval.annotation import Datapoint, Task, read_groups, read_tasks, sample_datapoint
from chateval.config import checkout, clean_html, instructed_task
from chateval.errors import AnnotationFormatError

STARTUP = "label_startup_instructions.html"


@dataclass(frozen=True)
class Source:
    """Where it all comes from; without a file of dialogues, there is a built-in one."""

    task: str
    tasks_file: Path
    data_file: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Everything whose change may change what is shown, there or not."""
        beside = [folder / "instructions" / f"{self.task}.md" for folder in self.folders]
        data = [self.data_file] if self.data_file is not None else []
        return (self.tasks_file, *data, *beside, *(folder / STARTUP for folder in self.folders))

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where texts for workers are looked for, in order."""
        return tuple(dict.fromkeys((self.tasks_file.parent, checkout() / "task_config")))

    def stamp(self) -> tuple[tuple[int, int] | None, ...]:
        """Changes when a file does."""
        return tuple(map(_stamp, self.files))


@dataclass(frozen=True)
class Exhibit:
    """`groups` has one or more; each visit is shown the next one. `notices` are for the researcher."""

    task: Task
    groups: tuple[tuple[Datapoint, ...], ...]
    startup_html: str
    notices: tuple[str, ...] = ()


def read_exhibit(source: Source) -> Exhibit:
    """Read and check everything.

    Raises:
        ChatevalError: a file cannot be used, there is no such task, or no dialogue for it.
    """
    tasks = read_tasks(source.tasks_file)
    if source.task not in tasks:
        raise AnnotationFormatError(_unknown(source, tasks))
    read = instructed_task(tasks[source.task], source.tasks_file)
    groups = _groups(source.data_file, tasks, read.task) if source.data_file else ((sample_datapoint(read.task),),)
    return Exhibit(read.task, groups, _startup_html(source), read.notices)


def _unknown(source: Source, tasks: Mapping[str, Task]) -> str:
    near = get_close_matches(source.task, tasks, n=1, cutoff=0.5)
    guess = f" Did you mean {near[0]!r}?" if near else f" It defines: {', '.join(sorted(tasks))}."
    return f"There is no task {source.task!r} in {source.tasks_file}.{guess} Correct the name, or define it."


def _groups(path: Path, tasks: Mapping[str, Task], task: Task) -> tuple[tuple[Datapoint, ...], ...]:
    """The groups with dialogues for the task, without the other tasks on them."""
    found = tuple(
        tuple(msgspec.structs.replace(one, tasks=(task,)) for one in group.datapoints if _asks(one, task))
        for group in read_groups(path, tasks)
    )
    if not any(found):
        raise AnnotationFormatError(
            f"No dialogue in {path} has {task.id!r} among its annotation_tasks. Write it there, or name another file."
        )
    return tuple(filter(None, found))


def _asks(datapoint: Datapoint, task: Task) -> bool:
    return any(asked.id == task.id for asked in datapoint.tasks)


def _startup_html(source: Source) -> str:
    """What a worker reads before they agree; nothing where nobody has written it."""
    path = next((path for folder in source.folders if (path := folder / STARTUP).is_file()), None)
    try:
        return clean_html(path.read_text(encoding="utf-8-sig")).html if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationFormatError(f"{path} cannot be read: {error}. Let it be read, as text in UTF-8.") from error


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
