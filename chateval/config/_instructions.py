"""What workers read about a task: Markdown beside the file that defines it, made into safe HTML."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from chateval.annotation import Datapoint, Group, Task
from chateval.config._complaints import Complaints
from chateval.config._html import clean_html
from chateval.config._project import TASK_CONFIG, checkout, is_file, shown
from chateval.config._sources import Sources

_FOLDER = "instructions"


class Instructions:
    """Fills in the instructions of tasks, reading each file once."""

    def __init__(self, tasks_path: Path, complaints: Complaints) -> None:
        self._complaints = complaints
        self._folders = tuple(dict.fromkeys((tasks_path.parent / _FOLDER, checkout() / TASK_CONFIG / _FOLDER)))
        self._filled: dict[str, Task] = {}
        self._missing: list[str] = []

    def fill(self, task: Task) -> Task:
        if task.id not in self._filled:
            html = self._from_file(task)
            self._filled[task.id] = msgspec.structs.replace(task, instructions_html=html)
            if not html:
                self._missing.append(task.id)
        return self._filled[task.id]

    def fill_datapoint(self, datapoint: Datapoint) -> Datapoint:
        return msgspec.structs.replace(datapoint, tasks=tuple(map(self.fill, datapoint.tasks)))

    def fill_groups(self, groups: Iterable[Group]) -> tuple[Group, ...]:
        return tuple(
            msgspec.structs.replace(group, datapoints=tuple(map(self.fill_datapoint, group.datapoints)))
            for group in groups
        )

    def filled(self) -> tuple[Task, ...]:
        """Every task that was filled in so far, in the order of first use."""
        return tuple(self._filled.values())

    def note_missing(self) -> None:
        if self._missing:
            names, first = ", ".join(self._missing), self._missing[0]
            path = shown(self._folders[0] / f"{first}.md")
            self._complaints.notice(
                f"Workers are shown no instructions for {names}: write them in Markdown, as in {path}."
            )

    def _from_file(self, task: Task) -> str:
        path = next(filter(is_file, (folder / f"{task.id}.md" for folder in self._folders)), None)
        if path is None:
            return ""
        try:
            return self._clean(html_of(path.read_text(encoding="utf-8-sig")), shown(path))
        except OSError as error:
            self._complaints.at(shown(path), f"The instructions cannot be read: {error.strerror}. Let them be read.")
        except UnicodeDecodeError:
            self._complaints.at(shown(path), "The instructions are not text in UTF-8. Save them as UTF-8.")
        return ""

    def _clean(self, html: str, where: str) -> str:
        clean = clean_html(html)
        if clean.dropped:
            left_out = ", ".join(clean.dropped)
            self._complaints.notice(f"{where}: left out of the page, which shows text and runs nothing: {left_out}.")
        return clean.html


@dataclass(frozen=True)
class InstructedTask:
    """A task with its instructions; `notices` are for the researcher."""

    task: Task
    notices: tuple[str, ...]


def instructed_task(task: Task, tasks_path: Path) -> InstructedTask:
    """Fill in the instructions of a task that `tasks_path` defines.

    Raises StudyProblemsError where their file cannot be read.
    """
    complaints = Complaints(Sources(""))
    instructions = Instructions(tasks_path, complaints)
    filled = instructions.fill(task)
    instructions.note_missing()
    complaints.raise_if_any()
    return InstructedTask(filled, tuple(complaints.notices))


def html_of(markdown_text: str) -> str:
    """Markdown as HTML, not yet cleaned. `## Heading {#name}` gives the heading an id, and tables are understood."""
    from markdown import markdown  # noqa: PLC0415 - only studies with labels need it

    return str(markdown(markdown_text, extensions=["attr_list", "tables", "sane_lists"], output_format="html"))
