"""Ways to have one model answer many dialogues, each behind the same call."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from chateval.bots import Desk, Progress, Request, build_bots, terms_of
from chateval.config import BotRuntime, BotSpec, ParlAIBot, RayBot, TransformersBot

REPLY_TOKENS = 8
"""Every reply has as many: the model's weights are drawn at random, and so would be its ends."""

Heard = Callable[[], None]
Answer = Callable[[Request, Heard], Awaitable[str]]
"""Answers a request; calls the other when the first of its text is there."""


def parlai_options(model: Path) -> str:
    return (
        f"--model hugging_face/gpt2 --model-name {model} --add-special-tokens True --no-cuda --inference beam "
        f"--beam-size 1 --beam-min-length {REPLY_TOKENS} --label-truncate {REPLY_TOKENS} --text-truncate 960"
    )


def spec(kind: str, model: Path, address: str = "") -> BotSpec:
    """The bot, as a study would define it."""
    if kind == "ray":
        return RayBot("model", address=address, timeout_seconds=3600)
    if kind == "parlai":
        return ParlAIBot("model", parlai_options(model), timeout_seconds=3600)
    generation = {"max_new_tokens": REPLY_TOKENS, "min_new_tokens": REPLY_TOKENS, "do_sample": False}
    return TransformersBot("model", model=str(model), generation=generation, timeout_seconds=3600)


@asynccontextmanager
async def ours(kind: str, model: Path, at_once: int, address: str = "") -> AsyncIterator[Answer]:
    """The desk of a study, with its queue."""
    specs = [spec(kind, model, address)]
    desk = Desk(build_bots(specs, runtime(model, at_once)), terms_of(specs))

    async def answer(request: Request, heard: Heard) -> str:
        def watch(_: Progress, text: str) -> None:
            if text:
                heard()

        reply = await desk.reply("model", request, watch)
        heard()
        return reply.text

    yield answer
    await desk.close()


@asynccontextmanager
async def one_at_a_time(model: Path) -> AsyncIterator[Answer]:
    """ParlAI's own way with people: one agent, a clone for each dialogue, and one of them called at a time."""
    shared = _agent(model).share()
    from parlai.core.agents import create_agent_from_shared  # noqa: PLC0415  (seconds, for those who need it)
    from parlai.core.message import Message  # noqa: PLC0415

    clones: dict[str, Any] = {}
    turn = asyncio.Lock()

    def act(request: Request) -> str:
        if request.dialogue_id not in clones:
            clones[request.dialogue_id] = create_agent_from_shared(shared)
        clone = clones[request.dialogue_id]
        clone.observe(Message({"id": "user", "text": request.turns[-1].text, "episode_done": False}))
        return str(clone.act()["text"])

    async def answer(request: Request, heard: Heard) -> str:
        async with turn:
            text = await asyncio.to_thread(act, request)
        heard()
        return text

    yield answer


def _agent(model: Path) -> Any:
    from chateval.compat import prepare_parlai  # noqa: PLC0415  (seconds, for those who need it)

    prepare_parlai()
    import torch  # noqa: PLC0415
    from parlai.core.agents import create_agent  # noqa: PLC0415
    from parlai.core.params import ParlaiParser  # noqa: PLC0415

    torch.manual_seed(0)  # the tokens that ParlAI adds have weights that are drawn
    arguments = [*parlai_options(model).split(), "--datapath", str(model.parent / "parlai")]
    return create_agent(ParlaiParser(add_model_args=True).parse_args(arguments), requireModelExists=True)


def runtime(model: Path, at_once: int) -> BotRuntime:
    return BotRuntime(
        model_parallel=False,
        max_concurrent_responses=at_once,
        override_opt={},
        datapath=model.parent / "parlai",
        task_dir=model.parent,
    )


def same(texts: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> float:
    """The share of replies that are equal, of those that both have."""
    pairs = [pair for mine, theirs in zip(texts, others, strict=False) for pair in zip(mine, theirs, strict=False)]
    return sum(mine == theirs for mine, theirs in pairs) / len(pairs)
