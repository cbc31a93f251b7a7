"""Contexts out of ParlAI's tasks, from data on this machine."""

from dataclasses import replace
from pathlib import Path

import pytest

from chateval.config import BotRuntime
from chateval.dialogue import Context, Speaker, Turn
from chateval.errors import ConfigError
from chateval.openings._drawing import MOST_CONTEXTS, draw_contexts

from .parlai_data import HOBBIES, JOBS, TOPIC


@pytest.fixture(scope="module")
def drawn(runtime: BotRuntime) -> tuple[Context, ...]:
    return draw_contexts("blended_skill_talk", runtime)


def test_blended_skill_talk_gives_two_personas_and_two_utterances(drawn: tuple[Context, ...]) -> None:
    """The person is the one whom ParlAI calls partner: the bot is `your persona`, and has the second utterance."""
    for context in drawn:
        assert set(context.person_persona) < set(JOBS)
        assert set(context.bot_persona) < set(HOBBIES)
        assert [turn.speaker for turn in context.turns] == [Speaker.USER, Speaker.SYSTEM]
    assert {context.dataset for context in drawn} == {"convai2", "empathetic_dialogues", "wizard_of_wikipedia"}


def test_a_topic_goes_with_the_persona_that_it_belongs_to(drawn: tuple[Context, ...]) -> None:
    """ParlAI tells a bot the topic, and of the other data sets nothing but the personas."""
    for context in drawn:
        of_wizard = context.dataset == "wizard_of_wikipedia"
        assert context.background == (TOPIC if of_wizard else "")
        assert HOBBIES[1] in context.bot_persona or not of_wizard


def test_contexts_differ_and_are_the_same_each_time(drawn: tuple[Context, ...], runtime: BotRuntime) -> None:
    """What a session began with can be told by an id, whichever machine drew it."""
    assert len({replace(context, id="") for context in drawn}) == len(drawn) == MOST_CONTEXTS
    assert drawn[9].id == "blended_skill_talk/10"
    assert draw_contexts("blended_skill_talk", runtime) == drawn


def test_any_task_gives_what_its_dialogues_begin_with(runtime: BotRuntime) -> None:
    """Of the first set of its data that there is; each once."""
    assert draw_contexts("internal:trips", runtime) == (
        Context(
            id="internal:trips/1",
            person_persona=("I am lost.",),
            bot_persona=("I am a guide.",),
            background="A dark wood.",
            turns=(Turn(Speaker.USER, "Where am I?"), Turn(Speaker.SYSTEM, "Near the mill.")),
            dataset="internal:trips",
        ),
        Context(id="internal:trips/2", turns=(Turn(Speaker.SYSTEM, "Shall we go?"),), dataset="internal:trips"),
        Context(
            id="internal:trips/3",
            turns=(Turn(Speaker.USER, "Is it far?"), Turn(Speaker.SYSTEM, "Two miles.")),
            dataset="internal:trips",
        ),
    )


def test_what_a_task_says_of_a_situation_is_what_both_know(runtime: BotRuntime) -> None:
    first = draw_contexts("empathetic_dialogues", runtime)[0]

    assert first.background == "my dog ran away, day 0"
    assert first.turns[0] == Turn(Speaker.USER, "My dog is gone 0")


@pytest.mark.parametrize(
    ("task", "told"),
    [
        ("internal:loading", r"http://parl.ai/words.tgz belongs into .*Words, unpacked, with the file .built"),
        ("internal:outdated", "holds another version of it than ParlAI 1.7.2 reads"),
        ("internal:broken", "RuntimeError: the third line is no JSON. Look at its data in"),
        ("internal:needy", "there is no module a_package_that_is_nowhere"),
        ("internal:empty", "has no dialogue to begin with"),
        ("internal:nowhere", "there is no module parlai_internal.tasks.nowhere"),
    ],
)
def test_what_keeps_a_task_from_being_used_is_said(runtime: BotRuntime, task: str, told: str) -> None:
    """In one paragraph, at once, and with nothing downloaded or removed."""
    with pytest.raises(ConfigError, match=told):
        draw_contexts(task, runtime)
    assert (runtime.datapath / "ConvAI2" / ".built").is_file()


def test_data_lies_where_override_opt_says(runtime: BotRuntime, tmp_path: Path) -> None:
    """Labs keep ParlAI's data in one place for everybody."""
    elsewhere = replace(runtime, datapath=tmp_path, override_opt={"datapath": str(runtime.datapath)})

    assert draw_contexts("empathetic_dialogues", elsewhere)
