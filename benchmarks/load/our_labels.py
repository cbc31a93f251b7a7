"""Our side of labelling: a study of a file of dialogues, and a labeller who speaks `docs/wire.md`."""

import asyncio
import json
from time import perf_counter

import msgspec
from msgspec import Struct

from load.dialogues import dialogue, write_data
from load.labeller import Labeller
from load.ours import OurServer
from load.server import HOST
from load.socket import Socket

TURNS = 20
QUESTION, OPTIONS = "sense_q", ("sense", "some", "none")
TASKS = {
    "config": {
        "load_labels": {
            "task_title": "sense",
            "question": "Does this turn make sense?",
            "indices": "all",
            "config": "nondetails_nonhelp_button_flow",
            "options": {"Does it?": {"_id_": QUESTION, **{f"It does: {name}": {"_id_": name} for name in OPTIONS}}},
            "require": {"level": "turn"},
        }
    }
}
STUDY = """\
#@package _global_
defaults:
  - base/annotation
mephisto:
  architect:
    port: '{port}'
  blueprint:
    block_qualification: load_block
    annotations_config_path: {folder}/tasks.json
    data_jsonl: {folder}/load.jsonl
  task:
    task_name: load
    task_title: Load
    task_description: A load test.
    task_reward: 0
    task_tags: load
"""


class _Part(Struct):
    part: int
    turns: list[int]


class _Update(Struct):
    kind: str
    parts: list[_Part] = []


class _Message(Struct):
    kind: str
    id: str = ""
    attached: bool = False
    text: str = ""
    updates: list[_Update] = []


class _Label(Struct, tag_field="kind", tag="label"):
    id: str
    part: int
    turn: int
    question: str
    value: str


_decode = msgspec.json.Decoder(_Message).decode
_encode = msgspec.json.Encoder().encode


class OurLabeller(Labeller):
    """Opens a connection for each dialogue, as a link opens a page, and consents at once."""

    async def _register(self, assignment: str) -> None:
        self._assignment = assignment
        self._part = _Part(0, [])
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._refusal = ""
        self._socket = Socket(self._heard)
        await self._socket.open(self.host, self.port, "/page")
        await self._until("labels_asked")
        if self._refusal:
            raise ConnectionRefusedError(self._refusal)

    async def _label(self, turn: int) -> None:
        message = _Label(f"m{turn}", self._part.part, self._part.turns[turn], QUESTION, OPTIONS[turn % len(OPTIONS)])
        began = perf_counter()
        self._socket.send(_encode(message))
        await self._until(message.id)
        self.tally.ack_seconds.append(perf_counter() - began)

    async def _hand_in(self, turns: int) -> None:
        del turns
        self._socket.send(b'{"kind":"submit_labels","id":"labels"}')
        await self._until("submission_asked")
        self._socket.send(b'{"kind":"submit","id":"submit","comment":""}')
        await self._until("ended")
        self._socket.close()

    async def _until(self, event: str) -> None:
        self._waiting[event] = asyncio.get_running_loop().create_future()
        await self._waiting[event]

    def _happened(self, event: str) -> None:
        waiting = self._waiting.get(event)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _heard(self, data: bytes) -> None:
        message = _decode(data)
        match message.kind:
            case "updates":
                for update in message.updates:
                    self._updated(update)
            case "ack":
                self._happened(message.id)
            case "operator" if message.attached:
                link = {"worker_id": self.name, "assignment_id": self._assignment, "since": 0}
                self._socket.send(_encode({"kind": "join", **link}))
            case "refused" | "rejected":
                self._refusal = message.text
                self._happened("labels_asked")

    def _updated(self, update: _Update) -> None:
        if update.kind == "consent_asked":
            self._socket.send(b'{"kind":"consent","id":"consent"}')
        if update.kind == "labels_asked":
            [self._part] = update.parts
        self._happened(update.kind)


class OurLabelServer(OurServer):
    """A study of so many dialogues, each to be labelled by one person."""

    def _study(self, places: int) -> str:
        (self.folder / "tasks.json").write_text(json.dumps(TASKS))
        write_data(self.folder / "load.jsonl", (dialogue(at, TURNS) for at in range(places)), tuple(TASKS["config"]))
        return STUDY.format(port=self.port, folder=self.folder)

    def labeller(self, name: str) -> OurLabeller:
        return OurLabeller(name, HOST, self.port)
