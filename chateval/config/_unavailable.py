"""Features that are named by keys of the seed platforms and are still to come: said plainly, never passed over."""

from chateval.config._complaints import Complaints
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


def check_available(settings: StudySettings, complaints: Complaints) -> None:
    """Complain of groups that the study asks for and this version does not have."""
    mephisto = settings.mephisto
    chosen = {
        "blueprint": mephisto.blueprint._blueprint_type,  # noqa: SLF001 - Mephisto's name for the key
        "architect": mephisto.architect._architect_type,  # noqa: SLF001
        "provider": mephisto.provider._provider_type,  # noqa: SLF001
    }
    for group, value in chosen.items():
        if value != GROUP_TYPES[group]:
            complaints.about(f"mephisto.{group}._{group}_type", no_such_group_type(group, value))
