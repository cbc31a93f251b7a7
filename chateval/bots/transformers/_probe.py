"""Whether a model computes the same in company and alone."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import torch

from chateval.bots.transformers._batch import Batch, padded_batch
from chateval.bots.transformers._checkpoint import Checkpoint
from chateval.bots.transformers._evening import first_step
from chateval.bots.transformers._prefixes import NOTHING, Found, is_plain, taken_apart

logger = logging.getLogger(__name__)

TOLERANCE = {torch.float32: 1e-3, torch.float64: 1e-6}
"""How far scores may differ, as a share of how far they spread; for numbers of fewer bits it is `ROUGH`."""
ROUGH = 0.1


def holds(probe: Callable[[Checkpoint], bool], checkpoint: Checkpoint) -> bool:
    """The answer of one of the two below; no, where the model fails at it."""
    try:
        return probe(checkpoint)
    except Exception as error:  # noqa: BLE001  (a model is foreign code, which may raise anything)
        logger.warning("A model failed where it was tried out: %s: %s", type(error).__name__, error)
        return False


def pads_well(checkpoint: Checkpoint) -> bool:
    """Whether a prompt beside a longer one gets the scores that it gets alone."""
    short, long = _prompts(checkpoint)
    together = _scores(checkpoint, padded_batch(checkpoint, [short, long], [NOTHING, NOTHING], with_cache=False))
    return all(_are_alike(checkpoint, together[row], _alone(checkpoint, ids)) for row, ids in enumerate((short, long)))


def reuses_well(checkpoint: Checkpoint) -> bool:
    """Whether prompts that go on from what is known of their beginnings get the scores that they get alone."""
    prompts = _prompts(checkpoint)
    found = []
    for ids, known in zip(prompts, (2, 7), strict=True):
        alone = padded_batch(checkpoint, [ids], [NOTHING], with_cache=True)
        _scores(checkpoint, alone)
        if alone.cache is None or not is_plain(alone.cache) or alone.cache.get_seq_length() < len(ids):
            return False
        found.append(Found(taken_apart(alone.cache, 0, torch.arange(len(ids)), ids), known))
    again = _scores(checkpoint, padded_batch(checkpoint, prompts, found, with_cache=True))
    return all(_are_alike(checkpoint, again[row], _alone(checkpoint, ids)) for row, ids in enumerate(prompts))


def _prompts(checkpoint: Checkpoint) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two of different lengths, of tokens from all over the vocabulary."""
    size = int(checkpoint.model.config.get_text_config().vocab_size)
    return tuple(size * place // 7 for place in range(1, 6)), tuple(size * place // 14 for place in range(1, 13))


def _alone(checkpoint: Checkpoint, ids: Sequence[int]) -> Any:
    return _scores(checkpoint, padded_batch(checkpoint, [tuple(ids)], [NOTHING], with_cache=False))[0]


def _scores(checkpoint: Checkpoint, batch: Batch) -> Any:
    return first_step(checkpoint, batch).double()


def _are_alike(checkpoint: Checkpoint, scores: Any, others: Any) -> bool:
    tolerance = TOLERANCE.get(checkpoint.model.dtype, ROUGH)
    return bool((scores - others).abs().max() <= tolerance * others.std())
