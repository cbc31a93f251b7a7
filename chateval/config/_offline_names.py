"""The value of `do_interactive_offline_annotations`: names of tasks, one list for each dialogue."""

from typing import Any

from chateval.config._study_files import StudyFiles

OFFLINE = "do_interactive_offline_annotations"
_FORM = 'Write one list of names for each dialogue: [["empathy", "grammar"]], or for pairs [["empathy"], ["empathy"]].'


def offline_names(files: StudyFiles) -> tuple[tuple[str, ...], ...]:
    """One tuple for each dialogue; complains, and has all of them empty, where the value is no such lists."""
    value, dialogues = files.blueprint.do_interactive_offline_annotations, files.blueprint.num_bots
    nothing: tuple[tuple[str, ...], ...] = ((),) * dialogues
    if not any(value):
        return nothing
    lists = _lists(value)
    is_number_known = not files.is_in_doubt("num_bots")
    if fault := _fault(value, lists, dialogues if is_number_known else len(lists or [])):
        files.complain(OFFLINE, fault)
        return nothing
    return tuple(map(tuple, lists or []))


def _lists(value: tuple[Any, ...]) -> list[list[str]] | None:
    """The value as lists of names; names alone are the list of a single dialogue. None for anything else."""
    if all(isinstance(name, str) for name in value):
        return [list(value)]
    if not all(isinstance(names, list | None) for names in value):
        return None
    lists = [names or [] for names in value]
    return lists if all(isinstance(name, str) for names in lists for name in names) else None


def _fault(value: tuple[Any, ...], lists: list[list[str]] | None, dialogues: int) -> str:
    if lists is None:
        return f"{list(value)!r} will not do. {_FORM}"
    if len(lists) != dialogues:
        return f"There is {len(lists)} list of names in it, and num_bots is {dialogues}. {_FORM}".replace(
            "is 2 list", "are 2 lists"
        )
    twice = sorted({name for names in lists for name in names if names.count(name) > 1})
    return f"{twice[0]!r} stands twice in one list. A dialogue is labelled once: remove one of them." if twice else ""
