"""`chateval serve`, started for real: Ray, Serve, two replicas of a generative ParlAI agent.

All but the last test ask one server, which takes some twenty seconds to start.
"""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from chateval.bots import Desk, Progress, Request, watch_nothing
from chateval.bots.serving import KEY_VARIABLE
from chateval.config import RayBot
from chateval.dialogue import Speaker, Turn
from chateval.errors import BotError

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(240)]  # Ray takes its time where other work is done beside it

KEY = "a key of the tests, long enough"
REPLICAS = 2
AGENT = """
    import os
    import time

    from parlai.agents.transformer.transformer import TransformerGeneratorAgent

    class MoodyAgent(TransformerGeneratorAgent):
        heard = []
        pause = 0

        def batch_act(self, observations):
            texts = [observation["text"] for observation in observations]
            self.heard.extend(texts)
            for text in texts:
                if text == "die":
                    os._exit(1)
                while text.startswith("wait for ") and not os.path.exists(text.split()[-1]):
                    time.sleep(0.01)
            self.pause = 0.03 if "slowly" in texts else 0
            own = {"pid": str(os.getpid()), "count": str(len(texts)), "heard": " / ".join(self.heard)}
            replies = super().batch_act(observations)
            for text, reply in zip(texts, replies):
                if text in own:
                    reply.force_set("text", own[text])
            return replies

        def _get_next_decoder_input(self, *arguments):
            time.sleep(self.pause)
            return super()._get_next_decoder_input(*arguments)
    """
WORDS = ("__null__", "__start__", "__end__", "__unk__", "cats", "dogs", "run", "sleep", "well", "often")
OPTIONS = (
    "--model internal:moody --dict-file {folder}/words.dict --embedding-size 16 --ffn-size 16 --n-heads 2 --n-layers 1 "
    "--inference greedy --beam-min-length 12 --label-truncate 16 --text-truncate 64"
)

Ask = Callable[..., Awaitable[str]]


