"""Pictures that came with a request, as the files that bots look for."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from chateval.bots.serving._protocol import Asked
from chateval.dialogue import Context


class PictureFolder:
    """A folder of this process alone, which holds a picture as long as a reply to it is worked at."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="chateval-pictures-")
        self.path = Path(self._folder.name)

    @contextmanager
    def shown(self, asked: Asked) -> Iterator[Context]:
        """The request's context, with a picture that is to be found in this folder if it came with one."""
        picture = asked.context.picture
        if picture is None or asked.picture is None:
            yield asked.context
            return
        file = self.path / f"{uuid.uuid4().hex}{_ending(picture.file)}"
        file.write_bytes(asked.picture)
        try:
            yield replace(asked.context, picture=replace(picture, file=file.name))
        finally:
            file.unlink(missing_ok=True)

    def close(self) -> None:
        self._folder.cleanup()


def _ending(name: str) -> str:
    """As in `.png`; nothing that could lead out of the folder."""
    ending = PurePosixPath(name).suffix.lower()
    return ending if ending[1:].isalnum() and len(ending) <= 6 else ""
