"""Bots that are ParlAI agents."""

import hashlib
import inspect
import pkgutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chateval.bots._bot import Progress, Reply, Request, Watch, watch_nothing
from chateval.bots._parlai_agents import CHECKOUT, find_agents_in, internal_agents
from chateval.bots._parlai_options import parse_options
from chateval.bots._usable import usable_reply
from chateval.bots._workers import Workers
from chateval.compat import prepare_parlai
from chateval.config import BotRuntime, ParlAIBot
from chateval.dialogue import Speaker, Turn
from chateval.errors import BotError, MissingDependencyError


def build_parlai_bot(spec: ParlAIBot, runtime: BotRuntime, workers: Workers) -> "AgentBot":
    """Load the agent that the options describe; `workers` run it.

    Raises:
        BotError: the options are wrong, or the agent does not load.
    """
    try:
        prepare_parlai()
        find_agents_in(runtime.task_dir)
        agent = _load(spec, runtime)
    except BotError:
        raise
    except ModuleNotFoundError as error:
        raise _missing(spec, runtime, error) from error
    except (Exception, SystemExit) as error:
        raise BotError(
            f"Bot {spec.name!r} cannot be built from the options {spec.options!r}: {type(error).__name__}: {error}"
        ) from error
    return AgentBot(spec.name, agent, workers, _identity(spec, runtime, agent))


class AgentBot:
    """A ParlAI agent, loaded once: each dialogue is held by a clone that shares its weights.

    A clone observes what is new since its last reply. Where there is none that has seen just the turns before (after a
    restart, or a failed attempt), a fresh one is told the dialogue from its beginning.
    """

    def __init__(self, name: str, agent: Any, workers: Workers, identity: Mapping[str, str]) -> None:
        self.name = name
        self.places = workers.places
        self._shared = agent.share()
        self._workers = workers
        self._identity = identity
        self._conversations: dict[str, _Conversation | None] = {}

    def identity(self) -> Mapping[str, str]:
        return self._identity

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        watch(Progress.STARTED, "")
        dialogue_id, turns = request.dialogue_id, request.turns
        conversation = self._conversations.get(dialogue_id)
        if conversation is None or not conversation.is_continued_by(turns):
            conversation = _Conversation()
        self._conversations[dialogue_id] = None  # it is in use: nobody else may have it, but one may forget it
        try:
            text = await self._workers.run(partial(self._answer, conversation, turns[conversation.seen :]))
        except BaseException:
            self._conversations.pop(dialogue_id, None)
            raise
        if dialogue_id in self._conversations:
            self._conversations[dialogue_id] = conversation
        return Reply(text)

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:  # noqa: ARG002  (part of `Bot`)
        self._conversations.pop(dialogue_id, None)

    async def close(self) -> None:
        self._conversations.clear()

    def _answer(self, conversation: "_Conversation", new: Sequence[Turn]) -> str:
        """Tell the clone what is new, and have it answer; runs in a thread."""
        try:
            if conversation.agent is None:
                conversation.agent = _clone(self._shared)
            for turn in new:
                _tell(conversation.agent, turn)
            reply = _normal(conversation.agent, conversation.agent.act())
        except (Exception, SystemExit) as error:
            raise BotError(f"Bot {self.name!r} broke: {type(error).__name__}: {error}") from error
        text = usable_reply(self.name, reply)
        conversation.seen += len(new) + 1
        conversation.last_reply = text
        return text


@dataclass
class _Conversation:
    """A clone, and how much of its dialogue it knows."""

    agent: Any = None
    seen: int = 0
    last_reply: str = ""

    def is_continued_by(self, turns: Sequence[Turn]) -> bool:
        return 0 < self.seen < len(turns) and turns[self.seen - 1] == Turn(Speaker.SYSTEM, self.last_reply)


def _load(spec: ParlAIBot, runtime: BotRuntime) -> Any:
    from parlai.core.agents import create_agent  # noqa: PLC0415  (takes seconds)

    return create_agent(parse_options(spec, runtime), requireModelExists=True)


