"""A person chats with one bot, or with two in turn without knowing which is which."""

import random
from collections.abc import Generator, Sequence
from typing import Literal, TypeVar

from chateval.dialogue import Speaker, Turn
from chateval.worlds._protocol import (
    AskBot,
    AskForConsent,
    AskForRatings,
    AskForSubmission,
    AskPerson,
    BotFailed,
    Command,
    Consented,
    Event,
    Finished,
    Left,
    OpenDialogue,
    Outcome,
    Play,
    Question,
    Rated,
    Say,
    Script,
    Spoke,
    Submitted,
    TimedOut,
)

HI = "Hi!"

E = TypeVar("E", bound=Event)


class ModelChatScript(Script, tag="model_chat", frozen=True):
    """What a `ModelChatWorld` plays: one dialogue for each bot, in an order drawn from the seed."""

    bots: tuple[str, ...]
    minimum_turns: int
    questions: tuple[Question, ...]
    seed: int
    opening: Literal["hi"] = "hi"


class _EndedError(Exception):
    """Ends the play from within a dialogue; never leaves this module."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class ModelChatWorld:
    def __init__(self, script: ModelChatScript) -> None:
        self.script = script
        self.bots = _in_random_order(script.bots, script.seed)
        self._dialogues: list[list[Turn]] = [[] for _ in self.bots]

    def turns(self, dialogue: int) -> Sequence[Turn]:
        return self._dialogues[dialogue]

    def play(self) -> Play:
        try:
            _expect(Consented, (yield AskForConsent()))
            for dialogue in range(len(self.bots)):
                yield from self._chat(dialogue)
                if self.script.questions:
                    _expect(Rated, (yield AskForRatings(dialogue, self.script.questions)))
            _expect(Submitted, (yield AskForSubmission()))
        except _EndedError as ended:
            return ended.outcome
        return Outcome.COMPLETED

    def _chat(self, dialogue: int) -> Generator[Command, Event | None, None]:
        turns = self._dialogues[dialogue]
        minimum = self.script.minimum_turns
        yield OpenDialogue(dialogue, minimum)
        hello = Turn(Speaker.USER, HI)
        turns.append(hello)
        yield Say(dialogue, hello)
        taken = 0
        while True:
            reply = _expect(Spoke, (yield AskBot(dialogue, self.bots[dialogue], taken)))
            turns.append(Turn(Speaker.SYSTEM, reply.text))
            answer = yield AskPerson(dialogue, taken, may_finish=taken >= minimum)
            if isinstance(answer, Finished):
                return
            turns.append(Turn(Speaker.USER, _expect(Spoke, answer).text))
            taken += 1


def _in_random_order(bots: tuple[str, ...], seed: int) -> tuple[str, ...]:
    order = list(bots)
    random.Random(seed).shuffle(order)  # noqa: S311  (a draw to be repeated, not a secret)
    return tuple(order)


def _expect(kind: type[E], event: Event | None) -> E:
    """Return the event that was asked for, or end the play as any other says."""
    match event:
        case kind():
            return event
        case Left():
            raise _EndedError(Outcome.LEFT)
        case TimedOut():
            raise _EndedError(Outcome.TIMED_OUT)
        case BotFailed():
            raise _EndedError(Outcome.BOT_FAILED)
        case _:
            raise TypeError(f"{event!r} does not answer what was asked for, a {kind.__name__}.")
