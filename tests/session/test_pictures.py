"""Pictures travel with the session's first update, and stay out of its memory."""

from chateval import wire
from chateval.dialogue import Context, Picture
from chateval.session import Session, SessionRecord
from chateval.session._pictures import with_sources
from chateval.worlds import Consented, ModelChatScript


def session_about(picture: Picture | None) -> Session:
    script = ModelChatScript(("bot",), 1, (), seed=1, contexts=(Context(picture=picture),))
    record = SessionRecord("s1", "1", "7", "1", "1", "W1", "A", "token", "bot", script, 0.0)
    session = Session(record)
    session.apply(session.next_entry(Consented(), 1.0))
    return session


def opened(updates: tuple[wire.Update, ...]) -> wire.DialogueOpened:
    [found] = [update for update in updates if isinstance(update, wire.DialogueOpened)]
    return found


def test_a_page_is_sent_the_picture_and_the_session_keeps_its_id() -> None:
    """Hundreds of sessions about a megabyte each would fill the memory of the study."""
    session = session_about(Picture("1f38", "images/1f38.png", "A dog."))

    sent = with_sources(session.updates, lambda picture_id: f"data:{picture_id}")

    assert opened(sent).picture == wire.PictureView("1f38", "A dog.", "data:1f38")
    assert opened(tuple(session.updates)).picture == wire.PictureView("1f38", "A dog.", "")


def test_where_nobody_has_pictures_updates_are_sent_as_they_are() -> None:
    updates = session_about(None).updates

    assert with_sources(updates, None) == with_sources(updates, str.upper) == tuple(updates)
