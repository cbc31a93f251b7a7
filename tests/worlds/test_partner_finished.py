"""A chat that the person behind the bot has finished."""

import pytest

from chateval.worlds import (
    Ask,
    AskBot,
    AskForLabels,
    AskForRatings,
    AskPerson,
    Event,
    ModelChatScript,
    ModelChatWorld,
    Outcome,
    PartnerFinished,
    Question,
    Spoke,
)

from .players import KIND, QUALITY, Played, diligent, play

QUESTIONS = (Question("rating_1", "How was it?"),)


def played(script: ModelChatScript, turns: int = 1) -> tuple[ModelChatWorld, Played]:
    """To the end, with a partner who finishes each dialogue after so many turns of theirs."""
    world = ModelChatWorld(script)

    def person(ask: Ask) -> list[Event]:
        match ask:
            case AskBot(turns_taken=taken) if taken >= turns:
                return [PartnerFinished()]
            case AskPerson():
                return [Spoke("and then?")]
        return diligent(ask)

    return world, play(world, person)


def test_the_questions_follow_as_if_one_had_finished_oneself() -> None:
    """The dialogue is long enough for both: what was said is rated and labelled, and nobody is asked to speak."""
    world, result = played(ModelChatScript(("peer",), 1, QUESTIONS, 0, offline_tasks=((QUALITY,),)))

    assert result.outcome is Outcome.COMPLETED
    assert [turn.text for turn in world.turns(0)] == ["Hi!", "line of AskBot", "and then?"]
    assert [len(result.of(kind)) for kind in (AskPerson, AskForRatings, AskForLabels)] == [1, 1, 1]


def test_the_other_dialogue_of_a_pair_is_held_all_the_same() -> None:
    world, result = played(ModelChatScript(("peer", "bot"), 1, QUESTIONS, 0))

    assert result.outcome is Outcome.COMPLETED
    assert [len(world.turns(dialogue)) for dialogue in (0, 1)] == [3, 3]
    assert len(result.of(AskForRatings)) == 2


@pytest.mark.parametrize("turns", [1, 4])
def test_what_was_labelled_meanwhile_stands(turns: int) -> None:
    """The partner's end takes nothing away from the sheet, and adds no turn to it."""
    world, result = played(ModelChatScript(("peer",), 1, (), 0, online_task=KIND), turns)
    [work] = world.work

    assert result.outcome is Outcome.COMPLETED
    assert list(work.sheet.parts[0].turns) == list(range(1, 2 * turns, 2))
