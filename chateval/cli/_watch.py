"""What the researcher sees while a study runs: a table in a terminal, lines elsewhere."""

import shlex
import sys
import time
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.live import Live
from rich.table import Table

from chateval.allocation import Progress, summed
from chateval.config import Study, describe
from chateval.pictures import partner_of, picture_of

EXAMPLE_LINKS = 3
COLUMNS = ("waiting", "active", "done", "abandoned", "failed")

MOST_ROWS = 12
"""A study of more conditions shows them in sum."""

Progresses = tuple[Progress, ...]


class LineWatch:
    """Writes a line whenever the counts have changed, at most one each `every_seconds`, so that logs stay short."""

    def __init__(self, every_seconds: float) -> None:
        self._every_seconds = every_seconds
        self._study: Study | None = None
        self._last: Progresses = ()
        self._last_at = float("-inf")

    def launching(self, study: Study) -> None:
        self._study = study
        _say(describe(study))
        _say("\nStarting the server ...")

    def continues(self, run_id: str, progress: Progresses) -> None:
        _say(f"Going on with run {run_id}: {_left(progress)}. (--new would begin another.)")

    def is_ready(self, url: str) -> None:
        if self._study is not None and self._study.requires_signed_links:
            _say("\nOnly signed links lead into this study. Make one for each participant, with ids of your choice:")
            _say(f"  {_invitation(self._study)}")
        else:
            _say("\nA link for each participant, with ids of your choice:")
            for number in range(1, EXAMPLE_LINKS + 1):
                _say(f"  {url}/?worker_id=W{number}&assignment_id=A{number}")
        _say(f"\nReady: {url}/")

    def loading(self, bot_name: str, place: int, count: int) -> None:
        _say(f"Loading bot {bot_name!r} ({place} of {count}) ...")

    def loaded(self, bot_name: str, place: int, count: int, seconds: float) -> None:
        _say(f"Bot {bot_name!r} is there after {seconds:.1f} s ({place} of {count}).")

    def progressed(self, progress: Progresses) -> None:
        now = time.monotonic()
        if progress != self._last and now - self._last_at >= self._every_seconds:
            self._last, self._last_at = progress, now
            for condition in _rows(progress):
                _say(_line(condition))

    def stopped(self, run_id: str, progress: Progresses, *, is_complete: bool) -> None:
        for condition in _rows(progress):
            _say(_line(condition))
        if is_complete:
            _say(f"Run {run_id} is complete.")
        else:
            _say(f"Run {run_id} has stopped: {_left(progress)}. The same command goes on with it.")

    def close(self) -> None:
        """Leave the terminal as it was, however the launch has ended."""


class TableWatch(LineWatch):
    """Keeps a table up to date below what it has said."""

    def __init__(self) -> None:
        super().__init__(every_seconds=0)
        self._live = Live(console=Console(), auto_refresh=False)

    def is_ready(self, url: str) -> None:
        super().is_ready(url)
        _say("Ctrl-C stops the study.\n")
        self._live.start()

    def progressed(self, progress: Progresses) -> None:
        if progress != self._last:
            self._last = progress
            self._live.update(_table(progress), refresh=True)

    def stopped(self, run_id: str, progress: Progresses, *, is_complete: bool) -> None:
        self._live.stop()
        super().stopped(run_id, progress, is_complete=is_complete)

    def close(self) -> None:
        self._live.stop()


def choose_watch(study: Study) -> LineWatch:
    return TableWatch() if sys.stdout.isatty() else LineWatch(study.monitoring_seconds)


def _invitation(study: Study) -> str:
    where = ["--task-name", study.task.name, "--data-dir", str(study.data_dir)]
    who = ["--worker", "W1", "--base-url", f"http://THIS-MACHINE:{study.server.port}"]
    return shlex.join(["chateval", "invite", *where, *who])


def _table(progress: Progresses) -> Table:
    table = Table()
    table.add_column("condition")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    table.add_column("needed", justify="right")
    for condition in _rows(progress):
        counts = [str(getattr(condition, name)) for name in COLUMNS]
        table.add_row(condition.condition, *counts, str(condition.needed or ""))
    return table


def _line(condition: Progress) -> str:
    counts = ", ".join(f"{getattr(condition, name)} {name}" for name in COLUMNS)
    quota = f", of {condition.needed}" if condition.needed else ""
    return f"{time.strftime('%H:%M:%S')}  {condition.condition}: {counts}{quota}"


def _rows(progress: Progresses) -> Progresses:
    """What fits a screen: the conditions, or their sum where there are many; what fills no quota stays apart."""
    wanted = [one for one in progress if one.needed]
    aside = (one for one in progress if not one.needed)
    if wanted and all(picture_of(one.condition) for one in wanted):
        return (*_by_partner(wanted), *aside)
    if len(wanted) <= MOST_ROWS:
        return progress
    return (summed(wanted, f"{len(wanted)} groups"), *aside)


def _by_partner(wanted: Sequence[Progress]) -> Iterator[Progress]:
    """Of a study of pictures: each bot, with all its pictures in sum."""
    for partner in dict.fromkeys(partner_of(one.condition) for one in wanted):
        theirs = [one for one in wanted if partner_of(one.condition) == partner]
        yield summed(theirs, f"{partner} ({len(theirs)} picture{'s' * (len(theirs) > 1)})")


def _left(progress: Progresses) -> str:
    done, needed = sum(p.done for p in progress if p.needed), sum(p.needed for p in progress)
    active = sum(p.active for p in progress)
    return f"{done} of {needed} sessions are done, {active} under way"


def _say(text: str) -> None:
    print(text, flush=True)
