"""Whether, and how, the wording of what people type is checked: `check_acceptability` and what belongs to it."""

from pathlib import Path

from chateval.config._nearest import did_you_mean, listed
from chateval.config._openings import data_folder
from chateval.config._project import shown
from chateval.config._study import WordingChecks
from chateval.config._study_files import StudyFiles
from chateval.dialogue import ALL_CHECKS, USUAL_CHECKS
from chateval.errors import AnnotationFormatError

_SWITCH = "check_acceptability"
_NAMES = "acceptability_checks"
_WORDS = "safety_word_list"


def read_wording_checks(files: StudyFiles) -> WordingChecks | None:
    """None where nothing is checked, or where it cannot be as written."""
    blueprint = files.blueprint
    if not blueprint.do_collect_dialogue or not blueprint.check_acceptability or files.is_in_doubt(_SWITCH, _NAMES):
        return None
    names = blueprint.acceptability_checks
    for name in names or ():
        if name not in ALL_CHECKS:
            text = f"There is no check {name!r}.{did_you_mean(name, ALL_CHECKS)} The checks are"
            files.complain(_NAMES, f"{text} {listed(ALL_CHECKS)}.")
    if blueprint.block_qualification is None:
        files.complaints.notice(
            f"{_SWITCH} is true, and no block_qualification is named: whose wording is not acceptable is told to you,"
            " and not kept out."
        )
    phrases = _unsafe_phrases(files) if "safety" in (USUAL_CHECKS if names is None else names) else ()
    return WordingChecks(names, phrases)


def _unsafe_phrases(files: StudyFiles) -> tuple[str, ...]:
    if files.blueprint.safety_word_list is not None:
        return files.read(_WORDS, _phrases, feature="the check safety") or ()
    path = data_folder(files) / "OffensiveLanguage" / "OffensiveLanguage.txt"
    if not path.is_file():
        without = ", ".join(name for name in USUAL_CHECKS if name != "safety")
        files.complain(
            _SWITCH,
            f"The check safety looks for the words of a list, and there is none: put ParlAI's into {shown(path)}, or"
            f" name one of your own, a phrase a line, with {_WORDS}. To do without, write {_NAMES}: [{without}].",
        )
        return ()
    return files.read_path(_SWITCH, path, _phrases, digest=_WORDS) or ()


def _phrases(path: Path) -> tuple[str, ...]:
    """A phrase a line, in lower case, as texts are compared; blank lines are none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise AnnotationFormatError(f"{path} is not UTF-8 ({error}). Save it as UTF-8.") from error
    phrases = tuple(dict.fromkeys(filter(None, (line.strip().lower() for line in lines))))
    if not phrases:
        raise AnnotationFormatError(f"{path} holds no phrase. Write one a line.")
    return phrases
