"""The router's limits on connections, with small numbers, so that nobody has to wait."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from chateval import wire
from chateval.router import Limits, Options, create_server
from chateval.router._door import Door

from .conftest import SECRET, free_port, wait_until_alive

HANDSHAKE = (
    "GET /page HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@dataclass(frozen=True)
class Serving:
    port: int

    @property
    def page_url(self) -> str:
        return f"ws://localhost:{self.port}{wire.PAGE_PATH}"

    def operator(self) -> connect:
        url = f"ws://localhost:{self.port}{wire.OPERATOR_PATH}"
        return connect(url, additional_headers={"Authorization": f"Bearer {SECRET}"}, max_queue=None)

    def line(self) -> socket.socket:
        return socket.create_connection(("localhost", self.port), timeout=5)


Serve = Callable[..., Serving]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serve with limits of one's own: `serve(join_seconds=0.1)`."""
    (tmp_path / "index.html").write_text("x" * 1_000_000)
    with ExitStack() as servers:

        def start(frame_ancestors: tuple[str, ...] = (), **limits: float) -> Serving:
            port = free_port()
            options = Options(tmp_path, "localhost", port, frame_ancestors, Limits(**cast("Any", limits)))
            server = create_server(options, SECRET)
            thread = threading.Thread(target=server.run)
            thread.start()

            def stop() -> None:
                server.should_exit = True
                thread.join()

            servers.callback(stop)
            wait_until_alive(port)
            return Serving(port)

        yield start


def is_ended(line: socket.socket) -> bool:
    try:
        while line.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return True


async def admitted(page: ClientConnection, operator: ClientConnection) -> None:
    """Have the operator say `joined` to the page."""
    await page.send("let me in")
    data = await operator.recv()
    assert isinstance(data, bytes)
    connection = next(e.connection for e in wire.decode_from_router(data) if isinstance(e, wire.Received))
    await operator.send(wire.encode_batch([wire.Deliver(connection, '{"kind":"joined","token":"t"}')]))
    while json.loads(await page.recv())["kind"] != "joined":
        pass


async def test_a_page_that_never_joins_is_closed_and_one_that_has_joined_stays(serve: Serve) -> None:
    """Idle sockets are free for an attacker, and must not be for long."""
    serving = serve(join_seconds=0.3)
    async with serving.operator() as operator, connect(serving.page_url) as idle, connect(serving.page_url) as joined:
        await admitted(joined, operator)
        with pytest.raises(ConnectionClosed):
            while True:
                await asyncio.wait_for(idle.recv(), 5)

        await joined.send('{"kind":"ping"}')
        assert json.loads(await joined.recv()) == {"kind": "pong"}


async def test_a_page_may_wait_for_an_operator_as_long_as_it_takes(serve: Serve) -> None:
    """While the study is away nobody can join; whoever waits for it must not be sent off."""
    serving = serve(join_seconds=0.1)
    async with connect(serving.page_url) as page:
        await page.recv()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(page.recv(), 0.4)


async def test_where_it_is_full_the_oldest_that_has_not_joined_makes_room(serve: Serve) -> None:
    """Ten thousand idle sockets must not keep out the one person who wants to take part."""
    serving = serve(connections=20)
    async with serving.operator() as operator, connect(serving.page_url) as joined:
        await admitted(joined, operator)
        with ExitStack() as idle:
            lines = [idle.enter_context(serving.line()) for _ in range(100)]
            async with connect(serving.page_url) as newcomer:
                await admitted(newcomer, operator)
                await joined.send('{"kind":"ping"}')
                assert json.loads(await joined.recv()) == {"kind": "pong"}
            assert is_ended(lines[0])


@pytest.mark.parametrize(
    "head",
    [
        "",
        "GET / HT",
        "GET / HTTP/1.1\r\nHost: a\r\nX-",
        "GET /is_alive HTTP/1.1\r\nHost: a\r\n\r\n|GET / HTTP/1.1\r\nX-",
        HANDSHAKE,
        HANDSHAKE + "X-Long: " + "x" * 9_000 + "\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx",
    ],
    ids=[
        "nothing",
        "a word",
        "half a head",
        "half of a second",
        "half a handshake",
        "an unreadable one",
        "half a body",
    ],
)
def test_a_request_that_never_ends_is_ended(serve: Serve, head: str) -> None:
    """Slowloris: a byte a minute holds a connection for nothing."""
    serving = serve(request_seconds=0.2, response_seconds=5)
    with serving.line() as line:
        first, _, rest = head.format(port=serving.port).encode().partition(b"|")
        line.sendall(first)
        if rest:
            line.recv(65_536)
            line.sendall(rest)

        assert is_ended(line)


def test_a_response_that_is_never_read_is_ended(serve: Serve) -> None:
    serving = serve(response_seconds=0.3)
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("localhost", serving.port))
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 20)
        time.sleep(0.6)  # as its reader is asleep
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
        received = sum(len(part) for part in iter(lambda: line.recv(2**20), b""))

    assert received < 20_000_000


