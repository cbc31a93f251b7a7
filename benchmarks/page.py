"""What the page weighs and how soon it can be used: `python benchmarks/page.py`.

A dialogue of 200 turns, with one task and with ten, in a real Chromium with nothing cached, beside a bare page of the
same text. CHROMIUM names the browser where it is not on the PATH.
"""

import json
import os
import shutil
import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from load.bare_page import bare_page
from load.dialogues import dialogue, write_data
from load.measures import Figures
from load.our_labels import STUDY
from load.ours import OurServer
from load.visit import CHROMIUM_OPTIONS, Visit, visit
from playwright.sync_api import Browser, sync_playwright

TURNS = 200
ANSWERS = 50
SLOW_DOWN = 4.0
ONE: tuple[str, ...] = ("empathy",)
TEN = (
    *ONE,
    "transitions",
    "knowledge",
    "grammar",
    "sociality",
    "commonsense",
    "personal_information",
    "consistency_label",
    "consistency_label_withprofile",
    "response_likert",
)
CONSENT, QUESTION, TEXT = ".card .actions .primary", ".turn-questions input:enabled", "p:nth-of-type(200)"
PAGES = ("bare", "consent, 1 task", "consent, 10 tasks", "desk, 1 task", "desk, 10 tasks")
LINES = {
    "requests": "requests",
    "http_kib": "over HTTP, KiB",
    "socket_kib": "over the WebSocket, KiB",
    "all_kib": "together, KiB",
    "interactive_ms": "time to interactive, ms",
    "slow_interactive_ms": f"the same, processor {SLOW_DOWN:g} times slower, ms",
    "desk_after_consent_ms": "from agreeing to the first question, ms",
    "longest_task_ms": f"longest task while {ANSWERS} questions are answered, ms",
}


class PageServer(OurServer):
    """One dialogue of many turns for each visitor, under the tasks that come with the project."""

    tasks = ONE

    def _study(self, places: int) -> str:
        write_data(self.folder / "load.jsonl", [dialogue(0, TURNS)] * places, self.tasks)
        own = STUDY.replace("{folder}/tasks.json", str(self.tree / "task_config" / "annotation_buckets.json"))
        return own.format(port=self.port, folder=self.folder)

    def link(self, name: str) -> str:
        return f"http://localhost:{self.port}/?worker_id={name}&assignment_id=A"


class TenTasksServer(PageServer):
    tasks = TEN


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write page.json and page.md to this folder")
    parser.add_argument("--rounds", type=int, default=3, help="how often; medians are shown (%(default)s)")
    options = parser.parse_args()
    figures: dict[str, list[Figures]] = defaultdict(list)
    with _chromium() as browser, bare_page(TURNS) as bare, _served(options.rounds) as (one, ten):
        for number in range(1, options.rounds + 1):
            figures["bare"].append(_look(browser, bare, TEXT))
            for title, server in (("1 task", one), ("10 tasks", ten)):
                link = server.link(f"W{number}")
                figures[f"consent, {title}"].append(_look(browser, link, CONSENT, consents=True))
                figures[f"desk, {title}"].append(_look(browser, link, QUESTION, answers=ANSWERS))
            print(f"round {number}", file=sys.stderr, flush=True)
    table = _table(figures)
    print(table)
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "page.json").write_text(json.dumps(figures, indent=1) + "\n")
        (options.out / "page.md").write_text(table)
    return 0


def _look(browser: Browser, url: str, selector: str, *, answers: int = 0, consents: bool = False) -> Figures:
    slow = visit(browser, url, selector, SLOW_DOWN)
    slow.context.close()
    seen = visit(browser, url, selector)
    figures = {**_weight(seen), "interactive_ms": seen.interactive_ms, "slow_interactive_ms": slow.interactive_ms}
    if consents:
        figures["desk_after_consent_ms"] = seen.consent_ms()
    if answers:
        figures["longest_task_ms"] = seen.longest_task_ms(browser, answers)
    seen.context.close()
    return figures


def _weight(seen: Visit) -> Figures:
    http, socket = seen.wire.http_bytes / 1024, seen.wire.socket_bytes / 1024
    return {"requests": seen.wire.requests, "http_kib": http, "socket_kib": socket, "all_kib": http + socket}


@contextmanager
def _chromium() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if executable is None:
        raise SystemExit("Chromium is not installed: run scripts/install_browser, or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@contextmanager
def _served(visitors: int) -> Iterator[tuple[PageServer, PageServer]]:
    one = PageServer(visitors)
    try:
        ten = TenTasksServer(visitors)
        try:
            yield one, ten
        finally:
            ten.stop()
    finally:
        one.stop()


def _table(figures: dict[str, list[Figures]]) -> str:
    head = "| | " + " | ".join(f"{page} | ratio" if page != "bare" else page for page in PAGES) + " |\n"
    rule = "|---" + "|---:" * (2 * len(PAGES) - 1) + "|\n"
    return head + rule + "\n".join(_row(figures, name) for name in LINES) + "\n"


def _row(figures: dict[str, list[Figures]], name: str) -> str:
    values = {page: median(found[name] for found in figures[page]) for page in PAGES if name in figures[page][0]}
    cells = [LINES[name], f"{values['bare']:.3g}" if "bare" in values else ""]
    for page in PAGES[1:]:
        value, bare = values.get(page), values.get("bare")
        cells.append("" if value is None else f"{value:.3g}")
        cells.append(f"{value / bare:.3g}" if value is not None and bare else "")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    raise SystemExit(main())
