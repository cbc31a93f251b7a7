"""Labels as they come out of a study's journal: tasks small enough to know by heart, and sessions with answers."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from chateval.analysis import CollectedLabels, CollectedSession, Exported, RunFacts, TurnTimes, export
from chateval.annotation import (
    Checks,
    Choice,
    DialogueTask,
    FreeText,
    Option,
    PairTask,
    Ranking,
    Scale,
    Spans,
    Task,
    TurnTask,
    Value,
    read_tasks,
)

STUDY = "labels"
TEXTS = {1: "Tomatoes, if I can.", 3: "I hate tomatoes."}
BUILT_IN = read_tasks(Path(__file__).parents[2] / "task_config" / "annotation_buckets.json")


def options(*ids: str) -> tuple[Option, ...]:
    return tuple(Option(name, name.capitalize()) for name in ids)


TRUE = Choice(id="true", asks_reason=True, options=options("yes", "no"))
FACTS = TurnTask(id="facts", questions=(Checks(id="uses", options=(Option("fact", "Uses a fact", then=(TRUE,)),)),))
TRAITS = TurnTask(id="traits", questions=(Checks(id="traits_q", allows_na=True, options=options("kind", "loud")),))
SCALE = DialogueTask(id="scale", questions=(Scale(id="quality", label="Quality"),))
NOTE = DialogueTask(id="note", questions=(FreeText(id="note_q"),))
ORDER = DialogueTask(id="order", questions=(Ranking(id="order_q", options=options("a", "b")),))
MARKS = TurnTask(id="marks", questions=(Spans(id="marks_q", options=options("odd")),))
PAIR = PairTask(
    id="pair", format="comparative", questions=(Choice(id="preferred", options=options("left", "right", "tie")),)
)


def labels(task: Task, answers: Mapping[int | None, Mapping[str, Value]], **changes: Any) -> CollectedLabels:
    """Handed in, on turns 1 and 3 of a dialogue that was held before; each turn took five seconds."""
    turns = (1, 3) if isinstance(task, TurnTask) else ()
    made = CollectedLabels(
        part=0,
        purpose="label",
        task=task,
        group_id="g1",
        dialogue_ids=("d1",),
        sources=(1,),
        bots=("",),
        turns=turns,
        texts={turn: TEXTS[turn] for turn in turns},
        speakers=dict.fromkeys(turns, "system"),
        answers=answers,
        answered_at={(turn, name): 1_005.0 for turn, given in answers.items() for name in given},
        times={turn: TurnTimes(5.0, 2.5) for turn in answers},
        is_submitted=True,
        is_gold=False,
        are_right={},
        checks={},
    )
    return replace(made, **changes)


def session(*parts: CollectedLabels, session_id: str = "s1", **changes: Any) -> CollectedSession:
    made = CollectedSession(
        run_id="1",
        session_id=session_id,
        unit_id="7",
        worker_name="A3EXAMPLEWORKER",
        assignment_name="A",
        condition="",
        outcome="completed",
        seed=1,
        started_at=1_000.0,
        last_at=1_090.5,
        dialogues=(),
        questions={},
        comment="",
        labels=parts,
    )
    return replace(made, **changes)


def run_facts(run_id: str = "1") -> RunFacts:
    return RunFacts(run_id, STUDY, "conf", 900.0, "a: 1\n", "hash", 1, {"chateval": "0.1.0"}, {})


def export_all(out: Path, *sessions: CollectedSession) -> Exported:
    return export(iter(sessions), [run_facts("1"), run_facts("2")], out, name_worker=lambda _: "w_1")


def rows(out: Path, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of a table, a tuple for each row."""
    return [tuple(row.values()) for row in pq.read_table(out / f"{table}.parquet", columns=list(columns)).to_pylist()]
