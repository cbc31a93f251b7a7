"""People label the dialogues that they have themselves: while chatting, afterwards, and once they have learnt how."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from chateval.analysis import CollectedLabels, CollectedSession
from chateval.annotation import Value
from chateval.session import JOURNAL_FILE, SqlJournal, collected_sessions

from .conftest import PHONE, ROOT, RunningStudy, StartStudy, Visitor
from .steps import agree, finish, rate, say, submit, violations

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]

TASKS = ROOT / "task_config" / "annotation_buckets.json"
EXAMPLE = ROOT / "task_config" / "examplebot"
UP, DOWN = "Up: more of this", "Down: less of this"
FAULTS = "What is the matter with it? Tick all that hold."
HELD_BACK = "Then you can send your message."


def blueprint(**settings: object) -> list[str]:
    return [f"mephisto.blueprint.{key}={value}" for key, value in settings.items()]


def with_example_tasks(**settings: object) -> list[str]:
    tasks = EXAMPLE / "annotation_buckets.json"
    needed = '"examplebot:5"'
    return blueprint(
        task_config_path=EXAMPLE,
        annotations_config_path=tasks,
        conversations_needed_string=needed,
        num_turns=1,
        **settings,
    )


def turn(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=re.compile(rf"^Turn {number + 1},"))


def send_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Send", exact=True)


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Submit answers").click()


def go_to_part(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Parts").get_by_role("button", name=re.compile(name)).click()
    expect(page.get_by_role("heading", level=2, name=re.compile(name))).to_be_visible()


def collected(study: RunningStudy) -> list[CollectedSession]:
    [run] = (journal := SqlJournal(study.data_dir / JOURNAL_FILE)).runs()
    sessions = list(collected_sessions(journal, run.task_name))
    journal.close()
    return sessions


def labels_of(study: RunningStudy, purpose: str = "chat") -> dict[str, CollectedLabels]:
    """Those of the only session, by task; of a task done on several dialogues the last."""
    [session] = collected(study)
    return {labels.task.id: labels for labels in session.labels if labels.purpose == purpose}


def given(labels: CollectedLabels) -> Mapping[int | None, Mapping[str, Value]]:
    return {turn: dict(answers) for turn, answers in labels.answers.items()}


def test_each_turn_of_the_bot_is_labelled_while_the_chat_goes_on(start_study: StartStudy, visit: Visit) -> None:
    """What somebody thinks of a turn is asked while they think it; the chat waits for what is required."""
    study = start_study("collect_dialogues", *with_example_tasks(do_interactive_online_annotations="thumbsup"))
    visitor = visit()
    page = visitor.page
    page.goto(study.link())
    agree(page)
    expect(turn(page, 1)).to_be_visible()
    expect(turn(page, 0)).to_have_count(0)
    page.get_by_label("Your message").fill("I like the sea.")
    expect(page.locator("form")).to_contain_text(HELD_BACK)
    page.get_by_label("Your message").press("Enter")
    expect(turn(page, 1).get_by_label(UP)).to_be_focused()
    turn(page, 1).get_by_label(DOWN).check()
    turn(page, 1).get_by_role("group", name=FAULTS).get_by_label("It is boring").check()
    assert violations(page) == []
    say(page, "I like the sea.")
    expect(turn(page, 3)).to_be_visible()
    expect(page.get_by_role("button", name="Finish this chat")).to_have_attribute("aria-disabled", "true")
    turn(page, 3).get_by_label(UP).check()
    turn(page, 1).get_by_label("It is unkind").check()
    page.reload()
    expect(turn(page, 1).get_by_label("It is unkind")).to_be_checked()
    expect(turn(page, 3).get_by_label(UP)).to_be_checked()
    finish(page)
    rate(page)
    submit(page)

    labels = labels_of(study)["thumbsup"]
    assert given(labels) == {1: {"thumb": "down", "fault": ["boring", "unkind"]}, 3: {"thumb": "up"}}
    assert labels.is_submitted
    assert labels.bots == ("examplebot",)
    assert visitor.errors == []


def test_after_a_chat_its_tasks_are_done_part_by_part(start_study: StartStudy, visit: Visit) -> None:
    tasks = "[[quality_likert,consistency_label]]"
    study = start_study("collect_dialogues", *with_example_tasks(do_interactive_offline_annotations=tasks))
    visitor = visit(PHONE)
    page = visitor.page
    page.goto(study.link())
    agree(page)
    say(page, "I like the sea.")
    finish(page)
    rate(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Labelling")
    go_to_part(page, "Consistency label")
    turn(page, 3).get_by_role("button", name=re.compile("Choose…$")).click()
    turn(page, 3).get_by_label("Brings up again what was dealt with").check()
    hand_in(page)
    expect(page.get_by_role("alert").filter(has_text="Quality likert")).to_be_visible()
    go_to_part(page, "Quality likert")
    page.get_by_role("radio", name=re.compile("^4")).check()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    hand_in(page)
    submit(page)

    labels = labels_of(study)
    assert given(labels["quality_likert"]) == {None: {"quality": 4}}
    assert given(labels["consistency_label"])[3] == {"consistency_label_labels": ["redundant"]}
    assert all(each.is_submitted for each in labels.values())
    assert visitor.errors == []


def test_two_chats_are_labelled_each_and_then_compared(start_study: StartStudy, visit: Visit) -> None:
    """The comparison is what a paired study is for; it comes last, with both chats side by side."""
    tasks = "[[quality_likert,engaging_comparative],[grammatical_likert,quality_likert]]"
    needed = '"examplebot|listener:1"'
    study = start_study(
        "collect_paired_dialogues",
        *blueprint(annotations_config_path=TASKS, do_interactive_offline_annotations=tasks, num_turns=1),
        *blueprint(conversations_needed_string=needed),
    )
    visitor = visit()
    page = visitor.page
    page.goto(study.link())
    agree(page)
    for number in (1, 2):
        say(page, f"This is chat {number}.")
        finish(page)
        rate(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Labelling, step {number} of 3")
        for point in range(number):
            if number == 2:
                go_to_part(page, ["Quality likert", "Grammatical likert"][point])
            page.get_by_role("radio", name=re.compile(f"^{number + point}")).check()
        hand_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Labelling, step 3 of 3")
    sides = [page.get_by_role("region", name=re.compile(name)) for name in ("^Dialogue A", "^Dialogue B")]
    left, right = (side.inner_text() for side in sides)
    first_is_left = "This is chat 1." in left
    assert ("This is chat 2." in left, "This is chat 2." in right) == (not first_is_left, first_is_left)
    assert "examplebot" not in page.content()
    assert violations(page) == []
    page.get_by_role("region", name="Questions").get_by_role("radio").nth(1).check()
    hand_in(page)
    submit(page)

    [session] = collected(study)
    bots = [dialogue.bot for dialogue in session.dialogues]
    by_place = {(labels.task.id, labels.bots): given(labels)[None] for labels in session.labels}
    assert by_place == {
        ("quality_likert", (bots[0],)): {"quality": 1},
        ("quality_likert", (bots[1],)): {"quality": 2},
        ("grammatical_likert", (bots[1],)): {"grammatical": 3},
        ("engaging_comparative", tuple(bots if first_is_left else bots[::-1])): {"preferred": "right"},
    }
    assert visitor.errors == []


BUCKETS = {
    "config": {
        "bucket_0": {"name": "off topic", "description": "it has nothing to do with what I said"},
        "bucket_1": {"name": "repetitive", "description": "it has been said before"},
    },
    "show_line_breaks": False,
}


def test_parlais_buckets_are_boxes_below_the_turns_of_the_bot(
    start_study: StartStudy, visit: Visit, tmp_path: Path
) -> None:
    """A ParlAI study's file is labelled by as it is, without a task being named."""
    (tmp_path / "annotations_config.json").write_text(json.dumps(BUCKETS))
    study = start_study(
        "collect_dialogues",
        *blueprint(annotations_config_path=tmp_path / "annotations_config.json", num_turns=1),
        *blueprint(conversations_needed_string='"listener:1"'),
    )
    page = visit().page
    page.goto(study.link())
    agree(page)
    turn(page, 1).get_by_role("checkbox", name=re.compile("off topic|nothing to do")).check()
    say(page, "Hello.")
    expect(turn(page, 3).get_by_role("checkbox")).to_have_count(2)
    turn(page, 3).get_by_role("checkbox").last.check()
    turn(page, 1).get_by_role("checkbox").first.uncheck()
    finish(page)
    rate(page)
    submit(page)

    answers = given(labels_of(study)["annotations"])
    assert answers[3] == {"buckets": ["bucket_1"]}
    assert not any(answers.get(1, {}).values())


