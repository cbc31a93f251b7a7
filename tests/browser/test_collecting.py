"""Whole dialogues in a real browser, against a study started as its reader would start it."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from chateval.cli import main
from chateval.dialogue import read_dialogues
from chateval.session import JOURNAL_FILE, SqlJournal

from .conftest import PHONE, RunningStudy, StartStudy, Visitor
from .steps import agree, finish, rate, say, submit

pytestmark = pytest.mark.browser

QUICK = "mephisto.blueprint.num_turns=2"

Visit = Callable[..., Visitor]

BROKEN_AGENT = """
from parlai.core.agents import Agent


class BrokenAgent(Agent):
    def __init__(self, opt, shared=None):
        super().__init__(opt, shared)
        self.id = "broken"

    def act(self):
        raise RuntimeError("out of order")
"""


def needed(conversations: str) -> str:
    return f'mephisto.blueprint.conversations_needed_string="{conversations}"'


def export(study: RunningStudy, out: Path) -> None:
    [run] = SqlJournal(study.data_dir / JOURNAL_FILE).runs()
    assert main(["export", "--task-name", run.task_name, "--data-dir", str(study.data_dir), "--out", str(out)]) == 0


def test_a_dialogue_held_in_the_browser_comes_out_as_data(start_study: StartStudy, visit: Visit) -> None:
    """The main job: a link, a conversation with the example bot, and a file that the next study can annotate."""
    study = start_study("collect_dialogues", QUICK, needed("examplebot:1"))
    visitor = visit()
    visitor.page.goto(study.link())
    agree(visitor.page)
    for text in ("I had a lovely walk with my dog today.", "Do you like music? <b>I do</b> & \U0001f642"):
        say(visitor.page, text)
    finish(visitor.page)
    rate(visitor.page)
    submit(visitor.page)
    out = study.data_dir / "out"

    assert (
        main(["export", "--task-name", "collect_dialogues", "--data-dir", str(study.data_dir), "--out", str(out)]) == 0
    )

    [dialogue] = read_dialogues(out / "dialogues.jsonl")
    said = [turn.text for turn in dialogue.turns if turn.speaker.value == "user"]
    assert said == ["Hi!", "I had a lovely walk with my dog today.", "Do you like music? <b>I do</b> & \U0001f642"]
    assert [turn.speaker.value for turn in dialogue.turns] == ["user", "system"] * 3
    assert list(pd.read_parquet(out / "ratings.parquet")["value"]) == [4]
    assert "W1" not in (out / "sessions.csv").read_text()
    assert visitor.errors == []


def test_a_pair_is_two_chats_with_partners_that_are_not_named(start_study: StartStudy, visit: Visit) -> None:
    study = start_study("collect_paired_dialogues", QUICK, needed("examplebot|listener:1"))
    visitor = visit(PHONE)
    visitor.page.goto(study.link())
    agree(visitor.page)
    for number in (1, 2):
        expect(visitor.page.get_by_text(f"Chat {number} of 2").first).to_be_visible()
        for text in ("What do you think of trains?", "I see."):
            say(visitor.page, text)
        assert "examplebot" not in visitor.page.content()
        assert "listener" not in visitor.page.content()
        finish(visitor.page)
        rate(visitor.page, number + 2)
    submit(visitor.page)
    out = study.data_dir / "out"

    export(study, out)

    ratings = pd.read_csv(out / "ratings.csv")
    assert sorted(ratings["bot"]) == ["examplebot", "listener"]
    assert list(ratings.sort_values("position")["value"]) == [3, 4]
    assert visitor.errors == []


def test_a_reload_and_a_second_device_show_the_whole_session(start_study: StartStudy, visit: Visit) -> None:
    study = start_study("collect_dialogues", needed("listener:1"))
    desk, phone = visit(), visit(PHONE)
    desk.page.goto(study.link())
    agree(desk.page)
    say(desk.page, "from the desk")
    desk.page.get_by_label("Your message").fill("a draft that is not sent")
    desk.page.reload()
    expect(desk.page.get_by_role("log")).to_contain_text("from the desk")
    expect(desk.page.get_by_label("Your message")).to_have_value("a draft that is not sent")
    phone.page.goto(study.link())
    expect(phone.page.get_by_role("log")).to_contain_text("from the desk")
    say(phone.page, "from the phone")

    expect(desk.page.get_by_role("log")).to_contain_text("from the phone")

    assert desk.page.get_by_role("log").inner_text().count("from the desk") == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "stopped"])
def test_the_same_command_goes_on_where_it_was(start_study: StartStudy, visit: Visit, number: signal.Signals) -> None:
    """What people were told is saved stays saved, and their page finds its way back by itself."""
    study = start_study("collect_dialogues", QUICK, needed("listener:1"))
    visitor = visit()
    visitor.page.goto(study.link())
    agree(visitor.page)
    say(visitor.page, "before the end")
    study.end(number)
    expect(visitor.page.get_by_role("status").first).not_to_contain_text("Connected")

    study.start()

    expect(visitor.page.get_by_role("status").first).to_contain_text("Connected", timeout=20_000)
    assert "Going on with run 1" in study.terminal()
    say(visitor.page, "after the end")
    finish(visitor.page)
    rate(visitor.page)
    submit(visitor.page)


def test_what_is_written_while_nobody_is_there_is_sent_once_they_are_back(
    start_study: StartStudy, visit: Visit
) -> None:
    study = start_study("collect_dialogues", needed("listener:1"))
    visitor = visit()
    visitor.page.goto(study.link())
    agree(visitor.page)
    say(visitor.page, "first")
    study.end(signal.SIGKILL)
    visitor.page.get_by_label("Your message").fill("written into the silence")
    visitor.page.get_by_role("button", name="Send", exact=True).click()
    study.start()

    expect(visitor.page.get_by_role("log")).to_contain_text("What happened next?", timeout=20_000)
    expect(visitor.page.get_by_role("log")).to_contain_text("written into the silence")
    expect(visitor.page.get_by_role("log")).to_contain_text("How did that make you feel?", timeout=20_000)
    assert visitor.page.get_by_role("log").inner_text().count("written into the silence") == 1


def test_everyone_refused_is_told_why(start_study: StartStudy, visit: Visit) -> None:
    study = start_study("collect_dialogues", needed("listener:1"), "mephisto.task.maximum_units_per_worker=1")
    first, second = visit(), visit()
    first.page.goto(study.link("W1", "A1"))
    expect(first.page.get_by_role("button", name="I agree, start")).to_be_visible()
    first.page.goto(study.link("W1", "A2"))
    expect(first.page.locator("main")).to_contain_text("as often as one person may")
    second.page.goto(study.link("W2", "A1"))
    expect(second.page.locator("main")).to_contain_text("All places of this study are taken")


def test_a_link_without_an_id_asks_for_it(start_study: StartStudy, visit: Visit) -> None:
    study = start_study("collect_dialogues", needed("listener:1"))
    visitor = visit()
    visitor.page.goto(study.url)
    visitor.page.get_by_label("Participant ID").fill("Someone")
    visitor.page.keyboard.press("Enter")

    expect(visitor.page.get_by_role("button", name="I agree, start")).to_be_visible()
    assert "worker_id=Someone" in visitor.page.url
    assert "assignment_id=" in visitor.page.url


def test_a_turn_limit_is_announced_before_it_strikes(start_study: StartStudy, visit: Visit) -> None:
    study = start_study("collect_dialogues", needed("listener:1"), "mephisto.blueprint.max_resp_time=6")
    visitor = visit()
    visitor.page.goto(study.link())
    agree(visitor.page)

    expect(visitor.page.get_by_text("left", exact=False).first).to_be_visible(timeout=10_000)
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("time", timeout=15_000, ignore_case=True)


def test_stopping_says_what_is_left(start_study: StartStudy) -> None:
    study = start_study("collect_dialogues", needed("listener:3"))

    assert study.end(signal.SIGINT) == 0

    assert "0 of 3 sessions are done" in study.terminal()
    assert "Traceback" not in study.terminal()


def test_mephisto_s_own_tools_read_a_finished_unit(start_study: StartStudy, visit: Visit) -> None:
    study = start_study("collect_dialogues", QUICK, needed("listener:1"))
    page = visit().page
    page.goto(study.link())
    agree(page)
    say(page, "one")
    say(page, "two")
    finish(page)
    rate(page, 5)
    submit(page)
    study.end()

    from chateval.crowd import data_browser  # noqa: PLC0415

    browser = data_browser(study.data_dir)
    [unit] = browser.get_units_for_task_name("collect_dialogues")
    data = browser.get_data_from_unit(unit)

    assert data["status"] == "completed"
    assert data["task_end"] > data["task_start"]
    assert data["data"]["inputs"]["bots"] == ["listener"]
    assert data["data"]["outputs"]["dialogues"][0]["ratings"] == {"rating_1": 5}
    assert json.dumps(data["data"])


def test_a_lost_network_is_said_and_mended_by_itself(start_study: StartStudy, visit: Visit) -> None:
    """A train, a tunnel, a laptop that sleeps: the page says what is the matter, and keeps what is written."""
    study = start_study("collect_dialogues", needed("listener:1"))
    visitor = visit()
    visitor.page.goto(study.link())
    agree(visitor.page)
    say(visitor.page, "before the tunnel")
    visitor.context.set_offline(True)
    expect(visitor.page.get_by_role("status").first).not_to_contain_text("Connected", timeout=40_000)
    visitor.page.get_by_label("Your message").fill("written in the tunnel")
    visitor.page.get_by_role("button", name="Send", exact=True).click()
    visitor.context.set_offline(False)

    expect(visitor.page.locator("[data-speaker=system]")).to_have_count(3, timeout=30_000)
    assert visitor.page.get_by_role("log").inner_text().count("written in the tunnel") == 1


def test_a_bot_that_fails_ends_in_an_honest_screen(start_study: StartStudy, visit: Visit, tmp_path: Path) -> None:
    """Not the worker's fault, and they are told so."""
    (tmp_path / "model_opts.yaml").write_text("broken: --model internal:broken\n")
    agents = tmp_path / "parlai_internal" / "agents" / "broken"
    agents.mkdir(parents=True)
    (agents / "broken.py").write_text(BROKEN_AGENT)
    study = start_study(
        "collect_dialogues",
        needed("broken:1"),
        f"mephisto.blueprint.model_opt_path={tmp_path}/model_opts.yaml",
        f"mephisto.blueprint.task_config_path={Path.cwd()}/task_config",
        f"task_dir={tmp_path}",
    )
    visitor = visit()
    visitor.page.goto(study.link())
    agree(visitor.page)

    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(
        "Your partner is not available any more", timeout=20_000
    )
    assert "attempt 3 of 3 failed" in study.terminal()
