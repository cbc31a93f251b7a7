"""The export of 100,000 judgements against the simplest way with pandas: `python benchmarks/export.py [--rounds 5]`.

Sessions are made up as they are asked for, each of one person who did the built-in behaviour tasks and
`dialogue_likert` on a dialogue of 20 turns. Each measurement is a process of its own; memory is its peak above what
importing took.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import pandas as pd
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet  # noqa: F401  (what an export imports is not to count as its work)

from chateval.analysis import CollectedLabels, CollectedSession, RunFacts, TurnTimes, export
from chateval.analysis._label_tables import JUDGEMENTS
from chateval.analysis._writing import TableWriter
from chateval.annotation import Checks, Choice, Question, Scale, Task, TurnTask, Value, read_tasks

ROOT = Path(__file__).parents[1]
SESSIONS = 712
"""As many as have 100,000 judgements together."""
TURNS = tuple(range(1, 20, 2))
TASKS = (
    "grammar",
    "sociality",
    "commonsense",
    "personal_information",
    "empathy",
    "transitions",
    "knowledge",
    "consistency_label",
    "dialogue_likert",
)
TEXT = "what do you make of the weather, the news, and all the rest of it these days?"
STUDY = "labels"


def sessions() -> Iterator[CollectedSession]:
    tasks = read_tasks(ROOT / "task_config" / "annotation_buckets.json")
    draw = random.Random(1)  # noqa: S311  (made-up data)
    for number in range(SESSIONS):
        labels = (_labels(part, tasks[name], f"dialogue-{number // 3}", draw) for part, name in enumerate(TASKS))
        yield CollectedSession(
            run_id="1",
            session_id=f"{number:016x}",
            unit_id=str(number),
            worker_name=f"worker-{number % 97}",
            assignment_name="A",
            condition="",
            outcome="completed",
            seed=number,
            started_at=1_000.0 * number,
            last_at=1_000.0 * number + 900,
            dialogues=(),
            questions={},
            comment="",
            labels=tuple(labels),
        )


def _labels(part: int, task: Task, dialogue_id: str, draw: random.Random) -> CollectedLabels:
    turns = TURNS if isinstance(task, TurnTask) else ()
    answers = {turn: _answers(task.questions, draw) for turn in turns or (None,)}
    return CollectedLabels(
        part=part,
        purpose="label",
        task=task,
        group_id=dialogue_id,
        dialogue_ids=(dialogue_id,),
        sources=(1,),
        bots=("",),
        turns=turns,
        texts=dict.fromkeys(turns, TEXT),
        speakers=dict.fromkeys(turns, "system"),
        answers=answers,
        answered_at={(turn, name): 1e9 + draw.random() for turn, given in answers.items() for name in given},
        times={turn: TurnTimes(20 * draw.random(), draw.random()) for turn in answers},
        is_submitted=True,
        is_gold=False,
        are_right={},
        checks={},
    )


def _answers(questions: tuple[Question, ...], draw: random.Random) -> dict[str, Value]:
    answers: dict[str, Value] = {}
    for question in questions:
        match question:
            case Scale():
                answers[question.id] = draw.randint(question.low, question.high)
            case Choice():
                option = draw.choice(question.options)
                answers |= {question.id: option.id} | _answers(option.then, draw)
            case Checks():
                ticked = [option for option in question.options if draw.random() < 0.2]
                answers[question.id] = [option.id for option in ticked]
                for option in ticked:
                    answers |= _answers(option.then, draw)
    return answers


def only_sessions(_: Path) -> int:
    return sum(1 for _ in sessions())


def all_tables(out: Path) -> int:
    return export(sessions(), [RunFacts("1", STUDY, "", 0.0, "", "", 0, {}, {})], out, name_worker=str).judgements


def judgements_alone(out: Path) -> int:
    with TableWriter(out / "table.csv", out / "table.parquet", JUDGEMENTS.columns, JUDGEMENTS.kinds) as writer:
        for session in sessions():
            writer.add(JUDGEMENTS.rows(session, session.worker_name, STUDY))
    return writer.count


def judgements_by_pandas(out: Path) -> int:
    rows = [
        dict(zip(JUDGEMENTS.columns, row, strict=True))
        for session in sessions()
        for row in JUDGEMENTS.rows(session, session.worker_name, STUDY)
    ]
    frame = pd.DataFrame(rows, columns=JUDGEMENTS.columns)
    frame.to_csv(out / "table.csv", index=False)
    frame.to_parquet(out / "table.parquet", index=False)
    return len(frame)


WAYS: dict[str, Callable[[Path], int]] = {
    "judgements, ours": judgements_alone,
    "judgements, pandas": judgements_by_pandas,
    "the whole export, ours": all_tables,
    "making up the sessions (in each of the above)": only_sessions,
}
BASE = "judgements, pandas"


def measure(way: str) -> dict[str, float]:
    """Seconds, MiB and rows of one way, in this process, which has done nothing else."""
    before = _peak_mib()
    with tempfile.TemporaryDirectory() as out:
        began = perf_counter()
        count = WAYS[way](Path(out))
        seconds = perf_counter() - began
    return {"seconds": seconds, "mib": _peak_mib() - before, "rows": count}


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_a_process(way: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, __file__, "--way", way], capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often; medians are shown (%(default)s)")
    parser.add_argument("--way", choices=WAYS, help="one measurement, as JSON")
    options = parser.parse_args()
    if options.way:
        print(json.dumps(measure(options.way)))
        return
    rounds = [{way: _in_a_process(way) for way in WAYS} for _ in range(options.rounds)]
    table = {way: {what: median(each[way][what] for each in rounds) for what in ("seconds", "mib")} for way in WAYS}
    print(f"{rounds[0][BASE]['rows']:,.0f} judgements; medians of {options.rounds} rounds; ratios to {BASE!r}\n")
    print("| | seconds | ratio | peak memory, MiB | ratio |\n|---|---:|---:|---:|---:|")
    for way, own in table.items():
        ratios = {what: own[what] / table[BASE][what] for what in own}
        print(f"| {way} | {own['seconds']:.2f} | {ratios['seconds']:.2f} | {own['mib']:.0f} | {ratios['mib']:.2f} |")


if __name__ == "__main__":
    main()
