"""From `conf=<name>` to a Study, or to everything that is wrong with it."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import yaml

from chateval.config._bots import BotSpec, read_bots
from chateval.config._compose import Composed, compose_study
from chateval.config._conditions import Condition, parse_conditions
from chateval.config._journal_url import check_journal_url
from chateval.config._keys import complaint_about, unknown_keys
from chateval.config._links import must_be_signed, note_who_can_come
from chateval.config._notices import note_what_has_no_effect
from chateval.config._overrides import read_overrides
from chateval.config._places import Places, find_places
from chateval.config._port import check_port as check_that_port_is_free
from chateval.config._project import checkout, config_roots, known_confs, project_root
from chateval.config._read import read_settings
from chateval.config._settings import StudySettings
from chateval.config._study import Admission, BotRuntime, Collection, Server, Study, TaskRules
from chateval.config._texts import PageTexts, TextReader
from chateval.config._unavailable import check_available

_NEEDED = "mephisto.blueprint.conversations_needed_string"
_PLACE = ("mephisto.architect.hostname", "mephisto.architect.port")


def load_study(overrides: Sequence[str], config_dir: Path | None = None, *, check_port: bool = True) -> Study:
    """Compose, resolve and check a study: `load_study(["conf=collect_dialogues", "mephisto.blueprint.num_turns=4"])`.

    Raises StudyProblemsError with every problem at once: value, rule, remedy. Starts nothing, writes nothing; only the
    port is listened on for a moment, unless `check_port` is off.
    """
    roots = config_roots(config_dir)
    chosen = read_overrides(overrides, known_confs(config_dir))
    composed = compose_study(chosen, roots)
    complaints = composed.complaints
    for key in unknown_keys(composed.values):
        complaints.about(key, complaint_about(key))
    parts = _check(_read(composed), composed, check_port)
    complaints.raise_if_any()
    return _build(chosen.conf, parts, tuple(complaints.notices))


@dataclass(frozen=True)
class _Parts:
    """What the checks have read on their way."""

    settings: StudySettings
    places: Places
    conditions: tuple[Condition, ...]
    bots: tuple[BotSpec, ...]
    texts: PageTexts
    blocklist: frozenset[str]


def _read(composed: Composed) -> StudySettings:
    complaints = composed.complaints

    def report(key: str, text: str) -> None:
        if not complaints.concern(key):
            complaints.about(key, text)

    settings = read_settings(StudySettings, composed.values, report)
    reward = settings.mephisto.task.task_reward
    if isinstance(reward, float) and not math.isfinite(reward):
        report("mephisto.task.task_reward", f"{reward} is no amount of money. Write an amount in dollars, as in 1.50.")
    return settings


def _check(settings: StudySettings, composed: Composed, is_port_checked: bool) -> _Parts:
    complaints, sources = composed.complaints, composed.sources
    blueprint, architect = settings.mephisto.blueprint, settings.mephisto.architect
    check_available(settings, complaints)
    note_what_has_no_effect(settings, sources, complaints)
    note_who_can_come(settings, complaints)
    places = find_places(settings, sources.is_given("data_dir"), complaints)
    check_journal_url(settings.journal_url, sources, complaints)
    reader = TextReader(settings, places, sources, complaints)
    conditions = _conditions(settings, composed) if blueprint.do_collect_dialogue else ()
    names = {name for condition in conditions for name in condition.bots}
    roots = tuple(dict.fromkeys((places.task_dir, project_root(), checkout())))
    bots = read_bots(places.resolve(blueprint.model_opt_path), names, roots, complaints) if names else ()
    if is_port_checked and not any(map(complaints.concern, _PLACE)):
        check_that_port_is_free(architect.hostname, architect.port, complaints)
    return _Parts(settings, places, conditions, bots, reader.page_texts(), reader.blocklist())


def _conditions(settings: StudySettings, composed: Composed) -> tuple[Condition, ...]:
    blueprint, complaints = settings.mephisto.blueprint, composed.complaints
    if complaints.concern(_NEEDED):
        return ()
    parsed = parse_conditions(blueprint.conversations_needed_string or "")
    for fault in parsed.faults:
        complaints.about(_NEEDED, fault)
    key = "mephisto.blueprint.num_bots"
    if blueprint.num_bots > 2:
        complaints.about(key, f"{blueprint.num_bots} is too many. A session is with one bot or with two: write 1 or 2.")
    for condition in parsed.conditions:
        if not complaints.concern(key) and not parsed.faults and len(condition.bots) != blueprint.num_bots:
            named = f"{condition.name!r} in conversations_needed_string names {len(condition.bots)}"
            text = f"num_bots is {blueprint.num_bots}, but {named}. A session is with as many bots as num_bots says."
            complaints.about(key, f"{text} Set num_bots to {len(condition.bots)}, or change the conditions.")
    return parsed.conditions


def _build(conf: str, parts: _Parts, notices: tuple[str, ...]) -> Study:
    settings, places = parts.settings, parts.places
    mephisto, blueprint = settings.mephisto, settings.mephisto.blueprint
    resolved = _resolved(conf, settings, places)
    return Study(
        conf=conf,
        task=_task(settings, parts.texts),
        server=Server(mephisto.architect.hostname, mephisto.architect.port),
        provider=mephisto.provider._provider_type,  # noqa: SLF001 - Mephisto's name for the key
        requester_name=mephisto.provider.requester_name,
        collection=_collection(parts),
        bots=parts.bots,
        bot_runtime=BotRuntime(
            model_parallel=blueprint.task_model_parallel,
            max_concurrent_responses=blueprint.max_concurrent_responses,
            override_opt=blueprint.override_opt,
            datapath=places.data_dir / "parlai",
            task_dir=places.task_dir,
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


def _task(settings: StudySettings, texts: PageTexts) -> TaskRules:
    task = settings.mephisto.task
    return TaskRules(
        name=task.task_name,
        title=task.task_title,
        description_html=texts.description_html,
        reward_usd=task.task_reward,
        tags=tuple(filter(None, map(str.strip, task.task_tags.split(",")))),
        assignment_seconds=task.assignment_duration_in_seconds,
        lifetime_seconds=task.task_lifetime_in_seconds,
        patience_seconds=task.no_submission_patience,
        allowed_concurrent=task.allowed_concurrent,
        maximum_units_per_worker=task.maximum_units_per_worker,
        max_num_concurrent_units=task.max_num_concurrent_units,
    )


def _collection(parts: _Parts) -> Collection:
    blueprint = parts.settings.mephisto.blueprint
    return Collection(
        minimum_turns=blueprint.num_turns,
        turn_seconds=blueprint.max_resp_time,
        answer_seconds=blueprint.annotation_duration_in_seconds,
        gone_seconds=blueprint.disconnect_grace_in_seconds,
        conditions=parts.conditions,
        opening="hi",
        rating_questions=tuple(filter(None, map(str.strip, blueprint.final_rating_question.split("|")))),
        instructions_html=parts.texts.instructions_html,
        left_pane_html=parts.texts.left_pane_html,
    )


def _resolved(conf: str, settings: StudySettings, places: Places) -> dict[str, Any]:
    """The settings as they will be, with what is filled in by rules of our own."""
    labels = replace(settings.mephisto.blueprint, do_external_annotations=False)
    mephisto = replace(settings.mephisto, blueprint=labels, datapath=str(places.data_dir))
    final = replace(settings, mephisto=mephisto, task_dir=str(places.task_dir), data_dir=str(places.data_dir))
    resolved = {"conf": conf, **msgspec.json.decode(msgspec.json.encode(final))}
    del resolved["journal_url"]  # where a journal is kept does not make a study another one; its directory remembers it
    return resolved
