"""Prompts with much to compute beside prompts with little."""

from collections.abc import Sequence
from statistics import median
from typing import Any

import torch

from chateval.bots.transformers._batch import Batch, padded_batch
from chateval.bots.transformers._checkpoint import Checkpoint
from chateval.bots.transformers._prefixes import Found, taken_apart

SLACK = 16
"""How many columns of padding are cheaper than a step of their own."""


def evened(checkpoint: Checkpoint, prompts: Sequence[tuple[int, ...]], found: Sequence[Found]) -> list[Found]:
    """What is known of each prompt, so that all have about as many tokens left to compute.

    All rows of a batch are as long as the longest: beside a dialogue that has just come, or whose beginning was cut
    off, each that goes on would be padded to the length of a whole prompt. So those few are computed first.
    """
    left = [len(ids) - one.tokens for ids, one in zip(prompts, found, strict=True)]
    limit = 2 * median(left) + SLACK
    long = [row for row, count in enumerate(left) if count > limit]
    known = list(found)
    if long:
        heads = [prompts[row][:-1] for row in long]
        batch = padded_batch(checkpoint, heads, [found[row] for row in long], with_cache=True)
        first_step(checkpoint, batch)
        for number, row in enumerate(long):
            columns = batch.inputs["attention_mask"][number].nonzero()[:, 0]
            known[row] = Found(taken_apart(batch.cache, number, columns, heads[number]), len(heads[number]))
    return known


def first_step(checkpoint: Checkpoint, batch: Batch) -> Any:
    """The scores of the first token of each reply, by the way that replies are generated; fills the batch's cache."""
    known = {} if batch.cache is None else {"past_key_values": batch.cache}
    with torch.inference_mode():
        written = checkpoint.model.generate(
            **batch.inputs,
            **known,
            generation_config=type(checkpoint.generation)(
                max_new_tokens=1,
                do_sample=False,
                return_dict_in_generate=True,
                output_logits=True,
                pad_token_id=checkpoint.generation.pad_token_id,
            ),
        )
    return written.logits[0]
