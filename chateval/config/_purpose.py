"""What a study is for: collecting dialogues, or labelling those of a file; and what goes with only one of the two."""

from chateval.config._complaints import Complaints
from chateval.config._settings import BlueprintSettings

_BLUEPRINT = "mephisto.blueprint"
_RULE = (
    "A study does one of the two: do_collect_dialogue has people talk with bots, do_external_annotations has them label"
    " dialogues that exist."
)


def labels_a_file(blueprint: BlueprintSettings) -> bool:
    return bool(blueprint.do_external_annotations) and not blueprint.do_collect_dialogue


def check_purpose(blueprint: BlueprintSettings, complaints: Complaints) -> None:
    if blueprint.do_collect_dialogue and blueprint.do_external_annotations:
        complaints.about(
            f"{_BLUEPRINT}.do_external_annotations",
            f"Both do_collect_dialogue and do_external_annotations are true. {_RULE} Set one to false.",
        )
    elif blueprint.do_collect_dialogue:
        _refuse_what_needs_a_file(blueprint, complaints)
    elif blueprint.do_external_annotations:
        _refuse_what_needs_a_chat(blueprint, complaints)
    else:
        complaints.about(
            f"{_BLUEPRINT}.do_collect_dialogue",
            f"Neither do_collect_dialogue nor do_external_annotations is true. {_RULE} Set one to true.",
        )


def _refuse_what_needs_a_file(blueprint: BlueprintSettings, complaints: Complaints) -> None:
    if blueprint.use_screening_task:
        complaints.about(
            f"{_BLUEPRINT}.use_screening_task",
            "use_screening_task is true, and this study collects dialogues; training of this kind is for dialogues from"
            " a file. Set it to false, and name an onboarding_qualification: onboarding trains those who chat.",
        )
    if blueprint.use_golds:
        complaints.about(
            f"{_BLUEPRINT}.use_golds",
            "use_golds is true, and this study collects dialogues, about which nobody knows the right answers"
            " beforehand. Set it to false; attention_checks_path is for chats too.",
        )


def _refuse_what_needs_a_chat(blueprint: BlueprintSettings, complaints: Complaints) -> None:
    if blueprint.onboarding_qualification:
        complaints.about(
            f"{_BLUEPRINT}.onboarding_qualification",
            f"onboarding_qualification is {blueprint.onboarding_qualification!r}, and this study labels dialogues from"
            " a file; onboarding trains those who chat. Remove the key; use_screening_task trains people here.",
        )
