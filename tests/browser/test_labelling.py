"""Labelling in a real browser: every kind of question and rule for turns, and what the page does for who labels."""

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from chateval.analysis import CollectedSession
from chateval.session import JOURNAL_FILE, SqlJournal, collected_sessions

from .conftest import PHONE, ROOT, WIDE, RunningStudy, StartStudy, Visitor
from .keyboard import answer_by_keyboard, press, tab_to
from .labelling import (
    Answered,
    Pattern,
    answer_all,
    answer_desk,
    bar,
    shown_answers,
    start,
    submit_answers,
    tabs,
    without_blanks,
)
from .steps import violations
from .written import asked_places, every_question, written

pytestmark = pytest.mark.browser

TASKS = Path(__file__).parent / "files" / "every_kind.yaml"
BUCKETS = ROOT / "tests" / "annotation" / "files" / "every_kind.json"
TURNS = [
    ("user", "Hi!"),
    ("system", "Good morning. Had your breakfast yet?"),
    ("user", "Toast and \U0001f353 jam, as always."),
    ("system", "I flew to Lisbon once — for jam."),
    ("user", "Was it good?"),
    ("system", "Sweet."),
]
TURNS_2 = [("user", "Hello, are you there?"), ("system", "Yes."), ("user", "Tell me about <b>trains</b>.")]
NARROWEST = {"width": 320, "height": 640}
# What is wider than the window, or has more in it than fits, but for what is made to scroll.
SIDEWAYS = """
() => [...document.querySelectorAll("body, body *")]
  .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible")
  .filter(each => !each.matches(".part-tabs, .hidden, textarea"))
  .concat(document.documentElement.scrollWidth > innerWidth ? [document.documentElement] : [])
  .map(each => each.outerHTML.slice(0, 200))
"""
REPLIES = ["Trains are <i>long</i>.", "No.", "Why trains?"]

Visit = Callable[..., Visitor]
StartLabelling = Callable[..., RunningStudy]


@pytest.fixture
def start_labelling(start_study: StartStudy, tmp_path: Path) -> StartLabelling:
    """A study of one's own: these tasks, on a dialogue of four turns, and, for pairs, one of three."""

    def begin(*tasks: str, is_pair: bool = False, tasks_file: Path = TASKS) -> RunningStudy:
        point = {"dialogue_id": "d", "annotation_tasks": tasks, "turns": TURNS, "replies": REPLIES}
        data = tmp_path / "own.jsonl"
        data.write_text(json.dumps({**point, "turns2": TURNS_2} if is_pair else point) + "\n")
        return start_study(
            "likert",
            "mephisto.task.task_name=own",
            f"mephisto.blueprint.data_jsonl={data}",
            f"mephisto.blueprint.annotations_config_path={tasks_file}",
        )

    return begin


def asked_ids(given: Answered) -> set[str]:
    return {question for answers in given.values() for question in answers}


def every_id(session: CollectedSession) -> set[str]:
    """All questions of all tasks, and the reasons that go with some."""
    questions = [question for labels in session.labels for question in every_question(labels.task.questions)]
    return {each.id for each in questions} | {f"{each.id}.reason" for each in questions if each.asks_reason}


def collected(study: RunningStudy) -> CollectedSession:
    [session] = collected_sessions(SqlJournal(study.data_dir / JOURNAL_FILE), "own")
    return session


def test_every_kind_of_question_on_two_dialogues(start_labelling: StartLabelling, visit: Visit) -> None:
    study = start_labelling("deep", "folded", "marks", "conditional", "whole", "pair", is_pair=True)
    visitor = visit()
    visitor.page.goto(study.link())
    start(visitor.page)

    given = answer_all(visitor.page, Pattern("mouse"), {})
    submit_answers(visitor.page)

    session = collected(study)
    assert asked_ids(given) == every_id(session)
    assert set(given) == asked_places(session.labels)
    assert without_blanks(given) == written(session.labels, REPLIES)
    assert visitor.errors == []


def test_every_kind_of_task_of_the_seed_platform(start_labelling: StartLabelling, visit: Visit) -> None:
    """Trees with conditions on this turn and the one before; pairs are in the study `comparative`."""
    tasks = ["reactions", "signs", "odd_words", "faults", "warmth", "warmth_turn", "sides", "sides_dialogue"]
    study = start_labelling(*tasks, tasks_file=BUCKETS)
    visitor = visit()
    visitor.page.goto(study.link())
    start(visitor.page)
    expect(bar(visitor.page)).to_contain_text("Part 1 of 8")

    given = answer_all(visitor.page, Pattern("mouse"), {})
    submit_answers(visitor.page)

    session = collected(study)
    assert asked_ids(given) == every_id(session)
    assert set(given) == asked_places(session.labels)
    assert without_blanks(given) == written(session.labels)
    assert visitor.errors == []


