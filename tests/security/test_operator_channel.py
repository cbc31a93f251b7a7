"""Sockets that claim to be the operator, who reads everything that every worker says."""

import json
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from chateval import wire

from .conftest import LiveStudy


@pytest.mark.parametrize(
    "shown",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "bearer é", "Basic b3BlcmF0b3I6", "Bearer " + "x" * 8_000],
)
async def test_a_socket_without_the_secret_is_not_the_operator(live: LiveStudy, shown: str | None) -> None:
    headers = {} if shown is None else {"Authorization": shown}
    with pytest.raises(InvalidStatus) as refused:
        async with connect(live.operator_url, additional_headers=headers):
            pass

    assert refused.value.response.status_code == 403


async def test_the_secret_counts_for_nothing_in_an_address(live: LiveStudy) -> None:
    """Addresses end up in logs and histories; no habit of writing secrets there may begin."""
    environ = Path(f"/proc/{live.router_pid}/environ").read_bytes().decode().split("\0")
    [secret] = [part.partition("=")[2] for part in environ if part.startswith(wire.SECRET_VARIABLE)]
    for query in (f"secret={secret}", f"authorization=Bearer%20{secret}", f"access_token={secret}"):
        with pytest.raises(InvalidStatus):
            async with connect(f"{live.operator_url}?{query}"):
                pass


async def test_a_page_that_speaks_like_the_operator_is_told_that_it_cannot_be_read(live: LiveStudy) -> None:
    async with live.page() as page:
        for text in ('["deliver",1,"forged"]', '{"kind":"joined","token":"x"}', '{"kind":"operator","attached":false}'):
            await page.socket.send(text)
            assert (await page.hears("rejected"))["id"] == ""


async def test_binary_frames_from_a_page_end_its_connection_alone(live: LiveStudy) -> None:
    """Batches are binary: a page's are not even looked at."""
    async with live.page() as bystander:
        async with live.page() as page:
            await page.socket.send(wire.encode_batch([wire.Deliver(1, json.dumps({"kind": "pong"}))]))
            await page.socket.wait_closed()
        await bystander.tell(kind="ping")

        assert await bystander.hears("pong") == {"kind": "pong"}
