"""A real router, as its own process, on a free port of the loopback interface."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chateval import wire

SECRET = "a secret for this test"


@dataclass(frozen=True)
class Running:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def page_url(self) -> str:
        return f"ws://localhost:{self.port}{wire.PAGE_PATH}"

    @property
    def operator_url(self) -> str:
        return f"ws://localhost:{self.port}{wire.OPERATOR_PATH}"


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Running]:
    (tmp_path / "index.html").write_text("<title>page</title>")
    port = free_port()
    command = [sys.executable, "-m", "chateval.router", "--page-dir", str(tmp_path), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        env={**os.environ, wire.SECRET_VARIABLE: SECRET},
    )
    try:
        wait_until_alive(port)
        yield Running(port, process)
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdin is not None
        process.stdin.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_until_alive(port: int) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://localhost:{port}/is_alive", timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("The router did not start.")
