"""From `conf=<name>` to a Study, or to everything that is wrong with it."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chateval.config._build import Parts, build_study
from chateval.config._compose import Composed, compose_study
from chateval.config._conditions import Condition, parse_conditions
from chateval.config._golds import check_gold_limit
from chateval.config._journal_url import check_journal_url
from chateval.config._keys import complaint_about, unknown_keys
from chateval.config._labelling import read_labelling
from chateval.config._links import note_who_can_come
from chateval.config._notices import note_what_has_no_effect
from chateval.config._openings import read_opening
from chateval.config._overrides import read_overrides
from chateval.config._parlai_studies import with_parlais_defaults
from chateval.config._partners import check_partners
from chateval.config._pictures import (
    defined_partners,
    has_pictures,
    read_chat_pictures,
    without_foreign_personas,
)
from chateval.config._places import Places, find_places
from chateval.config._port import check_port as check_that_port_is_free
from chateval.config._project import checkout, config_roots, known_confs, project_root
from chateval.config._purpose import check_purpose, labels_a_file
from chateval.config._read import read_settings
from chateval.config._settings import StudySettings
from chateval.config._study import Study
from chateval.config._study_files import StudyFiles
from chateval.config._texts import TextReader
from chateval.config._unavailable import check_available
from chateval.config._wording import read_wording_checks
from chateval.config.bots import read_bots

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
    return build_study(chosen.conf, parts, tuple(complaints.notices))


def _read(composed: Composed) -> StudySettings:
    complaints = composed.complaints

    def report(key: str, text: str) -> None:
        if not complaints.concern(key):
            complaints.about(key, text)

    settings = read_settings(StudySettings, composed.values, report)
    reward = settings.mephisto.task.task_reward
    if isinstance(reward, float) and not math.isfinite(reward):
        report("mephisto.task.task_reward", f"{reward} is no amount of money. Write an amount in dollars, as in 1.50.")
    return _with_own_time_for_labels(with_parlais_defaults(settings, composed.sources), composed)


def _with_own_time_for_labels(settings: StudySettings, composed: Composed) -> StudySettings:
    """Where labels are all that people do, they have the whole session for them unless the study says otherwise."""
    mephisto, key = settings.mephisto, "mephisto.blueprint.annotation_duration_in_seconds"
    if not labels_a_file(mephisto.blueprint) or composed.sources.is_given(key):
        return settings
    seconds = mephisto.task.assignment_duration_in_seconds
    blueprint = replace(mephisto.blueprint, annotation_duration_in_seconds=seconds)
    return replace(settings, mephisto=replace(mephisto, blueprint=blueprint))


def _check(settings: StudySettings, composed: Composed, is_port_checked: bool) -> Parts:
    complaints, sources = composed.complaints, composed.sources
    blueprint, architect = settings.mephisto.blueprint, settings.mephisto.architect
    check_available(settings, complaints)
    check_purpose(blueprint, complaints)
    note_who_can_come(settings, complaints)
    places = find_places(settings, sources.is_given("data_dir"), complaints)
    check_journal_url(settings.journal_url, sources, complaints)
    reader = TextReader(settings, places, sources, complaints)
    conditions = _conditions(settings, composed, places) if blueprint.do_collect_dialogue else ()
    names = {name for condition in conditions for name in condition.bots}
    roots = tuple(dict.fromkeys((places.task_dir, project_root(), checkout())))
    bots = read_bots(places.resolve(blueprint.model_opt_path), names, roots, complaints) if names else ()
    check_partners(settings, conditions, bots, complaints)
    labelling = read_labelling(StudyFiles(blueprint, places, complaints), settings.mephisto.task.task_name)
    chat_files = StudyFiles(blueprint, places, complaints)
    opening, wording = read_opening(without_foreign_personas(chat_files)), read_wording_checks(chat_files)
    pictures = read_chat_pictures(chat_files, conditions, bots)
    check_gold_limit(labelling.golds, settings.mephisto.task.maximum_units_per_worker, complaints)
    note_what_has_no_effect(settings, sources, complaints, has_labels=bool(labelling.tasks))
    if is_port_checked and not any(map(complaints.concern, _PLACE)):
        check_that_port_is_free(architect.hostname, architect.port, complaints)
    description, page, blocklist = reader.description(), reader.page_texts(), reader.blocklist()
    return Parts(
        settings=settings,
        places=places,
        conditions=conditions,
        bots=bots,
        labelling=labelling,
        opening=opening,
        wording=wording,
        pictures=pictures,
        chat_files=chat_files.digests,
        description_html=description,
        page=page,
        blocklist=blocklist,
    )


def _conditions(settings: StudySettings, composed: Composed, places: Places) -> tuple[Condition, ...]:
    blueprint, complaints = settings.mephisto.blueprint, composed.complaints
    if complaints.concern(_NEEDED):
        return ()
    if not blueprint.conversations_needed_string and has_pictures(StudyFiles(blueprint, places, complaints)):
        return defined_partners(places.resolve(blueprint.model_opt_path))
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
