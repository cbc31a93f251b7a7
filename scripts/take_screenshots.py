"""Take pictures of every screen of the worker's page: `.venv/bin/python scripts/take_screenshots.py --out DIR`.

It starts a study on a free port with its data in a temporary folder, goes through it in Chromium as a participant
would, at 1280x800 and at 390x844, and stops it; and so on with studies in which people label. `--readme` takes the
pictures that README.md shows, `--only chat` or `--only labels` one half of the others.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal

from label_scenes import Stage, take_label_scenes
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
WIDE, PHONE = (1280, 800), (390, 844)
START_SECONDS = 60
BLOCKED = "blocked"

BOTS = """\
examplebot: --model internal:examplebot
slow: {kind: scripted, delay_seconds: 5, lines: ["Hello!"]}
"""
# Whoever comes anew meets the example bot, of whom more is needed; with a second link, the bot that they have not met.
NEEDED = "examplebot:9,slow:4"
QUESTIONS = "How much did you enjoy this conversation?|How well did your partner follow what you said?"
LINES = (
    "I baked bread this morning, and the whole house smells of it.",
    "A simple one with rye. Do you like to cook?",
    "I learned it from my grandmother.",
)


CONTEXT = {
    "id": "market",
    "person_persona": ["I grow tomatoes on my balcony.", "I have two cats."],
    "bot_persona": ["I sell flowers."],
    "background": "You meet at a flower market on a Saturday morning.",
    "turns": [["system", "Good morning! Are you looking for something?"], ["user", "Something for my balcony."]],
}


def chat_settings(folder: Path) -> dict[str, object]:
    (folder / "model_opts.yaml").write_text(BOTS)
    (folder / "blocklist.txt").write_text(BLOCKED)
    return {
        "model_opt_path": folder / "model_opts.yaml",
        "worker_blocklist_paths": folder / "blocklist.txt",
        "conversations_needed_string": f'"{NEEDED}"',
        "final_rating_question": f'"{QUESTIONS}"',
        "num_turns": len(LINES),
    }


@contextmanager
def running_study(folder: Path, conf: str, blueprint: Mapping[str, object]) -> Iterator[str]:
    """A study as its reader would start it; yields the page's address."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        url = f"http://localhost:{probe.getsockname()[1]}"
    settings = [f"mephisto.blueprint.{key}={value}" for key, value in blueprint.items()]
    data_dir = tempfile.mkdtemp(dir=folder)
    places = [f"data_dir={data_dir}", f"mephisto.architect.port={url.rpartition(':')[2]}"]
    log = Path(data_dir) / "terminal.log"
    with log.open("w") as out:
        command = [sys.executable, "welcome.py", f"conf={conf}", *places, *settings]
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)  # noqa: S603
    try:
        _wait_until_ready(process, log)
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "Ready: " not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"The study did not start:\n{log.read_text()}")
        time.sleep(0.1)


class Participant:
    """Someone at a browser, whose screens are kept as `NAME-WIDTH.png`."""

    def __init__(self, browser: Browser, url: str, out: Path, size: tuple[int, int], scheme: str) -> None:
        theme: Literal["dark", "light"] = "dark" if scheme == "dark" else "light"
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, reduced_motion="reduce"
        )
        self.page: Page = context.new_page()
        self._url, self._out = url, out
        self._name = f"{scheme}-{size[0]}"

    def open(self, assignment: str, worker: str = "") -> None:
        self.page.goto(f"{self._url}/?worker_id={worker or self._name}&assignment_id={assignment}")

    def keep(self, screen: str, file_name: str = "") -> None:
        path = self._out / (file_name or f"{screen}-{self._name}.png")
        self.page.screenshot(path=path)
        print(path)

    def agree(self) -> None:
        self.page.get_by_role("button", name="I agree, start").click()
        expect(self.page.get_by_label("Your message")).to_be_visible()

    def say(self, text: str) -> None:
        replies = self.page.locator("[data-speaker=system]")
        send = self.page.get_by_role("button", name="Send", exact=True)
        self.page.get_by_label("Your message").fill(text)
        expect(send).to_have_attribute("aria-disabled", "false")
        before = replies.count()
        send.click()
        expect(replies).to_have_count(before + 1)

    def click(self, name: str) -> None:
        button = self.page.get_by_role("button", name=name, exact=True)
        expect(button).not_to_have_attribute("aria-disabled", "true")
        button.click()


