"""Too much, too many, too slow: what one attacker does must not be felt by anyone else."""

import asyncio
import socket
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from .conftest import LiveStudy, Visitor
from .flood import HANDSHAKE

FLOOD = Path(__file__).parent / "flood.py"
IDLE_SOCKETS = 2_000
FELT_SECONDS = 1.0
"""A bystander's turn may take so long while an attack goes on, on a machine that attacker and study share."""


async def turn_seconds(page: Visitor, number: int) -> float:
    """How long a turn takes, from saying it to being asked for the next: twice through router, operator and journal."""
    began = time.monotonic()
    await page.say("still here?", f"b{number}")
    return time.monotonic() - began


async def test_a_message_of_10_mb_ends_its_own_connection_unread(live: LiveStudy) -> None:
    memory = live.router_memory_mib()
    async with live.page() as bystander, live.page() as greedy:
        await bystander.begin("bystander of 10 MB")
        with pytest.raises(ConnectionClosed):
            await greedy.socket.send("x" * 10_000_000)
            await greedy.socket.wait_closed()
            await greedy.socket.send("more")
        assert greedy.socket.close_code in {1006, 1009}

        assert await turn_seconds(bystander, 1) < FELT_SECONDS
    assert live.router_memory_mib() < memory + 20


async def test_a_million_small_messages_are_not_felt_by_others(live: LiveStudy) -> None:
    """Fifty connections, ten at a time, with 20,000 messages each."""
    async with live.page() as bystander:
        await bystander.begin("bystander of a million")
        attacker = await asyncio.create_subprocess_exec(
            sys.executable, str(FLOOD), str(live.port), "50", "20000", stdout=asyncio.subprocess.PIPE
        )
        turns = []
        while attacker.returncode is None and len(turns) < 500:
            turns.append(await turn_seconds(bystander, len(turns)))
            await asyncio.sleep(0.05)
        pushed, _ = await attacker.communicate()

    assert int(pushed) == 1_000_000
    assert len(turns) > 5
    assert max(turns) < FELT_SECONDS


async def test_who_sends_too_much_is_told_and_cut_off(live: LiveStudy) -> None:
    """A page that does so by mistake connects again by itself; so it has to know."""
    async with live.page() as page:
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(5_000):
                await page.tell(kind="ping")
            await page.hears("rejected")
            await page.hears("nothing more")

        assert closed.value.rcvd is None or closed.value.rcvd.code == 1008


async def test_two_thousand_idle_sockets_keep_nobody_out(live: LiveStudy) -> None:
    memory = live.router_memory_mib()
    with ExitStack() as idle:
        for _ in range(IDLE_SOCKETS):
            line = idle.enter_context(socket.create_connection(("localhost", live.port), timeout=5))
            line.sendall(HANDSHAKE % live.port)
        async with live.page() as newcomer:
            await newcomer.begin("newcomer")
            turns = [await turn_seconds(newcomer, number) for number in range(5)]
        grown = live.router_memory_mib() - memory

    assert max(turns) < FELT_SECONDS
    assert grown / IDLE_SOCKETS < 0.1, f"{grown:.0f} MiB"


async def test_half_open_connections_keep_nobody_out(live: LiveStudy) -> None:
    """A handshake that never ends, on plain HTTP and on the way to a WebSocket."""
    with ExitStack() as half_open:
        for number in range(500):
            line = half_open.enter_context(socket.create_connection(("localhost", live.port), timeout=5))
            line.sendall([b"", b"G", b"GET / HTTP/1.1\r\nHost: a\r\nX-", (HANDSHAKE % live.port)[:-2]][number % 4])
        async with live.page() as newcomer:
            await newcomer.begin("newcomer among the half-open")

            assert await turn_seconds(newcomer, 1) < FELT_SECONDS


async def test_a_slow_reader_is_cut_off_before_it_fills_the_memory(live: LiveStudy) -> None:
    """Someone who asks for a long history again and again, and never reads it."""
    async with live.page() as page:
        token = await page.begin("slow reader")
        for number in range(10):
            await page.say("x" * 10_000, f"m{number}")
    memory = live.router_memory_mib()
    ask = f'{{"kind":"resume","token":"{token}","since":0}}'.encode()
    masked = bytes([0x81, 0x80 | len(ask), 0, 0, 0, 0]) + ask
    with socket.create_connection(("localhost", live.port), timeout=10) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(HANDSHAKE % live.port)
        line.recv(64)
        line.sendall(masked * 90)
        async with live.page() as bystander:
            await bystander.begin("bystander of a slow reader")
            assert await turn_seconds(bystander, 1) < FELT_SECONDS * 3
        with pytest.raises((ConnectionError, BrokenPipeError)):
            for _ in range(100):
                line.sendall(b"\x89\x80\0\0\0\0")  # a ping
                await asyncio.sleep(0.1)

    assert live.router_memory_mib() < memory + 80


async def test_asking_for_a_session_without_end_is_refused(live: LiveStudy) -> None:
    """Each answer holds the whole history: a cheap question with a dear answer."""
    async with live.page() as page:
        for _ in range(150):
            await page.tell(kind="resume", token="nobody", since=0)

        assert "too often" in (await page.hears("rejected"))["text"]
