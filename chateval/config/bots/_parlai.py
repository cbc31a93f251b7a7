"""Bots that are ParlAI agents."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from chateval.config._internal_agents import fault_of_internal_agent
from chateval.config._rules import GiB, Positive, Text
from chateval.config.bots._terms import BotTerms, Fault, Surroundings

_MODEL_FILE = ("mf", "model_file")
_NAMES_A_MODEL = (*_MODEL_FILE, "m", "model", "init_model", "o", "init_opt")
_ELSEWHERE = ("zoo:", "models:", "izoo:")
"""What ParlAI downloads, or has in its data folder."""


@dataclass(frozen=True)
class ParlAIBot(BotTerms):
    """A bot that ParlAI makes from its option string, as in `--model internal:examplebot`."""

    name: str
    options: Text = ""
    """ParlAI's options, written as on its command line. Needed."""
    max_batch: Positive = 64
    """How many replies are generated in one batch at most, by agents that can do several at once. Default: 64."""
    prefix_cache_gib: GiB = 4
    """How much memory may hold what a GPT-2 has computed for dialogues that go on, in GiB; 0: nothing. Default: 4."""

    def faults(self, surroundings: Surroundings) -> Iterator[Fault]:
        options = self.options.strip()
        try:
            words = shlex.split(options)
        except ValueError as error:
            yield Fault("", f"{options!r} is no ParlAI option string: {error}. Close the quote.")
            return
        texts = [*_faults_of_words(options, words), fault_of_internal_agent(options, surroundings.agent_roots)]
        yield from (Fault("", text) for text in texts if text)


def _faults_of_words(options: str, words: Sequence[str]) -> Iterator[str]:
    given = list(_options(words))
    if not any(name in _NAMES_A_MODEL and value for name, value in given):
        yield f"{options!r} names no model. Write ParlAI options with --model or --model-file in them."
    for name, times in Counter(word.partition("=")[0] for word in words if word.startswith("--")).items():
        if times > 1:
            yield f"{name} is written {times} times, and only the last would count. Write it once."
    for name, path in given:
        if name in _MODEL_FILE and path and not path.startswith(_ELSEWHERE) and not Path(path).exists():
            yield f"The model file {path} does not exist. Correct --model-file; a path begins in the current folder."


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names as ParlAI stores them, each with the value that follows it, if one does."""
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        if word.startswith("-"):
            name, equals, value = word.lstrip("-").partition("=")
            yield name.replace("-", "_"), value if equals else following
