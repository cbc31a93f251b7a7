"""The world of a person labelling dialogues that were held before."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chateval.annotation import Datapoint
from chateval.worlds import (
    Ask,
    AskForConsent,
    AskForLabels,
    AskForSubmission,
    Event,
    Left,
    Outcome,
    ShowDialogue,
    StaticAnnotationScript,
    StaticAnnotationWorld,
    TimedOut,
)

from .players import BETTER, KIND, QUALITY, RIGHT, SKY, WRONG, diligent, keyed, labelled, play, point

POINTS = tuple(point(f"d{number}", KIND, QUALITY) for number in range(3))


def world(*points: Datapoint, seed: int = 0, is_gold: bool = False) -> StaticAnnotationWorld:
    return StaticAnnotationWorld(StaticAnnotationScript(points or POINTS, seed, is_gold=is_gold))


def test_a_dialogue_is_shown_before_it_is_asked_about() -> None:
    played = play(world())

    assert played.outcome is Outcome.COMPLETED
    kinds = [type(command) for command in played.commands]
    assert kinds == [AskForConsent, *[ShowDialogue, AskForLabels] * 3, AskForSubmission]
    asks = [command for command in played.commands if isinstance(command, AskForLabels)]
    assert [(ask.stage, ask.stages, ask.mode, dict(ask.keys)) for ask in asks] == [
        (stage, 3, "label", {}) for stage in (1, 2, 3)
    ]


def test_each_person_meets_the_datapoints_in_an_order_of_their_own() -> None:
    """What comes last is labelled by the weary; that must not be the same dialogue for all."""
    orders = Counter[tuple[str, ...]]()
    for seed in range(200):
        going = world(seed=seed)
        play(going)
        orders[tuple(work.datapoint.dialogue_id for work in going.work if work.datapoint)] += 1

    assert len(orders) == 6
    assert min(orders.values()) > 10


def test_answers_are_written_down_and_do_not_end_the_asking() -> None:
    """The sheet is handed in when its person says so, not when it is full."""
    going = world(point())
    played = play(going, lambda ask: labelled(ask) if isinstance(ask, AskForLabels) else diligent(ask))

    assert len({id(command) for command in played.of(AskForLabels)}) == 1
    assert len(played.of(AskForLabels)) == len(RIGHT) + 1
    [part] = going.work[0].sheet.parts
    assert going.work[0].sheet.answers(part.number)[3] == {"kind_q": ["rude"]}


@given(at=st.integers(0, 4), event=st.sampled_from([Left(), TimedOut()]))
def test_leaving_ends_the_session_wherever_it_happens(at: int, event: Event) -> None:
    """The unit goes to someone else; half a unit must not pass for a whole one."""
    asked = list[Ask]()

    def leaving(ask: Ask) -> list[Event]:
        asked.append(ask)
        return [event] if len(asked) == at + 1 else diligent(ask)

    assert play(world(), leaving).outcome is {Left: Outcome.LEFT, TimedOut: Outcome.TIMED_OUT}[type(event)]


@pytest.mark.parametrize("answers", [RIGHT, WRONG])
def test_a_gold_unit_plays_like_any_other(answers: dict[int, list[str]]) -> None:
    """Whoever could tell one would take care with it alone."""

    def answering(ask: Ask) -> list[Event]:
        return labelled(ask, answers) if isinstance(ask, AskForLabels) else diligent(ask)

    gold = play(world(keyed(), is_gold=True), answering)
    plain = play(world(point("t1")), answering)

    assert [type(one) for one in gold.commands] == [type(one) for one in plain.commands]
    assert gold.of(ShowDialogue) == plain.of(ShowDialogue)
    asks = zip(gold.of(AskForLabels), plain.of(AskForLabels), strict=True)
    assert all((one.sheet.parts, one.keys) == (other.sheet.parts, other.keys) for one, other in asks)
    assert gold.outcome is plain.outcome is Outcome.COMPLETED


def test_a_pair_is_shown_whole_before_its_tasks() -> None:
    going = world(point("d", BETTER, QUALITY, sources=2))
    played = play(going)

    assert [command.dialogue for command in played.of(ShowDialogue)] == [0, 1]
    [ask] = played.of(AskForLabels)
    assert [(part.task.id, part.dialogues) for part in ask.sheet.parts] == [
        ("quality", (0,)),
        ("quality", (1,)),
        ("better", (0, 1)),
    ]
    assert sorted(going.work[0].sources.values()) == [1, 2]


def test_the_checks_of_a_unit_are_all_in_it() -> None:
    checks = (SKY, SKY)
    going = StaticAnnotationWorld(StaticAnnotationScript(POINTS, 0, checks))
    play(going)

    assert sum(len(work.checks) for work in going.work) == 2
