"""The router as its own process, spoken to over real sockets."""

import asyncio
import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chateval import wire

from .conftest import SECRET, Running


def operator(router: Running, secret: str = SECRET) -> Any:
    return connect(router.operator_url, additional_headers={"Authorization": f"Bearer {secret}"})


async def said(socket: ClientConnection) -> dict[str, Any]:
    return json.loads(await asyncio.wait_for(socket.recv(), 5))


async def batch(socket: ClientConnection) -> list[wire.FromRouter]:
    data = await asyncio.wait_for(socket.recv(), 5)
    assert isinstance(data, bytes)
    return wire.decode_from_router(data)


async def test_a_page_is_told_whether_an_operator_is_there(router: Running) -> None:
    """Nothing may be called saved while nobody is there to save it."""
    async with connect(router.page_url) as page:
        assert await said(page) == {"kind": "operator", "attached": False}
        async with operator(router):
            assert await said(page) == {"kind": "operator", "attached": True}
        assert await said(page) == {"kind": "operator", "attached": False}


async def test_packets_reach_the_connection_that_they_are_for(router: Running) -> None:
    async with operator(router) as op, connect(router.page_url) as one, connect(router.page_url) as two:
        await said(one), await said(two)
        await one.send("from one")
        [received] = await batch(op)
        assert isinstance(received, wire.Received)
        assert received.text == "from one"
        await op.send(wire.encode_batch([wire.Deliver(received.connection, '"for one"')]))

        assert await said(one) == "for one"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(two.recv(), 0.2)


async def test_a_ping_is_answered_without_an_operator(router: Running) -> None:
    async with connect(router.page_url) as page:
        await said(page)
        await page.send('{"kind":"ping"}')

        assert await said(page) == {"kind": "pong"}


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x"])
async def test_a_socket_without_the_secret_is_no_operator(router: Running, secret: str) -> None:
    """Whoever is the operator reads everything that every worker says."""
    with pytest.raises(InvalidStatus) as refused:
        async with operator(router, secret):
            pass

    assert refused.value.response.status_code == 403


async def test_a_page_cannot_act_as_operator(router: Running) -> None:
    """Envelopes on a page's socket are only ever text of that page."""
    async with operator(router) as op, connect(router.page_url) as page:
        await said(page)
        await page.send('["deliver", 1, "forged"]')

        [received] = await batch(op)
        assert isinstance(received, wire.Received)
        assert received.text == '["deliver", 1, "forged"]'


async def test_a_newer_operator_takes_the_place_of_the_older(router: Running) -> None:
    """A restarted study must not wait for the connection of its dead forerunner to time out."""
    async with operator(router) as old, operator(router) as new, connect(router.page_url) as page:
        await said(page)
        await page.send("hello")

        [received] = await batch(new)
        assert isinstance(received, wire.Received)
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(old.recv(), 5)


async def test_a_message_over_the_limit_ends_only_its_own_connection(router: Running) -> None:
    async with operator(router) as op, connect(router.page_url) as greedy, connect(router.page_url) as other:
        await said(greedy), await said(other)
        with pytest.raises(ConnectionClosed):
            await greedy.send("x" * (wire.MAX_MESSAGE_BYTES + 1))
            await asyncio.wait_for(greedy.recv(), 5)
        await other.send("still here")

        envelopes = await batch(op)
        while not any(isinstance(e, wire.Received) for e in envelopes):
            envelopes = await batch(op)
        assert [e.text for e in envelopes if isinstance(e, wire.Received)] == ["still here"]


async def test_a_page_of_another_site_is_turned_away(router: Running) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(router.page_url, origin="https://elsewhere.example"):  # type: ignore[arg-type]
            pass

    assert refused.value.response.status_code == 403


def test_the_page_comes_with_headers_that_keep_scripts_and_frames_out(router: Running) -> None:
    with urllib.request.urlopen(f"http://localhost:{router.port}/") as answer:
        assert b"<title>page</title>" in answer.read()
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/../secret", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"])
def test_nothing_outside_the_page_is_served(router: Running, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://localhost:{router.port}{path}")

    assert refused.value.code == 404
    refused.value.close()


def test_the_router_ends_with_whoever_started_it(router: Running) -> None:
    """An orphan on the port would serve the next run's workers to nobody."""
    assert router.process.stdin is not None
    router.process.stdin.close()

    assert router.process.wait(10) == 0
