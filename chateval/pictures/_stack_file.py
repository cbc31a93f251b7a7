"""`image_stack.json`: which pictures were talked about with which bots, and by whom, for people and other studies."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from chateval.errors import PictureError

STACK_FILE = "image_stack.json"
VERSION = 1


class Look(Struct, frozen=True):
    """One session about a picture. Of its worker a digest is kept, which tells workers apart and names nobody."""

    session: str
    worker: str
    is_done: bool


class _File(Struct, frozen=True):
    combinations: dict[str, dict[str, list[Look]]]
    """By the picture's short id, then by the bot."""
    version: int = VERSION


Stack = dict[str, tuple[str, str, Look]]
"""Picture, partner and look, by session."""


def worker_digest(worker_name: str) -> str:
    return hashlib.sha256(worker_name.encode()).hexdigest()[:20]


def read_stack(folder: Path) -> Stack:
    """What a folder's stack says; nothing where there is none yet.

    Raises:
        PictureError: it cannot be read, or is something else.
    """
    path = folder / STACK_FILE
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror}. Mend that, or name another folder.") from error
    except msgspec.DecodeError as error:
        text = f"{path} is no stack of pictures: {error}. Bring it back, or move it away: what this study's journal"
        raise PictureError(f"{text} knows is counted without it.") from error
    return {
        look.session: (picture, partner, look)
        for picture, partners in file.combinations.items()
        for partner, looks in partners.items()
        for look in looks
    }


def write_stack(folder: Path, looks: Iterable[tuple[str, str, Look]]) -> None:
    """Write a stack so that it is there as a whole, the old one or the new one. Raises OSError."""
    combinations: dict[str, dict[str, list[Look]]] = {}
    for picture, partner, look in sorted(looks, key=lambda entry: (entry[0], entry[1], entry[2].session)):
        combinations.setdefault(picture, {}).setdefault(partner, []).append(look)
    folder.mkdir(parents=True, exist_ok=True)
    path, partial = folder / STACK_FILE, folder / f"{STACK_FILE}.part"
    with partial.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(_File(combinations)), indent=1))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
