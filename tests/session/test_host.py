"""The session host: pages, bots and the journal together, on a real journal."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from chateval import wire
from chateval.dialogue import Turn
from chateval.errors import BotError, JournalError
from chateval.session import Entry, Limits, Session, SessionHost, SessionRecord, SqlJournal
from chateval.worlds import Outcome

from .conftest import record, until

LONG = Limits(turn_seconds=100, answer_seconds=100, session_seconds=1_000, gone_seconds=100)


class Echo:
    """Answers at once, unless it is told to wait or to fail."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.failure: BotError | None = None
        self.asked: list[str] = []
        self.forgotten: list[str] = []

    async def reply(self, bot_name: str, dialogue_id: str, turns: Sequence[Turn]) -> str:
        self.asked.append(bot_name)
        await self.may_answer.wait()
        if self.failure is not None:
            raise self.failure
        return f"you said {turns[-1].text}"

    def forget(self, bot_name: str, dialogue_id: str) -> None:
        self.forgotten.append(dialogue_id)


class Stage:
    """A host, and what it says to each connection."""

    def __init__(self, journal: SqlJournal, limits: Limits = LONG) -> None:
        self.bots = Echo()
        self.said: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        self.ended: list[Session] = []
        self.host = SessionHost(journal, self.bots, self._hear, limits, self.ended.append)

    def _hear(self, connection: int, text: str) -> None:
        self.said[connection].append(json.loads(text))

    def updates(self, connection: int = 1) -> list[dict[str, Any]]:
        return [u for m in self.said[connection] if m["kind"] == "updates" for u in m["updates"]]

    def acknowledged(self, connection: int = 1) -> list[str]:
        return [m["id"] for m in self.said[connection] if m["kind"] == "ack"]

    def is_asked(self, seat: str, turns_taken: int = 0, connection: int = 1) -> Callable[[], bool]:
        def claim() -> bool:
            updates = self.updates(connection)
            last = updates[-1] if updates else {}
            return (last.get("kind"), last.get("seat"), last.get("turns_taken")) == ("turn_asked", seat, turns_taken)

        return claim

    async def begin(self, session: SessionRecord | None = None) -> None:
        await self.host.open(session or record())
        self.host.attach("s1", 1, 0)
        self.host.receive(1, wire.Consent("c"))


@pytest.fixture
async def stage(journal: SqlJournal) -> AsyncIterator[Stage]:
    made = Stage(journal)
    yield made
    await made.host.close()


async def test_a_dialogue_runs_to_its_end(stage: Stage) -> None:
    await stage.begin()
    for turns in range(2):
        await until(stage.is_asked("person", turns))
        stage.host.receive(1, wire.Say(f"m{turns}", 0, f"line {turns}"))
    await until(stage.is_asked("person", 2))
    for message in (wire.Finish("f", 0), wire.Answer("a", 0, {"rating_1": 5}), wire.Submit("s")):
        stage.host.receive(1, message)

    await until(lambda: bool(stage.ended))

    assert stage.ended[0].outcome is Outcome.COMPLETED
    assert stage.acknowledged() == ["c", "m0", "m1", "f", "a", "s"]
    assert [u["text"] for u in stage.updates() if u["kind"] == "turn"][:4] == [
        "Hi!",
        "you said Hi!",
        "line 0",
        "you said line 0",
    ]
    assert stage.bots.forgotten == ["s1-0"]


async def test_nothing_is_acknowledged_before_it_is_committed(journal: SqlJournal, stage: Stage) -> None:
    """An acknowledgement is a promise: whoever reads the journal at that moment finds the message."""
    await stage.begin()
    await until(stage.is_asked("person"))
    stage.host.receive(1, wire.Say("m", 0, "kept?"))
    assert "m" not in stage.acknowledged()

    await until(lambda: "m" in stage.acknowledged())

    assert "m" in [entry.message_id for entry in journal.entries("s1")]


async def test_a_second_device_sees_the_whole_session_and_what_follows(stage: Stage) -> None:
    await stage.begin()
    await until(stage.is_asked("person"))
    stage.host.attach("s1", 2, 0)
    stage.host.receive(2, wire.Say("m", 0, "from the phone"))

    await until(stage.is_asked("person", 1, connection=1))

    assert [u["seq"] for u in stage.updates(1)] == [u["seq"] for u in stage.updates(2)]
    assert (stage.acknowledged(1), stage.acknowledged(2)) == (["c"], ["m"])


async def test_a_page_that_comes_back_gets_only_what_it_lacks(stage: Stage) -> None:
    await stage.begin()
    await until(stage.is_asked("person"))
    last = stage.updates()[-1]["seq"]
    stage.host.detach(1)
    stage.host.attach("s1", 3, last - 1)

    assert [u["seq"] for u in stage.updates(3)] == [last]


async def test_a_double_click_says_it_once(stage: Stage) -> None:
    await stage.begin()
    await until(stage.is_asked("person"))
    for _ in range(3):
        stage.host.receive(1, wire.Say("m", 0, "once"))

    await until(lambda: stage.acknowledged().count("m") == 3)

    assert [u["text"] for u in stage.updates() if u["kind"] == "turn"].count("once") == 1


