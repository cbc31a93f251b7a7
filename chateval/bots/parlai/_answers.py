"""How agents answer: many dialogues at once, or one at a time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chateval.bots._bot import Request
from chateval.bots._jobs import Job
from chateval.bots._usable import usable_reply
from chateval.bots.parlai._conversation import Conversation
from chateval.bots.parlai._searches import Searches
from chateval.bots.parlai._texts import text_of
from chateval.errors import BotError


@dataclass(frozen=True)
class Asked:
    """What waits in the queue: the clone that is to answer, and what it is asked."""

    conversation: Conversation
    request: Request


AskedJob = Job[Asked, str]


class OneByOne:
    """Has each clone answer by its own `act`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def answer(self, jobs: Sequence[AskedJob]) -> None:
        for job in jobs:
            with _told(self._name, job):
                agent = job.item.conversation.hear(job.item.request)
                text = usable_reply(self._name, text_of(agent, agent.act()))
                job.item.conversation.answered(text)
                job.done(text)


class AtOnce:
    """Has one `batch_act` answer for all clones, as ParlAI's own batches do; then each hears what it said.

    `runner` makes the instances that compute batches; each computes one at a time.
    """

    def __init__(self, name: str, runner: Callable[[], Searches]) -> None:
        self._name = name
        self._new_runner = runner
        self._runners: list[Searches] = []

    def answer(self, jobs: Sequence[AskedJob]) -> None:
        ready = [job for job in jobs if self._is_ready(job)]
        if not ready:
            return
        try:
            replies = self._compute(ready)
        except BaseException:
            for job in ready:  # the queue tries each by itself
                if job.is_wanted:
                    job.item.conversation.broke()
            raise
        for job, reply in zip(ready, replies, strict=True):
            if job.is_wanted:  # and has not been handed over already
                self._hand_over(job, reply)

    def _hand_over(self, job: AskedJob, reply: Any) -> None:
        with _told(self._name, job):
            agent = job.item.conversation.agent
            text = usable_reply(self._name, text_of(agent, reply))
            agent.self_observe(reply)
            job.item.conversation.answered(text)
            job.done(text)

    def _is_ready(self, job: AskedJob) -> bool:
        """Whether the clone knows what it is to answer."""
        if job.is_wanted:
            with _told(self._name, job):
                job.item.conversation.hear(job.item.request)
        return job.is_wanted

    def _compute(self, jobs: Sequence[AskedJob]) -> Sequence[Any]:
        runner = self._runners.pop() if self._runners else self._new_runner()
        try:
            replies = runner.act(jobs, self._hand_over)
        except (Exception, SystemExit) as error:
            raise _broken(self._name, error) from error
        self._runners.append(runner)
        return replies


def can_answer_at_once(agent: Any) -> bool:
    """Whether an agent answers by ParlAI's `batch_act`, and may be given dialogues of different lengths.

    GPT-2 without special tokens may not: it has none to fill the shorter ones with.
    """
    from parlai.core.torch_agent import TorchAgent  # noqa: PLC0415  (takes seconds)

    return (
        isinstance(agent, TorchAgent)
        and type(agent).act is TorchAgent.act
        and agent.opt.get("add_special_tokens") is not False
    )


@contextmanager
def _told(name: str, job: AskedJob) -> Iterator[None]:
    """Fail the job, and it alone, where its clone breaks."""
    try:
        yield
    except BotError as error:
        job.item.conversation.broke()
        job.fail(error)
    except (Exception, SystemExit) as error:  # noqa: BLE001  (an agent is foreign code, which may raise anything)
        job.item.conversation.broke()
        failure = _broken(name, error)
        failure.__cause__ = error
        job.fail(failure)


def _broken(name: str, error: BaseException) -> BotError:
    return BotError(f"Bot {name!r} broke: {type(error).__name__}: {error}")