def take_all(browser: Browser, url: str, out: Path, size: tuple[int, int]) -> None:
    """Every screen in light colours, the chat in dark ones too."""
    someone = Participant(browser, url, out, size, "light")
    page = someone.page
    page.goto(url)
    expect(page.get_by_label("Participant ID")).to_be_visible()
    someone.keep("1-link")
    someone.open("A1")
    expect(page.get_by_role("button", name="I agree, start")).to_be_visible()
    someone.keep("2-consent")
    _chat(someone, "3-chat")
    someone.say(LINES[-1])
    someone.keep("5-chat-may-finish")
    someone.click("Finish this chat")
    expect(page.get_by_role("button", name="Send ratings")).to_be_visible()
    someone.keep("6-ratings")
    for question in page.locator("fieldset").all():
        question.get_by_role("radio").nth(3).check()
    someone.keep("6-ratings-chosen")
    someone.click("Send ratings")
    expect(page.get_by_role("button", name="Submit", exact=True)).to_be_visible()
    someone.keep("7-submission")
    someone.click("Submit")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    someone.keep("8-done")
    someone.open("A2")
    someone.agree()
    expect(page.locator("[data-speaker=user]")).to_have_count(1)
    someone.keep("4-typing")
    someone.open("A1", worker=BLOCKED)
    expect(page.locator("main")).to_contain_text("not open to your participant ID")
    someone.keep("9-refused")
    at_night = Participant(browser, url, out, size, "dark")
    at_night.open("A1")
    _chat(at_night, "3-chat")


def _chat(someone: Participant, screen: str, file_name: str = "") -> None:
    """Agree, take all turns but one, and keep the screen."""
    someone.agree()
    expect(someone.page.locator("[data-speaker=system]")).to_have_count(1)
    for line in LINES[:-1]:
        someone.say(line)
    someone.keep(screen, file_name)


def take_pictures(browser: Browser, url: str, out: Path, size: tuple[int, int]) -> None:
    """A chat about a picture, and the picture enlarged."""
    someone = Participant(browser, url, out, size, "light")
    someone.open("A1")
    _chat(someone, "10-picture")
    someone.page.get_by_role("button", name="Enlarge").click()
    someone.keep("10-picture-enlarged")


def partner_settings(folder: Path) -> dict[str, object]:
    (folder / "partners.yaml").write_text("person: {kind: human}\nlistener: {kind: scripted, lines: [Go on.]}\n")
    return {
        "model_opt_path": folder / "partners.yaml",
        "conversations_needed_string": '"person:4"',
        "num_turns": 2,
    }


def part_settings(folder: Path) -> dict[str, object]:
    (folder / "contexts.jsonl").write_text(json.dumps(CONTEXT) + "\n")
    return partner_settings(folder) | {
        "conversations_needed_string": '"listener:4"',
        "conversation_start_mode": folder / "contexts.jsonl",
        "include_persona": "true",
    }


def take_waiting(browser: Browser, url: str, out: Path, size: tuple[int, int]) -> None:
    """Someone whose partner has not come yet."""
    someone = Participant(browser, url, out, size, "light")
    someone.open("A1")
    someone.agree()
    expect(someone.page.get_by_text("Your partner is not here yet", exact=True)).to_be_visible()
    someone.keep("11-waiting")
    someone.page.close()


def take_part(browser: Browser, url: str, out: Path, size: tuple[int, int]) -> None:
    """A chat that begins with a persona, a situation and some turns."""
    someone = Participant(browser, url, out, size, "light")
    someone.open("A1")
    someone.agree()
    someone.say(LINES[0])
    someone.keep("12-persona")


def take_for_readme(browser: Browser, url: str, out: Path) -> None:
    for size, scheme, file_name in ((WIDE, "light", "chat.png"), (PHONE, "dark", "phone.png")):
        someone = Participant(browser, url, out, size, scheme)
        someone.open("A1")
        _chat(someone, "chat", file_name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the pictures")
    parser.add_argument("--readme", action="store_true", help="take only chat.png and phone.png, as README.md has them")
    parser.add_argument("--only", choices=("chat", "labels"), help="take only these scenes")
    options = parser.parse_args()
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if executable is None:
        raise SystemExit("Chromium is not installed: run scripts/install_browser.")
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        if options.only != "labels":
            with running_study(folder, "collect_dialogues", chat_settings(folder)) as url:
                if options.readme:
                    take_for_readme(browser, url, options.out)
                else:
                    take_all(browser, url, options.out, WIDE)
                    take_all(browser, url, options.out, PHONE)
            if not options.readme:
                with running_study(folder, "image_chat", {"num_turns": len(LINES)}) as url:
                    for size in (WIDE, PHONE):
                        take_pictures(browser, url, options.out, size)
                for settings, take in ((partner_settings, take_waiting), (part_settings, take_part)):
                    with running_study(folder, "collect_dialogues", settings(folder)) as url:
                        for size in (WIDE, PHONE):
                            take(browser, url, options.out, size)
        if options.only != "chat" and not options.readme:
            take_label_scenes(Stage(folder, running_study, partial(both_sizes, browser, options.out)))
        browser.close()


def both_sizes(browser: Browser, out: Path, url: str) -> tuple[Participant, ...]:
    return tuple(Participant(browser, url, out, size, "light") for size in (WIDE, PHONE))


if __name__ == "__main__":
    main()
