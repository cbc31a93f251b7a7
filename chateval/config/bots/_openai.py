"""Bots behind an endpoint that speaks OpenAI's protocol."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from omegaconf import MISSING

from chateval.config._rules import AutoFlag, Dollars, Flag, Options, Positive, Rate, SomeText, Text, Timeout
from chateval.config.bots._openai_options import faults_of_extra_body, faults_of_options
from chateval.config.bots._secrets import REMEDY
from chateval.config.bots._terms import BotTerms, Fault, Surroundings

OPENAI_URL = "https://api.openai.com/v1"
OPENAI_KEY_VARIABLE = "OPENAI_API_KEY"
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")


@dataclass(frozen=True)
class OpenAIBot(BotTerms):
    """A model behind an endpoint: a hosted one, or a server of one's own."""

    name: str
    model: SomeText = MISSING
    """The model, as the endpoint names it. Needed."""
    base_url: Text = ""
    """The endpoint's address, with `/v1`. Default: OpenAI's own."""
    api_key_variable: Text = ""
    """The environment variable that holds the key. Default: `OPENAI_API_KEY` for OpenAI's own endpoint, else none."""
    system_prompt: Text = ""
    """What the model is told before the dialogue. Default: nothing."""
    options: Options = field(default_factory=dict[str, Any])
    """Parameters of the chat completion, as `temperature: 0.7`. Default: those of the endpoint."""
    extra_body: Options = field(default_factory=dict[str, Any])
    """Parameters that only this server knows, as `top_k: 40`. Default: none."""
    stream: Flag = True
    """Whether the reply is asked for piece by piece. Default: true."""
    images: AutoFlag = "auto"
    """Whether the model sees a picture (true) or reads its caption (false). Default: auto, as the endpoint takes it."""
    max_concurrent_requests: Positive = 64
    """How many requests are out at once. Default: 64."""
    requests_per_minute: Rate | None = None
    """How many requests a minute the endpoint allows. Default: what it says itself."""
    tokens_per_minute: Rate | None = None
    """How many tokens a minute the endpoint allows. Default: what it says itself."""
    queue_seconds: Timeout = 300
    """How long a reply may wait for the endpoint's limits, in seconds. Default: 300."""
    input_usd_per_million: Dollars | None = None
    """The price of a million tokens of input. Default: unknown."""
    cached_usd_per_million: Dollars | None = None
    """The price of a million tokens of input that were not computed anew. Default: that of the others."""
    output_usd_per_million: Dollars | None = None
    """The price of a million tokens of output. Default: unknown."""

    @property
    def url(self) -> str:
        """Where the endpoint is, without a slash at the end."""
        return (self.base_url or OPENAI_URL).rstrip("/")

    @property
    def key_variable(self) -> str:
        """The variable that holds the key; empty where none is sent. OpenAI's key never goes to anyone else unasked."""
        return self.api_key_variable or ("" if self.base_url else OPENAI_KEY_VARIABLE)

    def faults(self, _: Surroundings) -> Iterator[Fault]:
        if self.api_key_variable and not _VARIABLE.fullmatch(self.api_key_variable):
            yield Fault(
                "api_key_variable",
                "That is no name of an environment variable: capital letters, digits and _ only. It is not repeated "
                "here, since it may be the key itself. Write the name of the variable that holds the key.",
            )
        if self.base_url:
            yield from _faults_of_url(self.base_url)
        yield from faults_of_options(self.options)
        yield from faults_of_extra_body(self.extra_body)
        yield from self._faults_of_prices()

    def _faults_of_prices(self) -> Iterator[Fault]:
        prices = {name: getattr(self, name) for name in ("input_usd_per_million", "output_usd_per_million")}
        for name, price in prices.items():
            others = [other for other in (*prices.values(), self.cached_usd_per_million) if other is not None]
            if price is None and others:
                yield Fault(name, "It is missing, and without it no cost can be told. Write it beside the other price.")


def _faults_of_url(url: str) -> Iterator[Fault]:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.username or parts.password:
        yield Fault("base_url", f"There is a user or a password in the address. {REMEDY}")
    elif parts.scheme not in {"http", "https"} or not host:
        yield Fault("base_url", f"{url!r} is no address of an endpoint. Write one such as http://127.0.0.1:8000/v1.")
    elif parts.query or parts.fragment:
        yield Fault("base_url", "The address goes on after its path. Remove what follows ? or #.")
    elif parts.path.rstrip("/").endswith(("/completions", "/models", "/responses")):
        yield Fault("base_url", f"{url!r} is the address of one route. Write it up to /v1; the rest is put after it.")
