"""Dialogues with known answers: a training of its own, and an onboarding before the first real work."""

from collections.abc import Generator, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from chateval.annotation import Datapoint, Grade, grade
from chateval.dialogue import Context, Turn
from chateval.worlds._labelling import Layout, keys_of
from chateval.worlds._protocol import (
    AskForConsent,
    AskForLabels,
    AskForVerdict,
    Command,
    Consented,
    Event,
    Judged,
    LabelWork,
    Outcome,
    Play,
    Script,
    ShowFeedback,
)
from chateval.worlds._steps import EndedError, expect, fill_in


class OnboardingScript(Struct, frozen=True):
    """Dialogues that are labelled before the first real work, and how often one may try."""

    datapoints: tuple[Datapoint, ...]
    attempts: int


class ScreeningScript(Script, tag="screening", frozen=True):
    """A training: dialogue after dialogue with feedback, then a verdict."""

    datapoints: tuple[Datapoint, ...]
    seed: int


class ScreeningWorld:
    bots: tuple[str, ...] = ()

    def __init__(self, script: ScreeningScript) -> None:
        self.script = script
        self.work: list[LabelWork] = []
        self._layout = Layout(script.seed)

    def turns(self, dialogue: int) -> Sequence[Turn]:
        raise IndexError(dialogue)

    def context(self, dialogue: int) -> Context:
        raise IndexError(dialogue)

    def opening(self, dialogue: int) -> Sequence[Turn]:
        raise IndexError(dialogue)

    def play(self) -> Play:
        try:
            expect(Consented, (yield AskForConsent()))
            grades = yield from self._train()
            verdict = expect(Judged, (yield AskForVerdict(tuple(grades))))
        except EndedError as ended:
            return ended.outcome
        return Outcome.QUALIFIED if verdict.is_passed else Outcome.NOT_QUALIFIED

    def _train(self) -> Generator[Command, Event | None, list[Grade]]:
        grades: list[Grade] = []
        stages = len(self.script.datapoints)
        for stage, datapoint in enumerate(self.script.datapoints, start=1):
            shown, work = self._layout.of(datapoint, "training")
            self.work.append(work)
            yield from shown
            yield from fill_in(AskForLabels(work.sheet, "practice", stage, stages))
            graded = grade_of(work)
            grades.extend(graded.values())
            for part, one in graded.items():
                yield ShowFeedback(part, one, one.mistakes)
            yield from fill_in(AskForLabels(work.sheet, "correction", stage, stages, keys_of(work)))
        return grades


class _Working(Protocol):
    """A world that onboards."""

    work: list[LabelWork]


def onboard(world: _Working, layout: Layout, script: OnboardingScript) -> Generator[Command, Event | None, bool]:
    """Have someone try until they pass; between attempts they learn how many mistakes there were, and no answers."""
    stages = len(script.datapoints)
    for _ in range(script.attempts):
        grades: list[Grade] = []
        mistakes: dict[int, int] = {}
        for stage, datapoint in enumerate(script.datapoints, start=1):
            shown, work = layout.of(datapoint, "onboarding")
            world.work.append(work)
            yield from shown
            yield from fill_in(AskForLabels(work.sheet, "practice", stage, stages))
            graded = grade_of(work)
            grades.extend(graded.values())
            mistakes |= {part: one.mistakes for part, one in graded.items()}
        if expect(Judged, (yield AskForVerdict(tuple(grades)))).is_passed:
            return True
        for part, number in mistakes.items():
            yield ShowFeedback(part, Grade(()), number)
    return False


def grade_of(work: LabelWork) -> dict[int, Grade]:
    """The grade of each part that has keys, as the answers stand."""
    tasks = {part.number: part.task for part in work.sheet.parts}
    allowed = work.datapoint.allowed_mistakes if work.datapoint is not None else None
    return {
        part: replace(grade(tasks[part], work.sheet.answers(part), keys), allowed_mistakes=allowed)
        for part, keys in keys_of(work).items()
    }
