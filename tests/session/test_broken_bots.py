"""Bots that break, behind the desk and in sessions: those of others go on, and one's own ends as paid work."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from chateval import wire
from chateval.bots import Desk, Reply, Request, ScriptBot, Terms, Watch, lines_in_order, watch_nothing
from chateval.bots._jobs import Job
from chateval.bots._queue import BatchQueue
from chateval.bots._turnstile import Turnstile
from chateval.dialogue import Turn
from chateval.session import Limits, Session, SessionHost, SqlJournal
from chateval.worlds import Outcome, Spoke

from .conftest import record, until

LIMITS = Limits(turn_seconds=100, answer_seconds=100, session_seconds=1_000, gone_seconds=100)


class Model:
    """Computes in a thread, with one queue for everyone: what is said in a dialogue decides how it fares."""

    name = "model"

    def __init__(self) -> None:
        self._queue: BatchQueue[str, Any] = BatchQueue("model", self._answer, turnstile=Turnstile(8))
        self.may_end = threading.Event()

    def identity(self) -> dict[str, str]:
        return {}

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        return Reply(await self._queue.ask(request.dialogue_id, request.turns[-1].text, watch))

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:
        """Keeps nothing."""

    async def close(self) -> None:
        self.may_end.set()
        await self._queue.close(wait_seconds=0.01)

    def _answer(self, jobs: Sequence[Job[str, Any]]) -> None:
        for job in jobs:
            match job.item:
                case "crash":
                    raise MemoryError("the model is too large")
                case "exit":
                    raise SystemExit(1)
                case "hang":
                    self.may_end.wait()
                case "forget":
                    pass
                case text:
                    job.done({"nothing": "", "none": None, "10 MB": "x" * 10**7}.get(text, f"you said {text}"))


class Crowd:
    """Sessions with the same bots."""

    def __init__(self, journal: SqlJournal, desk: Desk) -> None:
        self.ended: dict[str, Session] = {}
        self.host = SessionHost(journal, desk, lambda *_: None, LIMITS, self._end)
        self._desk = desk

    def _end(self, session: Session) -> None:
        self.ended[session.record.session_id] = session

    async def begin(self, session_id: str, connection: int, bot: str = "model") -> None:
        await self.host.open(record(session_id, bots=(bot,)))
        self.host.attach(session_id, connection, 0)
        self.host.receive(connection, wire.Consent("c"))
        await self.has_turns(session_id, 2)

    async def has_turns(self, session_id: str, count: int) -> Sequence[Turn]:
        session = self.host.session(session_id)
        assert session is not None
        await until(lambda: len(session.turns(0)) == count)
        return session.turns(0)

    async def close(self) -> None:
        await self.host.close()
        await self._desk.close()


async def _no_pause(_: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
async def crowd(journal: SqlJournal) -> AsyncIterator[Crowd]:
    bots = {"model": Model(), "other": ScriptBot("other", lines_in_order(["one", "two", "three"]))}
    terms = Terms(timeout_seconds=0.1, attempts=2)
    made = Crowd(journal, Desk(bots, dict.fromkeys(bots, terms), sleep=_no_pause))
    yield made
    await made.close()


@pytest.mark.parametrize("fault", ["crash", "exit", "hang", "forget", "nothing", "none", "10 MB"])
async def test_a_bot_that_breaks_ends_its_session_and_no_other(crowd: Crowd, journal: SqlJournal, fault: str) -> None:
    """The person is told, and paid; those who talk with the same model, and with others, notice nothing."""
    await crowd.begin("broken", 1)
    await crowd.begin("same", 2)
    await crowd.begin("other", 3, "other")

    for number, text in enumerate((fault, "fine", "fine"), start=1):
        crowd.host.receive(number, wire.Say("m", 0, text))
    same, other = await crowd.has_turns("same", 4), await crowd.has_turns("other", 4)
    await until(lambda: "broken" in crowd.ended)

    assert crowd.ended["broken"].outcome is Outcome.BOT_FAILED
    assert (same[-1].text, other[-1].text) == ("you said fine", "two")
    assert [entry.message_id for entry in journal.entries("broken")][-2:] == ["m", ""], "What was said is kept."
    crowd.host.receive(2, wire.Say("m2", 0, "again"))
    assert (await crowd.has_turns("same", 6))[-1].text == "you said again"


async def test_a_bot_that_repeats_itself_ends_no_session(journal: SqlJournal) -> None:
    """What it says is what there is to be known about it; the data tells that it was asked twice."""
    bot = ScriptBot("other", lines_in_order(["Me too."]))
    crowd = Crowd(journal, Desk({"other": bot}, {"other": Terms(retry_repeats=1)}))
    await crowd.begin("parrot", 1, "other")
    crowd.host.receive(1, wire.Say("m", 0, "what?"))
    await crowd.has_turns("parrot", 4)

    said = [entry.event for entry in journal.entries("parrot") if isinstance(entry.event, Spoke)]
    assert [(event.text, event.attempts) for event in said] == [("Me too.", 1), ("what?", 1), ("Me too.", 2)]
    await crowd.close()


async def test_a_reply_is_kept_with_its_time(crowd: Crowd, journal: SqlJournal) -> None:
    """Bots of different speed are compared with what it did to people."""
    await crowd.begin("same", 1)

    said = [entry.event for entry in journal.entries("same") if isinstance(entry.event, Spoke)]
    assert said[0].seconds is not None
    assert 0 < said[0].seconds < 5


async def test_whoever_comes_before_the_bot_is_loaded_is_answered_then(journal: SqlJournal) -> None:
    """The page is open at once; a model may take minutes."""
    desk = Desk({}, {"other": Terms(timeout_seconds=0.05)})
    crowd = Crowd(journal, desk)
    beginning = asyncio.create_task(crowd.begin("early", 1, "other"))
    await asyncio.sleep(0.1)
    assert not beginning.done()

    desk.add(ScriptBot("other", lines_in_order(["I am here."])))
    await beginning

    assert (await crowd.has_turns("early", 2))[-1].text == "I am here."
    await crowd.close()
