"""Questions with an obvious answer, sprinkled among the others."""

from collections.abc import Iterable

from chateval.annotation import AttentionCheck, Task, all_questions, read_attention_checks
from chateval.config._labels import ONLINE, TASKS
from chateval.config._offline_names import OFFLINE
from chateval.config._study import AttentionChecks
from chateval.config._study_files import StudyFiles

_CHECKS = "attention_checks_path"


def read_attention(files: StudyFiles, tasks: Iterable[Task], *, has_labels: bool) -> AttentionChecks | None:
    """None where the study has none, or where they cannot be had as written."""
    blueprint = files.blueprint
    if blueprint.attention_checks_path is None:
        return None
    checks = files.read(_CHECKS, read_attention_checks, feature="Attention checking")
    if not has_labels and not files.is_in_doubt(TASKS, ONLINE, OFFLINE):
        text = "Attention checks stand among labels, and people give none in this study."
        remedy = "Name the tasks that they do in do_interactive_offline_annotations, or remove the key."
        files.complain(_CHECKS, f"{text} {remedy}")
    if checks is None:
        return None
    if blueprint.attention_checks_per_unit > len(checks):
        text = f"A session holds {blueprint.attention_checks_per_unit} of them, and the file has {len(checks)}."
        files.complain("attention_checks_per_unit", f"{text} A session asks none twice: write fewer, or add some.")
    _check_names(files, checks, tasks)
    return AttentionChecks(checks, blueprint.attention_checks_per_unit, blueprint.max_failed_attention_checks)


def _check_names(files: StudyFiles, checks: tuple[AttentionCheck, ...], tasks: Iterable[Task]) -> None:
    """In the data a check stands beside the questions of its task, under its own name."""
    names = {check.question.id for check in checks}
    for task in tasks:
        shared = sorted(names & {question.id for question in all_questions(task.questions)})
        if shared:
            text = f"The check {shared[0]!r} has the name of a question of the task {task.id!r}."
            files.complain(_CHECKS, f"{text} In the data nobody could tell the two apart: give the check another id.")
