"""A preview that is being served, and pages that look at it as the real page does."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import ClientConnection, connect

from chateval.errors import ChatevalError
from chateval.preview import Exhibit, Source, serve_preview

TASKS = """\
tasks:
  kind:
    kind: turn
    is_required: true
    questions: [{kind: choice, id: kind_q, text: FIRST, options: [kind, unkind]}]
  better: {kind: pair, questions: [{kind: choice, id: preferred, options: [left, right]}]}
  other: {kind: dialogue, questions: [{kind: scale, id: quality}]}
"""


@dataclass
class Told:
    """A `Watcher` that keeps what it is told."""

    url: str = ""
    shown: list[Exhibit] = field(default_factory=list)
    errors: list[ChatevalError] = field(default_factory=list)

    def is_ready(self, url: str, exhibit: Exhibit) -> None:
        self.url = url
        self.shown.append(exhibit)

    def is_shown_anew(self, exhibit: Exhibit) -> None:
        self.shown.append(exhibit)

    def stays(self, error: ChatevalError) -> None:
        self.errors.append(error)


class Page:
    """Joins and begins over by itself; `updates` are those of the session that it is in."""

    def __init__(self, socket: ClientConnection, assignment: str) -> None:
        self._socket = socket
        self._assignment = assignment
        self._token = ""
        self._sent = 0
        self.sessions = 0
        self.study: dict[str, Any] = {}
        self.updates: list[dict[str, Any]] = []
        self.rejected: list[str] = []

    async def until(self, claim: Callable[["Page"], bool]) -> None:
        async with asyncio.timeout(10):
            while not claim(self):
                await self._hear(json.loads(await self._socket.recv()))

    async def until_asked(self, kind: str) -> dict[str, Any]:
        await self.until(lambda page: bool(page.updates) and page.updates[-1]["kind"] == kind)
        return self.updates[-1]

    async def say(self, **message: Any) -> None:
        self._sent += 1
        await self._socket.send(json.dumps({**message, "id": f"m{self._sent}"}))

    async def begin(self) -> dict[str, Any]:
        """Agree, and get the labels that are asked for."""
        await self.until_asked("consent_asked")
        await self.say(kind="consent")
        return await self.until_asked("labels_asked")

    async def finish(self) -> None:
        """Answer nothing more, hand in, submit."""
        await self.say(kind="submit_labels")
        await self.until_asked("submission_asked")
        await self.say(kind="submit")
        await self.until_asked("ended")

    async def _hear(self, message: dict[str, Any]) -> None:
        match message["kind"]:
            case "operator" if message["attached"]:
                await self.enter()
            case "joined":
                self.sessions += message["token"] != self._token
                self._token, self.study = message["token"], message["study"]
            case "refused":
                self._token, self.updates = "", []
                await self.enter()
            case "updates":
                self.updates += message["updates"]
            case "rejected":
                self.rejected.append(message["text"])

    async def enter(self) -> None:
        since = len(self.updates)
        who: dict[str, Any] = {"kind": "join", "worker_id": "preview", "assignment_id": self._assignment}
        if self._token:
            who = {"kind": "resume", "token": self._token}
        await self._socket.send(json.dumps({**who, "since": since}))


@dataclass
class Preview:
    folder: Path
    told: Told

    @asynccontextmanager
    async def page(self, assignment: str = "a") -> AsyncIterator[Page]:
        async with connect(f"ws://localhost:{urlsplit(self.told.url).port}/page") as socket:
            yield Page(socket, assignment)

    def edit(self, before: str, after: str) -> None:
        path = self.folder / "tasks.yaml"
        path.write_text(path.read_text().replace(before, after))

    async def until(self, claim: Callable[[Told], bool]) -> None:
        async with asyncio.timeout(10):
            while not claim(self.told):
                await asyncio.sleep(0.001)


@asynccontextmanager
async def previewing(folder: Path, task: str = "kind", data: Path | None = None) -> AsyncIterator[Preview]:
    told = Told()
    source = Source(task, folder / "tasks.yaml", data)
    serving = asyncio.create_task(serve_preview(source, 0, told, page_dir=folder, look_seconds=0.01))
    preview = Preview(folder, told)
    try:
        await preview.until(lambda told: bool(told.url) or serving.done())
        yield preview
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tasks.yaml").write_text(TASKS)
    (tmp_path / "index.html").write_text("<title>page</title>")
    return tmp_path


@pytest.fixture
async def preview(folder: Path) -> AsyncIterator[Preview]:
    """Of the task `kind`, on the built-in dialogue."""
    async with previewing(folder) as preview:
        yield preview
