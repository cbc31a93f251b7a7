import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chateval.bots import Progress
from chateval.bots._jobs import Job
from chateval.bots._queue import BatchQueue
from chateval.bots._turnstile import Turnstile
from chateval.errors import BotError

Jobs = Sequence[Job[str, str]]
Queue = BatchQueue[str, str]


class Engine:
    """Says what it was asked in capitals, once it may; notes its batches."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def hold(self) -> None:
        self.may_go_on.clear()
        self.has_begun.clear()

    async def begun(self) -> None:
        await asyncio.to_thread(self.has_begun.wait)

    def __call__(self, jobs: Jobs) -> None:
        self.batches.append([job.item for job in jobs])
        self.has_begun.set()
        self.may_go_on.wait()
        for job in jobs:
            job.done(job.item.upper())


def queue(answer: Callable[[Jobs], None], places: int = 8, **limits: Any) -> Queue:
    return BatchQueue("bot", answer, turnstile=Turnstile(places), **limits)


def task(queue: Queue, dialogue_id: str, item: str) -> "asyncio.Task[str]":
    return asyncio.create_task(queue.ask(dialogue_id, item))


async def cancelled(*tasks: "asyncio.Task[Any]") -> None:
    for one in tasks:
        one.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_requests_of_many_dialogues_make_one_batch() -> None:
    """One pass over the weights for all of them is what makes a model serve a crowd."""
    engine = Engine()
    crowd = queue(engine, wait_seconds=0.2, max_batch=3)

    assert await asyncio.gather(*(crowd.ask(name, name) for name in "abc")) == ["A", "B", "C"]
    assert engine.batches == [["a", "b", "c"]]


async def test_a_batch_is_no_larger_than_it_may_be() -> None:
    """Memory of an accelerator is what it is."""
    engine = Engine()
    crowd = queue(engine, max_batch=2)

    await asyncio.gather(*(crowd.ask(str(number), "x") for number in range(7)))

    assert max(map(len, engine.batches)) == 2


async def test_bots_of_a_run_share_their_places() -> None:
    """`max_concurrent_responses` holds for all bots of a run together, and for the rows of a batch."""
    turnstile, busy, idle = Turnstile(2), Engine(), Engine()
    busy.hold()
    first = BatchQueue("first", busy, turnstile=turnstile)
    second = BatchQueue("second", idle, turnstile=turnstile)
    asked = [task(first, str(number), "x") for number in range(3)]
    await busy.begun()

    other = task(second, "d", "y")
    assert [len(batch) for batch in busy.batches] == [2]
    assert not (await asyncio.wait([other], timeout=0.05))[0]

    busy.may_go_on.set()
    assert await other == "Y"
    await asyncio.gather(*asked)


async def test_dialogues_take_turns() -> None:
    """Somebody who asks for ten candidates at once must not hold up those who ask for one."""
    engine = Engine()
    engine.hold()
    crowd = queue(engine, max_batch=2)
    first = task(crowd, "first", "x")
    await engine.begun()
    greedy = [task(crowd, "greedy", f"g{number}") for number in range(4)]
    modest = task(crowd, "modest", "m")
    await asyncio.sleep(0)
    engine.may_go_on.set()

    await asyncio.gather(first, modest, *greedy)

    assert engine.batches[1:] == [["g0", "m"], ["g1", "g2"], ["g3"]]


async def test_a_full_queue_says_so() -> None:
    """A bot that is too slow for its crowd must not gather requests until memory ends."""
    engine = Engine()
    engine.hold()
    crowd = queue(engine, max_batch=1, max_waiting=1)
    running = task(crowd, "a", "x")
    await engine.begun()
    waiting = task(crowd, "b", "x")
    await asyncio.sleep(0)

    with pytest.raises(BotError, match="1 requests wait for bot 'bot' already"):
        await crowd.ask("c", "x")

    engine.may_go_on.set()
    await asyncio.gather(running, waiting)


async def test_a_job_given_up_before_it_began_is_never_worked_on() -> None:
    """The worker has left; their reply would only be in the way."""
    engine = Engine()
    engine.hold()
    crowd = queue(engine, max_batch=1)
    first = task(crowd, "a", "x")
    await engine.begun()
    second = task(crowd, "b", "gone")
    await asyncio.sleep(0)
    await cancelled(second)
    engine.may_go_on.set()
    await first

    await crowd.ask("c", "y")

    assert engine.batches == [["x"], ["y"]]


async def test_an_engine_sees_who_has_left() -> None:
    """It may stop computing their row."""
    seen: list[list[bool]] = []
    engine = Engine()

    def answer(jobs: Jobs) -> None:
        engine(jobs[:0])
        seen.append([job.is_wanted for job in jobs])
        for job in jobs:
            job.done("")

    engine.hold()
    crowd = queue(answer, wait_seconds=0.2, max_batch=2)
    stays, leaves = task(crowd, "a", "x"), task(crowd, "b", "y")
    await engine.begun()
    await cancelled(leaves)
    engine.may_go_on.set()
    await stays

    assert seen == [[True, False]]


async def test_a_batch_that_hangs_does_not_take_the_bot_along() -> None:
    """A generation that was given up cannot be stopped; others must be able to go on."""
    engine = Engine()
    engine.hold()
    crowd = queue(lambda jobs: engine(jobs) if jobs[0].item == "hang" else jobs[0].done("done"), places=1)
    stuck = task(crowd, "a", "hang")
    await engine.begun()
    await cancelled(stuck)

    assert await crowd.ask("b", "x") == "done"
    engine.may_go_on.set()


async def test_those_who_hung_together_are_tried_apart() -> None:
    """Or one dialogue that the model cannot stand would end the sessions of all that it is batched with."""
    engine = Engine()
    engine.hold()
    crowd = queue(engine, wait_seconds=0.2, max_batch=2)
    together = [task(crowd, "a", "x"), task(crowd, "b", "y")]
    await engine.begun()
    await cancelled(*together)
    engine.may_go_on.set()

    await asyncio.gather(crowd.ask("a", "x"), crowd.ask("b", "y"))

    assert engine.batches == [["x", "y"], ["x"], ["y"]]


async def test_one_that_breaks_a_batch_spoils_no_other() -> None:
    """Each is tried by itself then, with nobody noticing but those whose own request fails."""

    def answer(jobs: Jobs) -> None:
        if any(job.item == "poison" for job in jobs):
            raise MemoryError("too long")
        for job in jobs:
            job.done(job.item)

    crowd = queue(answer, wait_seconds=0.2, max_batch=3)
    a, b, c = await asyncio.gather(
        crowd.ask("a", "x"), crowd.ask("b", "poison"), crowd.ask("c", "y"), return_exceptions=True
    )

    assert (a, c) == ("x", "y")
    assert isinstance(b, MemoryError)


async def test_what_a_call_raises_is_raised_to_the_caller() -> None:
    """With its own type, to be judged there."""

    def fail(_: Jobs) -> None:
        raise KeyError("text")

    with pytest.raises(KeyError):
        await queue(fail).ask("d", "x")


@pytest.mark.parametrize("error", [SystemExit(3), StopIteration("end"), asyncio.CancelledError("stop")])
async def test_nothing_that_is_raised_ends_the_loop_or_gets_lost(error: BaseException) -> None:
    """Foreign code calls `sys.exit`; an event loop would stop at it, with all sessions."""

    def fail(_: Jobs) -> None:
        raise error

    with pytest.raises(BotError, match=type(error).__name__):
        await queue(fail).ask("d", "x")


async def test_a_request_left_unanswered_fails() -> None:
    """An engine that forgets a row must not leave its person waiting."""
    with pytest.raises(BotError, match="'bot' left a request unanswered"):
        await queue(lambda _: None).ask("d", "x")


async def test_each_reply_comes_as_soon_as_it_is_there() -> None:
    """A short reply does not wait for the longest of its batch."""
    engine = Engine()
    engine.hold()

    def answer(jobs: Jobs) -> None:
        jobs[0].done("short")
        engine(jobs[1:])

    crowd = queue(answer, wait_seconds=0.2, max_batch=2)
    long = asyncio.create_task(crowd.ask("b", "x"))
    short = asyncio.create_task(crowd.ask("a", "x"))
    done, _ = await asyncio.wait([long, short], return_when=asyncio.FIRST_COMPLETED)

    assert [one.result() for one in done] == ["short"]
    engine.may_go_on.set()
    await asyncio.gather(long, short)


async def test_progress_is_told_on_the_loop() -> None:
    """Whoever watches need not think of threads."""
    told: list[tuple[str, str, bool]] = []

    def answer(jobs: Jobs) -> None:
        jobs[0].show("he")
        jobs[0].done("hello")

    def watch(progress: Progress, text: str) -> None:
        told.append((progress, text, threading.current_thread() is threading.main_thread()))

    await queue(answer).ask("d", "x", watch)

    assert told == [("queued", "", True), ("started", "", True), ("started", "he", True)]


def test_a_queue_outlives_an_event_loop() -> None:
    """Mephisto's own task runner has a loop for each reply."""
    crowd = queue(Engine())

    assert [asyncio.run(crowd.ask("d", text)) for text in ("a", "b")] == ["A", "B"]


