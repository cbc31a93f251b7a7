"""Runtimes, dialogues, and a project with agents of its own."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from chateval.bots import Bot, build_bot
from chateval.config import BotRuntime, ParlAIBot
from chateval.dialogue import Speaker, Turn

from .parlai_models import train_generator, write_gpt2

AGENTS = {
    "listener": """
        import threading
        import words  # beside this file

        from parlai.core.agents import Agent

        class ListenerAgent(Agent):
            heard = ()

            def observe(self, message):
                self.heard += (message["text"],)
                return super().observe(message)

            def self_observe(self, message):
                self.heard += (words.own(message["text"]),)

            def act(self):
                last = self.heard[-1]
                if last == "break":
                    raise RuntimeError("out of memory")
                if last == "exit":
                    raise SystemExit(3)
                if last == "thread":
                    text = threading.current_thread().name
                elif last == "nothing":
                    text = " "
                else:
                    text = str(len(self.heard)) + ": " + " ".join(self.heard)
                self.heard += (words.own(text),)
                return {"text": text}
        """,
    "needy": "import a_package_that_is_nowhere",
    "looker": """
        from parlai.core.agents import Agent

        class LookerAgent(Agent):
            heard = ()

            def observe(self, message):
                image = message.get("image")
                if image is not None:
                    image = "ascii" if isinstance(image, str) else f"{image.mode} {image.size}"
                self.heard += (message["text"] + (f" [{image}]" if image else ""),)
                return super().observe(message)

            def act(self):
                return {"text": " / ".join(self.heard)}
        """,
    "crowded": """
        import threading

        from parlai.core.agents import Agent

        together = threading.Barrier(2, timeout=20)
        lock = threading.Lock()

        class CrowdedAgent(Agent):
            def act(self):
                if self.observation["text"] == "meet":
                    together.wait()
                    return {"text": "we met"}
                if not lock.acquire(blocking=False):
                    return {"text": "another one is here"}
                threading.Event().wait(0.01)
                lock.release()
                return {"text": "i am alone"}
        """,
    "sized": """
        from parlai.agents.transformer.transformer import TransformerGeneratorAgent

        class SizedAgent(TransformerGeneratorAgent):
            def batch_act(self, observations):
                if any(one["text"] == "break" for one in observations):
                    raise RuntimeError("out of memory")
                replies = super().batch_act(observations)
                for reply in replies:
                    reply.force_set("text", f"{len(observations)}: {reply['text']}")
                return replies
        """,
}


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> BotRuntime:
    task_dir = tmp_path_factory.mktemp("project")
    for name, code in AGENTS.items():
        folder = task_dir / "parlai_internal" / "agents" / name
        folder.mkdir(parents=True)
        folder.joinpath(f"{name}.py").write_text(dedent(code), encoding="utf-8")
    task_dir.joinpath("parlai_internal/agents/listener/words.py").write_text(
        "def own(text):\n    return '<' + text.split(':')[0] + '>'\n", encoding="utf-8"
    )
    return BotRuntime(
        model_parallel=False,
        max_concurrent_responses=2,
        override_opt={},
        datapath=tmp_path_factory.mktemp("datapath"),
        task_dir=task_dir,
    )


@pytest.fixture(scope="session")
def build(runtime: BotRuntime) -> Callable[..., Bot]:
    def build(options: str, name: str = "bot", *, keys: Mapping[str, Any] = {}, **changes: object) -> Bot:
        return build_bot(ParlAIBot(name, options, **keys), replace(runtime, **changes))

    return build


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `transformer/generator` that has learned `LESSONS`."""
    return train_generator(tmp_path_factory.mktemp("generator"))


@pytest.fixture(scope="session")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny GPT-2 with weights that were drawn, and a tokenizer."""
    return write_gpt2(tmp_path_factory.mktemp("gpt2"))


@pytest.fixture(scope="session")
def listener(build: Callable[..., Bot]) -> Bot:
    """Replies with how many turns its clone has been told, and which; its own in brackets."""
    return build("--model internal:listener")


@pytest.fixture(scope="session")
def examplebot(build: Callable[..., Bot]) -> Bot:
    return build("--model internal:examplebot")


@pytest.fixture(scope="session")
def turns() -> Callable[..., list[Turn]]:
    """Turns that alternate, the first by the user."""
    return lambda *texts: [Turn(list(Speaker)[place % 2], text) for place, text in enumerate(texts)]


@pytest.fixture(scope="session")
def project(runtime: BotRuntime) -> Path:
    return runtime.task_dir
