"""Dialogues to be labelled: `data_jsonl`, and how many people label each group."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, structs

from chateval.annotation._asked import all_questions
from chateval.annotation._data_reading import (
    Problems,
    Say,
    convert_to,
    did_you_mean,
    parse_line,
    read_lines,
    shown,
)
from chateval.annotation._datapoints import Datapoint, Group, ShownDialogue
from chateval.annotation._files import read_tree
from chateval.annotation._tasks import PairTask, Ranking, Task, TurnTask, selected_turns
from chateval.dialogue import Speaker, Turn

Name = Annotated[str, Meta(min_length=1)]


class RawDatapoint(Struct, frozen=True):
    """A datapoint as files write it; other keys are allowed and left alone."""

    dialogue_id: Name
    annotation_tasks: Annotated[list[str], Meta(min_length=1)]
    turns: Annotated[list[list[Any]], Meta(min_length=1)]
    turns2: list[list[Any]] | None = None
    group_id: str = ""
    bot_persona: list[str] = []
    replies: list[str] = []


WHAT_IT_IS = (
    "A datapoint is a JSON object with dialogue_id, annotation_tasks (a list of task names) and turns (a list of "
    "[speaker, text]), and, where they apply, group_id, turns2, bot_persona and replies. Those of one group may "
    'share a line, as {"data": [...]}.'
)


class _Turn(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    speaker: Literal["user", "system"]
    text: str


def read_groups(path: Path, tasks: Mapping[str, Task]) -> tuple[Group, ...]:
    """Read a `data_jsonl`. A line is a datapoint, or `{"data": [datapoints]}`.

    Datapoints that stand alone on a line and have the same group_id are one group; a line with `data` is a group, which
    has the group_id of its first datapoint.

    Raises:
        AnnotationFormatError: all problems of the file, each with its line.
    """
    problems = Problems(path)
    groups = gather_groups(path, problems, lambda raw, say: read_datapoint(raw, tasks, say))
    problems.raise_any()
    return groups


def read_datapoint(raw: Any, tasks: Mapping[str, Task], say: Say) -> Datapoint | None:
    """One datapoint without keys; None, and complaints, where it cannot be used."""
    plain = convert_to(RawDatapoint, raw, WHAT_IT_IS, say)
    if plain is None:
        return None
    chosen = choose_tasks(plain.annotation_tasks, tasks, say)
    dialogues = tuple(
        ShownDialogue(_turns(turns, f"turns{source if source > 1 else ''}", say), source)
        for source, turns in ((1, plain.turns), (2, plain.turns2))
        if turns is not None
    )
    _check_that_tasks_fit(chosen, dialogues, plain.replies, say)
    return Datapoint(
        dialogue_id=plain.dialogue_id,
        group_id=plain.group_id or plain.dialogue_id,
        dialogues=dialogues,
        tasks=chosen,
        bot_persona=tuple(plain.bot_persona),
        replies=tuple(plain.replies),
    )


def choose_tasks(names: Sequence[str], tasks: Mapping[str, Task], say: Say) -> tuple[Task, ...]:
    for name in dict.fromkeys(names):
        if name not in tasks:
            known = ", ".join(sorted(tasks)) or "none"
            say(f"There is no task {shown(name)}.{did_you_mean(name, tasks)} The tasks are: {known}.")
        elif names.count(name) > 1:
            say(f"The task {name} stands in annotation_tasks twice. Name it once.")
    return tuple(tasks[name] for name in dict.fromkeys(names) if name in tasks)


def read_turn(raw: Sequence[Any], place: str, say: Say) -> Turn:
    what = "A turn is [speaker, text], and the speaker user or system."
    turn = convert_to(_Turn, raw, what, lambda text: say(f"{place}: {text}"))
    return Turn(Speaker.USER, "") if turn is None else Turn(Speaker(turn.speaker), turn.text)


def _turns(raw: Sequence[Sequence[Any]], key: str, say: Say) -> tuple[Turn, ...]:
    if not raw:
        say(f"{key} is empty. Give the dialogue its turns, or leave the key out.")
    return tuple(read_turn(turn, f"{key}[{number}]", say) for number, turn in enumerate(raw))


def _check_that_tasks_fit(
    tasks: Sequence[Task], dialogues: Sequence[ShownDialogue], replies: Sequence[str], say: Say
) -> None:
    for task in tasks:
        if isinstance(task, PairTask) and len(dialogues) == 1:
            say(f"The task {task.id} compares two dialogues, but there is one. Give the other one under turns2.")
        if len(replies) < 2 and any(_ranks_replies(question) for question in all_questions(task.questions)):
            say(f"The task {task.id} ranks replies, but there are {len(replies)}. Give two or more under replies.")
    if tasks and not any(has_work(task, dialogue) for task in tasks for dialogue in dialogues):
        say(NOTHING_TO_LABEL)


NOTHING_TO_LABEL = "No task picks a turn of this dialogue, so there is nothing to label. Add turns, or another task."


def _ranks_replies(question: object) -> bool:
    return isinstance(question, Ranking) and not question.options


def has_work(task: Task, dialogue: ShownDialogue) -> bool:
    return not isinstance(task, TurnTask) or bool(selected_turns(task.turns, len(dialogue.turns)))


@dataclass(frozen=True)
class _Line:
    """What one line holds; `is_group` where it is a group of its own."""

    place: str
    is_group: bool
    datapoints: tuple[Datapoint, ...]


ReadDatapoint = Callable[[Any, Say], Datapoint | None]


def gather_groups(path: Path, problems: Problems, read: ReadDatapoint) -> tuple[Group, ...]:
    """The groups of a file of lines, in the order in which they first appear; `read` reads one datapoint."""
    by_group: dict[str, list[_Line]] = {}
    for line in _lines(path, problems, read):
        by_group.setdefault(line.datapoints[0].group_id, []).append(line)
    for group_id, lines in by_group.items():
        _check_group(group_id, lines, problems)
    return tuple(
        Group(group_id, tuple(structs.replace(point, group_id=group_id) for line in lines for point in line.datapoints))
        for group_id, lines in by_group.items()
    )


def _lines(path: Path, problems: Problems, read: ReadDatapoint) -> Iterator[_Line]:
    is_empty = True
    for number, text in read_lines(path):
        is_empty = False
        place = f"line {number}"
        raw = parse_line(text, problems.about(place))
        if raw is UNSET:
            continue
        is_group = isinstance(raw, dict) and bool(raw.get("data")) and isinstance(raw["data"], list)
        members = (
            [(f"{place}, data[{at}]", each) for at, each in enumerate(raw["data"])] if is_group else [(place, raw)]
        )
        points = [read(each, problems.about(where)) for where, each in members]
        if usable := tuple(point for point in points if point is not None):
            yield _Line(place, is_group, usable)
    if is_empty:
        problems.about("")(f"The file holds no datapoint. Write one on each line. {WHAT_IT_IS}")


def _check_group(group_id: str, lines: Sequence[_Line], problems: Problems) -> None:
    first = lines[0]
    places: dict[str, str] = {}
    for line in lines:
        say = problems.about(line.place)
        if line is not first and (line.is_group or first.is_group):
            reason = f"The group {shown(group_id)} is on {first.place} already, and a line with data is a whole group"
            say(f"{reason}. Give one of the two another group_id.")
        for point in line.datapoints:
            if point.dialogue_id in places:
                reason = f"The group {shown(group_id)} has the dialogue {shown(point.dialogue_id)} already"
                say(f"{reason}, on {places[point.dialogue_id]}. Give each dialogue of a group its own dialogue_id.")
            places[point.dialogue_id] = line.place


def read_units(path: Path) -> dict[str, int]:
    """Read `<name>_units.json`: how many people label each group.

    Raises:
        AnnotationFormatError: all problems of the file, each with its group.
    """
    problems = Problems(path)
    units = read_object(path, problems)
    for group_id, count in units.items():
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            reason = f"{shown(count)} is no number of people. Write a whole number, 0 or more, without quotes."
            problems.about(f"group {shown(group_id)}")(reason)
    problems.raise_any()
    return units


def read_object(path: Path, problems: Problems) -> dict[str, Any]:
    """A file that is one JSON object; complains of keys that are written twice."""
    value = read_tree(path, problems)
    if not isinstance(value, dict):
        problems.about("")(f"The file holds {shown(value)}. It should be one JSON object, in {{ and }}.")
        raise problems.error()
    return value
