"""What a model generates by."""

from copy import deepcopy
from typing import Any

from chateval.config import TransformersBot
from chateval.errors import BotError

DEFAULT_MAX_NEW_TOKENS = 128

SAMPLING = ("temperature", "top_k", "top_p", "top_h", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff")


def generation_config(spec: TransformersBot, model: Any) -> Any:
    """The checkpoint's own config, with the values of the spec in it.

    Raises:
        BotError: the two contradict one another, or transformers refuses a value.
    """
    config = deepcopy(model.generation_config)
    config.update(**spec.generation)
    _refuse_conflicts(spec, config)
    config.max_new_tokens = config.max_new_tokens or DEFAULT_MAX_NEW_TOKENS
    config.update(
        max_length=None, min_length=None, stop_strings=None, num_return_sequences=1, cache_implementation=None
    )
    config.update(return_dict_in_generate=False, use_cache=True, num_return_sequences=1)
    if not config.do_sample:
        config.update(**dict.fromkeys(SAMPLING))  # transformers warns of those that a checkpoint names for nothing
    if config.pad_token_id is None:
        end = config.eos_token_id
        config.pad_token_id = (end[0] if isinstance(end, list) else end) or 0
    try:
        config.validate(strict=True)
    except ValueError as error:
        raise BotError(f"Bot {spec.name!r}: its generation config cannot be used: {error}") from error
    return config


def end_tokens(config: Any) -> frozenset[int]:
    end = config.eos_token_id
    return frozenset() if end is None else frozenset(end if isinstance(end, list) else [end])


def _refuse_conflicts(spec: TransformersBot, config: Any) -> None:
    idle = [name for name in SAMPLING if name in spec.generation]
    if idle and not config.do_sample:
        raise BotError(
            f"Bot {spec.name!r}: {idle[0]} says how to sample, and neither the study nor the checkpoint says to. "
            f"Write do_sample: true under generation, or remove {idle[0]}."
        )
    if (config.min_new_tokens or 0) > (config.max_new_tokens or DEFAULT_MAX_NEW_TOKENS):
        raise BotError(
            f"Bot {spec.name!r}: min_new_tokens is {config.min_new_tokens}, more than max_new_tokens. Write the latter "
            "under generation, or lower the former."
        )
    if config.do_sample and (config.num_beams or 1) > 1:
        raise BotError(
            f"Bot {spec.name!r}: num_beams is {config.num_beams}, do_sample is true, and a beam search does not sample "
            "here. Write num_beams: 1 or do_sample: false under generation."
        )
