"""A finished session as plain data: for Mephisto's record of the unit and for `chat_data_folder`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from chateval.annotation import Part
from chateval.session import Entry, Session
from chateval.worlds import LabelWork, Outcome, Rated, Submitted


@dataclass(frozen=True)
class Ending:
    """How a session ended; times are in seconds since the epoch."""

    outcome: Outcome
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    started_at: float
    ended_at: float


def ending(session: Session, entries: Sequence[Entry]) -> Ending:
    """Sum up a session that has ended."""
    if session.outcome is None:
        raise ValueError(f"Session {session.record.session_id} has not ended.")
    return Ending(
        outcome=session.outcome,
        inputs=session_inputs(session),
        outputs=session_outputs(session, entries),
        started_at=session.record.created_at,
        ended_at=session.last_at,
    )


def session_inputs(session: Session) -> dict[str, Any]:
    record = session.record
    return {"condition": record.condition, "bots": list(session.bots), "seed": record.script.seed}


def session_outputs(session: Session, entries: Sequence[Entry]) -> dict[str, Any]:
    """Dialogues in the order held (bot, `[speaker, utterance]` turns, ratings), what was labelled, and the comment."""
    ratings = [entry.event.answers for entry in entries if isinstance(entry.event, Rated)]
    comments = [entry.event.comment for entry in entries if isinstance(entry.event, Submitted)]
    return {
        "outcome": session.outcome.value if session.outcome else None,
        "dialogues": [
            {
                "dialogue_id": session.dialogue_id(number),
                "bot": bot,
                "turns": [[turn.speaker.value, turn.text] for turn in session.turns(number)],
                "ratings": ratings[number] if number < len(ratings) else {},
                **_of_context(session, number),
            }
            for number, bot in enumerate(session.bots)
        ],
        "labels": [_labels(part, work) for work in session.work for part in work.sheet.parts],
        "comment": comments[0] if comments else "",
    }


def _of_context(session: Session, number: int) -> dict[str, Any]:
    """What a dialogue began with, and what was not acceptable in it: texts after commas, None where not looked at."""
    context, found = session.context(number), session.violations(number)
    return {
        "context_id": context.id,
        "person_persona": list(context.person_persona),
        "bot_persona": list(context.bot_persona),
        "background": context.background,
        "picture": None if context.picture is None else asdict(context.picture),
        "opening_turns": len(session.opening(number)),
        "acceptability_violations": None if found is None else ",".join(found),
    }


def _labels(part: Part, work: LabelWork) -> dict[str, Any]:
    """One task on one dialogue or pair: answers by turn, the empty name standing for the whole."""
    answers: dict[str, Any] = {
        "" if turn is None else str(turn): msgspec.to_builtins(given)
        for turn, given in work.sheet.answers(part.number).items()
    }
    return {
        "task": part.task.id,
        "purpose": work.purpose,
        "dialogue_id": work.datapoint.dialogue_id if work.datapoint is not None else None,
        "dialogues": list(part.dialogues),
        "sources": [work.sources.get(dialogue, 1) for dialogue in part.dialogues],
        "answers": answers,
    }
