"""A study of pictures through the operator: who is shown what, over restarts, other bots and other machines."""

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest

from chateval.config import Study, load_study, project_root
from chateval.crowd._image_stack import with_image_stack
from chateval.errors import ConfigError
from chateval.pictures import STACK_FILE, picture_of, read_contexts, read_stack, short_id
from chateval.session import JOURNAL_FILE, SqlJournal, collected_sessions
from chateval.worlds import ModelChatScript

from ..pictures.drawn import picture_folder  # noqa: TID252  (draws what those tests do)
from .stages import Bots, Open, Stage

COLOURS = ("red", "green", "blue")
KEY = "mephisto.blueprint."


def picture_study(data_dir: Path, *overrides: str, bots: str = "listener:9,examplebot:9") -> Study:
    folder = data_dir.parent / "pictures"
    if not folder.exists():
        picture_folder(folder, *COLOURS)
    return load_study(
        [
            "conf=image_chat",
            f"data_dir={data_dir}",
            f"{KEY}image_context_path={folder / 'contexts'}",
            f"{KEY}model_opt_path={project_root() / 'task_config' / 'model_opts.yaml'}",
            f'{KEY}conversations_needed_string="{bots}"',
            f"{KEY}evals_per_image_model_combo=1",
            f"{KEY}num_turns=1",
            f"{KEY}final_rating_question='How was it?'",
            "mephisto.task.allowed_concurrent=0",
            *overrides,
        ],
        check_port=False,
    )


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def open_stage(data_dir: Path) -> Open:
    from .stages import opener  # noqa: PLC0415  (in the folder of this study's data)

    data_dir.mkdir()
    return opener(data_dir)


def keep(stage: Stage) -> None:
    stack = stage.operator._run.stack
    assert stack is not None
    stack.keep()


async def finish_one(stage: Stage, worker: str) -> str:
    """Come and do a whole session; returns its condition, or why there was none."""
    connection, reason = await stage.come(worker)
    if reason != "joined":
        return reason
    await stage.do_everything(connection)
    return stage.record(connection).condition


async def test_each_picture_meets_each_bot_once(open_stage: Open, data_dir: Path) -> None:
    async with open_stage(picture_study(data_dir)) as stage:
        done = [await finish_one(stage, f"W{number}") for number in range(7)]

        assert stage.operator.is_complete
    assert len(set(done[:6])) == 6
    assert done[6] == "no_places"


async def test_nobody_is_shown_a_picture_twice(open_stage: Open, data_dir: Path) -> None:
    """Not with another bot, not when they come with several links at once, not in another run of the task."""
    study = picture_study(data_dir)
    async with open_stage(study) as stage:
        answers = await asyncio.gather(*(stage.come("W") for _ in range(5)))

        shown = [picture_of(stage.record(number).condition) for number, reason in answers if reason == "joined"]
        assert (len(shown), len(set(shown))) == (3, 3)
        assert Counter(reason for _, reason in answers)["no_new_picture"] == 2
    async with open_stage(study) as stage:
        assert await finish_one(stage, "W") == "no_new_picture"


async def test_the_page_is_sent_the_picture_and_the_bot_begins(open_stage: Open, data_dir: Path) -> None:
    """Nobody has said hi: as in ParlAI, the partner says something about the picture first."""
    async with open_stage(picture_study(data_dir)) as stage:
        connection, _ = await stage.come("W")
        stage.send(connection, kind="consent", id="c")
        await stage.person_is_asked(connection, 0)

        [opened] = [update for update in stage.updates(connection) if update["kind"] == "dialogue_opened"]
        turns = [(one["speaker"], one["text"]) for one in stage.updates(connection) if one["kind"] == "turn"]
        assert opened["picture"]["source"].startswith("data:image/png;base64,")
        assert opened["picture"]["caption"].startswith("A white square on ")
        assert turns == [("system", "Look at that!")]


async def test_a_picture_that_was_left_goes_to_someone_else(open_stage: Open, data_dir: Path) -> None:
    async with open_stage(picture_study(data_dir, f"{KEY}num_conversations=1")) as stage:
        connection, _ = await stage.come("W1")
        left = stage.record(connection).condition
        stage.send(connection, kind="leave", id="l")
        await stage.asked(connection, "ended")

        assert await finish_one(stage, "W1") == "no_new_picture"
        assert await finish_one(stage, "W2") == left


async def test_a_bot_that_fails_takes_nothing_from_a_combination(open_stage: Open, data_dir: Path) -> None:
    study = picture_study(data_dir, f"{KEY}num_conversations=1")
    async with open_stage(study, Bots(fail=True)) as stage:
        connection, _ = await stage.come("W1")
        stage.send(connection, kind="consent", id="c")
        await stage.asked(connection, "ended")
        async with asyncio.timeout(10):
            while not any(progress.waiting for progress in stage.operator.progress()):
                await asyncio.sleep(0.002)

        assert not stage.operator.is_complete
        assert stage.record(connection).condition in {one.condition for one in stage.operator.progress()}


