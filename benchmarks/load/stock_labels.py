"""The other side of labelling: stock Mephisto 1.1.1 with a static task, and a labeller who does as its page does.

Its page gets the whole dialogue in the answer to its registration, keeps all answers to itself, and sends them once, at
the end. It holds no connection meanwhile, and nothing is acknowledged before.
"""

import time

import msgspec
from msgspec import Struct

from load.dialogues import dialogue, write_data
from load.labeller import Labeller
from load.our_labels import OPTIONS, QUESTION, TASKS, TURNS
from load.server import HOST
from load.socket import post
from load.stock import StockServer


class _Data(Struct):
    agent_id: str | None = None
    failure_reason: str | None = None
    init_task_data: dict[str, msgspec.Raw] | None = None


class _Packet(Struct):
    data: _Data


_decode = msgspec.json.Decoder(_Packet).decode
_encode = msgspec.json.Encoder().encode


class StockLabeller(Labeller):
    async def _register(self, assignment: str) -> None:
        provider_data = {
            "worker_name": self.name,
            "agent_registration_id": f"{assignment}-{self.name}",
            "assignment_id": assignment,
            "provider_type": "mock",
        }
        body = _encode({"provider_data": provider_data, "client_timestamp": time.time()})
        data = _decode(await post(self.host, self.port, "/request_agent", body)).data
        if data.agent_id is None or "turns" not in (data.init_task_data or {}):
            raise ConnectionRefusedError(data.failure_reason)
        self._agent_id = data.agent_id

    async def _label(self, turn: int) -> None:
        """Nothing leaves the page."""

    async def _hand_in(self, turns: int) -> None:
        answers = {str(turn): {QUESTION: OPTIONS[turn % len(OPTIONS)]} for turn in range(turns)}
        body = {"USED_AGENT_ID": self._agent_id, "final_data": answers, "client_timestamp": time.time()}
        await post(self.host, self.port, "/submit_task", _encode(body))


class StockLabelServer(StockServer):
    """`stock_static.py` with so many dialogues."""

    def _subject(self, places: int) -> tuple[str, str]:
        data = self.folder / "load.jsonl"
        write_data(data, (dialogue(number, TURNS) for number in range(places)), tuple(TASKS["config"]))
        return "stock_static.py", str(data)

    def labeller(self, name: str) -> StockLabeller:
        return StockLabeller(name, HOST, self.port)
