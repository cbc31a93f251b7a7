"""Features that are named by keys of the seed platforms and are still to come: said plainly, never passed over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chateval.config._complaints import Complaints
from chateval.config._registration import GROUP_TYPES
from chateval.config._settings import BlueprintSettings, StudySettings

_GROUPS = {
    "blueprint": "this version runs one kind of task",
    "architect": "this version serves the page from this machine",
    "provider": "this version takes participants who come by a link",
}


def no_such_group_type(group: str, value: str) -> str:
    known = GROUP_TYPES[group]
    return f"The {group} {value!r} is not available in this version: {_GROUPS[group]}, {known!r}. Write {known!r}."


@dataclass(frozen=True)
class _Later:
    key: str
    is_on: Callable[[Any], bool]
    feature: str
    remedy: str


_LATER = (
    _Later("do_interactive_online_annotations", bool, "Labelling a chat while it goes on", 'set it to ""'),
    _Later("do_interactive_offline_annotations", any, "Labelling a chat when it is over", "set it to []"),
    _Later("use_screening_task", bool, "A training that workers must pass", "set it to false"),
    _Later("use_golds", bool, "Mixing in units with known answers", "set it to false"),
    _Later("onboarding_qualification", bool, "Onboarding", "set it to null"),
    _Later("check_acceptability", bool, "Checking the wording of turns", "set it to false"),
    _Later("image_context_path", bool, "Chatting about images", "set it to null"),
    _Later("stack_folder", bool, "Chatting about images", "set it to null"),
    _Later("evals_per_image_model_combo", lambda number: number > 1, "Chatting about images", "set it to 1"),
    _Later("conversation_start_mode", lambda mode: mode != "hi", "Opening a chat with a ParlAI task", "set it to hi"),
)


def check_available(settings: StudySettings, complaints: Complaints) -> None:
    """Complain of everything that the study asks for and this version cannot do."""
    mephisto = settings.mephisto
    chosen = {
        "blueprint": mephisto.blueprint._blueprint_type,  # noqa: SLF001 - Mephisto's name for the key
        "architect": mephisto.architect._architect_type,  # noqa: SLF001
        "provider": mephisto.provider._provider_type,  # noqa: SLF001
    }
    for group, value in chosen.items():
        if value != GROUP_TYPES[group]:
            complaints.about(f"mephisto.{group}._{group}_type", no_such_group_type(group, value))
    for later in _LATER:
        value = getattr(mephisto.blueprint, later.key)
        if later.is_on(value):
            text = f"{later.feature} is not available in this version: the value is {_shown(value)}."
            complaints.about(f"mephisto.blueprint.{later.key}", f"{text} Remove the key or {later.remedy}.")
    _check_purpose(mephisto.blueprint, complaints)


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _check_purpose(blueprint: BlueprintSettings, complaints: Complaints) -> None:
    key = "mephisto.blueprint.do_external_annotations"
    rule = (
        "A study does one of the two: do_collect_dialogue has people talk with bots, do_external_annotations has them"
    )
    rule += " label dialogues that exist."
    if blueprint.do_collect_dialogue and blueprint.do_external_annotations:
        complaints.about(
            key, f"Both do_collect_dialogue and do_external_annotations are true. {rule} Set one to false."
        )
    elif blueprint.do_external_annotations:
        text = "Labelling dialogues that exist is not available in this version: the value is true."
        complaints.about(key, f"{text} Set it to false, and do_collect_dialogue to true, to collect dialogues.")
    elif not blueprint.do_collect_dialogue:
        key = "mephisto.blueprint.do_collect_dialogue"
        complaints.about(
            key, f"Neither do_collect_dialogue nor do_external_annotations is true. {rule} Set one to true."
        )
