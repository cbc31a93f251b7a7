"""Prompts of different lengths in one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import DynamicCache

from chateval.bots.transformers._checkpoint import Checkpoint
from chateval.bots.transformers._prefixes import Found, joined
from chateval.bots.transformers._prompts import Prompt


@dataclass(frozen=True)
class Batch:
    """What `generate` is called with, a row for each prompt."""

    inputs: dict[str, Any]
    cache: Any | None
    cached: tuple[int, ...]
    """How many tokens of each prompt need not be computed."""


def padded_batch(
    checkpoint: Checkpoint, prompts: Sequence[tuple[int, ...]], found: Sequence[Found], *, with_cache: bool
) -> Batch:
    """Prompts with what is known of them.

    A model that goes on from its prompt has them end in the last column, an encoder has them begin in the first. The
    columns that were computed before come first, so a row may have two gaps. A gap holds the row's own first token: it
    is masked, but penalties for repetition count the tokens of a row without looking at the mask.
    """
    device = checkpoint.model.device
    layers, past = joined(found)
    new = max(len(ids) - one.tokens for ids, one in zip(prompts, found, strict=True))
    tokens, mask = [], []
    for ids, one in zip(prompts, found, strict=True):
        known, rest = ids[: one.tokens], ids[one.tokens :]
        gap = new - len(rest)
        if checkpoint.is_seq2seq:
            tokens.append([*ids, *[checkpoint.generation.pad_token_id] * gap])
            mask.append([1] * len(ids) + [0] * gap)
        else:
            tokens.append([*ids[:1] * (past - one.tokens), *known, *ids[:1] * gap, *rest])
            mask.append([0] * (past - one.tokens) + [1] * one.tokens + [0] * gap + [1] * len(rest))
    inputs = {
        "input_ids": torch.tensor(tokens, device=device),
        "attention_mask": torch.tensor(mask, device=device),
    }
    cache = None
    if with_cache:
        cache = DynamicCache(layers) if layers else DynamicCache(config=checkpoint.model.config)
    return Batch(inputs, cache, tuple(one.tokens for one in found))


def pictured_batch(checkpoint: Checkpoint, prompts: Sequence[Prompt]) -> Batch:
    """Prompts with a picture each, as the checkpoint's processor puts them."""
    assert checkpoint.processor is not None  # noqa: S101  (else no prompt has a picture)
    inputs = checkpoint.processor(
        text=[prompt.text for prompt in prompts],
        images=[[prompt.image] for prompt in prompts],
        add_special_tokens=False,
        padding=True,
        padding_side="left",
        return_tensors="pt",
    ).to(checkpoint.model.device, dtype=checkpoint.model.dtype)
    return Batch(dict(inputs), None, (0,) * len(prompts))
