"""Sessions whose partners are people, and the rhythm in which replies are shown; on a real journal."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from time import time
from typing import Any

import pytest
from msgspec.structs import replace

from chateval import wire
from chateval.bots import Bot, Desk, Matchmaker, Progress, Reply, Request, Terms, Watch
from chateval.config import Delivery
from chateval.session import Limits, Session, SessionHost, SessionRecord, SqlJournal, collected_session
from chateval.worlds import BotFailed, Outcome, PartnerFinished, Spoke

from .conftest import record, until

LONG = Limits(turn_seconds=100, answer_seconds=100, session_seconds=1_000, gone_seconds=100)
TERMS = Terms(timeout_seconds=None, attempts=1)
PLAIN = Delivery()


class Writer:
    """A bot that writes its reply piece by piece, and is held up where a test says so."""

    name = "writer"

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces
        self.may_go_on = asyncio.Event()
        self.asked = 0
        self.cancelled = 0

    def identity(self) -> dict[str, str]:
        return {"kind": "scripted"}

    async def reply(self, request: Request, watch: Watch) -> Reply:
        self.asked += 1
        try:
            for piece in self.pieces:
                watch(Progress.STARTED, piece)
            await self.may_go_on.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return Reply(f"reply to {request.turns[-1].text}")

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:
        """Keeps nothing."""

    async def close(self) -> None:
        """Holds nothing."""


def session_of(name: str, *bots: str, worker: str = "") -> SessionRecord:
    made = record(name, bots=bots or ("peer",))
    script = replace(made.script, minimum_turns=1)
    return replace(made, worker_name=worker or f"worker {name}", script=script, created_at=time())


class Stage:
    """A host; each session has a connection of its name's number, `s1` has 1."""

    def __init__(self, journal: SqlJournal, *bots: Bot, limits: Limits = LONG, delivery: Delivery = PLAIN) -> None:
        named = {bot.name: bot for bot in bots or (Matchmaker("peer", 100, look_seconds=0.01),)}
        self.desk = Desk(named, dict.fromkeys([*named, "writer"], TERMS))
        self.journal = journal
        self.said: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        self.ended: dict[str, Session] = {}
        self.host = SessionHost(journal, self.desk, self._hear, limits, self._end, delivery=delivery)

    def _hear(self, connection: int, text: str) -> None:
        self.said[connection].append(json.loads(text))

    def _end(self, session: Session) -> None:
        self.ended[session.record.session_id] = session

    async def come(self, number: int, *bots: str, worker: str = "") -> None:
        await self.host.open(session_of(f"s{number}", *bots, worker=worker))
        self.host.attach(f"s{number}", number, 0)
        self.host.receive(number, wire.Consent("c"))
        await until(lambda: "turn" in self.kinds(number))

    def restore(self, *numbers: int) -> None:
        for number in numbers:
            name = f"s{number}"
            [stored] = [one for one in self.journal.sessions() if one.session_id == name]
            self.host.restore(stored, self.journal.entries(name))
        for number in numbers:
            self.host.attach(f"s{number}", number, 0)

    def updates(self, number: int) -> list[dict[str, Any]]:
        return [u for m in self.said[number] if m["kind"] == "updates" for u in m["updates"]]

    def kinds(self, number: int) -> list[str]:
        return [update["kind"] for update in self.updates(number)]

    def turns(self, number: int, dialogue: int = 0) -> list[str]:
        return [u["text"] for u in self.updates(number) if u["kind"] == "turn" and u["dialogue"] == dialogue]

    def signs(self, number: int) -> list[tuple[str, str]]:
        return [(m["state"], m["text"]) for m in self.said[number] if m["kind"] == "partner"]

    def may_speak(self, number: int) -> Callable[[], bool]:
        def claim() -> bool:
            last = (self.updates(number) or [{}])[-1]
            return (last.get("kind"), last.get("seat")) == ("turn_asked", "person")

        return claim

    async def say(self, number: int, text: str, dialogue: int = 0) -> None:
        await until(self.may_speak(number))
        self.host.receive(number, wire.Say(text, dialogue, text))
        await until(lambda: text in self.turns(number, dialogue))

    async def finish(self, number: int) -> None:
        await until(self.may_speak(number))
        self.host.receive(number, wire.Finish("f", 0))
        await until(lambda: self.kinds(number)[-1] == "ratings_asked")

    async def hand_in(self, number: int) -> None:
        self.host.receive(number, wire.Answer("a", 0, {"rating_1": 5}))
        self.host.receive(number, wire.Submit("s"))
        await until(lambda: f"s{number}" in self.ended)

    async def do_everything(self, number: int) -> None:
        """Do what is asked of one until the session ends, and finish each dialogue as soon as one may."""
        answered: set[int] = set()
        while f"s{number}" not in self.ended:
            await until(lambda: self.updates(number)[-1]["seq"] not in answered)
            asked = self.updates(number)[-1]
            done = asked["seq"]
            answered.add(done)
            match asked:
                case {"kind": "turn_asked", "seat": "person", "may_finish": True, "dialogue": dialogue}:
                    self.host.receive(number, wire.Finish(f"m{done}", dialogue))
                case {"kind": "turn_asked", "seat": "person", "dialogue": dialogue}:
                    self.host.receive(number, wire.Say(f"m{done}", dialogue, f"{number} says this"))
                case {"kind": "ratings_asked", "dialogue": dialogue}:
                    self.host.receive(number, wire.Answer(f"m{done}", dialogue, {"rating_1": 5}))
                case {"kind": "submission_asked"}:
                    self.host.receive(number, wire.Submit(f"m{done}"))

    def outcome(self, number: int) -> Outcome | None:
        return self.ended[f"s{number}"].outcome


