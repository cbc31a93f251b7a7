"""Dialogues with right answers: training and gold units."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct, structs

from chateval.annotation._answer_keys import AnswerReader, can_be_graded
from chateval.annotation._data_files import gather_groups, read_datapoint, read_object
from chateval.annotation._data_reading import Problems, Say, convert_to, shown
from chateval.annotation._datapoints import Datapoint, Group, TurnKey
from chateval.annotation._tasks import Task, TurnTask, Value, selected_turns

WHAT_A_KEY_IS = "Write [speaker, text, answers, explanation], the answers as {question: option}."


class _Marks(Struct, frozen=True):
    """What a datapoint with keys may have beside what a plain one has."""

    pass_criteria: Annotated[int, Meta(ge=0)] | None = None
    remaining: Annotated[int, Meta(ge=0)] | None = None


@dataclass(frozen=True)
class _Keyed:
    datapoint: Datapoint
    remaining: int | None


def read_training(path: Path, tasks: Mapping[str, Task]) -> tuple[Datapoint, ...]:
    """Read a `screen_json`, `{dialogue_id: dialogue}`; where all say how many are `remaining`, in that order.

    A dialogue is a datapoint with one task, whose turns are `[speaker, text]` or, where there is something to label,
    `[speaker, text, answers, explanation]`. `pass_criteria` says how many mistakes it allows.

    Raises:
        AnnotationFormatError: all problems of the file, each with its dialogue and turn.
    """
    problems = Problems(path)
    raw = read_object(path, problems)
    if not raw:
        problems.about("")("The file holds no training dialogue. Write {dialogue_id: {...}, ...}.")
    found = [
        _read_keyed({"dialogue_id": name, **inner} if isinstance(inner, dict) else inner, tasks, problems.about(place))
        for name, inner in raw.items()
        for place in (f"dialogue {shown(name)}",)
    ]
    usable = [each for each in found if each is not None]
    for name, count in Counter(each.datapoint.dialogue_id for each in usable).items():
        if count > 1:
            problems.about("")(f"{count} dialogues have the dialogue_id {shown(name)}. Give each its own.")
    problems.raise_any()
    return tuple(each.datapoint for each in _in_order(usable))


def read_golds(path: Path, tasks: Mapping[str, Task]) -> tuple[Group, ...]:
    """Read a `gold_jsonl`: training dialogues, a line each, in groups as `read_groups` forms them.

    Raises:
        AnnotationFormatError: all problems of the file, each with its line and turn.
    """

    def read(raw: Any, say: Say) -> Datapoint | None:
        keyed = _read_keyed(raw, tasks, say)
        return None if keyed is None else keyed.datapoint

    problems = Problems(path)
    groups = gather_groups(path, problems, read)
    problems.raise_any()
    return groups


def _in_order(found: Sequence[_Keyed]) -> Sequence[_Keyed]:
    remaining = [each.remaining for each in found if each.remaining is not None]
    return found if len(remaining) < len(found) else sorted(found, key=lambda each: -(each.remaining or 0))


def _read_keyed(raw: Any, tasks: Mapping[str, Task], say: Say) -> _Keyed | None:
    point = read_datapoint(_without_keys(raw), tasks, say)
    marks = convert_to(_Marks, raw, "pass_criteria and remaining are whole numbers, 0 or more.", say) if point else None
    if point is None or marks is None:
        return None
    task = _only_task(point, say)
    keys = {} if task is None else _keys(task, raw["turns"], point.replies, say)
    return _Keyed(structs.replace(point, keys=keys, allowed_mistakes=marks.pass_criteria), marks.remaining)


def _without_keys(raw: Any) -> Any:
    if not isinstance(raw, dict) or not isinstance(raw.get("turns"), list):
        return raw
    return {**raw, "turns": [turn[:2] if isinstance(turn, list) else turn for turn in raw["turns"]]}


def _only_task(point: Datapoint, say: Say) -> TurnTask | None:
    """The one task that the answers are about; None, and a complaint, where they cannot be graded."""
    if len(point.tasks) > 1 or len(point.dialogues) > 1:
        say("Right answers are for one task and one dialogue. Split this into several datapoints, without turns2.")
    elif point.tasks and not (isinstance(point.tasks[0], TurnTask) and can_be_graded(point.tasks[0])):
        reason = f"The task {point.tasks[0].id} cannot be graded turn by turn"
        say(f"{reason}. Choose one that is asked of turns, and has options or scales.")
    elif point.tasks:
        task = point.tasks[0]
        return task if isinstance(task, TurnTask) else None
    return None


def _keys(task: TurnTask, turns: Sequence[Sequence[Any]], replies: Sequence[str], say: Say) -> dict[int, TurnKey]:
    reader = AnswerReader(task)
    selected = frozenset(selected_turns(task.turns, len(turns)))
    keys: dict[int, TurnKey] = {}
    before: tuple[dict[str, Value], ...] = ()
    for number, turn in enumerate(turns):
        about_turn = _prefixed(f"turns[{number}]", say)
        if number not in selected:
            _check_that_it_has_no_key(task, turn, about_turn)
        elif _has_a_key(task, turn, about_turn):
            before = reader.key(turn[2], number, before, about_turn, replies)
            keys[number] = TurnKey(before, turn[3] if len(turn) > 3 else "")
    return keys


def _has_a_key(task: TurnTask, turn: Sequence[Any], say: Say) -> bool:
    if len(turn) > 4 or (len(turn) > 3 and not isinstance(turn[3], str)):
        say(f"{shown(turn[-1])} is no explanation. {WHAT_A_KEY_IS}")
    elif len(turn) < 3 or turn[2] is None:
        say(f"The task {task.id} labels this turn, but its right answers are missing. {WHAT_A_KEY_IS}")
    else:
        return True
    return False


def _check_that_it_has_no_key(task: TurnTask, turn: Sequence[Any], say: Say) -> None:
    if any(item not in (None, "") for item in turn[2:]):
        rule = f"the task {task.id} labels the turns {task.turns!r}, counted from 0"
        say(f"There are answers here, but {rule}. Write [speaker, text] alone.")


def _prefixed(place: str, say: Say) -> Say:
    return lambda text: say(f"{place}: {text}")
