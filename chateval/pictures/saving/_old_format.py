"""The pickle that ParlAI's own script leaves: a list of `{"image_act": ..., "context_info": ...}`."""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from chateval.compat import prepare_parlai
from chateval.errors import PictureError
from chateval.pictures.saving._acts import found_in
from chateval.pictures.saving._save import Found


def pictures_of_pickle(path: Path) -> Iterator[Found]:
    """Read a pickle. **Doing so runs whatever its maker has put into it**: only for files of one's own.

    `context_info`, a context of another task that ParlAI draws for each picture and uses nowhere, is noted.

    Raises:
        PictureError: it cannot be read, or holds something else.
    """
    prepare_parlai()
    try:
        with path.open("rb") as file:
            entries = pickle.load(file)  # noqa: S301  (asked for, with a warning)
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror}.") from error
    except Exception as error:  # a pickle may raise anything
        raise PictureError(f"{path} is no pickle that can be read here: {type(error).__name__}: {error}") from error
    if not isinstance(entries, list):
        raise PictureError(f"{path} holds a {type(entries).__name__}, and ParlAI's script writes a list.")
    for number, entry in enumerate(entries):
        act = entry.get("image_act") if isinstance(entry, Mapping) else None
        if not isinstance(act, Mapping):
            raise PictureError(f"{path}: entry {number} has no image_act, and ParlAI's script writes one for each.")
        found = found_in(act, f"{path.name}#{number}")
        context = entry.get("context_info")
        extra = {"context_info": {key: str(value) for key, value in context.items()}} if context else {}
        yield replace(found, noted={**found.noted, **extra})
