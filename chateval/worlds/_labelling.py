"""Dialogues and the tasks on them, laid out for one person: numbers, order, sides, attention checks."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from chateval.annotation import (
    AttentionCheck,
    Datapoint,
    DialogueTask,
    PairTask,
    Part,
    Sheet,
    Task,
    TurnKey,
    TurnTask,
    Value,
    When,
    is_right_answer,
    selected_turns,
    slug,
)
from chateval.dialogue import Turn
from chateval.worlds._protocol import LabelWork, PlacedCheck, Purpose, ShowDialogue

NAMES = ("Kim", "Robin")
"""What the person and the bot of a dialogue that was held before are called."""

_KINDS = (TurnTask, DialogueTask, PairTask)

Numbered = tuple[int, Sequence[Turn]]
"""A dialogue under its number."""

Select = Callable[[TurnTask, int], tuple[int, ...]]
"""Says which turns of a dialogue of the session itself, given by its number, a task is about; not all may count."""


class Layout:
    """Gives dialogues and parts the numbers that they have within a session, and draws what is left to chance."""

    def __init__(
        self,
        seed: int,
        first_dialogue: int = 0,
        checks: tuple[AttentionCheck, ...] = (),
        select: Select | None = None,
    ) -> None:
        self._draw = random.Random(seed)  # noqa: S311  (a draw to be repeated, not a secret)
        self._next_dialogue = first_dialogue
        self._next_part = 0
        self._checks = list(checks)
        self._select = select

    def of(self, datapoint: Datapoint, purpose: Purpose) -> tuple[tuple[ShowDialogue, ...], LabelWork]:
        """How a datapoint is shown, and the work on it. Which dialogue of a pair is on the left is drawn."""
        sides = list(datapoint.dialogues)
        self._draw.shuffle(sides)
        shown = tuple(ShowDialogue(self._new_dialogue(), side.turns, NAMES, datapoint.bot_persona) for side in sides)
        sources = {show.dialogue: side.source for show, side in zip(shown, sides, strict=True)}
        numbered = [(show.dialogue, show.turns) for show in shown]
        return shown, self.work(datapoint.tasks, numbered, purpose, datapoint, sources)

    def work(
        self,
        tasks: Iterable[Task],
        dialogues: Sequence[Numbered],
        purpose: Purpose,
        datapoint: Datapoint | None = None,
        sources: Mapping[int, int] | None = None,
    ) -> LabelWork:
        """The tasks on these dialogues: kind by kind, pairs last, within a kind in an order that is drawn."""
        replies = datapoint.replies if datapoint is not None else ()
        select = self._select if purpose == "chat" else None
        parts = [part for task in self._in_order(tasks) for part in self._parts(task, dialogues, replies, select)]
        # Where people are trained, a check would be spent on those who are about to learn what to attend to.
        checks = tuple(self._place_checks(parts)) if purpose in {"chat", "label"} else ()
        return LabelWork(Sheet(parts), purpose, datapoint, sources or {}, checks)

    def online(self, task: TurnTask, dialogue: int, turns: tuple[int, ...]) -> LabelWork:
        """A task on a dialogue that only begins; it is sure to come to these `turns`, and checks go to them."""
        parts = [Part(self._new_part(), task, (dialogue,), turns)]
        checks = tuple(self._place_checks(parts))
        return LabelWork(Sheet([replace(parts[0], turns=())]), "chat", checks=checks)

    def shuffled(self, datapoints: Iterable[Datapoint]) -> tuple[Datapoint, ...]:
        order = list(datapoints)
        self._draw.shuffle(order)
        return tuple(order)

    def _in_order(self, tasks: Iterable[Task]) -> Iterator[Task]:
        given = list(tasks)
        for kind in _KINDS:
            of_kind = [task for task in given if isinstance(task, kind)]
            self._draw.shuffle(of_kind)
            yield from of_kind

    def _parts(
        self, task: Task, dialogues: Sequence[Numbered], replies: tuple[str, ...], select: Select | None
    ) -> Iterator[Part]:
        if isinstance(task, PairTask):
            yield Part(self._new_part(), task, tuple(number for number, _ in dialogues), (), {}, replies)
            return
        for number, turns in dialogues:
            selected: tuple[int, ...] = ()
            if isinstance(task, TurnTask):
                selected = select(task, number) if select is not None else selected_turns(task.turns, len(turns))
            texts = {turn: turns[turn].text for turn in selected}
            yield Part(self._new_part(), task, (number,), selected, texts, replies)

    def _place_checks(self, parts: list[Part]) -> Iterator[PlacedCheck]:
        """Put every check that is left among the questions, as long as anything is asked at all."""
        places = [at for at, part in enumerate(parts) if part.turns or not isinstance(part.task, TurnTask)]
        while places and self._checks:
            yield self._place(parts, self._draw.choice(places), self._checks.pop())

    def _place(self, parts: list[Part], at: int, check: AttentionCheck) -> PlacedCheck:
        """Put a check among the questions of one turn of a part, or of a part on the whole."""
        part = parts[at]
        turn = self._draw.choice(part.turns) if part.turns else None
        # As the id of a question that its file leaves unnamed, so that it tells nothing; not the same for everybody.
        name = f"{slug(check.question.text) or 'id'}_{self._draw.randrange(16**6):06x}"
        when = None if turn is None else When((), or_on_turn=turn)
        questions = list(part.task.questions)
        asked = replace(check.question, id=name, when=when, is_optional=False)
        questions.insert(self._draw.randint(0, len(questions)), asked)
        parts[at] = replace(part, task=replace(part.task, questions=tuple(questions)))
        return PlacedCheck(part.number, turn, name, check)

    def _new_part(self) -> int:
        self._next_part += 1
        return self._next_part - 1

    def _new_dialogue(self) -> int:
        self._next_dialogue += 1
        return self._next_dialogue - 1


def keys_of(work: LabelWork) -> dict[int, Mapping[int, TurnKey]]:
    """The keys that a datapoint brings along, by part."""
    keys = work.datapoint.keys if work.datapoint is not None else {}
    return {part.number: keys for part in work.sheet.parts if isinstance(part.task, TurnTask)} if keys else {}


def check_results(work: LabelWork) -> dict[PlacedCheck, bool]:
    """Whether each attention check was answered as everyone would, as the answers stand."""
    answers = {placed.part: work.sheet.answers(placed.part) for placed in work.checks}
    return {placed: _is_right(placed, answers[placed.part]) for placed in work.checks}


def _is_right(placed: PlacedCheck, answers: Mapping[int | None, Mapping[str, Value]]) -> bool:
    given = answers.get(placed.turn, {}).get(placed.question)
    return is_right_answer(placed.check.question, given, placed.check.answer)
