"""What people do on the page, by the names that they see."""

from playwright.sync_api import Page, expect

from .conftest import AXE

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def agree(page: Page) -> None:
    page.get_by_role("button", name="I agree, start").click()
    expect(page.get_by_label("Your message")).to_be_visible()


def say(page: Page, text: str) -> None:
    """Say something once it is one's turn, and wait for the reply."""
    replies = page.locator("[data-speaker=system]")
    page.get_by_label("Your message").fill(text)
    send = page.get_by_role("button", name="Send", exact=True)
    expect(send).to_have_attribute("aria-disabled", "false")
    before = replies.count()
    send.click()
    expect(replies).to_have_count(before + 1)
    expect(page.get_by_role("log")).to_contain_text(text)


def finish(page: Page) -> None:
    button = page.get_by_role("button", name="Finish this chat")
    expect(button).to_have_attribute("aria-disabled", "false")
    button.click()


def rate(page: Page, point: int = 4) -> None:
    expect(page.get_by_role("button", name="Send ratings")).to_be_visible()
    for question in page.locator("fieldset").all():
        question.get_by_role("radio").nth(point - 1).check()
    page.get_by_role("button", name="Send ratings").click()


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, by WCAG 2.2 at levels A and AA."""
    page.evaluate(AXE.read_text())  # past the page's own policy, which admits no foreign script
    found = page.evaluate("tags => axe.run({runOnly: tags})", WCAG)
    return [f"{v['id']}: {[node['html'] for node in v['nodes']]}" for v in found["violations"]]
