"""What a study sets to no effect: allowed, since studies carry such keys over from one another, and said."""

from dataclasses import fields

from chateval.config._annotation_settings import (
    AttentionSettings,
    GoldSettings,
    ImageSettings,
    OnboardingSettings,
    ScreeningSettings,
)
from chateval.config._collection_settings import ChatSettings, PartnerSettings, UnusedSettings
from chateval.config._complaints import Complaints
from chateval.config._labels import ONLINE
from chateval.config._offline_names import OFFLINE
from chateval.config._purpose import labels_a_file
from chateval.config._settings import BlueprintSettings, StudySettings
from chateval.config._sources import Sources

_BLUEPRINT = "mephisto.blueprint."
_ELSEWHERE = (
    "mephisto.task.post_install_script",
    "mephisto.task.force_rebuild",
    "mephisto.architect.server_type",
    "mephisto.architect.server_source_path",
    "num_tasks",
)


def note_what_has_no_effect(
    settings: StudySettings, sources: Sources, complaints: Complaints, *, has_labels: bool
) -> None:
    blueprint = settings.mephisto.blueprint
    for switch, names in _idle(blueprint, has_labels=has_labels).items():
        given = [name for name in names if sources.is_given(f"{_BLUEPRINT}{name}")]
        if given:
            complaints.notice(f"Without {switch}, nothing reads {', '.join(given)}.")
    unused = [*(f"{_BLUEPRINT}{item.name}" for item in fields(UnusedSettings)), *_ELSEWHERE]
    given = [key.rpartition(".")[2] for key in unused if sources.is_given(key)]
    if given:
        complaints.notice(f"Accepted for older studies, and without effect here: {', '.join(given)}.")


def _idle(blueprint: BlueprintSettings, *, has_labels: bool) -> dict[str, list[str]]:
    """Keys that are read only where a switch is on, for the switches that are off."""
    is_static = labels_a_file(blueprint)
    switches: dict[str, tuple[object, list[str]]] = {
        "do_collect_dialogue": (not is_static, _names_of_chats()),
        "labels to be given": (has_labels or not blueprint.annotations_config_path, ["annotations_config_path"]),
        "do_external_annotations": (is_static, ["data_jsonl"]),
        "check_acceptability": (is_static or blueprint.check_acceptability, _OF_WORDING),
        "use_screening_task": (blueprint.use_screening_task, _names(ScreeningSettings)),
        "use_golds": (blueprint.use_golds, _names(GoldSettings)),
        "onboarding_qualification": (blueprint.onboarding_qualification, _names(OnboardingSettings)),
        "image_context_path": (blueprint.image_context_path, _names(ImageSettings)),
        "attention_checks_path": (blueprint.attention_checks_path, _names(AttentionSettings)),
    }
    return {switch: names for switch, (is_on, names) in switches.items() if not is_on}


_OF_WORDING = ["acceptability_checks", "safety_word_list"]
_SWITCHES = {
    "use_screening_task",
    "use_golds",
    "onboarding_qualification",
    "attention_checks_path",
    "image_context_path",
}
_FOR_ALL = {"do_collect_dialogue", "random_seed", "annotation_duration_in_seconds", "disconnect_grace_in_seconds"}


def _names_of_chats() -> list[str]:
    names = [*_names(PartnerSettings), *_names(ChatSettings)]
    return [name for name in names if name not in _FOR_ALL] + [ONLINE, OFFLINE]


def _names(kind: type) -> list[str]:
    return [item.name for item in fields(kind) if item.name not in _SWITCHES]
