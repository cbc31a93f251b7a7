"""One visit of a page in Chromium with nothing cached: what came over the wire, and when it could be used."""

import json
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDE = {"width": 1280, "height": 800}
QUIET_MS = 1000
TRACED = ["disabled-by-default-devtools.timeline", "toplevel"]
TASKS = ("RunTask", "ThreadControllerImpl::RunTask")

WATCH = """
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) longTasks.push([startTime, duration]);
}).observe({ type: "longtask", buffered: true });
window.watchFor = (selector) => new Promise((done) => {
  const look = () => {
    if (document.readyState !== "complete" || document.querySelector(selector) === null) {
      requestAnimationFrame(look);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    requestAnimationFrame(() => port2.postMessage(null));
  };
  look();
});
window.usable = watchFor(SELECTOR);
"""

UNTIL_QUIET = """
async (quiet) => {
  const ready = await usable;
  for (;;) {
    const last = longTasks.at(-1);
    const end = last === undefined ? ready : Math.max(ready, last[0] + last[1]);
    if (performance.now() - end > quiet) return end;
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
"""

CONSENT = """
async () => {
  const began = performance.now();
  document.querySelector(".card .actions .primary").click();
  return await watchFor(".turn-questions input:enabled") - began;
}
"""

ANSWER = """
async (count) => {
  const groups = [...document.querySelectorAll(".turn-questions")].slice(0, count);
  for (const group of groups) {
    const tick = group.querySelector("input:enabled");
    tick.scrollIntoView({ block: "center" });
    await new Promise((resume) => setTimeout(resume, 100));
    tick.click();
    await new Promise((resume) => setTimeout(resume, 100));
  }
  return groups.length;
}
"""


@dataclass
class Wire:
    """Bytes as they came: heads and compressed bodies of HTTP, and the messages of WebSockets."""

    requests: int = 0
    http_bytes: int = 0
    socket_bytes: int = 0

    def listen(self, session: CDPSession) -> None:
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.webSocketFrameReceived", self._heard)

    def _finished(self, event: dict[str, float]) -> None:
        self.requests += 1
        self.http_bytes += int(event["encodedDataLength"])

    def _heard(self, event: dict[str, dict[str, str]]) -> None:
        self.socket_bytes += len(event["response"]["payloadData"].encode())


@dataclass
class Visit:
    context: BrowserContext
    page: Page
    wire: Wire
    interactive_ms: float
    """From the beginning of the navigation until the awaited element is drawn and no task over 50 ms follows."""

    def consent_ms(self) -> float:
        """From agreeing until the first question can be answered."""
        return float(self.page.evaluate(CONSENT))

    def longest_task_ms(self, browser: Browser, answers: int) -> float:
        """The longest task of the main thread while so many questions are answered, five a second."""
        browser.start_tracing(page=self.page, categories=TRACED)
        answered = self.page.evaluate(ANSWER, answers)
        self.page.get_by_text("Saved", exact=True).wait_for()
        trace = json.loads(browser.stop_tracing())
        if answered != answers:
            raise RuntimeError(f"The page showed {answered} questions, not {answers}.")
        return _longest(trace["traceEvents"], self.page.url)


def visit(browser: Browser, url: str, selector: str, slow_down: float = 1) -> Visit:
    """Open a page in a context of its own, on a processor that is `slow_down` times slower."""
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]  (the stubs want their own type)
    context.add_init_script(WATCH.replace("SELECTOR", json.dumps(selector)))
    page, wire = context.new_page(), Wire()
    session = context.new_cdp_session(page)
    wire.listen(session)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slow_down})
    page.goto(url)
    interactive = page.evaluate(UNTIL_QUIET, QUIET_MS)
    return Visit(context, page, wire, float(interactive))


def _longest(events: list[dict[str, Any]], url: str) -> float:
    """Of the tasks on the main thread of the process that shows `url`; a browser has renderers of its own beside."""
    started = next(event for event in events if event["name"] == "TracingStartedInBrowser")
    pids = {frame["processId"] for frame in started["args"]["data"]["frames"] if frame["url"] == url}
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain" and event["pid"] in pids
    }
    found = [event for event in events if event["name"] in TASKS and (event["pid"], event["tid"]) in mains]
    return float(max(event.get("dur", 0) for event in found)) / 1000
