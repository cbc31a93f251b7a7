"""Ids for what files name by its text alone. They are stored with the data, so these rules never change."""

import re
from hashlib import sha256

MAX_ID_CHARACTERS = 200
_BARE = re.compile(r"[A-Za-z0-9_.-]+")


def is_bare(text: str) -> bool:
    """Whether a text is a word that can be an id as it stands."""
    return len(text) <= MAX_ID_CHARACTERS and _BARE.fullmatch(text) is not None


def slug(text: str) -> str:
    """The text in lower case with `_` for all that is no letter or digit, at most 40 characters; may be empty."""
    return re.sub(r"[\W_]+", "_", text.lower()).strip("_")[:40].rstrip("_")


def slug_or_id(text: str) -> str:
    return slug(text) or id_of(text)


def id_of(text: str) -> str:
    """A bare word as it is, and any other text's slug with the beginning of its SHA-256."""
    return text if is_bare(text) else hashed_id(text, text)


def hashed_id(text: str, origin: str) -> str:
    """The slug of a text, told apart from others by all of `origin`."""
    return f"{slug(text) or 'id'}_{sha256(origin.encode()).hexdigest()[:6]}"
