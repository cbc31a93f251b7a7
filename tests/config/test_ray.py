"""Bots of `kind: ray`, as files define them."""

import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chateval.config import RayBot
from chateval.config.bots import BotTerms

if TYPE_CHECKING:
    from .labs import Lab

SECTION = "## Bots on Ray Serve"


def define(lab: "Lab", address: str) -> None:
    lab.write("task_config/model_opts.yaml", f"alice: {{kind: ray, address: '{address}'}}\nbob: -m x\n")


def section() -> str:
    document = (Path(__file__).parents[2] / "docs" / "bots.md").read_text(encoding="utf-8")
    return document.partition(SECTION)[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:8000", "'127.0.0.1:8000' is no address. Write one as `chateval serve` prints it"),
        ("ray://head:10001", "is no address"),
        ("http://", "is no address"),
        ("http://there:0", "is no address"),
        ("http://there:eight", "is no address"),
        ("http://me:secret@there:8000", "There is a user or a password in the address"),
        ("http://there:8000/?bot=x", "goes on after the path"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(lab: "Lab", address: str, said: str) -> None:
    """Ray has addresses of its own, and this is none of them."""
    define(lab, address)

    text = lab.problem().text

    assert said in text
    assert "secret" not in text


def test_a_bot_has_its_own_name_there_unless_another_is_given(lab: "Lab") -> None:
    define(lab, "http://there:8000/")

    alice = lab.load().bots[0]

    assert isinstance(alice, RayBot)
    assert (alice.url, alice.remote_name) == ("http://there:8000", "alice")


def test_the_documents_example_can_be_used_as_it_is(lab: "Lab") -> None:
    """It is what people copy."""
    [example] = re.findall(r"```yaml\n(.*?)```", section(), re.DOTALL)
    lab.write("task_config/model_opts.yaml", example)

    (bot,) = lab.load("mephisto.blueprint.conversations_needed_string='pip:1'").bots

    assert isinstance(bot, RayBot)


def test_the_documents_tell_of_every_key() -> None:
    own = {item.name for item in fields(RayBot)} - {item.name for item in fields(BotTerms)} - {"name"}

    assert own <= set(re.findall(r"^\| `(\w+)` \|", section(), re.MULTILINE))
