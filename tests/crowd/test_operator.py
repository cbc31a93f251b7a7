"""The operator on a real journal and a real Mephisto database; only the router is left out."""

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest

from chateval.config import Study

from .conftest import small_study
from .stages import Bots, Open


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
