"""People as each other's partners, by way of the operator: places, records, and a restart in between."""

import asyncio
from pathlib import Path

import pytest

from chateval.bots import Desk, build_bots, terms_of
from chateval.config import Study
from chateval.session import JOURNAL_FILE, SqlJournal, collected_sessions

from .conftest import small_study
from .stages import Open, Stage

PEOPLE = "peer: {kind: human}\n"


@pytest.fixture
def people(tmp_path: Path) -> Study:
    """A study of four places whose only bot is another participant."""
    path = tmp_path / "people.yaml"
    path.write_text(PEOPLE)
    return small_study(tmp_path, f"mephisto.blueprint.model_opt_path={path}", needed="peer:4")


def desk(study: Study) -> Desk:
    return Desk(build_bots(study.bots, study.bot_runtime), terms_of(study.bots))


async def arrive(stage: Stage, worker: str) -> int:
    connection, answer = await stage.come(worker)
    assert answer == "joined"
    stage.send(connection, kind="consent", id="c")
    return connection


async def take_part(stage: Stage, connection: int, after: int = 0) -> str:
    """Do what is asked of one, finishing as soon as one may; returns how it ended."""
    while True:
        asked = await stage.next_ask(connection, after)
        after = asked["seq"]
        match asked:
            case {"kind": "turn_asked", "seat": "person", "may_finish": True}:
                stage.send(connection, kind="finish", id=f"m{after}", dialogue=0)
            case {"kind": "turn_asked", "seat": "person"}:
                stage.send(connection, kind="say", id=f"m{after}", dialogue=0, text=f"{connection} says this")
            case {"kind": "ratings_asked"}:
                stage.send(connection, kind="answer", id=f"m{after}", dialogue=0, answers={"rating_1": 4})
            case {"kind": "submission_asked"}:
                stage.send(connection, kind="submit", id=f"m{after}", comment="")
            case {"kind": "ended", "outcome": outcome}:
                return str(outcome)


async def test_two_workers_fill_two_places_and_their_dialogues_name_one_another(
    open_stage: Open, people: Study, tmp_path: Path
) -> None:
    async with open_stage(people, desk(people)) as stage:
        one, other = await arrive(stage, "W1"), await arrive(stage, "W2")
        ends = await asyncio.gather(take_part(stage, one), take_part(stage, other))
        assert (ends, stage.progress("peer").done) == (["completed", "completed"], 2)
    journal = SqlJournal(tmp_path / JOURNAL_FILE, asyncio.get_running_loop())
    dialogues = [session.dialogues[0] for session in collected_sessions(journal, people.task.name)]
    journal.close()

    assert [one.partner_dialogue_id for one in dialogues] == [one.dialogue_id for one in reversed(dialogues)]


async def test_one_who_leaves_is_replaced_and_so_is_the_one_who_was_left(open_stage: Open, people: Study) -> None:
    """The study gets its four whole dialogues all the same."""
    async with open_stage(people, desk(people)) as stage:
        first, second = await arrive(stage, "W1"), await arrive(stage, "W2")
        leader = await asked_to_speak(stage, first, second)
        other = second if leader == first else first
        stage.send(leader, kind="say", id="m", dialogue=0, text="Must go.")
        await asked_to_speak(stage, other)
        stage.send(leader, kind="leave", id="l")
        await stage.asked(leader, "ended")
        assert await take_part(stage, other) == "bot_failed"
        others = await arrive(stage, "W3"), await arrive(stage, "W4")
        assert [*await asyncio.gather(*(take_part(stage, one) for one in others))] == ["completed"] * 2
        async with asyncio.timeout(5):
            while stage.progress("peer").waiting < 2:
                await asyncio.sleep(0.002)

        ended = stage.progress("peer")
        assert (ended.done, ended.abandoned, ended.failed, ended.active) == (2, 1, 1, 0)


async def test_the_last_place_is_not_given_to_someone_whom_nobody_can_meet(open_stage: Open, people: Study) -> None:
    """One of a pair goes away in the questions: who came for that place would wait in vain and be paid."""
    async with open_stage(people, desk(people)) as stage:
        for names in (("W1", "W2"), ("W3", "W4")):
            pair = [await arrive(stage, name) for name in names]
            await asyncio.gather(*(to_ratings(stage, connection) for connection in pair))
            if "W4" in names:
                leaver = pair.pop()
                stage.send(leaver, kind="leave", id="l")
                await stage.asked(leaver, "ended")
            assert {await take_part(stage, connection) for connection in pair} == {"completed"}
        assert (stage.progress("peer").done, stage.progress("peer").waiting) == (3, 1)

        assert (await stage.come("W5"))[1] == "no_places"


async def test_a_pair_finds_itself_again_in_a_study_that_was_killed(open_stage: Open, people: Study) -> None:
    async with open_stage(people, desk(people)) as stage:
        first, second = await arrive(stage, "W1"), await arrive(stage, "W2")
        records = [stage.record(first), stage.record(second)]
        await asked_to_speak(stage, first, second)
        run_id = stage.run_id
    async with open_stage(people, desk(people), run_id) as again:
        stranger = await arrive(again, "W3")
        for connection, record in zip((first, second), records, strict=True):
            again.send(connection, kind="resume", token=record.token, since=0)
        ends = await asyncio.gather(take_part(again, first), take_part(again, second))

        assert ends == ["completed", "completed"]
        assert [u["text"] for u in again.updates(stranger) if u["kind"] == "turn"] == ["Hi!"]


async def to_ratings(stage: Stage, connection: int) -> None:
    """Hold the chat, up to the questions after it."""
    after = 0
    while (asked := await stage.next_ask(connection, after))["kind"] != "ratings_asked":
        after = asked["seq"]
        if (asked.get("seat"), asked.get("may_finish")) == ("person", True):
            stage.send(connection, kind="finish", id=f"m{after}", dialogue=0)
        elif asked.get("seat") == "person":
            stage.send(connection, kind="say", id=f"m{after}", dialogue=0, text=f"{connection} says this")


async def asked_to_speak(stage: Stage, *connections: int) -> int:
    """Wait until it is the turn of one of these; returns whose."""
    async with asyncio.timeout(5):
        while True:
            for connection in connections:
                last = stage.updates(connection)[-1:]
                if last and last[0].get("seat") == "person":
                    return connection
            await asyncio.sleep(0.002)
