"""Having a bot say one line, in a process of its own: what it takes, and what becomes of it if it breaks."""

import asyncio
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from chateval.bots._bot import Request
from chateval.bots._build import build_bots
from chateval.bots._desk import Desk
from chateval.bots._terms import terms_of
from chateval.config import BotRuntime, BotSpec, RerankBot
from chateval.dialogue import Speaker, Turn
from chateval.errors import BotError

GREETING = "Hi!"
_CHILD = "from chateval.bots._trial import answer_for_parent; answer_for_parent()"


@dataclass(frozen=True)
class Trial:
    """How a bot did; what it did not come to is None."""

    bot: str
    load_seconds: float | None = None
    reply_seconds: float | None = None
    """Of the first reply, which is slower than those that follow."""
    memory_bytes: int | None = None
    """The most that its process held, with all libraries."""
    accelerator_bytes: int | None = None
    """The most that torch held of an accelerator's memory; None where there is none."""
    text: str = ""
    failure: str = ""
    """Why it said nothing, in a sentence or a few; empty if it did."""


def try_bot(name: str, specs: Iterable[BotSpec], runtime: BotRuntime, limit_seconds: float) -> Trial:
    """Have one of these bots answer a greeting, in a process that it may take down with it."""
    with TemporaryDirectory() as folder:
        report, log = Path(folder, "report"), Path(folder, "log")
        report.touch()
        given = pickle.dumps((name, tuple(_parts(name, list(specs))), runtime))
        with log.open("wb") as out:
            child = subprocess.Popen(  # noqa: S603  (our own module)
                [sys.executable, "-c", _CHILD, report], stdin=subprocess.PIPE, stdout=out, stderr=out
            )
            try:
                child.communicate(given, limit_seconds)
                ended = _how_it_ended(child.returncode, log)
            except subprocess.TimeoutExpired:
                ended = f"nothing came within {limit_seconds:g} seconds"
            finally:
                child.kill()
                child.wait()
        return _trial(name, [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()], ended)


def _parts(name: str, specs: list[BotSpec]) -> Iterator[BotSpec]:
    """A bot, and those that it is made of."""
    wanted = {name}
    for _ in specs:
        wanted |= {part for spec in specs if isinstance(spec, RerankBot) and spec.name in wanted for part in spec.bots}
    return (spec for spec in specs if spec.name in wanted)


def _trial(name: str, notes: list[dict[str, Any]], ended: str) -> Trial:
    facts: dict[str, Any] = {}
    for note in notes:
        facts |= note
    if not facts.keys() & {"text", "failure"}:
        doing = "it was to reply" if "load_seconds" in facts else "it was being loaded"
        facts["failure"] = f"Bot {name!r}: {ended} while {doing}."
        if "SIGKILL" in ended:
            facts["failure"] += " Most often that means that memory has run out."
    return Trial(name, **facts)


def _how_it_ended(status: int, log: Path) -> str:
    if status < 0:
        return f"its process was ended by {signal.Signals(-status).name}"
    said = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return f"its process ended with status {status}" + (f", after saying {said[-1]!r}," if said else "")


def answer_for_parent() -> None:
    """The child: load the bot, greet it, and note each step in the file that is named on the command line."""
    report = Path(sys.argv[1])
    name, specs, runtime = pickle.load(sys.stdin.buffer)  # noqa: S301  (from the process that started this one)

    def note(**facts: Any) -> None:
        with report.open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")

    try:
        asyncio.run(_answer(name, specs, runtime, note))
    except BotError as error:
        note(failure=str(error))
    note(**_memory())
    os._exit(0)  # a thread that hangs is no reason to wait


async def _answer(name: str, specs: tuple[BotSpec, ...], runtime: BotRuntime, note: Any) -> None:
    begun = monotonic()
    bots = build_bots(specs, runtime)
    note(load_seconds=monotonic() - begun)
    reply = await Desk(bots, terms_of(specs)).reply(name, Request("check", [Turn(Speaker.USER, GREETING)]))
    note(reply_seconds=reply.seconds, text=reply.text)


def _memory() -> dict[str, int]:
    unit = 1 if sys.platform == "darwin" else 1024
    facts = {"memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        facts["accelerator_bytes"] = torch.cuda.max_memory_allocated()
    return facts
