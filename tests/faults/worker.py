"""A simulated worker: does what the page does, over a connection that misbehaves."""

import asyncio
import json
import random
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

ANSWER_SECONDS = 3.0
"""After this long without a word a worker suspects the connection, as the page does."""


@dataclass(frozen=True)
class Weather:
    """What may happen to a message on its way; chances from 0 to 1."""

    cut: float = 0.02
    doubled: float = 0.05
    held_up: float = 0.1
    reordered: float = 0.05
    held_up_seconds: float = 0.2


@dataclass
class Worker:
    """Talks until its session has ended. Everything acknowledged is remembered, to be looked for in the journal."""

    name: str
    url: str
    draw: random.Random
    weather: Weather
    think_seconds: float = 0.05
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)
    outcome: str | None = None
    refused: str | None = None
    reconnects: int = 0
    token: str | None = None
    _updates: list[dict[str, Any]] = field(default_factory=list)
    _outbox: dict[str, dict[str, Any]] = field(default_factory=dict)
    _sent: int = 0
    _answered: int = 0
    """How many updates there were when this worker last answered."""

    async def work(self) -> None:
        while self.outcome is None and self.refused is None:
            try:
                async with connect(self.url, open_timeout=5) as socket:
                    await self._converse(socket)
            except (OSError, TimeoutError, WebSocketException):
                self.reconnects += 1
                await asyncio.sleep(self.draw.uniform(0.1, 0.5))

    @property
    def turns(self) -> list[tuple[int, str, str]]:
        """The turns that this worker's page shows: dialogue, speaker, text."""
        return [(u["dialogue"], u["speaker"], u["text"]) for u in self._updates if u["kind"] == "turn"]

    async def _converse(self, socket: ClientConnection) -> None:
        while self.outcome is None and self.refused is None:
            message = json.loads(await asyncio.wait_for(socket.recv(), ANSWER_SECONDS + 10))
            match message["kind"]:
                case "operator":
                    if message["attached"]:
                        await self._enter(socket)
                case "joined":
                    self.token = message["token"]
                    await self._resend(socket)
                case "refused" if message["reason"] == "unknown_session":
                    self.token = None
                    await self._enter(socket)
                case "refused":
                    self.refused = message["reason"]
                case "ack":
                    self.acknowledged[message["id"]] = self._outbox.pop(message["id"], {"again": True})
                    await self._answer_if_asked(socket)
                case "rejected":
                    self.rejected[message["id"]] = message["text"]
                    self._outbox.pop(message["id"], None)
                case "updates":
                    await self._see(socket, message["updates"])

    async def _enter(self, socket: ClientConnection) -> None:
        since = len(self._updates)
        if self.token is None:
            join = {"kind": "join", "worker_id": self.name, "assignment_id": "A", "since": since}
        else:
            join = {"kind": "resume", "token": self.token, "since": since}
        await socket.send(json.dumps(join))

    async def _see(self, socket: ClientConnection, updates: list[dict[str, Any]]) -> None:
        for update in updates:
            if update["seq"] > len(self._updates) + 1:
                raise OSError("A gap in the updates: connect anew.")
            if update["seq"] == len(self._updates) + 1:
                self._updates.append(update)
        if self._updates[-1]["kind"] == "ended":
            self.outcome = self._updates[-1]["outcome"]
        await self._answer_if_asked(socket)

    async def _answer_if_asked(self, socket: ClientConnection) -> None:
        """Answer what stands, unless an answer is on its way already."""
        if self._updates and not self._outbox and self._answered < len(self._updates):
            self._answered = len(self._updates)
            await self._answer(socket, self._updates[-1])

    async def _answer(self, socket: ClientConnection, asked: dict[str, Any]) -> None:
        await asyncio.sleep(self.draw.uniform(0, 2 * self.think_seconds))
        match asked["kind"]:
            case "consent_asked":
                await self._say(socket, kind="consent")
            case "turn_asked" if asked["seat"] == "person" and asked["may_finish"]:
                await self._say(socket, kind="finish", dialogue=asked["dialogue"])
            case "turn_asked" if asked["seat"] == "person":
                text = f"{self.name} says line {asked['turns_taken']}"
                await self._say(socket, kind="say", dialogue=asked["dialogue"], text=text)
            case "ratings_asked":
                answers = {question["id"]: self.draw.randint(1, 5) for question in asked["questions"]}
                await self._say(socket, kind="answer", dialogue=asked["dialogue"], answers=answers)
            case "submission_asked":
                await self._say(socket, kind="submit", comment="")

    async def _say(self, socket: ClientConnection, **message: Any) -> None:
        self._sent += 1
        message["id"] = f"m{self._sent}"
        self._outbox[message["id"]] = message
        await self._transmit(socket, message)

    async def _resend(self, socket: ClientConnection) -> None:
        waiting = list(self._outbox.values())
        await self._answer_if_asked(socket)
        if self.draw.random() < self.weather.reordered:
            self.draw.shuffle(waiting)
        for message in waiting:
            await self._transmit(socket, message)

    async def _transmit(self, socket: ClientConnection, message: dict[str, Any]) -> None:
        if self.draw.random() < self.weather.held_up:
            await asyncio.sleep(self.draw.uniform(0, self.weather.held_up_seconds))
        if self.draw.random() < self.weather.cut:
            raise OSError("The line was cut before the message left.")
        await socket.send(json.dumps(message))
        if self.draw.random() < self.weather.doubled:
            await socket.send(json.dumps(message))
        if self.draw.random() < self.weather.reordered and self.acknowledged:
            past = self.draw.choice([m for m in self.acknowledged.values() if "kind" in m] or [message])
            await socket.send(json.dumps(past))
        if self.draw.random() < self.weather.cut:
            raise OSError("The line was cut after the message left.")
