"""What sessions of a study begin with, from the operator's places to what is kept of them."""

import asyncio
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from chateval.bots import Reply, Request, Watch
from chateval.config import Opening, Study
from chateval.crowd._launch import Observer, run_study
from chateval.crowd._openings import drawn_context
from chateval.crowd._scripts import script_for
from chateval.dialogue import Context, Speaker, Turn
from chateval.errors import ConfigError
from chateval.worlds import ModelChatScript

from .conftest import small_study
from .labelling import chat_study
from .stages import Bots, Open, Stage

SEEDS = (Turn(Speaker.USER, "My dog ran away."), Turn(Speaker.SYSTEM, "Oh no!"))
WHOLE = Context(
    id="c0", person_persona=("I row.",), bot_persona=("I bake.",), background="Tulips", turns=SEEDS, dataset="wizard"
)
CONTEXTS = (WHOLE, *(replace(WHOLE, id=f"c{number}") for number in range(1, 4)))


class Listening(Bots):
    """Keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []

    async def reply(self, bot_name: str, request: Request, watch: Watch) -> Reply:
        self.requests.append(request)
        return await super().reply(bot_name, request, watch)


def opened(study: Study, mode: str = "contexts.jsonl", *, includes_persona: bool = True, task: str = "") -> Study:
    assert study.collection is not None
    opening = Opening(mode, CONTEXTS, seed=1, includes_persona=includes_persona, task=task)
    return replace(study, collection=replace(study.collection, opening=opening))


def given(study: Study, context: Context | None = WHOLE) -> Context | None:
    script = script_for(study, next(iter(quota.name for quota in study.quotas)), "s1", context=context)
    assert isinstance(script, ModelChatScript)
    return next(iter(script.contexts), None)


def context_id(stage: Stage, connection: int) -> str:
    script = stage.record(connection).script
    assert isinstance(script, ModelChatScript)
    return script.contexts[0].id


async def test_each_context_is_used_once_before_any_is_used_again(open_stage: Open, tmp_path: Path) -> None:
    """Also by people who all come at once."""
    async with open_stage(opened(small_study(tmp_path, needed="listener:4,examplebot:4"))) as stage:
        await asyncio.gather(*(stage.join(number, f"W{number}") for number in range(8)))

        assert Counter(context_id(stage, number) for number in range(8)) == dict.fromkeys(["c0", "c1", "c2", "c3"], 2)


async def test_a_run_that_goes_on_knows_what_was_used(open_stage: Open, tmp_path: Path) -> None:
    study = opened(small_study(tmp_path, needed="listener:4"))
    async with open_stage(study) as stage:
        await asyncio.gather(*(stage.join(number, f"W{number}") for number in range(3)))
        used, run_id = {context_id(stage, number) for number in range(3)}, stage.run_id

    async with open_stage(study, run_id=run_id) as stage:
        await stage.join(9, "W9")

        assert used | {context_id(stage, 9)} == {"c0", "c1", "c2", "c3"}


async def test_the_page_and_the_bot_are_told_each_their_part(open_stage: Open, tmp_path: Path) -> None:
    bots = Listening()
    async with open_stage(opened(small_study(tmp_path)), bots) as stage:
        await stage.join(1, "W1")
        stage.send(1, kind="consent", id="c")
        await stage.person_is_asked(1, 0)
        shown = [update for update in stage.updates(1) if update["kind"] in {"dialogue_opened", "turn"}]
        stage.send(1, kind="say", id="m", dialogue=0, text="hello")
        await stage.person_is_asked(1, 1)

    assert (shown[0]["persona"], shown[0]["background"]) == (["I row."], "Tulips")
    assert [(turn["speaker"], turn["text"]) for turn in shown[1:]] == [
        ("user", SEEDS[0].text),
        ("system", SEEDS[1].text),
    ]
    [request] = bots.requests
    assert request.context.bot_persona == ("I bake.",)
    assert list(request.turns)[:3] == [*SEEDS, Turn(Speaker.USER, "hello")]


async def test_what_a_dialogue_began_with_goes_into_its_transcript(open_stage: Open, tmp_path: Path) -> None:
    """Under the names that ParlAI's own scripts read."""
    study = small_study(tmp_path, f"mephisto.blueprint.chat_data_folder={tmp_path}/chats", needed="listener:1")
    async with open_stage(opened(study)) as stage:
        await stage.join(1, "W1")
        await stage.do_everything(1)
    [path] = (tmp_path / "chats").glob("*/*.json")
    written = json.loads(path.read_text())

    assert written["personas"] == [["I row."], ["I bake."]]
    assert (written["context_dataset"], written["additional_context"]) == ("wizard", "Tulips")
    assert [written[f"person{seat}_seed_utterance"] for seat in (1, 2)] == [turn.text for turn in SEEDS]
    assert [line.get("fake_start", False) for line in written["dialog"]] == [True, True, False, False]
    assert written["acceptability_violations"] == [None]