Open = Callable[..., Stage]


@pytest.fixture
async def open_stage(journal: SqlJournal) -> AsyncIterator[Open]:
    stages: list[Stage] = []

    def opened(*bots: Bot, limits: Limits = LONG, delivery: Delivery = PLAIN) -> Stage:
        stages.append(Stage(journal, *bots, limits=limits, delivery=delivery))
        return stages[-1]

    yield opened
    for stage in stages:
        await stage.host.close()


def waiting_room(wait_seconds: float) -> Matchmaker:
    return Matchmaker("peer", wait_seconds, look_seconds=0.01)


async def pair(stage: Stage) -> None:
    """Two people who have said a thing each. By their ids, the first leads."""
    await stage.come(1)
    await stage.come(2)
    await stage.say(1, "one")
    await stage.say(2, "two")


# People


async def test_two_people_hold_a_dialogue_and_both_are_done(open_stage: Open) -> None:
    stage = open_stage()
    await pair(stage)
    await stage.say(1, "three")
    await stage.finish(2)
    await until(lambda: stage.kinds(1)[-1] == "ratings_asked")
    await stage.hand_in(1)
    await stage.hand_in(2)

    assert stage.turns(1) == ["Hi!", "Hi!", "one", "two", "three"]
    assert stage.turns(2) == ["Hi!", "one", "two", "three"]
    assert (stage.outcome(1), stage.outcome(2)) == (Outcome.COMPLETED, Outcome.COMPLETED)
    assert type(stage.journal.entries("s1")[-3].event) is PartnerFinished


async def test_the_record_tells_whose_words_a_partner_s_are(open_stage: Open) -> None:
    """Whoever looks at one dialogue of a pair finds the other."""
    stage = open_stage()
    await pair(stage)
    heard = [e.event for e in stage.journal.entries("s1") if isinstance(e.event, Spoke) and not e.message_id]
    collected = collected_session(session_of("s1"), stage.journal.entries("s1"))

    assert {event.source for event in heard} == {"s2-0"}
    assert [dialogue.partner_dialogue_id for dialogue in collected.dialogues] == ["s2-0"]


async def test_whoever_comes_first_is_told_that_nobody_is_there_yet(open_stage: Open) -> None:
    stage = open_stage()
    await stage.come(1)
    await until(lambda: stage.signs(1) == [("waiting", "")])
    assert stage.said[1][-1]["kind"] == "partner", "Before it is said whose turn it is, a page has no use for it."
    stage.host.attach("s1", 7, 0)
    assert stage.signs(7) == [("waiting", "")]
    await stage.come(2)

    await until(lambda: stage.turns(1) == ["Hi!", "Hi!"])
    assert stage.signs(2) in ([], [("waiting", "")], [("waiting", ""), ("typing", "")])


