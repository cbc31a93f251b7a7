"""Answer keys stay with the operator: everything that a page hears in a training, a gold unit and a plain one."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from chateval.annotation import Choice, Datapoint, Option, ShownDialogue, TurnKey, TurnTask
from chateval.dialogue import Speaker, Turn
from chateval.session import Session, SessionRecord
from chateval.wire import Consent, Label
from chateval.worlds import ScreeningScript

from .conftest import LiveStudy, Visitor, serve

TURNS = [
    ["user", "I dropped my phone into the lake today."],
    ["system", "Oh dear. You must be cross with yourself."],
    ["user", "It had all my photographs on it."],
    ["system", "Lakes are wet."],
]
RIGHT = {1: "empathetic", 3: "lacks_empathy"}
ALLOWED = 31337
"""Nobody makes so many mistakes; as a number it stands out in whatever is heard."""
MARKS = ("because-", "training-mark", "gold-mark", "plain-mark", "secret_check", "qualified-mark", str(ALLOWED))
"""What the study's files hold and no page may hear: explanations, ids of groups and dialogues, limits."""
FLAGS = (
    "gold",
    "is_check",
    "purpose",
    "condition",
    "group_id",
    "dialogue_id",
    "source",
    "pass_criteria",
    "keys",
    "allowed_mistakes",
    "is_right",
    "alternatives",
    "explanation",
    "answer",
    "max_",
    "min_",
    "score",
)
"""Names of fields, or beginnings of them, that would tell."""


def keyed(name: str, **more: object) -> dict[str, object]:
    turns = [
        [*turn, {"empathy_q": RIGHT[number]}, f"because-{name}-{number}"] if number in RIGHT else turn
        for number, turn in enumerate(TURNS)
    ]
    return {"dialogue_id": name, "annotation_tasks": ["empathy"], "bot_persona": [], "turns": turns, **more}


def write_files(folder: Path) -> dict[str, object]:
    """A training of two dialogues, and a gold and a plain unit on the very same dialogue."""
    training = {name: keyed(name, pass_criteria=ALLOWED) for name in ("training-mark-1", "training-mark-2")}
    plain = {"dialogue_id": "plain-mark", "group_id": "plain-mark", "annotation_tasks": ["empathy"], "turns": TURNS}
    (folder / "screen.json").write_text(json.dumps(training))
    (folder / "gold.jsonl").write_text(json.dumps(keyed("gold-mark", group_id="gold-mark")))
    (folder / "data.jsonl").write_text(json.dumps(plain))
    (folder / "data_units.json").write_text('{"plain-mark": 50}')
    (folder / "checks.json").write_text(json.dumps([{"question": CHECK, "answer": "white"}]))
    return {
        "screen_json": folder / "screen.json",
        "gold_jsonl": folder / "gold.jsonl",
        "data_jsonl": folder / "data.jsonl",
        "passed_qualification_name": "qualified-mark",
        "gold_qualification_base": "gold-mark",
    }


CHECK = {"kind": "choice", "id": "secret_check", "text": "Choose what snow is.", "options": ["white", "black"]}


@pytest.fixture(scope="module")
def keyed_study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudy]:
    folder = tmp_path_factory.mktemp("keyed")
    settings = write_files(folder)
    yield from serve(folder, "empathy", *(f"mephisto.blueprint.{key}={value}" for key, value in settings.items()))


@pytest.fixture(scope="module")
def checked_study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudy]:
    """Without training and gold units, and with an attention check in each unit, of which nobody may fail one."""
    folder = tmp_path_factory.mktemp("checked")
    settings = {
        "data_jsonl": write_files(folder)["data_jsonl"],
        "use_screening_task": "false",
        "use_golds": "false",
        "attention_checks_path": folder / "checks.json",
        "max_failed_attention_checks": 0,
    }
    yield from serve(folder, "empathy", *(f"mephisto.blueprint.{key}={value}" for key, value in settings.items()))


@dataclass
class Tapped:
    """A socket of which everything that comes is kept."""

    socket: ClientConnection
    heard: list[str] = field(default_factory=list)

    async def send(self, text: str) -> None:
        await self.socket.send(text)

    async def recv(self) -> str:
        text = await self.socket.recv()
        assert isinstance(text, str)
        self.heard.append(text)
        return text