def _clone(shared: Any) -> Any:
    from parlai.core.agents import create_agent_from_shared  # noqa: PLC0415  (takes seconds)

    return create_agent_from_shared(shared)


def _tell(agent: Any, turn: Turn) -> None:
    """Let an agent hear a turn; of its own turns hear those agents that can."""
    from parlai.core.message import Message  # noqa: PLC0415  (takes seconds)

    message = Message({"id": turn.speaker.value, "text": turn.text, "episode_done": False})
    if turn.speaker is Speaker.USER:
        agent.observe(message)
    elif hasattr(agent, "self_observe") and agent.observation is not None:  # nothing heard is nothing answered
        agent.self_observe(message)


def _normal(agent: Any, action: Any) -> object:
    """The text of an action, with upper case and spaces as people write them.

    As in ParlAI's own chats with people, all text is put in lower case before, unless the agent's option `dict_lower`
    says that it knows its capitals.
    """
    from parlai.utils.strings import normalize_reply  # noqa: PLC0415  (takes seconds)

    text = (action or {}).get("text")
    if not isinstance(text, str) or not agent.opt.get("dict_lower", True):
        return text
    return normalize_reply(text)


def _missing(spec: ParlAIBot, runtime: BotRuntime, error: ModuleNotFoundError) -> BotError:
    """What to say of a module that is not there: ours to name, ParlAI's, or another package's."""
    name = error.name or str(error)
    if name.startswith("parlai_internal"):
        there = ", ".join(internal_agents(runtime.task_dir)) or "none"
        return BotError(
            f"Bot {spec.name!r} cannot be built from the options {spec.options!r}: there is no {name}. "
            f"Agents in parlai_internal/agents: {there}."
        )
    if name.startswith("parlai."):
        import parlai.agents  # noqa: PLC0415  (takes seconds)

        known = [module.name for module in pkgutil.iter_modules(parlai.agents.__path__)]
        near = get_close_matches(name.rpartition(".")[2], known)
        hint = f" Did you mean {' or '.join(near)}?" if near else " An agent of your own is named internal:<name>."
        return BotError(
            f"Bot {spec.name!r} cannot be built from the options {spec.options!r}: ParlAI has no {name}.{hint}"
        )
    package = name.partition(".")[0]
    return MissingDependencyError(
        f"Bot {spec.name!r} needs the package {package!r}, which is not installed. Install it: pip install {package}"
    )


def _identity(spec: ParlAIBot, runtime: BotRuntime, agent: Any) -> dict[str, str]:
    kind = type(agent)
    identity = {"kind": "parlai", "options": spec.options, "class": f"{kind.__module__}:{kind.__qualname__}"}
    source = inspect.getsourcefile(kind)
    if source is not None:
        identity["source_file"] = _relative(Path(source), runtime)
        identity["source_sha256"] = _sha256(Path(source))
        if kind.__module__.startswith("parlai_internal."):
            identity["folder_sha256"] = _sha256_of_folder(Path(source).parent)
    model_file = agent.opt.get("model_file")
    if model_file is not None:
        identity["model_file"] = str(model_file)
        if Path(model_file).is_file():
            identity["model_file_sha256"] = _sha256(Path(model_file))
    packages = ("parlai", "torch", "transformers")
    return identity | {package: version(package) for package in packages if package in sys.modules}


def _relative(path: Path, runtime: BotRuntime) -> str:
    """The path as the project sees it: what comes before says nothing on another machine."""
    import parlai  # noqa: PLC0415  (takes seconds)

    for root in (Path(parlai.__file__).parents[1], runtime.task_dir.absolute(), CHECKOUT):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sha256_of_folder(folder: Path) -> str:
    """One digest of all files of an agent: its lines and helpers are part of what it is."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    listing = "".join(f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    return hashlib.sha256(listing.encode()).hexdigest()
