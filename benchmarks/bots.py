"""One model for a crowd, ours against ParlAI's own way: `python benchmarks/bots.py --out FOLDER`.

A model of 50 million random weights answers 64 dialogues at once, and then some one by one: (a) by ParlAI's own way,
clones of one agent called one at a time; (b) by the same agent behind our queue, and by the same weights as a bot of
the kind `transformers`; (c) by both again behind Ray Serve. All ways take turns in one run, each in a process of its
own. Last comes the time from `welcome.py` to the first page, without a model and with it. `--quick` shows in some
minutes that the benchmark itself works; its figures mean nothing.
"""

import asyncio
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from statistics import median

from load.models import lines, write_model
from load.talkers import Answer, one_at_a_time, ours, parlai_options, same, spec
from startup import measure

from chateval.bots import Request
from chateval.config import TransformersBot
from chateval.dialogue import Speaker, Turn

ROOT = Path(__file__).parents[1]
WAYS = {
    "stock": "(a) ParlAI, one at a time",
    "parlai": "(b) ours, the same agent",
    "transformers": "(b) ours, kind transformers",
    "ray-parlai": "(c) ours, the same agent on Ray Serve",
    "ray-transformers": "(c) ours, kind transformers on Ray Serve",
}
SERVE_SECONDS = 180
ALONE = 3
"""How many dialogues are held one after another."""


