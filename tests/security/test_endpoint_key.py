"""A study with a bot behind an endpoint: its key is nowhere, and what it cost is told."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from ..bots.openai_server import Fail, OpenAIServer, Say, openai_server  # noqa: TID252  (the same server there)
from .conftest import ROOT, LiveStudy, serve

KEY = "sk-Keep1this2to3yourself4"
BOT = "endpoint: {kind: openai, model: m, base_url: '%s', api_key_variable: LAB_KEY, attempts: 2, %s}\n"
PRICES = "input_usd_per_million: 100, output_usd_per_million: 1000"


@dataclass(frozen=True)
class Held:
    """A study that is over, all that it has left, and what commands say of it."""

    folder: Path
    sent: OpenAIServer
    runs: str
    shown: str
    configuration: str

    @property
    def exported(self) -> Path:
        return self.folder / "out"


async def hold(study: LiveStudy, server: OpenAIServer) -> None:
    """One session goes well; in the other the endpoint repeats the key that it was sent, and says it at last."""
    server.acts.extend([Say("Hello."), Say("Fine, thanks.")])
    async with study.page() as page:
        await page.begin("content")
        await page.say("hello", "m")
        await page.finish()
    server.acts.extend([Fail(500, f"Cannot log in with {KEY}"), Say(f"My key is {KEY}.")])
    async with study.page() as page:
        await page.join("curious", "B")
        await page.asked("consent_asked")
        await page.tell(kind="consent", id="c")
        assert (await page.asked("ended"))["outcome"] == "bot_failed"


def called(*arguments: str) -> str:
    command = [sys.executable, "-m", "chateval", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60, text=True).stdout


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    folder = tmp_path_factory.mktemp("endpoint")
    data_dir = folder / "data"
    data_dir.mkdir()
    with pytest.MonkeyPatch.context() as patch, openai_server() as server:
        patch.setenv("LAB_KEY", KEY)
        server.key = KEY
        (data_dir / "bots.yaml").write_text(BOT % (server.url, PRICES))
        blueprint = {"model_opt_path": data_dir / "bots.yaml", "conversations_needed_string": '"endpoint:9"'}
        settings = [f"mephisto.blueprint.{key}={value}" for key, value in {**blueprint, "num_turns": 1}.items()]
        with contextmanager(serve)(data_dir, "collect_dialogues", "mephisto.log_level=debug", *settings) as study:
            asyncio.run(hold(study, server))
        where = ("--data-dir", str(data_dir))
        called("export", "--task-name", "collect_dialogues", "--out", str(folder / "out"), *where)
        told = called("runs", *where), called("runs", *where, "--show", "1")
        yield Held(folder, server, *told, called("check", "conf=collect_dialogues", *settings, "--cfg", "job"))


def test_the_key_of_an_endpoint_is_nowhere(held: Held) -> None:
    """Journals are copied, logs are posted, exports are published."""
    written = {path.name: path for path in held.folder.rglob("*") if path.is_file()}

    assert {"journal.db", "terminal.log", "bots.yaml", "turns.csv", "provenance.json"} <= set(written)
    assert "[key]" in written["terminal.log"].read_text()
    assert "bots.yaml" in held.configuration
    files = [str(path) for path in held.folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert files == []
    assert KEY not in held.runs + held.shown + held.configuration
    assert held.sent.headers[0]["authorization"] == f"Bearer {KEY}"


def test_what_replies_took_is_exported_and_listed(held: Held) -> None:
    """From the endpoint's own count to the researcher's table."""
    turns = pd.read_parquet(held.exported / "turns.parquet")
    dialogues = pd.read_parquet(held.exported / "dialogues.parquet")

    replies = turns[turns["bot_cost_usd"].notna()]
    assert list(replies["text"]) == ["Hello.", "Fine, thanks."]
    assert list(replies["bot_cost_usd"]) == [pytest.approx(0.02)] * 2
    assert (replies["bot_seconds"] >= replies["bot_first_text_seconds"]).all()
    assert list(dialogues["bot_input_tokens"].dropna()) == [200]
    assert "$0.0400" in held.runs
    assert "usd_per_million" in held.shown
