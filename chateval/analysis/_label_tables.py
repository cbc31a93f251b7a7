"""The tables about labels: each judgement, and the time that each labelled turn took."""

from collections.abc import Iterator
from typing import Literal

from chateval.analysis._collected import CollectedLabels, CollectedSession
from chateval.analysis._judgements import Judgement, labelled_turns, turn_judgements
from chateval.analysis._tables import Kind, Row, Table
from chateval.annotation import Choice, PairTask, all_questions

_NO_TIME = (None, None)

WORK_COLUMNS = [
    "run_id",
    "session_id",
    "unit_id",
    "study",
    "worker",
    "condition",
    "outcome",
    "purpose",
    "part",
    "task",
    "group_id",
    "dialogue_id",
    "source",
    "bot",
    "dialogue_id_2",
    "bot_2",
    "side",
    "is_submitted",
    "is_gold",
]
TURN_COLUMNS = ["turn", "speaker", "seconds", "idle_seconds"]
KINDS: dict[str, Kind] = {
    "part": "whole",
    "source": "whole",
    "is_submitted": "flag",
    "is_gold": "flag",
    "turn": "whole",
    "seconds": "number",
    "idle_seconds": "number",
}


def work_row(session: CollectedSession, worker: str, study: str, labels: CollectedLabels) -> Row:
    """The columns that all rows of a part share. A pair is in the order of its data, whichever was on the left."""
    first, *second = in_data_order(labels)
    return (
        session.run_id,
        session.session_id,
        session.unit_id,
        study,
        worker,
        session.condition,
        session.outcome,
        labels.purpose,
        labels.part,
        labels.task.id,
        labels.group_id,
        labels.dialogue_ids[first],
        labels.sources[first],
        labels.bots[first],
        labels.dialogue_ids[second[0]] if second else "",
        labels.bots[second[0]] if second else "",
        _side(first) if second else "",
        labels.is_submitted,
        labels.is_gold,
    )


def in_data_order(labels: CollectedLabels) -> list[int]:
    """Places on the page, 0 being the left, in the order of the data; dialogues of one session as they were held."""
    places = range(len(labels.dialogue_ids))
    return sorted(places, key=lambda place: (labels.sources[place], labels.dialogue_ids[place]))


def _side(place: int) -> Literal["left", "right"]:
    return "left" if place == 0 else "right"


def _judgement_rows(session: CollectedSession, worker: str, study: str) -> Iterator[Row]:
    for labels in session.labels:
        shared = work_row(session, worker, study, labels)
        for turn, found in turn_judgements(labels):
            of_turn = _turn_row(labels, turn)
            for judgement in found:
                yield (*shared, *of_turn, *_answer_row(labels, turn, judgement))


def _turn_row(labels: CollectedLabels, turn: int | None) -> Row:
    spent = labels.times.get(turn)
    times = (spent.active_seconds, spent.idle_seconds) if spent else _NO_TIME
    return (turn, labels.speakers.get(turn, "") if turn is not None else "", *times)


def _answer_row(labels: CollectedLabels, turn: int | None, judgement: Judgement) -> Row:
    name = judgement.question_id
    check = labels.checks.get(name)
    return (
        name,
        judgement.label,
        judgement.value,
        judgement.number,
        _preferred(labels, judgement),
        judgement.start,
        judgement.end,
        labels.answered_at.get((turn, judgement.label if judgement.label == f"{name}.reason" else name)),
        check is not None,
        labels.are_right.get(turn) if check is None else check[1],
    )


def _preferred(labels: CollectedLabels, judgement: Judgement) -> str:
    """Which of a pair was chosen, in the order of the data; the sides as they were shown tell nothing about it."""
    if not isinstance(labels.task, PairTask):
        return ""
    if judgement.label not in (each.id for each in all_questions(labels.task.questions) if isinstance(each, Choice)):
        return ""
    match judgement.value:
        case "left" | "right" as side:
            return "1" if side == _side(in_data_order(labels)[0]) else "2"
        case "tie":
            return "tie"
        case _:
            return ""


def _time_rows(session: CollectedSession, worker: str, study: str) -> Iterator[Row]:
    for labels in session.labels:
        shared = work_row(session, worker, study, labels)
        turns = labelled_turns(labels)
        for turn in (*turns, *(known for known in labels.times if known not in turns)):
            text = labels.texts.get(turn, "") if turn is not None else ""
            yield (*shared, *_turn_row(labels, turn), text)


JUDGEMENTS = Table(
    "judgements",
    [
        *WORK_COLUMNS,
        *TURN_COLUMNS,
        "question_id",
        "label",
        "value",
        "value_number",
        "preferred",
        "start",
        "end",
        "at",
        "is_check",
        "is_right",
    ],
    {
        **KINDS,
        "value_number": "whole",
        "start": "whole",
        "end": "whole",
        "at": "time",
        "is_check": "flag",
        "is_right": "flag",
    },
    _judgement_rows,
)
LABEL_TIMES = Table("label_times", [*WORK_COLUMNS, *TURN_COLUMNS, "text"], KINDS, _time_rows)
