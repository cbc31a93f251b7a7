"""A real study, router and operator as processes of their own, shared by all that attack it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from chateval import wire

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
BOTS = "parrot: {kind: scripted, echo: true}\n"


@dataclass(frozen=True)
class LiveStudy:
    port: int
    data_dir: Path
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def page_url(self) -> str:
        return f"ws://localhost:{self.port}{wire.PAGE_PATH}"

    @property
    def operator_url(self) -> str:
        return f"ws://localhost:{self.port}{wire.OPERATOR_PATH}"

    @property
    def router_pid(self) -> int:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return next(int(pid) for pid in children if b"chateval.router" in Path(f"/proc/{pid}/cmdline").read_bytes())

    def router_memory_mib(self) -> float:
        status = Path(f"/proc/{self.router_pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def terminal(self) -> str:
        return (self.data_dir / "terminal.log").read_text()

    @asynccontextmanager
    async def page(self, **options: Any) -> "AsyncIterator[Visitor]":
        """A page's socket that has been told that the operator is there."""
        async with connect(self.page_url, max_queue=None, **options) as socket:
            visitor = Visitor(socket)
            assert await visitor.hears("operator") == {"kind": "operator", "attached": True}
            yield visitor


class Visitor:
    """Someone who speaks the wire without a browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def tell(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message, separators=(",", ":")))

    async def hears(self, *kinds: str, seconds: float = 10) -> dict[str, Any]:
        """The next message of one of these kinds."""
        async with asyncio.timeout(seconds):
            while True:
                message: dict[str, Any] = json.loads(await self.socket.recv())
                if message["kind"] in kinds:
                    return message

    async def asked(self, kind: str, seat: str | None = None) -> dict[str, Any]:
        """Wait until this is what the session asks for."""
        while True:
            last: dict[str, Any] = (await self.hears("updates"))["updates"][-1]
            if last["kind"] == kind and seat in (None, last.get("seat")):
                return last

    async def join(self, worker: str, assignment: str = "A", **more: Any) -> dict[str, Any]:
        await self.tell(kind="join", worker_id=worker, assignment_id=assignment, **more)
        return await self.hears("joined", "refused", "rejected")

    async def begin(self, worker: str) -> str:
        """Join, consent, and wait until it is one's turn; returns the token."""
        joined = await self.join(worker)
        await self.asked("consent_asked")
        await self.tell(kind="consent", id="c")
        await self.asked("turn_asked", "person")
        token: str = joined["token"]
        return token

    async def say(self, text: str, id_: str) -> None:
        await self.tell(kind="say", id=id_, dialogue=0, text=text)
        await self.asked("turn_asked", "person")

    async def finish(self) -> None:
        await self.tell(kind="finish", id="f", dialogue=0)
        questions = (await self.asked("ratings_asked"))["questions"]
        await self.tell(kind="answer", id="a", dialogue=0, answers={question["id"]: 4 for question in questions})
        await self.asked("submission_asked")
        await self.tell(kind="submit", id="s", comment="")
        await self.asked("ended")

    async def history(self, token: str) -> list[dict[str, Any]]:
        await self.tell(kind="resume", token=token, since=0)
        await self.hears("joined")
        updates: list[dict[str, Any]] = (await self.hears("updates"))["updates"]
        return updates


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudy]:
    """On loopback, open to unsigned links."""
    data_dir = tmp_path_factory.mktemp("live")
    yield from serve(data_dir, "collect_dialogues", *_chat_settings(data_dir))


@pytest.fixture(scope="session")
def invited_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudy]:
    """Open to signed links alone."""
    data_dir = tmp_path_factory.mktemp("invited")
    yield from serve(data_dir, "collect_dialogues", *_chat_settings(data_dir), "require_signed_links=always")


def _chat_settings(data_dir: Path) -> list[str]:
    (data_dir / "bots.yaml").write_text(BOTS)
    blueprint = {
        "model_opt_path": str(data_dir / "bots.yaml"),
        "conversations_needed_string": '"parrot:300"',
        "num_turns": "1",
    }
    return [f"mephisto.blueprint.{key}={value}" for key, value in blueprint.items()]


def serve(data_dir: Path, conf: str, *settings: str) -> Iterator[LiveStudy]:
    """Run `conf` with settings of one's own, until whoever iterates is done."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    places = [f"data_dir={data_dir}", f"mephisto.architect.port={port}"]
    terminal = data_dir / "terminal.log"
    with terminal.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "welcome.py", f"conf={conf}", *places, *settings],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            text=True,
            env={**os.environ, "COLUMNS": "200"},
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while "Ready: " not in terminal.read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The study did not start:\n{terminal.read_text()}")
            time.sleep(0.05)
        yield LiveStudy(port, data_dir, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
