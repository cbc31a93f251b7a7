"""What the `generation` of a transformers checkpoint may hold."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chateval.config._nearest import did_you_mean, listed
from chateval.config._rules import Count, Flag, Positive, Share
from chateval.config.bots._terms import Fault

Above0 = Annotated[float, Meta(gt=0, le=1_000, description="a number above 0")]
Number = Annotated[float, Meta(ge=-1_000, le=1_000, description="a number")]
Token = Annotated[int, Meta(ge=0, description="the number of a token")]
Tokens = Annotated[int | list[int], Meta(description="the number of a token, or a list of them")]
TokenList = Annotated[list[int], Meta(description="a list of numbers of tokens")]
TokenLists = Annotated[list[list[int]], Meta(description="a list of lists of numbers of tokens")]

SAMPLING: Mapping[str, Any] = {
    "temperature": Above0,
    "top_k": Count,
    "top_p": Share,
    "top_h": Share,
    "min_p": Share,
    "typical_p": Share,
    "epsilon_cutoff": Share,
    "eta_cutoff": Share,
}
"""What has a meaning only with `do_sample: true`."""

BEAMS: Mapping[str, Any] = {
    "early_stopping": Annotated[bool | str, Meta(description="true, false or never")],
    "length_penalty": Number,
}
"""What has a meaning only with `num_beams` above 1."""

OFFERED: Mapping[str, Any] = {
    **SAMPLING,
    **BEAMS,
    "max_new_tokens": Positive,
    "min_new_tokens": Count,
    "do_sample": Flag,
    "num_beams": Annotated[int, Meta(ge=1, le=64, description="a whole number from 1 to 64")],
    "repetition_penalty": Above0,
    "encoder_repetition_penalty": Above0,
    "no_repeat_ngram_size": Count,
    "encoder_no_repeat_ngram_size": Count,
    "bad_words_ids": TokenLists,
    "suppress_tokens": TokenList,
    "begin_suppress_tokens": TokenList,
    "sequence_bias": Annotated[list[Any], Meta(description="a list of pairs: a list of token numbers, and a bias")],
    "exponential_decay_length_penalty": Annotated[
        list[float], Meta(min_length=2, max_length=2, description="a list of two numbers: from where, and how much")
    ],
    "forced_bos_token_id": Token,
    "forced_eos_token_id": Tokens,
    "bos_token_id": Token,
    "eos_token_id": Tokens,
    "pad_token_id": Token,
    "decoder_start_token_id": Token,
    "renormalize_logits": Flag,
    "remove_invalid_values": Flag,
}
"""The names are those of transformers' `GenerationConfig`."""

NOT_OFFERED: Mapping[str, str] = {
    "max_length": "It counts the dialogue too, and would leave no room for a reply in the end. Write max_new_tokens.",
    "min_length": "It counts the dialogue too. Write min_new_tokens.",
    "stop_strings": "Write them as a list under stop:, beside generation.",
    "max_time": "How long a reply may take is said by timeout_seconds, beside generation.",
    "num_return_sequences": "A reply is one text. A bot of kind: rerank asks for several and says the best of them.",
    "num_beam_groups": "Transformers has given it up. Remove it.",
}


def faults_of_generation(values: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the values that stand in for a checkpoint's own."""
    for name, value in values.items():
        if name in OFFERED:
            yield from _fault_of_value(name, value)
        else:
            yield Fault(f"generation.{name}", _unknown(name))
    for name, text in _conflicts(values):
        yield Fault(f"generation.{name}", text)


def _fault_of_value(name: str, value: Any) -> Iterator[Fault]:
    if name == "temperature" and value == 0:
        text = "0 will not do. A model that always says what it holds most likely has do_sample: false."
        yield Fault("generation.temperature", text)
        return
    rule = OFFERED[name]
    try:
        msgspec.convert(value, rule)
    except (msgspec.ValidationError, OverflowError):
        description = rule.__metadata__[0].description
        yield Fault(f"generation.{name}", f"{value!r} will not do. This key takes {description}. Correct the value.")


def _unknown(name: str) -> str:
    if name in NOT_OFFERED:
        return f"{name} cannot be chosen here. {NOT_OFFERED[name]}"
    text = f"There is no key {name!r} for generation.{did_you_mean(name, OFFERED)}"
    return f"{text} It has: {listed(OFFERED)}."


def _conflicts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    is_beamed = isinstance(values.get("num_beams"), int) and values["num_beams"] > 1
    if values.get("do_sample") is False:
        for name in (name for name in SAMPLING if name in values):
            yield name, f"{name} says how to sample, and do_sample is false. Write do_sample: true, or remove {name}."
    if values.get("do_sample") is True and is_beamed:
        yield "num_beams", "A beam search does not sample here, and do_sample is true. Remove one of the two."
    if values.get("num_beams") == 1:
        for name in (name for name in BEAMS if name in values):
            yield name, f"{name} is for a beam search, and num_beams is 1. Raise num_beams, or remove {name}."
    fewest, most = values.get("min_new_tokens"), values.get("max_new_tokens")
    if isinstance(fewest, int) and isinstance(most, int) and fewest > most:
        yield "min_new_tokens", f"{fewest} is more than max_new_tokens, {most}. Lower it."
