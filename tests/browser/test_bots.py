"""A dialogue with a bot of each kind, in a real browser."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pandas as pd
import pytest
import transformers
import yaml
from playwright.sync_api import expect

from chateval.cli import main

from ..bots.openai_server import Say, openai_server  # noqa: TID252  (the same server there)
from ..bots.transformers.conftest import save_model, save_tokenizer  # noqa: TID252  (the same checkpoints there)
from .conftest import StartStudy, Visitor
from .steps import agree, finish, rate, say, submit

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
SERVE_SECONDS = 90


def checkpoint(folder: Path) -> str:
    save_tokenizer(folder)
    config = transformers.GPT2Config(
        vocab_size=400, n_positions=256, n_embd=32, n_layer=2, n_head=4, bos_token_id=1, eos_token_id=1
    )
    save_model(folder, transformers.GPT2LMHeadModel, config, max_new_tokens=6)
    return str(folder)


@pytest.fixture
def endpoint() -> Iterator[str]:
    with openai_server() as server:
        server.acts.extend(Say(f"Reply {number} from afar.") for number in range(9))
        yield server.url
        assert server.faults == []


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """A bot behind `chateval serve`, on Ray for real."""
    bots = tmp_path / "served.yaml"
    bots.write_text(json.dumps({"remote": {"kind": "scripted", "lines": ["Over the line.", "And again."]}}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "chateval", "serve", str(bots), "--port", address.rpartition(":")[2]]
    with (tmp_path / "serve.log").open("w") as log:
        process = subprocess.Popen([*command, "--cpus-per-replica", "0.1"], stdout=log, stderr=subprocess.STDOUT)
    try:
        until_served(address, process, tmp_path / "serve.log")
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


def until_served(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SERVE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/bots", timeout=5).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError(log.read_text())


def hold(visitor: Visitor, link: str, worker: int) -> None:
    page = visitor.page
    page.goto(link)
    agree(page)
    for text in ("I had a lovely walk with my dog today.", f"That was walk number {worker}, I think."):
        say(page, text)
    finish(page)
    rate(page)
    submit(page)


@pytest.mark.timeout(240)
def test_a_dialogue_with_a_bot_of_each_kind(
    start_study: StartStudy, visit: Visit, tmp_path: Path, endpoint: str, cluster: str
) -> None:
    """One file of bots, one study, and nothing on the page that tells one kind from another."""
    prices = {"input_usd_per_million": 1, "output_usd_per_million": 10}
    kinds = {
        "agent": "--model internal:examplebot",
        "script": {"kind": "scripted", "lines": ["One.", "Two.", "Three."]},
        "weights": {"kind": "transformers", "model": checkpoint(tmp_path / "gpt2"), "device": "cpu"},
        "far": {"kind": "openai", "model": "m", "base_url": endpoint, **prices},
        "remote": {"kind": "ray", "address": cluster},
        "best": {"kind": "rerank", "bots": ["script", "agent"], "candidates": 1},
    }
    (tmp_path / "bots.yaml").write_text(yaml.safe_dump(kinds))
    needed = ",".join(f"{name}:1" for name in kinds)
    study = start_study(
        "collect_dialogues",
        f"mephisto.blueprint.model_opt_path={tmp_path / 'bots.yaml'}",
        f'mephisto.blueprint.conversations_needed_string="{needed}"',
        "mephisto.blueprint.num_turns=2",
    )
    for worker, _ in enumerate(kinds):
        visitor = visit()
        hold(visitor, study.link(f"W{worker}"), worker)
        expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Thank you")
        assert visitor.errors == []
        visitor.context.close()
    out = tmp_path / "out"

    assert main(["export", "--task-name", "collect_dialogues", "--data-dir", str(tmp_path), "--out", str(out)]) == 0

    turns = pd.read_parquet(out / "turns.parquet")
    replies = turns[turns["speaker"] == "system"].groupby("dialogue_id")["text"].apply(list)
    dialogues = pd.read_parquet(out / "dialogues.parquet").set_index("bot")
    said = {bot: replies[dialogues.loc[bot, "dialogue_id"]] for bot in kinds}
    assert said["script"] == ["One.", "Two.", "Three."]
    assert said["far"] == [f"Reply {number} from afar." for number in range(3)]
    assert said["remote"] == ["Over the line.", "And again.", "Over the line."]
    assert all(len(texts) == 3 and all(texts) for texts in said.values())
    assert dialogues.loc["far", "bot_output_tokens"] == 30
    assert dialogues.loc["far", "bot_cost_usd"] == pytest.approx((300 * 1 + 30 * 10) / 1e6)
    assert set(json.loads((out / "provenance.json").read_text())["runs"][0]["bots"]) == set(kinds)
