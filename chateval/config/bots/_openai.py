"""Bots behind an endpoint that speaks OpenAI's protocol."""

from collections.abc import Iterator
from dataclasses import dataclass

from omegaconf import MISSING

from chateval.config._rules import SomeText, Text
from chateval.config.bots._terms import BotTerms, Fault, Surroundings


@dataclass(frozen=True)
class OpenAIBot(BotTerms):
    """A model behind an endpoint: a hosted one, or a server of one's own."""

    name: str
    model: SomeText = MISSING
    """The model, as the endpoint names it. Needed."""
    base_url: Text = ""
    """The endpoint's address, with `/v1`. Default: OpenAI's own."""
    system_prompt: Text = ""
    """What the model is told before the dialogue. Default: nothing."""

    def faults(self, _: Surroundings) -> Iterator[Fault]:
        yield from ()
