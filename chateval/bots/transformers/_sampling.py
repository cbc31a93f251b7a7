"""Draws that depend on nothing but the reply that they are for."""

import hashlib
import random
from collections.abc import Callable, Sequence
from typing import Any

import torch


def seed_of(seed: int, dialogue_id: str, turns: int, attempt: int) -> int:
    """What a reply is drawn from: the same whoever else is answered at the time, and another for each attempt."""
    told = f"{seed}\n{dialogue_id}\n{turns}\n{attempt}"
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8])


class RowSampler:
    """Draws the next token of each row from a sequence of its own.

    Called last with the scores as all else has shaped them, a row of the vocabulary's length each, it leaves one token
    in each row that can be chosen.
    """

    def __init__(self, seeds: Sequence[int]) -> None:
        self._draws = [random.Random(seed) for seed in seeds]  # noqa: S311  (no secret depends on it)

    def __call__(self, _: Any, scores: Any) -> Any:
        shares = torch.softmax(scores.double(), dim=-1)
        sums = shares.cumsum(dim=-1)
        points = torch.tensor([draw.random() for draw in self._draws], dtype=sums.dtype, device=sums.device)
        found = torch.searchsorted(sums, points[:, None] * sums[:, -1:], right=True)
        # Rounding may lead past the last token that has a share.
        found = torch.where(shares.gather(1, found.clamp(max=shares.shape[1] - 1)) > 0, found, shares.argmax(1, True))
        return torch.full_like(scores, float("-inf")).scatter(1, found, 0.0)


def sampling_with(sampler: RowSampler) -> Callable[..., Any]:
    """A way to generate, for `generate(custom_generate=...)`: transformers' own, with the sampler as its last word."""

    def generate(model: Any, input_ids: Any, logits_processor: Any, **options: Any) -> Any:
        processors = type(logits_processor)([*logits_processor, sampler])
        return model._sample(input_ids, logits_processor=processors, **options)  # noqa: SLF001  (generate calls it so)

    return generate