@dataclass
class Labeller:
    """Someone who labels by the key, or by another, over a tapped socket."""

    visitor: Visitor
    heard: list[str]
    answers: dict[str, dict[int, str]]
    sent: int = 0
    seen: int = 0
    """The `seq` of the last update that was waited for."""

    async def tell(self, expected: str = "ack", **message: Any) -> None:
        self.sent += 1
        await self.visitor.tell(id=f"m{self.sent}", **message)
        answer = await self.visitor.hears("ack", "rejected")
        assert (answer["kind"], answer["id"]) == (expected, f"m{self.sent}")

    async def update(self, kind: str) -> dict[str, Any]:
        """The next update of this kind that was not waited for before."""
        while True:
            for update in (update for text in self.heard for update in updates(text)):
                if update["seq"] > self.seen and update["kind"] == kind:
                    self.seen = update["seq"]
                    return update
            await self.visitor.hears("updates")

    async def fill_in(self, asked: dict[str, Any]) -> None:
        for part in asked["parts"]:
            for question in part["task"]["questions"]:
                when = question.get("when")
                turns = part["turns"] if when is None else [when["or_on_turn"]]
                answers = self.answers.get(question["id"], self.answers["other"])
                for turn in turns:
                    value = answers[turn]
                    await self.tell(kind="label", part=part["part"], turn=turn, question=question["id"], value=value)

    async def do_unit(self) -> None:
        await self.update("consent_asked")
        await self.tell(kind="consent")
        await self.fill_in(await self.update("labels_asked"))
        await self.tell(kind="submit_labels")
        await self.update("submission_asked")
        await self.tell(kind="submit", comment="")
        await self.update("ended")

    async def do_training(self) -> list[int]:
        """Returns how much was heard when each dialogue was handed in."""
        before = []
        await self.update("consent_asked")
        await self.tell(kind="consent")
        for _ in range(2):
            await self.fill_in(await self.update("labels_asked"))
            before.append(len(self.heard))
            await self.tell(kind="submit_labels")
            await self.update("feedback_given")
            await self.update("labels_asked")
            await self.tell(kind="submit_labels")
        await self.update("ended")
        return before


@asynccontextmanager
async def labeller(
    study: LiveStudy, worker: str, assignment: str = "A", check: str = "white"
) -> AsyncIterator[Labeller]:
    async with study.page() as visitor:
        tapped = Tapped(visitor.socket)
        visitor.socket = tapped  # type: ignore[assignment]
        await visitor.tell(kind="join", worker_id=worker, assignment_id=assignment)
        yield Labeller(visitor, tapped.heard, {"empathy_q": RIGHT, "other": {1: check, 3: check}})


async def trained(study: LiveStudy, worker: str) -> None:
    async with labeller(study, worker, "training") as someone:
        await someone.do_training()


def names_in(value: Any) -> set[str]:
    """The names of all fields, at any depth."""
    match value:
        case dict():
            return {*value, *(name for each in value.values() for name in names_in(each))}
        case list():
            return {name for each in value for name in names_in(each)}
        case _:
            return set()


def telling(heard: list[str]) -> list[str]:
    """Marks and flags in what was heard."""
    marks = [mark for mark in MARKS for text in heard if mark in text]
    names = {name for text in heard for name in names_in(json.loads(text))}
    return [*marks, *(name for name in sorted(names) if name.startswith(FLAGS))]


def without_chance(heard: list[str]) -> list[Any]:
    """What was heard, but for the token and the clock, which no two sessions have in common."""
    messages = [json.loads(text) for text in heard]
    for message in messages:
        message.pop("token", None)
        for update in message.get("updates", ()):
            update.pop("seconds_left", None)
    return messages


async def test_no_key_is_heard_before_the_answers_that_it_judges_are_committed(keyed_study: LiveStudy) -> None:
    """Whoever can read the traffic could otherwise pass without having learnt anything."""
    async with labeller(keyed_study, "trainee") as someone:
        first, second = await someone.do_training()

    assert telling(someone.heard[:first]) == []
    feedback = [text for text in someone.heard[first:second] if "because-training-mark-1" in text]
    assert feedback, "Feedback is what a training is for."
    assert not [text for text in someone.heard[:second] if "because-training-mark-2" in text]
    assert [text for text in someone.heard[second:] if "because-training-mark-2" in text]
    told = json.loads(feedback[0])["updates"][0]
    assert set(told) == {"kind", "seq", "mistakes", "items"}
    assert set(telling(feedback)) == {"because-", "training-mark", "is_right", "alternatives", "explanation"}
    assert str(ALLOWED) not in "".join(someone.heard)
    assert "qualified-mark" not in "".join(someone.heard)


async def test_a_gold_unit_is_heard_as_a_plain_one_is(keyed_study: LiveStudy) -> None:
    """On one and the same dialogue they must not differ in anything but chance, from joining to the end."""
    await trained(keyed_study, "expert")
    async with labeller(keyed_study, "expert", "gold") as gold:
        await gold.do_unit()
    async with labeller(keyed_study, "expert", "plain") as plain:
        await plain.do_unit()

    assert telling(gold.heard) == telling(plain.heard) == []
    assert without_chance(gold.heard) == without_chance(plain.heard)


async def test_refusals_do_not_tell_a_gold_unit_from_a_plain_one(keyed_study: LiveStudy) -> None:
    await trained(keyed_study, "prober")
    heard = {name: await probe(keyed_study, name) for name in ("gold", "plain")}

    assert telling(heard["gold"]) == telling(heard["plain"]) == []
    assert without_chance(heard["gold"]) == without_chance(heard["plain"])
    assert sum("rejected" in text for text in heard["gold"]) == 5
    assert sum('"refused"' in text for text in heard["gold"]) == 1


