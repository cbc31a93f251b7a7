"""ParlAI's two example studies, by their own keys: from the onboarding to the file that ParlAI would leave."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import RunningStudy, StartStudy, Visitor
from .steps import agree, finish, rate, say, submit

pytestmark = pytest.mark.browser

KEY = "mephisto.blueprint."


def quick(bot: str) -> tuple[str, str]:
    return f"{KEY}num_turns=1", f'{KEY}conversations_needed_string="{bot}:1"'


Visit = Callable[..., Visitor]


def tick(page: Page, turn: int, box: str) -> None:
    group: Locator = page.get_by_role("group", name=re.compile(rf"^Turn {turn + 1},"))
    group.get_by_role("checkbox", name=re.compile(box)).check()


def transcript(study: RunningStudy, folder: Path) -> dict[str, Any]:
    """The one file of `chat_data_folder`, which is there once the study is over."""
    study.end()
    [file] = folder.rglob("*.json")
    return dict(json.loads(file.read_text()))


def test_model_chat_runs_with_its_onboarding_buckets_and_transcripts(start_study: StartStudy, visit: Visit) -> None:
    study = start_study("model_chat", *quick("listener"))
    visitor = visit()
    page = visitor.page
    page.goto(study.link())
    page.get_by_role("button", name="I agree, start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Training")
    for turn, box in ((1, "Nothing"), (3, "Does not fit"), (5, "Nothing"), (7, "Contradicts"), (9, "Unpleasant")):
        tick(page, turn, box)
    page.get_by_role("button", name="Submit answers").click()
    expect(page.get_by_label("Your message")).to_be_visible()
    tick(page, 1, "Nothing")
    say(page, "I have been to the sea.")
    tick(page, 3, "Repeats")
    finish(page)
    rate(page, 5)
    submit(page)

    left = transcript(study, study.data_dir / "model_chat")
    assert [turn["agent_idx"] for turn in left["dialog"]] == [0, 1, 0, 1]
    assert left["dialog"][2]["text"] == "I have been to the sea."
    assert left["dialog"][-1]["final_rating"] == "5"
    assert left["task_description"]["model_nickname"] == "listener"
    assert visitor.errors == []


def test_model_image_chat_runs_with_its_stack_and_transcripts(start_study: StartStudy, visit: Visit) -> None:
    study = start_study("model_image_chat", *quick("onlooker"))
    visitor = visit()
    page = visitor.page
    page.goto(study.link())
    agree(page)
    expect(page.locator(".picture img")).to_be_visible()
    say(page, "I like the colours.")
    finish(page)
    rate(page, 2)
    submit(page)

    left = transcript(study, study.data_dir / "model_image_chat")
    assert [turn["agent_idx"] for turn in left["dialog"]] == [1, 0, 1]
    assert left["image"]["caption"]
    stack = json.loads((study.data_dir / "image_stack" / "image_stack.json").read_text())
    [(picture, partners)] = stack["combinations"].items()
    assert left["image"]["id"].startswith(picture)
    assert [look["is_done"] for look in partners["onlooker"]] == [True]
    assert visitor.errors == []
