"""The live path under load, ours against stock Mephisto 1.1.1: `python benchmarks/live_chat.py --out FOLDER`.

Simulated workers over real sockets chat with an echo, through the real router and operator. `--quick` shows in a
minute that the benchmark itself works; its figures mean nothing.
"""

import asyncio
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from pathlib import Path

from load.measures import FULL, MEASURES, QUICK, Figures
from load.ours import ROOT, OurServer
from load.processes import allow_many_files
from load.server import Server
from load.stock import StockServer, installed_node, installed_router
from load.table import Report

SYSTEMS: dict[str, type[Server]] = {"ours": OurServer, "stock": StockServer}


def main() -> int:
    options = _options()
    OurServer.tree = options.tree.absolute()
    allow_many_files()
    if "stock" in options.systems:
        installed_node()
        installed_router()
    scale = QUICK if options.quick else FULL
    rounds: dict[str, dict[str, list[Figures]]] = defaultdict(lambda: defaultdict(list))
    for number in range(1, options.rounds + 1):
        for name in options.what:
            for system in options.systems:  # side by side, so that a slow hour of the machine meets both
                began = time.perf_counter()
                figures = asyncio.run(MEASURES[name](SYSTEMS[system], scale))
                rounds[system][name].append(figures)
                _say(f"round {number}, {name}, {system}: {time.perf_counter() - began:.0f} s")
    report = Report(rounds, "Quick" if options.quick else "Full")
    print(report.markdown())
    if options.out is not None:
        report.write(options.out)
    return 0


def _options() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write live_chat.json and live_chat.md to this folder")
    parser.add_argument("--quick", action="store_true", help="small loads, one round")
    parser.add_argument("--only", choices=SYSTEMS, help="one of the two systems")
    parser.add_argument("--what", default=",".join(MEASURES), help="which measures, with commas between (%(default)s)")
    parser.add_argument("--rounds", type=int, help="how often; medians are shown (3, with --quick 1)")
    parser.add_argument("--tree", type=Path, default=ROOT, help="measure the checkout in this folder as ours")
    options = parser.parse_args()
    options.what = options.what.split(",")
    if unknown := set(options.what) - set(MEASURES):
        parser.error(f"No measure {', '.join(sorted(unknown))}. There are: {', '.join(MEASURES)}.")
    options.systems = [options.only] if options.only else list(SYSTEMS)
    options.rounds = options.rounds or (1 if options.quick else 3)
    return options


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
