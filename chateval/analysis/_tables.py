"""The tables about sessions and what was said in them. A row is a tuple in the order of its table's columns."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from chateval.analysis._bot_work import BOT_WORK, of_dialogue, of_turn
from chateval.analysis._collected import CollectedDialogue, CollectedSession, RunFacts

Kind = Literal["whole", "number", "time", "flag"]
Row = tuple[Any, ...]


class Table(NamedTuple):
    """A table of the export, and the rows that a session adds to it; `rows` is given the worker's and study's name."""

    name: str
    columns: list[str]
    kinds: Mapping[str, Kind]
    """Of the columns that are no texts. Times are seconds since the epoch. A missing text is empty, all else None."""
    rows: Callable[[CollectedSession, str, str], Iterator[Row]]


RUN_COLUMNS = ["run_id", "task_name", "conf", "started_at", "config_hash", "seed", "versions", "bots"]
RUN_KINDS: Mapping[str, Kind] = {"started_at": "time", "seed": "whole"}


def run_row(run: RunFacts) -> Row:
    """`versions` and `bots` are JSON."""
    versions = json.dumps(dict(run.versions), sort_keys=True)
    bots = json.dumps({name: dict(about) for name, about in run.bots.items()}, sort_keys=True)
    return (run.run_id, run.task_name, run.conf, run.started_at, run.config_hash, run.seed, versions, bots)


def _session_rows(session: CollectedSession, worker: str, _: str) -> Iterator[Row]:
    yield (
        *_ids(session, worker),
        session.started_at,
        session.last_at,
        session.last_at - session.started_at,
        session.seed,
        session.comment,
        len(session.verdicts),
        session.verdicts[-1] if session.verdicts else None,
    )


def _dialogue_rows(session: CollectedSession, worker: str, _: str) -> Iterator[Row]:
    for dialogue in session.dialogues:
        seconds = dialogue.turns[-1].at - dialogue.turns[0].at
        yield (
            *_ids(session, worker),
            *_of_dialogue(dialogue),
            len(dialogue.turns),
            seconds,
            dialogue.partner_dialogue_id,
            *_begun_with(dialogue),
            None if dialogue.violations is None else len(dialogue.violations),
            ",".join(dialogue.violations or ()),
            *of_dialogue(turn.work for turn in dialogue.turns if turn.work is not None),
        )


def _turn_rows(session: CollectedSession, worker: str, _: str) -> Iterator[Row]:
    """`seconds` is the time since the turn before: how long the speaker took."""
    for dialogue in session.dialogues:
        shared = (session.run_id, session.session_id, worker, session.outcome, *_of_dialogue(dialogue))
        before = dialogue.turns[0].at
        for number, collected in enumerate(dialogue.turns):
            turn = collected.turn
            seconds = collected.at - before
            yield (*shared, number, turn.speaker.value, turn.text, collected.at, seconds, *of_turn(collected.work))
            before = collected.at


def _rating_rows(session: CollectedSession, worker: str, _: str) -> Iterator[Row]:
    shared = (session.run_id, session.session_id, worker, session.condition, session.outcome)
    for dialogue in session.dialogues:
        for question_id, value in dialogue.ratings.items():
            yield (*shared, *_of_dialogue(dialogue), question_id, session.questions[question_id], value)


def _ids(session: CollectedSession, worker: str) -> Row:
    return (session.run_id, session.session_id, session.unit_id, worker, session.condition, session.outcome)


def _begun_with(dialogue: CollectedDialogue) -> Row:
    """Sentences of a persona stand on lines of their own."""
    context = dialogue.context
    personas = "\n".join(context.person_persona), "\n".join(context.bot_persona)
    picture = (context.picture.id, context.picture.caption) if context.picture is not None else ("", "")
    return (dialogue.opening_turns, context.id, *personas, context.background, *picture)


def _of_dialogue(dialogue: CollectedDialogue) -> Row:
    return (dialogue.dialogue_id, dialogue.position, dialogue.bot)


_IDS = ["run_id", "session_id", "unit_id", "worker", "condition", "outcome"]
_OF_DIALOGUE = ["dialogue_id", "position", "bot"]
_PICTURE = ["picture_id", "picture_caption"]
_BEGUN_WITH = ["opening_turns", "context_id", "person_persona", "bot_persona", "background", *_PICTURE]

SESSIONS = Table(
    "sessions",
    [*_IDS, "started_at", "last_at", "seconds", "seed", "comment", "attempts", "is_passed"],
    {
        "started_at": "time",
        "last_at": "time",
        "seconds": "number",
        "seed": "whole",
        "attempts": "whole",
        "is_passed": "flag",
    },
    _session_rows,
)
DIALOGUES = Table(
    "dialogues",
    [
        *(*_IDS, *_OF_DIALOGUE, "turns", "seconds", "partner_dialogue_id", *_BEGUN_WITH),
        *("violations", "violation_names", *BOT_WORK),
    ],
    {
        "position": "whole",
        "turns": "whole",
        "seconds": "number",
        "opening_turns": "whole",
        "violations": "whole",
        **BOT_WORK,
    },
    _dialogue_rows,
)
TURNS = Table(
    "turns",
    ["run_id", "session_id", "worker", "outcome", *_OF_DIALOGUE, "turn", "speaker", "text", "at", "seconds", *BOT_WORK],
    {"position": "whole", "turn": "whole", "at": "time", "seconds": "number", **BOT_WORK},
    _turn_rows,
)
RATINGS = Table(
    "ratings",
    ["run_id", "session_id", "worker", "condition", "outcome", *_OF_DIALOGUE, "question_id", "question", "value"],
    {"position": "whole", "value": "whole"},
    _rating_rows,
)