def test_a_connection_may_not_ask_for_files_without_end(serve: Serve) -> None:
    serving = serve(requests_per_second=0.001, request_burst=3)
    with serving.line() as line:
        line.sendall(b"GET /is_alive HTTP/1.1\r\nHost: a\r\n\r\n" * 10)
        received = b""
        try:
            while part := line.recv(65_536):
                received += part
        except ConnectionResetError:
            pass

    assert received.count(b"200 OK") == 4


async def test_a_slow_reader_is_cut_off_and_the_operator_is_told(serve: Serve) -> None:
    serving = serve(waiting_characters=200_000, closing_seconds=0.2)
    async with serving.operator() as operator:
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.connect(("localhost", serving.port))
            line.sendall((HANDSHAKE + "\r\n").format(port=serving.port).encode())
            line.recv(64)
            line.sendall(b"\x81\x81\0\0\0\0x")
            data = await asyncio.wait_for(operator.recv(), 5)
            assert isinstance(data, bytes)
            [received] = wire.decode_from_router(data)
            for _ in range(100):
                await operator.send(wire.encode_batch([wire.Deliver(received.connection, "x" * 60_000)]))
            data = await asyncio.wait_for(operator.recv(), 5)
            assert isinstance(data, bytes)

            assert wire.decode_from_router(data) == [wire.Closed(received.connection)]


async def test_a_batch_of_the_operator_may_be_longer_than_a_page_s_message(serve: Serve) -> None:
    """Histories are long, and many are asked for at once."""
    serving = serve()
    async with serving.operator() as operator, connect(serving.page_url, max_size=None) as page:
        await admitted(page, operator)
        await operator.send(wire.encode_batch([wire.Deliver(1, '"' + "x" * 1_000_000 + '"')] * 3))

        for _ in range(3):
            assert len(await asyncio.wait_for(page.recv(), 5)) == 1_000_002


async def test_bytes_are_counted_too(serve: Serve) -> None:
    """Few messages can be many bytes."""
    serving = serve(byte_burst=100_000, bytes_per_second=1)
    async with connect(serving.page_url) as page:
        with pytest.raises(ConnectionClosed):
            for _ in range(50):
                await page.send("x" * 30_000)
            while True:
                await asyncio.wait_for(page.recv(), 5)


async def test_pings_and_fragments_are_counted_too(serve: Serve) -> None:
    """Frames that never become a message cost as much as those that do."""
    serving = serve()
    for tiny in (b"\x89\x80\0\0\0\0", b"\x01\x80\0\0\0\0" + b"\x00\x80\0\0\0\0" * 9):
        with serving.line() as line:
            line.sendall((HANDSHAKE + "\r\n").format(port=serving.port).encode())
            line.recv(64)
            line.sendall(tiny * 2_000)

            assert is_ended(line)


def test_only_those_sites_may_frame_the_page_that_the_router_is_told_of(serve: Serve) -> None:
    """A platform that shows the task in a frame of its own must be able to; everyone else must not."""
    serving = serve(frame_ancestors=("https://worker.mturk.com",))
    with serving.line() as line:
        line.sendall(b"GET /is_alive HTTP/1.1\r\nHost: study.example\r\nConnection: close\r\n\r\n")
        head = line.recv(65_536).decode()

    assert "frame-ancestors 'self' https://worker.mturk.com\r\n" in head
    assert "connect-src 'self' ws://study.example wss://study.example;" in head


class _Transport:
    def __init__(self, address: str) -> None:
        self.address = address
        self.is_aborted = False

    def get_extra_info(self, name: str) -> tuple[str, int]:
        return (self.address, 1)

    def abort(self) -> None:
        self.is_aborted = True


def test_one_address_gets_so_many_connections_and_loopback_as_many_as_there_are() -> None:
    """One attacker must not take the place of all; a proxy on this machine speaks for everyone."""
    door = Door(Limits(connections_per_address=2))
    near, far = [_Transport("::1") for _ in range(9)], [_Transport("203.0.113.7") for _ in range(3)]

    assert all(door.admits(cast("asyncio.Transport", transport)) for transport in near)
    assert [door.admits(cast("asyncio.Transport", transport)) for transport in far] == [True, True, False]
    door.forget(cast("asyncio.Transport", far[0]))
    assert door.admits(cast("asyncio.Transport", far[2]))


def test_the_rate_limit_costs_next_to_nothing() -> None:
    """Every turn passes it several times."""
    bucket = wire.Bucket(wire.MESSAGES_PER_SECOND, wire.MESSAGE_BURST)
    times = SimpleNamespace(best=1.0)
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(10_000):
            bucket.take(time.monotonic())
        times.best = min(times.best, (time.perf_counter() - began) / 10_000)

    assert times.best < 10e-6


def test_a_bucket_gives_its_burst_at_once_and_its_rate_from_then_on() -> None:
    bucket = wire.Bucket(per_second=2, burst=3)

    assert [bucket.take(10.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(10.5) for _ in range(2)] == [True, False]
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]
