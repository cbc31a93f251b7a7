"""The world of a person chatting with one bot, or with two."""

from collections import Counter
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from chateval.dialogue import Speaker
from chateval.worlds import (
    Ask,
    AskBot,
    AskForConsent,
    AskForRatings,
    AskForSubmission,
    AskPerson,
    BotFailed,
    Consented,
    Event,
    Finished,
    Left,
    ModelChatScript,
    ModelChatWorld,
    Outcome,
    Question,
    Rated,
    Spoke,
    Submitted,
    TimedOut,
)

QUESTIONS = (Question("rating_1", "How was it?"),)


def script(bots: tuple[str, ...] = ("a",), *, minimum: int = 2, seed: int = 0) -> ModelChatScript:
    return ModelChatScript(bots=bots, minimum_turns=minimum, questions=QUESTIONS, seed=seed)


def diligent(ask: Ask) -> Event:
    """Someone who does what is asked, and stops as soon as they may."""
    match ask:
        case AskForConsent():
            return Consented()
        case AskPerson(may_finish=True):
            return Finished()
        case AskPerson() | AskBot():
            return Spoke(f"line of {type(ask).__name__}")
        case AskForRatings(questions=questions):
            return Rated({question.id: 4 for question in questions})
        case AskForSubmission():
            return Submitted()


def play(world: ModelChatWorld, *, but: dict[int, Event] | None = None) -> tuple[list[Ask], Outcome]:
    """Play to the end; `but` replaces the answer to the n-th ask. Returns the asks and the outcome."""
    going, asks, numbers = world.play(), [], count()
    answer: Event | None = None
    while True:
        try:
            command = going.send(answer)
        except StopIteration as end:
            return asks, end.value
        answer = None
        if isinstance(command, Ask):
            asks.append(command)
            answer = (but or {}).get(next(numbers)) or diligent(command)


def test_a_dialogue_alternates_from_the_opening_to_the_bot_s_last_word() -> None:
    """Labels sit on odd turns: a bot's turn at an even index would be labelled as a person's."""
    world = ModelChatWorld(script(minimum=3))

    _, outcome = play(world)

    assert outcome is Outcome.COMPLETED
    assert [turn.speaker for turn in world.turns(0)] == [Speaker.USER, Speaker.SYSTEM] * 4


def test_nobody_may_finish_before_the_minimum() -> None:
    asks, _ = play(ModelChatWorld(script(minimum=3)))

    assert [ask.may_finish for ask in asks if isinstance(ask, AskPerson)] == [False, False, False, True]


def test_a_pair_is_two_dialogues_each_rated_after_it() -> None:
    asks, outcome = play(ModelChatWorld(script(("a", "b"))))

    assert outcome is Outcome.COMPLETED
    assert [ask.dialogue for ask in asks if isinstance(ask, AskForRatings)] == [0, 1]
    assert {ask.bot for ask in asks if isinstance(ask, AskBot)} == {"a", "b"}


def test_the_order_of_a_pair_is_drawn_from_the_seed() -> None:
    """An order that everyone shares would be a confound in every comparison."""
    orders = Counter(ModelChatWorld(script(("a", "b"), seed=seed)).bots for seed in range(200))

    assert set(orders) == {("a", "b"), ("b", "a")}
    assert min(orders.values()) > 60
    assert ModelChatWorld(script(("a", "b"), seed=3)).bots == ModelChatWorld(script(("a", "b"), seed=3)).bots


@given(at=st.integers(0, 5), event=st.sampled_from([Left(), TimedOut(), BotFailed("broken")]))
def test_leaving_ends_the_session_wherever_it_happens(at: int, event: Event) -> None:
    """A dialogue that someone walked out of must not count toward the quota."""
    _, outcome = play(ModelChatWorld(script()), but={at: event})

    expected = {Left: Outcome.LEFT, TimedOut: Outcome.TIMED_OUT, BotFailed: Outcome.BOT_FAILED}
    assert outcome is expected[type(event)]
