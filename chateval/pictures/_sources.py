"""Pictures as a page takes them: as data URLs."""

import base64
import logging
from collections import OrderedDict
from pathlib import Path

logger = logging.getLogger(__name__)

MAX_KEPT_CHARACTERS = 32_000_000
"""How much is kept encoded: some fifty pictures of the largest size, and hundreds of usual ones."""

_KINDS = {".jpg": "image/jpeg", ".png": "image/png"}


class PictureSources:
    """Encodes pictures of one folder; those that were asked for last are kept."""

    def __init__(self, folder: Path, most_characters: int = MAX_KEPT_CHARACTERS) -> None:
        self._folder = folder
        self._most = most_characters
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def source(self, file: str) -> str:
        """The data URL of a file; empty where it cannot be read, which the page then says."""
        if file in self._kept:
            self._kept.move_to_end(file)
            return self._kept[file]
        try:
            data = (self._folder / file).read_bytes()
        except OSError as error:
            logger.error("The picture %s cannot be shown: %s", file, error)  # noqa: TRY400  (nothing to trace)
            return ""
        url = f"data:{_KINDS.get(Path(file).suffix, 'image/jpeg')};base64,{base64.b64encode(data).decode()}"
        self._keep(file, url)
        return url

    def _keep(self, file: str, url: str) -> None:
        self._kept[file] = url
        self._characters += len(url)
        while self._characters > self._most:
            _, dropped = self._kept.popitem(last=False)
            self._characters -= len(dropped)
