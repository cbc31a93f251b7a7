"""The local architect: the router as a process of this machine."""

import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mephisto.abstractions.architect import Architect
from mephisto.abstractions.architects.local_architect import ARCHITECT_TYPE, LocalArchitectArgs
from mephisto.abstractions.blueprint import TaskBuilder

from chateval import wire
from chateval.errors import RouterError

if TYPE_CHECKING:
    from mephisto.abstractions._subcomponents.channel import Channel
    from mephisto.abstractions.blueprint import SharedTaskState
    from mephisto.abstractions.database import MephistoDB
    from mephisto.data_model.packet import Packet
    from mephisto.data_model.task_run import TaskRun
    from omegaconf import DictConfig

START_SECONDS = 30.0
STOP_SECONDS = 10.0
FRAMED_BY = {
    "mturk": ("https://worker.mturk.com", "https://requester.mturk.com"),
    "mturk_sandbox": ("https://workersandbox.mturk.com", "https://requestersandbox.mturk.com"),
}
"""The sites of platforms that show a task in a frame of theirs; no other site may frame the page."""

_ANY_ADDRESS = {"0.0.0.0", "::", ""}  # noqa: S104  (recognised, not bound)


class LocalArchitect(Architect):  # type: ignore[misc]
    """Serves a run's page at `hostname` and `port`, in place of Mephisto's architect of the same name.

    The router ends with this process however that ends, since it watches the pipe that ties it to its parent.
    """

    ARCHITECT_TYPE = ARCHITECT_TYPE
    ArgsClass = LocalArchitectArgs

    def __init__(
        self,
        db: "MephistoDB",  # noqa: ARG002  (Mephisto's signature)
        args: "DictConfig",
        shared_state: "SharedTaskState",  # noqa: ARG002
        task_run: "TaskRun",
        build_dir_root: str,
    ) -> None:
        self._task_run = task_run
        self._args = args
        self._page_dir = Path(build_dir_root) / "page"
        self._log = Path(build_dir_root) / "router.log"
        self._hostname = str(args.architect.hostname).removeprefix("http://").removeprefix("https://")
        self._port = int(args.architect.port)
        provider = args.get("provider") or {}
        self._provider = str(provider.get("_provider_type", ""))
        self._process: subprocess.Popen[bytes] | None = None
        self.secret = secrets.token_urlsafe(32)
        """What the operator must show to the router of this run."""

    @property
    def url(self) -> str:
        """Where people on this machine find the page."""
        host = "localhost" if self._hostname in _ANY_ADDRESS else self._hostname
        return f"http://{host}:{self._port}"

    @property
    def operator_url(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}{wire.OPERATOR_PATH}"

    def prepare(self) -> str:
        """Put the page together; returns its folder."""
        self._page_dir.mkdir(parents=True, exist_ok=True)
        TaskBuilder(self._task_run, self._args).build_in_dir(str(self._page_dir))
        return str(self._page_dir)

    def deploy(self) -> str:
        """Start the router; returns the page's address once it answers.

        Raises:
            RouterError: it did not start; the message holds what it said.
        """
        command = [sys.executable, "-m", "chateval.router", "--until-stdin-closes"]
        where = ["--page-dir", str(self._page_dir), "--hostname", self._hostname, "--port", str(self._port)]
        framed = [f"--frame-ancestor={origin}" for origin in FRAMED_BY.get(self._provider, ())]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  (our own module)
                [*command, *where, *framed],
                stdin=subprocess.PIPE,
                stderr=log,
                env={**os.environ, wire.SECRET_VARIABLE: self.secret},
                start_new_session=True,  # so that Ctrl-C reaches the operator alone, which then ends the router
            )
        try:
            self._wait_until_alive(self._process)
        except BaseException:
            self.shutdown()
            raise
        return self.url

    def cleanup(self) -> None:
        """Nothing to remove: the router serves the page from where it was put together, and a run may go on later."""

    def shutdown(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def get_channels(
        self,
        on_channel_open: Callable[[str], None],
        on_catastrophic_disconnect: Callable[[str], None],
        on_message: Callable[[str, "Packet"], None],
    ) -> "list[Channel]":
        """None: the router speaks `docs/wire.md`, and the operator dials `operator_url` itself."""
        del on_channel_open, on_catastrophic_disconnect, on_message
        return []

    def download_file(self, filename: str, save_dir: str) -> None:
        """Refused: the router takes no uploads, so there is nothing to download."""
        raise RouterError(f"No file {filename!r} to save to {save_dir}: the router takes no uploads.")

    def _wait_until_alive(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RouterError(f"The router did not start at {self.url}. {self._last_words()}")
            try:
                urllib.request.urlopen(f"{self.url}/is_alive", timeout=1).close()  # noqa: S310  (our own address)
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RouterError(f"The router at {self.url} did not answer within {START_SECONDS:.0f} seconds.")

    def _last_words(self) -> str:
        said = self._log.read_text(errors="replace").strip().splitlines()
        return f"It said: {said[-1]}" if said else "It said nothing."
