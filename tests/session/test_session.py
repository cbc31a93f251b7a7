"""Sessions: what is taken, what is refused, and that a replay gives the same session."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chateval import wire
from chateval.session import Accepted, Duplicate, Entry, Refusal, Session
from chateval.worlds import AskBot, AskPerson, Left, Outcome, Spoke, TimedOut

from .conftest import record


def take(session: Session, message: wire.SessionMessage) -> Accepted | Duplicate | Refusal:
    """Take a message, and apply it as if it had been committed."""
    verdict = session.take(message, 1_001.0)
    if isinstance(verdict, Accepted):
        session.apply(verdict.entry)
    return verdict


def say_as_bot(session: Session, text: str = "hello") -> None:
    session.apply(session.next_entry(Spoke(text), 1_002.0))


def chatting(turns: int = 0) -> Session:
    """A session in which the person has said so much, and is to speak."""
    session = Session(record())
    take(session, wire.Consent("c"))
    say_as_bot(session)
    for number in range(turns):
        take(session, wire.Say(f"m{number}", 0, f"line {number}"))
        say_as_bot(session)
    return session


def test_a_duplicate_is_told_apart_and_changes_nothing() -> None:
    """Pages send again what they have not seen acknowledged; nobody's words may appear twice."""
    session = chatting(1)
    before = list(session.updates)

    assert isinstance(take(session, wire.Say("m0", 0, "line 0")), Duplicate)
    assert session.updates == before


def test_a_turn_of_one_s_own_carries_the_page_s_id() -> None:
    assert any(isinstance(u, wire.Turn) and u.id == "m0" and u.text == "line 0" for u in chatting(1).updates)


@pytest.mark.parametrize(
    "message",
    [
        wire.Say("x", 0, "   "),
        wire.Say("x", 1, "to a dialogue that is not open"),
        wire.Finish("x", 0),
        wire.Consent("x"),
        wire.Answer("x", 0, {"rating_1": 3}),
        wire.Submit("x"),
    ],
)
def test_what_is_not_asked_for_is_refused_with_a_sentence(message: wire.SessionMessage) -> None:
    session = chatting()
    before = list(session.updates)

    verdict = take(session, message)

    assert isinstance(verdict, Refusal)
    assert verdict.text.endswith(".")
    assert session.updates == before


def test_speaking_out_of_turn_is_refused() -> None:
    session = chatting()
    take(session, wire.Say("m", 0, "first"))

    assert isinstance(session.ask, AskBot)
    assert isinstance(take(session, wire.Say("n", 0, "second")), Refusal)


@pytest.mark.parametrize("answers", [{}, {"rating_1": 0}, {"rating_1": 6}, {"rating_1": 3, "other": 3}, {"other": 3}])
def test_ratings_must_answer_each_question_on_its_scale(answers: dict[str, int]) -> None:
    session = chatting(2)
    take(session, wire.Finish("f", 0))

    assert isinstance(take(session, wire.Answer("a", 0, answers)), Refusal)
    assert isinstance(take(session, wire.Answer("a", 0, {"rating_1": 5})), Accepted)


def test_nothing_is_taken_after_the_end() -> None:
    session = chatting(2)
    for message in (wire.Finish("f", 0), wire.Answer("a", 0, {"rating_1": 5}), wire.Submit("s")):
        take(session, message)

    assert session.outcome is Outcome.COMPLETED
    assert isinstance(take(session, wire.Leave("l")), Refusal)
    assert isinstance(take(session, wire.Submit("s")), Duplicate)


def test_updates_are_numbered_from_one_without_gaps() -> None:
    """A page asks for what comes after the last number that it has."""
    numbers = [update.seq for update in chatting(5).updates]

    assert numbers == list(range(1, len(numbers) + 1))


VISIBLE = st.characters(exclude_categories=["Cs", "Cc"])


@given(
    st.lists(st.text(VISIBLE, min_size=1).filter(str.strip), max_size=8), st.sampled_from([None, Left(), TimedOut()])
)
def test_a_replay_gives_the_same_session(lines: list[str], ending: Left | TimedOut | None) -> None:
    """Recovery, reload and a second device are all this one property."""
    session, entries = Session(record()), list[Entry]()

    def commit(entry: Entry) -> None:
        entries.append(entry)
        session.apply(entry)

    verdict = session.take(wire.Consent("c"), 1_001.0)
    assert isinstance(verdict, Accepted)
    commit(verdict.entry)
    commit(session.next_entry(Spoke("hello"), 1_002.0))
    for number, line in enumerate(lines):
        assert isinstance(session.ask, AskPerson)
        verdict = session.take(wire.Say(f"m{number}", 0, line), 1_003.0)
        assert isinstance(verdict, Accepted)
        commit(verdict.entry)
        commit(session.next_entry(Spoke(f"reply {number}"), 1_004.0))
    if ending is not None:
        commit(session.next_entry(ending, 1_005.0))

    again = Session.replay(session.record, entries)

    assert (again.updates, again.ask, again.outcome) == (session.updates, session.ask, session.outcome)
    assert isinstance(again.take(wire.Consent("c"), 9_999.0), Duplicate)


def test_a_gap_in_the_journal_is_noticed() -> None:
    session = chatting()

    with pytest.raises(ValueError, match="does not follow"):
        session.apply(Entry("s1", 99, 0.0, "", Left()))
