"""A system under load, as a process of its own."""

import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from load.worker import Worker

HOST = "127.0.0.1"


class Server(ABC):
    worker_class: ClassVar[type[Worker]]
    port: int
    operator_pid: int
    router_pid: int
    launch_seconds: float
    log: Path

    @abstractmethod
    def stop(self) -> None:
        """End its processes, at once, and remove its files."""

    def worker(self, name: str) -> Worker:
        return self.worker_class(name, HOST, self.port)

    def wait_for(self, words: str, process: subprocess.Popen[bytes], seconds: float) -> None:
        """Return once its log says `words`.

        Raises:
            RuntimeError: it ends before, or takes longer than `seconds`; the message holds the log.
        """
        deadline = time.monotonic() + seconds
        while words not in (said := self.log.read_text(errors="replace")):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not start:\n{said[-3000:]}")
            time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
