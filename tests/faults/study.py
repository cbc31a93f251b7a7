"""A study that is killed and started again, and what must hold of its data afterwards."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from chateval.session import JOURNAL_FILE, Entry, Session, SessionRecord, SqlJournal
from chateval.worlds import Outcome

ROOT = Path(__file__).parents[2]
START_SECONDS = 90
TASK = "faults"
CONF = """\
#@package _global_
defaults:
  - /mephisto/blueprint: behavior_analysis_blueprint
  - /mephisto/architect: local
  - /mephisto/provider: mock
mephisto:
  log_level: warning
  architect: {{port: {port}}}
  blueprint:
    do_collect_dialogue: true
    num_bots: 2
    conversations_needed_string: "one|two:{each},two|three:{rest}"
    num_turns: {turns}
    model_opt_path: {folder}/model_opts.yaml
  task:
    task_name: faults
    task_title: A study under fire
    task_description: Chat.
    task_reward: 1
    task_tags: chat
    allowed_concurrent: 1
    maximum_units_per_worker: 1
"""
BOTS = "".join(f"{name}: {{kind: scripted, echo: true, delay_seconds: 0.02}}\n" for name in ("one", "two", "three"))


@dataclass
class Study:
    """`welcome.py` as a process, in a folder of its own."""

    folder: Path
    data_dir: Path
    workers: int
    turns: int
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    kills: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            self.port = probe.getsockname()[1]
        (self.folder / "conf").mkdir(parents=True)
        (self.folder / "model_opts.yaml").write_text(BOTS)
        each = self.workers // 2
        text = CONF.format(port=self.port, each=each, rest=self.workers - each, turns=self.turns, folder=self.folder)
        (self.folder / "conf" / "faults.yaml").write_text(text)

    @property
    def page_url(self) -> str:
        return f"ws://localhost:{self.port}/page"

    @property
    def log(self) -> Path:
        return self.folder / "terminal.log"

    def start(self) -> None:
        """Start it, or start it again; returns once it says that it is ready."""
        command = [sys.executable, "welcome.py", "conf=faults", "--config-dir", str(self.folder)]
        before = self.log.read_text().count("Ready:") if self.log.exists() else 0
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                [*command, f"data_dir={self.data_dir}"], stdout=out, stderr=subprocess.STDOUT, cwd=ROOT
            )
        deadline = time.monotonic() + START_SECONDS
        while self.log.read_text().count("Ready:") == before:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The study did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.05)

    def kill_something(self, draw: random.Random) -> None:
        """Kill operator, router or both, as drawn, and start the study again where it is gone."""
        assert self.process is not None
        victim = draw.choice(["operator", "router", "both"])
        self.kills[victim] += 1
        if victim in {"router", "both"}:
            for router in self._routers():
                os.kill(router, signal.SIGKILL)
        if victim in {"operator", "both"}:
            self.process.kill()
            self.process.wait()
            self._wait_for_port()
            self.start()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def _routers(self) -> list[int]:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(child) for path in children for child in path.read_text().split()]

    def _wait_for_port(self) -> None:
        """The router of an operator that was killed notices, and goes."""
        for _ in range(200):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("localhost", self.port))
                except OSError:
                    time.sleep(0.05)
                else:
                    return
        raise RuntimeError("The orphaned router keeps the port.")


@dataclass(frozen=True)
class Journalled:
    """A session as the journal has it."""

    record: SessionRecord
    entries: list[Entry]

    @property
    def session(self) -> Session:
        return Session.replay(self.record, self.entries)

    @property
    def message_ids(self) -> Counter[str]:
        return Counter(entry.message_id for entry in self.entries if entry.message_id)


def read_journal(data_dir: Path) -> dict[str, Journalled]:
    """Sessions by worker; a worker with two sessions would be one who was asked twice."""
    journal = SqlJournal(data_dir / JOURNAL_FILE)
    found: dict[str, Journalled] = {}
    for record, entries in journal.histories(task_name=TASK):
        assert record.worker_name not in found, f"{record.worker_name} has two sessions."
        found[record.worker_name] = Journalled(record, entries)
    journal.close()
    return found


def completed(journalled: dict[str, Journalled]) -> Counter[str]:
    """Completed sessions of each condition."""
    return Counter(j.record.condition for j in journalled.values() if j.session.outcome is Outcome.COMPLETED)
