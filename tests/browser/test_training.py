"""A training gone through in a real browser: feedback, correction, and what passing and failing lead to."""

import csv
import json
import re
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from chateval.cli import main
from chateval.crowd import data_browser

from .conftest import PHONE, RunningStudy, StartStudy, Visitor
from .steps import violations

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]

TURNS = (
    ("user", "I have been up all night with the baby, I could cry."),
    ("system", "That sounds exhausting. No wonder that you are at the end of your strength."),
    ("user", "And then my sister forgot my birthday."),
    ("system", "Birthdays come once a year."),
)
OPTIONS = {
    "empathetic": "Yes, it shows that Robin understands what Kim feels",
    "lacks_empathy": "No, it misreads or passes over a feeling that called for a reaction",
    "not_applicable": "No feeling is at stake here",
}
RIGHT = {1: "empathetic", 3: "lacks_empathy"}
ONE_MISTAKE = {1: "empathetic", 3: "not_applicable"}
ALL_WRONG = {1: "not_applicable", 3: "not_applicable"}

BAR = "Progress"


def training(pass_criteria: int) -> dict[str, object]:
    """Two dialogues with the same key, their explanations apart."""
    return {
        name: {
            "dialogue_id": name,
            "annotation_tasks": ["empathy"],
            "bot_persona": [],
            "turns": with_key(name),
            "pass_criteria": pass_criteria,
            "remaining": 2 - number,
        }
        for number, name in enumerate(("first", "second"), start=1)
    }


def with_key(name: str) -> list[list[object]]:
    return [
        [*turn, {"empathy_q": RIGHT[number]}, f"Because of the {name}, at {number}."] if number in RIGHT else [*turn]
        for number, turn in enumerate(TURNS)
    ]


def settings(folder: Path, *, pass_criteria: int = 1, use_golds: bool = False) -> list[str]:
    """Overrides of the shipped study of empathy: short dialogues, and no more than two people in training."""
    plain = {"dialogue_id": "real", "annotation_tasks": ["empathy"], "bot_persona": [], "turns": TURNS}
    gold = {**plain, "dialogue_id": "gold", "group_id": "gold", "turns": with_key("gold")}
    (folder / "screen.json").write_text(json.dumps(training(pass_criteria)))
    (folder / "gold.jsonl").write_text(json.dumps(gold))
    (folder / "data.jsonl").write_text("\n".join(json.dumps({**plain, "group_id": name}) for name in ("a", "b", "c")))
    (folder / "data_units.json").write_text('{"a": 5, "b": 5, "c": 5}')
    blueprint = {
        "screen_json": folder / "screen.json",
        "gold_jsonl": folder / "gold.jsonl",
        "data_jsonl": folder / "data.jsonl",
        "use_golds": use_golds,
        "max_screening_units": 2,
    }
    return [f"mephisto.blueprint.{key}={value}" for key, value in blueprint.items()]


def begin(page: Page, study: RunningStudy, assignment: str, worker: str = "W1") -> None:
    page.goto(study.link(worker, assignment))
    page.get_by_role("button", name="I agree, start").click()
    expect(page.get_by_role("region", name=BAR)).to_be_visible()


def turn(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=re.compile(rf"^Turn {number + 1},"))


def answer(page: Page, answers: Mapping[int, str]) -> None:
    for number, option in answers.items():
        turn(page, number).get_by_label(OPTIONS[option]).check()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Submit answers").click()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Go on").click()


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def do_training(page: Page, study: RunningStudy, worker: str, answers: Mapping[int, str]) -> None:
    """Give these answers twice, and correct them each time."""
    begin(page, study, "training", worker)
    for number in (1, 2):
        expect(heading(page)).to_have_text(f"Training, round {number} of 2")
        answer(page, answers)
        hand_in(page)
        expect(heading(page)).to_have_text(f"Training, round {number} of 2: what was right")
        answer(page, {place: right for place, right in RIGHT.items() if answers[place] != right})
        go_on(page)


def granted(study: RunningStudy, worker: str) -> dict[str, int]:
    """The qualifications that Mephisto's own records say a worker has, once the study has ended."""
    database = data_browser(study.data_dir).db
    [found] = database.find_workers(worker_name=f"{worker}_sandbox")
    names = {each.db_id: each.qualification_name for each in database.find_qualifications()}
    given = database.check_granted_qualifications(worker_id=found.db_id)
    return {names[each.qualification_id]: int(each.value) for each in given}


