"""A person labels dialogues that were held before, one or several, or two side by side."""

from collections.abc import Sequence

from chateval.annotation import AttentionCheck, Datapoint
from chateval.dialogue import Context, Turn
from chateval.worlds._labelling import Layout
from chateval.worlds._protocol import (
    AskForConsent,
    AskForLabels,
    AskForSubmission,
    Consented,
    LabelWork,
    Outcome,
    Play,
    Script,
    Submitted,
)
from chateval.worlds._steps import EndedError, expect, fill_in


class StaticAnnotationScript(Script, tag="static_annotation", frozen=True):
    """The datapoints of one group. A gold unit is one whose datapoints have keys, and plays no differently."""

    datapoints: tuple[Datapoint, ...]
    seed: int
    checks: tuple[AttentionCheck, ...] = ()
    is_gold: bool = False


class StaticAnnotationWorld:
    bots: tuple[str, ...] = ()

    def __init__(self, script: StaticAnnotationScript) -> None:
        self.script = script
        self.work: list[LabelWork] = []
        self._layout = Layout(script.seed, checks=script.checks)

    def turns(self, dialogue: int) -> Sequence[Turn]:
        raise IndexError(dialogue)

    def context(self, dialogue: int) -> Context:
        raise IndexError(dialogue)

    def opening(self, dialogue: int) -> Sequence[Turn]:
        raise IndexError(dialogue)

    def play(self) -> Play:
        datapoints = self._layout.shuffled(self.script.datapoints)
        try:
            expect(Consented, (yield AskForConsent()))
            for stage, datapoint in enumerate(datapoints, start=1):
                shown, work = self._layout.of(datapoint, "label")
                self.work.append(work)
                yield from shown
                yield from fill_in(AskForLabels(work.sheet, "label", stage, len(datapoints)))
            expect(Submitted, (yield AskForSubmission()))
        except EndedError as ended:
            return ended.outcome
        return Outcome.COMPLETED
