"""Labels as the seed platform stores them: one entry a labelled dialogue, the tasks in it, the turns in those.

What was asked and answered stands there in the words of the task's file where that platform has it so.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from chateval.analysis._collected import CollectedLabels, CollectedSession
from chateval.analysis._judgements import labelled_turns
from chateval.annotation import Checks, Choice, Option, Question, Scale, Value, all_questions

WHOLE = "dialogue"
"""The key of the answers to a task about whole dialogues, where others have turns."""
TREES = frozenset({"button_flow", "nondetails_button_flow", "nondetails_nonhelp_button_flow"})


class NestedWriter:
    """Writes a JSON array, a session's entries at a time."""

    def __init__(self, path: Path) -> None:
        self._out = path.open("wb")
        self._separator = b"[\n"

    def add(self, session: CollectedSession, worker: str) -> None:
        for entry in entries(session, worker):
            self._out.write(self._separator + msgspec.json.encode(entry))
            self._separator = b",\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        with self._out:
            self._out.write(b"[]\n" if self._separator == b"[\n" else b"\n]\n")


def entries(session: CollectedSession, worker: str) -> Iterator[dict[str, Any]]:
    """What was handed in, training and onboarding left out."""
    found: dict[tuple[Hashable, ...], list[CollectedLabels]] = {}
    times: Counter[tuple[Hashable, ...]] = Counter()
    for labels in session.labels:
        if labels.is_submitted and labels.purpose in {"chat", "label"}:
            about = (labels.group_id, labels.is_gold, labels.dialogue_ids, labels.sources)
            times[*about, labels.task.id] += 1  # a task that was done twice needs a second entry
            found.setdefault((*about, times[*about, labels.task.id]), []).append(labels)
    for parts in found.values():
        yield _entry(session, worker, parts)


def _entry(session: CollectedSession, worker: str, parts: list[CollectedLabels]) -> dict[str, Any]:
    return {
        "worker_id": worker,
        "unit_id": session.unit_id,
        "assignment_id": session.session_id,
        "group_id": parts[0].group_id,
        **_dialogues(parts[0]),
        "is_gold": parts[0].is_gold,
        "subtasks": [labels.task.id for labels in parts],
        "annotations": {
            labels.task.id: {"subtask_index": number, "data": _data(labels)} for number, labels in enumerate(parts)
        },
        "task_start": session.started_at,
        "task_end": session.last_at,
    }


def _dialogues(labels: CollectedLabels) -> dict[str, Any]:
    if len(labels.dialogue_ids) == 1:
        return {"dialogue_id": labels.dialogue_ids[0], "source": labels.sources[0]}
    left, right = labels.dialogue_ids
    return {"dialogue_id": left, "dialogue_id_2": right, "source": labels.sources[0], "source_2": labels.sources[1]}


def _data(labels: CollectedLabels) -> dict[str, Any]:
    return {
        WHOLE if turn is None else str(turn): _turn(labels, turn) | _answers(labels, labels.answers.get(turn, {}))
        for turn in labelled_turns(labels)
    }


def _turn(labels: CollectedLabels, turn: int | None) -> dict[str, Any]:
    if turn is None:
        return {}
    agent = 0 if labels.speakers.get(turn) == "user" else 1
    return {"turn_idx": turn, "text": labels.texts.get(turn, ""), "agent_idx": agent}


def _answers(labels: CollectedLabels, given: Mapping[str, Value]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for question in all_questions(labels.task.questions):
        if question.id in labels.checks:
            continue
        if question.id in given:
            key = _key(question, labels.task.format)
            # The same words may stand at two places of a tree.
            said[question.id if key in said else key] = _answer(question, given[question.id], labels.task.format)
        if f"{question.id}.reason" in given:
            said[f"{question.id}.reason"] = given[f"{question.id}.reason"]
    return said


def _key(question: Question, kind: str) -> str:
    if kind in TREES:
        return question.text or question.id
    return question.label or question.id if isinstance(question, Scale) and kind else question.id


def _answer(question: Question, value: Value, kind: str) -> Any:
    match question:
        case Choice() if kind in TREES or kind == "comparative":
            return _text(question.options, value)
        case Checks() if kind in TREES and isinstance(value, list):
            texts = [option.text for option in question.options if option.id in value]
            return texts if len(question.options) > 1 else "".join(texts)
        case _:
            return value


def _text(options: tuple[Option, ...], value: Value) -> str:
    return next((option.text for option in options if option.id == value), str(value))
