"""Labelling under load, ours against stock Mephisto 1.1.1: `python benchmarks/labelling.py --out FOLDER`.

A study of 5,000 dialogues is launched; 200 people label them, a label every half second each, and 100 more arrive.
`--quick` shows in half a minute that the benchmark itself works; its figures mean nothing.
"""

import asyncio
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from pathlib import Path

from load.label_measures import LabelScale, LabelServer, labelling
from load.measures import Figures
from load.our_labels import OurLabelServer
from load.ours import ROOT, OurServer
from load.processes import allow_many_files
from load.stock import installed_node, installed_router
from load.stock_labels import StockLabelServer
from load.table import Line, Report, Target

SYSTEMS: dict[str, type[LabelServer]] = {"ours": OurLabelServer, "stock": StockLabelServer}
FULL = LabelScale()
QUICK = LabelScale(units=100, labellers=10, arrivals=5, seconds_per_label=0.05)
LINES = (
    Line("labelling", "launch_seconds", "Launch of 5,000 static units, s"),
    Line("labelling", "registration_p50_ms", "200 labelling, 100 arriving in 10 s: registration, p50, ms"),
    Line("labelling", "registration_p99_ms", "p99"),
    Line("labelling", "next_unit_p50_ms", "the next dialogue of those who hand in, p50, ms"),
    Line("labelling", "next_unit_p99_ms", "p99"),
    Line("labelling", "ack_p50_ms", "acknowledgement of a label, p50, ms"),
    Line("labelling", "ack_p99_ms", "p99"),
    Line("labelling", "labels", "labels acknowledged"),
    Line("labelling", "handed_in", "dialogues handed in"),
    Line("labelling", "refused", "not let in", Target(0, is_of_stock=False)),
    Line("labelling", "operator_core", "operator, share of a core"),
    Line("labelling", "router_core", "router, share of a core"),
    Line("labelling", "generator_core", "the load's own share"),
)


def main() -> int:
    options = _options()
    OurServer.tree = options.tree.absolute()
    allow_many_files()
    if "stock" in options.systems:
        installed_node()
        installed_router()
    rounds: dict[str, dict[str, list[Figures]]] = defaultdict(lambda: defaultdict(list))
    for number in range(1, options.rounds + 1):
        for system in options.systems:  # side by side, so that a slow hour of the machine meets both
            began = time.perf_counter()
            figures = asyncio.run(labelling(SYSTEMS[system], QUICK if options.quick else FULL))
            rounds[system]["labelling"].append(figures)
            print(f"round {number}, {system}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    report = Report(rounds, "Quick" if options.quick else "Full", "labelling", LINES)
    print(report.markdown())
    if options.out is not None:
        report.write(options.out)
    return 0


def _options() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write labelling.json and labelling.md to this folder")
    parser.add_argument("--quick", action="store_true", help="small loads, one round")
    parser.add_argument("--only", choices=SYSTEMS, help="one of the two systems")
    parser.add_argument("--rounds", type=int, help="how often; medians are shown (2, with --quick 1)")
    parser.add_argument("--tree", type=Path, default=ROOT, help="measure the checkout in this folder as ours")
    options = parser.parse_args()
    options.systems = [options.only] if options.only else list(SYSTEMS)
    options.rounds = options.rounds or (1 if options.quick else 2)
    return options


if __name__ == "__main__":
    raise SystemExit(main())
