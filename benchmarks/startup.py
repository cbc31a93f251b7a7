"""How long it takes from `welcome.py` to the first page served, and to the last bot being there.

    .venv/bin/python benchmarks/startup.py conf=collect_dialogues

Overrides are those of a study. A data directory and a port of its own are used, and nothing is left behind.
"""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Startup:
    """Seconds since the command was given."""

    page: float
    """Until `GET /` was answered with 200."""
    bots: float
    """Until the last bot was there."""


def measure(overrides: Sequence[str], *, limit_seconds: float = 600) -> Startup:
    """Launch a study, wait for its page and its bots, and stop it.

    Raises:
        RuntimeError: it ended before both were there, or was ended at `limit_seconds`.
    """
    with TemporaryDirectory() as folder, socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
        probe.close()
        own = [f"data_dir={folder}", f"mephisto.architect.port={port}"]
        since = monotonic()
        with subprocess.Popen(
            [sys.executable, "welcome.py", *overrides, *own], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as launch:
            timer = threading.Timer(limit_seconds, launch.kill)
            timer.start()
            try:
                lines = _Lines(launch, since)
                page = _first_page(f"http://localhost:{port}/", launch, since)
                return Startup(page, lines.bots_at())
            finally:
                timer.cancel()
                launch.send_signal(signal.SIGINT)


class _Lines(threading.Thread):
    """Reads what a launch says, and notes when it told of its last bot."""

    def __init__(self, launch: "subprocess.Popen[str]", since: float) -> None:
        super().__init__(daemon=True)
        self._launch = launch
        self._since = since
        self._seconds: float | None = None
        self._are_known = threading.Event()
        self.start()

    def run(self) -> None:
        with suppress(ValueError):  # the launch has been stopped, and what it says is read no more
            for line in self._launch.stdout or ():
                place, _, count = line.rpartition("(")[2].rpartition(")")[0].partition(" of ")
                if " is there after " in line and place == count:
                    self._seconds = monotonic() - self._since
                    self._are_known.set()
        self._are_known.set()

    def bots_at(self) -> float:
        self._are_known.wait()
        if self._seconds is None:
            raise RuntimeError("The launch has ended before its bots were there.")
        return self._seconds


def _first_page(url: str, launch: "subprocess.Popen[str]", since: float) -> float:
    while launch.poll() is None:
        with suppress(URLError, ConnectionError), urlopen(url, timeout=10) as answer:  # noqa: S310  (our own)
            if answer.status == 200:
                return monotonic() - since
        sleep(LOOK_SECONDS)
    raise RuntimeError("The launch has ended before it served a page.")


if __name__ == "__main__":
    print(json.dumps(asdict(measure(sys.argv[1:]))))