async def test_a_run_that_was_killed_goes_on_with_its_stack(open_stage: Open, data_dir: Path) -> None:
    study = picture_study(data_dir)
    async with open_stage(study) as stage:
        first = [await finish_one(stage, "W1"), await finish_one(stage, "W2")]
        held, _ = await stage.come("W3")
        under_way, run_id = stage.record(held).condition, stage.run_id
    async with open_stage(study, run_id=run_id) as stage:
        rest = [await finish_one(stage, f"N{number}") for number in range(4)]

    conditions = [*first, under_way, *rest]
    assert len(set(conditions[:6])) == 6
    assert conditions[6] == "no_places"


async def test_counts_hold_when_the_bots_are_others(open_stage: Open, data_dir: Path) -> None:
    """A better bot that comes later meets all pictures; the one that stays meets those that it lacks."""
    async with open_stage(picture_study(data_dir, bots="listener:9")) as stage:
        before = [await finish_one(stage, "W1"), await finish_one(stage, "W1")]
    async with open_stage(picture_study(data_dir)) as stage:
        needed = {progress.condition for progress in stage.operator.progress()}

        assert len(needed) == 4
        assert needed.isdisjoint(before)
        only = await finish_one(stage, "W1")
        assert picture_of(only) not in set(map(picture_of, before))


async def test_a_study_that_has_everything_is_not_launched(open_stage: Open, data_dir: Path) -> None:
    """It would serve a page on which nobody could do anything."""
    study = picture_study(data_dir, bots="listener:9")
    async with open_stage(study) as stage:
        for number in range(3):
            await finish_one(stage, f"W{number}")
    journal = SqlJournal(data_dir / JOURNAL_FILE)

    with pytest.raises(ConfigError, match="nothing is left to be collected"):
        with_image_stack(study, journal)

    journal.close()


async def test_a_stack_folder_tells_another_machine(open_stage: Open, data_dir: Path, tmp_path: Path) -> None:
    """What was collected there is not collected here, and who saw a picture there is not shown it here."""
    from .stages import opener  # noqa: PLC0415  (a second data directory)

    shared = f"{KEY}stack_folder={tmp_path / 'stack'}"
    async with open_stage(picture_study(data_dir, shared, bots="listener:9")) as stage:
        there = await finish_one(stage, "W1")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with opener(elsewhere)(picture_study(elsewhere, shared)) as stage:
        assert there not in {progress.condition for progress in stage.operator.progress()}
        here = [await finish_one(stage, "W1") for _ in range(3)]

    assert picture_of(there) not in set(map(picture_of, here))
    assert here[2] == "no_new_picture"
    stack = json.loads((tmp_path / "stack" / STACK_FILE).read_text())
    assert sum(len(looks) for partners in stack["combinations"].values() for looks in partners.values()) == 3


async def test_two_studies_may_share_a_stack_while_both_run(open_stage: Open, data_dir: Path, tmp_path: Path) -> None:
    """Neither drops what the other has written; and who has seen a picture with one is not shown it by the other."""
    from .stages import opener  # noqa: PLC0415  (a second data directory)

    shared, elsewhere = f"{KEY}stack_folder={tmp_path / 'stack'}", tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with (
        open_stage(picture_study(data_dir, shared)) as one,
        opener(elsewhere)(picture_study(elsewhere, shared)) as other,
    ):
        there = await finish_one(one, "W1")
        keep(one)
        await finish_one(other, "W2")
        keep(other)
        here = [await finish_one(other, "W1") for _ in range(3)]

    assert picture_of(there) not in set(map(picture_of, here))
    assert here[2] == "no_new_picture"
    assert len(read_stack(tmp_path / "stack")) == 4


async def test_a_pair_of_bots_talks_about_the_same_picture(open_stage: Open, data_dir: Path) -> None:
    """Or the two could not be compared."""
    study = picture_study(data_dir, f"{KEY}num_bots=2", bots="listener|examplebot:9")
    async with open_stage(study) as stage:
        connection, _ = await stage.come("W")

        script = stage.record(connection).script
        assert isinstance(script, ModelChatScript)
        first, second = script.contexts
        assert first.picture == second.picture
        assert first.picture is not None


async def test_what_was_talked_about_is_with_what_was_collected(open_stage: Open, data_dir: Path) -> None:
    study = picture_study(data_dir)
    async with open_stage(study) as stage:
        condition = await finish_one(stage, "W")
    journal = SqlJournal(data_dir / JOURNAL_FILE)

    [session] = collected_sessions(journal, "image_chat")

    journal.close()
    picture = session.dialogues[0].context.picture
    assert picture is not None
    assert short_id(picture.id) == picture_of(condition)
    assert picture.id in {one.id for one in read_contexts(data_dir.parent / "pictures" / "contexts").contexts}
