"""What a reply took and cost, from the endpoint's own count."""

from typing import Any

from chateval.config import OpenAIBot
from chateval.dialogue import Usage


def usage_of(counted: Any, spec: OpenAIBot) -> Usage | None:
    """The usage fields of a completion as a `Usage`; None where the endpoint does not count."""
    details = getattr(counted, "prompt_tokens_details", None)
    told = _whole(getattr(counted, "prompt_tokens", None)), _whole(getattr(counted, "completion_tokens", None))
    if None in told:
        return None
    tokens, made = told[0] or 0, told[1] or 0
    cached = min(tokens, _whole(getattr(details, "cached_tokens", None)) or 0)
    return Usage(tokens, made, cached, _cost_usd(spec, tokens, made, cached))


def sum_of(one: Usage | None, other: Usage | None) -> Usage | None:
    """Both together; a cost that is unknown of one is unknown of both."""
    if one is None or other is None:
        return one or other
    costs = (one.cost_usd, other.cost_usd)
    return Usage(
        one.input_tokens + other.input_tokens,
        one.output_tokens + other.output_tokens,
        one.cached_tokens + other.cached_tokens,
        None if costs[0] is None or costs[1] is None else costs[0] + costs[1],
    )


def _cost_usd(spec: OpenAIBot, tokens: int, made: int, cached: int) -> float | None:
    fresh_price, made_price = spec.input_usd_per_million, spec.output_usd_per_million
    if fresh_price is None or made_price is None:
        return None
    cached_price = fresh_price if spec.cached_usd_per_million is None else spec.cached_usd_per_million
    return ((tokens - cached) * fresh_price + cached * cached_price + made * made_price) / 1_000_000


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
