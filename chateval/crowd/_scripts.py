"""From a study and a condition to the script that a session plays.

A condition is what a place is of: the bots of a chat, or the group of dialogues that is labelled. Beside those that a
study has quotas for, there are those of its training and of its gold groups; no page ever learns which it has.
"""

import dataclasses
import hashlib
import random
from collections.abc import Iterator

from msgspec.structs import replace

from chateval.annotation import AttentionCheck, Group, Task, TurnTask
from chateval.config import Collection, Condition, Opening, Study
from chateval.dialogue import GREETINGS_CHECK, USUAL_CHECKS, Acceptability, Context
from chateval.errors import ConfigError
from chateval.pictures import picture_of
from chateval.worlds import (
    AnyScript,
    ModelChatScript,
    OnboardingScript,
    Question,
    ScreeningScript,
    StaticAnnotationScript,
)

SCREENING = "@training"
_GOLD = "@gold/"


def gold_condition(group_id: str) -> str:
    return _GOLD + group_id


def is_aside(condition: str) -> bool:
    """Whether sessions of a condition fill no quota."""
    return condition == SCREENING or is_gold(condition)


def is_gold(condition: str) -> bool:
    return condition.startswith(_GOLD)


def aside_conditions(study: Study) -> Iterator[str]:
    """The conditions of a study that have no quota."""
    if study.screening is not None:
        yield SCREENING
    if study.golds is not None:
        yield from (gold_condition(group.group_id) for group in study.golds.groups)


def script_for(
    study: Study, condition: str, draw: str, *, is_onboarded: bool = False, context: Context | None = None
) -> AnyScript:
    """The script of one session; `draw` tells its randomness apart from other sessions'.

    All dialogues of a chat begin with the `context`, so that bots are compared on the same ground.

    Raises:
        ConfigError: the study has no such condition.
    """
    seed = _seed(study.seed, draw)
    if condition == SCREENING and study.screening is not None:
        return ScreeningScript(study.screening.dialogues, seed)
    if is_gold(condition):
        group = _group(study.golds.groups if study.golds else (), condition.removeprefix(_GOLD))
        return StaticAnnotationScript(group.datapoints, seed, _checks(study, seed), is_gold=True)
    if study.collection is not None:
        script = _chat(study, study.collection, condition, seed, is_onboarded=is_onboarded)
        begun = _of_picture(study.collection, condition) or _given(context, study.collection.opening)
        return _begun_with(begun, script, study.collection)
    group = _group(study.annotation.groups if study.annotation else (), condition)
    return StaticAnnotationScript(group.datapoints, seed, _checks(study, seed))


def study_tasks(study: Study) -> tuple[Task, ...]:
    """The annotation tasks that a study uses, each once, in the order in which it names them."""
    found: dict[str, Task] = {}
    if study.collection is not None:
        chats = study.collection
        named = [chats.online_task, *(task for tasks in chats.offline_tasks for task in tasks), *chats.pair_tasks]
        found = {task.id: task for task in named if task is not None}
    for group in study.annotation.groups if study.annotation is not None else ():
        for datapoint in group.datapoints:
            found |= {task.id: task for task in datapoint.tasks if task.id not in found}
    return tuple(found.values())


def _chat(study: Study, chats: Collection, name: str, seed: int, *, is_onboarded: bool) -> ModelChatScript:
    onboarding = study.onboarding
    labels = [chats.online_task, *chats.offline_tasks, *chats.pair_tasks]
    return ModelChatScript(
        bots=_condition(chats, name).bots,
        minimum_turns=chats.minimum_turns,
        questions=tuple(
            Question(f"rating_{number}", text) for number, text in enumerate(chats.rating_questions, start=1)
        ),
        seed=seed,
        opening="hi" if chats.opening.is_hi else "context",
        online_task=chats.online_task if isinstance(chats.online_task, TurnTask) else None,
        offline_tasks=chats.offline_tasks,
        pair_tasks=chats.pair_tasks,
        checks=_checks(study, seed) if any(labels) else (),
        onboarding=None
        if onboarding is None or is_onboarded
        else OnboardingScript(onboarding.datapoints, onboarding.attempts),
    )


def _begun_with(context: Context | None, script: ModelChatScript, chats: Collection) -> ModelChatScript:
    wording = chats.wording
    is_begun = context is not None and bool(context.turns or context.picture)
    usual = (*USUAL_CHECKS, GREETINGS_CHECK) if is_begun else USUAL_CHECKS
    return replace(
        script,
        contexts=() if context is None else (context,) * len(script.bots),
        acceptability=None
        if wording is None
        else Acceptability(usual if wording.names is None else wording.names, wording.unsafe_phrases),
    )


def _of_picture(chats: Collection, condition: str) -> Context | None:
    return None if chats.pictures is None else chats.pictures.context(picture_of(condition))


def _given(context: Context | None, opening: Opening) -> Context | None:
    """What is used of a context.

    Without personas, the topic that a generator of ParlAI's has matched to them goes too: it draws on other data than
    its own. Where someone says hi, nothing has been said before.
    """
    if context is None:
        return None
    if opening.is_hi:
        context = dataclasses.replace(context, turns=())
    if opening.includes_persona:
        return context
    is_matched = bool(opening.task) and context.dataset != opening.task
    background = "" if is_matched else context.background
    return dataclasses.replace(context, person_persona=(), bot_persona=(), background=background)


def _condition(chats: Collection, name: str) -> Condition:
    found = chats.by_name.get(name)
    if found is None:
        raise _unknown(name)
    return found


def _group(groups: tuple[Group, ...], group_id: str) -> Group:
    found = next((group for group in groups if group.group_id == group_id), None)
    if found is None:
        raise _unknown(group_id)
    return found


def _unknown(name: str) -> ConfigError:
    return ConfigError(
        f"The run has a place for {name!r}, which the study does not name. Launch it with --new to begin another run."
    )


def _checks(study: Study, seed: int) -> tuple[AttentionCheck, ...]:
    if study.attention is None:
        return ()
    draw = random.Random(f"{seed} checks")  # noqa: S311  (a draw to be repeated, not a secret)
    return tuple(draw.sample(study.attention.checks, study.attention.per_unit))


def _seed(study_seed: int, draw: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{study_seed}/{draw}".encode()).digest()[:6])
