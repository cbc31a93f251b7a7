"""Bots of a run, built together."""

import sys
from pathlib import Path

import pytest

from chateval.bots import build_bot, build_bots
from chateval.config import BotRuntime, HumanBot, ParlAIBot, ScriptedBot
from chateval.errors import BotError


def test_bots_that_are_there_at_once_come_first(runtime: BotRuntime) -> None:
    """Whoever talks with them need not wait for the models of others."""
    specs = [ParlAIBot("a", "--model fixed_response"), ScriptedBot("b", ("x",)), HumanBot("c")]

    assert list(build_bots(specs, runtime)) == ["b", "c", "a"]


def test_building_tells_which_bot_and_when_it_is_there(runtime: BotRuntime) -> None:
    """The terminal shows how far it is."""
    told: list[object] = []
    specs = [ScriptedBot("a", ("x",)), ScriptedBot("b", ("x",))]

    build_bots(specs, runtime, begun=lambda *which: told.append(which), done=lambda bot: told.append(bot.name))

    assert told == [("a", 1, 2), "a", ("b", 2, 2), "b"]


@pytest.mark.parametrize("death", ["raise SystemExit(3)", "1 / 0", "import nowhere_at_all", "this is no Python"])
def test_a_bot_that_dies_at_import_is_a_bot_error(
    runtime: BotRuntime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, death: str
) -> None:
    """Foreign code may do anything when it is loaded; the launch ends with a sentence that names the bot."""
    (tmp_path / "dying.py").write_text(death)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    with pytest.raises(BotError, match="Bot 'b' "):
        build_bot(ParlAIBot("b", "--model dying:DyingAgent"), runtime)