async def test_a_session_goes_on_from_its_journal_and_the_bot_is_asked_once_more(journal: SqlJournal) -> None:
    """The operator was killed while the bot was thinking; the worker must not notice more than a pause."""
    before = Stage(journal)
    before.bots.may_answer.clear()
    await before.begin()
    await until(before.is_asked("bot"))
    await before.host.close()

    after = Stage(journal)
    after.host.restore(record(), journal.entries("s1"))
    after.host.attach("s1", 1, 0)
    await until(after.is_asked("person"))

    assert after.bots.asked == ["echo"]
    assert [u["seq"] for u in after.updates()] == list(range(1, len(after.updates()) + 1))
    await after.host.close()


async def test_a_bot_that_fails_ends_the_session_as_paid_work(stage: Stage) -> None:
    stage.bots.failure = BotError("Bot 'echo' gave no usable reply.")
    await stage.begin()

    await until(lambda: bool(stage.ended))

    assert stage.ended[0].outcome is Outcome.BOT_FAILED
    assert stage.ended[0].outcome.is_paid
    assert stage.updates()[-1]["outcome"] == "bot_failed"


async def test_a_turn_not_taken_in_time_ends_the_session_and_the_limit_was_told(journal: SqlJournal) -> None:
    stage = Stage(journal, Limits(turn_seconds=0.05, answer_seconds=100, session_seconds=100, gone_seconds=100))
    await stage.begin()

    await until(lambda: bool(stage.ended))

    asked = next(u for u in stage.updates() if u["kind"] == "turn_asked" and u["seat"] == "person")
    assert 0 < asked["seconds_left"] <= 0.05
    assert stage.ended[0].outcome is Outcome.TIMED_OUT


async def test_who_is_gone_for_too_long_loses_the_place(journal: SqlJournal) -> None:
    """A closed laptop must not hold a place for an hour."""
    stage = Stage(journal, Limits(turn_seconds=100, answer_seconds=100, session_seconds=100, gone_seconds=0.05))
    await stage.begin()
    await until(stage.is_asked("person"))
    stage.host.detach(1)

    await until(lambda: bool(stage.ended))

    assert stage.ended[0].outcome is Outcome.TIMED_OUT


async def test_who_comes_back_in_time_loses_nothing(journal: SqlJournal) -> None:
    stage = Stage(journal, Limits(turn_seconds=100, answer_seconds=100, session_seconds=100, gone_seconds=0.1))
    await stage.begin()
    await until(stage.is_asked("person"))
    stage.host.detach(1)
    stage.host.attach("s1", 2, 0)
    await asyncio.sleep(0.15)

    assert stage.ended == []
    await stage.host.close()


async def test_nobody_s_time_runs_while_the_line_is_down(journal: SqlJournal) -> None:
    """People who cannot reach us must not be told that they were too slow."""
    stage = Stage(journal, Limits(turn_seconds=0.1, answer_seconds=100, session_seconds=100, gone_seconds=0.1))
    await stage.begin()
    await until(stage.is_asked("person"))
    stage.host.pause()
    await asyncio.sleep(0.15)
    assert stage.ended == []

    stage.host.go_on()
    await until(lambda: bool(stage.ended))


async def test_leaving_stops_the_bot_that_was_thinking(stage: Stage) -> None:
    stage.bots.may_answer.clear()
    await stage.begin()
    await until(stage.is_asked("bot"))
    stage.host.receive(1, wire.Leave("l"))
    await until(lambda: bool(stage.ended))
    stage.bots.may_answer.set()
    await asyncio.sleep(0)

    assert stage.updates()[-1] == {"kind": "ended", "seq": len(stage.updates()), "outcome": "left"}


async def test_a_connection_without_a_session_is_told_to_join(stage: Stage) -> None:
    stage.host.receive(9, wire.Say("m", 0, "into the blue"))

    assert stage.said[9] == [{"kind": "rejected", "id": "m", "text": "Join a session first."}]


class _FullDisk(SqlJournal):
    """A journal whose disk is full at first."""

    failures_left = 2

    def append(self, entry: Entry, saved: Callable[[JournalError | None], None]) -> None:
        if self.failures_left:
            self.failures_left -= 1
            asyncio.get_running_loop().call_soon(saved, JournalError("The journal cannot be written: disk full."))
        else:
            super().append(entry, saved)


async def test_what_cannot_be_saved_is_tried_again_and_not_acknowledged_meanwhile(
    tmp_path: Path, journal: SqlJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chateval.session._host.RETRY_SECONDS", 0.01)
    full = _FullDisk(tmp_path / "journal.db", asyncio.get_running_loop())
    stage = Stage(full)
    await stage.begin()
    assert stage.acknowledged() == []

    await until(lambda: stage.acknowledged() == ["c"])

    told = [message["attached"] for message in stage.said[1] if message["kind"] == "operator"]
    assert told == [False, True]
    assert full.failures_left == 0
    await stage.host.close()
    full.close()


async def test_a_turn_costs_the_same_late_in_a_dialogue_as_early(stage: Stage) -> None:
    """Nothing may rewrite the history: what is sent for a turn is that turn."""
    await stage.begin()
    sizes = []
    for turns in range(200):
        await until(stage.is_asked("person", turns))
        before = len(stage.said[1])
        stage.host.receive(1, wire.Say(f"m{turns}", 0, "x"))
        await until(stage.is_asked("person", turns + 1))
        sizes.append(sum(len(json.dumps(message)) for message in stage.said[1][before:]))

    assert max(sizes) < min(sizes) * 1.1