async def probe(study: LiveStudy, assignment: str) -> list[str]:
    """Have everything refused that a unit can refuse, then do it, and come back to it."""
    async with labeller(study, "prober", assignment) as someone:
        await someone.update("consent_asked")
        await someone.tell("rejected", kind="submit_labels")
        await someone.tell(kind="consent")
        asked = await someone.update("labels_asked")
        part = asked["parts"][0]["part"]
        await someone.tell("rejected", kind="submit_labels")
        for turn, question, value in ((0, "empathy_q", "empathetic"), (1, "other", "x"), (1, "empathy_q", "other")):
            await someone.tell("rejected", kind="label", part=part, turn=turn, question=question, value=value)
        async with labeller(study, "prober", f"{assignment}-second") as other:
            await other.visitor.hears("refused")
        someone.heard.extend(other.heard)
        someone.visitor.socket.heard = someone.heard  # type: ignore[attr-defined]
        await someone.fill_in(asked)
        await someone.tell(kind="submit_labels")
        await someone.tell(kind="submit", comment="")
    async with labeller(study, "prober", assignment) as again:
        await again.update("ended")
    return [*someone.heard, *again.heard]


def test_the_page_is_the_same_file_for_every_kind_of_unit(keyed_study: LiveStudy) -> None:
    """Whose link it is decides nothing before the page asks."""
    answers = [get(keyed_study, f"/?worker_id=prober&assignment_id={name}") for name in ("gold", "plain", "training")]

    assert answers[0][0] == 200
    assert answers[0] == answers[1] == answers[2]


def get(study: LiveStudy, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = HTTPConnection("localhost", study.port, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    headers = [(name, value) for name, value in response.getheaders() if name.lower() != "date"]
    body = response.read()
    connection.close()
    return response.status, headers, body


async def test_an_attention_check_is_heard_as_a_question_and_answered_like_one(checked_study: LiveStudy) -> None:
    """Neither its name in the file nor its answer is heard, and a wrong answer is taken like a right one."""
    heard = {}
    for answer in ("white", "black"):
        async with labeller(checked_study, f"says-{answer}", check=answer) as someone:
            await someone.do_unit()
        heard[answer] = someone.heard

    assert telling(heard["white"]) == telling(heard["black"]) == []
    assert [kinds(text) for text in heard["white"]] == [kinds(text) for text in heard["black"]]
    [asked] = [update for text in heard["white"] for update in updates(text) if update["kind"] == "labels_asked"]
    own, check = sorted(asked["parts"][0]["task"]["questions"], key=lambda question: question["id"] != "empathy_q")
    assert check["text"] == CHECK["text"]
    assert set(check) - {"when"} == set(own) - {"when"}
    assert [set(option) for option in check["options"]] == [set(own["options"][0])] * 2


async def test_who_fails_too_many_attention_checks_is_stopped_with_a_reason(checked_study: LiveStudy) -> None:
    async with labeller(checked_study, "careless", check="black") as someone:
        await someone.do_unit()
    async with labeller(checked_study, "careless", "next") as someone:
        refused = await someone.visitor.hears("refused", "joined")

    assert refused["reason"] == "stopped"
    assert "differed from those that were agreed" in refused["text"]


def updates(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text).get("updates", [])
    return found


def kinds(text: str) -> list[str]:
    return [json.loads(text)["kind"], *(update["kind"] for update in updates(text))]


def test_what_is_shown_before_handing_in_does_not_depend_on_the_key() -> None:
    """Two trainings that differ in nothing but their keys: what cannot be told apart does not leak, by any way."""
    options = (Option("a", "A"), Option("b", "B"))
    task = TurnTask(id="t", questions=(Choice(id="q", options=options),), is_required=True)
    turns = tuple(Turn(Speaker(speaker), text) for speaker, text in TURNS)

    def shown(right: str, explanation: str, allowed: int) -> Session:
        keys = {turn: TurnKey(({"q": right},), explanation) for turn in (1, 3)}
        point = Datapoint(
            dialogue_id="d",
            group_id="d",
            dialogues=(ShownDialogue(turns),),
            tasks=(task,),
            keys=keys,
            allowed_mistakes=allowed,
        )
        session = Session(record(ScreeningScript((point, point), seed=7)))
        for message in (
            Consent("c"),
            Label("1", 0, 1, "q", "a"),
            Label("2", 0, 3, "q", "b"),
            Label("3", 0, 3, "q", "a"),
        ):
            verdict = session.take(message, 1.0)
            session.apply(verdict.entry)  # type: ignore[union-attr]
        return session

    assert shown("a", "why", 0).updates == shown("b", "not so", 9).updates


def record(script: ScreeningScript) -> SessionRecord:
    names = ("session_id", "run_id", "unit_id", "agent_id", "worker_id", "worker_name", "assignment_name", "token")
    return SessionRecord(**dict.fromkeys(names, "x"), condition="@training", script=script, created_at=0.0)
