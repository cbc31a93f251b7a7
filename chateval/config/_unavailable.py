"""Features that are named by keys of the seed platforms and are still to come: said plainly, never passed over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chateval.config._complaints import Complaints
from chateval.config._purpose import labels_a_file
from chateval.config._registration import GROUP_TYPES
from chateval.config._settings import StudySettings

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
    is_of_chats: bool = True
    """Whether only studies that collect dialogues read the key at all."""


_LATER = (
    _Later("check_acceptability", bool, "Checking the wording of turns", "set it to false"),
    _Later("conversation_start_mode", lambda mode: mode != "hi", "Opening a chat with a ParlAI task", "set it to hi"),
    _Later("image_context_path", bool, "Chatting about images", "set it to null", is_of_chats=False),
    _Later("stack_folder", bool, "Chatting about images", "set it to null", is_of_chats=False),
    _Later(
        "evals_per_image_model_combo",
        lambda number: number > 1,
        "Chatting about images",
        "set it to 1",
        is_of_chats=False,
    ),
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
    has_no_chats = labels_a_file(mephisto.blueprint)
    for later in _LATER:
        value = getattr(mephisto.blueprint, later.key)
        if later.is_on(value) and not (later.is_of_chats and has_no_chats):
            text = f"{later.feature} is not available in this version: the value is {_shown(value)}."
            complaints.about(f"mephisto.blueprint.{later.key}", f"{text} Remove the key or {later.remedy}.")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
