"""The scenes of `take_screenshots.py` in which people label: each kind of task, training, and labels during a chat."""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parents[1]
TASK_CONFIG = ROOT / "task_config"

KINDS = {
    "interpretability": "turn-boxes",
    "transitions": "folded-buttons",
    "knowledge": "nested-buttons",
    "consistency": "multiselect",
    "quality_likert_turn": "likert-turn",
    "likert": "likert-dialogue",
    "comparative": "comparative",
}
"""Studies that ship, and what there is to see in each."""

NATIVE = """\
tasks:
  every_kind:
    kind: turn
    title: every_kind
    question: Read what SPEAKER_X says here, and what came before it.
    is_required: true
    questions:
      - kind: choice
        id: fits
        text: Does it go with what SPEAKER_Y has just said?
        help: A turn goes with the one before if it takes up what was said there.
        examples: ["“My train is late.” and “How late?” go together."]
        allows_na: true
        asks_reason: true
        options:
          - {id: answers, text: It goes with it, shortcut: a}
          - id: misses
            text: It does not
            shortcut: m
            then:
              - kind: checks
                id: why
                text: What is it instead? Tick all that hold.
                options: [It repeats something, It changes the topic, It contradicts something]
      - kind: scale
        id: interest
        text: How curious are you what SPEAKER_X says next?
        low: 1
        high: 7
        labels: {1: Not at all, 7: Very}
      - kind: spans
        id: best
        text: Mark what you like best.
        is_optional: true
        options: [Kind, Funny]
      - kind: ranking
        id: order
        text: What counts most in this turn? Put it first.
        options: [What it says, How it says it, That it listens]
      - kind: text
        id: better
        text: What would you have said?
        is_optional: true
"""


class Person(Protocol):
    """Someone at a browser, as `take_screenshots.py` has them."""

    page: Page

    def open(self, assignment: str, worker: str = "") -> None: ...
    def keep(self, screen: str, file_name: str = "") -> None: ...
    def agree(self) -> None: ...
    def say(self, text: str) -> None: ...
    def click(self, name: str) -> None: ...


@dataclass(frozen=True)
class Stage:
    """What a scene needs: a study to start, and people to open it in both sizes."""

    folder: Path
    start: Callable[[Path, str, Mapping[str, object]], AbstractContextManager[str]]
    people: Callable[[str], tuple[Person, ...]]


def take_label_scenes(stage: Stage) -> None:
    off = {"use_screening_task": "false", "use_golds": "false"}
    for conf, scene in KINDS.items():
        is_behavior = conf not in {"likert", "comparative", "quality_likert_turn"}
        with stage.start(stage.folder, conf, off if is_behavior else {}) as url:
            for person in stage.people(url):
                _keep_task(person, scene)
    _take_custom_tasks(stage)
    _take_training(stage)
    _take_chat(stage)


def _begin(person: Person, worker: str = "", assignment: str = "A1") -> None:
    person.open(assignment, worker)
    person.page.get_by_role("button", name="I agree, start").click()
    expect(person.page.get_by_role("region", name="Progress")).to_be_visible()


def _keep_task(person: Person, scene: str) -> None:
    """A task as it opens, and half done; with what is missing, where it has to be answered."""
    _begin(person)
    person.keep(f"20-{scene}")
    for question in person.page.locator("fieldset").all()[:2]:
        _answer(question)
    if person.page.get_by_text("to go").count():
        person.click("Submit answers")
    person.keep(f"21-{scene}-begun")


def _answer(question: Locator) -> None:
    if question.locator("details:not([open])").count():
        return
    menu = question.get_by_role("button", name=re.compile("Choose"))
    if menu.count():
        menu.first.click()
    inputs = question.locator("input")
    if inputs.count() and inputs.first.is_visible():
        inputs.first.check()


def _take_custom_tasks(stage: Stage) -> None:
    """Eight scales for each turn, and the kinds of questions that only the native format has."""
    dialogue = json.loads((TASK_CONFIG / "task_data" / "empathy.jsonl").read_text().splitlines()[0])
    (stage.folder / "every_kind.yaml").write_text(NATIVE)
    for task, scene, tasks in (
        ("response_likert", "eight-scales", TASK_CONFIG / "annotation_buckets.json"),
        ("dialogue_likert", "eight-scales-dialogue", TASK_CONFIG / "annotation_buckets.json"),
        ("every_kind", "native", stage.folder / "every_kind.yaml"),
    ):
        data = stage.folder / f"{task}.jsonl"
        data.write_text(json.dumps({**dialogue, "annotation_tasks": [task]}))
        data.with_name(f"{task}_units.json").write_text(json.dumps({dialogue["group_id"]: 9}))
        with stage.start(stage.folder, "likert", {"data_jsonl": data, "annotations_config_path": tasks}) as url:
            for person in stage.people(url):
                _keep_task(person, scene)
                if task == "every_kind":
                    _keep_native(person)


