"""What GPT-2 has computed of a dialogue, kept until its next turn."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, local
from typing import Any
from weakref import WeakKeyDictionary

from parlai.agents.hugging_face.gpt2 import GPT2Decoder

from chateval.bots.parlai._prefix_batch import Prefix, PrefixBatch


class PrefixKeeper:
    """Has a GPT-2 decoder of ParlAI's compute only those tokens of a dialogue that are new since its last turn.

    ParlAI computes the whole history for each reply. What the decoder computes of a token depends on the tokens before
    it alone, so of a history that begins like the last one the beginning is taken from there; the result is the same.
    Kept are `max_bytes` at most, of those dialogues that spoke last, and no longer than these are known.
    """

    def __init__(self, decoder: GPT2Decoder, max_bytes: int) -> None:
        self._decoder = decoder
        self._compute = decoder.forward
        self._max_bytes = max_bytes
        self._kept: WeakKeyDictionary[Any, Prefix] = WeakKeyDictionary()
        self._lock = Lock()  # protects what is kept
        self._current = local()
        decoder.forward = self._forward

    @contextmanager
    def batch(self, dialogues: Sequence[Any]) -> Iterator[None]:
        """While the block runs, this thread computes a batch whose rows belong to these dialogues."""
        self._current.dialogues, self._current.batch = dialogues, None
        try:
            yield
            batch = self._current.batch
        finally:
            self._current.dialogues, self._current.batch = (), None
        if batch is not None:
            self._keep(dialogues, batch.prefixes())

    def _forward(self, input: Any, encoder_state: Any, incr_state: Any = None) -> Any:  # noqa: A002  (ParlAI's names)
        """What ParlAI's decoder does, whose arguments and results these are."""
        batch = getattr(self._current, "batch", None)
        if incr_state is not None and batch is not None and incr_state is batch.cache:
            return batch.go_on(input), batch.cache
        dialogues = getattr(self._current, "dialogues", ())
        if incr_state is None and batch is None and self._begins_reply(input, encoder_state, len(dialogues)):
            kept = self._take(dialogues)
            self._current.batch = batch = PrefixBatch(self._decoder, encoder_state, kept)
            return batch.begin(), batch.cache
        return self._compute(input, encoder_state, incr_state)

    def _begins_reply(self, input: Any, encoder_state: Any, rows: int) -> bool:  # noqa: A002
        decoder = self._decoder
        return (
            not decoder.add_start_token
            and tuple(input.shape) == (rows, 1)
            and bool((input == decoder.START_IDX).all())
            and tuple(encoder_state.shape[:1]) == (rows,)
            and encoder_state.shape[1] > 0
            and bool((encoder_state[:, -1] != decoder.NULL_IDX).all())
        )

    def _take(self, dialogues: Sequence[Any]) -> list["Prefix | None"]:
        with self._lock:
            return [self._kept.pop(dialogue, None) for dialogue in dialogues]

    def _keep(self, dialogues: Sequence[Any], prefixes: Iterator["Prefix"]) -> None:
        with self._lock:
            for dialogue, prefix in zip(dialogues, prefixes, strict=True):
                self._kept[dialogue] = prefix
            excess = sum(prefix.bytes for prefix in self._kept.values()) - self._max_bytes
            for dialogue, prefix in list(self._kept.items()):
                if excess <= 0:
                    break
                excess -= prefix.bytes
                del self._kept[dialogue]


def prefix_keeper_for(agent: Any, max_bytes: int) -> PrefixKeeper | None:
    """None for agents other than ParlAI's GPT-2 and those made from it, where they are spread over several devices, and
    where nothing may be kept.
    """
    decoder = getattr(getattr(agent, "model", None), "decoder", None)
    if not max_bytes or not isinstance(decoder, GPT2Decoder) or len({part.device for part in decoder.parameters()}) > 1:
        return None
    return PrefixKeeper(decoder, max_bytes)
