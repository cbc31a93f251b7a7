"""Labelling as people do it: reading what the page asks, answering it, remembering what was answered.

What comes back is `Answered`: by part and turn, each question's name as it was read and the answer in words.
`written.py` says the same of what the journal holds, so that the two can be compared.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from playwright.sync_api import Locator, Page, expect

Place = tuple[int, int | None]
"""A part and, unless it is about whole dialogues, a turn."""
Words = tuple[str, ...]
Answered = dict[Place, dict[str, tuple[str, Words]]]
"""Question id to its name and the answer, as they stand on the page. An answer of nothing is left out."""

WHY = "Why? (optional)"

# Every question that stands on the desk, in order, with what somebody would see of it.
READ = """
desk => [...desk.querySelectorAll("fieldset")].flatMap(block => {
  const text = element => element?.textContent.trim() ?? "";
  const isOwn = element => element.closest("fieldset") === block;
  const own = what => [...block.querySelectorAll(what)].filter(isOwn);
  const inputs = own("input");
  const label = input => input.ariaLabel ?? text(input.parentElement.querySelector("span") ?? input.parentElement);
  const isRanked = own("ol").length > 0 && !own("button").some(button => text(button) === "Keep this order");
  const isReason = field => field.closest(".answer")?.closest("fieldset") !== block;
  const [reasons, texts] = [true, false].map(wanted => own("textarea").filter(field => isReason(field) === wanted));
  const kind =
    own(".menu").length ? "menu"
    : own(".points").length ? "scale"
    : own("ol").length ? "ranking"
    : own("[role=listbox]").length ? "spans"
    : texts.length ? "text"
    : inputs.some(({ type }) => type === "radio") ? "choice"
    : inputs.some(({ type }) => type === "text") ? "number"
    : "checks";
  const place = block.closest("[data-part]").dataset;
  const asked = {
    part: Number(place.part),
    turn: place.turn === undefined ? null : Number(place.turn),
    id: block.dataset.question,
    name: text(block.querySelector("legend")),
    kind,
    options: inputs.map(label),
    shown: [
      ...inputs.filter(({ checked }) => checked).map(label),
      ...inputs.filter(({ type }) => type === "text").map(({ value }) => value),
      ...texts.map(({ value }) => value),
      ...(isRanked ? own("ol .verbatim") : []).map(text),
      ...own(".marks .verbatim").map(text),
    ].filter(shown => shown !== ""),
    aside: own(".aside").map(text).join(" "),
    fold: text(block.closest("details:not([open])")?.querySelector("summary")),
  };
  const shown = reasons.map(({ value }) => value).filter(reason => reason !== "");
  const reason = { ...asked, id: asked.id + ".reason", name: WHY, kind: "text", options: [], shown };
  return reasons.length ? [asked, reason] : [asked];
})
""".replace("WHY", repr(WHY))


@dataclass(frozen=True)
class Asked:
    """A question as it stands on the page: its answers to choose from, the answer shown, what it is folded behind."""

    part: int
    turn: int | None
    id: str
    name: str
    kind: str
    options: list[str]
    shown: list[str]
    aside: str
    fold: str

    @property
    def place(self) -> Place:
        return self.part, self.turn

    def on(self, page: Page) -> Locator:
        turn = "" if self.turn is None else f'[data-turn="{self.turn}"]'
        question = self.id.removesuffix(".reason")
        return page.locator(f'[data-part="{self.part}"]{turn} fieldset[data-question="{question}"]').first


@dataclass
class Pattern:
    """Which answers are given: all in turn, each question beginning somewhere else."""

    seed: str
    _times: Counter[tuple[int, str]] = field(default_factory=Counter)

    def number(self, asked: Asked, count: int) -> int:
        """A number below `count`, the next one each time that the question is asked in its part."""
        start = random.Random(f"{self.seed} {asked.id}").randrange(count)
        self._times[asked.part, asked.id] += 1
        return (start + self._times[asked.part, asked.id]) % count

    def ticks(self, asked: Asked, count: int, minimum: int) -> list[bool]:
        """Which of `count` boxes to tick."""
        sets = [bits for bits in range(2**count) if bits.bit_count() >= minimum]
        bits = sets[self.number(asked, len(sets))]
        return [bool(bits >> place & 1) for place in range(count)]


def start(page: Page) -> None:
    """Agree, and wait for the questions."""
    page.get_by_role("button", name="I agree, start").click()
    expect(bar(page)).to_be_visible()


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Progress")


def tabs(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Parts").get_by_role("button")


def submit_answers(page: Page) -> None:
    """Hand in what is complete, and submit the whole."""
    page.get_by_role("button", name="Submit answers").click()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def answer_all(page: Page, pattern: Pattern, given: Answered) -> Answered:
    """Answer all that is open, in every part; after each, the page says that nothing is left of it. Returns `given`."""
    for tab in tabs(page).all() or [page.locator(".part-name")]:
        tab.click()
        answer_desk(page, pattern, given)
        expect(bar(page)).not_to_contain_text("to go")
    return given


def answer_desk(page: Page, pattern: Pattern, given: Answered, *, most: int | None = None) -> None:
    """Answer every open question on the desk, and those to which the answers lead; at most so many."""
    done: set[tuple[Place, str]] = set()
    while fresh := [each for each in read_desk(page) if not each.shown and (each.place, each.id) not in done]:
        for asked in fresh[: None if most is None else most - len(done)]:
            done.add((asked.place, asked.id))
            note(given, asked, answer(page, asked, pattern))
        if most is not None and len(done) >= most:
            return


def note(given: Answered, asked: Asked, words: Words) -> None:
    here = given.setdefault(asked.place, {})
    here.pop(asked.id, None)
    if words:
        here[asked.id] = (asked.name, words)


def read_desk(page: Page) -> list[Asked]:
    found: list[dict[str, Any]] = page.locator(".desk").evaluate(READ)
    return [Asked(**each) for each in found]


def without_blanks(given: Answered) -> Answered:
    return {place: answers for place, answers in given.items() if answers}


def shown_answers(page: Page) -> Answered:
    """What the desk shows to be answered, blanks left out."""
    found: Answered = {}
    for asked in read_desk(page):
        words = [each.split()[0] for each in asked.shown] if asked.kind == "scale" else asked.shown
        note(found, asked, tuple(words))
    return without_blanks(found)


def answer(page: Page, asked: Asked, pattern: Pattern) -> Words:
    """Give one answer with the mouse; returns it as the page words it."""
    block = asked.on(page)
    if asked.fold and not block.is_visible():
        page.locator("details", has=block).locator("summary").first.click()
    return GIVE[asked.kind](block, asked, pattern)


def _choose(block: Locator, asked: Asked, pattern: Pattern) -> Words:
    option = asked.options[pattern.number(asked, len(asked.options))]
    block.get_by_role("radio", name=option, exact=True).first.check()
    return (option,)


def _rate(block: Locator, asked: Asked, pattern: Pattern) -> Words:
    [point] = _choose(block, asked, pattern)
    return (point.split()[0],)  # its number, without its name


def _tick(block: Locator, asked: Asked, pattern: Pattern) -> Words:
    boxes = [option for option in asked.options if option != "Not applicable"]
    ticked = tuple(compress(boxes, pattern.ticks(asked, len(boxes), least(asked))))
    for option in ticked:
        block.get_by_role("checkbox", name=option, exact=True).first.check()
    return ticked


def least(asked: Asked) -> int:
    """How many boxes the page asks for: "Choose at least 2." """
    said = re.search(r"at least (\d+)", asked.aside)
    return int(said[1]) if said else 0


def _tick_in_menu(block: Locator, asked: Asked, pattern: Pattern) -> Words:
    button = block.locator(".menu > button").first
    button.click()
    ticked = _tick(block, asked, pattern)
    button.click()
    expect(button).to_have_text(", ".join(ticked) or "Choose…")
    return ticked


def _write(block: Locator, asked: Asked, pattern: Pattern) -> Words:
    if asked.options and pattern.number(asked, 2) == 0:
        block.get_by_role("checkbox", name=asked.options[0]).check()
        return tuple(asked.options)
    text = f"Said {pattern.number(asked, 9)} times: <b>Grüße</b> & \U0001f642\nand “more”"
    block.get_by_role("textbox", name=asked.name, exact=True).first.fill(text)
    return (text,)


def _write_number(block: Locator, asked: Asked, pattern: Pattern) -> Words:
    point = str(30 + pattern.number(asked, 9))
    block.get_by_role("textbox").first.fill(point)
    return (point,)


def _rank(block: Locator, asked: Asked, pattern: Pattern) -> Words:
    moves = pattern.number(asked, 3)
    last = ranked(block)[-1]
    for _ in range(moves):
        block.get_by_role("button", name=f"Move up: {last}").click()
    if moves == 0:
        block.get_by_role("button", name="Keep this order").click()
    return tuple(ranked(block))


def ranked(block: Locator) -> list[str]:
    return block.locator("ol .verbatim").all_text_contents()


def _mark(block: Locator, asked: Asked, pattern: Pattern) -> Words:
    """Two words, one after the other, each by a double click and a button."""
    words = block.get_by_role("option").filter(has_text=re.compile(r"\w"))
    labels = block.get_by_role("group", name="Mark the selected passage").get_by_role("button")
    first = pattern.number(asked, words.count())
    for place in sorted({first, words.count() - 1}):
        words.nth(place).dblclick()
        labels.nth((place + first) % labels.count()).click()
    return marked(block)


def marked(block: Locator) -> Words:
    return tuple(block.get_by_role("list", name="Marked passages").locator(".verbatim").all_text_contents())


GIVE: Mapping[str, Callable[[Locator, Asked, Pattern], Words]] = {
    "choice": _choose,
    "scale": _rate,
    "number": _write_number,
    "checks": _tick,
    "menu": _tick_in_menu,
    "text": _write,
    "ranking": _rank,
    "spans": _mark,
}