def test_an_empty_name_switches_labels_off(start_study: StartStudy, visit: Visit) -> None:
    study = start_study(
        "collect_dialogues",
        *blueprint(annotations_config_path='""', num_turns=1, conversations_needed_string='"listener:1"'),
    )
    page = visit().page
    page.goto(study.link())
    agree(page)
    say(page, "Hello.")
    expect(turn(page, 1)).to_have_count(0)
    finish(page)
    rate(page)
    submit(page)

    [session] = collected(study)
    assert session.labels == ()


ONBOARDING = {
    "dialog": [
        [{"text": "I have two dogs.", "agent_idx": 0}, {"text": "I hate you.", "agent_idx": 1, "answers": ["down"]}],
        [
            {"text": "They sleep all day.", "agent_idx": 0},
            {"text": "What are they called?", "agent_idx": 1, "answers": ["up"], "episode_done": True},
        ],
    ],
    "min_correct": 2,
    "max_incorrect": 0,
    "max_failures_allowed": 1,
}


@pytest.fixture
def onboarding_study(start_study: StartStudy, tmp_path: Path) -> RunningStudy:
    (tmp_path / "onboard.json").write_text(json.dumps(ONBOARDING))
    settings = with_example_tasks(
        do_interactive_online_annotations="thumbsup",
        onboarding_qualification="has_a_thumb",
        onboard_task_data_path=tmp_path / "onboard.json",
    )
    return start_study("collect_dialogues", *settings)


