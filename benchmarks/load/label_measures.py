"""What labelling is measured by: a launch with many units, and people who arrive while others label."""

import asyncio
import gc
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from itertools import chain

from load.labeller import Labeller
from load.loads import Meter
from load.measures import Figures, named_quantiles
from load.our_labels import TURNS, OurLabelServer
from load.stock_labels import StockLabelServer

LabelServer = OurLabelServer | StockLabelServer


@dataclass(frozen=True)
class LabelScale:
    units: int = 5000
    labellers: int = 200
    arrivals: int = 100
    seconds_per_label: float = 0.5

    @property
    def unit_seconds(self) -> float:
        """How long somebody is at one dialogue; also the time over which newcomers arrive."""
        return TURNS * self.seconds_per_label


async def labelling(system: type[LabelServer], scale: LabelScale) -> Figures:
    """Labellers come first and are spread over their first dialogue, so that from then on they hand in evenly."""
    server = system(scale.units)
    try:
        present = [server.labeller(f"L{number}") for number in range(scale.labellers)]
        newcomers = [server.labeller(f"N{number}") for number in range(scale.arrivals)]
        await _let_in(present)
        for worker in present:
            worker.tally.registration_seconds.clear()
        meter = Meter(server)
        await _label_and_arrive(present, newcomers, scale)
        shares = meter.read()
        everyone = [*present, *newcomers]
        return {
            "launch_seconds": server.launch_seconds,
            **_times("registration", [worker.tally.registration_seconds[:1] for worker in newcomers]),
            **_times("next_unit", [worker.tally.registration_seconds for worker in present]),
            **_times("ack", [worker.tally.ack_seconds for worker in everyone]),
            "labels": sum(len(worker.tally.ack_seconds) for worker in everyone),
            "handed_in": sum(worker.tally.handed_in for worker in everyone),
            "refused": sum(worker.tally.refused for worker in everyone),
            "operator_core": shares.operator,
            "router_core": shares.router,
            "generator_core": shares.generator,
        }
    finally:
        server.stop()


async def _let_in(workers: Sequence[Labeller], at_once: int = 16) -> None:
    doors = asyncio.Semaphore(at_once)

    async def arrive(worker: Labeller) -> None:
        async with doors:
            await worker.arrive()

    await asyncio.gather(*map(arrive, workers))


async def _label_and_arrive(present: Sequence[Labeller], newcomers: Sequence[Labeller], scale: LabelScale) -> None:
    """Ends once the last newcomer is in."""
    gc.collect()
    gc.freeze()

    step = scale.unit_seconds / len(newcomers)
    spacing = scale.unit_seconds / len(present)
    arrivals = [
        asyncio.create_task(_arrive_after(worker, scale.unit_seconds + step * at))
        for at, worker in enumerate(newcomers)
    ]
    lives = [
        *(_live(asyncio.sleep(spacing * at, result=True), worker, scale) for at, worker in enumerate(present)),
        *(_live(arrival, worker, scale) for arrival, worker in zip(arrivals, newcomers, strict=True)),
    ]
    tasks = [asyncio.create_task(life) for life in lives]
    await asyncio.gather(*arrivals)
    for task in tasks:
        task.cancel()
    failures = await asyncio.gather(*tasks, return_exceptions=True)
    for failure in failures:
        if not isinstance(failure, asyncio.CancelledError | None):
            raise failure


async def _arrive_after(worker: Labeller, seconds: float) -> bool:
    await asyncio.sleep(seconds)
    return await worker.arrive()


async def _live(beginning: Awaitable[bool], worker: Labeller, scale: LabelScale) -> None:
    """One dialogue after the other, once the first is taken; `beginning` says whether it is."""
    is_in = await beginning
    while is_in:
        await worker.work(TURNS, scale.seconds_per_label)
        is_in = await worker.arrive()


def _times(name: str, seconds: Sequence[Sequence[float]]) -> Figures:
    known = list(chain.from_iterable(seconds))
    return named_quantiles(name, known) if len(known) > 1 else {}
