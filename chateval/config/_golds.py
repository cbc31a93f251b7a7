"""Units with known answers, mixed in among the others."""

from chateval.annotation import read_golds
from chateval.config._complaints import Complaints
from chateval.config._static import LabelledFile
from chateval.config._study import Golds
from chateval.config._study_files import StudyFiles

_BASE = "gold_qualification_base"
_GROUPS = "gold_jsonl"


def read_gold_units(files: StudyFiles, data: LabelledFile | None) -> Golds | None:
    """None where the study has none, or where they cannot be had as written."""
    blueprint = files.blueprint
    if not blueprint.use_golds:
        return None
    if not blueprint.gold_qualification_base:
        text = "use_golds needs the beginning of the names of its qualifications, and there is none."
        files.complain(_BASE, f"{text} Write {_BASE}: and a name, as in empathy_gold.")
    if data is None:
        files.check_is_there(_GROUPS, feature="use_golds")
        return None
    groups = files.read(_GROUPS, lambda path: read_golds(path, data.tasks), feature="use_golds")
    if groups is None:
        return None
    files.check_uses(_GROUPS, "a gold unit", [point for group in groups for point in group.datapoints], data.used)
    _check_ids(files, [group.group_id for group in groups], {group.group_id for group in data.annotation.groups})
    _check_numbers(files, len(groups))
    return Golds(
        qualification_base=blueprint.gold_qualification_base or "",
        groups=data.instructions.fill_groups(groups),
        min_golds=blueprint.min_golds,
        max_units=blueprint.max_gold_units,
        max_incorrect=blueprint.max_incorrect_golds,
        allowed_mistakes=blueprint.allowed_gold_mistakes,
    )


def _check_ids(files: StudyFiles, golds: list[str], ids: set[str]) -> None:
    shared = [name for name in golds if name in ids]
    if shared:
        text = f"The group {shared[0]!r} is also in data_jsonl, and nobody is given a group twice."
        files.complain(_GROUPS, f"{text} Give gold units group_ids of their own.")


def _check_numbers(files: StudyFiles, groups: int) -> None:
    """Too few gold units would end the work of everyone before it began."""
    blueprint = files.blueprint
    if blueprint.min_golds > groups:
        text = f"min_golds is {blueprint.min_golds}, and gold_jsonl holds {groups}. Nobody is given a gold unit twice,"
        files.complain("min_golds", f"{text} so nobody would reach a real one. Write {groups} or less, or add some.")
    if blueprint.max_gold_units is not None and blueprint.min_golds > blueprint.max_gold_units:
        text = f"It is {blueprint.max_gold_units}, and each worker begins with min_golds, {blueprint.min_golds}."
        files.complain("max_gold_units", f"{text} Write {blueprint.min_golds} or more for each worker, or remove it.")


def check_gold_limit(golds: Golds | None, most: int, complaints: Complaints) -> None:
    """A limit on units counts gold ones too, since nobody may tell them apart."""
    if golds is not None and 0 < most <= golds.min_golds:
        text = f"The value is {most}, and each worker begins with {golds.min_golds} gold units, which count as units."
        remedy = f"Nobody would reach a real one: write {golds.min_golds + 1} or more, or 0 for any number."
        complaints.about("mephisto.task.maximum_units_per_worker", f"{text} {remedy}")