def begin_onboarding(page: Page, study: RunningStudy, worker: str = "W1", assignment: str = "A1") -> None:
    page.goto(study.link(worker, assignment))
    page.get_by_role("button", name="I agree, start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Training")


def show_thumbs(page: Page, *thumbs: str) -> None:
    for number, thumb in zip((1, 3), thumbs, strict=True):
        turn(page, number).get_by_label(thumb).check()
    hand_in(page)


def test_who_passes_the_onboarding_chats_in_the_same_session_and_needs_it_only_once(
    onboarding_study: RunningStudy, visit: Visit
) -> None:
    """ParlAI's onboarding: a mistake costs an attempt, and tells how many there were, not which."""
    study, visitor = onboarding_study, visit()
    page = visitor.page
    begin_onboarding(page, study)
    show_thumbs(page, DOWN, DOWN)
    expect(page.locator("header").filter(has_text="Last time you made 1 mistake")).to_be_visible()
    expect(turn(page, 1).get_by_label(DOWN)).not_to_be_checked()
    show_thumbs(page, DOWN, UP)
    expect(page.get_by_label("Your message")).to_be_visible()
    turn(page, 1).get_by_label(UP).check()
    say(page, "Hello.")
    turn(page, 3).get_by_label(UP).check()
    finish(page)
    rate(page)
    submit(page)

    page.goto(study.link("W1", "A2"))
    agree(page)
    assert visitor.errors == []
    [first, _] = collected(study)
    assert [labels.purpose for labels in first.labels] == ["onboarding", "onboarding", "chat"]
    assert [dict(labels.are_right) for labels in first.labels[:2]] == [{1: True, 3: False}, {1: True, 3: True}]


def test_who_fails_the_onboarding_too_often_is_told_and_their_place_goes_to_another(
    onboarding_study: RunningStudy, visit: Visit
) -> None:
    study, page = onboarding_study, visit().page
    begin_onboarding(page, study)
    show_thumbs(page, UP, DOWN)
    expect(page.locator("header").filter(has_text="Last time you made 2 mistakes")).to_be_visible()
    show_thumbs(page, UP, DOWN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your effort")
    page.goto(study.link("W1", "A2"))
    expect(page.locator("main")).to_contain_text("It was not passed")
    study.end()

    [session] = collected(study)
    assert session.outcome == "not_qualified"
    assert "5 waiting, 0 active, 0 done" in study.terminal()


RULES = """
def nobody(grades):
    return False


def anybody(grades):
    return len(grades) == 2
"""


def test_a_rule_of_ones_own_decides_who_has_passed(
    start_study: StartStudy, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two mistakes would fail anybody else."""
    (tmp_path / "own_rules.py").write_text(RULES)
    (tmp_path / "onboard.json").write_text(json.dumps({**ONBOARDING, "max_failures_allowed": 0}))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    own = {"onboarding_rule": "own_rules:nobody", "onboard_task_data_path": tmp_path / "onboard.json"}
    settings = with_example_tasks(
        do_interactive_online_annotations="thumbsup", onboarding_qualification="has_a_thumb", **own
    )
    study = start_study("collect_dialogues", *settings)
    page = visit().page
    begin_onboarding(page, study)
    show_thumbs(page, DOWN, UP)

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your effort")
