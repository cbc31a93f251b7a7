"""The parameters of a chat completion, as a study may set them."""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chateval.config._nearest import did_you_mean, listed
from chateval.config.bots._terms import Fault

_Flag = Annotated[bool, Meta(description="true or false")]
_Text = Annotated[str, Meta(description="text")]
_Group = Annotated[dict[str, Any], Meta(description="a mapping")]
_Penalty = Annotated[float, Meta(ge=-2, le=2, description="a number from -2 to 2")]
_Tokens = Annotated[int, Meta(ge=1, description="a whole number of tokens, 1 or more")]
_Stop = Annotated[
    Annotated[str, Meta(min_length=1)] | Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1)],
    Meta(description="a text, or a list of texts, none of them empty"),
]

PARAMETERS: Mapping[str, Any] = {
    "frequency_penalty": _Penalty,
    "logit_bias": Annotated[dict[str, float], Meta(description="a mapping of tokens to numbers")],
    "max_completion_tokens": _Tokens,
    "max_tokens": _Tokens,
    "metadata": Annotated[dict[str, str], Meta(description="a mapping of texts to texts")],
    "moderation": _Group,
    "prediction": _Group,
    "presence_penalty": _Penalty,
    "prompt_cache_key": _Text,
    "prompt_cache_options": _Group,
    "prompt_cache_retention": _Text,
    "reasoning_effort": _Text,
    "response_format": _Group,
    "safety_identifier": _Text,
    "seed": Annotated[int, Meta(description="a whole number")],
    "service_tier": _Text,
    "stop": _Stop,
    "store": _Flag,
    "temperature": Annotated[float, Meta(ge=0, le=2, description="a number from 0 to 2")],
    "top_p": Annotated[float, Meta(ge=0, le=1, description="a number from 0 to 1")],
    "user": _Text,
    "verbosity": _Text,
    "web_search_options": _Group,
}
"""The protocol's parameters and what they take; values of their own are the endpoint's to judge."""

OURS: Mapping[str, str] = {
    "messages": "The dialogue is sent as messages; set system_prompt for what comes before it.",
    "model": "Write model: beside options.",
    "n": "One reply is asked for. For several candidates, see kind: rerank.",
    "stream": "Write stream: beside options.",
    "stream_options": "Write stream: beside options.",
    **dict.fromkeys(
        ("function_call", "functions", "parallel_tool_calls", "tool_choice", "tools"),
        "Nobody could answer a call of a tool in a chat. Put a bot with tools behind an endpoint of your own.",
    ),
    **dict.fromkeys(("audio", "modalities"), "Bots speak in text."),
    **dict.fromkeys(("logprobs", "top_logprobs"), "Nothing would read them."),
}
"""Parameters that a study cannot set, and what to do instead."""


def faults_of_options(options: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with `options`, one key at a time."""
    for name, value in options.items():
        key = f"options.{name}"
        if name in OURS:
            yield Fault(key, f"{name!r} cannot be set here. {OURS[name]}")
        elif name not in PARAMETERS:
            near = did_you_mean(str(name), PARAMETERS)
            yield Fault(
                key,
                f"A chat completion has no parameter {name!r}.{near} It has: {listed(PARAMETERS)}. What only your "
                "server knows belongs into extra_body.",
            )
        elif not _fits(value, PARAMETERS[name]):
            description = PARAMETERS[name].__metadata__[-1].description
            yield Fault(key, f"{value!r} will not do. This parameter takes {description}. Correct the value.")
    if {"max_tokens", "max_completion_tokens"} <= set(options):
        yield Fault("options.max_tokens", "It means the same as max_completion_tokens. Write one of the two.")


def faults_of_extra_body(extra: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with `extra_body`: it may not set what is set elsewhere, and is sent as JSON."""
    for name in extra:
        key = f"extra_body.{name}"
        if name in OURS:
            yield Fault(key, f"{name!r} cannot be set here. {OURS[name]}")
        elif name in PARAMETERS:
            yield Fault(key, f"{name!r} is a parameter of the protocol. Write it into options.")
    if not _is_json(extra):
        yield Fault("extra_body", "It cannot be written as JSON. Use texts, numbers, lists and mappings.")


def _fits(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind, strict=True)
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError):
        return False
    return _is_json(value)


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True