def test_every_kind_of_question_by_keyboard_alone(start_labelling: StartLabelling, visit: Visit) -> None:
    """With Tab, arrows and the keys of the answers, past every question and out at the end."""
    study = start_labelling("deep", "folded", "marks", "conditional", "whole")
    visitor = visit()
    visitor.page.goto(study.link())
    tab_to(visitor.page, "I agree, start")
    press(visitor.page, "Enter")
    expect(bar(visitor.page)).to_be_visible()

    given = answer_by_keyboard(visitor.page, Pattern("two"))
    expect(visitor.page.get_by_role("button", name="Submit", exact=True)).to_be_visible()
    tab_to(visitor.page, "Submit")
    press(visitor.page, "Enter")

    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    session = collected(study)
    assert asked_ids(given) == every_id(session)
    assert set(given) == asked_places(session.labels)
    assert without_blanks(given) == written(session.labels, REPLIES)
    assert visitor.errors == []


# What the page does for those who label.


def row(page: Page, turn: int) -> Locator:
    """The turn of that number, as people count them."""
    return page.get_by_role("group", name=re.compile(rf"^Turn {turn},"))


def choose(page: Page, turn: int, answer: str) -> None:
    row(page, turn).get_by_role("radio", name=answer, exact=True).check()


def press_button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def wait_until_saved(page: Page) -> None:
    expect(bar(page).get_by_text("Saved", exact=True)).to_be_visible(timeout=20_000)


def test_answers_are_back_after_a_reload(start_labelling: StartLabelling, visit: Visit) -> None:
    """Whatever kind they are of, without a click on anything that saves them."""
    study = start_labelling("deep", "marks", "whole")
    visitor, given = visit(), Answered()
    visitor.page.goto(study.link())
    start(visitor.page)
    for number in range(3):
        tabs(visitor.page).nth(number).click()
        answer_desk(visitor.page, Pattern("two"), given, most=8)

    wait_until_saved(visitor.page)
    visitor.page.reload()
    expect(bar(visitor.page)).to_be_visible()

    shown: Answered = {}
    for number in range(3):
        tabs(visitor.page).nth(number).click()
        shown |= shown_answers(visitor.page)
    assert shown == without_blanks(given)
    assert visitor.errors == []


def test_answers_can_be_undone_one_by_one(start_labelling: StartLabelling, visit: Visit) -> None:
    """With the button, and with the keys that everyone knows; what is undone is undone in the data too."""
    study = start_labelling("deep")
    page = visit().page
    page.goto(study.link())
    start(page)
    choose(page, 2, "Friendly")
    choose(page, 2, "Cold")
    choose(page, 4, "Friendly")

    press_button(page, "Undo")
    expect(row(page, 4).get_by_role("radio", checked=True)).to_have_count(0)
    expect(page.get_by_text("Your last answer, at turn 4, is undone.")).to_be_attached()
    page.keyboard.press("Control+z")

    expect(row(page, 2).get_by_role("radio", name="Friendly")).to_be_checked()
    wait_until_saved(page)
    assert written(collected(study).labels) == {(0, 1): {"tone": ("Which tone does Robin strike?", ("Friendly",))}}


def test_submitting_says_what_is_missing_and_leads_there(start_labelling: StartLabelling, visit: Visit) -> None:
    study = start_labelling("deep", "whole")
    visitor = visit()
    page, alert = visitor.page, visitor.page.get_by_role("alert")
    page.goto(study.link())
    start(page)

    press_button(page, "Submit answers")
    expect(alert).to_contain_text("Still missing: turns 2, 4 and 6 in “Choices three deep”; “Which part was best?”,")
    expect(alert).to_contain_text("“Which reply fits best?” and “How old does Robin sound?” in “The whole”.")
    expect(row(page, 2).get_by_role("radio", name="Friendly")).to_be_focused()
    choose(page, 2, "Cold")
    expect(alert).to_have_count(0)
    for turn in (4, 6):
        choose(page, turn, "Friendly")
    press_button(page, "Submit answers")

    expect(alert).to_contain_text("turn 2 in “Choices three deep”")
    expect(row(page, 2).get_by_role("radio", name="By the words")).to_be_focused()
    assert visitor.errors == []


def test_what_may_stay_open_is_asked_about(start_labelling: StartLabelling, visit: Visit) -> None:
    """Optional questions hold nobody up, but a part that was never looked at is not handed in by accident."""
    study = start_labelling("marks", is_pair=True)
    page = visit().page
    page.goto(study.link())
    start(page)

    press_button(page, "Submit answers")
    expect(page.get_by_role("alert")).to_have_text(
        "You have not looked at “Passages and a long scale, dialogue 2” yet."
    )
    press_button(page, "Next part")
    press_button(page, "Submit answers")
    expect(page.get_by_role("dialog")).to_contain_text("Still open: turns 1, 2")
    press_button(page, "Back to the questions")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press_button(page, "Submit answers")
    press_button(page, "Submit anyway")
    press_button(page, "Submit")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert written(collected(study).labels) == {}


def test_an_earlier_part_can_be_changed_until_submission(start_labelling: StartLabelling, visit: Visit) -> None:
    study = start_labelling("deep", "whole")
    page = visit().page
    page.goto(study.link())
    start(page)
    given = answer_all(page, Pattern("two"), {})
    tabs(page).first.click()
    choose(page, 4, "Cold")
    choose(page, 4, "Friendly")
    choose(page, 4, "Cold")
    choose(page, 4, "By its length")

    submit_answers(page)

    given[0, 3] |= {
        "tone": ("Which tone does Robin strike?", ("Cold",)),
        "why_cold": ("By what did you tell?", ("By its length",)),
    }
    given[0, 3].pop("which_words", None)
    assert without_blanks(given) == written(collected(study).labels, REPLIES)


