"""Between sessions and bots: what is asked, and what an answer means."""

from chateval.bots import Reply, Request
from chateval.session._session import Session
from chateval.worlds import AskBot, Event, PartnerFinished, Spoke


def request_for(session: Session, ask: AskBot) -> Request:
    return Request(
        session.dialogue_id(ask.dialogue),
        session.turns(ask.dialogue),
        session.context(ask.dialogue),
        session.record.worker_name,
    )


def said_by(reply: Reply) -> Event:
    if reply.ends_dialogue:
        return PartnerFinished()
    return Spoke(reply.text, usage=reply.usage, source=reply.source)
