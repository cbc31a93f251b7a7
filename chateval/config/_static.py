"""The dialogues of a study that labels a file, and how many people label each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from chateval.annotation import Group, Task, read_groups, read_tasks, read_units
from chateval.config._instructions import Instructions
from chateval.config._labels import TASKS
from chateval.config._nearest import did_you_mean
from chateval.config._project import is_file, shown
from chateval.config._study import StaticAnnotation
from chateval.config._study_files import StudyFiles

DATA = "data_jsonl"
_FEW = 5


@dataclass(frozen=True)
class LabelledFile:
    """What a study that labels a file has read of it."""

    annotation: StaticAnnotation
    tasks: Mapping[str, Task]
    """All that the study's file of tasks defines."""
    instructions: Instructions

    @property
    def used(self) -> frozenset[str]:
        """The names of the tasks that are done."""
        groups = self.annotation.groups
        return frozenset(task.id for group in groups for datapoint in group.datapoints for task in datapoint.tasks)


def read_labelled_file(files: StudyFiles, task_name: str) -> LabelledFile | None:
    """None where the tasks or the dialogues cannot be read, which has been complained of then."""
    tasks = files.read(TASKS, read_tasks, feature="do_external_annotations", is_digested=False)
    if tasks is None:
        files.check_is_there(DATA, feature="do_external_annotations")
        return None
    groups = files.read(DATA, lambda path: read_groups(path, tasks), feature="do_external_annotations")
    if groups is None:
        return None
    units = _units(files, groups, task_name)
    instructions = Instructions(files.path(TASKS), files.complaints)
    return LabelledFile(StaticAnnotation(instructions.fill_groups(groups), units, shuffles=True), tasks, instructions)


def _units(files: StudyFiles, groups: tuple[Group, ...], task_name: str) -> dict[str, int]:
    ids = [group.group_id for group in groups]
    for reserved in (group_id for group_id in ids if group_id.startswith("@")):
        text = f"The group_id {reserved!r} begins with @, which marks trainings and gold units in the records."
        files.complain(DATA, f"{text} Choose another.")
    names = list(_names_of_units_file(files.path(DATA), task_name))
    path = next(filter(is_file, names), None)
    if path is None:
        files.complaints.notice(
            f"One person labels each group ({len(ids)} in all), for no file says otherwise. {shown(names[0])} could, as"
            f' in {{"{ids[0]}": 3}}.'
        )
        return dict.fromkeys(ids, 1)
    units = files.read_path(DATA, path, read_units, digest="units")
    if units is None:
        return dict.fromkeys(ids, 1)
    for fault in _faults(units, ids, shown(path), shown(files.path(DATA))):
        files.complain(DATA, fault)
    return {group_id: units.get(group_id, 0) for group_id in ids}


def _names_of_units_file(data: Path, task_name: str) -> Iterator[Path]:
    """In order. The seed platform names it after the project, and its variants for one machine end in `_local`."""
    names = (data.stem, task_name)
    for name in dict.fromkeys((*names, *(name.removesuffix("_local") for name in names))):
        if name == Path(name).name:  # a task's name is free text, and not all of it can be a file's
            yield data.with_name(f"{name}_units.json")


def _faults(units: Mapping[str, int], ids: list[str], units_file: str, data_file: str) -> Iterator[str]:
    known = frozenset(ids)
    unknown = [name for name in units if name not in known]
    missing = [name for name in ids if name not in units]
    if unknown:
        guess = did_you_mean(unknown[0], ids)
        yield (
            f"{units_file} names groups that {data_file} has not: {_some(unknown)}.{guess} Correct the names, or remove"
            " them."
        )
    if missing:
        text = f"{units_file} does not say how many people label {_some(missing)}."
        yield f"{text} Write a number for each group of {data_file}; 0 leaves it out."
    elif ids and not any(units.get(name, 0) for name in ids):
        yield f"{units_file} has 0 for every group, so that nothing would be labelled. Write 1 or more for some."


def _some(names: list[str]) -> str:
    shown_names = ", ".join(map(repr, names[:_FEW]))
    return shown_names if len(names) <= _FEW else f"{shown_names} and {len(names) - _FEW} more"
