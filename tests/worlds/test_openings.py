"""What a chat begins with, who speaks first, and which turns are then to be labelled."""

from typing import Literal

import pytest
from msgspec.structs import replace

from chateval.annotation import TurnTask
from chateval.dialogue import Context, Picture, Speaker, Turn
from chateval.worlds import (
    AskBot,
    AskForLabels,
    AskPerson,
    ModelChatScript,
    ModelChatWorld,
    OpenDialogue,
    Say,
    ShowTurnToLabel,
)

from .players import KIND, play

USER, SYSTEM = Speaker.USER, Speaker.SYSTEM
SEEDS = (Turn(USER, "My dog ran away."), Turn(SYSTEM, "Oh no!"))
PERSONAS = Context(id="p", person_persona=("I row.",), bot_persona=("I bake.",), background="A fair.")
PICTURE = Context(id="i", picture=Picture("i", "i.png"))


def world(
    *contexts: Context,
    opening: Literal["hi", "context"] = "context",
    online: TurnTask | None = None,
    offline: tuple[TurnTask, ...] = (),
) -> ModelChatWorld:
    bots = ("a", "b")[: max(1, len(contexts))]
    script = ModelChatScript(bots, minimum_turns=2, questions=(), seed=0, opening=opening, contexts=contexts)
    return ModelChatWorld(replace(script, online_task=online, offline_tasks=(offline,)))


def order(chat: ModelChatWorld) -> str:
    """Who had their turn, or was shown as having had it, from the beginning: `p` or `b`, seeds in capitals."""
    played = play(chat).of(Say, AskBot, AskPerson)
    letters = {AskBot: "b", AskPerson: "p"}
    return "".join(
        ("P" if one.turn.speaker is USER else "B") if isinstance(one, Say) else letters[type(one)] for one in played
    )


@pytest.mark.parametrize(
    ("chat", "expected"),
    [
        (world(opening="hi"), "Pbpbpbp"),
        (world(PERSONAS, opening="hi"), "Pbpbpbp"),
        (world(Context(turns=SEEDS)), "PBpbpbp"),
        (world(Context(turns=SEEDS), opening="hi"), "PBpbpbp"),
        (world(Context(turns=SEEDS[:1])), "Pbpbpbp"),
        (world(Context(turns=SEEDS[1:])), "Bpbpbp"),
        (world(PERSONAS), "pbpbp"),
        (world(PICTURE, opening="hi"), "bpbpbp"),
    ],
    ids=["hi", "hi with personas", "seeds", "seeds before hi", "person's seed", "bot's seed", "no turns", "picture"],
)
def test_whoever_is_due_after_the_opening_goes_on(chat: ModelChatWorld, expected: str) -> None:
    """Two turns of one speaker in a row are what no bot was made for; of pictures, bots speak first in ParlAI."""
    assert order(chat) == expected


def test_what_is_said_before_is_part_of_the_dialogue_and_nobody_s_turn() -> None:
    """The bot answers to it, and a minimum of two turns stays two turns of one's own."""
    chat = world(Context(turns=SEEDS))

    asks = play(chat).of(AskPerson)

    assert list(chat.turns(0)[:2]) == list(chat.opening(0)) == list(SEEDS)
    assert [ask.turns_taken for ask in asks if isinstance(ask, AskPerson)] == [0, 1, 2]


def test_each_dialogue_is_opened_with_its_context() -> None:
    opened = play(world(PERSONAS, Context(turns=SEEDS))).of(OpenDialogue)

    assert [show.context for show in opened if isinstance(show, OpenDialogue)] == [PERSONAS, Context(turns=SEEDS)]


@pytest.mark.parametrize(
    ("context", "labelled"),
    [(Context(turns=SEEDS), (3, 5)), (Context(turns=SEEDS[1:]), (2, 4)), (PERSONAS, (1, 3)), (PICTURE, (0, 2, 4))],
    ids=["seeds", "bot's seed", "no turns", "picture"],
)
def test_labels_are_of_what_the_bot_said_here_during_the_chat_and_after_it(
    context: Context, labelled: tuple[int, ...]
) -> None:
    """A seed is no work of the bot's: labelling it would put a human's words to its account."""
    during = world(context, online=KIND)
    after = world(context, offline=(KIND,))

    shown = play(during).of(ShowTurnToLabel)
    [asked] = play(after).of(AskForLabels)

    assert tuple(show.turn for show in shown if isinstance(show, ShowTurnToLabel)) == labelled
    assert isinstance(asked, AskForLabels)
    assert asked.sheet.parts[0].turns == labelled
    assert all(after.turns(0)[turn].speaker is SYSTEM for turn in labelled)
