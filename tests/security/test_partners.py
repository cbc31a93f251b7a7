"""Whether a partner is a person or a bot: nothing that a page hears may tell."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from chateval.session import JOURNAL_FILE, SessionRecord, SqlJournal

from .conftest import LiveStudy, serve

WORKERS = ("wendy", "walter", "wanda", "wilma")
BOTS = "secret-person: {kind: human}\nsecret-parrot: {kind: scripted, echo: true}\n"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudy]:
    """Half of the partners are people."""
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "bots.yaml").write_text(BOTS)
    settings = {
        "model_opt_path": str(folder / "bots.yaml"),
        "conversations_needed_string": '"secret-person:2,secret-parrot:2"',
        "num_turns": "2",
        "minimum_reply_seconds": "0.3",
    }
    yield from serve(folder, "collect_dialogues", *(f"mephisto.blueprint.{key}={settings[key]}" for key in settings))


async def talk(study: LiveStudy, worker: str) -> list[dict[str, Any]]:
    """Do a whole session; returns everything that the page was told."""
    heard: list[dict[str, Any]] = []
    async with study.page() as visitor, asyncio.timeout(30):
        await visitor.tell(kind="join", worker_id=worker, assignment_id="A")
        while True:
            message: dict[str, Any] = json.loads(await visitor.socket.recv())
            heard.append(message)
            last = (message.get("updates") or [{}])[-1]
            about = {"id": f"m{len(heard)}", "dialogue": 0}
            match last:
                case {"kind": "consent_asked"}:
                    await visitor.tell(kind="consent", id="c")
                case {"kind": "turn_asked", "seat": "person", "may_finish": True}:
                    await visitor.tell(kind="finish", **about)
                case {"kind": "turn_asked", "seat": "person"}:
                    await visitor.tell(kind="say", **about, text=f"line {len(heard)}")
                case {"kind": "ratings_asked", "questions": questions}:
                    await visitor.tell(kind="answer", **about, answers={one["id"]: 4 for one in questions})
                case {"kind": "submission_asked"}:
                    await visitor.tell(kind="submit", id="s", comment="")
                case {"kind": "ended"}:
                    return heard


def shapes(heard: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    """Every kind of message and update, with the names of its fields."""
    flat = [*heard, *(update for message in heard for update in message.get("updates", ()))]
    return {(each["kind"], *sorted(each)) for each in flat}


def course(heard: list[dict[str, Any]]) -> list[str]:
    """What was told, in order: updates one by one, and whose turn it was."""
    updates = [update for message in heard for update in message.get("updates", ())]
    return [f"{update['kind']} {update.get('seat', '')}" for update in updates]


async def test_a_person_is_heard_as_a_bot_is(mixed: LiveStudy) -> None:
    """Neither by kinds of messages, nor by their fields, nor by any name in them."""
    told = dict(zip(WORKERS, await asyncio.gather(*(talk(mixed, worker) for worker in WORKERS)), strict=True))
    journal = SqlJournal(mixed.data_dir / JOURNAL_FILE)
    sessions: list[SessionRecord] = journal.sessions()
    journal.close()
    with_person = [told[one.worker_name] for one in sessions if one.condition == "secret-person"]
    with_bot = [told[one.worker_name] for one in sessions if one.condition == "secret-parrot"]
    assert (len(with_person), len(with_bot)) == (2, 2)

    for worker, heard in told.items():
        others = {*WORKERS} - {worker}
        names = {"secret", "human", "source", "partner_dialogue", *others, *(one.session_id for one in sessions)}
        assert [name for name in names if name in json.dumps(heard)] == []
        assert [one["state"] for one in heard if one["kind"] == "partner"][:1] == ["waiting"]
        assert heard[-1]["updates"][-1]["outcome"] == "completed"
    assert shapes([*with_person[0], *with_person[1]]) == shapes([*with_bot[0], *with_bot[1]])
    assert course(with_bot[0]) in map(course, with_person), "Who finishes a chat with a person hears what all hear."