async def test_a_model_that_is_loaded_is_waited_for_as_a_person_is(open_stage: Open) -> None:
    """In the same words, so that nobody can tell; and the chat goes on by itself."""
    stage = open_stage()
    await stage.come(1, "peer")
    await stage.come(2, "writer")
    await until(lambda: bool(stage.signs(1)) and bool(stage.signs(2)))
    waits = [next(m for m in stage.said[number] if m["kind"] == "partner") for number in (1, 2)]
    assert [(m["state"], m["text"], sorted(m)) for m in waits] == [("waiting", "", sorted(waits[0]))] * 2
    writer = Writer()
    writer.may_go_on.set()
    stage.desk.add(writer)

    await until(stage.may_speak(2))


@pytest.mark.parametrize("leaver", [1, 2])
async def test_a_partner_who_leaves_ends_the_other_s_session_as_paid_work(open_stage: Open, leaver: int) -> None:
    """They did what was asked of them, as far as it was up to them."""
    stage = open_stage()
    await pair(stage)
    other = 3 - leaver
    stage.host.receive(leaver, wire.Leave("l"))
    if other == 1:
        await stage.say(1, "too late")

    await until(lambda: f"s{other}" in stage.ended)

    assert stage.outcome(leaver) is Outcome.LEFT
    assert stage.outcome(other) is Outcome.BOT_FAILED
    assert Outcome.BOT_FAILED.is_paid
    [failed] = [e.event for e in stage.journal.entries(f"s{other}") if isinstance(e.event, BotFailed)]
    assert "the partner has left the study" in failed.reason


async def test_a_partner_whose_time_runs_out_ends_the_wait(open_stage: Open) -> None:
    stage = open_stage(limits=Limits(turn_seconds=0.1, answer_seconds=100, session_seconds=100, gone_seconds=100))
    await stage.come(1)
    await stage.come(2)
    await stage.say(1, "one")

    await until(lambda: len(stage.ended) == 2)

    assert (stage.outcome(2), stage.outcome(1)) == (Outcome.TIMED_OUT, Outcome.BOT_FAILED)


async def test_who_waits_in_vain_is_paid(open_stage: Open) -> None:
    stage = open_stage(waiting_room(0.05))
    await stage.come(1)
    await until(lambda: bool(stage.ended))

    assert stage.outcome(1) is Outcome.BOT_FAILED


async def test_who_goes_away_from_the_waiting_room_loses_the_place_and_is_nobody_s_partner(open_stage: Open) -> None:
    """A closed laptop in the waiting room must neither hold a place for ever nor be somebody's partner."""
    limits = Limits(turn_seconds=100, answer_seconds=100, session_seconds=100, gone_seconds=0.1)
    stage = open_stage(limits=limits)
    await stage.come(1)
    stage.host.detach(1)
    await stage.come(2)
    await until(lambda: "s1" in stage.ended)

    assert stage.outcome(1) is Outcome.TIMED_OUT
    assert stage.turns(2) == ["Hi!"]
    assert stage.signs(2) == [("waiting", "")]


async def test_a_wait_does_not_count_as_one_s_own_time(open_stage: Open) -> None:
    """Who has waited for ten minutes has as long for the chat as who has not."""
    limits = Limits(turn_seconds=100, answer_seconds=100, session_seconds=0.4, gone_seconds=100)
    stage = open_stage(limits=limits)
    await stage.come(1)
    await asyncio.sleep(0.5)
    await stage.come(2)
    await until(stage.may_speak(1))

    assert stage.updates(1)[-1]["seconds_left"] > 0.2
    assert not stage.ended


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("words", range(5))
async def test_a_pair_goes_on_after_a_kill_wherever_it_was(
    open_stage: Open, words: int, order: tuple[int, ...]
) -> None:
    """Whoever is restored first, and also where only one of the two has heard of the other."""
    before = open_stage()
    await before.come(1)
    await before.come(2)
    for number in range(words):
        await before.say(1 + number % 2, f"before {number}")
    await until(before.may_speak(1 + words % 2))
    await before.host.close()

    after = open_stage()
    after.restore(*order)
    await after.come(3)
    for number in range(2):
        await after.say(1 + (words + number) % 2, f"after {number}")
    for number in (1, 2):
        await until(lambda number=number: "after 1" in after.turns(number))  # type: ignore[misc]

    said = [*(f"before {number}" for number in range(words)), "after 0", "after 1"]
    assert after.turns(1) == ["Hi!", "Hi!", *said]
    assert after.turns(2) == ["Hi!", *said]
    assert after.signs(3) == [("waiting", "")]