def main() -> int:
    options = _options()
    if options.way:
        print(json.dumps(asyncio.run(_measure(options))))
        return 0
    rounds: dict[str, list[dict[str, float]]] = {way: [] for way in options.ways}
    said: dict[str, dict[str, list[list[str]]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        weights = write_model(model, ROOT)
        for number in range(1, options.rounds + 1):
            for way in options.ways:  # side by side, so that a slow hour of the machine meets all
                began = time.perf_counter()
                measured = _in_a_process(way, model, options)
                said[way] = measured.pop("said")
                rounds[way].append(measured)
                print(f"round {number}, {way}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        startups = _startups(model)
    table = _table(rounds, said, options, weights) + _startup_lines(startups)
    print(table)
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "bots.md").write_text(table)
        (options.out / "bots.json").write_text(
            json.dumps({"weights": weights, "rounds": rounds, "startups": startups}, indent=1) + "\n"
        )
    return 0


def _startups(model: Path) -> dict[str, dict[str, float]]:
    """Seconds from `welcome.py` to the first page and to the last bot, without a model and with one."""
    bots: dict[str, object] = {"scripted": {"kind": "scripted", "echo": True}}
    bots |= {kind: _entry(kind, model) for kind in ("parlai", "transformers")}
    path = model.parent / "model_opts.yaml"
    path.write_text(json.dumps(bots))
    key = "mephisto.blueprint"
    own = [f"{key}.model_opt_path={path}", "conf=collect_dialogues"]
    return {name: asdict(measure([*own, f'{key}.conversations_needed_string="{name}:1"'])) for name in bots}


def _startup_lines(startups: dict[str, dict[str, float]]) -> str:
    lines = (f"| {name} | {found['page']:.3g} | {found['bots']:.3g} |\n" for name, found in startups.items())
    head = "\n| a study with a bot of the kind | first page served after, s | bot there after, s |\n|---|---:|---:|\n"
    return head + "".join(lines)


def _options() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write bots.json and bots.md to this folder")
    parser.add_argument("--rounds", type=int, default=1, help="how often; medians are shown (%(default)s)")
    parser.add_argument("--dialogues", type=int, default=64, help="how many at once (%(default)s)")
    parser.add_argument("--turns", type=int, default=20, help="of each dialogue (%(default)s)")
    parser.add_argument("--ways", type=lambda text: text.split(","), default=list(WAYS), help=f"of {', '.join(WAYS)}")
    parser.add_argument("--quick", action="store_true", help="8 dialogues of 3 turns")
    for name in ("--way", "--model", "--address"):
        parser.add_argument(name, help="for the processes that this one starts")
    options = parser.parse_args()
    if options.quick:
        options.dialogues, options.turns = 8, 3
    return options


def _in_a_process(way: str, model: Path, options: Namespace) -> dict:
    serving = _serving(way.removeprefix("ray-"), model, options) if way.startswith("ray-") else nullcontext("")
    with serving as address:
        sizes = ["--dialogues", str(options.dialogues), "--turns", str(options.turns)]
        command = [sys.executable, __file__, "--way", way, "--model", str(model), "--address", address, *sizes]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def _serving(kind: str, model: Path, options: Namespace) -> Iterator[str]:
    """`chateval serve`, with one replica: what two cores can run."""
    bots = model.parent / f"{kind}.yaml"
    bots.write_text(json.dumps({"model": _entry(kind, model)}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "chateval"), "serve", str(bots), "--port", str(port)]
    command += ["--max-concurrent", str(options.dialogues), "--cpus-per-replica", str(os.cpu_count())]
    with (model.parent / "serve.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process, model.parent / "serve.log")
        yield address
    finally:
        process.terminate()
        process.wait(60)


def _entry(kind: str, model: Path) -> str | dict:
    if kind == "parlai":
        return parlai_options(model)
    made = spec(kind, model)
    assert isinstance(made, TransformersBot)  # noqa: S101  (for mypy)
    return {"kind": kind, "model": made.model, "generation": made.generation}


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    import httpx  # noqa: PLC0415

    deadline = time.monotonic() + SERVE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{address}/bots", timeout=5).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise SystemExit(f"The bots could not be served:\n{log.read_text()}")


async def _measure(options: Namespace) -> dict:
    model, way = Path(options.model), options.way
    if way == "stock":
        answering = one_at_a_time(model)
    elif way.startswith("ray-"):
        answering = ours("ray", model, options.dialogues, options.address)
    else:
        answering = ours(way, model, options.dialogues)
    async with answering as answer:
        await _converse(answer, 2, 2, "warm")
        crowd, crowd_said = await _converse(answer, options.dialogues, options.turns, "crowd")
        alone, alone_said = await _converse(answer, min(ALONE, options.dialogues), options.turns, "alone", at_once=1)
    return {
        **{f"crowd_{name}": value for name, value in crowd.items()},
        **{f"alone_{name}": value for name, value in alone.items()},
        "said": {"crowd": crowd_said, "alone": alone_said},
    }


async def _converse(
    answer: Answer, dialogues: int, turns: int, name: str, at_once: int | None = None
) -> tuple[dict, list[list[str]]]:
    """Hold dialogues, whoever has been answered speaking again at once; those of one number are the same everywhere."""
    places = asyncio.Semaphore(at_once or dialogues)
    firsts: list[float] = []
    wholes: list[float] = []

    async def hold(number: int) -> list[str]:
        async with places:
            return await talk(number)

    async def talk(number: int) -> list[str]:
        held: list[Turn] = []
        for line in lines(turns, seed=number):
            held.append(Turn(Speaker.USER, line))
            began = time.perf_counter()
            first: list[float] = []

            def heard(first: list[float] = first, began: float = began) -> None:
                if not first:
                    first.append(time.perf_counter() - began)

            text = await answer(Request(f"{name}-{number}", tuple(held)), heard)
            wholes.append(time.perf_counter() - began)
            firsts.extend(first)
            held.append(Turn(Speaker.SYSTEM, text))
        return [turn.text for turn in held[1::2]]

    began = time.perf_counter()
    said = await asyncio.gather(*map(hold, range(dialogues)))
    seconds = time.perf_counter() - began
    return {
        "replies_per_second": dialogues * turns / seconds,
        "first_text_seconds": median(firsts),
        "reply_seconds": median(wholes),
    }, said


def _table(rounds: dict, said: dict, options: Namespace, weights: int) -> str:
    about = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    many = options.dialogues
    head = (
        f"{weights / 1e6:.1f} million weights, {many} dialogues of {options.turns} turns; medians of {options.rounds} "
        f"round(s); {about}.\n\n"
        f"| | {many} at once: replies/s | times (a) | first text, s | whole reply, s | one by one: replies/s "
        "| times (a) | first text, s | same replies at once as one by one |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    )
    return head + "".join(f"| {WAYS[way]} | {' | '.join(_cells(way, rounds, said))} |\n" for way in rounds)


def _cells(way: str, rounds: dict, said: dict) -> Iterator[str]:
    def value(of: str, name: str) -> float | None:
        return median(figures[name] for figures in rounds[of]) if rounds.get(of) else None

    for load in ("crowd", "alone"):
        rate, stock = value(way, f"{load}_replies_per_second"), value("stock", f"{load}_replies_per_second")
        yield f"{rate:.3g}"
        yield f"{rate / stock:.3g}" if rate and stock else ""
        yield f"{value(way, f'{load}_first_text_seconds'):.3g}"
        if load == "crowd":
            yield f"{value(way, 'crowd_reply_seconds'):.3g}"
    yield f"{same(said[way]['crowd'], said[way]['alone']):.0%}"


if __name__ == "__main__":
    raise SystemExit(main())
