"""What answers HTTP requests, and passes them on to the replicas."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import AsyncIterator, Mapping
from difflib import get_close_matches
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from chateval.bots._bot import Progress
from chateval.bots.serving._protocol import (
    KEY_VARIABLE,
    MAX_REQUEST_BYTES,
    SILENCE_SECONDS,
    Asked,
    Line,
    Offer,
    Offers,
    Refusal,
    decoded,
)
from chateval.errors import ServingError

logger = logging.getLogger(__name__)

DESCRIBING_SECONDS = 30.0
_WHAT_THERE_IS = "There are GET /bots, POST /bots/NAME/reply and DELETE /bots/NAME/dialogues/ID."


def digest_of(key: str) -> str:
    """What a front keeps of the shared secret."""
    return hashlib.sha256(key.encode()).hexdigest()


class Front:
    """An ASGI app over the handles of the bots' deployments, by name.

    With a `key_digest`, each request has to show the key that it was made from. After `silence_seconds` without a word
    an empty line is sent.
    """

    def __init__(
        self, handles: Mapping[str, Any], key_digest: str = "", silence_seconds: float = SILENCE_SECONDS
    ) -> None:
        self._handles = handles
        self._key_digest = key_digest
        self._silence_seconds = silence_seconds
        self._offers: dict[str, Offer] = {}

    def __serve_build_asgi_app__(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/bots", self._list, methods=["GET"]),
                Route("/bots/{name}/reply", self._reply, methods=["POST"]),
                Route("/bots/{name}/dialogues/{dialogue_id}", self._forget, methods=["DELETE"]),
            ],
            exception_handlers={HTTPException: _answer_refused},
        )

    async def _list(self, request: Request) -> Response:
        self._admit(request)
        offers = await asyncio.gather(*(self._describe(name) for name in sorted(self._handles)))
        return _json(Offers(version("chateval"), tuple(offers)))

    async def _describe(self, name: str) -> Offer:
        if name not in self._offers:
            try:
                async with asyncio.timeout(DESCRIBING_SECONDS):
                    identity = await self._handles[name].describe.remote()
            except Exception as error:
                raise HTTPException(
                    503, f"Bot {name!r} is not ready: {_short(error)}. Ask again in a moment."
                ) from error
            self._offers[name] = Offer(name, identity)
        return self._offers[name]

    async def _reply(self, request: Request) -> Response:
        self._admit(request)
        name, handle = self._asked_for(request)
        try:
            asked = decoded(await _body(request), Asked)
        except ServingError as error:
            raise HTTPException(400, f"This is no request for a reply. {error}") from error
        return StreamingResponse(self._lines(name, handle, asked), media_type="application/x-ndjson")

    async def _lines(self, name: str, handle: Any, asked: Asked) -> AsyncIterator[bytes]:
        """The lines of a replica, with empty ones in times of silence; giving up the iteration gives up the reply."""
        yield Line(progress=Progress.QUEUED).encoded()
        response = handle.options(stream=True, session_id=asked.dialogue_id).reply.remote(asked)
        lines = aiter(response)
        pending = asyncio.ensure_future(anext(lines))
        try:
            while True:
                done, _ = await asyncio.wait({pending}, timeout=self._silence_seconds)
                if not done:
                    yield b"\n"
                    continue
                yield pending.result()
                pending = asyncio.ensure_future(anext(lines))
        except StopAsyncIteration:
            return
        except Exception as error:  # noqa: BLE001  (of Ray: replicas that died, queues that are full)
            logger.warning("Bot %r: a reply was lost: %s", name, _short(error))
            yield Line(error=_lost(name, error)).encoded()
        finally:
            pending.cancel()
            response.cancel()

    async def _forget(self, request: Request) -> Response:
        self._admit(request)
        _, handle = self._asked_for(request)
        dialogue_id: str = request.path_params["dialogue_id"]
        is_finished = request.query_params.get("is_finished") == "true"
        # The replica may have changed while the dialogue went on, so all of them are told.
        await handle.broadcast("forget", dialogue_id, is_finished).results_async(return_exceptions=True)
        return Response(status_code=204)

    def _admit(self, request: Request) -> None:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._key_digest and not hmac.compare_digest(digest_of(shown), self._key_digest):
            text = "The key is missing or wrong. Send the one that the server was started with"
            raise HTTPException(
                401, f"{text}, as in Authorization: Bearer KEY; here it is the environment's {KEY_VARIABLE}."
            )

    def _asked_for(self, request: Request) -> tuple[str, Any]:
        name: str = request.path_params["name"]
        if name not in self._handles:
            near = get_close_matches(name, self._handles)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise HTTPException(
                404, f"There is no bot {name!r} here.{hint} There are: {', '.join(sorted(self._handles))}."
            )
        return name, self._handles[name]


def _lost(name: str, error: Exception) -> str:
    kinds = {kind.__name__ for kind in type(error).__mro__}  # names, since importing them would be importing all of Ray
    if "RayActorError" in kinds:
        return f"The replica of bot {name!r} that worked at the reply has died; another takes its place."
    if "BackPressureError" in kinds:
        return f"Too many requests wait for bot {name!r} already. Serve it with more replicas."
    return f"The reply of bot {name!r} was lost on its way: {_short(error)}."


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_REQUEST_BYTES:
            raise HTTPException(413, f"The request is longer than {MAX_REQUEST_BYTES:,} bytes, picture included.")
        parts.append(part)
    return b"".join(parts)


async def _answer_refused(request: Request, error: Exception) -> Response:
    status, text = getattr(error, "status_code", 500), getattr(error, "detail", "")
    if text == HTTPStatus(status).phrase:  # Starlette's, of paths and methods that are none of ours
        text = f"{request.method} {request.url.path} is nothing here. {_WHAT_THERE_IS}"
    return _json(Refusal(text), status)


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def _short(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[-1][:300]}" if lines else type(error).__name__
