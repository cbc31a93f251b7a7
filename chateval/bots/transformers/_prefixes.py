"""What a model has computed for the beginnings of dialogues, kept for their next turns."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class Prefix:
    """Keys and values of each layer for some tokens: tensors of the shape heads, tokens, size of a head."""

    ids: tuple[int, ...]
    layers: tuple[tuple[Any, Any], ...]

    @property
    def bytes(self) -> int:
        return sum(int(tensor.nbytes) for layer in self.layers for tensor in layer)


@dataclass(frozen=True)
class Found:
    """A prefix of which the first `tokens` are the same as those of a prompt."""

    prefix: Prefix | None
    tokens: int


NOTHING = Found(None, 0)


class PrefixStore:
    """The latest prefix of each dialogue; where all take more than `max_bytes`, those go that were used longest ago."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[str, Prefix] = OrderedDict()
        self._open: set[str] = set()
        self._lock = threading.Lock()  # protects the above: a thread that was given up may still put something in

    def find(self, dialogue_id: str, ids: Sequence[int]) -> Found:
        """The longest prefix of a prompt that is known: by its own dialogue, or by another with the same instructions.

        At least one token of the prompt is left to compute.
        """
        with self._lock:
            self._open.add(dialogue_id)
            own = self._kept.get(dialogue_id)
            if own is not None:
                self._kept.move_to_end(dialogue_id)
            found = Found(own, _shared(own.ids, ids)) if own is not None else NOTHING
            for prefix in self._kept.values() if found.tokens == 0 else ():
                shared = _shared(prefix.ids, ids)
                if shared > found.tokens:
                    found = Found(prefix, shared)
        return Found(found.prefix, min(found.tokens, len(ids) - 1))

    def keep(self, dialogue_id: str, prefix: Prefix) -> None:
        """Keep what was computed for a dialogue, unless it was forgotten since it was last looked for."""
        with self._lock:
            if dialogue_id not in self._open or prefix.bytes > self._max_bytes:
                return
            self._drop(dialogue_id)
            self._kept[dialogue_id] = prefix
            self._bytes += prefix.bytes
            while self._bytes > self._max_bytes:
                self._drop(next(iter(self._kept)))

    def forget(self, dialogue_id: str) -> None:
        with self._lock:
            self._open.discard(dialogue_id)
            self._drop(dialogue_id)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _drop(self, dialogue_id: str) -> None:
        prefix = self._kept.pop(dialogue_id, None)
        if prefix is not None:
            self._bytes -= prefix.bytes


def joined(found: Sequence[Found]) -> tuple[list[tuple[Any, Any]], int]:
    """Keys and values of a batch for each layer, rows padded on the left, and how many columns they have."""
    columns = max(one.tokens for one in found)
    known = next((one.prefix for one in found if one.tokens and one.prefix is not None), None)
    if known is None:
        return [], 0
    layers = []
    for number, both in enumerate(known.layers):
        padded = [tensor.new_zeros(len(found), tensor.shape[0], columns, tensor.shape[2]) for tensor in both]
        for row, one in enumerate(found):
            if one.prefix is not None and one.tokens:
                for into, tensor in zip(padded, one.prefix.layers[number], strict=True):
                    into[row, :, columns - one.tokens :] = tensor[:, : one.tokens]
        layers.append((padded[0], padded[1]))
    return layers, columns


def taken_apart(cache: Any, row: int, columns: Any, ids: tuple[int, ...]) -> Prefix:
    """What a cache holds of one row: `columns` says where its tokens `ids` are."""
    layers = []
    for layer in cache.layers:
        where = columns.to(layer.keys.device)  # a model may be spread over several
        layers.append((layer.keys[row].index_select(1, where), layer.values[row].index_select(1, where)))
    return Prefix(ids, tuple(layers))


def _shared(known: Sequence[int], ids: Sequence[int]) -> int:
    """How many tokens two sequences begin with in common."""
    for place, (one, other) in enumerate(zip(known, ids, strict=False)):
        if one != other:
            return place
    return min(len(known), len(ids))


def is_plain(cache: Any) -> bool:
    """Whether a cache holds keys and values of every token in every layer, so that they can be taken apart."""
    from transformers.cache_utils import DynamicLayer  # noqa: PLC0415  (beside the only place that needs it)

    return all(type(layer) is DynamicLayer and isinstance(layer.keys, torch.Tensor) for layer in cache.layers)