def test_a_mistake_is_explained_and_corrected_and_who_passes_gets_real_work(
    start_study: StartStudy, visit: Visit, tmp_path: Path
) -> None:
    """The point of it: whoever labels has learnt how, and nobody else does."""
    study = start_study("empathy", *settings(tmp_path))
    visitor = visit()
    page = visitor.page
    heard = listen(page)
    begin(page, study, "training")
    expect(heading(page)).to_have_text("Training, round 1 of 2")
    answer(page, ONE_MISTAKE)
    assert "Because of" not in "".join(heard)
    assert "pass_criteria" not in "".join(heard)
    hand_in(page)
    expect(heading(page)).to_have_text("Training, round 1 of 2: what was right")
    expect(page.locator("header").filter(has_text="1 turn was not right")).to_be_visible()
    expect(turn(page, 1)).to_contain_text("Right")
    expect(turn(page, 1)).to_contain_text("Because of the first, at 1.")
    expect(turn(page, 1).get_by_label(OPTIONS["not_applicable"])).to_be_disabled()
    expect(turn(page, 3)).to_contain_text("Not right. Please correct it.")
    expect(turn(page, 3)).to_contain_text(OPTIONS["lacks_empathy"])
    expect(turn(page, 3)).to_contain_text("Because of the first, at 3.")
    assert "Because of the first" in "".join(heard)
    assert "Because of the second" not in "".join(heard)
    assert violations(page) == []

    go_on(page)
    expect(page.get_by_role("alert").filter(has_text="Still to correct: turn 4")).to_be_visible()
    expect(heading(page)).to_have_text("Training, round 1 of 2: what was right")
    answer(page, {3: "lacks_empathy"})
    expect(turn(page, 3)).to_contain_text("Corrected")
    go_on(page)
    expect(heading(page)).to_have_text("Training, round 2 of 2")
    answer(page, RIGHT)
    hand_in(page)
    expect(page.locator("header").filter(has_text="Everything was right")).to_be_visible()
    go_on(page)
    expect(heading(page)).to_have_text("You passed the training")

    begin(page, study, "work")
    expect(heading(page)).to_have_text("Labelling")
    answer(page, ONE_MISTAKE)
    hand_in(page)
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(heading(page)).to_have_text("Thank you")
    assert "Because of" not in "".join(heard[-6:])
    assert visitor.errors == []
    study.end()
    assert granted(study, "W1") == {"empathy_screen": 1}


def listen(page: Page) -> list[str]:
    """Everything that the page's sockets receive from here on."""
    heard: list[str] = []

    def tap(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: heard.append(str(frame)))

    page.on("websocket", tap)
    return heard


def test_who_fails_is_told_kindly_and_once_and_for_all(start_study: StartStudy, visit: Visit, tmp_path: Path) -> None:
    """Also by an operator that was killed and knows only what it had written down."""
    study = start_study("empathy", *settings(tmp_path, pass_criteria=0))
    page = visit().page
    do_training(page, study, "W1", ONE_MISTAKE)
    expect(heading(page)).to_have_text("Thank you for your effort")
    expect(page.locator("main")).to_contain_text("do not take it as a judgement of you")
    page.goto(study.link("W1", "work"))
    expect(page.locator("main")).to_contain_text("It was not passed")

    study.end(signal.SIGKILL)
    study.start()
    page.goto(study.link("W1", "again"))
    expect(page.locator("main")).to_contain_text("It was not passed")
    page.goto(study.link("W1", "training"))
    expect(heading(page)).to_have_text("Thank you for your effort")
    study.end()
    assert granted(study, "W1") == {"empathy_screen_failed": 1}


def test_no_more_people_are_trained_than_the_study_says(start_study: StartStudy, visit: Visit, tmp_path: Path) -> None:
    """Each training costs money. Who walks out of one leaves their place to another."""
    study = start_study("empathy", *settings(tmp_path))
    first, page = visit().page, visit(PHONE).page
    begin(first, study, "A1", "W1")
    begin(page, study, "A1", "W2")
    page.goto(study.link("W3", "A1"))
    expect(heading(page)).to_have_text("There is no place for you right now")
    first.get_by_role("button", name="Leave").click()
    first.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(heading(first)).to_have_text("You have left the study")

    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="I agree, start")).to_be_visible()


def test_a_reload_in_the_middle_of_a_correction_changes_nothing(
    start_study: StartStudy, visit: Visit, tmp_path: Path
) -> None:
    study = start_study("empathy", *settings(tmp_path))
    visitor = visit(PHONE)
    page = visitor.page
    begin(page, study, "training")
    answer(page, ALL_WRONG)
    hand_in(page)
    answer(page, {1: "empathetic"})
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    expect(heading(page)).to_have_text("Training, round 1 of 2: what was right")
    expect(turn(page, 1)).to_contain_text("Corrected")
    expect(turn(page, 1).get_by_label(OPTIONS["empathetic"])).to_be_checked()
    expect(turn(page, 3)).to_contain_text("Not right. Please correct it.")
    expect(turn(page, 3)).to_contain_text("Because of the first, at 3.")
    expect(page.get_by_role("region", name=BAR)).to_contain_text("1 turn to correct")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    answer(page, {3: "lacks_empathy"})
    go_on(page)

    expect(heading(page)).to_have_text("Training, round 2 of 2")
    assert visitor.errors == []


