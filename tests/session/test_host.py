"""The session host: pages, bots and the journal together, on a real journal."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chateval import wire
from chateval.annotation import Grade, Verdict
from chateval.bots import Reply, Request, Watch
from chateval.errors import BotError, JournalError
from chateval.session import Entry, Limits, Session, SessionHost, SessionRecord, SqlJournal
from chateval.worlds import (
    AnyScript,
    Consented,
    Judged,
    Labelled,
    ModelChatScript,
    Outcome,
    ScreeningScript,
    StaticAnnotationScript,
    TimedOut,
)

from ..worlds.players import KIND, RIGHT, WRONG, keyed, point  # noqa: TID252  (the same dialogues there)
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

    async def reply(self, bot_name: str, request: Request, watch: Watch) -> Reply:
        self.asked.append(bot_name)
        await self.may_answer.wait()
        if self.failure is not None:
            raise self.failure
        return Reply(f"you said {request.turns[-1].text}")

    def forget(self, bot_name: str, dialogue_id: str, *, is_finished: bool = False) -> None:
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


# Labels


class Labels(Stage):
    """A host with one session in which labels are given."""

    @classmethod
    async def at(cls, journal: SqlJournal, script: AnyScript, limits: Limits = LONG) -> "Labels":
        stage = cls(journal, limits)
        await stage.begin(replace(record(), script=script))
        return stage

    def last(self, kind: str) -> dict[str, Any] | None:
        return next((update for update in reversed(self.updates()) if update["kind"] == kind), None)

    async def are_asked(self, mode: str) -> int:
        """Wait until labels are asked for; returns the number of the first part."""
        await until(lambda: (self.last("labels_asked") or {}).get("mode") == mode)
        asked = self.last("labels_asked")
        assert asked is not None
        return int(asked["parts"][0]["part"])

    async def label(self, part: int, turn: int, value: list[str], name: str) -> None:
        self.host.receive(1, wire.Label(name, part, turn, "kind_q", value))
        await until(lambda: name in self.acknowledged())


async def test_a_label_is_saved_then_acknowledged_then_shown(journal: SqlJournal) -> None:
    stage = await Labels.at(journal, StaticAnnotationScript((point("d1"),), 0))
    part = await stage.are_asked("label")
    await stage.label(part, 1, ["kind"], "l")

    assert journal.entries("s1")[-1].event == Labelled(part, 1, "kind_q", ["kind"])
    assert stage.updates()[-1]["kind"] == "labelled"
    await stage.host.close()


async def test_a_label_gives_nobody_more_time(journal: SqlJournal) -> None:
    """Else a session could be kept open for ever, and its limit would be a lie."""
    stage = await Labels.at(journal, StaticAnnotationScript((point("d1"),), 0))
    part = await stage.are_asked("label")
    [live] = stage.host._live.values()
    deadline = live.deadline
    await stage.label(part, 1, ["kind"], "l")

    assert live.deadline == deadline
    assert live.timer is not None
    assert sum(update["kind"] == "labels_asked" for update in stage.updates()) == 1
    await stage.host.close()


async def test_time_that_runs_out_while_a_label_is_saved_has_run_out(journal: SqlJournal) -> None:
    """The label comes first; the limit must not be forgotten over it."""
    limits = Limits(turn_seconds=100, answer_seconds=0.02, session_seconds=100, gone_seconds=100)
    stage = await Labels.at(journal, StaticAnnotationScript((point("d1"),), 0), limits)
    part = await stage.are_asked("label")
    [live] = stage.host._live.values()
    stage.host.receive(1, wire.Label("l", part, 1, "kind_q", ["kind"]))
    assert live.is_saving
    assert live.timer is not None
    live.timer.cancel()
    stage.host._happen(live, TimedOut())  # as the timer would, at this very moment

    await until(lambda: bool(stage.ended))

    assert stage.ended[0].outcome is Outcome.TIMED_OUT
    assert [type(entry.event) for entry in journal.entries("s1")] == [Consented, Labelled, TimedOut]


async def test_a_label_does_not_have_the_bot_asked_again(journal: SqlJournal) -> None:
    """Nor does its reply get lost where both come at once."""
    stage = Labels(journal)
    await stage.begin(replace(record(), script=ModelChatScript(("echo",), 1, (), 0, online_task=KIND)))
    await until(stage.is_asked("person"))
    stage.bots.may_answer.clear()
    stage.host.receive(1, wire.Say("m", 0, "well"))
    await until(stage.is_asked("bot", 1))
    stage.host.receive(1, wire.Label("l", 0, 1, "kind_q", ["kind"]))
    stage.bots.may_answer.set()

    await until(stage.is_asked("person", 1))

    assert "l" in stage.acknowledged()
    assert stage.bots.asked == ["echo", "echo"]
    assert stage.last("labelled") is not None
    await stage.host.close()


async def test_a_reload_brings_every_answer_back_and_what_time_is_left(journal: SqlJournal) -> None:
    stage = await Labels.at(journal, StaticAnnotationScript((point("d1"),), 0))
    part = await stage.are_asked("label")
    await stage.label(part, 1, ["kind"], "l")
    stage.host.attach("s1", 2, 0)

    kinds = [update["kind"] for update in stage.updates(2)]
    assert kinds == ["consent_asked", "dialogue_shown", "labels_asked", "labelled"]
    assert 0 < stage.updates(2)[2]["seconds_left"] <= LONG.answer_seconds
    assert stage.updates(2)[3]["value"] == ["kind"]
    await stage.host.close()


async def trained(stage: Labels, answers: Mapping[int, Any] = RIGHT) -> None:
    part = await stage.are_asked("practice")
    for turn, value in answers.items():
        await stage.label(part, turn, value, f"l{turn}")
    stage.host.receive(1, wire.SubmitLabels("h"))
    await stage.are_asked("correction")
    await stage.label(part, 3, ["rude"], "right")
    stage.host.receive(1, wire.SubmitLabels("hh"))


@pytest.mark.parametrize(
    ("answers", "outcome"), [(RIGHT, Outcome.QUALIFIED), (WRONG, Outcome.NOT_QUALIFIED)], ids=["right", "wrong"]
)
async def test_a_training_ends_with_its_verdict(
    journal: SqlJournal, answers: Mapping[int, Any], outcome: Outcome
) -> None:
    stage = await Labels.at(journal, ScreeningScript((keyed(),), 0))
    await trained(stage, answers)

    await until(lambda: bool(stage.ended))

    assert stage.ended[0].outcome is outcome
    assert stage.updates()[-1] == {"kind": "ended", "seq": len(stage.updates()), "outcome": outcome.value}


async def test_a_verdict_that_a_crash_kept_back_is_pronounced_afterwards(journal: SqlJournal) -> None:
    """Nobody may be left waiting on a page that shows nothing."""
    stage = await Labels.at(journal, ScreeningScript((keyed(),), 0))
    await trained(stage)
    await until(lambda: bool(stage.ended))
    *entries, verdict = journal.entries("s1")
    assert isinstance(verdict.event, Judged)
    with journal._engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM entries WHERE seq = {verdict.seq}")  # noqa: S608  (a number)

    after = Stage(journal)
    after.host.restore(stage.ended[0].record, entries)
    await until(lambda: bool(after.ended))

    assert after.ended[0].outcome is Outcome.QUALIFIED
    assert journal.entries("s1")[-1].event == verdict.event


async def test_who_judges_is_the_study_s_choice(journal: SqlJournal) -> None:
    heard: list[tuple[Session, tuple[Grade, ...]]] = []

    def judge(session: Session, grades: tuple[Grade, ...]) -> Verdict:
        heard.append((session, grades))
        return Verdict(is_passed=True, note="by the toss of a coin")

    stage = Labels(journal)
    stage.host._judge = judge
    await stage.begin(replace(record(), script=ScreeningScript((keyed(),), 0)))
    await trained(stage, WRONG)
    await until(lambda: bool(stage.ended))

    [(_, (grade,))] = heard
    assert grade.mistakes == 1
    assert journal.entries("s1")[-1].event == Judged(is_passed=True, note="by the toss of a coin")
    assert "toss" not in json.dumps(stage.said)


async def test_a_label_costs_the_same_late_as_early(journal: SqlJournal) -> None:
    """Nothing may rewrite the history: what is sent for a label is that label."""
    stage = await Labels.at(journal, StaticAnnotationScript((point("d1"),), 0))
    part = await stage.are_asked("label")
    sizes = []
    for number in range(200):
        before = len(stage.said[1])
        await stage.label(part, 1, ["kind"], f"l{number:03}")
        sizes.append(sum(len(json.dumps(message)) for message in stage.said[1][before:]))

    assert max(sizes) < min(sizes) * 1.1
    await stage.host.close()
