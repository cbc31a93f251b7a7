"""The labels of a study in words: what is labelled, and how those who label are trained and watched."""

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from chateval.annotation import (
    CorrectRule,
    Datapoint,
    DialogueTask,
    HookRule,
    MistakesRule,
    PairTask,
    Rule,
    ScoreRule,
    Task,
    TurnTask,
)
from chateval.config._study import Collection, Golds, Quota, StaticAnnotation, Study


def counted(number: int, thing: str) -> str:
    """`1 turn`, `2 turns`, `3 pairs of dialogues`."""
    first, space, rest = thing.partition(" ")
    return f"{number:,} {first}{'' if number == 1 else 's'}{space}{rest}"


def of_groups(annotation: StaticAnnotation, quotas: Sequence[Quota]) -> Iterator[tuple[str, str]]:
    points = [point for group in annotation.groups for point in group.datapoints if annotation.units[group.group_id]]
    pairs = sum(len(point.dialogues) > 1 for point in points)
    sizes = {"dialogue": len(points) - pairs, "pair of dialogues": pairs}
    things = " and ".join(counted(number, thing) for thing, number in sizes.items() if number)
    units = counted(sum(quota.needed for quota in quotas), "unit")
    yield "Labels", f"{units}: {things}, in {counted(len(quotas), 'group')}"
    left_out = len(annotation.groups) - len(quotas)
    if left_out:
        yield "", f"{counted(left_out, 'group')} of the file left out, with 0 units"
    kinds: dict[str, dict[str, Task]] = {}
    for task in (task for point in points for task in point.tasks):
        kinds.setdefault(_kind(task), {})[task.id] = task
    for kind, tasks in kinds.items():
        yield "", f"{kind}: {_names(tasks.values())}"


def of_chat_labels(collection: Collection) -> Iterator[tuple[str, str]]:
    lines = [f"during the dialogue: {collection.online_task.id}"] if collection.online_task else []
    for number, tasks in enumerate(collection.offline_tasks, start=1):
        which = "the dialogue" if len(collection.offline_tasks) == 1 else f"dialogue {number}"
        lines += [f"after {which}: {_names(tasks)}"] if tasks else []
    lines += [f"side by side at the end: {_names(collection.pair_tasks)}"] if collection.pair_tasks else []
    yield from zip(("Labels", *[""] * len(lines)), lines, strict=False)


def of_training(study: Study) -> Iterator[tuple[str, str]]:
    screening, onboarding, attention = study.screening, study.onboarding, study.attention
    if screening is not None:
        number = counted(len(screening.dialogues), "dialogue")
        yield "Training", f"{number}; to pass: {_rule(screening.rule, screening.dialogues)}"
        yield "", f"those who pass are given {screening.qualification}, the others {screening.failed_qualification}"
    if onboarding is not None:
        number, attempts = counted(len(onboarding.datapoints), "dialogue"), counted(onboarding.attempts, "attempt")
        yield "Onboarding", f"{number}, {attempts}; to pass: {_rule(onboarding.rule, onboarding.datapoints)}"
        yield "", f"those who pass are given {onboarding.qualification}, the others {onboarding.failed_qualification}"
    if study.golds is not None:
        yield "Gold units", _golds(study.golds)
    if attention is not None:
        end = "" if attention.max_failed is None else f"; who fails more than {attention.max_failed} is stopped"
        yield "Attention", f"{counted(attention.per_unit, 'check')} a session, of {len(attention.checks)}{end}"


def _golds(golds: Golds) -> str:
    text = f"{len(golds.groups)}, of which {golds.min_golds} before a worker's first real unit, then fewer and fewer"
    wrong = counted(golds.allowed_mistakes, "turn")
    return f"{text}; failed with more than {wrong} wrong; who fails more than {golds.max_incorrect} is stopped"


def _rule(rule: Rule, datapoints: Sequence[Datapoint]) -> str:
    count = len(datapoints)
    match rule:
        case MistakesRule(max_mistakes=None):
            allowed = ", ".join(str(point.allowed_mistakes or 0) for point in datapoints[-rule.rounds :])
            return f"in {_last(min(rule.rounds, count))}, no more turns wrong than each dialogue allows ({allowed})"
        case MistakesRule():
            return f"in {_each_of(min(rule.rounds, count))}, at most {counted(rule.max_mistakes or 0, 'turn')} wrong"
        case ScoreRule():
            return f"in {_last(min(rule.rounds, count))} together, at least {rule.min_score:.0%} of the turns right"
        case CorrectRule():
            return f"at least {rule.min_correct} right and at most {rule.max_incorrect} wrong"
        case HookRule():
            return f"as {rule.function} decides"
        case _:
            assert_never(rule)


def _kind(task: Task) -> str:
    match task:
        case TurnTask(turns="all"):
            return "of every turn"
        case TurnTask():
            return f"of turns ({task.turns})"
        case DialogueTask():
            return "of a dialogue as a whole"
        case PairTask():
            return "of two dialogues side by side"
        case _:
            assert_never(task)


def _names(tasks: Iterable[Task]) -> str:
    return ", ".join(task.id for task in tasks)


def _last(rounds: int) -> str:
    return "the last one" if rounds == 1 else f"the last {rounds}"


def _each_of(rounds: int) -> str:
    return "the last one" if rounds == 1 else f"each of the last {rounds}"
