"""The training of those who chat: before their first dialogue, on the labels that they will give."""

from chateval.annotation import CorrectRule, Task, TurnTask, read_onboarding
from chateval.config._labels import ONLINE, TASKS, ChatLabels
from chateval.config._offline_names import OFFLINE
from chateval.config._screening import failed, hook_rule
from chateval.config._study import OnboardingStage
from chateval.config._study_files import StudyFiles

_QUALIFICATION = "onboarding_qualification"
_DATA = "onboard_task_data_path"


def read_onboarding_stage(files: StudyFiles, labels: ChatLabels) -> OnboardingStage | None:
    """None where the study has none, or where it cannot be had as written."""
    blueprint, qualification = files.blueprint, files.blueprint.onboarding_qualification
    if not qualification:
        return None
    if not blueprint.annotations_config_path:
        files.complaints.notice(
            f"onboarding_qualification is {qualification!r}, but annotations_config_path is empty: without labels there"
            " is no onboarding."
        )
        return None
    task = _task(labels)
    if task is None:
        if not files.is_in_doubt(TASKS, ONLINE, OFFLINE):
            text = f"onboarding_qualification is {qualification!r}, and people label no turns in this study."
            text += " Onboarding trains them to. Name a task about turns in do_interactive_online_annotations or"
            files.complain(_QUALIFICATION, f"{text} do_interactive_offline_annotations, or remove the key.")
        return None
    own = None if blueprint.onboarding_rule is None else hook_rule(files, "onboarding_rule", blueprint.onboarding_rule)
    found = files.read(_DATA, lambda path: read_onboarding(path, task), feature="onboarding_qualification")
    if found is None:
        return None
    return OnboardingStage(
        qualification=qualification,
        failed_qualification=failed(qualification),
        datapoints=found.datapoints,
        rule=own or CorrectRule(found.min_correct, found.max_incorrect),
        attempts=found.max_failures_allowed + 1,
    )


def _task(labels: ChatLabels) -> Task | None:
    """What is done during the chat, else the first task about turns that comes after it."""
    after = (task for of_one in labels.offline for task in of_one)
    return labels.online or next((task for task in after if isinstance(task, TurnTask)), None)
