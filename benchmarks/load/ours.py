"""Our side: `welcome.py` as a process, and a worker who speaks `docs/wire.md`."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import msgspec
from msgspec import Struct

from load.processes import children_of, end
from load.server import Server, free_port
from load.socket import Socket
from load.worker import Worker

ROOT = Path(__file__).parents[2]
START_SECONDS = 180.0

STUDY = """\
#@package _global_
defaults:
  - base/collection
mephisto:
  architect:
    port: '{port}'
  blueprint:
    block_qualification: load_block
    num_bots: 1
    num_turns: 1
    model_opt_path: {folder}/bots.yaml
    conversations_needed_string: "echo:{places}"
  task:
    task_name: load
    task_title: Load
    task_description: A load test.
    task_reward: 0
    task_tags: load
"""
BOTS = "echo:\n  kind: scripted\n  echo: true\n"


class _Update(Struct):
    kind: str
    seq: int
    seat: str = ""
    speaker: str = ""
    text: str = ""


class _Message(Struct):
    kind: str
    id: str = ""
    attached: bool = False
    text: str = ""
    updates: list[_Update] = []


class _Say(Struct, tag_field="kind", tag="say"):
    id: str
    dialogue: int
    text: str


_decode = msgspec.json.Decoder(_Message).decode
_encode = msgspec.json.Encoder().encode


class OurWorker(Worker):
    def __init__(self, name: str, host: str, port: int) -> None:
        super().__init__(name, host, port)
        self._socket = Socket(self._heard_message)
        self._seq = 0
        self._is_asked = asyncio.Event()
        self._is_registered = asyncio.Event()
        self._refusal = ""

    async def _register(self) -> None:
        await self._socket.open(self.host, self.port, "/page")
        await self._is_registered.wait()
        if self._refusal:
            raise ConnectionRefusedError(self._refusal)

    async def begin(self) -> None:
        self._socket.send(b'{"kind":"consent","id":"consent"}')
        await self._is_asked.wait()

    def _send(self, number: int, text: str) -> None:
        self._socket.send(_encode(_Say(f"m{number}", 0, text)))

    def leave(self) -> None:
        self._socket.close()

    def _heard_message(self, data: bytes) -> None:
        message = _decode(data)
        match message.kind:
            case "updates":
                for update in message.updates:
                    self._updated(update)
            case "ack" if message.id.startswith("m"):
                self.acknowledged()
            case "operator" if message.attached:
                self._socket.send(_encode({"kind": "join", "worker_id": self.name, "assignment_id": "A", "since": 0}))
            case "refused" | "rejected":
                self._refusal = message.text
                self._is_registered.set()

    def _updated(self, update: _Update) -> None:
        if update.seq != self._seq + 1:
            self.tally.doubled += 1
            return
        self._seq = update.seq
        match update.kind:
            case "turn" if update.speaker == "system" and self._is_asked.is_set():
                self.echoed(update.text)
            case "turn_asked" if update.seat == "person":
                self._is_asked.set()
            case "consent_asked":
                self._is_registered.set()


class OurServer(Server):
    """A study with `places` places, in a folder that goes with it."""

    worker_class = OurWorker
    tree = ROOT
    """The checkout that is measured."""

    def __init__(self, places: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="chateval-load-"))
        self.port = free_port()
        (self.folder / "conf").mkdir()
        (self.folder / "conf" / "load.yaml").write_text(self._study(places))
        began = time.perf_counter()
        command = [sys.executable, "welcome.py", "conf=load", f"--config-dir={self.folder}"]
        self.log = self.folder / "terminal.log"
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [*command, f"data_dir={self.folder / 'data'}"],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.tree,
                env={**os.environ, "PYTHONPATH": os.pathsep.join([str(self.tree), os.environ.get("PYTHONPATH", "")])},
            )
        self.wait_for("Ready: ", self._process, START_SECONDS)
        self.launch_seconds = time.perf_counter() - began
        self.operator_pid = self._process.pid
        self.router_pid = children_of(self.operator_pid)[0]

    def _study(self, places: int) -> str:
        """The study's YAML; the files that it names are written to the folder."""
        (self.folder / "bots.yaml").write_text(BOTS)
        return STUDY.format(port=self.port, folder=self.folder, places=places)

    def journal_faults(self) -> int:
        """Messages that the journal holds more than once; what it lacks would not have been acknowledged."""
        with closing(connect(self.folder / "data" / "journal.db")) as database:
            rows, different = database.execute(
                "SELECT count(*), count(DISTINCT session_id || message_id) FROM entries WHERE message_id <> ''"
            ).fetchone()
        return int(rows) - int(different)

    def journal_messages(self) -> int:
        """How many messages of workers the journal holds, consents left out."""
        with closing(connect(self.folder / "data" / "journal.db")) as database:
            [count] = database.execute("SELECT count(*) FROM entries WHERE message_id LIKE 'm%'").fetchone()
        return int(count)

    def stop(self) -> None:
        end(self._process, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)
