"""Saving pictures one by one, so that whatever ends the saving, what is saved stays and is gone on with."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from chateval.dialogue import Turn
from chateval.errors import PictureError
from chateval.pictures._contexts import CONTEXTS_FILE
from chateval.pictures._format import PictureContext, context_from_line, line_of
from chateval.pictures.saving._shrink import Shrunk

logger = logging.getLogger(__name__)

IMAGES = "images"


@dataclass(frozen=True)
class Found:
    """A picture of a source, not looked at yet."""

    source: str
    digest: Callable[[], str]
    """Tells it from others without decoding it. Raises PictureError where there is nothing to be read."""
    shrink: Callable[[], Shrunk]
    """Raises PictureError where it cannot be used."""
    caption: str = ""
    turns: tuple[Turn, ...] = ()
    person_persona: tuple[str, ...] = ()
    bot_persona: tuple[str, ...] = ()
    background: str = ""
    noted: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Saved:
    """How far a saving has come."""

    new: int = 0
    known: int = 0
    """Those that were in the folder before."""
    repeated: int = 0
    """Pictures that came and were there already, under whatever name."""
    without_caption: int = 0
    refused: list[str] = field(default_factory=list)
    """Why a picture was left out, a sentence each."""

    @property
    def total(self) -> int:
        return self.new + self.known


class Saving:
    """Adds pictures to a folder, each once by what it looks like.

    A picture's file is there before its line is, and the line is on the disk before the next picture is begun. So a
    saving that was killed is begun again with the same command, and passes over what it has.
    """

    def __init__(self, folder: Path) -> None:
        """Raises PictureError where the folder cannot be written to, or holds lines that are no contexts."""
        self._folder = folder
        self._file = folder / CONTEXTS_FILE
        try:
            (folder / IMAGES).mkdir(parents=True, exist_ok=True)
            self._contexts = self._read()
        except OSError as error:
            raise PictureError(
                f"Pictures cannot be saved to {folder}: {error.strerror}. Name another --image-context-path."
            ) from error
        self._ids = {context.id for context in self._contexts}
        self._digests = {context.source_sha256 for context in self._contexts}

    def save(self, pictures: Iterable[Found], most: int | None, told: Callable[[Saved], None]) -> Saved:
        """Save until `most` are in the folder, or until there are no more; `told` hears of each picture."""
        saved = Saved(known=len(self._contexts))
        saved.without_caption = sum(not context.caption for context in self._contexts)
        if most is not None and saved.total >= most:
            return saved
        for found in pictures:
            self._take(found, saved)
            told(saved)
            if most is not None and saved.total >= most:
                break
        return saved

    def _take(self, found: Found, saved: Saved) -> None:
        try:
            digest = found.digest()
            if digest in self._digests:
                saved.repeated += 1
                return
            small = found.shrink()
        except PictureError as error:
            saved.refused.append(f"{found.source} is left out. {error}")
            return
        picture_id = hashlib.sha256(small.data).hexdigest()
        if picture_id in self._ids:
            saved.repeated += 1
            return
        try:
            self._add(_context(found, small, picture_id, digest), small.data)
        except OSError as error:
            raise PictureError(
                f"{found.source} cannot be saved to {self._folder}: {error.strerror}. Make room; the same command goes "
                "on where this one ended."
            ) from error
        saved.new += 1
        saved.without_caption += not found.caption

    def _add(self, context: PictureContext, data: bytes) -> None:
        path = self._folder / context.file
        partial = path.with_suffix(".part")
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        with self._file.open("ab") as lines:
            lines.write(line_of(context))
            lines.flush()
            os.fsync(lines.fileno())
        self._ids.add(context.id)
        self._digests.add(context.source_sha256)

    def _read(self) -> list[PictureContext]:
        """What is there; half a line at the end, which a kill in the midst of writing leaves, is cut off."""
        if not self._file.exists():
            return []
        data = self._file.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            with self._file.open("r+b") as file:
                file.truncate(len(whole))
        contexts = []
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                contexts.append(context_from_line(line))
            except msgspec.DecodeError as error:
                raise PictureError(
                    f"{self._file}, line {number}: {error}. Correct it, or name another --image-context-path."
                ) from error
        return contexts


def _context(found: Found, small: Shrunk, picture_id: str, digest: str) -> PictureContext:
    return PictureContext(
        id=picture_id,
        file=f"{IMAGES}/{picture_id[:16]}{small.suffix}",
        width=small.width,
        height=small.height,
        caption=found.caption,
        turns=tuple((turn.speaker, turn.text) for turn in found.turns),
        person_persona=found.person_persona,
        bot_persona=found.bot_persona,
        background=found.background,
        source=found.source,
        source_sha256=digest,
        noted=dict(found.noted),
    )
