"""Loads: how many workers do what, and when."""

import asyncio
import gc
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from time import perf_counter, process_time

from load.processes import cpu_seconds
from load.server import Server
from load.worker import Worker


@dataclass(frozen=True)
class Shares:
    """Which part of one core each had over a load."""

    operator: float
    router: float
    generator: float


@dataclass(frozen=True)
class Crowd:
    """What a load has shown."""

    workers: Sequence[Worker]
    seconds: float
    """From the first turn said to the last answered."""
    shares: Shares

    @property
    def turn_seconds(self) -> list[float]:
        return list(chain.from_iterable(worker.tally.turn_seconds for worker in self.workers))

    @property
    def ack_seconds(self) -> list[float]:
        return list(chain.from_iterable(worker.tally.ack_seconds for worker in self.workers))

    @property
    def registration_seconds(self) -> list[float]:
        known = (worker.tally.registration_seconds for worker in self.workers)
        return [seconds for seconds in known if seconds is not None]

    @property
    def lost(self) -> int:
        return sum(worker.tally.lost for worker in self.workers)

    @property
    def doubled(self) -> int:
        return sum(worker.tally.doubled for worker in self.workers)


class Meter:
    """Measures shares of a core from its making on."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._began = (perf_counter(), *self._used())

    def _used(self) -> tuple[float, float, float]:
        return cpu_seconds(self._server.operator_pid), cpu_seconds(self._server.router_pid), process_time()

    def read(self) -> Shares:
        at, *before = self._began
        seconds = perf_counter() - at
        return Shares(*((now - then) / seconds for now, then in zip(self._used(), before, strict=True)))


async def register(workers: Sequence[Worker], within_seconds: float, at_once: int = 32) -> None:
    """Have workers arrive evenly spread over a time; without one, `at_once` at a time, as fast as they are let in."""
    doors = asyncio.Semaphore(len(workers) if within_seconds else at_once)

    async def arrive(number: int, worker: Worker) -> None:
        await asyncio.sleep(within_seconds * number / len(workers))
        async with doors:
            await worker.arrive()

    await asyncio.gather(*(arrive(number, worker) for number, worker in enumerate(workers)))


async def arrive_and_chat(workers: Sequence[Worker], within_seconds: float, think_seconds: float) -> None:
    """Arrivals spread over a time, each of whom begins to chat at once and goes on until the last is in."""
    missing = len(workers)
    all_are_in = asyncio.Event()

    async def live(number: int, worker: Worker) -> None:
        nonlocal missing
        await asyncio.sleep(within_seconds * number / len(workers))
        is_in = await worker.arrive()
        missing -= 1
        if missing == 0:
            all_are_in.set()
        if not is_in:
            return
        await worker.begin()
        while await worker.take_turn():
            if all_are_in.is_set():
                return
            await asyncio.sleep(think_seconds)

    await asyncio.gather(*(live(number, worker) for number, worker in enumerate(workers)))


async def begin(workers: Sequence[Worker]) -> list[Worker]:
    """Have all who were let in begin to chat; returns them."""
    present = [worker for worker in workers if worker.tally.registration_seconds is not None]
    await asyncio.gather(*(worker.begin() for worker in present))
    return present


async def chat(server: Server, workers: Sequence[Worker], turns: int, think_seconds: float) -> Crowd:
    """Each takes `turns` turns, pausing before each; their beginnings are spread over the first pause."""
    gc.collect()
    gc.freeze()
    gc.disable()
    meter, began = Meter(server), perf_counter()

    async def talk(number: int, worker: Worker) -> None:
        await asyncio.sleep(think_seconds * number / len(workers))
        for _ in range(turns):
            if not await worker.take_turn():
                return
            if think_seconds:
                await asyncio.sleep(think_seconds)

    await asyncio.gather(*(talk(number, worker) for number, worker in enumerate(workers)))
    seconds = perf_counter() - began
    gc.enable()
    return Crowd(workers, seconds, meter.read())


async def saturate(server: Server, workers: Sequence[Worker], seconds: float) -> Crowd:
    """All talk without a pause for a time; `seconds` of the result is the time until the last had its answer."""
    meter, began = Meter(server), perf_counter()
    for worker in workers:
        worker.tally.turn_seconds.clear()
        worker.tally.ack_seconds.clear()

    async def talk(worker: Worker) -> None:
        while perf_counter() - began < seconds and await worker.take_turn():
            pass

    await asyncio.gather(*map(talk, workers))
    return Crowd(workers, perf_counter() - began, meter.read())
