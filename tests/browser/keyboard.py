"""Labelling without a mouse: Tab leads from one thing to the next, keys do the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import compress

from playwright.sync_api import Page

from .labelling import Answered, Asked, Pattern, Place, Words, least, marked, note, ranked, read_desk, tabs

MOST_STOPS = 600
"""More presses of Tab than any of the tests needs: a focus that goes in circles is a trap."""

# Where the focus is: the question, if it is in an answer, and what is pressed there.
FOCUSED = """
() => {
  const here = document.activeElement;
  const answer = here.closest(".answer, .typed");
  const place = here.closest("[data-part]")?.dataset;
  const block = here.closest("fieldset");
  const isReason = here.matches("textarea") && here.closest(".answer")?.closest("fieldset") !== block;
  const question = answer && block?.dataset.question;
  return {
    part: question ? Number(place.part) : null,
    turn: place?.turn === undefined ? null : Number(place.turn),
    question: question ? question + (isReason ? ".reason" : "") : "",
    tag: here.tagName.toLowerCase(),
    name: here.ariaLabel ?? here.textContent.trim(),
    is_fold: here.matches(".fold:not([open]) > summary"),
  };
}
"""


@dataclass(frozen=True)
class Focused:
    part: int | None
    turn: int | None
    question: str
    tag: str
    name: str
    is_fold: bool


def answer_by_keyboard(page: Page, pattern: Pattern) -> Answered:
    """Answer everything in all parts, and hand it in."""
    given: Answered = {}
    left = max(1, tabs(page).count())
    done: set[tuple[Place, str]] = set()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = focused(page)
        if here.is_fold:
            page.keyboard.press("Enter")
        elif here.part is not None and ((here.part, here.turn), here.question) not in done:
            done.add(((here.part, here.turn), here.question))
            asked = next(a for a in read_desk(page) if (a.part, a.turn, a.id) == (here.part, here.turn, here.question))
            note(given, asked, PRESS[asked.kind](page, asked, pattern))
        elif here.name == "Next part" and left > 1:
            left -= 1
            page.keyboard.press("Enter")
        elif here.name == "Submit answers":
            page.keyboard.press("Enter")
            return given
    raise AssertionError(f"Tab never reaches the end; it is at {here}.")


def focused(page: Page) -> Focused:
    return Focused(**page.evaluate(FOCUSED))


def tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        if focused(page).name == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {name!r}.")


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def _choose(page: Page, asked: Asked, pattern: Pattern) -> Words:
    """By its key where it has one, else with the arrows."""
    place = pattern.number(asked, len(asked.options))
    chosen = asked.on(page).get_by_role("radio", name=asked.options[place], exact=True).first
    shortcut = chosen.get_attribute("aria-keyshortcuts")
    if shortcut is not None:
        press(page, shortcut)
    else:
        press(page, "Space")
        press(page, "ArrowDown", place)
    return (asked.options[place],)


def _rate(page: Page, asked: Asked, pattern: Pattern) -> Words:
    """By the digit, and beyond the digits with an arrow."""
    points = [option.split()[0] for option in asked.options]
    place = pattern.number(asked, len(points))
    if points[place].isdigit():
        press(page, points[place])
    else:
        press(page, points[place - 1])
        press(page, "ArrowRight")
    return (points[place],)


def _tick(page: Page, asked: Asked, pattern: Pattern) -> Words:
    """From the last to the first, so that what the ticks lead to is still ahead."""
    boxes = list(enumerate(asked.options, start=1))
    ticked = list(compress(boxes, pattern.ticks(asked, len(boxes), least(asked))))
    for number, _ in reversed(ticked):
        press(page, str(number))
    return tuple(option for _, option in ticked)


def _tick_in_menu(page: Page, asked: Asked, pattern: Pattern) -> Words:
    wanted = pattern.ticks(asked, len(asked.options), least(asked))
    press(page, "Enter")
    for is_wanted in wanted:
        press(page, "ArrowDown")
        if is_wanted:
            press(page, "Space")
    press(page, "Escape")
    return tuple(compress(asked.options, wanted))


def _write(page: Page, asked: Asked, pattern: Pattern) -> Words:
    text = f"Typed, {pattern.number(asked, 9)} \U0001f642\nf, c and 1"
    page.keyboard.type(text)
    return (text,)


def _write_number(page: Page, asked: Asked, pattern: Pattern) -> Words:
    point = str(40 + pattern.number(asked, 9))
    page.keyboard.type(point)
    return (point,)


def _rank(page: Page, asked: Asked, pattern: Pattern) -> Words:
    """Some steps down for the first, the focus going with it."""
    block = asked.on(page)
    moves = pattern.number(asked, 3)
    tab_to(page, f"Move down: {ranked(block)[0]}" if moves else "Keep this order")
    press(page, "Enter", moves or 1)
    return tuple(ranked(block))


def _mark(page: Page, asked: Asked, pattern: Pattern) -> Words:
    """The first words under one label, the last sign under the other."""
    buttons = asked.on(page).get_by_role("group", name="Mark the selected passage").get_by_role("button")
    keys = [button.get_attribute("aria-keyshortcuts") or "" for button in buttons.all()]
    first = pattern.number(asked, 2)
    press(page, "ArrowRight")
    press(page, "Shift+ArrowRight", first)
    press(page, keys[first])
    press(page, "End")
    press(page, keys[1 - first])
    return marked(asked.on(page))


PRESS: Mapping[str, Callable[[Page, Asked, Pattern], Words]] = {
    "choice": _choose,
    "scale": _rate,
    "number": _write_number,
    "checks": _tick,
    "menu": _tick_in_menu,
    "text": _write,
    "ranking": _rank,
    "spans": _mark,
}
