"""Replies while they are being generated, one of a batch each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from chateval.bots._bot import Reply
from chateval.bots._jobs import Job
from chateval.bots._usable import MAX_REPLY_CHARACTERS, usable_reply
from chateval.bots.transformers._prompts import Prompt
from chateval.dialogue import Usage
from chateval.errors import BotError


@dataclass
class Row:
    """One reply."""

    job: Job[Any, Reply]
    prompt: Prompt
    seed: int
    ids: list[int] = field(default_factory=list)
    """What was generated so far."""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    is_open: bool = True


@dataclass(frozen=True)
class Ending:
    """When a reply is over."""

    bot_name: str
    tokenizer: Any
    end_tokens: frozenset[int]
    stops: tuple[str, ...]
    max_new_tokens: int

    def finish(self, row: Row) -> None:
        """Deliver the reply."""
        row.is_open = False
        ids = row.ids[:-1] if row.ids and row.ids[-1] in self.end_tokens else row.ids
        text = self.text_of(ids)
        try:
            usable = usable_reply(self.bot_name, text[: self.stop_in(text)])
        except BotError as error:
            row.job.fail(error)
        else:
            row.job.done(Reply(usable, Usage(row.prompt_tokens, len(row.ids), row.cached_tokens)))

    def advance(self, row: Row) -> None:
        """Look at what was added last: show it, or finish."""
        if not row.job.is_wanted:
            row.is_open = False
        elif row.ids[-1] in self.end_tokens or len(row.ids) >= self.max_new_tokens:
            self.finish(row)
        else:
            text = self.text_of(row.ids)
            if self.stop_in(text) is not None or len(text) > MAX_REPLY_CHARACTERS:
                self.finish(row)
            else:
                row.job.show(self.certain(text))

    def stop_in(self, text: str) -> int | None:
        """Where the first stop text begins, in the reply as it will be shown."""
        places = [place for stop in self.stops if (place := text.find(stop)) >= 0]
        return min(places, default=None)

    def text_of(self, ids: Sequence[int]) -> str:
        text: str = self.tokenizer.decode(ids, skip_special_tokens=True)
        return text

    def certain(self, text: str) -> str:
        """The text without what may turn out to be the beginning of a stop text, or is half a character."""
        longest = max(map(len, self.stops), default=1) - 1
        for size in range(min(longest, len(text)), 0, -1):
            if any(stop.startswith(text[-size:]) for stop in self.stops):
                text = text[:-size]
                break
        return text.rstrip("\ufffd").strip()


class RowWatch:
    """Tells `generate` which rows are over, and finishes them; `start` is where replies begin."""

    def __init__(self, rows: Sequence[Row], ending: Ending, start: int) -> None:
        self._rows = rows
        self._ending = ending
        self._start = start

    def __call__(self, input_ids: Any, *_: Any, **__: Any) -> Any:
        if len(input_ids) == len(self._rows) and input_ids.shape[1] > self._start:
            for row, token in zip(self._rows, input_ids[:, -1].tolist(), strict=True):
                if row.is_open:
                    row.ids.append(token)
                    self._ending.advance(row)
        return torch.tensor([not row.is_open for row in self._rows], device=input_ids.device)


class BeamWatch:
    """Tells `generate` which rows nobody waits for any more; a row has several beams."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __call__(self, input_ids: Any, *_: Any, **__: Any) -> Any:
        beams = len(input_ids) // len(self._rows)
        given_up = torch.tensor([not row.job.is_wanted for row in self._rows], device=input_ids.device)
        return given_up.repeat_interleave(beams)
