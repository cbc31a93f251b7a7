"""Dialogues that have become longer than a model reads."""

import logging
import re
from collections.abc import Sequence

import openai

from chateval.bots._bot import Request
from chateval.bots.openai._complaints import said_by
from chateval.dialogue import Speaker, Turn

logger = logging.getLogger(__name__)

_TOO_LONG = re.compile(
    r"context[ _](length|window|size)|maximum context|prompt is too long|too many (input )?tokens", re.IGNORECASE
)
_STATUSES = {400, 413, 422}


class Lengths:
    """Leaves out the oldest turns of a dialogue once its endpoint refuses it for its length."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._left_out: dict[str, int] = {}

    def turns(self, request: Request) -> Sequence[Turn]:
        """The turns that are sent."""
        return request.turns[self._left_out.get(request.dialogue_id, 0) :]

    def shorten(self, request: Request, error: Exception) -> bool:
        """Whether a request was refused for its length, and has turns that can be left out: a quarter of them is."""
        if not isinstance(error, openai.APIStatusError) or error.status_code not in _STATUSES:
            return False
        if error.code != "context_length_exceeded" and not _TOO_LONG.search(said_by(error)):
            return False
        before = self._left_out.get(request.dialogue_id, 0)
        left_out = before + max(1, (len(request.turns) - before) // 4)
        starts = [place for place, turn in enumerate(request.turns) if turn.speaker is Speaker.USER]
        left_out = next((place for place in starts if place >= left_out), 0)  # models take dialogues that a user begins
        if left_out:
            self._left_out[request.dialogue_id] = left_out
            logger.warning(
                "Bot %r: dialogue %s is longer than the endpoint takes; its first %d turns are not sent any more.",
                self._name,
                request.dialogue_id,
                left_out,
            )
        return bool(left_out)

    def forget(self, dialogue_id: str) -> None:
        self._left_out.pop(dialogue_id, None)
