"""The bot that a checkpoint makes."""

import logging
from collections.abc import Mapping, Sequence

from chateval.bots._bot import Reply, Request, Watch, watch_nothing
from chateval.bots._jobs import Job
from chateval.bots._means import Means
from chateval.bots._queue import BatchQueue
from chateval.bots.transformers._checkpoint import Checkpoint
from chateval.bots.transformers._engine import Engine
from chateval.bots.transformers._prefixes import PrefixStore
from chateval.bots.transformers._probe import holds, pads_well, reuses_well
from chateval.bots.transformers._prompts import CutNotices, Prompter
from chateval.bots.transformers._rows import Row
from chateval.bots.transformers._sampling import seed_of
from chateval.config import TransformersBot
from chateval.errors import BotError

logger = logging.getLogger(__name__)

Asked = tuple[Request, int]
"""A request, and which attempt at its turn it is."""


class CheckpointBot:
    """A model, loaded once, that answers the dialogues of a run in batches.

    Nothing that it keeps for a dialogue decides what it says: a request holds all that a reply is made from.
    """

    def __init__(
        self, spec: TransformersBot, checkpoint: Checkpoint, means: Means, identity: Mapping[str, str]
    ) -> None:
        self.name = spec.name
        self._seed = spec.seed
        self._prompter = Prompter(spec, checkpoint, means.runtime.pictures_dir)
        keeps = _keeps_prefixes(spec, checkpoint)
        self._engine = Engine(
            spec.name, checkpoint, checkpoint.stops, PrefixStore(int(spec.prefix_cache_gib * 2**30)) if keeps else None
        )
        batch = spec.max_batch if _takes_batches(spec, checkpoint) else 1
        self._identity = {**identity, "batching": "padded", "max_batch": str(batch), "keeps_prefixes": str(keeps)}
        self._attempts: dict[str, tuple[int, int]] = {}
        self._cuts = CutNotices(spec.name)
        self._queue: BatchQueue[Asked, Reply] = BatchQueue(
            spec.name, self._answer, turnstile=means.turnstile, max_batch=batch
        )

    def identity(self) -> Mapping[str, str]:
        return self._identity

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        turns, attempt = self._attempts.get(request.dialogue_id, (-1, 0))
        attempt = attempt + 1 if turns == len(request.turns) else 1
        self._attempts[request.dialogue_id] = (len(request.turns), attempt)
        return await self._queue.ask(request.dialogue_id, (request, attempt), watch)

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:  # noqa: ARG002  (part of `Bot`)
        self._attempts.pop(dialogue_id, None)
        self._cuts.forget(dialogue_id)
        self._engine.forget(dialogue_id)

    async def close(self) -> None:
        await self._queue.close()
        self._engine.forget_all()

    def _answer(self, jobs: Sequence[Job[Asked, Reply]]) -> None:
        """Work a batch off; runs in a thread."""
        rows = []
        for job in jobs:
            request, attempt = job.item
            try:
                prompt = self._prompter.prompt(request)
            except BotError as error:
                job.fail(error)
                continue
            self._cuts.notice(request, prompt)
            seed = seed_of(self._seed, request.dialogue_id, len(request.turns), attempt)
            rows.append(Row(job, prompt, seed))
        if rows:
            self._engine.answer(rows)


def _takes_batches(spec: TransformersBot, checkpoint: Checkpoint) -> bool:
    if spec.max_batch == 1 or checkpoint.is_seq2seq or checkpoint.processor is not None or holds(pads_well, checkpoint):
        return True
    logger.warning(
        "Bot %r computes otherwise in a batch than alone, so its replies are generated one at a time.", spec.name
    )
    return False


def _keeps_prefixes(spec: TransformersBot, checkpoint: Checkpoint) -> bool:
    """Only for models that read from left to right, and compute the same from the keys and values of what was read."""
    if not spec.prefix_cache_gib or checkpoint.is_seq2seq or checkpoint.processor is not None:
        return False
    if (checkpoint.generation.num_beams or 1) > 1:
        return False
    if holds(reuses_well, checkpoint):
        return True
    logger.info(
        "Bot %r computes each turn from the beginning: what its model keeps cannot be taken up again.", spec.name
    )
    return False