class Server:
    """The command in a process of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._said = folder / f"said-{port}.txt"
        command = [Path(sys.executable).with_name("chateval"), "serve", folder / "model_opts.yaml", "--port", str(port)]
        with self._said.open("w") as said:
            self.process = subprocess.Popen(
                [*command, *options],
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=os.environ | {KEY_VARIABLE: KEY, "STARTED_FOR": str(folder), "OMP_NUM_THREADS": "1"},
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._said.read_text()

    def wait_until_it_serves(self) -> None:
        while "Ctrl-C ends it." not in self.said:
            assert self.process.poll() is None, self.said
            time.sleep(0.05)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


def processes_in(folder: Path) -> list[str]:
    """The command lines of what was started for the folder, and of their children: their environment names it."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if (
                process.name.isdecimal()
                and f"STARTED_FOR={folder}".encode() in process.joinpath("environ").read_bytes()
            ):
                found.append(process.joinpath("cmdline").read_text().replace("\0", " "))
    return [line for line in found if line]  # a process that has ended and was not collected yet has none


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("s", numbered=True)
    agent = folder / "parlai_internal/agents/moody/moody.py"
    agent.parent.mkdir(parents=True)
    agent.write_text(dedent(AGENT), encoding="utf-8")
    folder.joinpath("words.dict").write_text("".join(f"{word}\t{10 - n}\n" for n, word in enumerate(WORDS)))
    options = OPTIONS.format(folder=folder)
    folder.joinpath("model_opts.yaml").write_text(f"moody: {options}\nperson: {{kind: human}}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def servers(project: Path) -> Iterator[Callable[[], Server]]:
    """The server, started if it is not running."""
    started: list[Server] = []

    def server() -> Server:
        if not started or started[-1].process.poll() is not None:
            started.append(Server(project, "--replicas", str(REPLICAS), "--cpus-per-replica", "0.5"))
            started[-1].wait_until_it_serves()
        return started[-1]

    yield server
    for one in started:
        if one.process.poll() is None:
            one.stop()


@pytest.fixture
def server(servers: Callable[[], Server]) -> Server:
    return servers()


@pytest.fixture
async def bot(server: Server, reach: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    bot = reach(RayBot("moody", address=server.address), patience_seconds=30)
    yield bot
    await bot.close()


@pytest.fixture
def ask(bot: Any) -> Ask:
    """What the bot replies to one turn of a dialogue."""

    async def ask(text: str, dialogue: str = "1", watch: Any = watch_nothing) -> str:
        reply: str = (await bot.reply(Request(dialogue, (Turn(Speaker.USER, text),)), watch)).text
        return reply

    return ask


async def dialogues_by_replica(ask: Ask) -> list[list[str]]:
    """At least four dialogues for each replica."""
    replicas: dict[str, list[str]] = {}
    for number in range(100):
        replicas.setdefault(await ask("pid", f"by replica {number}"), []).append(f"by replica {number}")
        if len(replicas) == REPLICAS and min(map(len, replicas.values())) >= 4:
            break
    return list(replicas.values())


async def waits_at_the_replica(ask: Ask, text: str, dialogue: str) -> asyncio.Task[str]:
    """Ask, and go on when the replica has the request; it says so, as the front does before."""
    return await asked_until(ask, text, dialogue, lambda seen: seen.count(Progress.QUEUED) == 2)


async def is_worked_at(ask: Ask, text: str, dialogue: str) -> asyncio.Task[str]:
    """Ask, and go on when the work has begun."""
    return await asked_until(ask, text, dialogue, lambda seen: Progress.STARTED in seen)


async def asked_until(
    ask: Ask, text: str, dialogue: str, is_there: Callable[[list[Progress]], bool]
) -> asyncio.Task[str]:
    seen: list[Progress] = []
    task = asyncio.ensure_future(ask(text, dialogue, lambda progress, _: seen.append(progress)))
    async with asyncio.timeout(20):
        while not is_there(seen):
            await asyncio.sleep(0.01)
    return task


def test_it_says_where_its_bots_are_and_which_it_leaves_out(server: Server) -> None:
    """The entry is to be copied into a study's model_opts.yaml."""
    assert f"moody:\n  kind: ray\n  address: {server.address}\n" in server.said
    assert "person is not hosted: it is a person" in server.said
    assert KEY not in server.said


async def test_text_comes_while_it_is_generated(ask: Ask) -> None:
    """Through two processes of Ray and a socket."""
    seen: list[tuple[Progress, str]] = []

    text = await ask("slowly", watch=lambda *what: seen.append(what))

    shown = [part for progress, part in seen if part and progress is Progress.STARTED]
    assert len(text.split()) >= 10
    assert shown
    assert len(shown[0]) < len(text)


async def test_the_record_says_which_agent_answers(bot: Any) -> None:
    assert bot.identity()["served_kind"] == "parlai"
    assert "MoodyAgent" in bot.identity()["served_class"]


async def test_dialogues_keep_to_a_replica_and_spread_over_all(ask: Ask) -> None:
    """A replica holds the state of its dialogues; another would have to read them from their beginning."""
    pids = [[await ask("pid", str(dialogue)) for _ in range(3)] for dialogue in range(16)]

    assert all(len(set(of_dialogue)) == 1 for of_dialogue in pids)
    assert len({of_dialogue[0] for of_dialogue in pids}) == REPLICAS


async def test_what_comes_meanwhile_is_answered_as_one_batch(ask: Ask, tmp_path: Path) -> None:
    """That is what makes one GPU enough for a crowd."""
    (first, *others), *_ = await dialogues_by_replica(ask)
    busy = await is_worked_at(ask, f"wait for {tmp_path}/go", first)
    waiting = [await waits_at_the_replica(ask, "count", dialogue) for dialogue in others[:3]]

    tmp_path.joinpath("go").touch()

    assert [await task for task in waiting] == ["3", "3", "3"]
    await busy


async def test_a_request_whose_asker_has_left_is_not_worked_at(ask: Ask, tmp_path: Path) -> None:
    """The worker has closed the page: the replica's time is for those who wait."""
    (first, second, *_), (elsewhere, *_) = await dialogues_by_replica(ask)
    busy = await is_worked_at(ask, f"wait for {tmp_path}/go", first)
    left = await waits_at_the_replica(ask, "nobody hears this", second)

    left.cancel()
    for _ in range(20):  # meanwhile the news gets there
        await ask("pid", elsewhere)
    tmp_path.joinpath("go").touch()
    await busy

    heard = await ask("heard", first)
    assert f"wait for {tmp_path}/go" in heard
    assert "nobody hears this" not in heard


async def test_a_replica_that_dies_costs_one_attempt(bot: Any, ask: Ask) -> None:
    """The machine ran out of memory, say. The desk asks again, and somebody else answers."""
    before = await ask("pid", "unlucky")

    with pytest.raises(BotError, match="has died; another takes its place"):
        await ask("die", "unlucky")
    reply = await Desk({"moody": bot}).reply("moody", Request("unlucky", (Turn(Speaker.USER, "pid"),)))

    assert reply.text != before


def test_ctrl_c_ends_it_and_leaves_nothing(server: Server, project: Path) -> None:
    """Neither processes nor files: the researcher's machine has other work."""
    (logs,) = re.findall("is in (.*) until the end", server.said)
    assert Path(logs).is_dir()
    assert processes_in(project)

    assert server.stop() == 0

    assert "no longer served" in server.said
    assert processes_in(project) == []
    assert not Path(logs).parents[1].exists()


def test_a_bot_that_cannot_be_loaded_is_told(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With the sentence that the bot's own kind has for it, and not with Ray's traceback."""
    folder = tmp_path_factory.mktemp("b")
    folder.joinpath("model_opts.yaml").write_text(
        "needy: {kind: openai, model: m, base_url: http://127.0.0.1:9/v1, api_key_variable: NOT_SET}\n",
        encoding="utf-8",
    )

    server = Server(folder)

    assert server.process.wait(180) == 2
    assert "NOT_SET" in server.said
    assert "Traceback" not in server.said
    assert processes_in(folder) == []
