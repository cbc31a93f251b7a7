"""A finished session as plain data: for Mephisto's record of the unit and for `chat_data_folder`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chateval.session import Entry, Session
from chateval.worlds import Outcome, Rated, Submitted


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
    """Dialogues in the order held, each with its bot, turns (`[speaker, utterance]`) and ratings, and the comment."""
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
            }
            for number, bot in enumerate(session.bots)
        ],
        "comment": comments[0] if comments else "",
    }