def test_gold_units_come_first_and_stop_who_fails_them(start_study: StartStudy, visit: Visit, tmp_path: Path) -> None:
    """Work by someone who does not read should end early, and be told from the rest."""
    limits = ("use_screening_task=false", "max_incorrect_golds=0", "allowed_gold_mistakes=0")
    overrides = [f"mephisto.blueprint.{limit}" for limit in limits]
    study = start_study("empathy", *settings(tmp_path, use_golds=True), *overrides)
    page = visit().page
    heard = listen(page)
    do_unit(page, study, "careless", "A1", ALL_WRONG)
    page.goto(study.link("careless", "A2"))
    expect(page.locator("main")).to_contain_text("differed from those that were agreed upon")
    do_unit(page, study, "careful", "A1", RIGHT)
    do_unit(page, study, "careful", "A2", ALL_WRONG)
    study.end()
    assert "Birthdays come once a year." in "".join(heard)
    assert not [text for text in heard if "gold" in text or "Because of" in text]

    rows = [row for row in judgements(study) if row["question_id"] == "empathy_q"]
    assert sorted((row["is_gold"], row["turn"], row["value"], row["is_right"]) for row in rows) == [
        ("false", "1", "not_applicable", ""),
        ("false", "3", "not_applicable", ""),
        ("true", "1", "empathetic", "true"),
        ("true", "1", "not_applicable", "false"),
        ("true", "3", "lacks_empathy", "true"),
        ("true", "3", "not_applicable", "false"),
    ]
    right = granted(study, "careful")
    assert (right["empathy_gold-correct-golds"], right["empathy_gold-wrong-golds"]) == (1, 0)
    assert "empathy_gold-disqualified" not in right
    assert "empathy_gold-disqualified" in granted(study, "careless")


def do_unit(page: Page, study: RunningStudy, worker: str, assignment: str, answers: Mapping[int, str]) -> None:
    begin(page, study, assignment, worker)
    answer(page, answers)
    hand_in(page)
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(heading(page)).to_have_text("Thank you")


def judgements(study: RunningStudy) -> list[dict[str, str]]:
    """The table of judgements, as the study's reader gets it."""
    out = study.data_dir / "out"
    assert main(["export", "--task-name", "empathy", "--data-dir", str(study.data_dir), "--out", str(out)]) == 0
    with (out / "judgements.csv").open(newline="") as file:
        return list(csv.DictReader(file))


CHECK = {"kind": "choice", "id": "snow", "text": "So that we see you read this: what is snow?"}
CHECKS = [{"question": {**CHECK, "options": ["White", "Black"]}, "answer": "white"}]


def test_who_fails_attention_checks_is_stopped_and_the_data_tells(
    start_study: StartStudy, visit: Visit, tmp_path: Path
) -> None:
    (tmp_path / "checks.json").write_text(json.dumps(CHECKS))
    limits = ("use_screening_task=false", f"attention_checks_path={tmp_path / 'checks.json'}")
    overrides = [f"mephisto.blueprint.{limit}" for limit in (*limits, "max_failed_attention_checks=1")]
    study = start_study("empathy", *settings(tmp_path), *overrides)
    page = visit(PHONE).page
    for assignment in ("A1", "A2"):
        begin(page, study, assignment)
        page.get_by_role("group", name=re.compile("what is snow")).get_by_label("Black").check()
        answer(page, RIGHT)
        hand_in(page)
        page.get_by_role("button", name="Submit", exact=True).click()
        expect(heading(page)).to_have_text("Thank you")
    page.goto(study.link("W1", "A3"))
    expect(page.locator("main")).to_contain_text("differed from those that were agreed upon")
    study.end()

    checks = [row for row in judgements(study) if row["is_check"] == "true"]
    assert [(row["question_id"], row["value"], row["is_right"]) for row in checks] == [("snow", "black", "false")] * 2


RULES = """
def is_good_enough(grades):
    return [grade.mistakes for grade in grades] == [2, 2]
"""


def test_a_rule_of_ones_own_decides_who_has_passed(
    start_study: StartStudy, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This one passes whoever has everything wrong, as no other rule would."""
    (tmp_path / "own_screening_rules.py").write_text(RULES)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    rule = "mephisto.blueprint.screening_rule=own_screening_rules:is_good_enough"
    study = start_study("empathy", *settings(tmp_path, pass_criteria=0), rule)
    page = visit().page

    do_training(page, study, "W1", ALL_WRONG)

    expect(heading(page)).to_have_text("You passed the training")
