"""Pictures, in the form that an agent takes them in."""

import threading
from pathlib import Path
from typing import Any

from chateval.config import ParlAIBot
from chateval.dialogue import Picture
from chateval.errors import BotError

KEPT = 256
"""How many pictures are kept as the agent takes them."""


class PictureLoader:
    """Loads pictures by ParlAI's own loader: what it makes of them is the agent's `--image-mode`."""

    def __init__(self, name: str, folder: Path, loader: Any) -> None:
        self._name = name
        self._folder = folder
        self._loader = loader
        self._loaded: dict[str, Any] = {}
        self._lock = threading.Lock()  # protects the dictionary; and the loader's model and files, for one at a time

    @classmethod
    def made_for(cls, spec: ParlAIBot, agent: Any, folder: Path | None) -> "PictureLoader | None":
        """None in a study without pictures, and for agents that do not look at any."""
        if folder is None or not takes_pictures(agent):
            return None
        from parlai.core.image_featurizers import ImageLoader  # noqa: PLC0415  (takes seconds)

        return cls(spec.name, folder, ImageLoader(agent.opt))

    def load(self, picture: Picture) -> Any:
        """What belongs into the field `image` of a message.

        Raises:
            BotError: the file is not there, or is no picture.
        """
        with self._lock:
            if picture.file not in self._loaded:
                image = self._load(picture)
                while len(self._loaded) >= KEPT:
                    del self._loaded[next(iter(self._loaded))]
                self._loaded[picture.file] = image
            return self._loaded[picture.file]

    def _load(self, picture: Picture) -> Any:
        try:
            return self._loader.load(str(self._folder / picture.file))
        except (OSError, ValueError) as error:
            raise BotError(f"Bot {self._name!r} cannot look at the picture {picture.file}: {error}") from error


def takes_pictures(agent: Any) -> bool:
    """Whether an agent is to be shown pictures.

    ParlAI gives every agent the image mode `raw`, also those that read only. So that mode counts where the options name
    it, any other one wherever it comes from.
    """
    mode = agent.opt.get("image_mode")
    if mode in (None, "no_image_model", "none"):
        return False
    return mode != "raw" or "image_mode" in agent.opt.get("override", {})
