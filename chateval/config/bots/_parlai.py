"""Bots that are ParlAI agents."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from chateval.config._internal_agents import fault_of_internal_agent
from chateval.config._rules import Text
from chateval.config.bots._terms import BotTerms, Fault, Surroundings

_MODEL = re.compile(r"(^|\s)--?(m|mf|o|model|model[-_]file|init[-_]model|init[-_]opt)[=\s]\s*\S")


@dataclass(frozen=True)
class ParlAIBot(BotTerms):
    """A bot that ParlAI makes from its option string, as in `--model internal:examplebot`."""

    name: str
    options: Text = ""
    """ParlAI's options, written as on its command line. Needed."""

    def faults(self, surroundings: Surroundings) -> Iterator[Fault]:
        fault = _fault_of_options(self.options) or fault_of_internal_agent(self.options, surroundings.agent_roots)
        if fault:
            yield Fault("", fault)


def _fault_of_options(options: str) -> str:
    try:
        shlex.split(options)
    except ValueError as error:
        return f"{options.strip()!r} is no ParlAI option string: {error}. Close the quote."
    if not _MODEL.search(options):
        return f"{options.strip()!r} names no model. Write ParlAI options with --model or --model-file in them."
    return ""
