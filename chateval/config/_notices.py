"""What a study sets to no effect: allowed, since studies carry such keys over from one another, and said."""

from dataclasses import fields

from chateval.config._annotation_settings import GoldSettings, ScreeningSettings
from chateval.config._collection_settings import UnusedSettings
from chateval.config._complaints import Complaints
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


def note_what_has_no_effect(settings: StudySettings, sources: Sources, complaints: Complaints) -> None:
    blueprint = settings.mephisto.blueprint
    if blueprint.include_persona and blueprint.conversation_start_mode == "hi":
        complaints.notice("include_persona is true, and a dialogue that opens with hi has no persona to include.")
    for switch, names in _idle(blueprint).items():
        given = [name for name in names if sources.is_given(f"{_BLUEPRINT}{name}")]
        if given:
            complaints.notice(f"Without {switch}, nothing reads {', '.join(given)}.")
    unused = [*(f"{_BLUEPRINT}{item.name}" for item in fields(UnusedSettings)), *_ELSEWHERE]
    given = [key.rpartition(".")[2] for key in unused if sources.is_given(key)]
    if given:
        complaints.notice(f"Accepted for older studies, and without effect here: {', '.join(given)}.")


def _idle(blueprint: BlueprintSettings) -> dict[str, list[str]]:
    """Keys that are read only where a switch is on, for the switches that are off."""
    has_labels = bool(blueprint.do_interactive_online_annotations or any(blueprint.do_interactive_offline_annotations))
    switches = {
        "labels to be given": (has_labels, ["annotations_config_path"]),
        "do_external_annotations": (bool(blueprint.do_external_annotations), ["data_jsonl"]),
        "use_screening_task": (blueprint.use_screening_task, _names(ScreeningSettings)),
        "use_golds": (blueprint.use_golds, _names(GoldSettings)),
    }
    return {switch: names for switch, (is_on, names) in switches.items() if not is_on}


def _names(kind: type) -> list[str]:
    own = [item.name for item in fields(kind)]
    return [name for name in own if name not in {"use_screening_task", "use_golds", "onboarding_qualification"}]
