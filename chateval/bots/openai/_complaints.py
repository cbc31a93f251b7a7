"""From what can go wrong with an endpoint to what is told of it."""

import re
from typing import Any

import httpx
import openai

from chateval.bots.openai._key import ApiKey
from chateval.bots.openai._pace import retry_after_seconds
from chateval.config import OpenAIBot
from chateval.errors import BotError, BotTimeoutError, HopelessBotError

FAULTS = (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError)
"""What the client raises when an endpoint, or the way to it, does not do what it should."""

_QUOTED_CHARACTERS = 300
_OVERLOADED = {408, 409, 425}
_BROKE = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}


class TooManyRequestsError(BotError):
    """The endpoint asks to be left alone for a while; without `seconds` it does not say how long."""

    def __init__(self, message: str, seconds: float | None) -> None:
        super().__init__(message)
        self.seconds = seconds


def complaint(error: Exception, spec: OpenAIBot, key: ApiKey, seconds: float | None = None) -> BotError:
    """What to tell of an error that the client raised, without the key and without a traceback.

    `seconds` is how long the endpoint was waited for, if that was not the time of an attempt.
    """
    who = f"Bot {spec.name!r}: the endpoint {spec.url}"
    match error:
        case openai.APIStatusError():
            return _of_status(error, spec, who, key.hide(said_by(error)))
        case openai.APITimeoutError() | httpx.TimeoutException():
            return BotTimeoutError(
                f"{who} gave no sign of life within {seconds or spec.timeout_seconds:g} seconds. See how it fares, "
                "or raise timeout_seconds."
            )
        case openai.APIConnectionError():
            reason = key.hide(_line(str(error.__cause__ or error)))
            return BotError(f"{who} cannot be reached, or hung up: {reason} See whether it runs, and where it listens.")
        case httpx.TransportError() | httpx.StreamError():
            return BotError(f"{who} hung up in the middle of a reply: {key.hide(_line(str(error)))}")
        case openai.APIError():
            return BotError(f"{who} broke off a reply: {key.hide(said_by(error))}")
        case _:
            return BotError(f"{who} sent what is no answer of the protocol: {key.hide(_line(str(error)))}")


def said_by(error: openai.APIError) -> str:
    """The endpoint's own words, on one line, cut where they go on for too long."""
    body: Any = error.body
    if isinstance(body, dict):
        for name in ("message", "detail", "error"):
            if isinstance(body.get(name), str):
                return _line(body[name])
    return _line(str(body) if body else error.message)


def _of_status(error: openai.APIStatusError, spec: OpenAIBot, who: str, said: str) -> BotError:
    status = error.status_code
    if status == 429 and (error.code in _BROKE or error.type in _BROKE):
        return HopelessBotError(f"{who} is not paid for: {said} Look at the account's budget and limits.")
    if status == 429:
        return TooManyRequestsError(
            f"{who} gets too many requests: {said}", retry_after_seconds(error.response.headers) or None
        )
    if status in _OVERLOADED or status >= 500:
        return BotError(f"{who} failed with status {status}: {said}")
    return HopelessBotError(f"{who} answers with status {status}: {said} {_remedy(status, spec)}")


def _remedy(status: int, spec: OpenAIBot) -> str:
    if status in {401, 403}:
        return _remedy_of_key(spec)
    if 300 <= status < 400:
        return "It has moved; write its new address as base_url."
    remedies = {
        402: "Look at the account's budget.",
        404: f"See whether it has the model {spec.model!r}, and whether base_url ends where it should, as with /v1.",
        413: "The dialogue is longer than it takes.",
    }
    otherwise = "Look at model, options and extra_body; it may also be that the dialogue has become too long for it."
    return remedies.get(status, otherwise)


def _remedy_of_key(spec: OpenAIBot) -> str:
    if not spec.key_variable:
        return "It wants a key. Put it into an environment variable, and name that: api_key_variable: MY_KEY."
    return f"See whether the key in the environment variable {spec.key_variable} is right, and may use {spec.model!r}."


def _line(text: str) -> str:
    text = re.sub(r"\s+", " ", re.sub(r"<[^<>]*>", " ", text)).strip()
    if len(text) > _QUOTED_CHARACTERS:
        return f"{text[:_QUOTED_CHARACTERS]} ..."
    return text if text.endswith((".", "!", "?")) else f"{text or 'nothing'}."