def _keep_native(person: Person) -> None:
    page = person.page
    turn = page.locator("[data-labelled=true]").first
    turn.get_by_label("It does not").check()
    turn.get_by_label("It changes the topic").check()
    turn.get_by_label("Why? (optional)").first.fill("It could stand after anything.")
    turn.get_by_role("radio", name="6", exact=True).check()
    turn.scroll_into_view_if_needed()
    person.keep("22-native-answered")
    turn.locator("fieldset").last.scroll_into_view_if_needed()
    person.keep("23-native-below")


def _take_training(stage: Stage) -> None:
    """The shipped training of empathy: passed by one, failed by another."""
    training = json.loads((TASK_CONFIG / "onboarding_data" / "empathy.json").read_text())
    with stage.start(stage.folder, "empathy", {}) as url:
        for person in stage.people(url):
            person.open("A1")
            summary = person.page.get_by_text("See an example of the task")
            summary.click()
            summary.evaluate("each => each.scrollIntoView()")
            person.keep("30-consent-preview")
            _begin(person)
            person.keep("31-practice")
            _train(person, training, is_careful=True)
            person.keep("34-passed")
            worker = f"careless-{person.page.viewport_size}"
            _begin(person, worker)
            _train(person, training, is_careful=False)
            person.keep("35-not-passed")
            person.open("A2", worker)
            expect(person.page.get_by_role("heading", level=1)).to_have_text("You cannot take part in this study")
            person.keep("36-refused")


def _train(person: Person, training: Mapping[str, Any], *, is_careful: bool) -> None:
    page = person.page
    for number, dialogue in enumerate(training.values()):
        expect(page.get_by_role("button", name="Submit answers", exact=True)).to_be_visible()
        right = {at: turn[2] for at, turn in enumerate(dialogue["turns"]) if len(turn) > 2}
        for at, answers in right.items():
            value = _one_of(answers)
            wrong = "lacks_empathy" if value != "lacks_empathy" else "not_applicable"
            is_right = is_careful and (number > 0 or at != min(right))
            _choose(page, at, value if is_right else wrong)
        person.click("Submit answers")
        expect(page.get_by_role("button", name="Go on", exact=True)).to_be_visible()
        if is_careful and number == 0:
            person.keep("32-feedback")
            person.click("Go on")
            person.keep("33-correction")
        for at, answers in right.items():
            if not is_careful or (number == 0 and at == min(right)):
                _choose(page, at, _one_of(answers))
        person.click("Go on")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Training")


def _one_of(answers: Mapping[str, Any]) -> str:
    """A right answer; any of them where there are several."""
    alternative = answers["options"][0] if answers.get("_disjunction") else answers
    value: str = alternative["empathy_q"]
    return value


def _choose(page: Page, turn: int, option: str) -> None:
    """Unless the turn was right before, and so cannot be changed."""
    box = page.locator(f'[data-turn="{turn}"] input[value="{option}"]')
    if box.is_enabled():
        box.check()


def _take_chat(stage: Stage) -> None:
    """Labels during a chat and after it."""
    example = TASK_CONFIG / "examplebot"
    settings = {
        "task_config_path": example,
        "annotations_config_path": example / "annotation_buckets.json",
        "conversations_needed_string": '"examplebot:9"',
        "do_interactive_online_annotations": "thumbsup",
        "do_interactive_offline_annotations": "[[quality_likert,consistency_label]]",
        "num_turns": 1,
    }
    with stage.start(stage.folder, "collect_dialogues", settings) as url:
        for person in stage.people(url):
            page = person.page
            person.open("A1")
            person.agree()
            expect(page.locator("[data-turn='1']")).to_be_visible()
            page.get_by_label("Your message").fill("I baked bread this morning.")
            person.keep("40-online-held-back")
            page.locator("[data-turn='1']").get_by_label("Down: less of this").check()
            page.locator("[data-turn='1']").get_by_label("It is boring").check()
            person.keep("41-online")
            person.say("I baked bread this morning.")
            page.locator("[data-turn='3']").get_by_label("Up: more of this").check()
            person.click("Finish this chat")
            expect(page.get_by_role("button", name="Send ratings")).to_be_visible()
            for question in page.locator("fieldset").all():
                question.get_by_role("radio").nth(3).check()
            person.click("Send ratings")
            expect(page.get_by_role("region", name="Progress")).to_be_visible()
            person.keep("42-offline")
