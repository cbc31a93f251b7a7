"""From what a study says of its bots to the bots."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from chateval.bots._bot import Bot
from chateval.bots._human import build_human_bot
from chateval.bots._means import Means
from chateval.bots._scripted import build_scripted_bot
from chateval.bots._turnstile import Turnstile
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
from chateval.errors import BotError, ChatevalError

Begun = Callable[[str, int, int], None]
"""Told, before a bot is loaded, its name, which it is, and of how many."""


def build_bot(spec: BotSpec, runtime: BotRuntime) -> Bot:
    """Load one bot. This may take minutes and gigabytes: do it once.

    Raises:
        BotError: the bot cannot be built as described; the message says what to change.
    """
    return build_bots([spec], runtime)[spec.name]


def build_bots(
    specs: Iterable[BotSpec],
    runtime: BotRuntime,
    *,
    begun: Begun = lambda *_: None,
    done: Callable[[Bot], None] = lambda _: None,
) -> dict[str, Bot]:
    """Load the bots of a run, by name; together they generate `max_concurrent_responses` replies at once.

    `begun` and `done` are called for each, before and after.

    Raises:
        BotError: one of them cannot be built as described.
    """
    means = Means(runtime, Turnstile(runtime.max_concurrent_responses))
    built: dict[str, Bot] = {}
    in_order = list(_in_order(list(specs)))
    for place, spec in enumerate(in_order, start=1):
        begun(spec.name, place, len(in_order))
        built[spec.name] = _built(spec, replace(means, built=built))
        done(built[spec.name])
    return built


def _in_order(specs: list[BotSpec]) -> Iterator[BotSpec]:
    """Those first that are there at once; those that are made of others after these."""
    yield from (spec for spec in specs if isinstance(spec, HumanBot | ScriptedBot))
    done = {spec.name for spec in specs if isinstance(spec, HumanBot | ScriptedBot)}
    names = {spec.name for spec in specs}
    while left := [spec for spec in specs if spec.name not in done]:
        ready = [spec for spec in left if not isinstance(spec, RerankBot) or not {*spec.bots} & names - done]
        if not ready:
            raise BotError(f"Bot {left[0].name!r} is made of itself, by way of others. Have it made of other bots.")
        yield from ready
        done |= {spec.name for spec in ready}


def _built(spec: BotSpec, means: Means) -> Bot:
    try:
        return _build(spec, means)
    except ChatevalError:
        raise
    except (Exception, SystemExit) as error:  # a library may raise anything, or call `sys.exit`
        raise BotError(f"Bot {spec.name!r} cannot be built: {type(error).__name__}: {error}") from error


def _build(spec: BotSpec, means: Means) -> Bot:  # noqa: PLR0911  (one for each kind)
    match spec:
        case ParlAIBot():
            from chateval.bots.parlai import build_parlai_bot  # noqa: PLC0415  (each kind is imported if it is used)

            return build_parlai_bot(spec, means)
        case ScriptedBot():
            return build_scripted_bot(spec)
        case HumanBot():
            return build_human_bot(spec)
        case RayBot():
            from chateval.bots._ray import build_ray_bot  # noqa: PLC0415  (each kind is imported if it is used)

            return build_ray_bot(spec, means)
        case OpenAIBot():
            from chateval.bots.openai import build_openai_bot  # noqa: PLC0415

            return build_openai_bot(spec, means)
        case TransformersBot():
            from chateval.bots.transformers import build_transformers_bot  # noqa: PLC0415

            return build_transformers_bot(spec, means)
        case RerankBot():
            from chateval.bots.rerank import build_rerank_bot  # noqa: PLC0415

            return build_rerank_bot(spec, means)
        case _:
            assert_never(spec)
