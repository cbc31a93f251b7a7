"""Bots that are checkpoints of the transformers library."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from omegaconf import MISSING

from chateval.config._rules import Options, SomeText, Text
from chateval.config.bots._terms import BotTerms, Fault, Surroundings


@dataclass(frozen=True)
class TransformersBot(BotTerms):
    """A causal or sequence-to-sequence model, from a folder or from the Hugging Face hub."""

    name: str
    model: SomeText = MISSING
    """The checkpoint: a folder, or a name on the hub. Needed."""
    system_prompt: Text = ""
    """What the model is told before the dialogue. Default: nothing."""
    generation: Options = field(default_factory=dict[str, Any])
    """Values for the model's generation config, as `max_new_tokens: 60`. Default: those of the checkpoint."""

    def faults(self, _: Surroundings) -> Iterator[Fault]:
        yield from ()
