"""How an endpoint wants to be asked, where servers differ: learned from what they refuse, once for all dialogues."""

import logging
import re
from typing import Any

import openai

from chateval.bots.openai._complaints import said_by
from chateval.config import OpenAIBot

logger = logging.getLogger(__name__)

_OTHER_NAME = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_WORD = re.compile(r"\w+")
_UNKNOWN = re.compile(r"unsupported|unknown|unrecogni|unexpected|not supported|not permitted|extra", re.IGNORECASE)
_PICTURE_WORDS = re.compile(r"image|picture|vision|multi-?modal|content part|content type", re.IGNORECASE)
_REFUSED_PICTURES = {400, 404, 415, 422, 500, 501}


class Manner:
    """What goes into a request beside its messages."""

    def __init__(self, spec: OpenAIBot) -> None:
        self._spec = spec
        self._options = dict(spec.options)
        self._counts_in_stream = True
        self._is_renamed = False
        self.shows_pictures = spec.images is not False

    def parameters(self) -> dict[str, Any]:
        """The arguments of a chat completion, its messages apart."""
        streaming: dict[str, Any] = {"stream": self._spec.stream}
        if self._spec.stream and self._counts_in_stream:
            streaming["stream_options"] = {"include_usage": True}
        extra = {"extra_body": dict(self._spec.extra_body)} if self._spec.extra_body else {}
        return {"model": self._spec.model, **self._options, **streaming, **extra}

    def adapt(self, error: Exception, *, has_picture: bool) -> bool:
        """Whether the request was refused for its manner, and another one is worth trying."""
        if not isinstance(error, openai.APIStatusError):
            return False
        said, status = said_by(error), error.status_code
        if status in {400, 422} and self._counts_in_stream and self._spec.stream and "stream_options" in said:
            self._counts_in_stream = False
            self._note("does not count tokens while it streams, so what replies cost is not known")
            return True
        if status in {400, 422} and self._rename(said):
            return True
        if has_picture and self.shows_pictures and self._spec.images == "auto" and status in _REFUSED_PICTURES:
            self.shows_pictures = not _PICTURE_WORDS.search(said)
            if not self.shows_pictures:
                self._note("takes no pictures, so the bot is told their captions")
            return not self.shows_pictures
        return False

    def _rename(self, said: str) -> bool:
        """Servers know the limit of tokens under one of two names, or under both."""
        for name, other in _OTHER_NAME.items():
            if name in self._options and name in _WORD.findall(said) and not self._is_renamed:
                self._is_renamed = other in said or _UNKNOWN.search(said) is not None
                if self._is_renamed:
                    self._options[other] = self._options.pop(name)
                    return True
        return False

    def _note(self, text: str) -> None:
        logger.warning("Bot %r: the endpoint %s %s.", self._spec.name, self._spec.url, text)