@pytest.mark.parametrize("way", ["finish", "leave"])
async def test_an_end_that_a_kill_kept_from_the_partner_is_told_afterwards(
    journal: SqlJournal, open_stage: Open, way: str
) -> None:
    """Else they would wait for ever for somebody who has long been paid."""
    before = open_stage()
    await pair(before)
    await before.say(1, "three")
    await until(before.may_speak(2))
    before.host.receive(2, wire.Finish("f", 0) if way == "finish" else wire.Leave("f"))
    await until(lambda: before.kinds(1)[-1] in {"ratings_asked", "ended"})
    if way == "finish":
        await before.hand_in(2)
    await before.host.close()
    [*_, last] = journal.entries("s1")
    assert type(last.event) in {PartnerFinished, BotFailed}
    with journal._engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM entries WHERE session_id = 's1' AND seq = {last.seq}")  # noqa: S608

    after = open_stage()
    after.restore(1)
    await until(lambda: after.kinds(1)[-1] in {"ratings_asked", "ended"})

    assert type(journal.entries("s1")[-1].event) is type(last.event)


async def test_somebody_meets_a_person_and_a_bot_and_hears_no_difference(open_stage: Open) -> None:
    """A pair of dialogues, one with either: the same kinds of messages with the same fields, and the same signs."""
    writer = Writer()
    writer.may_go_on.set()
    stage = open_stage(waiting_room(100), writer, delivery=Delivery(begins_with_waiting=True))
    for number in (1, 2):
        await stage.come(number, "peer", "writer")
    await asyncio.gather(stage.do_everything(1), stage.do_everything(2))

    assert [stage.outcome(number) for number in (1, 2)] == [Outcome.COMPLETED] * 2
    for number in (1, 2):
        assert shapes(stage.said[number], 0) == shapes(stage.said[number], 1)
        assert stage.signs(number)[0] == ("waiting", "")
        assert "peer" not in json.dumps(stage.said[number])
        assert "source" not in json.dumps(stage.said[number])


def shapes(said: list[dict[str, Any]], dialogue: int) -> set[tuple[str, ...]]:
    """Every kind of message, and what it holds, that is about a dialogue."""
    flat = [*(m for m in said if m["kind"] == "partner"), *(u for m in said for u in m.get("updates", ()))]
    found = {(m["kind"], m.get("seat", m.get("state", "")), *sorted(m)) for m in flat if m.get("dialogue") == dialogue}
    return {shape for shape in found if shape[1] != "typing"}  # that a wait is over, where it was one


# Streaming, and a rhythm


async def test_text_is_streamed_only_where_the_study_wants_it(open_stage: Open) -> None:
    for delivery, expected in ((PLAIN, []), (Delivery(is_streamed=True), [("typing", "Hel")])):
        writer = Writer("Hel")
        stage = open_stage(writer, delivery=delivery)
        number = 1 + bool(expected)
        await stage.come(number, "writer")
        await until(lambda writer=writer: writer.asked == 1)  # type: ignore[misc]

        assert stage.signs(number) == expected
        writer.may_go_on.set()
        await until(stage.may_speak(number))
        assert stage.said[number][-1]["kind"] == "updates"


