"""`chateval runs`."""

import difflib
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import yaml
from rich import box
from rich.console import Console
from rich.table import Table

from chateval.cli._data import add_data_argument, opened_journal
from chateval.errors import DataDirectoryError
from chateval.session import Journal, RunRecord, last_outcome, quotas_of
from chateval.worlds import Outcome, Spoke

WIDTH_IN_FILES = 200


def run(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(prog="chateval runs", description="List past runs, oldest first, or look into them.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--show", metavar="RUN", help="show the configuration, versions and bots of a run")
    what.add_argument("--diff", nargs=2, metavar=("RUN", "OTHER"), help="show what two runs differ in")
    add_data_argument(parser)
    options = parser.parse_args(arguments)
    with opened_journal(options.data_dir, options.journal_url) as (journal, _):
        if options.show:
            print("\n".join(_lines(_find(journal, options.show))))
        elif options.diff:
            _print_difference(*(_find(journal, run_id) for run_id in options.diff))
        else:
            _print_runs(journal)
    return 0


def _find(journal: Journal, run_id: str) -> RunRecord:
    known = {run.run_id: run for run in journal.runs()}
    if run_id not in known:
        raise DataDirectoryError(f"There is no run {run_id!r}. The runs are: {', '.join(known) or 'none'}.")
    return known[run_id]


def _lines(run: RunRecord) -> Iterator[str]:
    yield f"run: {run.run_id}"
    yield f"task: {run.task_name}"
    yield f"started: {_time(run.started_at)}"
    yield f"config_hash: {run.config_hash}"
    yield f"seed: {run.seed}"
    about: dict[str, Any] = {"versions": run.versions, "bots": run.bots}
    if run.later_bots:
        about["later_bots"] = [{"since": _time(later.since), "bots": later.bots} for later in run.later_bots]
    yield from yaml.safe_dump(about, sort_keys=True, allow_unicode=True).splitlines()
    yield "config:"
    yield from (f"  {line}" for line in run.config_yaml.splitlines())


def _print_difference(one: RunRecord, other: RunRecord) -> None:
    difference = difflib.unified_diff(
        list(_lines(one)), list(_lines(other)), f"run {one.run_id}", f"run {other.run_id}", n=1, lineterm=""
    )
    print("\n".join(difference) or "The two runs differ in nothing.")


def _print_runs(journal: Journal) -> None:
    table = Table("run", "task", "conf", "started (UTC)", "replies cost", "done", "needed", "state", box=box.SIMPLE)
    for run in journal.runs():
        quotas = quotas_of(run)
        so_far, needed = _so_far(journal, run, quotas), sum(quotas.values())
        cost = "" if so_far.cost_usd is None else f"${so_far.cost_usd:,.4f}"
        state = "complete" if so_far.done >= needed else "resumable"
        started = _time(run.started_at)
        table.add_row(run.run_id, run.task_name, run.conf, started, cost, str(so_far.done), str(needed), state)
    Console(width=None if sys.stdout.isatty() else WIDTH_IN_FILES).print(table)


class _SoFar(NamedTuple):
    """Completed sessions, trainings and gold units apart, since they fill no quota; and what bots' replies cost."""

    done: int
    cost_usd: float | None
    """None where no price is known; replies without one are left out."""


def _so_far(journal: Journal, run: RunRecord, quotas: Mapping[str, int]) -> _SoFar:
    done, costs = 0, []
    for record, entries in journal.histories(run_id=run.run_id):
        done += record.condition in quotas and last_outcome(record, entries) is Outcome.COMPLETED
        spoken = (entry.event for entry in entries if isinstance(entry.event, Spoke))
        costs += [said.usage.cost_usd for said in spoken if said.usage and said.usage.cost_usd is not None]
    return _SoFar(done, sum(costs) if costs else None)


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
