"""The operator on a real journal and a real Mephisto database; only the router is left out."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chateval.allocation import Progress
from chateval.config import Study
from chateval.crowd._operator import Operator, Run
from chateval.crowd._records import CrowdRecords
from chateval.dialogue import Turn
from chateval.errors import BotError
from chateval.session import JOURNAL_FILE, RunRecord, SqlJournal

from .conftest import small_study

URL = "http://localhost:3000"


class Bots:
    def __init__(self, *, fail: bool = False) -> None:
        self.fail = fail

    async def reply(self, bot_name: str, dialogue_id: str, turns: Sequence[Turn]) -> str:
        if self.fail:
            raise BotError(f"Bot {bot_name!r} gave no usable reply.")
        return f"you said {turns[-1].text}"

    def forget(self, bot_name: str, dialogue_id: str) -> None: ...


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


Open = Callable[..., Any]


@pytest.fixture
def open_stage(tmp_path: Path) -> Open:
    """`async with open_stage(study)` begins a run; `run_id` goes on with one."""

    @asynccontextmanager
    async def opened(study: Study, bots: Bots | None = None, run_id: str | None = None) -> AsyncIterator[Stage]:
        loop = asyncio.get_running_loop()
        journal = SqlJournal(tmp_path / JOURNAL_FILE, loop)
        said: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        with ThreadPoolExecutor(1) as thread:

            async def on_records(call: Callable[..., Any], *args: Any) -> Any:
                return await loop.run_in_executor(thread, call, *args)

            records: CrowdRecords = await on_records(CrowdRecords, study.data_dir)
            if run_id is None:
                task_run = await on_records(records.new_run, study)
                journal.add_run(RunRecord(task_run.db_id, study.task.name, study.conf, 0.0, "", "", 0, {}, {}))
                names = [quota.name for quota in study.quotas for _ in range(quota.needed)]
                for name in names:
                    await on_records(records.replace, task_run, name, URL)
            else:
                task_run = await on_records(records.task_run, run_id)
            places = await on_records(lambda: list(records.places(task_run, URL)))
            run = Run(study, task_run, records, thread, journal, URL)
            operator = Operator(run, bots or Bots(), lambda to, text: said[to].append(json.loads(text)))
            operator.load(places, await on_records(records.unsettled, task_run))
            yield Stage(operator, said)
            await operator.close()
            await on_records(records.close)
        journal.close()

    return opened


async def test_quotas_are_exact_when_everyone_arrives_at_once(open_stage: Open, tmp_path: Path) -> None:
    """Twice as many people as places, in the same instant: each place once, and a sentence for the rest."""
    async with open_stage(small_study(tmp_path, needed="listener:3,examplebot:4")) as stage:
        answers = await asyncio.gather(*(stage.join(n, f"W{n}") for n in range(14)))

        assert Counter(answers) == {"joined": 7, "no_places": 7}
        assert [(p.active, p.waiting) for p in stage.operator.progress()] == [(3, 0), (4, 0)]


async def test_a_link_opened_many_times_at_once_is_one_session(open_stage: Open, study: Study) -> None:
    async with open_stage(study) as stage:
        await asyncio.gather(*(stage.join(n, "W") for n in range(5)))

        assert len({(await stage.heard(n, "joined"))["token"] for n in range(5)}) == 1
        assert stage.progress().active == 1


async def test_a_worker_meets_a_new_condition_before_an_old_one(open_stage: Open, tmp_path: Path) -> None:
    async with open_stage(small_study(tmp_path, needed="listener:9,examplebot:1")) as stage:
        await stage.join(1, "W", "A1")
        assert stage.progress("listener").active == 1

        assert stage.progress("examplebot").active == 0
        stage.send(1, kind="leave", id="l")
        await stage.asked(1, "ended")
        await stage.join(2, "W", "A2")

        assert stage.progress("examplebot").active == 1


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        (["mephisto.task.allowed_concurrent=1"], "too_many_at_once"),
        (["mephisto.task.maximum_units_per_worker=1"], "too_many_units"),
        (["mephisto.task.max_num_concurrent_units=1", "mephisto.task.allowed_concurrent=0"], "no_places"),
    ],
)
async def test_each_limit_refuses_the_one_too_many(
    open_stage: Open, tmp_path: Path, overrides: list[str], reason: str
) -> None:
    async with open_stage(small_study(tmp_path, *overrides)) as stage:
        assert await stage.join(1, "W", "A1") == "joined"

        assert await stage.join(2, "W", "A2") == reason


async def test_a_place_that_was_left_goes_to_someone_else(open_stage: Open, tmp_path: Path) -> None:
    async with open_stage(small_study(tmp_path, needed="listener:1")) as stage:
        await stage.join(1, "W1")
        assert await stage.join(2, "W2", "A1") == "no_places"
        stage.send(1, kind="leave", id="l")
        await stage.asked(1, "ended")

        assert await stage.join(3, "W2", "A2") == "joined"
        assert stage.progress().abandoned == 1


async def test_a_failed_session_is_replaced_and_does_not_count(open_stage: Open, tmp_path: Path) -> None:
    """The worker is paid for it; the study still gets as many whole dialogues as it wants."""
    async with open_stage(small_study(tmp_path, needed="listener:1"), Bots(fail=True)) as stage:
        await stage.join(1, "W1")
        stage.send(1, kind="consent", id="c")
        assert (await stage.asked(1, "ended"))["outcome"] == "bot_failed"
        async with asyncio.timeout(5):
            while stage.progress().waiting == 0:
                await asyncio.sleep(0.002)

        assert (stage.progress().done, stage.progress().failed, stage.progress().needed) == (0, 1, 1)


async def test_blocked_workers_are_kept_out(open_stage: Open, tmp_path: Path) -> None:
    (tmp_path / "blocked.txt").write_text("W1\n# a comment\n")
    study = small_study(tmp_path, f"mephisto.blueprint.worker_blocklist_paths={tmp_path}/blocked.txt")
    async with open_stage(study) as stage:
        assert await stage.join(1, "W1") == "blocked"
        assert await stage.join(2, "W2") == "joined"


async def test_a_run_goes_on_with_its_sessions_places_and_limits(open_stage: Open, tmp_path: Path) -> None:
    """After a crash nothing may be counted twice, and nobody asked twice."""
    study = small_study(tmp_path, "mephisto.task.maximum_units_per_worker=1", needed="listener:3")
    async with open_stage(study) as stage:
        await stage.join(1, "W1")
        await stage.do_everything(1)
        await stage.join(2, "W2")
        run_id = stage.operator._run.task_run.db_id
    async with open_stage(study, run_id=run_id) as stage:
        progress = stage.progress()
        assert (progress.done, progress.active, progress.waiting, progress.needed) == (1, 1, 1, 3)
        assert await stage.join(1, "W1") == "joined"
        assert (await stage.asked(1, "ended"))["outcome"] == "completed"
        assert await stage.join(2, "W2") == "joined"
        assert (await stage.asked(2, "consent_asked"))["seq"] == 1

        assert await stage.join(3, "W1", "another") == "too_many_units"


async def test_a_token_leads_to_its_own_session_and_no_other(open_stage: Open, study: Study) -> None:
    async with open_stage(study) as stage:
        await stage.join(1, "W1")
        token = (await stage.heard(1, "joined"))["token"]
        stage.send(2, kind="resume", token=token, since=0)
        assert (await stage.heard(2, "joined"))["token"] == token
        stage.send(3, kind="resume", token=token[:-1] + "x", since=0)

        assert (await stage.heard(3, "joined", "refused"))["reason"] == "unknown_session"


LONE_SURROGATE = '{"kind":"say","id":"a","dialogue":0,"text":"\\ud800"}'


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kind":"joined"}', '{"kind":"say"}', LONE_SURROGATE, "[" * 9_999])
async def test_garbage_is_answered_and_harms_nobody(open_stage: Open, study: Study, text: str) -> None:
    async with open_stage(study) as stage:
        stage.operator.received(1, text)

        assert (await stage.heard(1, "rejected"))["id"] == ""
        assert await stage.join(2, "W") == "joined"


async def test_someone_without_an_id_is_told_so(open_stage: Open, study: Study) -> None:
    async with open_stage(study) as stage:
        assert await stage.join(1, "  ") == "no_worker_id"


async def test_a_finished_dialogue_is_left_in_the_chat_data_folder(open_stage: Open, tmp_path: Path) -> None:
    study = small_study(tmp_path, f"mephisto.blueprint.chat_data_folder={tmp_path}/chats", needed="listener:1")
    async with open_stage(study) as stage:
        await stage.join(1, "W1")
        await stage.do_everything(1)
    [path] = (tmp_path / "chats").glob("*/*.json")
    written = json.loads(path.read_text())

    assert [line["text"] for line in written["dialog"]] == ["Hi!", "you said Hi!", "hello", "you said hello"]
    assert written["dialog"][-1]["final_rating"] == "3"
