"""One dialogue of an agent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chateval.bots._bot import Request
from chateval.bots.parlai._messages import Messages
from chateval.dialogue import Context, Speaker, Turn


class Memory:
    """What a dialogue's computations are kept by, whichever clone holds it."""


@dataclass
class Conversation:
    """A clone, and how much of its dialogue it knows.

    A clone observes what is new since its last reply. One that broke is thrown away: a fresh one is told the dialogue
    from its beginning.
    """

    clone: Callable[[], Any]
    messages: Messages
    memory: Memory
    agent: Any = None
    context: Context | None = None
    seen: int = 0
    last_reply: str = ""

    def is_continued_by(self, request: Request) -> bool:
        """Whether what the clone knows is how the dialogue of the request begins."""
        turns = request.turns
        return (
            self.context == request.context
            and 0 < self.seen < len(turns)
            and turns[self.seen - 1] == Turn(Speaker.SYSTEM, self.last_reply)
        )

    def hear(self, request: Request) -> Any:
        """Tell the clone what is new, and return it, ready to answer."""
        if self.agent is None:
            self.agent = self.clone()
            self._hear_context(request)
        self._hear_turns(request.turns[self.seen :])
        self.seen = len(request.turns)
        return self.agent

    def answered(self, text: str) -> None:
        """The clone has said this, and knows that it has."""
        self.seen += 1
        self.last_reply = text

    def broke(self) -> None:
        """Begin anew: nobody knows what a clone that failed has noted."""
        self.agent, self.context, self.seen, self.last_reply = None, None, 0, ""

    def _hear_context(self, request: Request) -> None:
        self.context = request.context
        first = self.messages.of_context(request.context, is_first=not request.turns)
        if first is not None:
            self.agent.observe(first)
        elif not request.turns and _is_torch_agent(self.agent):  # it cannot answer where it has observed nothing
            self.agent.observe(self.messages.of_silence())

    def _hear_turns(self, turns: Sequence[Turn]) -> None:
        """Of its own turns an agent hears as of its own if it can, and if it has been told something before."""
        for turn in turns:
            message = self.messages.of_turn(turn, self.context or Context())
            if turn.speaker is Speaker.USER:
                self.agent.observe(message)
            elif not hasattr(self.agent, "self_observe"):
                continue
            elif self.agent.observation is not None:
                self.agent.self_observe(message)
            elif _is_torch_agent(self.agent):  # its history has what it observes, whoever says it
                self.agent.observe(message)


def _is_torch_agent(agent: Any) -> bool:
    from parlai.core.torch_agent import TorchAgent  # noqa: PLC0415  (takes seconds)

    return isinstance(agent, TorchAgent)
