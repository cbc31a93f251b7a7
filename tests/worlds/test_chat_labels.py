"""Labels that go with a chat: given while it goes on, and after it."""

from collections import Counter

import pytest

from chateval.annotation import Selector, TurnTask, selected_turns
from chateval.worlds import (
    Ask,
    AskBot,
    AskForLabels,
    AskPerson,
    Event,
    Labelled,
    ModelChatScript,
    ModelChatWorld,
    OpenDialogue,
    OpenLabels,
    Outcome,
    Say,
    ShowTurnToLabel,
    check_results,
)

from .players import BETTER, KIND, MOOD, QUALITY, SKY, diligent, play


def online(task: TurnTask = KIND, bots: tuple[str, ...] = ("a",), turns: int = 2) -> ModelChatWorld:
    return ModelChatWorld(ModelChatScript(bots, turns, (), 0, online_task=task, offline_tasks=((),) * len(bots)))


def offline(seed: int = 0) -> ModelChatWorld:
    tasks = ((KIND, QUALITY), (MOOD,))
    return ModelChatWorld(ModelChatScript(("a", "b"), 1, (), seed, offline_tasks=tasks, pair_tasks=(BETTER,)))


@pytest.mark.parametrize("selector", ["odd", "even", "all", "all_skip_first"])
def test_every_turn_that_is_to_be_labelled_is_put_on_the_sheet_as_it_is_said(selector: Selector) -> None:
    """Labels are given while the memory is fresh, and each to the turn that it is about."""
    world = online(TurnTask(id="t", questions=KIND.questions, turns=selector))
    played = play(world)

    [part] = world.work[0].sheet.parts
    assert part.turns == selected_turns(selector, len(world.turns(0)))
    assert part.texts == {turn: world.turns(0)[turn].text for turn in part.turns}
    assert [command.turn for command in played.of(ShowTurnToLabel)] == list(part.turns)


def test_a_label_takes_nobody_s_turn() -> None:
    """Whoever is asked, person or bot, is still asked after it."""

    def labelling(ask: Ask) -> list[Event]:
        parts = ask.sheet.parts if isinstance(ask, AskPerson | AskBot) and ask.sheet else ()
        given = [Labelled(part.number, turn, "kind_q", ["kind"]) for part in parts for turn in part.turns]
        return [*given, *diligent(ask)]

    world, without = online(), online()
    played = play(world, labelling)

    assert played.outcome is Outcome.COMPLETED
    assert list(world.turns(0)) == list(play(without) and without.turns(0))
    asked = [(ask.turns_taken, type(ask)) for ask in played.of(AskPerson, AskBot)]
    assert list(dict.fromkeys(asked)) == [(turn, kind) for turn in range(3) for kind in (AskBot, AskPerson)]
    assert world.work[0].sheet.answers(0) == {turn: {"kind_q": ["kind"]} for turn in (1, 3, 5)}


def test_each_dialogue_of_a_pair_has_a_sheet_of_its_own() -> None:
    world = online(bots=("a", "b"))
    played = play(world)

    assert [[part.dialogues for part in work.sheet.parts] for work in world.work] == [[(0,)], [(1,)]]
    order = [type(command) for command in played.of(OpenDialogue, OpenLabels, Say)]
    assert order == [OpenDialogue, OpenLabels, Say] * 2


def test_labels_after_a_chat_come_dialogue_by_dialogue_and_the_comparison_last() -> None:
    """With both dialogues side by side, once both are known."""
    world = offline()
    played = play(world)

    asks = [ask for ask in played.of(AskForLabels) if isinstance(ask, AskForLabels)]
    assert [[(part.task.id, part.dialogues) for part in ask.sheet.parts] for ask in asks[:2]] == [
        [("kind", (0,)), ("quality", (0,))],
        [("mood", (1,))],
    ]
    [comparison] = asks[2].sheet.parts
    assert (comparison.task.id, set(comparison.dialogues)) == ("better", {0, 1})
    assert [(ask.stage, ask.stages) for ask in asks] == [(1, 3), (2, 3), (3, 3)]
    assert played.commands.index(asks[0]) < played.commands.index(played.of(OpenDialogue)[1])


def test_the_turns_of_a_chat_are_labelled_as_they_were_said() -> None:
    world = offline()
    play(world)

    part = world.work[0].sheet.parts[0]
    assert part.texts == {turn: world.turns(0)[turn].text for turn in (1, 3)}


def test_the_sides_of_two_chats_are_drawn_from_the_seed() -> None:
    """Else the first dialogue would always be on the left."""
    sides = Counter[tuple[int, ...]]()
    for seed in range(100):
        world = offline(seed)
        play(world)
        sides[world.work[-1].sheet.parts[0].dialogues] += 1

    assert sides.keys() == {(0, 1), (1, 0)}
    assert min(sides.values()) > 30


def test_numbers_of_parts_are_unique_over_a_whole_session() -> None:
    script = ModelChatScript(
        ("a", "b"), 1, (), 0, online_task=MOOD, offline_tasks=((KIND, QUALITY), (KIND,)), pair_tasks=(BETTER,)
    )
    world = ModelChatWorld(script)
    play(world)

    numbers = [part.number for work in world.work for part in work.sheet.parts]
    assert len(set(numbers)) == len(numbers) == 6


@pytest.mark.parametrize("seed", range(20))
def test_an_attention_check_while_chatting_is_on_a_turn_that_is_sure_to_come(seed: int) -> None:
    """Where a study labels only during the chat, its checks must be somewhere too."""
    world = ModelChatWorld(ModelChatScript(("a",), 2, (), seed, online_task=KIND, checks=(SKY,)))
    played = play(world)

    [work] = world.work
    [placed] = work.checks
    assert placed.turn in [command.turn for command in played.of(ShowTurnToLabel)]
    work.sheet.put(placed.part, placed.turn, placed.question, "blue")
    assert list(check_results(work).values()) == [True]
    asked = [turn for turn, answers in work.sheet.answers(placed.part).items() if placed.question in answers]
    assert asked == [placed.turn]
