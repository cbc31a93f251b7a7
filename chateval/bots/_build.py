"""From what a study says of its bots to the bots."""

from collections.abc import Iterable
from typing import assert_never

from chateval.bots._bot import Bot
from chateval.bots._parlai import build_parlai_bot
from chateval.bots._scripted import build_scripted_bot
from chateval.bots._workers import Workers
from chateval.config import (
    BotRuntime,
    BotSpec,
    HumanBot,
    OpenAIBot,
    ParlAIBot,
    RayBot,
    RerankBot,
    ScriptedBot,
    TransformersBot,
)
from chateval.errors import BotError


def build_bot(spec: BotSpec, runtime: BotRuntime) -> Bot:
    """Load one bot. This may take minutes and gigabytes: do it once, before anyone waits.

    Raises:
        BotError: the bot cannot be built as described; the message says what to change.
    """
    return _build(spec, runtime, Workers(runtime.max_concurrent_responses))


def build_bots(specs: Iterable[BotSpec], runtime: BotRuntime) -> dict[str, Bot]:
    """Load the bots of a run, by name; together they generate `max_concurrent_responses` replies at once.

    Raises:
        BotError: one of them cannot be built as described.
    """
    workers = Workers(runtime.max_concurrent_responses)
    return {spec.name: _build(spec, runtime, workers) for spec in specs}


def _build(spec: BotSpec, runtime: BotRuntime, workers: Workers) -> Bot:
    match spec:
        case ParlAIBot():
            return build_parlai_bot(spec, runtime, workers)
        case ScriptedBot():
            return build_scripted_bot(spec)
        case TransformersBot() | OpenAIBot() | RayBot() | HumanBot() | RerankBot():
            raise BotError(f"Bot {spec.name!r} is of a kind that this version cannot build yet.")
        case _:
            assert_never(spec)
