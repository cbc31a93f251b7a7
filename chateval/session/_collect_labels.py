"""From the events of a session to its labels, with the time that each turn took."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from chateval.analysis import CollectedLabels, TurnTimes
from chateval.annotation import Part, Task, Value
from chateval.dialogue import Turn
from chateval.session._record import Entry
from chateval.session._session import Session
from chateval.worlds import (
    AskBot,
    AskForLabels,
    AskPerson,
    Labelled,
    LabelsDone,
    LabelWork,
    Outcome,
    StaticAnnotationScript,
    TimeSpent,
    check_results,
    grade_of,
)

Answers = Mapping[int | None, Mapping[str, Value]]
Place = tuple[int, int | None]
"""A part and a turn."""


@dataclass
class LabelCollector:
    """Follows a session from entry to entry; `note` each before the session applies it."""

    session: Session
    _seconds: dict[Place, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0, 0.0]))
    _answered_at: dict[tuple[int, int | None, str], float] = field(default_factory=dict)
    _graded: dict[int, Answers] = field(default_factory=dict)
    _are_right: dict[int, dict[int | None, bool]] = field(default_factory=dict)
    _handed_in: set[int] = field(default_factory=set)

    def note(self, entry: Entry) -> None:
        match entry.event:
            case Labelled(part=part, turn=turn, question=question, spent=spent):
                if not self._is_correcting:
                    self._answered_at[part, turn, question] = entry.at
                self._note_times(spent)
            case LabelsDone(spent=spent):
                self._note_times(spent)
                self._note_handed_in()

    def collected(self) -> tuple[CollectedLabels, ...]:
        return tuple(labels for work in self.session.work for labels in self._of(work))

    @property
    def _is_correcting(self) -> bool:
        """Whether answers are being put right that were handed in, and that count as they were."""
        return isinstance(self.session.ask, AskForLabels) and self.session.ask.mode == "correction"

    def _note_times(self, spent: tuple[TimeSpent, ...]) -> None:
        for one in spent:
            seconds = self._seconds[one.part, one.turn]
            seconds[0] += one.active_seconds
            seconds[1] += one.idle_seconds

    def _note_handed_in(self) -> None:
        ask = self.session.ask
        if not isinstance(ask, AskForLabels) or self._is_correcting:
            return
        work = next(work for work in self.session.work if work.sheet is ask.sheet)
        for part in ask.sheet.parts:
            self._handed_in.add(part.number)
            self._graded[part.number] = ask.sheet.answers(part.number)
        for number, grade in grade_of(work).items():
            self._are_right[number] = {turn.turn: turn.is_right for turn in grade.turns}

    def _of(self, work: LabelWork) -> Iterator[CollectedLabels]:
        script = self.session.record.script
        for part in work.sheet.parts:
            number = part.number
            names = {placed.question: placed.check.question.id for placed in work.checks if placed.part == number}
            answers = self._graded.get(number) or work.sheet.answers(number)
            turns = self._turns(work, part)
            yield CollectedLabels(
                part=number,
                purpose=work.purpose,
                task=_with_own_names(part.task, names),
                group_id=work.datapoint.group_id if work.datapoint is not None else "",
                dialogue_ids=tuple(self._dialogue_id(work, dialogue) for dialogue in part.dialogues),
                sources=tuple(work.sources.get(dialogue, 1) for dialogue in part.dialogues),
                bots=tuple(self._bot(work, dialogue) for dialogue in part.dialogues),
                turns=part.turns,
                texts={turn: turns[turn].text for turn in part.turns},
                speakers={turn: turns[turn].speaker.value for turn in part.turns},
                answers={
                    turn: {names.get(name, name): value for name, value in given.items()}
                    for turn, given in answers.items()
                },
                answered_at={
                    (turn, names.get(name, name)): at
                    for (of_part, turn, name), at in self._answered_at.items()
                    if of_part == number
                },
                times={turn: TurnTimes(*seconds) for (of, turn), seconds in self._seconds.items() if of == number},
                is_submitted=number in self._handed_in or (work.purpose == "chat" and self._is_over(work)),
                is_gold=isinstance(script, StaticAnnotationScript) and script.is_gold,
                are_right=self._are_right.get(number, {}),
                checks={
                    placed.check.question.id: (placed.turn, is_right)
                    for placed, is_right in check_results(work).items()
                    if placed.part == number
                },
            )

    def _is_over(self, work: LabelWork) -> bool:
        """Whether what is labelled while a dialogue goes on, or after it, is asked for no longer."""
        if self.session.outcome is not None:
            return self.session.outcome is Outcome.COMPLETED
        ask = self.session.ask
        return not (isinstance(ask, AskPerson | AskBot | AskForLabels) and ask.sheet is work.sheet)

    def _dialogue_id(self, work: LabelWork, dialogue: int) -> str:
        return self.session.dialogue_id(dialogue) if work.datapoint is None else work.datapoint.dialogue_id

    def _bot(self, work: LabelWork, dialogue: int) -> str:
        return self.session.bots[dialogue] if work.datapoint is None else ""

    def _turns(self, work: LabelWork, part: Part) -> tuple[Turn, ...]:
        dialogue = part.dialogues[0]
        if work.datapoint is None:
            return tuple(self.session.turns(dialogue))
        source = work.sources.get(dialogue, 1)
        return next(one.turns for one in work.datapoint.dialogues if one.source == source)


def _with_own_names(task: Task, names: Mapping[str, str]) -> Task:
    """The task, its attention checks under the names that the researcher gave them."""
    questions = tuple(replace(each, id=names.get(each.id, each.id)) for each in task.questions)
    return replace(task, questions=questions) if names else task
