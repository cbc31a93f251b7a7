"""What dialogues begin with: `conversation_start_mode`, `include_persona`, `context_seed`."""

import hashlib
import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from chateval.config._nearest import did_you_mean
from chateval.config._project import absolute, checkout, is_file, shown
from chateval.config._settings import BlueprintSettings
from chateval.config._study import Opening
from chateval.config._study_files import StudyFiles
from chateval.dialogue import Context, read_contexts
from chateval.errors import AnnotationFormatError, DialogueFormatError

HI = "hi"
BLENDED_SKILL_TALK = "blended_skill_talk"

_KEY = "conversation_start_mode"
_OTHER_NAMES = {"bst": BLENDED_SKILL_TALK}
_BUILT = (
    ("blended_skill_talk", "v1.5"),
    ("ConvAI2", "v5.0"),
    ("empatheticdialogues", "1.0"),
    ("wizard_of_wikipedia", "1.0"),
)
"""The folders that ParlAI draws contexts for blended_skill_talk from, and the version that each says it is of."""


def read_opening(files: StudyFiles) -> Opening | None:
    """None where dialogues cannot begin as written, which is a problem then."""
    blueprint = files.blueprint
    if not blueprint.do_collect_dialogue or files.is_in_doubt(_KEY):
        return None
    mode = _OTHER_NAMES.get(blueprint.conversation_start_mode, blueprint.conversation_start_mode)
    if mode.endswith(".jsonl"):
        contexts = files.read(_KEY, _read, feature=_KEY)
        if contexts is None:
            return None
        if not blueprint.include_persona and any(one.person_persona or one.bot_persona for one in contexts):
            files.complaints.notice("include_persona is false: the personas of the contexts are left out.")
        return _opening(blueprint, shown(files.path(_KEY)), contexts)
    if mode == HI:
        return _hi(files)
    return _of_task(files, mode)


def data_folder(files: StudyFiles) -> Path:
    """ParlAI's folder of data: `datapath` of `override_opt`, or `parlai` in the data directory."""
    own = files.blueprint.override_opt.get("datapath")
    return absolute(str(own)) if own else files.places.data_dir / "parlai"


def _opening(
    blueprint: BlueprintSettings,
    mode: str,
    contexts: tuple[Context, ...] = (),
    task: str = "",
    file: Path | None = None,
) -> Opening:
    seed = blueprint.random_seed if blueprint.context_seed is None else blueprint.context_seed
    return Opening(mode, contexts, seed, blueprint.include_persona, task, file)


def _hi(files: StudyFiles) -> Opening:
    """A greeting; with personas, as in ParlAI, those of blended_skill_talk, where they can be had."""
    if not files.blueprint.include_persona:
        return _opening(files.blueprint, HI)
    missing = [] if is_file(_kept(files, BLENDED_SKILL_TALK)) else _not_built(data_folder(files))
    if missing:
        files.complaints.notice(
            "include_persona is true, and a dialogue that opens with hi takes its personas from ParlAI's"
            f" {BLENDED_SKILL_TALK}, whose data is not on this machine: there are no personas. To have them, put"
            f" {', '.join(map(shown, missing))} there."
        )
        return _opening(files.blueprint, HI)
    files.digests["personas"] = BLENDED_SKILL_TALK
    return _drawn(files, HI, BLENDED_SKILL_TALK)


def _of_task(files: StudyFiles, task: str) -> Opening | None:
    if not is_file(_kept(files, task)):
        fault = next(_faults_of_task(files, task), "")
        if fault:
            files.complain(_KEY, fault)
            return None
    return _drawn(files, task, task)


def _drawn(files: StudyFiles, mode: str, task: str) -> Opening:
    """The contexts of a task, as an earlier launch has kept them."""
    kept, contexts = _kept(files, task), None
    if is_file(kept):
        contexts = files.read_path(_KEY, kept, _read, digest="")
    else:
        files.complaints.notice(
            f"What dialogues begin with is drawn from the ParlAI task {task!r} when the study is launched, and kept in"
            f" {shown(kept)}."
        )
    return _opening(files.blueprint, mode, contexts or (), task, kept)


def _kept(files: StudyFiles, task: str) -> Path:
    """One file for each task and ParlAI's options with it."""
    options = files.blueprint.override_opt
    mark = hashlib.sha256(json.dumps(options, sort_keys=True, default=str).encode()).hexdigest()[:8]
    return files.places.data_dir / "contexts" / f"{quote(task, safe='')}{f'-{mark}' if options else ''}.jsonl"


def _read(path: Path) -> tuple[Context, ...]:
    try:
        return read_contexts(path)
    except DialogueFormatError as error:
        raise AnnotationFormatError(str(error)) from error


def _faults_of_task(files: StudyFiles, task: str) -> Iterator[str]:
    """What can be said of a ParlAI task without importing ParlAI, which takes seconds."""
    parlai = importlib.util.find_spec("parlai")
    if parlai is None or not parlai.submodule_search_locations:
        yield f"{task!r} is a ParlAI task, and ParlAI is not installed. Install it: pip install parlai==1.7.2"
        return
    name, *rest = task.split(":")
    if name == "internal":
        yield from _faults_of_own_task(files, rest)
    elif task == BLENDED_SKILL_TALK and (missing := _not_built(data_folder(files))):
        yield (
            f"ParlAI draws the contexts of {task!r} from data that is not on this machine, and nothing is downloaded"
            f" here. Put these folders there, as ParlAI leaves them (the file .built included):"
            f" {', '.join(map(shown, missing))}; or name a file of contexts, as in {_KEY}: contexts.jsonl."
        )
    elif "." not in name:
        tasks = Path(parlai.submodule_search_locations[0], "tasks")
        known = sorted(folder.parent.name for folder in tasks.glob("*/agents.py"))
        if name.lower() not in known:
            yield (
                f"{name!r} is neither hi nor a ParlAI task.{did_you_mean(name, [HI, 'bst', *known])} Write hi, the"
                " name of a ParlAI task, internal:<name> for one of your own, or the path of a file that ends in"
                " .jsonl."
            )


def _faults_of_own_task(files: StudyFiles, rest: Sequence[str]) -> Iterator[str]:
    name = rest[0] if rest else ""
    homes = [root / "parlai_internal" / "tasks" / name / "agents.py" for root in (files.places.task_dir, checkout())]
    if not name.isidentifier() or not any(map(is_file, homes)):
        yield (
            f"There is no task internal:{name}. Put its teacher into {shown(homes[0])}, as class DefaultTeacher, or"
            " correct the name."
        )


def _not_built(folder: Path) -> list[Path]:
    """The folders that blended_skill_talk needs and that ParlAI would download, or remove and download anew."""
    return [folder / name for name, version in _BUILT if not _is_built(folder / name, version)]


def _is_built(folder: Path, version: str) -> bool:
    """Whether ParlAI has marked a folder as whole: the second line of `.built` is the version."""
    try:
        return (folder / ".built").read_text(encoding="utf-8").split("\n")[1:2] == [version]
    except (OSError, ValueError):
        return False
