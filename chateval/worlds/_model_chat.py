"""A person chats with one bot, or with two in turn without knowing which is which, and may label what was said."""

import random
from collections.abc import Generator, Sequence
from typing import Literal

from chateval.annotation import AttentionCheck, Sheet, Task, TurnTask, selected_turns
from chateval.dialogue import Acceptability, Context, Speaker, Turn
from chateval.worlds._labelling import Layout
from chateval.worlds._protocol import (
    AskBot,
    AskForConsent,
    AskForLabels,
    AskForRatings,
    AskForSubmission,
    AskPerson,
    Command,
    Consented,
    Event,
    Finished,
    Labelled,
    LabelWork,
    OpenDialogue,
    OpenLabels,
    Outcome,
    PartnerFinished,
    Play,
    Question,
    Rated,
    Say,
    Script,
    ShowTurnToLabel,
    Spoke,
    Submitted,
)
from chateval.worlds._steps import EndedError, expect, fill_in
from chateval.worlds._training import OnboardingScript, onboard

HI = Turn(Speaker.USER, "Hi!")


class ModelChatScript(Script, tag="model_chat", frozen=True):
    """What a `ModelChatWorld` plays: one dialogue for each bot, in an order drawn from the seed."""

    bots: tuple[str, ...]
    minimum_turns: int
    questions: tuple[Question, ...]
    seed: int
    opening: Literal["hi", "context"] = "hi"
    """What there is where a context has no turns: the person is shown as having said hi, or nothing."""
    contexts: tuple[Context, ...] = ()
    """What each dialogue begins with, by its position; none where there is nothing."""
    acceptability: Acceptability | None = None
    """How the wording of what the person types is looked at, if it is."""
    online_task: TurnTask | None = None
    """Done turn by turn while a dialogue goes on."""
    offline_tasks: tuple[tuple[Task, ...], ...] = ()
    """Done after each dialogue, by its position."""
    pair_tasks: tuple[Task, ...] = ()
    """Done when both dialogues are over, with both side by side."""
    checks: tuple[AttentionCheck, ...] = ()
    onboarding: OnboardingScript | None = None


