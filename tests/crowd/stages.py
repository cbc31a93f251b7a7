"""An operator to talk to, with everything around it real but the router."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from chateval.allocation import Progress
from chateval.bots import Reply, Request, Watch
from chateval.config import Study
from chateval.crowd._image_stack import with_image_stack
from chateval.crowd._operator import Operator, Run
from chateval.crowd._records import CrowdRecords
from chateval.errors import BotError
from chateval.session import JOURNAL_FILE, ReplySource, RunRecord, SessionRecord, SqlJournal

URL = "http://localhost:3000"


LINKS = count(100)
"""Numbers of links, and of the connections that they are opened on: each is used once, over all runs."""


class Bots:
    def __init__(self, *, fail: bool = False) -> None:
        self.fail = fail

    async def reply(self, bot_name: str, request: Request, watch: Watch) -> Reply:
        if self.fail:
            raise BotError(f"Bot {bot_name!r} gave no usable reply.")
        return Reply(f"you said {request.turns[-1].text}" if request.turns else "Look at that!")

    def forget(self, bot_name: str, dialogue_id: str, *, is_finished: bool = False) -> None: ...


class Stage:
    """An operator, and what it says to each connection."""

    def __init__(self, operator: Operator, said: defaultdict[int, list[dict[str, Any]]]) -> None:
        self.operator = operator
        self.said = said

    def send(self, connection: int, **message: Any) -> None:
        self.operator.received(connection, json.dumps(message))

    async def join(self, connection: int, worker: str, assignment: str = "A") -> str:
        """Join by a link; returns `joined`, or the reason of a refusal."""
        self.send(connection, kind="join", worker_id=worker, assignment_id=assignment)
        answer = await self.heard(connection, "joined", "refused")
        return str(answer.get("reason", "joined"))

    async def heard(self, connection: int, *kinds: str) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while not (found := [m for m in self.said[connection] if m["kind"] in kinds]):
                await asyncio.sleep(0.002)
        return found[-1]

    async def asked(self, connection: int, kind: str) -> dict[str, Any]:
        """Wait until an update of that kind is the last one."""
        async with asyncio.timeout(10):
            while not (updates := self.updates(connection)) or updates[-1]["kind"] != kind:
                await asyncio.sleep(0.002)
        return updates[-1]

    def updates(self, connection: int) -> list[dict[str, Any]]:
        return [u for m in self.said[connection] if m["kind"] == "updates" for u in m["updates"]]

    async def do_everything(self, connection: int) -> None:
        """Do one whole session of one turn."""
        self.send(connection, kind="consent", id="c")
        await self.person_is_asked(connection, 0)
        self.send(connection, kind="say", id="m", dialogue=0, text="hello")
        await self.person_is_asked(connection, 1)
        self.send(connection, kind="finish", id="f", dialogue=0)
        await self.asked(connection, "ratings_asked")
        self.send(connection, kind="answer", id="a", dialogue=0, answers={"rating_1": 3})
        await self.asked(connection, "submission_asked")
        self.send(connection, kind="submit", id="s", comment="")
        await self.asked(connection, "ended")

    async def person_is_asked(self, connection: int, turns_taken: int) -> None:
        async with asyncio.timeout(10):
            while True:
                last = self.updates(connection)[-1:]
                if last and last[0].get("seat") == "person" and last[0]["turns_taken"] == turns_taken:
                    return
                await asyncio.sleep(0.002)

    def progress(self, condition: str = "listener") -> Progress:
        return next(p for p in self.operator.progress() if p.condition == condition)

    async def come(self, worker: str) -> tuple[int, str]:
        """Open a link that was not opened before; returns the connection, and `joined` or the reason of a refusal."""
        number = next(LINKS)
        return number, await self.join(number, worker, f"link {number}")

    async def do_unit(self, worker: str, answers: Mapping[int, Sequence[str]] = {}) -> str:
        """Come, and do what there is to label with these answers; returns how it went: a refusal, or the outcome.

        In a training, what was wrong is put right after the feedback.
        """
        connection, reason = await self.come(worker)
        if reason != "joined":
            return reason
        return await self.go_on_with_unit(connection, answers)

    async def go_on_with_unit(self, connection: int, answers: Mapping[int, Sequence[str]] = {}) -> str:
        asked = await self.next_ask(connection, 0)
        if asked["kind"] == "consent_asked":
            self.send(connection, kind="consent", id="c")
            asked = await self.next_ask(connection, asked["seq"])
        while asked["kind"] == "labels_asked":
            asked = await self.label(connection, asked, RIGHT if asked["mode"] == "correction" else answers)
        if asked["kind"] == "submission_asked":
            self.send(connection, kind="submit", id="s", comment="")
            asked = await self.next_ask(connection, asked["seq"])
        return str(asked["outcome"])

    async def label(
        self, connection: int, asked: Mapping[str, Any], answers: Mapping[int, Sequence[str]]
    ) -> dict[str, Any]:
        """Answer every question on every turn, and hand it in; returns what is asked then."""
        for part in asked["parts"]:
            for turn in part["turns"] or [None]:
                for question in part["task"]["questions"]:
                    value = answers.get(turn, ()) if question["kind"] == "checks" else 3
                    if question["kind"] in {"checks", "scale"}:
                        name = f"l{asked['seq']}-{part['part']}-{turn}-{question['id']}"
                        about = {"part": part["part"], "turn": turn, "question": question["id"]}
                        self.send(connection, kind="label", id=name, **about, value=value)
        self.send(connection, kind="submit_labels", id=f"h{asked['seq']}")
        return await self.next_ask(connection, asked["seq"])

    async def next_ask(self, connection: int, after: int) -> dict[str, Any]:
        """The first update after that number that asks something of a person, or ends the session."""
        async with asyncio.timeout(10):
            while not (found := [u for u in self.updates(connection) if u["seq"] > after and _awaits(u)]):
                await asyncio.sleep(0.002)
        return found[-1]

    def work(self, connection: int) -> str:
        """What the page of a session says that it is."""
        [joined] = [message for message in self.said[connection] if message["kind"] == "joined"]
        return str(joined["study"]["work"])

    def record(self, connection: int) -> SessionRecord:
        [joined] = [message for message in self.said[connection] if message["kind"] == "joined"]
        record = self.operator._registry.of(joined["token"])
        assert record is not None
        return record

    @property
    def run_id(self) -> str:
        return str(self.operator._run.task_run.db_id)


def _awaits(update: Mapping[str, Any]) -> bool:
    return update["kind"] == "ended" or str(update["kind"]).endswith("_asked")


def run_record(run_id: str, study: Study) -> RunRecord:
    quotas = {quota.name: quota.needed for quota in study.quotas}
    facts = (study.resolved_yaml, study.config_hash, study.seed)
    return RunRecord(run_id, study.task.name, study.conf, 0.0, *facts, {}, {}, quotas)


RIGHT: Mapping[int, Sequence[str]] = {1: ["is_kind"]}
"""The answers of `tests.config.labs.keyed`."""
WRONG: Mapping[int, Sequence[str]] = {3: ["is_kind"]}


class Open(Protocol):
    """`async with open_stage(study)` begins a run; `run_id` goes on with one."""

    def __call__(
        self, given: Study, bots: ReplySource | None = None, run_id: str | None = None
    ) -> AbstractAsyncContextManager[Stage]: ...


def opener(folder: Path) -> Open:
    @asynccontextmanager
    async def opened(given: Study, bots: ReplySource | None = None, run_id: str | None = None) -> AsyncIterator[Stage]:
        loop = asyncio.get_running_loop()
        journal = SqlJournal(folder / JOURNAL_FILE, loop)
        said: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        with ThreadPoolExecutor(1) as thread:

            async def on_records(call: Callable[..., Any], *args: Any) -> Any:
                return await loop.run_in_executor(thread, call, *args)

            records: CrowdRecords = await on_records(CrowdRecords, given.data_dir)
            study, stack = with_image_stack(given, journal, run_id or "")
            if run_id is None:
                task_run = await on_records(records.new_run, study)
                journal.add_run(run_record(task_run.db_id, study))
                names = [quota.name for quota in study.quotas for _ in range(quota.needed)]
                for name in names:
                    await on_records(records.replace, task_run, name, URL)
            else:
                task_run = await on_records(records.task_run, run_id)
            places = await on_records(lambda: list(records.places(task_run, URL)))
            run = Run(study, task_run, records, thread, journal, URL, stack)
            operator = Operator(run, bots or Bots(), lambda to, text: said[to].append(json.loads(text)))
            operator.load(places, await on_records(records.unsettled, task_run))
            try:
                yield Stage(operator, said)
            finally:
                await operator.close()
                if stack is not None:
                    stack.keep()
                await on_records(records.close)
                journal.close()

    return opened
