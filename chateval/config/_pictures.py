"""Chats about pictures: `image_context_path` and what goes with it."""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from chateval.config._conditions import Condition, is_bot_name
from chateval.config._project import absolute, shown
from chateval.config._study import ChatPictures
from chateval.config._study_files import StudyFiles
from chateval.config._yaml import YamlError, read_yaml
from chateval.config.bots import BotSpec, HumanBot
from chateval.errors import AnnotationFormatError, PictureError
from chateval.pictures import CONTEXTS_FILE, STACK_FILE, PictureSet, fault_of, read_contexts, read_stack

_KEY = "image_context_path"
_PARLAIS_STACK = "stack.json"


def has_pictures(files: StudyFiles) -> bool:
    return files.blueprint.do_collect_dialogue and files.blueprint.image_context_path is not None


def defined_partners(path: Path) -> tuple[Condition, ...]:
    """Every bot of `model_opts.yaml`, for a study of pictures that names none. What is wrong with the file is said
    where its bots are read."""
    try:
        value = read_yaml(path).value
    except YamlError:
        return ()
    names = [str(name) for name in value] if isinstance(value, dict) else []
    return tuple(Condition((name,), 0) for name in names if is_bot_name(name))


def without_foreign_personas(files: StudyFiles) -> StudyFiles:
    """The files of a study of pictures, as far as openings go: personas are those of the pictures."""
    return replace(files, blueprint=replace(files.blueprint, include_persona=False)) if has_pictures(files) else files


def read_chat_pictures(
    files: StudyFiles, partners: tuple[Condition, ...], bots: Iterable[BotSpec]
) -> ChatPictures | None:
    """None for a study without pictures, or where they cannot be used, which is a problem then."""
    if not has_pictures(files):
        return None
    _refuse_what_does_not_go_together(files, bots)
    stack_folder = _stack_folder(files)
    path = files.path(_KEY)
    contexts = path / CONTEXTS_FILE if path.is_dir() else path
    if not contexts.is_file():
        files.complain(_KEY, fault_of(Path(shown(path))))
    found = files.read_path(_KEY, contexts, _read, digest=_KEY) if not files.is_in_doubt(_KEY) else None
    if found is None:
        return None
    _note(files, found)
    return ChatPictures(
        folder=contexts.parent,
        contexts=found.by_short_id,
        partners=partners,
        evals_per_combination=files.blueprint.evals_per_image_model_combo,
        most=files.blueprint.num_conversations or None,
        stack_folder=stack_folder,
        includes_persona=files.blueprint.include_persona,
    )


def _read(path: Path) -> PictureSet:
    try:
        return read_contexts(path)
    except PictureError as error:
        raise AnnotationFormatError(str(error)) from error


def _refuse_what_does_not_go_together(files: StudyFiles, bots: Iterable[BotSpec]) -> None:
    mode = files.blueprint.conversation_start_mode
    if mode != "hi":
        text = f"{mode!r} is how dialogues are to open, and image_context_path has them begin with a picture."
        files.complain("conversation_start_mode", f"{text} Set it to hi; turns go into contexts.jsonl, line by line.")
    for bot in bots:
        if isinstance(bot, HumanBot):
            text = f"{bot.name!r} is another participant, who would be looking at another picture."
            files.complain("conversations_needed_string", f"{text} Leave it out of studies with pictures.")


def _stack_folder(files: StudyFiles) -> Path | None:
    if not files.blueprint.stack_folder or files.is_in_doubt("stack_folder"):
        return None
    folder = absolute(files.blueprint.stack_folder)
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        files.complain("stack_folder", f"{folder} cannot be written to. Name another folder.")
        return None
    if (folder / _PARLAIS_STACK).exists():
        files.complaints.notice(
            f"{folder / _PARLAIS_STACK} is ParlAI's and is not read: it counts pictures by their place in a pickle."
            f" Counts are kept in {STACK_FILE} beside it."
        )
    try:
        read_stack(folder)
    except PictureError as error:
        files.complain("stack_folder", str(error))
    return folder


def _note(files: StudyFiles, found: PictureSet) -> None:
    silent = sum(not context.caption for context in found.contexts)
    if silent:
        files.complaints.notice(
            f"{silent} of {len(found.contexts)} pictures have no caption: people who do not see them are told nothing, "
            "nor are bots that do not. Write captions into contexts.jsonl."
        )
    if not files.blueprint.include_persona and any(one.person_persona or one.bot_persona for one in found.contexts):
        files.complaints.notice("include_persona is false: the personas of the pictures are left out.")
