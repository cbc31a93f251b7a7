"""The export: dialogues as JSONL that the next study can annotate, everything else as CSV and Parquet."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chateval.analysis._collected import CollectedDialogue, CollectedSession, RunFacts
from chateval.dialogue import Dialogue, write_dialogue
from chateval.errors import DataDirectoryError

if TYPE_CHECKING:
    import pandas as pd

COMPLETED = "completed"

_Row = dict[str, Any]


@dataclass(frozen=True)
class Exported:
    """What an export wrote."""

    files: tuple[Path, ...]
    dialogues: int
    sessions: int


def export(
    sessions: Iterable[CollectedSession],
    runs: Iterable[RunFacts],
    out: Path,
    *,
    name_worker: Callable[[str], str],
    annotation_tasks: tuple[str, ...] = (),
) -> Exported:
    """Write everything to the folder `out`; files of an earlier export there are replaced.

    `dialogues.jsonl` has the dialogues of completed sessions, in the static-annotation format. The tables have every
    session, whatever its outcome, and say it in a column `outcome`, empty while a session goes on. They are
    `sessions`, `dialogues`, `turns` and `ratings`, each as `.csv` and `.parquet`. The table `runs` tells where they
    come from, a row for each run; `provenance.json` says the same with the whole configuration.

    Raises:
        DataDirectoryError: the folder cannot be made or written to.
    """
    collected = list(sessions)
    try:
        return _export(collected, runs, out, name_worker, annotation_tasks)
    except OSError as error:
        raise DataDirectoryError(
            f"The export cannot be written to {out}: {error.strerror or error}. Name another folder, or make room."
        ) from error


def _export(
    collected: list[CollectedSession],
    runs: Iterable[RunFacts],
    out: Path,
    name_worker: Callable[[str], str],
    annotation_tasks: tuple[str, ...],
) -> Exported:
    out.mkdir(parents=True, exist_ok=True)
    import pandas as pd  # noqa: PLC0415  (a second, which a launch has no use for)

    written = [out / "dialogues.jsonl", out / "provenance.json"]
    count = _write_jsonl(collected, written[0], annotation_tasks)
    facts = list(runs)
    _write_provenance(facts, written[1])
    written += _write_table(pd.DataFrame(map(_run_row, facts), columns=_RUN_COLUMNS), out / "runs")
    for name, columns, rows in _TABLES:
        frame = pd.DataFrame([row for s in collected for row in rows(s, name_worker(s.worker_name))], columns=columns)
        written += _write_table(frame, out / name)
    return Exported(tuple(written), count, len(collected))


def _write_jsonl(sessions: list[CollectedSession], path: Path, annotation_tasks: tuple[str, ...]) -> int:
    count = 0
    with _replacing(path).open("w", encoding="utf-8") as lines:
        for session in sessions:
            if session.outcome != COMPLETED:
                continue
            for dialogue in session.dialogues:
                turns = tuple(collected.turn for collected in dialogue.turns)
                write_dialogue(Dialogue(dialogue.dialogue_id, dialogue.dialogue_id, turns, annotation_tasks), lines)
                count += 1
    _replacing(path).replace(path)
    return count


def _write_provenance(runs: Iterable[RunFacts], path: Path) -> None:
    facts = {"exported_at": datetime.now(UTC).isoformat(), "runs": [asdict(run) for run in runs]}
    _replacing(path).write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _replacing(path).replace(path)


def _write_table(frame: "pd.DataFrame", stem: Path) -> list[Path]:
    paths = [stem.with_suffix(".csv"), stem.with_suffix(".parquet")]
    # Texts are quoted, each of them: a lone carriage return, left bare, would end the row for many readers.
    frame.to_csv(_replacing(paths[0]), index=False, quoting=csv.QUOTE_NONNUMERIC)
    frame.to_parquet(_replacing(paths[1]), index=False)
    for path in paths:
        _replacing(path).replace(path)
    return paths


def _replacing(path: Path) -> Path:
    """Where a file is written before it takes its place, so that nobody reads half of it."""
    return path.with_name(path.name + ".part")


_RUN_COLUMNS = ["run_id", "task_name", "conf", "started_at", "config_hash", "seed", "versions", "bots"]


def _run_row(run: RunFacts) -> _Row:
    """`versions` and `bots` are JSON."""
    return {
        "run_id": run.run_id,
        "task_name": run.task_name,
        "conf": run.conf,
        "started_at": _time(run.started_at),
        "config_hash": run.config_hash,
        "seed": run.seed,
        "versions": json.dumps(dict(run.versions), sort_keys=True),
        "bots": json.dumps({name: dict(about) for name, about in run.bots.items()}, sort_keys=True),
    }


_SESSION_COLUMNS = [
    "run_id",
    "session_id",
    "unit_id",
    "worker",
    "condition",
    "outcome",
    "started_at",
    "last_at",
    "seconds",
    "seed",
    "comment",
]


def _session_rows(session: CollectedSession, worker: str) -> Iterator[_Row]:
    yield {
        **_ids(session, worker),
        "started_at": _time(session.started_at),
        "last_at": _time(session.last_at),
        "seconds": session.last_at - session.started_at,
        "seed": session.seed,
        "comment": session.comment,
    }


_DIALOGUE_COLUMNS = [
    "run_id",
    "session_id",
    "unit_id",
    "worker",
    "condition",
    "outcome",
    "dialogue_id",
    "position",
    "bot",
    "turns",
    "seconds",
]


def _dialogue_rows(session: CollectedSession, worker: str) -> Iterator[_Row]:
    for dialogue in session.dialogues:
        first, last = dialogue.turns[0].at, dialogue.turns[-1].at
        yield {
            **_ids(session, worker),
            **_of_dialogue(dialogue),
            "turns": len(dialogue.turns),
            "seconds": last - first,
        }


_TURN_COLUMNS = [
    "run_id",
    "session_id",
    "worker",
    "outcome",
    "dialogue_id",
    "position",
    "bot",
    "turn",
    "speaker",
    "text",
    "at",
    "seconds",
]


def _turn_rows(session: CollectedSession, worker: str) -> Iterator[_Row]:
    """`seconds` is the time since the turn before: how long the speaker took."""
    for dialogue in session.dialogues:
        before = dialogue.turns[0].at
        for number, collected in enumerate(dialogue.turns):
            yield {
                **_ids(session, worker),
                **_of_dialogue(dialogue),
                "turn": number,
                "speaker": collected.turn.speaker.value,
                "text": collected.turn.text,
                "at": _time(collected.at),
                "seconds": collected.at - before,
            }
            before = collected.at


_RATING_COLUMNS = [
    "run_id",
    "session_id",
    "worker",
    "condition",
    "outcome",
    "dialogue_id",
    "position",
    "bot",
    "question_id",
    "question",
    "value",
]


def _rating_rows(session: CollectedSession, worker: str) -> Iterator[_Row]:
    for dialogue in session.dialogues:
        for question_id, value in dialogue.ratings.items():
            yield {
                **_ids(session, worker),
                **_of_dialogue(dialogue),
                "question_id": question_id,
                "question": session.questions[question_id],
                "value": value,
            }


_TABLES = (
    ("sessions", _SESSION_COLUMNS, _session_rows),
    ("dialogues", _DIALOGUE_COLUMNS, _dialogue_rows),
    ("turns", _TURN_COLUMNS, _turn_rows),
    ("ratings", _RATING_COLUMNS, _rating_rows),
)


def _ids(session: CollectedSession, worker: str) -> _Row:
    return {
        "run_id": session.run_id,
        "session_id": session.session_id,
        "unit_id": session.unit_id,
        "worker": worker,
        "condition": session.condition,
        "outcome": session.outcome,
    }


def _of_dialogue(dialogue: CollectedDialogue) -> _Row:
    return {"dialogue_id": dialogue.dialogue_id, "position": dialogue.position, "bot": dialogue.bot}


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
