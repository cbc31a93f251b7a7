"""The official client, as bots use it: no retries of its own, no answer without end, no word of OpenAI to others."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from openai import AsyncOpenAI, OpenAI

from chateval.config import OpenAIBot, is_loopback
from chateval.config.bots import OPENAI_URL
from chateval.errors import BotError

MAX_RESPONSE_BYTES = 8 * 1024 * 1024
CONNECT_SECONDS = 10.0
NO_KEY = "none"
"""The client wants a key even where the server does not."""


class Clients:
    """A client for each event loop that asks, since connections belong to the loop that opened them."""

    def __init__(self, spec: OpenAIBot, key: str, heed: Callable[[Mapping[str, str]], None]) -> None:
        self._spec = spec
        self._key = key
        self._heed = heed
        self._context = httpx.create_ssl_context()
        self._by_loop: dict[asyncio.AbstractEventLoop, AsyncOpenAI] = {}

    def here(self) -> tuple[AsyncOpenAI, dict[str, str]]:
        """The client of the running loop, and headers for the request.

        The first connection of a loop is not kept: a loop that is made for one reply leaves nothing open behind it.
        """
        loop = asyncio.get_running_loop()
        if loop in self._by_loop:
            return self._by_loop[loop], {}
        self._by_loop = {one: client for one, client in self._by_loop.items() if not one.is_closed()}
        client = self._by_loop[loop] = self._made()
        return client, {"Connection": "close"}

    async def close(self) -> None:
        """Close the connections of the running loop, and forget those of others."""
        mine = self._by_loop.get(asyncio.get_running_loop())
        self._by_loop.clear()
        if mine is not None:
            await mine.close()

    def _made(self) -> AsyncOpenAI:
        http: Any = httpx.AsyncClient(
            **_manners(self._spec, self._spec.timeout_seconds),
            verify=self._context,
            event_hooks={"response": [self._meet]},
        )
        client = AsyncOpenAI(**_access(self._spec, self._key), http_client=http)
        _withhold_account(client, self._spec)
        return client

    async def _meet(self, response: httpx.Response) -> None:
        self._heed(response.headers)
        encoding = response.headers.get("content-encoding", "identity")
        if encoding != "identity":
            raise BotError(
                f"Bot {self._spec.name!r}: the endpoint compresses its answers ({encoding}), and was asked not to. "
                "Turn that off there, or in the proxy before it."
            )
        response.stream = _Bounded(self._spec.name, response.stream)


def blocking_client(spec: OpenAIBot, key: str, timeout_seconds: float) -> OpenAI:
    """For the moment before the study begins."""
    http: Any = httpx.Client(**_manners(spec, timeout_seconds))
    client = OpenAI(**_access(spec, key), http_client=http)
    _withhold_account(client, spec)
    return client


def _access(spec: OpenAIBot, key: str) -> dict[str, Any]:
    return {"base_url": spec.url, "api_key": key or NO_KEY, "max_retries": 0}


def _manners(spec: OpenAIBot, timeout_seconds: float) -> dict[str, Any]:
    return {
        "timeout": httpx.Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds), pool=None),
        "limits": httpx.Limits(max_connections=None, max_keepalive_connections=100),
        "headers": {"Accept-Encoding": "identity"},  # or its size could not be told beforehand
        "follow_redirects": False,  # the key is for this address
        "trust_env": not is_loopback(urlsplit(spec.url).hostname or ""),  # no proxy leads to a server on this machine
    }


def _withhold_account(client: AsyncOpenAI | OpenAI, spec: OpenAIBot) -> None:
    """What the environment says of one's account with OpenAI is nobody else's business."""
    if spec.url != OPENAI_URL:
        client.organization = client.project = None


class _Bounded(httpx.AsyncByteStream):
    """The body of a response, up to what anyone could mean to send."""

    def __init__(self, name: str, stream: Any) -> None:
        self._name = name
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for piece in self._stream:
            size += len(piece)
            if size > MAX_RESPONSE_BYTES:
                raise BotError(
                    f"Bot {self._name!r}: the endpoint sent more than {MAX_RESPONSE_BYTES // 2**20} MiB for one reply, "
                    "and was cut off. Limit the length, for example with options: {max_tokens: 300}."
                )
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
