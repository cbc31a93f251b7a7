"""A study started as its reader would start it, and a real Chromium that looks at it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS = 60
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=10_000)


@dataclass
class RunningStudy:
    """`welcome.py` as a process; `command` starts the same run again."""

    command: list[str]
    port: int
    data_dir: Path
    process: subprocess.Popen[str] | None = None
    log: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def link(self, worker: str = "W1", assignment: str = "A1") -> str:
        return f"{self.url}/?worker_id={worker}&assignment_id={assignment}"

    def start(self) -> None:
        """Start it, and wait until it says that it is ready."""
        path = self.data_dir / "terminal.log"
        with path.open("w") as out:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=subprocess.STDOUT, cwd=ROOT, text=True)
        deadline = time.monotonic() + START_SECONDS
        while f"Ready: {self.url}/" not in path.read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The study did not start:\n{path.read_text()}")
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stop it, and wait until it is gone; returns its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(20)

    def terminal(self) -> str:
        return (self.data_dir / "terminal.log").read_text()


StartStudy = Callable[..., RunningStudy]


@pytest.fixture
def start_study(tmp_path: Path) -> Iterator[StartStudy]:
    """Start `conf` with overrides on a free port, with its data in a folder of its own."""
    started: list[RunningStudy] = []

    def start(conf: str, *overrides: str) -> RunningStudy:
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            port = probe.getsockname()[1]
        places = [f"data_dir={tmp_path}", f"mephisto.architect.port={port}"]
        command = [sys.executable, "welcome.py", f"conf={conf}", *places, *overrides]
        study = RunningStudy(command, port, tmp_path)
        started.append(study)
        study.start()
        return study

    yield start
    for study in started:
        if study.process is not None and study.process.poll() is None:
            study.end(signal.SIGTERM)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert executable, "Chromium is not installed: run scripts/install_browser."
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield launched
        launched.close()


@dataclass
class Visitor:
    """Someone at a browser; whatever its console says in red is kept."""

    context: BrowserContext
    page: Page
    errors: list[str] = field(default_factory=list)

    def listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a browser of one's own: `visit()` on a desk, `visit(PHONE)` on a phone."""
    visitors: list[Visitor] = []

    def open_one(viewport: dict[str, int] = WIDE, **options: object) -> Visitor:
        context = browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        visitor = Visitor(context, context.new_page())
        visitor.page.on("console", visitor.listen)
        visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error)))
        visitors.append(visitor)
        return visitor

    yield open_one
    for visitor in visitors:
        visitor.context.close()