async def test_as_many_threads_work_as_are_allowed() -> None:
    """Agents that cannot batch are still asked beside one another."""
    both = threading.Barrier(2)

    def answer(jobs: Jobs) -> None:
        both.wait()
        jobs[0].done(threading.current_thread().name)

    crowd = queue(answer, threads=2, max_batch=1)

    assert await asyncio.gather(crowd.ask("a", "x"), crowd.ask("b", "x")) == ["chateval-bot-bot"] * 2


async def test_closing_tells_those_who_wait() -> None:
    """At the end of a run nobody hangs, whatever the model does."""
    engine = Engine()
    engine.hold()
    crowd = queue(engine, max_batch=1)
    asked = [task(crowd, "a", "x"), task(crowd, "b", "x")]
    await engine.begun()

    await crowd.close(wait_seconds=0.01)

    assert all("is closed" in str(error) for error in await asyncio.gather(*asked, return_exceptions=True))
    with pytest.raises(BotError, match="is closed"):
        await crowd.ask("c", "x")
    engine.may_go_on.set()


async def test_a_place_waits_for_its_turn() -> None:
    """Bots that are asked over the network take places too."""
    turnstile, told = Turnstile(1), list[str]()
    async with turnstile.place():
        second = asyncio.create_task(_pass(turnstile, told))
        await asyncio.sleep(0)
        assert told == ["queued"]
    await second

    assert told == ["queued", "started"]


async def test_a_place_that_was_not_waited_for_is_not_lost() -> None:
    """Or a run would come to a standstill as people leave."""
    turnstile = Turnstile(1)
    async with turnstile.place():
        waiting = asyncio.create_task(_pass(turnstile, []))
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert turnstile.take() == 1


async def _pass(turnstile: Turnstile, told: list[str]) -> None:
    async with turnstile.place(lambda progress, _: told.append(progress)):
        pass
