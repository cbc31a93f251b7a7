"""Rows that journals hold since before there were labels."""

import json

import msgspec
import pytest
import yaml

from chateval.session import Entry, RunRecord, Session, SessionRecord, collected_session, last_outcome, quotas_of
from chateval.worlds import ModelChatScript, Outcome

RUN = {
    "run_id": "1",
    "task_name": "collect_dialogues",
    "conf": "collect_dialogues",
    "started_at": 1_000.0,
    "config_yaml": yaml.safe_dump({"mephisto": {"blueprint": {"conversations_needed_string": "listener:2,echo:3"}}}),
    "config_hash": "00",
    "seed": 42,
    "versions": {"chateval": "0.1.0"},
    "bots": {"listener": {"kind": "scripted"}},
}
SESSION = {
    "session_id": "s1",
    "run_id": "1",
    "unit_id": "1",
    "agent_id": "1",
    "worker_id": "1",
    "worker_name": "W",
    "assignment_name": "A",
    "token": "t",
    "condition": "listener",
    "script": {
        "world": "model_chat",
        "bots": ["listener"],
        "minimum_turns": 1,
        "questions": [{"id": "rating_1", "text": "Good?", "low": 1, "high": 5}],
        "seed": 7,
        "opening": "hi",
    },
    "created_at": 1_000.0,
}
EVENTS = [
    {"type": "consented"},
    {"type": "spoke", "text": "Hello."},
    {"type": "spoke", "text": "Hi there."},
    {"type": "spoke", "text": "Bye."},
    {"type": "finished"},
    {"type": "rated", "answers": {"rating_1": 4}},
    {"type": "submitted", "comment": "fine"},
]


def read(kind: type, row: object) -> object:
    return msgspec.json.decode(json.dumps(row), type=kind)


def entries() -> list[Entry]:
    rows = [
        {"session_id": "s1", "seq": seq, "at": 1_000.0 + seq, "message_id": "", "event": event}
        for seq, event in enumerate(EVENTS, start=1)
    ]
    return msgspec.json.decode(json.dumps(rows), type=list[Entry])


def test_a_session_of_then_plays_as_it_did() -> None:
    """What people said a year ago is still what they said."""
    record = read(SessionRecord, SESSION)
    assert isinstance(record, SessionRecord)
    session = Session.replay(record, entries())

    assert session.outcome is last_outcome(record, entries()) is Outcome.COMPLETED
    assert [turn.text for turn in session.turns(0)] == ["Hi!", "Hello.", "Hi there.", "Bye."]
    collected = collected_session(record, entries())
    assert (collected.labels, collected.verdicts, collected.comment) == ((), (), "fine")


def test_a_script_of_then_has_nothing_to_label() -> None:
    record = read(SessionRecord, SESSION)

    assert isinstance(record, SessionRecord)
    assert record.script == ModelChatScript(("listener",), 1, record.script.questions, 7)  # type: ignore[union-attr]


def test_the_quotas_of_a_run_of_then_are_told_by_its_configuration() -> None:
    run = read(RunRecord, RUN)

    assert isinstance(run, RunRecord)
    assert quotas_of(run) == {"listener": 2, "echo": 3}
    assert quotas_of(msgspec.structs.replace(run, quotas={"g1": 1})) == {"g1": 1}


def test_a_run_whose_quotas_nothing_tells_is_an_error() -> None:
    run = read(RunRecord, {**RUN, "config_yaml": "mephisto: {}"})

    assert isinstance(run, RunRecord)
    with pytest.raises(LookupError):
        quotas_of(run)
