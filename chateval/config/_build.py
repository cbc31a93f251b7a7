"""A Study from what the checks have read."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import yaml

from chateval.config._conditions import Condition
from chateval.config._labelling import Labelling
from chateval.config._links import must_be_signed
from chateval.config._places import Places
from chateval.config._settings import StudySettings
from chateval.config._study import (
    Admission,
    BotRuntime,
    ChatPictures,
    Collection,
    Delivery,
    Opening,
    PageTexts,
    Quota,
    Server,
    Study,
    TaskRules,
    TimeLimits,
    WordingChecks,
)
from chateval.config.bots import BotSpec, HumanBot


@dataclass(frozen=True)
class Parts:
    """What the checks have read on their way."""

    settings: StudySettings
    places: Places
    conditions: tuple[Condition, ...]
    bots: tuple[BotSpec, ...]
    labelling: Labelling
    opening: Opening | None
    wording: WordingChecks | None
    pictures: ChatPictures | None
    chat_files: Mapping[str, str]
    """The SHA-256 of each file that decides how chats begin and are checked, by the setting that names it."""
    description_html: str
    page: PageTexts
    blocklist: frozenset[str]


def build_study(conf: str, parts: Parts, notices: tuple[str, ...]) -> Study:
    settings, places = parts.settings, parts.places
    mephisto, blueprint = settings.mephisto, settings.mephisto.blueprint
    labelling, resolved = parts.labelling, _resolved(conf, parts)
    return Study(
        conf=conf,
        task=_task(settings, parts.description_html),
        server=Server(mephisto.architect.hostname, mephisto.architect.port),
        provider=mephisto.provider._provider_type,  # noqa: SLF001 - Mephisto's name for the key
        requester_name=mephisto.provider.requester_name,
        limits=TimeLimits(
            blueprint.max_resp_time, blueprint.annotation_duration_in_seconds, blueprint.disconnect_grace_in_seconds
        ),
        page=parts.page,
        collection=_collection(parts),
        annotation=labelling.annotation,
        screening=labelling.screening,
        golds=labelling.golds,
        onboarding=labelling.onboarding,
        attention=labelling.attention,
        quotas=_quotas(parts),
        bots=parts.bots,
        bot_runtime=BotRuntime(
            model_parallel=blueprint.task_model_parallel,
            max_concurrent_responses=blueprint.max_concurrent_responses,
            override_opt=blueprint.override_opt,
            datapath=places.data_dir / "parlai",
            task_dir=places.task_dir,
            pictures_dir=parts.pictures.folder if parts.pictures is not None else None,
        ),
        admission=Admission(blueprint.block_qualification, blueprint.allowed_worker_qualification, parts.blocklist),
        requires_signed_links=must_be_signed(settings),
        seed=blueprint.random_seed,
        context_seed=blueprint.context_seed,
        task_dir=places.task_dir,
        data_dir=places.data_dir,
        chat_data_folder=places.chat_data_folder,
        journal_url=settings.journal_url,
        log_level=mephisto.log_level,
        monitoring_seconds=settings.monitoring_log_rate,
        resolved=resolved,
        resolved_yaml=yaml.safe_dump(resolved, sort_keys=False, allow_unicode=True),
        config_hash=hashlib.sha256(json.dumps(resolved, sort_keys=True).encode()).hexdigest(),
        notices=notices,
    )


def _task(settings: StudySettings, description_html: str) -> TaskRules:
    task = settings.mephisto.task
    return TaskRules(
        name=task.task_name,
        title=task.task_title,
        description_html=description_html,
        reward_usd=task.task_reward,
        tags=tuple(filter(None, map(str.strip, task.task_tags.split(",")))),
        assignment_seconds=task.assignment_duration_in_seconds,
        lifetime_seconds=task.task_lifetime_in_seconds,
        patience_seconds=task.no_submission_patience,
        allowed_concurrent=task.allowed_concurrent,
        maximum_units_per_worker=task.maximum_units_per_worker,
        max_num_concurrent_units=task.max_num_concurrent_units,
    )


def _collection(parts: Parts) -> Collection | None:
    blueprint, labels = parts.settings.mephisto.blueprint, parts.labelling.chat
    if labels is None or parts.opening is None:
        return None
    return Collection(
        minimum_turns=blueprint.num_turns,
        conditions=parts.conditions if parts.pictures is None else parts.pictures.conditions,
        opening=parts.opening,
        rating_questions=tuple(filter(None, map(str.strip, blueprint.final_rating_question.split("|")))),
        delivery=Delivery(
            is_streamed=blueprint.stream_replies,
            characters_per_second=blueprint.typing_characters_per_second,
            minimum_seconds=blueprint.minimum_reply_seconds,
            begins_with_waiting=any(isinstance(bot, HumanBot) for bot in parts.bots)
            or blueprint.minimum_waiting_seconds > 0,
            waiting_seconds=blueprint.minimum_waiting_seconds,
        ),
        online_task=labels.online,
        offline_tasks=labels.offline,
        pair_tasks=labels.pairs,
        pictures=parts.pictures,
        wording=parts.wording,
    )


def _quotas(parts: Parts) -> tuple[Quota, ...]:
    annotation = parts.labelling.annotation
    if parts.pictures is not None:
        return parts.pictures.quotas({})
    if annotation is None:
        return tuple(Quota(condition.name, condition.needed) for condition in parts.conditions)
    needed = ((group.group_id, annotation.units[group.group_id]) for group in annotation.groups)
    return tuple(Quota(name, number) for name, number in needed if number)


def _resolved(conf: str, parts: Parts) -> dict[str, Any]:
    """The settings as they will be, with what is filled in by rules of our own, and what the files hold."""
    settings, places = parts.settings, parts.places
    blueprint = replace(settings.mephisto.blueprint, do_external_annotations=parts.labelling.annotation is not None)
    mephisto = replace(settings.mephisto, blueprint=blueprint, datapath=str(places.data_dir))
    final = replace(settings, mephisto=mephisto, task_dir=str(places.task_dir), data_dir=str(places.data_dir))
    resolved = {"conf": conf, **msgspec.json.decode(msgspec.json.encode(final))}
    del resolved["journal_url"]  # where a journal is kept does not make a study another one; its directory remembers it
    if parts.pictures is not None:  # which may be all those of model_opts.yaml
        resolved["partners"] = [one.partner for one in parts.pictures.partners]
    return resolved | {"files": {**parts.labelling.files, **parts.chat_files}, "labels": parts.labelling.definitions()}
