"""Between sessions and bots: what is asked, and what an answer means."""

from collections.abc import Callable

from chateval.bots import Reply, Request
from chateval.session._session import Session
from chateval.worlds import AskBot, Event, PartnerFinished, Spoke


def request_for(
    session: Session, ask: AskBot, *, claim: str = "", is_here: Callable[[], bool] = lambda: True
) -> Request:
    """`claim` is the dialogue of a person who has heard this one's, in case this one has heard nobody yet."""
    return Request(
        session.dialogue_id(ask.dialogue),
        session.turns(ask.dialogue),
        session.context(ask.dialogue),
        session.record.worker_name,
        session.source(ask.dialogue) or claim,
        is_here,
    )


def said_by(reply: Reply) -> Event:
    if reply.ends_dialogue:
        return PartnerFinished()
    return Spoke(
        reply.text,
        seconds=reply.seconds,
        first_text_seconds=reply.first_text_seconds,
        usage=reply.usage,
        source=reply.source,
        attempts=reply.attempts,
    )
