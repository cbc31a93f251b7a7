"""Dialogues as the annotation formats write them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from chateval.annotation._answer_keys import AnswerReader
from chateval.annotation._data_files import NOTHING_TO_LABEL, has_work
from chateval.annotation._datapoints import ShownDialogue
from chateval.annotation._tasks import Task, TurnTask, Value, selected_turns
from chateval.annotation.convert._cast import CastDialogue
from chateval.annotation.convert._found import FoundTurn
from chateval.annotation.convert._order import Kind, Order
from chateval.annotation.convert._selection import NOTHING_APPLIES, SelectionReader, as_written
from chateval.dialogue import Speaker, Turn


class Writer:
    """Writes datapoints as JSON objects."""

    def __init__(self, order: Order, tasks: Sequence[Task]) -> None:
        self._order = order
        self._tasks = tasks
        self._reader = None if order.kind == "data" else SelectionReader(AnswerReader(tasks[0]))

    def datapoint(self, dialogue: CastDialogue, remaining: int) -> dict[str, Any]:
        found = dialogue.found
        if not any(has_work(task, ShownDialogue(_plain(dialogue))) for task in self._tasks):
            found.say(NOTHING_TO_LABEL)
        for task in self._tasks:
            _check_whose_turns(task, dialogue)
        return {
            "dialogue_id": found.dialogue_id,
            "group_id": found.group_id or found.dialogue_id,
            "annotation_tasks": [task.id for task in self._tasks],
            "bot_persona": list(found.persona or self._order.persona),
            **self._marks(remaining),
            "turns": list(self._turns(dialogue)),
        }

    def _marks(self, remaining: int) -> dict[str, int]:
        allowed = self._order.allowed_mistakes
        marks = {} if allowed is None or self._reader is None else {"pass_criteria": allowed}
        return marks | ({"remaining": remaining} if self._order.kind == "screen" else {})

    def _turns(self, dialogue: CastDialogue) -> Iterator[list[Any]]:
        selected = self._selected(len(dialogue.found.turns))
        before: tuple[dict[str, Value], ...] = ()
        for number, (found, plain) in enumerate(zip(dialogue.found.turns, _plain(dialogue), strict=True)):
            turn: list[Any] = [plain.speaker.value, plain.text]
            if self._reader is None:
                yield turn
            elif number not in selected:
                _check_that_it_has_no_key(self._reader.task, found)
                yield turn
            else:
                before = _key(self._reader, found, number, before)
                yield [*turn, as_written(before), found.explanation]

    def _selected(self, count: int) -> frozenset[int]:
        task = self._tasks[0]
        return frozenset(selected_turns(task.turns, count)) if isinstance(task, TurnTask) else frozenset()


def _check_whose_turns(task: Task, dialogue: CastDialogue) -> None:
    """Odd turns are picked as the bot's; where they are not, people would label what the user says unawares."""
    if not isinstance(task, TurnTask) or task.turns != "odd":
        return
    astray = (number for number in range(1, len(dialogue.speakers), 2) if dialogue.speakers[number] is Speaker.USER)
    number = next(astray, None)
    if number is not None:
        reason = f"The task {task.id} labels every second turn, as the system's, but this one is the user's"
        remedy = "Begin with the user, and join turns in which one speaker goes on"
        dialogue.found.turns[number].about("")(f"{reason}. {remedy}.")


def _plain(dialogue: CastDialogue) -> tuple[Turn, ...]:
    pairs = zip(dialogue.speakers, dialogue.found.turns, strict=True)
    return tuple(Turn(speaker, found.text) for speaker, found in pairs)


def _key(
    reader: SelectionReader, found: FoundTurn, number: int, before: Sequence[dict[str, Value]]
) -> tuple[dict[str, Value], ...]:
    say = found.about("selection")
    if not found.selection and not found.explanation:
        say(f"The task {reader.task.id} labels this turn. Write its right answer, or none where nothing applies.")
        return ({},)
    return reader.key(found.selection or NOTHING_APPLIES, number, before, say)


def _check_that_it_has_no_key(task: Task, found: FoundTurn) -> None:
    for column, text in (("selection", found.selection), ("explanation", found.explanation)):
        if text:
            found.about(column)(
                f"The task {task.id} does not label this turn. Empty the cell, or check the row's place."
            )


def text_of(kind: Kind, raw: Sequence[Mapping[str, Any]]) -> str:
    match kind:
        case "data" | "gold":
            return "".join(f"{_json(each)}\n" for each in raw)
        case "screen":
            members = ",\n".join(f"  {_json(each['dialogue_id'])}: {_laid_out(each)}" for each in raw)
            return f"{{\n{members}\n}}\n"
        case _:
            assert_never(kind)


def _laid_out(raw: Mapping[str, Any]) -> str:
    """A turn a line, since training dialogues are edited by hand."""
    keys = "".join(f"    {_json(key)}: {_json(value)},\n" for key, value in raw.items() if key != "turns")
    turns = ",\n".join(f"      {_json(turn)}" for turn in raw["turns"])
    return f'{{\n{keys}    "turns": [\n{turns}\n    ]\n  }}'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
