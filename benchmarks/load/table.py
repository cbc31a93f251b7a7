"""Figures of several rounds as one table, beside what was to be reached."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from load.measures import Figures

Rounds = Mapping[str, Mapping[str, Sequence[Figures]]]
"""System, measure, and the figures of each round."""


@dataclass(frozen=True)
class Target:
    """At most `limit`: of our own figure, or of it divided by stock's. `is_floor` turns it into at least."""

    limit: float
    is_of_stock: bool = True
    is_floor: bool = False

    def __str__(self) -> str:
        unit = "x stock" if self.is_of_stock else ""
        return f"{'>=' if self.is_floor else '<='} {self.limit:g} {unit}".strip()

    def judge(self, ours: float | None, stock: float | None) -> str:
        measured = ours
        if self.is_of_stock:
            measured = ours / stock if ours is not None and stock else None
        if measured is None:
            return "not measured"
        return "reached" if (measured >= self.limit if self.is_floor else measured <= self.limit) else "NOT REACHED"


@dataclass(frozen=True)
class Line:
    measure: str
    figure: str
    title: str
    target: Target | None = None


OWN = {"is_of_stock": False}

LINES = (
    Line("latency", "turn_p50_ms", "200 workers: a turn, p50, ms"),
    Line("latency", "turn_p95_ms", "p95"),
    Line("latency", "turn_p99_ms", "p99", Target(0.1)),
    Line("latency", "ack_p50_ms", "acknowledgement, p50, ms"),
    Line("latency", "ack_p99_ms", "p99"),
    Line("latency", "lost", "turns lost", Target(0, **OWN)),
    Line("latency", "doubled", "turns doubled", Target(0, **OWN)),
    Line("latency", "doubled_in_journal", "messages doubled in the journal", Target(0, **OWN)),
    Line("latency", "operator_core", "operator, share of a core"),
    Line("latency", "router_core", "router, share of a core"),
    Line("latency", "generator_core", "the load's own share"),
    Line("saturation", "turns_per_second", "Saturation: turns per second", Target(10, is_floor=True)),
    Line("saturation", "workers", "with so many workers"),
    Line("saturation", "turn_p99_ms", "a turn, p99, ms"),
    Line("saturation", "lost", "turns lost", Target(0, **OWN)),
    Line("saturation", "doubled", "turns doubled", Target(0, **OWN)),
    Line("saturation", "operator_core", "operator, share of a core"),
    Line("saturation", "router_core", "router, share of a core"),
    Line("saturation", "generator_core", "the load's own share"),
    Line("crowd", "turn_p50_ms", "1,000 workers (stock: 400): a turn, p50, ms"),
    Line("crowd", "turn_p99_ms", "p99", Target(250, **OWN)),
    Line("crowd", "lost", "turns lost", Target(0, **OWN)),
    Line("crowd", "doubled", "turns doubled", Target(0, **OWN)),
    Line("crowd", "doubled_in_journal", "messages doubled in the journal", Target(0, **OWN)),
    Line("crowd", "generator_core", "the load's own share"),
    Line("registration", "registration_p50_ms", "400 arriving in 10 s, chatting at once: registration, p50, ms"),
    Line("registration", "registration_p95_ms", "p95"),
    Line("registration", "registration_p99_ms", "p99", Target(0.05)),
    Line("registration", "not_registered", "not let in", Target(0, **OWN)),
    Line("long", "first_turns_ms", "A long dialogue: turns 1-20, median, ms"),
    Line("long", "last_turns_ms", "turns 381-400"),
    Line("long", "last_to_first", "ratio", Target(1.1, **OWN)),
    Line("memory", "operator_rss_kib", "Operator per further session, KiB (RSS)", Target(100, **OWN)),
    Line("memory", "operator_pss_kib", "the same as PSS"),
    Line("memory", "router_pss_kib", "router per further session, KiB (PSS)"),
    Line("memory", "threads", "threads per further session"),
    Line("units", "units_seconds", "Creation of 5,000 units, s", Target(0.2)),
    Line("units", "launch_seconds", "launch with one unit, s"),
)


@dataclass(frozen=True)
class Report:
    """What a run has measured."""

    rounds: Rounds
    scale: str
    """Whether loads had their full size; targets are for full ones."""
    name: str = "live_chat"
    """What its files are called."""
    lines: Sequence[Line] = LINES

    def value(self, system: str, line: Line) -> float | None:
        found = [figures[line.figure] for figures in self._of(system, line) if line.figure in figures]
        return median(found) if found else None

    def markdown(self) -> str:
        about = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
        head = f"{self.scale} loads; medians of {self._count()} round(s); {about}.\n\n"
        lines = [self._row(line) for line in self.lines if self._was_measured(line)]
        columns = "| | ours | stock | ours / stock | target | |\n|---|---:|---:|---:|---|---|\n"
        return head + columns + "\n".join(lines) + "\n"

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.md").write_text(self.markdown())
        data = {"scale": self.scale, "rounds": self.rounds, "targets": self._judgements()}
        (folder / f"{self.name}.json").write_text(json.dumps(data, indent=1) + "\n")

    def _row(self, line: Line) -> str:
        ours, stock = self.value("ours", line), self.value("stock", line)
        ratio = f"{ours / stock:.3g}" if ours is not None and stock else ""
        judged = (str(line.target), line.target.judge(ours, stock)) if line.target else ("", "")
        return f"| {line.title} | {_shown(ours)} | {_shown(stock)} | {ratio} | {judged[0]} | {judged[1]} |"

    def _judgements(self) -> dict[str, str]:
        return {
            f"{line.measure}.{line.figure}": line.target.judge(self.value("ours", line), self.value("stock", line))
            for line in self.lines
            if line.target and self._was_measured(line)
        }

    def _of(self, system: str, line: Line) -> Sequence[Figures]:
        return self.rounds.get(system, {}).get(line.measure, ())

    def _was_measured(self, line: Line) -> bool:
        return self.value("ours", line) is not None or self.value("stock", line) is not None

    def _count(self) -> int:
        return max((len(rounds) for measures in self.rounds.values() for rounds in measures.values()), default=0)


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
