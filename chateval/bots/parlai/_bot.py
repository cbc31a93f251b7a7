"""The bot that has an agent answer."""

import sys
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from chateval.bots._bot import Reply, Request, Watch, watch_nothing
from chateval.bots._means import Means
from chateval.bots._queue import BatchQueue
from chateval.bots.parlai._answers import Asked, AtOnce, OneByOne, can_answer_at_once
from chateval.bots.parlai._conversation import Conversation, Memory
from chateval.bots.parlai._messages import Messages
from chateval.bots.parlai._pictures import PictureLoader
from chateval.bots.parlai._searches import Searches
from chateval.config import ParlAIBot

if TYPE_CHECKING:
    from chateval.bots.parlai._prefixes import PrefixKeeper


class AgentBot:
    """A ParlAI agent, loaded once: each dialogue is held by a clone that shares its weights.

    A clone observes what is new since its last reply. Where there is none that has seen just the turns before (after a
    restart, or a failed attempt), a fresh one is told the dialogue from its beginning.
    """

    def __init__(
        self, spec: ParlAIBot, agent: Any, means: Means, pictures: PictureLoader | None, identity: Mapping[str, str]
    ) -> None:
        self.name = spec.name
        self._shared = agent.share()
        self._messages = Messages(pictures)
        self._identity = identity
        self._conversations: dict[str, Conversation | None] = {}
        self._prefixes = _prefixes(spec, agent)
        self._queue = self._queue_for(spec, agent, means)

    def identity(self) -> Mapping[str, str]:
        return self._identity

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        dialogue_id = request.dialogue_id
        conversation = self._conversations.get(dialogue_id)
        if conversation is None or not conversation.is_continued_by(request):
            memory = Memory() if conversation is None else conversation.memory
            conversation = Conversation(self._clone, self._messages, memory)
        self._conversations[dialogue_id] = None  # it is in use: nobody else may have it, but one may forget it
        try:
            text = await self._queue.ask(dialogue_id, Asked(conversation, request), watch)
        except BaseException:
            self._conversations.pop(dialogue_id, None)
            raise
        if dialogue_id in self._conversations:
            self._conversations[dialogue_id] = conversation
        return Reply(text)

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:  # noqa: ARG002  (part of `Bot`)
        self._conversations.pop(dialogue_id, None)

    async def close(self) -> None:
        self._conversations.clear()
        await self._queue.close()

    def _clone(self) -> Any:
        from parlai.core.agents import create_agent_from_shared  # noqa: PLC0415  (takes seconds)

        return create_agent_from_shared(self._shared)

    def _queue_for(self, spec: ParlAIBot, agent: Any, means: Means) -> BatchQueue[Asked, str]:
        """Batches for agents that can take them; the others answer one at a time in each of several threads."""
        queue = partial(BatchQueue[Asked, str], spec.name, turnstile=means.turnstile)
        if can_answer_at_once(agent):
            at_once = AtOnce(spec.name, lambda: Searches(self._clone(), self._prefixes))
            return queue(at_once.answer, max_batch=spec.max_batch)
        threads = means.runtime.max_concurrent_responses
        return queue(OneByOne(spec.name).answer, max_batch=1, wait_seconds=0.0, threads=threads)


def _prefixes(spec: ParlAIBot, agent: Any) -> "PrefixKeeper | None":
    if "parlai.agents.hugging_face.gpt2" not in sys.modules:
        return None
    from chateval.bots.parlai._prefixes import prefix_keeper_for  # noqa: PLC0415  (imports transformers)

    return prefix_keeper_for(agent, int(spec.prefix_cache_gib * 2**30))
