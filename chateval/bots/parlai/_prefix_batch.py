"""A batch of dialogues, of which GPT-2 has computed the beginnings before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from parlai.agents.hugging_face.gpt2 import GPT2Decoder
from transformers import DynamicCache

from chateval.bots.parlai._roomy_layer import RoomyLayer

ROOM = 32
"""For so many generated tokens a batch has room at first."""
PORTION, PORTION_ON_A_GPU = 512, 16_384
"""How many tokens are computed at once, where many are new."""


@dataclass
class Prefix:
    """Tokens, and for each layer keys and values of them: (heads, tokens, width of a head)."""

    tokens: list[int]
    layers: list[Any]
    bytes: int

    def common(self, tokens: Sequence[int]) -> int:
        """How many tokens begin both; never all, since the last is computed to go on from."""
        length = min(len(self.tokens), len(tokens) - 1)
        return next((place for place in range(length) if self.tokens[place] != tokens[place]), length)


class PrefixBatch:
    """Dialogues of different lengths whose next tokens are computed together.

    The columns of a row: filling, what is kept, filling, what is new, and then what is generated. Rows are sorted by
    how much is new, so that it can be computed in portions of rows with little filling; who asks does not see it.
    """

    def __init__(self, decoder: GPT2Decoder, texts: Any, kept: Sequence[Prefix | None]) -> None:
        self._decoder = decoder
        self._device = texts.device
        tokens = [row[row != decoder.NULL_IDX].tolist() for row in texts]
        self._rows = [_Row(*pair) for pair in zip(tokens, kept, strict=True)]
        self._sorted = sorted(range(len(self._rows)), key=lambda place: self._rows[place].new)
        self._rows = [self._rows[place] for place in self._sorted]
        self._before = max(row.old for row in self._rows)
        self._columns = self._before + max(row.new for row in self._rows)
        self._mask = torch.zeros((len(self._rows), self._columns), dtype=torch.bool)
        for row, mask in zip(self._rows, self._mask, strict=True):
            mask[self._before - row.old : self._before] = True
            mask[self._columns - row.new :] = True
        self._mask = self._mask.to(self._device)
        self._lengths = torch.tensor([[len(row.tokens)] for row in self._rows], device=self._device)
        self.cache = self._filled()

    def begin(self) -> Any:
        """Compute what is new; returns the hidden state of each row's last token: (rows, 1, width)."""
        return self._unsorted(torch.cat([self._begin(first, last) for first, last in self._portions()]))

    def go_on(self, said: Any) -> Any:
        """Compute the last of the tokens said so far, the first of which is ParlAI's mark for the start."""
        said = said[self._sorted]
        is_token = said[:, 1:] != self._decoder.NULL_IDX
        places = self._lengths - 1 + is_token.sum(-1, keepdim=True)
        mask = torch.cat([self._mask, is_token], dim=-1)
        return self._unsorted(self._computed(said[:, -1:].clamp(min=0), places, mask, self.cache))

    def prefixes(self) -> Iterator[Prefix]:
        """What was computed of each row's text, row by row; the cache is of no use afterwards."""
        layers: list[list[Any]] = []
        for layer in self.cache.layers:  # one after the other, so that no more than one is there twice
            layers.append([self._text_of(layer, *pair) for pair in enumerate(self._rows)])
            layer.let_go()
        for place in _inverse(self._sorted):
            own = [layer[place] for layer in layers]
            size = sum(part.numel() * part.element_size() for pair in own for part in pair)
            yield Prefix(self._rows[place].tokens, own, size)

    def _portions(self) -> Iterator[tuple[int, int]]:
        """Ranges of rows. On a processor, what is computed at once should fit into its cache."""
        most = PORTION if self._device.type == "cpu" else PORTION_ON_A_GPU
        first = 0
        for place in range(len(self._rows)):
            following = self._rows[place + 1].new if place + 1 < len(self._rows) else most
            if (place + 2 - first) * following > most:
                yield first, place + 1
                first = place + 1

    def _begin(self, first: int, last: int) -> Any:
        rows = self._rows[first:last]
        width = rows[-1].new
        tokens = torch.zeros((len(rows), width), dtype=torch.long)
        places = torch.zeros_like(tokens)
        for number, row in enumerate(rows):
            tokens[number, width - row.new :] = torch.tensor(row.tokens[row.old :])
            places[number, width - row.new :] = torch.arange(row.old, len(row.tokens))
        part = DynamicCache(config=self._decoder.transformer.config)
        part.layers = [layer.rows(first, last, self._columns - width) for layer in self.cache.layers]
        hidden = self._computed(tokens.to(self._device), places.to(self._device), self._mask[first:last], part)
        return hidden[:, -1:]

    def _filled(self) -> Any:
        """A cache that holds what is kept, and has room for what is new."""
        transformer = self._decoder.transformer
        config, sample = transformer.config, transformer.wpe.weight
        shape = (len(self._rows), config.n_head, self._columns + ROOM, config.n_embd // config.n_head)
        cache = DynamicCache(config=config)
        cache.layers = [
            RoomyLayer(sample.new_empty(shape), sample.new_empty(shape), self._columns) for _ in cache.layers
        ]
        for number, layer in enumerate(cache.layers):
            for row, *states in zip(self._rows, layer.keys, layer.values, strict=True):
                row.fill(number, states, self._before, self._columns)
        return cache

    def _text_of(self, layer: "RoomyLayer", place: int, row: "_Row") -> tuple[Any, Any]:
        """What is computed of a text, without the filling, and without what was generated."""
        old, new = slice(self._before - row.old, self._before), slice(self._columns - row.new, self._columns)
        keys, values = layer.keys[place], layer.values[place]
        return torch.cat([keys[:, old], keys[:, new]], 1), torch.cat([values[:, old], values[:, new]], 1)

    def _unsorted(self, states: Any) -> Any:
        return states[_inverse(self._sorted)]

    def _computed(self, tokens: Any, places: Any, mask: Any, cache: Any) -> Any:
        return self._decoder.transformer(
            tokens, past_key_values=cache, attention_mask=mask, position_ids=places, use_cache=True
        )[0]


class _Row:
    """A text as tokens, what is kept of it, and how many of its tokens are old and new."""

    def __init__(self, tokens: list[int], kept: Prefix | None) -> None:
        self.tokens = tokens
        self.kept = kept
        self.old = 0 if kept is None else kept.common(tokens)
        self.new = len(tokens) - self.old

    def fill(self, layer: int, states: Sequence[Any], before: int, columns: int) -> None:
        """Put what is kept of a layer where it belongs, and zeros where there is nothing: (heads, columns, width)."""
        kept = None if self.kept is None else self.kept.layers[layer]
        for number, part in enumerate(states):
            part[:, : before - self.old] = 0
            part[:, before : columns - self.new] = 0
            if kept is not None:
                part[:, before - self.old : before] = kept[number][:, : self.old]
        if self.kept is not None:
            self.kept.layers[layer] = None  # or all would be there twice


def _inverse(order: Sequence[int]) -> list[int]:
    return sorted(range(len(order)), key=lambda place: order[place])
