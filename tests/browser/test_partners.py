"""Two people as each other's partners, each at a real page; and a reply that is seen while it comes."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from chateval.cli import main

from ..bots.openai_server import Say, Send, openai_server, piece  # noqa: TID252  (the same server there)
from .conftest import PHONE, RunningStudy, StartStudy, Visitor
from .steps import agree, finish, rate, submit, violations

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
WAITING = "Your partner is not here yet"


def start(start_study: StartStudy, tmp_path: Path) -> RunningStudy:
    bots = tmp_path / "people.yaml"
    bots.write_text("peer: {kind: human, wait_seconds: 60}\n")
    settings = {"model_opt_path": bots, "conversations_needed_string": '"peer:2"', "num_turns": 1}
    return start_study("collect_dialogues", *(f"mephisto.blueprint.{key}={value}" for key, value in settings.items()))


def whose_turn(*pages: Page) -> Page:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for page in pages:
            if page.get_by_text("It is your turn.").is_visible():
                return page
            page.wait_for_timeout(50)
    raise AssertionError("It is nobody's turn.")


def say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("log")).to_contain_text(text)


def test_two_people_meet_chat_and_are_done(start_study: StartStudy, visit: Visit, tmp_path: Path) -> None:
    """One waits on a phone until the other comes; one ends the chat, and the other is told so and goes on."""
    study = start(start_study, tmp_path)
    early, late = visit(PHONE), visit()
    early.page.goto(study.link("W1"))
    agree(early.page)
    expect(early.page.get_by_text(WAITING, exact=True)).to_be_visible()
    expect(early.page.get_by_text("You have waited for")).to_be_visible()
    expect(early.page.get_by_role("button", name="Leave study")).to_be_visible()
    assert violations(early.page) == []
    early.page.get_by_label("Your message").press_sequentially("written ahead")
    early.page.reload()
    expect(early.page.get_by_text(WAITING, exact=True)).to_be_visible()
    late.page.goto(study.link("W2"))
    agree(late.page)
    leader = whose_turn(early.page, late.page)
    other = late.page if leader is early.page else early.page
    expect(early.page.get_by_text(WAITING, exact=True)).to_be_hidden()
    say(leader, "What did you have for breakfast?")
    expect(other.get_by_role("log")).to_contain_text("What did you have for breakfast?")
    say(other, "Porridge, as every day.")
    expect(leader.get_by_role("log")).to_contain_text("Porridge, as every day.")
    finish(leader)
    for page in (leader, other):
        rate(page)
    expect(other.get_by_text("Your partner has finished the chat")).to_be_visible()
    for page in (leader, other):
        submit(page)

    assert early.errors == late.errors == []
    out = tmp_path / "out"
    where = ["--task-name", "collect_dialogues", "--data-dir", str(study.data_dir)]
    assert main(["export", *where, "--out", str(out)]) == 0
    dialogues = pd.read_csv(out / "dialogues.csv")
    assert dialogues["partner_dialogue_id"].tolist() == dialogues["dialogue_id"].tolist()[::-1]


def test_a_reply_is_seen_while_it_comes_and_stands_when_it_is_whole(
    start_study: StartStudy, visit: Visit, tmp_path: Path
) -> None:
    """The endpoint falls silent in mid-sentence; the next attempt begins anew, and only what is whole is a turn."""
    with openai_server() as server:
        server.acts.append(Send((piece("I was "), piece("about")), then="hang"))
        server.acts.append(Say("I was just leaving."))
        bot = {"kind": "openai", "model": "m", "base_url": server.url, "timeout_seconds": 2, "attempts": 2}
        (tmp_path / "bots.yaml").write_text(json.dumps({"talker": bot}))
        study = start_study(
            "collect_dialogues",
            f"mephisto.blueprint.model_opt_path={tmp_path}/bots.yaml",
            'mephisto.blueprint.conversations_needed_string="talker:1"',
            "mephisto.blueprint.stream_replies=true",
        )
        visitor = visit(PHONE)
        visitor.page.goto(study.link())
        agree(visitor.page)
        unfinished = visitor.page.locator("[aria-busy=true]")
        expect(unfinished).to_contain_text("I was about")
        expect(visitor.page.get_by_role("log")).not_to_contain_text("I was")
        assert violations(visitor.page) == []
        expect(visitor.page.get_by_role("log")).to_contain_text("I was just leaving.")
        expect(unfinished).to_have_count(0)

    assert visitor.errors == []
