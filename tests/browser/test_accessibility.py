"""Every screen, by axe at WCAG 2.2 AA, on a desk and on a phone, in light and in dark; and all of it by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, WIDE, StartStudy, Visitor
from .steps import agree, finish, rate, say, submit, violations

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
NARROWEST = {"width": 320, "height": 640}


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(WIDE, "light"), (PHONE, "dark"), (NARROWEST, "light")], ids=["desk", "phone", "narrowest"]
)
def test_axe_finds_nothing_on_any_screen(
    start_study: StartStudy, visit: Visit, viewport: dict[str, int], scheme: str
) -> None:
    study = start_study(
        "collect_dialogues",
        "mephisto.blueprint.num_turns=1",
        'mephisto.blueprint.conversations_needed_string="listener:1"',
        'mephisto.blueprint.final_rating_question="Was it pleasant?|Was it sensible?"',
    )
    visitor = visit(viewport, color_scheme=scheme, reduced_motion="reduce")
    page, found = visitor.page, dict[str, list[str]]()

    def look(screen: str) -> None:
        found[screen] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{screen} scrolls sideways"

    page.goto(study.url)
    expect(page.get_by_label("Participant ID")).to_be_visible()
    look("link")
    page.goto(study.link())
    expect(page.get_by_role("button", name="I agree, start")).to_be_visible()
    look("consent")
    agree(page)
    say(page, "A word that is much too longlonglonglonglonglonglonglonglonglonglonglonglonglonglong to fit.")
    look("chat")
    finish(page)
    expect(page.get_by_role("button", name="Send ratings")).to_be_visible()
    look("ratings")
    page.get_by_role("button", name="Send ratings").click()
    look("ratings with an error")
    rate(page)
    expect(page.get_by_role("button", name="Submit", exact=True)).to_be_visible()
    look("submission")
    submit(page)
    look("done")
    page.goto(study.link("W2"))
    expect(page.locator("main")).to_contain_text("All places of this study are taken")
    look("refused")

    assert {screen: problems for screen, problems in found.items() if problems} == {}
    assert visitor.errors == []


def test_a_session_can_be_done_by_keyboard_alone(start_study: StartStudy, visit: Visit) -> None:
    study = start_study(
        "collect_dialogues",
        "mephisto.blueprint.num_turns=1",
        'mephisto.blueprint.conversations_needed_string="listener:1"',
    )
    page = visit().page
    page.goto(study.link())
    expect(page.get_by_role("button", name="I agree, start")).to_be_visible()
    press_on(page, "I agree, start")
    box = page.get_by_label("Your message")
    expect(box).to_be_visible()
    tab_until(page, "textarea")
    page.keyboard.type("typed, not clicked")
    expect(page.get_by_role("button", name="Send", exact=True)).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("worth hearing", timeout=10_000)
    press_on(page, "Finish this chat")
    expect(page.get_by_role("button", name="Send ratings")).to_be_visible()
    tab_until(page, "input")
    page.keyboard.press("ArrowRight")
    press_on(page, "Send ratings")
    expect(page.get_by_role("button", name="Submit", exact=True)).to_be_visible()
    press_on(page, "Submit")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def tab_until(page: Page, tag: str, name: str = "") -> None:
    """Press Tab until the focus is on what is wanted; a focus that never comes there is a keyboard trap."""
    for _ in range(40):
        focused = page.evaluate(
            "() => [document.activeElement.tagName.toLowerCase(), document.activeElement.textContent.trim()]"
        )
        if focused[0] == tag and name in focused[1]:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {name or tag}.")


def press_on(page: Page, name: str) -> None:
    tab_until(page, "button", name)
    page.keyboard.press("Enter")
