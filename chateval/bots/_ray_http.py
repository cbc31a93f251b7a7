"""HTTP, as bots that `chateval serve` hosts are reached by."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx

from chateval.bots.serving._protocol import MAX_LINE_BYTES, SILENCE_SECONDS, Refusal, decoded
from chateval.config import RayBot, is_loopback
from chateval.errors import ServingError

PATIENCE_SECONDS = 4 * SILENCE_SECONDS
"""How long a server may send nothing, not even an empty line, before it is taken for dead."""


class Clients:
    """A client for each event loop that asks, since connections belong to the loop that they were opened in."""

    def __init__(self, spec: RayBot, key: str, patience_seconds: float) -> None:
        self._manners = manners(spec, key, patience_seconds)
        self._by_loop: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}

    def here(self) -> tuple[httpx.AsyncClient, dict[str, str]]:
        """The running loop's client, and headers: the first connection is not kept, as a loop may be for one reply."""
        loop = asyncio.get_running_loop()
        if loop in self._by_loop:
            return self._by_loop[loop], {}
        self._by_loop = {one: client for one, client in self._by_loop.items() if not one.is_closed()}
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=256, keepalive_expiry=30)
        client = self._by_loop[loop] = httpx.AsyncClient(**self._manners, limits=limits)
        return client, {"Connection": "close"}

    async def close(self) -> None:
        mine = self._by_loop.pop(asyncio.get_running_loop(), None)
        self._by_loop.clear()
        if mine is not None:
            await mine.aclose()


def manners(spec: RayBot, key: str, patience_seconds: float) -> dict[str, Any]:
    silence = httpx.Timeout(patience_seconds, connect=spec.connect_seconds, pool=None)
    is_near = is_loopback(urlsplit(spec.url).hostname or "")
    return {
        "base_url": spec.url,
        "timeout": silence,
        "headers": {"Authorization": f"Bearer {key}"} if key else {},
        "follow_redirects": False,  # the key is for this address
        "trust_env": not is_near,  # no proxy leads to this machine
    }


async def lines_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """Lines that hold something, none of them longer than any that could be meant."""
    rest = b""
    async for piece in response.aiter_raw():
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if line.strip():
                yield line
        if len(rest) > MAX_LINE_BYTES:
            raise ServingError(f"A line is longer than {MAX_LINE_BYTES:,} bytes.")


async def start_of(response: httpx.Response) -> bytes:
    whole = b""
    async for piece in response.aiter_raw():
        whole += piece
        if len(whole) > MAX_LINE_BYTES:
            break
    return whole


def refusal(spec: RayBot, status: int, body: bytes) -> str:
    try:
        reason = decoded(body, Refusal).error
    except ServingError:
        reason = body[:200].decode(errors="replace").strip() or "nothing more"
    return f"{spec.url} answers with status {status}: {reason}"


def broken(spec: RayBot, error: httpx.HTTPError) -> str:
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            what = "cannot be reached"
        case httpx.TimeoutException():
            what = "has fallen silent"
        case _:
            what = "broke the connection off"
    return f"Bot {spec.name!r}: {spec.url} {what}: {str(error) or type(error).__name__}."
