"""The world of a training, and the onboarding before a first chat."""

from collections.abc import Sequence

from chateval.annotation import Value
from chateval.worlds import (
    Ask,
    AskForLabels,
    AskForVerdict,
    AskPerson,
    Event,
    Judged,
    Labelled,
    LabelsDone,
    Left,
    ModelChatScript,
    ModelChatWorld,
    OnboardingScript,
    Outcome,
    ScreeningScript,
    ScreeningWorld,
    ShowDialogue,
    ShowFeedback,
)

from .players import KEYS, KIND, RIGHT, SECRET, SKY, WRONG, Played, diligent, keyed, labelled, play

TRAINING = ScreeningScript((keyed("t1", allowed_mistakes=2), keyed("t2")), seed=0)


def corrected(ask: AskForLabels) -> list[Event]:
    """What someone sends who puts turn 3 right."""
    [part] = ask.sheet.parts
    return [Labelled(part.number, 3, "kind_q", RIGHT[3]), LabelsDone()]


def train(answers: Sequence[dict[int, Value]], *, is_passed: bool = True) -> Played:
    """Go through the training with these answers to its dialogues, and put right what was wrong."""
    left = list(answers)

    def person(ask: Ask) -> list[Event]:
        match ask:
            case AskForLabels(mode="practice"):
                return labelled(ask, left.pop(0))
            case AskForLabels(mode="correction"):
                return corrected(ask)
            case AskForVerdict():
                return [Judged(is_passed)]
        return diligent(ask)

    return play(ScreeningWorld(TRAINING), person)


def test_each_dialogue_is_practised_then_told_about_then_corrected() -> None:
    """Feedback before the answers would be the key; without a correction nobody would read it."""
    played = train([dict(RIGHT), dict(WRONG)])
    steps = [
        command.mode if isinstance(command, AskForLabels) else type(command).__name__
        for at, command in enumerate(played.commands)
        if command is not played.commands[at - 1]
    ]

    of_one = ["ShowDialogue", "practice", "ShowFeedback", "correction"]
    assert steps == ["AskForConsent", *of_one, *of_one, "AskForVerdict"]


def test_feedback_says_turn_by_turn_what_is_right_and_why() -> None:
    feedback = [command for command in train([dict(WRONG), dict(RIGHT)]).commands if isinstance(command, ShowFeedback)]

    assert [one.mistakes for one in feedback] == [1, 0]
    assert [(turn.turn, turn.is_right, turn.explanation) for turn in feedback[0].grade.turns] == [
        (1, True, SECRET),
        (3, False, SECRET),
        (5, True, SECRET),
    ]
    assert feedback[0].grade.turns[1].alternatives == KEYS[3].alternatives


def test_the_verdict_is_on_what_was_answered_before_the_feedback() -> None:
    """After it, everybody has everything right."""
    [ask] = train([dict(WRONG), dict(RIGHT)]).of(AskForVerdict)

    assert isinstance(ask, AskForVerdict)
    assert [(grade.mistakes, grade.allowed_mistakes) for grade in ask.grades] == [(1, 2), (0, 0)]


def test_the_verdict_decides_how_a_training_ends() -> None:
    right = [dict(RIGHT), dict(RIGHT)]

    assert train(right).outcome is Outcome.QUALIFIED
    assert train(right, is_passed=False).outcome is Outcome.NOT_QUALIFIED


def test_the_keys_come_with_the_correction_alone() -> None:
    """They are what the correction is held against; at any other time nobody needs them."""
    asks = train([dict(RIGHT), dict(RIGHT)]).of(AskForLabels)

    assert {ask.mode for ask in asks if isinstance(ask, AskForLabels) and ask.keys} == {"correction"}


def test_leaving_a_training_is_no_failure() -> None:
    """The place goes to someone else, and whoever left may come back."""
    played = play(
        ScreeningWorld(TRAINING),
        lambda ask: [Left()] if isinstance(ask, AskForLabels) and ask.mode == "correction" else diligent(ask),
    )

    assert played.outcome is Outcome.LEFT


# Onboarding


def chat(attempts: int) -> ModelChatWorld:
    onboarding = OnboardingScript((keyed("o1"), keyed("o2")), attempts)
    return ModelChatWorld(
        ModelChatScript(("bot",), 1, (), 0, offline_tasks=((KIND,),), checks=(SKY,), onboarding=onboarding)
    )


def onboard(world: ModelChatWorld, *verdicts: bool) -> Played:
    left = list(verdicts)
    return play(world, lambda ask: [Judged(left.pop(0))] if isinstance(ask, AskForVerdict) else _with_a_mistake(ask))


def _with_a_mistake(ask: Ask) -> list[Event]:
    is_practice = isinstance(ask, AskForLabels) and ask.mode == "practice"
    return labelled(ask, WRONG) if is_practice else diligent(ask)


def test_whoever_passes_the_onboarding_goes_on_to_chat() -> None:
    played = onboard(chat(attempts=3), False, True)

    assert played.outcome is Outcome.COMPLETED
    assert len(played.of(AskForVerdict)) == 2
    assert played.commands.index(played.of(AskPerson)[0]) > played.commands.index(played.of(AskForVerdict)[1])


def test_an_onboarding_failed_as_often_as_one_may_ends_the_session() -> None:
    played = onboard(chat(attempts=2), False, False)

    assert (played.outcome, played.of(AskPerson)) == (Outcome.NOT_QUALIFIED, [])


def test_between_attempts_nobody_is_told_the_answers() -> None:
    """The same dialogues come again."""
    feedback = onboard(chat(attempts=2), False, True).of(ShowFeedback)

    assert [(one.mistakes, one.grade.turns) for one in feedback if isinstance(one, ShowFeedback)] == [(1, ())] * 2


def test_each_attempt_has_sheets_and_numbers_of_its_own() -> None:
    """Else the answers of the first attempt would stand in the second."""
    world = chat(attempts=2)
    played = onboard(world, False, True)

    parts = [part.number for work in world.work for part in work.sheet.parts]
    dialogues = [command.dialogue for command in played.of(ShowDialogue) if isinstance(command, ShowDialogue)]
    assert (len(parts), len(set(parts))) == (5, 5)
    assert dialogues == [1, 2, 3, 4]
    assert [work.purpose for work in world.work] == ["onboarding"] * 4 + ["chat"]


def test_the_attention_checks_of_a_chat_are_not_spent_on_its_onboarding() -> None:
    world = chat(attempts=1)
    onboard(world, True)

    assert [len(work.checks) for work in world.work] == [0, 0, 1]
