"""Pictures of one's own: a folder of them, or JSON lines that name them."""

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from chateval.dialogue import Speaker, Turn
from chateval.errors import PictureError
from chateval.pictures.saving._save import Found
from chateval.pictures.saving._shrink import MAX_FILE_BYTES, Shrunk, shrink

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
CAPTIONS_FILE = "captions.jsonl"

_Sentences = tuple[Annotated[str, Meta(min_length=1)], ...]


class _Line(Struct, frozen=True):
    """A picture of one's own. Other keys may stand there too, and are passed over."""

    file: Annotated[str, Meta(min_length=1)]
    """Its path, seen from the folder of the JSON lines."""
    caption: str = ""
    turns: tuple[tuple[Speaker, Annotated[str, Meta(min_length=1)]], ...] = ()
    person_persona: _Sentences = ()
    bot_persona: _Sentences = ()
    background: str = ""


def pictures_of_files(path: Path) -> Iterator[Found]:
    """The pictures of a folder and all below it, by name; or those that a `.jsonl` file names, in its order.

    Beside a picture of a folder may lie its caption, `name.txt`; or all captions in one `captions.jsonl`.

    Raises:
        PictureError: there are none, or a line is wrong.
    """
    if not path.is_dir():
        yield from (_found(path.parent, line) for line in _lines(path))
        return
    captions = {line.file: line for line in _lines(path / CAPTIONS_FILE)} if (path / CAPTIONS_FILE).exists() else {}
    names = [name.relative_to(path).as_posix() for name in sorted(path.rglob("*")) if _is_picture(name, path)]
    if not names:
        raise PictureError(f"There are no pictures in {path}. Pictures end in {', '.join(sorted(SUFFIXES))}.")
    for name in names:
        line = captions.get(name) or _Line(name, _caption_beside(path / name))
        yield _found(path, line)


def _is_picture(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return not hidden and path.suffix.lower() in SUFFIXES and path.is_file()


def _caption_beside(path: Path) -> str:
    text = path.with_suffix(".txt")
    try:
        return " ".join(text.read_text(encoding="utf-8").split()) if text.is_file() else ""
    except UnicodeDecodeError as error:
        raise PictureError(f"{text} is not written in UTF-8. Save it so, or remove it.") from error


def _lines(path: Path) -> Iterator[_Line]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror}.") from error
    for number, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            try:
                yield msgspec.json.decode(line, type=_Line)
            except msgspec.DecodeError as error:
                text = f'{path}, line {number}: {error}. A line is {{"file": "...", "caption": "..."}}.'
                raise PictureError(text) from error


def _found(folder: Path, line: _Line) -> Found:
    return Found(
        source=line.file,
        digest=partial(_digest, folder / line.file),
        shrink=partial(_shrink_file, folder / line.file),
        caption=line.caption.strip(),
        turns=tuple(Turn(speaker, text) for speaker, text in line.turns),
        person_persona=line.person_persona,
        bot_persona=line.bot_persona,
        background=line.background,
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(_read(path)).hexdigest()


def _shrink_file(path: Path) -> Shrunk:
    return shrink(_read(path))


def _read(path: Path) -> bytes:
    """A file, or as much of it as shows that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise PictureError(f"It cannot be read: {error.strerror}.") from error
