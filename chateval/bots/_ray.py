"""Bots that `chateval serve` hosts."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import quote

import httpx
import msgspec

from chateval.bots._bot import Progress, Reply, Request, Watch, watch_nothing
from chateval.bots._means import Means
from chateval.bots._ray_http import PATIENCE_SECONDS, Clients, broken, lines_of, manners, refusal, start_of
from chateval.bots.serving._protocol import (
    KEY_VARIABLE,
    Asked,
    Line,
    Offers,
    decoded,
)
from chateval.config import RayBot
from chateval.dialogue import Context
from chateval.errors import BotError, HopelessBotError, ServingError

_HOPELESS = {400, 401, 413}
"""Statuses that another attempt would be answered with, too."""
_END_SECONDS = 1.0
_READY_SECONDS = 60.0
"""How long a server may take to say which bots it has; its replicas may be busy."""


def build_ray_bot(spec: RayBot, means: Means, patience_seconds: float = PATIENCE_SECONDS) -> "ServedBot":
    """Reach the server, and see that the bot is there. One that sends nothing for `patience_seconds` is taken for dead.

    Raises:
        BotError: the server cannot be reached, wants another key, or does not have the bot.
    """
    key = os.environ.get(KEY_VARIABLE, "")
    if key and not (key.isascii() and key.isprintable()):
        raise BotError(
            f"{KEY_VARIABLE} holds signs that no key has. Set it to the key that the server was started with."
        )
    return ServedBot(spec, means, Clients(spec, key, patience_seconds), _identity(spec, key))


class ServedBot:
    """Asks a server for its replies. Hundreds may be on their way at once; connections are kept and used again."""

    def __init__(self, spec: RayBot, means: Means, clients: Clients, identity: Mapping[str, str]) -> None:
        self.name = spec.name
        self._spec = spec
        self._means = means
        self._identity = identity
        self._clients = clients
        self._path = f"/bots/{quote(spec.remote_name, safe='')}"
        # Dialogues of two studies, or of a study and its restart, are not to be taken for one another.
        self._prefix = os.urandom(8).hex()
        self._farewells: set[asyncio.Task[None]] = set()

    def identity(self) -> Mapping[str, str]:
        return self._identity

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        async with self._means.turnstile.place(_if_queued(watch)):
            content = await self._encoded(request)
            try:
                return await self._ask(content, watch)
            except httpx.HTTPError as error:
                raise BotError(broken(self._spec, error)) from error
            except ServingError as error:
                raise BotError(f"Bot {self.name!r}: what {self._spec.url} answered is no reply. {error}") from error

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:
        """Tells the server, without waiting for it: it forgets by itself what rests for long."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        task = loop.create_task(self._say_farewell(dialogue_id, is_finished))
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    async def close(self) -> None:
        here = asyncio.get_running_loop()
        mine = [task for task in self._farewells if task.get_loop() is here]
        if mine:
            await asyncio.wait(mine, timeout=self._spec.connect_seconds)
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)
        await self._clients.close()

    async def _ask(self, content: bytes, watch: Watch) -> Reply:
        client, headers = self._clients.here()
        async with client.stream("POST", f"{self._path}/reply", content=content, headers=headers) as response:
            if response.status_code != 200:
                kind = HopelessBotError if response.status_code in _HOPELESS else BotError
                body = await start_of(response)
                raise kind(f"Bot {self.name!r}: {refusal(self._spec, response.status_code, body)}")
            lines = lines_of(response)
            reply = await self._hear(lines, watch)
            await _drain(lines)
        return reply

    async def _hear(self, lines: AsyncIterator[bytes], watch: Watch) -> Reply:
        async for data in lines:
            line = decoded(data, Line)
            if line.reply is not None:
                return line.reply.as_reply()
            if line.error is not None:
                kind = HopelessBotError if line.is_hopeless else BotError
                raise kind(f"{line.error} (Bot {self.name!r} is served by {self._spec.url}.)")
            if line.text is not None:
                watch(Progress.STARTED, line.text)
            elif line.progress is not None:
                watch(line.progress, "")
        raise BotError(f"Bot {self.name!r}: {self._spec.url} ended its answer before there was a reply.")

    async def _encoded(self, request: Request) -> bytes:
        context = request.context
        picture = await asyncio.to_thread(self._picture, context) if context.picture else None
        return msgspec.json.encode(Asked(self._known_as(request.dialogue_id), tuple(request.turns), context, picture))

    def _picture(self, context: Context) -> bytes | None:
        folder = self._means.runtime.pictures_dir
        if context.picture is None or folder is None:
            return None
        file = Path(folder, context.picture.file)
        try:
            return file.read_bytes()
        except OSError as error:
            raise BotError(f"Bot {self.name!r}: the picture {file} cannot be read: {error.strerror}.") from error

    async def _say_farewell(self, dialogue_id: str, is_finished: bool) -> None:
        client, headers = self._clients.here()
        path = f"{self._path}/dialogues/{quote(self._known_as(dialogue_id), safe='')}"
        try:
            await client.delete(path, params={"is_finished": str(is_finished).lower()}, headers=headers)
        except httpx.HTTPError:
            return  # a server that is gone has forgotten, too

    def _known_as(self, dialogue_id: str) -> str:
        return f"{self._prefix}-{dialogue_id}"


def _identity(spec: RayBot, key: str) -> dict[str, str]:
    """Which bot it is, as the server tells; what that says of itself begins with `served_`."""
    try:
        with httpx.Client(**manners(spec, key, _READY_SECONDS)) as client:
            response = client.get("/bots")
    except httpx.HTTPError as error:
        raise BotError(f"{broken(spec, error)} Is `chateval serve` running there?") from error
    if response.status_code != 200:
        raise BotError(f"Bot {spec.name!r}: {refusal(spec, response.status_code, response.content)}")
    try:
        offers = decoded(response.content, Offers)
    except ServingError as error:
        raise BotError(f"Bot {spec.name!r}: {spec.url} is no server of bots. {error} Check the address.") from error
    known = {offer.name: offer.identity for offer in offers.bots}
    if spec.remote_name not in known:
        near = get_close_matches(spec.remote_name, known)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        there = ", ".join(sorted(known)) or "none"
        raise BotError(
            f"Bot {spec.name!r}: {spec.url} serves no bot {spec.remote_name!r}.{hint} It serves: {there}. Write "
            "bot: and one of these."
        )
    served = {f"served_{name}": value for name, value in known[spec.remote_name].items()}
    own = {"kind": "ray", "address": spec.url, "bot": spec.remote_name, "chateval_there": offers.version}
    return own | served


def _if_queued(watch: Watch) -> Watch:
    """A wait for a place here is told; that work begins is for the server to say."""

    def told(progress: Progress, text: str) -> None:
        if progress is Progress.QUEUED:
            watch(progress, text)

    return told


async def _drain(lines: AsyncIterator[bytes]) -> None:
    """Hear the answer out, since only then its connection can be used again; there should be nothing more to come."""
    with suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_END_SECONDS):
            async for _ in lines:
                return
