"""`chateval export`."""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from chateval.cli._data import add_data_argument, opened_journal
from chateval.errors import DataDirectoryError
from chateval.session import SqlJournal


def run(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(
        prog="chateval export",
        description="Write what a task has collected, over all its runs: dialogues.jsonl (completed sessions, ready to "
        "be annotated), the tables sessions, dialogues, turns, ratings, judgements, label_times, behaviours and runs "
        "as CSV and Parquet, annotations.json (labels nested by dialogue, task and turn), and a folder `dataset` for "
        "load_dataset. Safe while the study runs.",
    )
    parser.add_argument("--task-name", required=True, metavar="NAME", help="mephisto.task.task_name of the study")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder to write to")
    parser.add_argument("--worker-ids", action="store_true", help="write worker ids as they are, not pseudonyms")
    parser.add_argument(
        "--annotation-tasks",
        default="",
        metavar="TASK,TASK",
        help="the tasks to put into each dialogue's annotation_tasks",
    )
    add_data_argument(parser)
    options = parser.parse_args(arguments)
    tasks = tuple(filter(None, map(str.strip, options.annotation_tasks.split(","))))
    opened = opened_journal(options.data_dir, options.journal_url)
    print(_export(opened, options.task_name, options.out, tasks, with_worker_ids=options.worker_ids))
    return 0


def _export(
    opened: AbstractContextManager[tuple[SqlJournal, Path]],
    task_name: str,
    out: Path,
    tasks: tuple[str, ...],
    *,
    with_worker_ids: bool,
) -> str:
    from chateval.analysis import Pseudonyms, export  # noqa: PLC0415  (Arrow takes a while to import)
    from chateval.session import collected_sessions, run_facts  # noqa: PLC0415

    with opened as (journal, folder):
        runs = [run for run in journal.runs() if run.task_name == task_name]
        if not runs:
            known = ", ".join(sorted({run.task_name for run in journal.runs()})) or "none"
            raise DataDirectoryError(f"No run of a task {task_name!r} in {folder}. Tasks there: {known}.")
        name_worker: Callable[[str], str] = str if with_worker_ids else Pseudonyms(folder).of
        sessions = collected_sessions(journal, task_name)
        exported = export(sessions, map(run_facts, runs), out, name_worker=name_worker, annotation_tasks=tasks)
    files = ", ".join(path.relative_to(out).as_posix() for path in exported.files)
    counts = f"Dialogues of completed sessions: {exported.dialogues}. Sessions in all: {exported.sessions}."
    return f"{counts} Judgements: {exported.judgements:,}.\n{out}: {files}"
