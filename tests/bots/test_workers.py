import asyncio
import threading

import pytest

from chateval.bots._workers import Workers


async def test_no_more_calls_run_at_once_than_there_are_workers() -> None:
    """Two models at once may be more than the machine can hold."""
    workers, go_on = Workers(1), threading.Event()
    first = asyncio.create_task(workers.run(go_on.wait))
    second = asyncio.create_task(workers.run(threading.get_ident))
    await asyncio.sleep(0)

    assert not second.done()

    go_on.set()
    await first
    assert await second != threading.get_ident()


async def test_a_call_that_hangs_does_not_take_its_place_along() -> None:
    """A generation that was given up cannot be stopped; others must be able to go on."""
    workers, started, go_on = Workers(1), threading.Event(), threading.Event()

    def hang() -> None:
        started.set()
        go_on.wait()

    stuck = asyncio.create_task(workers.run(hang))
    while not started.is_set():
        await asyncio.sleep(0)
    stuck.cancel()

    assert await workers.run(lambda: "done") == "done"
    go_on.set()


async def test_a_call_given_up_before_it_began_never_runs() -> None:
    """It would only be in the way."""
    workers, go_on, ran = Workers(1), threading.Event(), threading.Event()
    first = asyncio.create_task(workers.run(go_on.wait))
    second = asyncio.create_task(workers.run(ran.set))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    go_on.set()
    await first

    await workers.run(lambda: None)

    assert not ran.is_set()


async def test_what_a_call_raises_is_raised_to_the_caller() -> None:
    """With its own type, to be judged there."""

    def fail() -> None:
        raise KeyError("text")

    with pytest.raises(KeyError):
        await Workers(1).run(fail)
