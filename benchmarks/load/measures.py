"""The measures: each starts a server of its own, puts a load on it, and gives named figures."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from load import loads
from load.loads import Crowd
from load.ours import OurServer
from load.processes import memory_of, threads_of
from load.server import Server

Figures = dict[str, float]
MS = 1000.0


@dataclass(frozen=True)
class Scale:
    """How large the loads are. Where stock cannot carry what ours is asked to, it has numbers of its own."""

    latency_workers: int = 200
    turns: int = 20
    think_seconds: float = 0.5
    our_crowd: int = 1000
    stock_crowd: int = 400
    our_ramp: tuple[int, ...] = (200, 400, 800)
    """The router admits 30 messages a second from one connection, so that it takes many to saturate it."""
    stock_ramp: tuple[int, ...] = (10, 25, 50, 100)
    saturation_seconds: float = 6.0
    arrivals: int = 400
    arrival_seconds: float = 10.0
    long_turns: int = 400
    edge_turns: int = 20
    our_long_dialogues: int = 5
    stock_long_dialogues: int = 1
    few_sessions: int = 50
    our_many_sessions: int = 550
    stock_many_sessions: int = 250
    units: int = 5000


FULL = Scale()
QUICK = Scale(
    latency_workers=10,
    turns=3,
    think_seconds=0.1,
    our_crowd=20,
    stock_crowd=20,
    our_ramp=(10,),
    stock_ramp=(10,),
    saturation_seconds=1.0,
    arrivals=10,
    arrival_seconds=1.0,
    long_turns=40,
    edge_turns=10,
    our_long_dialogues=1,
    few_sessions=5,
    our_many_sessions=25,
    stock_many_sessions=15,
    units=100,
)

Measure = Callable[[type[Server], Scale], Coroutine[Any, Any, Figures]]

ENOUGH_GROWTH = 1.05
"""A ramp ends with the step that brings less than this times the throughput of the one before."""


async def latency(system: type[Server], scale: Scale) -> Figures:
    return await _crowd(system, scale.latency_workers, scale)


async def crowd(system: type[Server], scale: Scale) -> Figures:
    return await _crowd(system, scale.our_crowd if system is OurServer else scale.stock_crowd, scale)


async def _crowd(system: type[Server], count: int, scale: Scale) -> Figures:
    server = system(count)
    try:
        workers = [server.worker(f"W{number}") for number in range(count)]
        await loads.register(workers, within_seconds=0)
        result = await loads.chat(server, await loads.begin(workers), scale.turns, scale.think_seconds)
        missing = count * scale.turns - len(result.turn_seconds)
        return {**_times(result), **_losses(server, result), "lost": missing, **_shares(result)}
    finally:
        server.stop()


async def saturation(system: type[Server], scale: Scale) -> Figures:
    ramp = scale.our_ramp if system is OurServer else scale.stock_ramp
    server = system(ramp[-1])
    try:
        workers = [server.worker(f"W{number}") for number in range(ramp[-1])]
        best: Figures = {"turns_per_second": 0.0}
        present = 0
        for step in ramp:
            await loads.register(workers[present:step], within_seconds=0)
            await loads.begin(workers[present:step])
            present = step
            result = await loads.saturate(server, workers[:step], scale.saturation_seconds)
            rate = len(result.turn_seconds) / result.seconds
            before = best["turns_per_second"]
            if rate > before:
                best = {"turns_per_second": rate, "workers": step, **_times(result), **_shares(result)}
            if rate < before * ENOUGH_GROWTH:
                break
        return {**best, **_losses(server, result)}
    finally:
        server.stop()


async def registration(system: type[Server], scale: Scale) -> Figures:
    server = system(scale.arrivals)
    try:
        workers = [server.worker(f"W{number}") for number in range(scale.arrivals)]
        await loads.arrive_and_chat(workers, scale.arrival_seconds, scale.think_seconds)
        seconds = [worker.tally.registration_seconds for worker in workers]
        known = [value for value in seconds if value is not None]
        return {**named_quantiles("registration", known), "not_registered": len(seconds) - len(known)}
    finally:
        server.stop()


async def long(system: type[Server], scale: Scale) -> Figures:
    """One dialogue at a time, without pauses; its last turns against its first."""
    count = scale.our_long_dialogues if system is OurServer else scale.stock_long_dialogues
    server = system(count)
    try:
        first: list[float] = []
        last: list[float] = []
        for number in range(count):
            worker = server.worker(f"W{number}")
            await loads.register([worker], within_seconds=0)
            await loads.begin([worker])
            await loads.chat(server, [worker], scale.long_turns, think_seconds=0)
            first += worker.tally.turn_seconds[: scale.edge_turns]
            last += worker.tally.turn_seconds[-scale.edge_turns :]
            worker.leave()
        return {
            "first_turns_ms": median(first) * MS,
            "last_turns_ms": median(last) * MS,
            "last_to_first": median(last) / median(first),
        }
    finally:
        server.stop()


async def memory(system: type[Server], scale: Scale) -> Figures:
    """What each further session takes that is open, in its first turn, and idle."""
    few, many = scale.few_sessions, scale.our_many_sessions if system is OurServer else scale.stock_many_sessions
    server = system(many)
    try:
        workers = [server.worker(f"W{number}") for number in range(many)]
        await _open(workers[:few])
        operator, router = memory_of(server.operator_pid), memory_of(server.router_pid)
        threads = threads_of(server.operator_pid)
        await _open(workers[few:])
        further = many - few
        now, router_now = memory_of(server.operator_pid), memory_of(server.router_pid)
        return {
            "operator_rss_kib": (now.rss_kib - operator.rss_kib) / further,
            "operator_pss_kib": (now.pss_kib - operator.pss_kib) / further,
            "router_pss_kib": (router_now.pss_kib - router.pss_kib) / further,
            "threads": (threads_of(server.operator_pid) - threads) / further,
        }
    finally:
        server.stop()


async def _open(workers: list[Any]) -> None:
    await loads.register(workers, within_seconds=0)
    for worker in await loads.begin(workers):
        await worker.take_turn()
    await asyncio.sleep(1)  # whatever settles, settles


async def units(system: type[Server], scale: Scale) -> Figures:
    """Launching with many places against launching with one."""
    one, many = (_launch_seconds(system, places) for places in (1, scale.units))
    return {"launch_seconds": one, "units_seconds": many - one}


def _launch_seconds(system: type[Server], places: int) -> float:
    server = system(places)
    server.stop()
    return server.launch_seconds


def _times(result: Crowd) -> Figures:
    acknowledged = result.ack_seconds
    return {
        **named_quantiles("turn", result.turn_seconds),
        **(named_quantiles("ack", acknowledged) if acknowledged else {}),
    }


def named_quantiles(name: str, seconds: list[float]) -> Figures:
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {f"{name}_p{percent}_ms": cuts[percent - 1] * MS for percent in (50, 95, 99)}


def _shares(result: Crowd) -> Figures:
    shares = result.shares
    return {"operator_core": shares.operator, "router_core": shares.router, "generator_core": shares.generator}


def _losses(server: Server, result: Crowd) -> Figures:
    losses = {"lost": float(result.lost), "doubled": float(result.doubled)}
    if isinstance(server, OurServer):
        losses["doubled_in_journal"] = server.journal_faults()
    return losses


MEASURES: dict[str, Measure] = {
    "latency": latency,
    "saturation": saturation,
    "crowd": crowd,
    "registration": registration,
    "long": long,
    "memory": memory,
    "units": units,
}