def test_next_unanswered_leads_from_gap_to_gap(start_labelling: StartLabelling, visit: Visit) -> None:
    """Forward from where one is, past what is answered, into the next part, and round again."""
    study = start_labelling("deep", "whole")
    page = visit().page
    page.goto(study.link())
    start(page)
    choose(page, 4, "Friendly")
    expect(bar(page)).to_contain_text("2 of 3 turns to go")
    press_button(page, "Next unanswered")
    expect(row(page, 6).get_by_role("radio", name="Friendly")).to_be_focused()
    choose(page, 6, "Friendly")
    press_button(page, "Next unanswered")
    expect(page.get_by_role("button", name="Move up: Beginning")).to_be_focused()
    expect(bar(page)).to_contain_text("Part 2 of 2")
    tabs(page).first.click()
    press_button(page, "Next unanswered")

    expect(row(page, 2).get_by_role("radio", name="Friendly")).to_be_focused()
    expect(row(page, 2)).to_be_in_viewport()


def test_a_killed_study_goes_on_with_all_answers(start_labelling: StartLabelling, visit: Visit) -> None:
    """What was saved is there, and what was answered while nobody was there is sent once somebody is."""
    study = start_labelling("deep", "whole")
    page, pattern, given = visit().page, Pattern("two"), Answered()
    page.goto(study.link())
    start(page)
    answer_desk(page, pattern, given, most=2)
    wait_until_saved(page)
    study.end(signal.SIGKILL)
    expect(page.get_by_role("status").first).not_to_contain_text("Connected")
    choose(page, 6, "Friendly")
    expect(bar(page)).to_contain_text("Not saved yet")

    study.start()

    wait_until_saved(page)
    given[0, 5] = {"tone": ("Which tone does Robin strike?", ("Friendly",))}
    assert without_blanks(given) == written(collected(study).labels)
    assert "Going on with run 1" in study.terminal()
    answer_all(page, pattern, given)
    submit_answers(page)
    assert without_blanks(given) == written(collected(study).labels, REPLIES)


def test_on_a_phone_the_questions_follow_their_turn(start_labelling: StartLabelling, visit: Visit) -> None:
    study = start_labelling("deep")
    page = visit(PHONE, has_touch=True).page
    page.goto(study.link())
    start(page)

    said, asked = box(row(page, 2).locator(".words")), box(row(page, 2).get_by_role("group"))
    assert asked["y"] >= said["y"] + said["height"]
    assert asked["width"] > PHONE["width"] * 0.8


def test_on_a_phone_one_reads_a_pair_in_turns(start_labelling: StartLabelling, visit: Visit) -> None:
    """And the name of the part that one is at is in sight, however many there are."""
    study = start_labelling("deep", "pair", is_pair=True)
    visitor = visit(PHONE, has_touch=True)
    page = visitor.page
    page.goto(study.link())
    start(page)
    for _ in range(2):
        page.get_by_role("button", name="Next part").tap()
    expect(bar(page)).to_contain_text("Part 3 of 3")
    tab = box(tabs(page).last)
    assert 0 <= tab["x"] <= PHONE["width"] - tab["width"]

    left, right = (page.get_by_role("region", name=f"Dialogue {side}") for side in ("A (left)", "B (right)"))
    expect(left).to_be_visible()
    expect(right).to_be_hidden()
    page.get_by_role("button", name="Dialogue B (right)").tap()
    expect(right).to_be_visible()
    expect(left).to_be_hidden()
    assert visitor.errors == []


def box(element: Locator) -> FloatRect:
    """Where something is on the page."""
    found = element.first.bounding_box()
    assert found is not None
    return found


def test_axe_finds_nothing_in_any_kind_of_task(start_labelling: StartLabelling, visit: Visit) -> None:
    """With answers, so that nested questions, marks and reasons are there; and nothing has to be scrolled sideways."""
    study = start_labelling("deep", "folded", "marks", "whole", "pair", is_pair=True)
    visitor = visit(reduced_motion="reduce")
    page, found = visitor.page, dict[str, list[str]]()
    page.goto(study.link())
    start(page)
    press_button(page, "Submit answers")
    found["what is missing"] = violations(page)

    for tab in tabs(page).filter(has_not_text="dialogue 2").all():
        page.set_viewport_size(WIDE)
        tab.click()
        answer_desk(page, Pattern("two"), {}, most=6)
        name = page.locator(".part-name").inner_text()
        for viewport, scheme in ((WIDE, "light"), (PHONE, "dark")):
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme)
            found[f"{name}, {scheme}"] = violations(page)
        page.set_viewport_size(NARROWEST)
        found[f"{name}, sideways"] = page.evaluate(SIDEWAYS)

    assert {screen: problems for screen, problems in found.items() if problems} == {}
    assert visitor.errors == []
