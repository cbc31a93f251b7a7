"""ParlAI's `onboard_task_data`: dialogues on which people show that they can label."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from chateval.annotation._answer_keys import AnswerReader, can_be_graded
from chateval.annotation._data_files import read_object
from chateval.annotation._data_reading import Problems, Say, convert_to
from chateval.annotation._datapoints import Datapoint, ShownDialogue, TurnKey
from chateval.annotation._tasks import Checks, Choice, Task, TurnTask, Value, selected_turns
from chateval.dialogue import Speaker, Turn

Count = Annotated[int, Meta(ge=0)]


@dataclass(frozen=True)
class Onboarding:
    """Dialogues with keys, how many answers have to be right and may be wrong, and how often one may fail."""

    datapoints: tuple[Datapoint, ...]
    min_correct: int
    max_incorrect: int
    max_failures_allowed: int


class _File(Struct, frozen=True):
    """The defaults are those of ParlAI's pages."""

    dialog: Annotated[list[list[Any] | dict[str, Any]], Meta(min_length=1)]
    min_correct: Count = 4
    max_incorrect: Count = 3
    max_failures_allowed: Count = 1


WHAT_IT_IS = (
    "The file is a JSON object with dialog (a list of turns, or of lists of turns), min_correct, max_incorrect and "
    "max_failures_allowed (whole numbers)."
)


class _Utterance(Struct, frozen=True):
    text: Annotated[str, Meta(min_length=1)]
    agent_idx: Literal[0, 1]
    answers: list[str] | dict[str, Any] | UnsetType = UNSET
    explanation: str = ""
    episode_done: bool = False


WHAT_A_TURN_IS = "A turn is {text, agent_idx}, 0 for the person and 1 for the bot, and of the bot's some have answers."


@dataclass(frozen=True)
class _Placed:
    place: str
    utterance: _Utterance


def read_onboarding(path: Path, task: Task) -> Onboarding:
    """Read the dialogues and limits. Only turns of the bot that have `answers` are graded.

    `dialog` is a list of turns, which is one dialogue; or a list of pairs of turns, as ParlAI has it, which is one
    dialogue too, but ends after each turn with `episode_done`; or a list of lists of any other length, a dialogue each.
    `answers` are options by id or text, or `{question: option}` as in training dialogues.

    Raises:
        AnnotationFormatError: all problems of the file, each with its place under `dialog`.
    """
    problems = Problems(path)
    say = problems.about("")
    if not isinstance(task, TurnTask) or not can_be_graded(task):
        say(f"Onboarding is for tasks that are asked of turns and have options. {task.id} is none: choose another.")
        raise problems.error()
    file = convert_to(_File, read_object(path, problems), WHAT_IT_IS, say)
    if file is None:
        raise problems.error()
    dialogues = [each for each in _dialogues(file.dialog, problems) if each]
    points = tuple(_datapoint(number, each, task, problems) for number, each in enumerate(dialogues, start=1))
    _check_limits(file, points, say)
    problems.raise_any()
    return Onboarding(points, file.min_correct, file.max_incorrect, file.max_failures_allowed)


def _dialogues(dialog: Sequence[list[Any] | dict[str, Any]], problems: Problems) -> Iterator[list[_Placed]]:
    lists = {f"dialog[{at}]": item for at, item in enumerate(dialog) if isinstance(item, list)}
    if not lists:
        yield list(_placed("dialog", dialog, problems))
    elif len(lists) < len(dialog):
        problems.about("dialog")("Some items are turns, some lists of turns. Write one or the other.")
    elif all(len(item) == 2 for item in lists.values()):
        yield from _episodes(each for place, item in lists.items() for each in _placed(place, item, problems))
    else:
        yield from (list(_placed(place, item, problems)) for place, item in lists.items())


def _placed(place: str, raw: Sequence[Any], problems: Problems) -> Iterator[_Placed]:
    for number, item in enumerate(raw):
        here = f"{place}[{number}]"
        utterance = convert_to(_Utterance, item, WHAT_A_TURN_IS, problems.about(here))
        if utterance is not None:
            yield _Placed(here, utterance)


def _episodes(turns: Iterable[_Placed]) -> Iterator[list[_Placed]]:
    episode: list[_Placed] = []
    for turn in turns:
        episode.append(turn)
        if turn.utterance.episode_done:
            yield episode
            episode = []
    yield episode


def _datapoint(number: int, placed: Sequence[_Placed], task: TurnTask, problems: Problems) -> Datapoint:
    speakers = (Speaker.USER, Speaker.SYSTEM)
    turns = tuple(Turn(speakers[each.utterance.agent_idx], each.utterance.text) for each in placed)
    name = f"onboarding_{number}"
    keys = dict(_keys(placed, task, problems))
    return Datapoint(dialogue_id=name, group_id=name, dialogues=(ShownDialogue(turns),), tasks=(task,), keys=keys)


def _keys(placed: Sequence[_Placed], task: TurnTask, problems: Problems) -> Iterator[tuple[int, TurnKey]]:
    reader = AnswerReader(task)
    selected = frozenset(selected_turns(task.turns, len(placed)))
    before: tuple[dict[str, Value], ...] = ()
    for number, each in enumerate(placed):
        answers, say = each.utterance.answers, problems.about(each.place)
        if answers is UNSET:
            continue
        if each.utterance.agent_idx == 0 or number not in selected:
            rule = (
                f"the task {task.id} labels the bot's turns that are {task.turns!r} of their dialogue, counted from 0"
            )
            say(f"There are answers here, but {rule}. Take them out, or let the person speak first.")
            continue
        before = reader.key(_by_question(answers, task, say), number, before, say)
        yield number, TurnKey(before, each.utterance.explanation)


def _by_question(answers: list[str] | dict[str, Any], task: TurnTask, say: Say) -> dict[str, Any]:
    """A list of options as answers to the question that they can only belong to."""
    if isinstance(answers, dict):
        return answers
    if not answers:
        return {}
    questions = [question for question in task.questions if isinstance(question, Choice | Checks)]
    if len(questions) > 1 or not questions:
        names = ", ".join(question.id for question in task.questions)
        say(f"It is not clear which question of {task.id} is answered. Write {{question: option}}; there are {names}.")
        return {}
    [question] = questions
    return {question.id: answers[0] if isinstance(question, Choice) and len(answers) == 1 else answers}


def _check_limits(file: _File, points: Sequence[Datapoint], say: Say) -> None:
    keys = [key for point in points for key in point.keys.values()]
    options = sum(max((len(_flat(one)) for one in key.alternatives), default=0) for key in keys)
    if not keys:
        say(f"No turn has answers, so that nothing can be graded. {WHAT_A_TURN_IS}")
    elif file.min_correct > max(options, len(keys)):
        known = f"{options} right options on {len(keys)} turns"
        say(f"min_correct is {file.min_correct}, but there are {known}: nobody could pass. Lower it, or add answers.")


def _flat(alternative: dict[str, Value]) -> list[object]:
    values = alternative.values()
    return [item for value in values for item in (value if isinstance(value, list) else [value])]
