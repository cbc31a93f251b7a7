"""`chateval check --bots`: every bot says a line before anyone is invited."""

import sys
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chateval.bots import GREETING, Trial, try_bot
from chateval.config import HumanBot, Study

WIDTH_IN_FILES = 160
COLUMNS = ("loading", "first reply", "memory", "accelerator")


def try_bots(study: Study, limit_seconds: float) -> int:
    """Print how each bot does; returns the exit status: 1 if one of them fails."""
    bots = [spec for spec in study.bots if not isinstance(spec, HumanBot)]
    if not bots:
        print("\nThere is no bot to be tried.")
        return 0
    print()
    trials = list[Trial]()
    for place, spec in enumerate(bots, start=1):
        print(f"Trying bot {spec.name!r} ({place} of {len(bots)}) ...", flush=True)
        trials.append(try_bot(spec.name, study.bots, study.bot_runtime, limit_seconds))
    Console(width=None if sys.stdout.isatty() else WIDTH_IN_FILES).print(_table(trials))
    failures = [trial.failure for trial in trials if trial.failure]
    print("\n\n".join(failures) or f"Every bot has answered {GREETING!r}.")
    return 1 if failures else 0


def _table(trials: list[Trial]) -> Table:
    columns = [name for name in COLUMNS if name != COLUMNS[-1] or any(trial.accelerator_bytes for trial in trials)]
    table = Table("bot", box=box.SIMPLE)
    for name in columns:
        table.add_column(name, justify="right")
    table.add_column("says")
    for trial in trials:
        cells = list(_cells(trial))[: len(columns)]
        table.add_row(trial.bot, *cells, Text(trial.text) if not trial.failure else Text("failed, see below"))
    return table


def _cells(trial: Trial) -> Iterator[str]:
    for seconds in (trial.load_seconds, trial.reply_seconds):
        yield "" if seconds is None else f"{seconds:.2f} s"
    for size in (trial.memory_bytes, trial.accelerator_bytes):
        yield "" if size is None else f"{size / 2**20:,.0f} MiB"
