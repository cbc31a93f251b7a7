"""What follows from wording that is not acceptable: the researcher is told, and the worker is kept out."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from time import time

import pytest

from chateval.config import Opening, Study, WordingChecks
from chateval.crowd._scripts import script_for
from chateval.crowd._standings import has_violations
from chateval.dialogue import GREETINGS_CHECK, USUAL_CHECKS, Context, Speaker, Turn
from chateval.session import Session, collected_sessions
from chateval.worlds import ModelChatScript, Submitted

from .conftest import small_study
from .stages import Open, Stage

BLOCK = "careless"
SEEDED = Context(id="c", turns=(Turn(Speaker.USER, "DARN IT"), Turn(Speaker.SYSTEM, "Oh no!")))
FOUND = "under_min_length"
CAREFUL = "I would like to hear more about that."


def checked(folder: Path, *names: str, opening: Opening | None = None, needed: str = "listener:3") -> Study:
    """All that is usual without `names`, with a list of one word."""
    settings = (
        f"mephisto.blueprint.block_qualification={BLOCK}",
        f"mephisto.blueprint.chat_data_folder={folder}/chats",
    )
    study = small_study(folder, *settings, "mephisto.task.maximum_units_per_worker=0", needed=needed)
    assert study.collection is not None
    wording = WordingChecks(names or None, ("darn",))
    collection = replace(study.collection, wording=wording, opening=opening or study.collection.opening)
    return replace(study, collection=collection)


async def chat(stage: Stage, connection: int, worker: str, text: str, *, is_submitted: bool = True) -> str:
    """Hold a session of one turn, to its end or short of it; returns how joining went."""
    reason = await stage.join(connection, worker, f"link {connection}")
    if reason != "joined":
        return reason
    stage.send(connection, kind="consent", id="c")
    await stage.person_is_asked(connection, 0)
    stage.send(connection, kind="say", id="m", dialogue=0, text=text)
    await stage.person_is_asked(connection, 1)
    stage.send(connection, kind="finish", id="f", dialogue=0)
    await stage.asked(connection, "ratings_asked")
    stage.send(connection, kind="answer", id="a", dialogue=0, answers={"rating_1": 3})
    await stage.asked(connection, "submission_asked")
    if is_submitted:
        stage.send(connection, kind="submit", id="s", comment="")
        await stage.asked(connection, "ended")
    return reason


async def settled(stage: Stage) -> None:
    while stage.operator._tasks:
        await next(iter(stage.operator._tasks))


async def test_whoever_writes_carelessly_is_paid_and_kept_out(
    open_stage: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Told at the time, since a study of one's own making may be what people stumble over."""
    async with open_stage(checked(tmp_path)) as stage:
        with caplog.at_level(logging.WARNING):
            assert await chat(stage, 1, "careless worker", "ok") == "joined"
        await settled(stage)

        assert f"What was typed in {stage.record(1).session_id}-0 is not acceptable: {FOUND}" in caplog.text
        assert "careless worker" not in caplog.text
        assert stage.updates(1)[-1]["outcome"] == "completed"
        assert stage.progress().done == 1
        assert await chat(stage, 2, "careless worker", CAREFUL) == "blocked"
        assert await chat(stage, 3, "careful worker", CAREFUL) == "joined"
        await settled(stage)
        assert await chat(stage, 4, "careful worker", CAREFUL) == "joined"


async def test_a_kill_before_it_is_recorded_lets_nobody_slip_through(open_stage: Open, tmp_path: Path) -> None:
    """The journal has the session's end, and Mephisto's record has not: the next start grants what is due."""
    study = checked(tmp_path)
    async with open_stage(study) as stage:
        await chat(stage, 1, "W", "ok", is_submitted=False)
        await stage.operator.close()
        await submit_in_journal(stage, 1)
        run_id = stage.run_id

    async with open_stage(study, run_id=run_id) as stage:
        await settled(stage)

        assert await chat(stage, 2, "W", CAREFUL) == "blocked"


async def submit_in_journal(stage: Stage, connection: int) -> None:
    """Commit a session's last event, as whoever is killed right after it does."""
    record, journal = stage.record(connection), stage.operator._run.journal
    session = Session.replay(record, journal.entries(record.session_id))
    committed = asyncio.Event()
    journal.append(session.next_entry(Submitted(), time()), lambda _: committed.set())
    await committed.wait()


async def test_what_was_found_is_in_the_export_and_in_mephisto_s_record(open_stage: Open, tmp_path: Path) -> None:
    async with open_stage(checked(tmp_path)) as stage:
        await chat(stage, 1, "W", "OK DARN")
        await settled(stage)
        journal = stage.operator._run.journal
        [collected] = collected_sessions(journal, stage.operator._run.study.task.name)

    assert collected.dialogues[0].violations == (FOUND, "too_much_all_caps", "unsafe:1")
    [path] = (tmp_path / "chats").glob("*/*.json")
    assert f'"{FOUND},too_much_all_caps,unsafe:1"' in path.read_text()
    [data] = tmp_path.rglob("agent_data.json")
    assert f"{FOUND},too_much_all_caps,unsafe:1" in data.read_text()


@pytest.mark.parametrize("opening", [None, Opening("seeds.jsonl", (SEEDED,), 1, includes_persona=False)])
async def test_openings_are_nobody_s_fault(open_stage: Open, tmp_path: Path, opening: Opening | None) -> None:
    """What the study put there is not typed by anyone: neither hi, nor a seed in capitals with a bad word in it."""
    async with open_stage(checked(tmp_path, opening=opening)) as stage:
        await chat(stage, 1, "W", CAREFUL)

        [session] = [
            Session.replay(*history) for history in stage.operator._run.journal.histories(task_name=_name(stage))
        ]
        assert session.violations(0) == ()


def _name(stage: Stage) -> str:
    return str(stage.operator._run.study.task.name)


async def test_without_checks_nothing_is_looked_at(open_stage: Open, tmp_path: Path) -> None:
    study = small_study(tmp_path)
    async with open_stage(study) as stage:
        await chat(stage, 1, "W", "ok")

        [(record, entries)] = stage.operator._run.journal.histories(task_name=study.task.name)
        session = Session.replay(record, entries)
        assert session.violations(0) is None
        assert not has_violations(session)


@pytest.mark.parametrize(
    ("names", "context", "expected"),
    [
        ((), None, USUAL_CHECKS),
        ((), SEEDED, (*USUAL_CHECKS, GREETINGS_CHECK)),
        ((), Context(id="x", background="Rain."), USUAL_CHECKS),
        (("min_words",), SEEDED, ("min_words",)),
    ],
)
def test_greetings_count_where_the_dialogue_has_begun(
    tmp_path: Path, names: tuple[str, ...], context: Context | None, expected: tuple[str, ...]
) -> None:
    """Whoever greets in the middle has not read what was said before; whoever begins, begins politely."""
    study = checked(tmp_path, *names, opening=Opening("contexts.jsonl", (), 1, includes_persona=False))
    script = script_for(study, "listener", "s1", context=context)

    assert isinstance(script, ModelChatScript)
    assert script.acceptability is not None
    assert script.acceptability.checks == expected
