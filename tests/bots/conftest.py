"""Runtimes, dialogues, and a project with agents of its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from chateval.bots import Bot, build_bot
from chateval.config import BotRuntime, ParlAIBot
from chateval.dialogue import Speaker, Turn

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
    def build(options: str, name: str = "bot", **changes: object) -> Bot:
        return build_bot(ParlAIBot(name, options), replace(runtime, **changes))

    return build


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
