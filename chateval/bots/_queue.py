"""A queue in front of a bot that computes on this machine."""

import asyncio
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from time import monotonic
from typing import Generic

from chateval.bots._bot import Progress, Watch, watch_nothing
from chateval.bots._jobs import Answer, In, Job, Out
from chateval.bots._threads import THREAD_NAME
from chateval.bots._turnstile import Turnstile
from chateval.errors import BotError

logger = logging.getLogger(__name__)

IDLE_SECONDS = 10.0
"""How long a thread waits for work before it ends; the next request starts another."""
CLOSE_SECONDS = 5.0
"""How long a queue that is closed waits for what is being generated to be broken off."""


class BatchQueue(Generic[In, Out]):
    """Gathers the requests of many dialogues into batches, which `answer` works off in a thread.

    A batch begins `wait_seconds` after its first request, or as soon as it is full: with `max_batch`, or with as many
    places as the `turnstile` has left. Dialogues take turns, however much each of them asks. Jobs that nobody waits for
    any more are dropped before a batch is made.

    Where `answer` raises, each unsettled job of the batch is tried once more by itself, so that one that cannot be
    answered spoils no other. A batch that was given up as a whole while it ran, since it hangs or everyone has left,
    cannot be stopped: its thread is written off and another takes its place, so `answer` may run beside it. Its
    dialogues are next worked on each by itself. No thread keeps the program from ending.
    """

    def __init__(  # noqa: PLR0913  (what a queue is made from, each with its default)
        self,
        name: str,
        answer: Answer[In, Out],
        *,
        turnstile: Turnstile,
        max_batch: int = 32,
        wait_seconds: float = 0.005,
        threads: int = 1,
        max_waiting: int = 1_000,
    ) -> None:
        self._name = name
        self._answer = answer
        self._turnstile = turnstile
        self._max_batch = min(max_batch, turnstile.places)
        self._wait_seconds = wait_seconds
        self._max_threads = threads
        self._max_waiting = max_waiting
        self._changed = threading.Condition()  # protects all below
        self._waiting: OrderedDict[str, deque[Job[In, Out]]] = OrderedDict()
        self._again: deque[Job[In, Out]] = deque()
        self._suspects: set[str] = set()
        self._running: dict[Job[In, Out], _Batch[In, Out]] = {}
        self._threads = 0
        self._at_work: set[threading.Thread] = set()
        self._gathering = 0
        self._is_closed = False

    async def ask(self, dialogue_id: str, item: In, watch: Watch = watch_nothing) -> Out:
        """Have `answer` work on an item; being cancelled gives the job up.

        Raises:
            BotError: too many are waiting already, or the queue is closed; or whatever the job failed with.
        """
        job: Job[In, Out] = Job(dialogue_id, item, watch, self._on_settled)
        watch(Progress.QUEUED, "")
        try:
            self._put(job)
            return await asyncio.wrap_future(job.future)
        finally:
            job.give_up()

    async def close(self, wait_seconds: float = CLOSE_SECONDS) -> None:
        """Let go of the threads, and give them time to end; whoever still waits is told that there will be no reply."""
        with self._changed:
            self._is_closed = True
            jobs = [*self._again, *(job for jobs in self._waiting.values() for job in jobs), *self._running]
            self._changed.notify_all()
        for job in jobs:
            job.fail(BotError(f"Bot {self._name!r} is closed."))
        await asyncio.to_thread(self._wait_for_threads, wait_seconds)

    def _wait_for_threads(self, seconds: float) -> None:
        until = monotonic() + seconds
        for thread in self._at_work.copy():
            thread.join(max(0.0, until - monotonic()))

    def _put(self, job: Job[In, Out]) -> None:
        with self._changed:
            if self._is_closed:
                raise BotError(f"Bot {self._name!r} is closed.")
            if self._count() >= self._max_waiting:
                raise BotError(
                    f"{self._max_waiting:,} requests wait for bot {self._name!r} already, and no more may. It is "
                    "slower than people ask; let fewer in at a time, or serve the bot on a larger machine."
                )
            self._waiting.setdefault(job.dialogue_id, deque()).append(job)
            self._hire()
            self._changed.notify_all()

    def _on_settled(self, job: Job[In, Out]) -> None:
        with self._changed:
            batch = self._running.pop(job, None)
            if batch is None:
                self._withdraw(job)
                return
            batch.open -= 1
            if not batch.open and not batch.is_over and threading.current_thread() is not batch.thread:
                batch.is_written_off = True
                self._threads -= 1
                self._suspects.update(one.dialogue_id for one in batch.jobs)
                self._hire()
        self._turnstile.give_back()

    def _withdraw(self, job: Job[In, Out]) -> None:
        if job in self._again:
            self._again.remove(job)
        jobs = self._waiting.get(job.dialogue_id)
        if jobs is not None and job in jobs:
            jobs.remove(job)
            if not jobs:
                del self._waiting[job.dialogue_id]

    def _count(self) -> int:
        return len(self._again) + sum(map(len, self._waiting.values()))

    def _hire(self) -> None:
        """Have a thread for what waits, if it is more than the free ones will take and another is allowed."""
        if self._count() > self._gathering * self._max_batch and self._threads < self._max_threads:
            thread = threading.Thread(target=self._work, name=f"{THREAD_NAME}-{self._name}", daemon=True)
            self._at_work.add(thread)
            thread.start()
            self._threads += 1
            self._gathering += 1

    def _work(self) -> None:
        try:
            self._work_off_batches()
        finally:
            self._at_work.discard(threading.current_thread())

    def _work_off_batches(self) -> None:
        while self._wait_for_jobs():
            places = self._turnstile.take(self._max_batch)
            batch = self._gather(places)
            self._turnstile.give_back(places - len(batch.jobs))
            if not self._run(batch):
                return
            del batch  # or its results would live until the next one

    def _wait_for_jobs(self) -> bool:
        """Wait until there is a batch to be made; False where the thread is to end."""
        with self._changed:
            is_asked = self._changed.wait_for(lambda: self._is_closed or self._count(), IDLE_SECONDS)
            if self._is_closed or not is_asked:
                self._threads -= 1
                self._gathering -= 1
                return False
            ready_at = monotonic() + self._wait_seconds
            while self._count() < self._max_batch and (left := ready_at - monotonic()) > 0:
                self._changed.wait(left)
            return True

    def _gather(self, places: int) -> "_Batch[In, Out]":
        with self._changed:
            jobs = self._pick(places)
            batch = _Batch(jobs, threading.current_thread())
            self._running.update(dict.fromkeys(jobs, batch))
            self._gathering -= 1
            self._hire()  # what is left may be for another thread
        for job in jobs:
            job.tell(Progress.STARTED)
        return batch

    def _pick(self, places: int) -> list[Job[In, Out]]:
        """The next jobs, a dialogue after the other; one that is to be tried by itself makes a batch of its own."""
        if self._again:
            return [self._again.popleft()]
        jobs: list[Job[In, Out]] = []
        while self._waiting and len(jobs) < places:
            dialogue_id = next(iter(self._waiting))
            is_suspect = dialogue_id in self._suspects
            if is_suspect and jobs:
                break
            jobs.append(self._waiting[dialogue_id].popleft())
            if self._waiting[dialogue_id]:
                self._waiting.move_to_end(dialogue_id)
            else:
                del self._waiting[dialogue_id]
            if is_suspect:
                self._suspects.discard(dialogue_id)
                break
        return jobs

    def _run(self, batch: "_Batch[In, Out]") -> bool:
        """Have a batch answered; whether its thread is still wanted afterwards."""
        try:
            if any(job.is_wanted for job in batch.jobs):
                self._answer(batch.jobs)
        except BaseException as error:  # noqa: BLE001  (handed to whoever awaits the jobs)
            self._on_failure(batch, error)
        for job in batch.jobs:
            job.fail(BotError(f"Bot {self._name!r} left a request unanswered."))
        with self._changed:
            batch.is_over = True
            self._gathering += not batch.is_written_off
            return not batch.is_written_off

    def _on_failure(self, batch: "_Batch[In, Out]", error: BaseException) -> None:
        if len(batch.jobs) == 1:
            batch.jobs[0].fail(error)
            return
        logger.warning(
            "Bot %r could not answer %d requests at once; each is tried by itself: %s: %s",
            self._name,
            len(batch.jobs),
            type(error).__name__,
            error,
        )
        with self._changed:
            again = [job for job in batch.jobs if self._running.pop(job, None) is not None]
            batch.jobs = ()
            self._again.extend(again)
        self._turnstile.give_back(len(again))
        for job in again:
            job.tell(Progress.QUEUED)


class _Batch(Generic[In, Out]):
    """Jobs that a thread works at, and how many of them are still waited for."""

    def __init__(self, jobs: Sequence[Job[In, Out]], thread: threading.Thread) -> None:
        self.jobs = jobs
        self.thread = thread
        self.open = len(jobs)
        self.is_over = False
        self.is_written_off = False