class ModelChatWorld:
    def __init__(self, script: ModelChatScript) -> None:
        self.script = script
        self.bots = _in_random_order(script.bots, script.seed)
        self.work: list[LabelWork] = []
        self._dialogues: list[list[Turn]] = [[] for _ in self.bots]
        self._layout = Layout(script.seed, len(self.bots), script.checks, self._said_turns_to_label)

    def turns(self, dialogue: int) -> Sequence[Turn]:
        return self._dialogues[dialogue]

    def context(self, dialogue: int) -> Context:
        return next(iter(self.script.contexts[dialogue : dialogue + 1]), Context())

    def opening(self, dialogue: int) -> Sequence[Turn]:
        """The turns that nobody has said: the context's; else hi, unless a picture or the study has it otherwise."""
        context = self.context(dialogue)
        if context.turns or context.picture is not None or self.script.opening == "context":
            return context.turns
        return (HI,)

    def play(self) -> Play:
        try:
            expect(Consented, (yield AskForConsent()))
            onboarding = self.script.onboarding
            if onboarding is not None and not (yield from onboard(self, self._layout, onboarding)):
                return Outcome.NOT_QUALIFIED
            for dialogue in range(len(self.bots)):
                yield from self._chat(dialogue)
                if self.script.questions:
                    expect(Rated, (yield AskForRatings(dialogue, self.script.questions)))
                if any(self.script.offline_tasks[dialogue : dialogue + 1]):
                    yield from self._label(self.script.offline_tasks[dialogue], (dialogue,), stage=dialogue + 1)
            if self.script.pair_tasks:
                order = list(range(len(self.bots)))
                random.Random(f"{self.script.seed} sides").shuffle(order)  # noqa: S311
                yield from self._label(self.script.pair_tasks, tuple(order), stage=len(self.bots) + 1)
            expect(Submitted, (yield AskForSubmission()))
        except EndedError as ended:
            return ended.outcome
        return Outcome.COMPLETED

    def _chat(self, dialogue: int) -> Generator[Command, Event | None, None]:
        minimum = self.script.minimum_turns
        yield OpenDialogue(dialogue, minimum, self.context(dialogue))
        online = self._online(dialogue)
        if online is not None:
            yield OpenLabels(online)
        for turn in self.opening(dialogue):
            yield Say(dialogue, self._said(dialogue, turn.speaker, turn.text))
            yield from self._to_label(dialogue, online)
        taken, is_bot_due = 0, self._is_bot_first(dialogue)
        while True:
            if is_bot_due:
                reply = yield from self._meanwhile(AskBot(dialogue, self.bots[dialogue], taken, online))
                if isinstance(reply, PartnerFinished):
                    return
                self._said(dialogue, Speaker.SYSTEM, expect(Spoke, reply).text)
                yield from self._to_label(dialogue, online)
            answer = yield from self._meanwhile(AskPerson(dialogue, taken, taken >= minimum, online))
            if isinstance(answer, Finished):
                return
            self._said(dialogue, Speaker.USER, expect(Spoke, answer).text)
            yield from self._to_label(dialogue, online)
            taken, is_bot_due = taken + 1, True

    def _is_bot_first(self, dialogue: int) -> bool:
        """Whether the bot goes on from the opening. Of a picture it speaks first, as in ParlAI's chats about images."""
        opening = self.opening(dialogue)
        if not opening:
            return self.context(dialogue).picture is not None
        return opening[-1].speaker is Speaker.USER

    def _meanwhile(self, ask: AskBot | AskPerson) -> Generator[Command, Event | None, Event | None]:
        """Ask for a turn, and let earlier ones be labelled until it comes."""
        while isinstance(answer := (yield ask), Labelled) and ask.sheet is not None:
            ask.sheet.put(answer.part, answer.turn, answer.question, answer.value)
        return answer

    def _said(self, dialogue: int, speaker: Speaker, text: str) -> Turn:
        turn = Turn(speaker, text)
        self._dialogues[dialogue].append(turn)
        return turn

    def _online(self, dialogue: int) -> Sheet | None:
        task = self.script.online_task
        if task is None:
            return None
        sure = len(self.opening(dialogue)) + self._is_bot_first(dialogue) + 2 * self.script.minimum_turns
        self.work.append(self._layout.online(task, dialogue, self._turns_to_label(task, dialogue, sure)))
        return self.work[-1].sheet

    def _said_turns_to_label(self, task: TurnTask, dialogue: int) -> tuple[int, ...]:
        return self._turns_to_label(task, dialogue, len(self._dialogues[dialogue]))

    def _turns_to_label(self, task: TurnTask, dialogue: int, count: int) -> tuple[int, ...]:
        """Which of `count` turns a task is about: none of a context's, which nobody here has said.

        Tasks count from a person's turn; where the bot begins, one is thought to stand before it.
        """
        opening = self.opening(dialogue)
        bot_begins = opening[0].speaker is Speaker.SYSTEM if opening else self._is_bot_first(dialogue)
        numbers = (number - bot_begins for number in selected_turns(task.turns, count + bot_begins))
        return tuple(number for number in numbers if number >= len(self.context(dialogue).turns))

    def _to_label(self, dialogue: int, sheet: Sheet | None) -> Generator[Command, Event | None, None]:
        """Put the turn that was just said onto the sheet, if it is one of those to be labelled."""
        task = self.script.online_task
        if sheet is None or task is None:
            return
        turns = self._dialogues[dialogue]
        last = len(turns) - 1
        if last in self._said_turns_to_label(task, dialogue):
            [part] = sheet.parts
            sheet.add_turn(part.number, last, turns[last].text)
            yield ShowTurnToLabel(part.number, last)

    def _label(
        self, tasks: tuple[Task, ...], dialogues: tuple[int, ...], stage: int
    ) -> Generator[Command, Event | None, None]:
        numbered = [(dialogue, self._dialogues[dialogue]) for dialogue in dialogues]
        work = self._layout.work(tasks, numbered, "chat")
        self.work.append(work)
        stages = len(self.bots) + bool(self.script.pair_tasks)
        yield from fill_in(AskForLabels(work.sheet, "label", stage, stages))


def _in_random_order(bots: tuple[str, ...], seed: int) -> tuple[str, ...]:
    order = list(bots)
    random.Random(seed).shuffle(order)  # noqa: S311  (a draw to be repeated, not a secret)
    return tuple(order)