async def test_a_page_that_comes_meanwhile_sees_what_was_said_so_far(open_stage: Open) -> None:
    writer = Writer("Hel")
    stage = open_stage(writer, delivery=Delivery(is_streamed=True))
    await stage.come(1, "writer")
    await until(lambda: writer.asked == 1)
    stage.host.attach("s1", 5, len(stage.updates(1)))

    assert [m["kind"] for m in stage.said[5]] == ["partner"]
    assert stage.signs(5) == [("typing", "Hel")]


async def test_nothing_is_sent_to_nobody(open_stage: Open) -> None:
    writer = Writer("Hel")
    stage = open_stage(writer, delivery=Delivery(is_streamed=True))
    await stage.host.open(session_of("s1", "writer"))
    stage.host.attach("s1", 1, 0)
    stage.host.receive(1, wire.Consent("c"))
    stage.host.detach(1)
    await until(lambda: writer.asked == 1)

    assert stage.signs(1) == []


async def test_a_rhythm_holds_a_quick_reply_back_and_leaves_a_slow_one_alone(open_stage: Open) -> None:
    """So that nobody is told from others by their speed, as far as waiting can do that."""
    quick = Writer()
    quick.may_go_on.set()
    stage = open_stage(quick, delivery=Delivery(characters_per_second=100, minimum_seconds=0.05))
    await stage.come(1, "writer")
    await until(stage.may_speak(1))
    asked, spoke = stage.journal.entries("s1")[-2:]
    assert isinstance(spoke.event, Spoke)
    assert 0.12 <= spoke.at - asked.at < 1.0  # twelve characters

    slow = Writer()
    late = open_stage(slow, delivery=Delivery(minimum_seconds=0.1))
    await late.come(2, "writer")
    await asyncio.sleep(0.15)
    slow.may_go_on.set()
    start = time()
    await until(late.may_speak(2))
    assert time() - start < 0.09


async def test_a_study_s_wait_comes_before_the_first_reply_alone(open_stage: Open) -> None:
    """People are waited for once in a dialogue; a bot among them must not stand out by never being late."""
    quick = Writer()
    quick.may_go_on.set()
    stage = open_stage(quick, delivery=Delivery(begins_with_waiting=True, waiting_seconds=0.3))
    await stage.come(1, "writer")
    await stage.say(1, "well")
    await until(stage.may_speak(1))
    at = [entry.at for entry in stage.journal.entries("s1")]

    assert 0.3 <= at[1] - at[0] < 0.6
    assert at[3] - at[2] < 0.2
    assert stage.signs(1)[:1] == [("waiting", "")]


async def test_a_reply_that_is_held_back_is_nowhere_before_its_time(open_stage: Open) -> None:
    quick = Writer()
    quick.may_go_on.set()
    stage = open_stage(quick, delivery=Delivery(minimum_seconds=0.3))
    await stage.come(1, "writer")
    await until(lambda: quick.asked == 1)
    await asyncio.sleep(0.05)

    assert "reply to" not in json.dumps(stage.said[1])
    assert not stage.may_speak(1)()
    await until(stage.may_speak(1))


async def test_a_kill_while_a_reply_is_held_back_neither_loses_nor_hurries_it(open_stage: Open) -> None:
    """The bot is asked once more, and the time counts from when it was asked first."""
    quick = Writer()
    quick.may_go_on.set()
    rhythm = Delivery(minimum_seconds=0.5)
    before = open_stage(quick, delivery=rhythm)
    await before.come(1, "writer")
    await until(lambda: quick.asked == 1)
    await before.host.close()
    asked = before.journal.entries("s1")[-1]

    after = open_stage(quick, delivery=rhythm)
    after.restore(1)
    await until(after.may_speak(1))
    spoke = after.journal.entries("s1")[-1]

    assert after.turns(1) == ["Hi!", "reply to Hi!"]
    assert 0.5 <= spoke.at - asked.at < 0.9


async def test_leaving_ends_the_work_on_a_reply(open_stage: Open) -> None:
    """A model must not compute for somebody who is gone."""
    writer = Writer("Hel")
    stage = open_stage(writer)
    await stage.come(1, "writer")
    await until(lambda: writer.asked == 1)
    stage.host.receive(1, wire.Leave("l"))
    await until(lambda: writer.cancelled == 1)

    assert stage.outcome(1) is Outcome.LEFT
