"""Batches of agents that generate: what they show meanwhile, and rows that nobody waits for."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from time import monotonic
from typing import TYPE_CHECKING, Any

from chateval.bots.parlai._texts import text_so_far

if TYPE_CHECKING:
    from chateval.bots.parlai._answers import AskedJob
    from chateval.bots.parlai._prefixes import PrefixKeeper

SHOWN_EVERY_SECONDS = 0.1

Ready = Callable[["AskedJob", Any], None]
"""Told of a row's reply, a message of ParlAI's, while others of the batch may go on."""


class Searches:
    """An agent that computes batches, one at a time.

    ParlAI's generators make a search for each row of a batch, which chooses its tokens, and stop when all searches are
    done. Here each search shows what it has (where it follows one line of text, not several beams), hands over its
    reply when it has ended, and is done as soon as nobody waits for its row.
    """

    def __init__(self, agent: Any, prefixes: "PrefixKeeper | None" = None) -> None:
        self._agent = agent
        self._prefixes = prefixes
        self._jobs: Sequence[AskedJob] = ()
        self._rows: Iterator[AskedJob] = iter(())
        self._ready: Ready | None = None
        self._says_what_it_found = _says_what_it_found(agent)
        if _makes_searches(agent):
            self._follow(agent)

    def act(self, jobs: "Sequence[AskedJob]", ready: Ready | None = None) -> Sequence[Any]:
        """The agent's replies to what its clones have observed, in their order.

        Those that end before others do, and that nobody may change any more, `ready` is told of at once.
        """
        clones = [job.item.conversation.agent for job in jobs]
        self._jobs = jobs
        self._ready = ready if self._says_what_it_found else None
        try:
            with self._kept(jobs):
                replies: Sequence[Any] = self._agent.batch_act([clone.observation for clone in clones])
        finally:
            self._jobs, self._rows = (), iter(())
        return replies

    def _kept(self, jobs: "Sequence[AskedJob]") -> AbstractContextManager[None]:
        if self._prefixes is None:
            return nullcontext()
        return self._prefixes.batch([job.item.conversation.memory for job in jobs])

    def _follow(self, agent: Any) -> None:
        generate, search = agent._generate, agent._treesearch_factory  # noqa: SLF001  (where ParlAI lets one in)

        def generate_followed(batch: Any, *arguments: Any, **options: Any) -> Any:
            self._rows = iter([self._jobs[row] for row in batch.valid_indices.tolist()])
            return generate(batch, *arguments, **options)

        def search_followed(*arguments: Any, **options: Any) -> Any:
            made = search(*arguments, **options)
            job = next(self._rows, None)
            if job is not None:
                _Follower(agent, made, job, self._ready)
            return made

        agent._generate = generate_followed  # noqa: SLF001
        agent._treesearch_factory = search_followed  # noqa: SLF001


class _Follower:
    """Stands between a search and who steps it."""

    def __init__(self, agent: Any, search: Any, job: "AskedJob", ready: Ready | None) -> None:
        self._agent = agent
        self._search = search
        self._job = job
        self._ready = ready
        self._advance = search.advance
        self._is_done = search.is_done
        self._shown_at = float("-inf")
        search.is_done = self.is_done
        if search.beam_size == 1:
            search.advance = self.advance

    def is_done(self) -> bool:
        """A search that has not taken its first step has nothing to be asked for."""
        if self._is_done():
            self._hand_over()
            return True
        return not self._job.is_wanted and bool(self._search.bookkeep)

    def advance(self, logprobs: Any, step: int) -> None:
        self._advance(logprobs, step)
        now = monotonic()
        if now - self._shown_at >= SHOWN_EVERY_SECONDS:
            self._shown_at = now
            text = text_so_far(self._agent, self._search.partial_hyps[0].tolist())
            if text:
                self._job.show(text)

    def _hand_over(self) -> None:
        ready, self._ready = self._ready, None
        if ready is not None and self._job.is_wanted:
            tokens = self._search.get_rescored_finished()[0][0]
            ready(self._job, self._agent_message(self._agent._v2t(tokens)))  # noqa: SLF001

    def _agent_message(self, text: str) -> Any:
        from parlai.core.message import Message  # noqa: PLC0415  (takes seconds)

        return Message({"id": self._agent.getID(), "text": text, "episode_done": False})


def _makes_searches(agent: Any) -> bool:
    """Whether its batches go through ParlAI's own loop, one search for each row."""
    from parlai.core.torch_generator_agent import TorchGeneratorAgent  # noqa: PLC0415  (takes seconds)

    return isinstance(agent, TorchGeneratorAgent) and type(agent)._generate is TorchGeneratorAgent._generate  # noqa: SLF001


def _says_what_it_found(agent: Any) -> bool:
    """Whether what a search has found is the reply as it is, with nothing done to it between there and the clone."""
    from parlai.core.torch_agent import TorchAgent  # noqa: PLC0415  (takes seconds)
    from parlai.core.torch_generator_agent import TorchGeneratorAgent  # noqa: PLC0415

    kind = type(agent)
    methods = ("batch_act", "match_batch", "self_observe")
    return (
        isinstance(agent, TorchGeneratorAgent)
        and all(getattr(kind, name) is getattr(TorchAgent, name) for name in methods)
        and kind.eval_step is TorchGeneratorAgent.eval_step
        and not hasattr(agent, "_rerank_beams")
    )
