"""The export: dialogues as JSONL that the next study can annotate, labels and everything else as tables.

Sessions are written as they come, none of them is kept.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from chateval.analysis import _card
from chateval.analysis._behaviours import BEHAVIOUR_TABLE
from chateval.analysis._collected import CollectedSession, RunFacts
from chateval.analysis._label_tables import JUDGEMENTS, LABEL_TIMES
from chateval.analysis._nested import NestedWriter
from chateval.analysis._tables import DIALOGUES, RATINGS, RUN_COLUMNS, RUN_KINDS, SESSIONS, TURNS, Kind, run_row
from chateval.analysis._writing import Replacements, TableWriter
from chateval.dialogue import Dialogue, write_dialogue
from chateval.errors import DataDirectoryError

COMPLETED = "completed"
DATASET_FOLDER = "dataset"

_TABLES = (SESSIONS, DIALOGUES, TURNS, RATINGS, JUDGEMENTS, LABEL_TIMES, BEHAVIOUR_TABLE)


@dataclass(frozen=True)
class Exported:
    """What an export wrote."""

    files: tuple[Path, ...]
    dialogues: int
    sessions: int
    judgements: int


def export(
    sessions: Iterable[CollectedSession],
    runs: Iterable[RunFacts],
    out: Path,
    *,
    name_worker: Callable[[str], str],
    annotation_tasks: tuple[str, ...] = (),
) -> Exported:
    """Write everything to the folder `out`; files of an earlier export there are replaced, all at the end.

    `dialogues.jsonl` has the dialogues of completed sessions, in the static-annotation format. The tables have every
    session, whatever its outcome, and say it in a column `outcome`, empty while a session goes on. They are
    `sessions`, `dialogues`, `turns`, `ratings`, `judgements`, `label_times` and `behaviours`, each as `.csv` and
    `.parquet`. The table `runs` tells where they come from, a row for each run; `provenance.json` says the same with
    the whole configuration. `annotations.json` has what was labelled in the seed platform's form, and `dataset` is a
    folder that `datasets.load_dataset` takes. A session that comes a second time is passed over.

    Raises:
        DataDirectoryError: the folder cannot be made or written to.
    """
    try:
        (out / DATASET_FOLDER / _card.DATA_FOLDER).mkdir(parents=True, exist_ok=True)
        with Replacements() as files:
            return _Export(out, files, tuple(runs), name_worker, annotation_tasks).write(sessions)
    except OSError as error:
        raise DataDirectoryError(
            f"The export cannot be written to {out}: {error.strerror or error}. Name another folder, or make room."
        ) from error


@dataclass(frozen=True)
class _Export:
    out: Path
    files: Replacements
    runs: tuple[RunFacts, ...]
    name_worker: Callable[[str], str]
    annotation_tasks: tuple[str, ...]

    def write(self, sessions: Iterable[CollectedSession]) -> Exported:
        self._write_provenance()
        with self._table("runs", RUN_COLUMNS, RUN_KINDS) as table:
            table.add(map(run_row, self.runs))
        counts = self._write_sessions(sessions)
        self._write_dataset(counts)
        return Exported(self.files.paths, counts.dialogues, counts.sessions, counts.rows[JUDGEMENTS.name])

    def _write_sessions(self, sessions: Iterable[CollectedSession]) -> "_Counts":
        studies = {run.run_id: run.task_name for run in self.runs}
        with ExitStack() as opened:
            tables = [opened.enter_context(self._table(each.name, each.columns, each.kinds)) for each in _TABLES]
            nested = opened.enter_context(NestedWriter(self.files.new(self.out / "annotations.json")))
            lines = opened.enter_context(self.files.new(self.out / "dialogues.jsonl").open("w", encoding="utf-8"))
            dialogues = count = 0
            for count, session in enumerate(_each_once(sessions), start=1):  # noqa: B007  (the last is how many)
                worker = self.name_worker(session.worker_name)
                for table, writer in zip(_TABLES, tables, strict=True):
                    writer.add(table.rows(session, worker, studies.get(session.run_id, "")))
                nested.add(session, worker)
                dialogues += _write_dialogues(session, lines, self.annotation_tasks)
        rows = {table.name: writer.count for table, writer in zip(_TABLES, tables, strict=True)}
        return _Counts(dialogues, count, rows)

    def _write_provenance(self) -> None:
        facts = {"exported_at": datetime.now(UTC).isoformat(), "runs": [asdict(run) for run in self.runs]}
        text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
        self.files.new(self.out / "provenance.json").write_text(text, encoding="utf-8")

    def _write_dataset(self, counts: "_Counts") -> None:
        folder = self.out / DATASET_FOLDER
        for name in _card.TABLES:
            file = f"{name}.parquet"
            if counts.rows[name]:
                shutil.copyfile(self.files.place(self.out / file), self.files.new(folder / _card.DATA_FOLDER / file))
            else:
                self.files.remove(folder / _card.DATA_FOLDER / file)
        facts = _card.CardFacts(
            studies=tuple(dict.fromkeys(run.task_name for run in self.runs)),
            versions=tuple(dict.fromkeys(run.versions.get("chateval", "?") for run in self.runs)),
            runs=len(self.runs),
            sessions=counts.sessions,
            rows=counts.rows,
        )
        self.files.new(folder / "README.md").write_text(_card.card(facts), encoding="utf-8")

    def _table(self, name: str, columns: list[str], kinds: Mapping[str, Kind]) -> TableWriter:
        csv, parquet = (self.files.new(self.out / f"{name}.{suffix}") for suffix in ("csv", "parquet"))
        return TableWriter(csv, parquet, columns, kinds)


@dataclass(frozen=True)
class _Counts:
    dialogues: int
    sessions: int
    rows: Mapping[str, int]
    """Of each table, by name."""


def _each_once(sessions: Iterable[CollectedSession]) -> Iterator[CollectedSession]:
    seen: set[str] = set()
    for session in sessions:
        if session.session_id not in seen:
            seen.add(session.session_id)
            yield session


def _write_dialogues(session: CollectedSession, lines: IO[str], tasks: tuple[str, ...]) -> int:
    if session.outcome != COMPLETED:
        return 0
    for dialogue in session.dialogues:
        turns = tuple(collected.turn for collected in dialogue.turns)
        persona = dialogue.context.bot_persona
        write_dialogue(Dialogue(dialogue.dialogue_id, dialogue.dialogue_id, turns, tasks, persona), lines)
    return len(session.dialogues)