def test_both_dialogues_of_a_pair_begin_alike(tmp_path: Path) -> None:
    """Two bots that are compared are met on the same ground."""
    script = script_for(opened(_pairs(tmp_path)), "listener|examplebot", "s1", context=WHOLE)

    assert isinstance(script, ModelChatScript)
    assert script.contexts == (WHOLE, WHOLE)


def _pairs(folder: Path) -> Study:
    return small_study(folder, "mephisto.blueprint.num_bots=2", needed="listener|examplebot:2")


def test_without_personas_the_topic_that_goes_with_them_is_left_out_too(tmp_path: Path) -> None:
    """ParlAI tells a bot neither; a background that belongs to the dialogue is told."""
    study = opened(small_study(tmp_path), includes_persona=False, task="blended_skill_talk")

    assert given(study) == Context(id="c0", turns=SEEDS, dataset="wizard")
    own = replace(WHOLE, dataset="blended_skill_talk")
    assert given(study, own) == replace(own, person_persona=(), bot_persona=())
    assert given(opened(small_study(tmp_path), includes_persona=False)) == replace(
        WHOLE, person_persona=(), bot_persona=()
    )


def test_whoever_says_hi_has_said_nothing_before(tmp_path: Path) -> None:
    """As in ParlAI: with hi, the personas are taken, and the utterances are not."""
    assert given(opened(small_study(tmp_path), "hi")) == replace(WHOLE, turns=())


def test_a_study_without_contexts_has_scripts_without_them(tmp_path: Path) -> None:
    assert given(small_study(tmp_path), None) is None
    assert given(chat_study(tmp_path), None) is None


def test_under_mephisto_s_own_operator_a_unit_always_has_the_same_context(tmp_path: Path) -> None:
    """It opens a unit twice, and what others have had it does not know."""
    study = opened(small_study(tmp_path))
    drawn = [drawn_context(study, f"1/{number}") for number in range(50)]

    assert drawn == [drawn_context(study, f"1/{number}") for number in range(50)]
    assert len(set(drawn)) == len(CONTEXTS)
    assert drawn_context(small_study(tmp_path), "1/1") is None


class Silent:
    """Watches a launch that must come to nothing."""

    def launching(self, study: Study) -> None: ...

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"The launch has gone on: {name}")


def test_a_task_that_gives_no_contexts_ends_the_launch_before_anyone_can_come(tmp_path: Path) -> None:
    """In one paragraph, with nothing recorded: neither a run nor a place that somebody is paid for."""
    study = small_study(tmp_path / "data")
    assert study.collection is not None
    opening = Opening("internal:nowhere", (), 1, includes_persona=False, task="internal:nowhere")
    lacking = replace(study, collection=replace(study.collection, opening=opening))

    with pytest.raises(ConfigError, match="there is no module"):
        run_study(lacking, cast("Observer", Silent()))
    assert not list((tmp_path / "data").glob("*.db"))
