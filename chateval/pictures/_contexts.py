"""A folder of pictures: `contexts.jsonl`, a line for each, and the files that it names."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from chateval.errors import PictureError
from chateval.pictures._format import PictureContext, context_from_line, short_id

CONTEXTS_FILE = "contexts.jsonl"
COMMAND = "python scripts/save_image_contexts.py"

MAX_SIDE = 1600
"""Pixels, of the longer side of a picture that is kept; more than a page shows, with room to look closer."""
MAX_BYTES = 500_000
"""The largest file that is kept. A page is sent it within a message, which makes it a third longer."""

_MOST_FAULTS = 10


@dataclass(frozen=True)
class PictureSet:
    """All pictures of a folder; `digest` is the SHA-256 of `contexts.jsonl`, and so of all that is in them."""

    folder: Path
    contexts: tuple[PictureContext, ...]
    digest: str

    @cached_property
    def by_short_id(self) -> dict[str, PictureContext]:
        return {short_id(context.id): context for context in self.contexts}


def read_contexts(path: Path) -> PictureSet:
    """Read and check a folder that `scripts/save_image_contexts.py` has made, or the `contexts.jsonl` in it.

    Raises:
        PictureError: there is no such folder, it is an old pickle, a line is wrong, or a file is not what it was.
    """
    file = path / CONTEXTS_FILE if path.is_dir() else path
    try:
        data = file.read_bytes()
    except OSError as error:
        raise PictureError(fault_of(path) or f"{file} cannot be read: {error.strerror}.") from error
    if file.suffix != ".jsonl":
        raise PictureError(_of_another_format(file, data[:1]))
    faults = _Faults(file)
    contexts = tuple(_checked(file, data, faults))
    if not contexts and not faults.texts:
        faults.texts.append(f"{file} holds no pictures. Save some: {COMMAND} --task FOLDER --image-context-path DIR.")
    if faults.texts:
        more = f" And {faults.count - _MOST_FAULTS} more." if faults.count > _MOST_FAULTS else ""
        raise PictureError(" ".join(faults.texts) + more)
    return PictureSet(file.parent, contexts, hashlib.sha256(data).hexdigest())


class _Faults:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.texts: list[str] = []
        self.count = 0

    def note(self, number: int, text: str) -> None:
        self.count += 1
        if self.count <= _MOST_FAULTS:
            self.texts.append(f"{self.file}, line {number}: {text}")


def _checked(file: Path, data: bytes, faults: _Faults) -> Iterator[PictureContext]:
    known: dict[str, int] = {}
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            context = context_from_line(line)
        except msgspec.DecodeError as error:
            faults.note(number, f"{error}. Correct it, or save the picture anew with {COMMAND}.")
            continue
        fault = _fault_of_file(file.parent, context)
        if (before := known.setdefault(short_id(context.id), number)) != number:
            fault = f"The picture of line {before} once more. Remove one of the two lines."
        if fault:
            faults.note(number, fault)
        else:
            yield context


def _fault_of_file(folder: Path, context: PictureContext) -> str:
    path = folder / context.file
    if not path.resolve().is_relative_to(folder.resolve()):
        return f"{context.file!r} is not in the folder. Pictures lie beside {CONTEXTS_FILE}; save it with {COMMAND}."
    try:
        if path.stat().st_size > MAX_BYTES:
            return f"{context.file} is larger than {MAX_BYTES:,} bytes. Save it with {COMMAND}, which makes it smaller."
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"{context.file} cannot be read: {error.strerror}. Bring it back, or remove the line."
    if digest != context.id:
        return f"{context.file} is not the picture that was saved: its SHA-256 differs from the id. Save it anew."
    return ""


def fault_of(path: Path) -> str:
    """What to say where there is nothing to be read; empty where there is something."""
    if (path / CONTEXTS_FILE).is_file() or path.is_file():
        return ""
    if path.is_dir():
        text = f"{path} is a folder without {CONTEXTS_FILE}. Make one of the pictures in it:"
        return f"{text} {COMMAND} --task {path} --image-context-path DIR."
    return f"There is no {path}. Name a folder that {COMMAND} has made."


def _of_another_format(file: Path, first: bytes) -> str:
    if first == b"\x80":
        return (
            f"{file} is a pickle, the format of ParlAI's own script. Reading a pickle runs whatever its maker has put "
            f"into it, so that no study does. If you made it yourself, or trust who did, convert it once: {COMMAND} "
            f"--from-pickle {file} --i-trust-this-file --image-context-path DIR. Then name that folder here."
        )
    return f"{file} is no {CONTEXTS_FILE}. Name a folder that {COMMAND} has made, or the {CONTEXTS_FILE} in it."
