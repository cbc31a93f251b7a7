"""A server on loopback that speaks OpenAI's protocol, is strict about it, and misbehaves as it is told to."""

import asyncio
import json
import socket
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

USAGE = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
PARAMETERS = frozenset(
    {"model", "messages", "stream", "stream_options", "temperature", "top_p", "seed", "stop", "max_tokens"}
) | {"max_completion_tokens", "presence_penalty", "frequency_penalty", "top_k"}
"""What this server knows; `top_k` is of its own."""


@dataclass(frozen=True)
class Say:
    """A regular reply, streamed in words if the client asked for a stream."""

    text: str = "Fine, thanks."
    finish_reason: str | None = "stop"
    usage: Mapping[str, Any] | None = field(default_factory=lambda: USAGE)
    headers: Mapping[str, str] = field(default_factory=dict)
    message: Mapping[str, Any] = field(default_factory=dict)
    """What else is in the message, or in the last piece of it."""


@dataclass(frozen=True)
class Fail:
    """An error as the protocol has it."""

    status: int
    message: str = "no"
    code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Send:
    """Anything: these pieces, a status, and then the end, a break of the line, or nothing more."""

    pieces: tuple[bytes, ...] = ()
    status: int = 200
    kind: str = "text/event-stream"
    headers: Mapping[str, str] = field(default_factory=dict)
    then: str = "end"
    """`end`, `break` or `hang`."""


@dataclass(frozen=True)
class Hang:
    """Says nothing, not even a header."""


Act = Say | Fail | Send | Hang


def piece(text: str) -> bytes:
    """One event of a stream."""
    return f"data: {json.dumps(_chunk({'content': text}))}\n\n".encode()


class OpenAIServer:
    """What is done next is in `acts`, else `Say()`; what was asked is in `bodies`, and what was wrong in `faults`."""

    def __init__(self) -> None:
        self.port = 0
        self.reset()

    def reset(self) -> None:
        self.acts: deque[Act] = deque()
        self.models: list[str] | None = ["m"]
        self.aliases: set[str] = set()
        """Models that are not listed and answer."""
        self.is_silent_about_models = False
        self.key = ""
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.faults: list[str] = []
        self.at_once = self.most_at_once = 0
        self.left = threading.Event()
        """Set when a client hangs up before it was answered."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/models", self._list),
                Route("/v1/chat/completions", self._complete, methods=["POST"]),
            ]
        )

    async def _list(self, request: Request) -> Response:
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return _error(Fail(401, f"Wrong: {request.headers.get('authorization')}"))
        if self.is_silent_about_models:
            await self._until_left(request)
        if self.models is None:
            return _error(Fail(404, "There is no such route."))
        data = [{"id": name, "object": "model", "created": 1, "owned_by": "us"} for name in self.models]
        return JSONResponse({"object": "list", "data": data})

    async def _complete(self, request: Request) -> Response:
        body = json.loads(await request.body())
        self.headers.append(dict(request.headers))
        fault = self._fault(request, body)
        if fault is not None:
            self.faults.append(fault.message)
            return _error(fault)
        if body["model"] not in {*(self.models or [body["model"]]), *self.aliases}:
            return _error(Fail(404, f"The model {body['model']!r} does not exist.", "model_not_found"))
        self.bodies.append(body)
        act = self.acts.popleft() if self.acts else Say()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._answer(act, body, request)
        finally:
            self.at_once -= 1

    async def _answer(self, act: Act, body: dict[str, Any], request: Request) -> Response:
        match act:
            case Say():
                if body.get("stream"):
                    return _sse(_said(act, counts="stream_options" in body), act.headers)
                message = {"role": "assistant", "content": act.text, **act.message}
                choice = {"index": 0, "message": message, "finish_reason": act.finish_reason}
                whole = {**_chunk({}), "object": "chat.completion", "choices": [choice], "usage": act.usage}
                return JSONResponse(whole, headers=dict(act.headers))
            case Fail():
                return _error(act)
            case Send():
                return StreamingResponse(self._pieces(act, request), act.status, dict(act.headers), media_type=act.kind)
            case Hang():
                await self._until_left(request)
                return Response()

    async def _pieces(self, act: Send, request: Request) -> AsyncIterator[bytes]:
        for one in act.pieces:
            yield one
        if act.then == "hang":
            await self._until_left(request)
        if act.then == "break":
            raise ConnectionAbortedError

    async def _until_left(self, request: Request) -> None:
        try:
            while not await request.is_disconnected():
                await asyncio.sleep(0.005)
        finally:
            self.left.set()

    def _fault(self, request: Request, body: dict[str, Any]) -> Fail | None:
        """What is wrong with a request; this is the only place where the tests learn what the client really sends."""
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return Fail(401, f"Incorrect key: {request.headers.get('authorization')}", "invalid_api_key")
        unknown = set(body) - PARAMETERS
        if unknown:
            return Fail(400, f"Unrecognized request arguments: {', '.join(sorted(unknown))}")
        if "stream_options" in body and not body.get("stream"):
            return Fail(400, "stream_options goes with stream only.")
        messages = body.get("messages")
        if not messages or not all(map(_is_message, messages)):
            return Fail(400, f"These are no messages: {messages!r}")
        roles = [message["role"] for message in messages if message["role"] != "system"]
        if any(one == other for one, other in pairwise(roles)):
            return Fail(400, "Conversation roles must alternate.")
        return None


def _is_message(message: Any) -> bool:
    if set(message) != {"role", "content"} or message["role"] not in {"system", "user", "assistant"}:
        return False
    content = message["content"]
    if isinstance(content, str):
        return bool(content)
    texts = [part for part in content if set(part) == {"type", "text"} and part["type"] == "text"]
    images = [part for part in content if set(part) == {"type", "image_url"} and set(part["image_url"]) == {"url"}]
    return message["role"] == "user" and len(texts) + len(images) == len(content)


def _said(say: Say, *, counts: bool) -> Iterator[bytes]:
    words = say.text.split(" ")
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": word if number == 0 else f" {word}"} for number, word in enumerate(words) if say.text]
    deltas.append(dict(say.message))
    for number, delta in enumerate(deltas):
        reason = say.finish_reason if number + 1 == len(deltas) else None
        yield f"data: {json.dumps(_chunk(delta, reason))}\n\n".encode()
    if counts and say.usage is not None:
        yield f"data: {json.dumps({**_chunk({}), 'choices': [], 'usage': say.usage})}\n\n".encode()
    yield b"data: [DONE]\n\n"


def _chunk(delta: Mapping[str, Any], reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def _sse(pieces: Iterator[bytes], headers: Mapping[str, str]) -> Response:
    async def body() -> AsyncIterator[bytes]:
        for one in pieces:
            yield one

    return StreamingResponse(body(), headers=dict(headers), media_type="text/event-stream")


def _error(fail: Fail) -> Response:
    error = {"message": fail.message, "type": fail.code or "error", "param": None, "code": fail.code or None}
    return JSONResponse({"error": error}, fail.status, dict(fail.headers))


@contextmanager
def openai_server() -> Iterator[OpenAIServer]:
    """Serve on a free port of loopback, in a thread, while the block runs."""
    ours = OpenAIServer()
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        ours.port = bound.getsockname()[1]
        config = uvicorn.Config(ours.app(), log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        while not server.started:
            thread.join(0.01)
        try:
            yield ours
        finally:
            server.should_exit = True
            thread.join(10)
