"""The training that comes before real units, and the rule by which people pass it."""

from chateval.annotation import HookRule, MistakesRule, Rule, ScoreRule, load_hook, read_training
from chateval.config._static import LabelledFile
from chateval.config._study import Screening
from chateval.config._study_files import StudyFiles
from chateval.errors import AnnotationFormatError

_QUALIFICATION = "passed_qualification_name"
_DIALOGUES = "screen_json"
_RULES = ("max_screening_mistakes", "min_screening_score", "screening_rule")


def failed(qualification: str) -> str:
    """The qualification of those who did not pass."""
    return f"{qualification}_failed"


def read_screening(files: StudyFiles, data: LabelledFile | None) -> Screening | None:
    """None where the study has none, or where it cannot be had as written."""
    if not files.blueprint.use_screening_task:
        return None
    qualification = files.blueprint.passed_qualification_name
    if not qualification:
        text = "use_screening_task needs the name of a qualification for those who pass, and there is none."
        files.complain(_QUALIFICATION, f"{text} Write {_QUALIFICATION}: and a name, as in empathy_screen.")
    rule = _rule(files)
    if data is None:
        files.check_is_there(_DIALOGUES, feature="use_screening_task")
        return None
    dialogues = files.read(_DIALOGUES, lambda path: read_training(path, data.tasks), feature="use_screening_task")
    if dialogues is None:
        return None
    files.check_uses(_DIALOGUES, "the training", dialogues, data.used)
    return Screening(
        qualification=qualification or "",
        failed_qualification=failed(qualification or ""),
        max_units=files.blueprint.max_screening_units,
        dialogues=tuple(map(data.instructions.fill_datapoint, dialogues)),
        rule=rule,
    )


def _rule(files: StudyFiles) -> Rule:
    blueprint = files.blueprint
    given = [name for name in _RULES if getattr(blueprint, name) is not None]
    if len(given) > 1:
        text = f"{given[0]} and {given[1]} are both set, and people pass by one rule. Remove all but one of"
        files.complain(given[1], f"{text} {', '.join(given)}.")
    if blueprint.screening_rule is not None:
        return hook_rule(files, "screening_rule", blueprint.screening_rule)
    if blueprint.min_screening_score is not None:
        return ScoreRule(blueprint.min_screening_score, blueprint.graded_screening_rounds)
    return MistakesRule(blueprint.max_screening_mistakes, blueprint.graded_screening_rounds)


def hook_rule(files: StudyFiles, name: str, function: str) -> HookRule:
    """Complains of a function that cannot be loaded."""
    try:
        load_hook(function)
    except AnnotationFormatError as error:
        files.complain(name, str(error))
    return HookRule(function)
