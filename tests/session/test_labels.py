"""Labels in sessions: what is taken, what is refused, what is told when, and that a replay gives the same."""

import random
import sys
from statistics import mode

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chateval import wire
from chateval.annotation import Datapoint
from chateval.session import (
    Accepted,
    Duplicate,
    Entry,
    Refusal,
    Session,
    SessionRecord,
    collected_session,
    judge_by_files,
    last_outcome,
)
from chateval.worlds import (
    AskBot,
    AskForLabels,
    AskPerson,
    Judged,
    Outcome,
    Spoke,
    StaticAnnotationScript,
    grade_of,
)

from ..worlds.players import KIND, MOOD, QUALITY, RIGHT, SECRET, WRONG, keyed, point, shown  # noqa: TID252
from .labelled import CHAT, GOLD, SCRIPTS, TRAINING, Person, live_on

ONE = StaticAnnotationScript((point("d1", KIND),), 0)
REQUIRED = StaticAnnotationScript((point("d1", MOOD),), 0)


def state(session: Session) -> tuple[object, ...]:
    """All that anyone can see of a session."""
    answers = [work.sheet.answers(part.number) for work in session.work for part in work.sheet.parts]
    return session.updates, type(session.ask), session.outcome, session.verdicts, answers, session.last_at


@pytest.mark.parametrize("name", SCRIPTS)
@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_a_replay_gives_the_same_session(name: str, seed: int) -> None:
    """Whatever was answered, taken back, refused, passed, failed or walked out of: the journal holds all of it."""
    person, draw = Person.at(SCRIPTS[name]), random.Random(seed)
    for _ in range(150):
        if person.session.outcome is not None:
            break
        live_on(person, draw)
    stored = msgspec.json.decode(msgspec.json.encode(person.entries), type=list[Entry])
    record = msgspec.json.decode(msgspec.json.encode(person.session.record), type=SessionRecord)

    again = Session.replay(record, stored)

    assert state(again) == state(person.session)
    assert last_outcome(record, stored) is again.outcome
    assert not any(last_outcome(record, stored[:end]) for end in range(len(stored)))
    assert all(isinstance(again.take(message, 9_999.0), Duplicate) for message in person.sent)
    assert collected_session(record, stored).outcome == (again.outcome or "")


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_world_can_be_lived_to_its_end(name: str) -> None:
    """Else the test above would replay beginnings alone."""
    outcomes = set()
    for seed in range(60):
        person, draw = Person.at(SCRIPTS[name]), random.Random(seed)
        for _ in range(400):
            if person.session.outcome is None:
                live_on(person, draw)
        outcomes.add(person.session.outcome)

    wanted = {
        "training": {Outcome.QUALIFIED, Outcome.NOT_QUALIFIED},
        "chat": {Outcome.COMPLETED, Outcome.NOT_QUALIFIED},
    }
    assert wanted.get(name, {Outcome.COMPLETED}) <= outcomes


def test_a_duplicate_changes_nothing() -> None:
    """A page sends again what it has not seen acknowledged, and older answers must not overwrite newer ones."""
    person = Person.at(ONE).consent()
    number = person.part.number
    first = wire.Label("first", number, 1, "kind_q", ["kind"])
    person.send(first)
    person.label(number, 1, "kind_q", ["rude"])
    before = state(person.session)

    assert isinstance(person.send(first), Duplicate)
    assert state(person.session) == before


def test_an_answer_that_is_saved_is_shown_with_the_page_s_own_id() -> None:
    person = Person.at(ONE).consent()
    person.send(wire.Label("mine", person.part.number, 1, "kind_q", ["kind"]))

    update = person.session.updates[-1]
    assert isinstance(update, wire.Labelled)
    assert (update.turn, update.question, update.value, update.id) == (1, "kind_q", ["kind"], "mine")


def test_what_nobody_can_see_is_not_kept_of_a_text() -> None:
    """Databases and table programs trip over it."""
    person = Person.at(StaticAnnotationScript((point("d1", MOOD),), 0)).consent()
    person.label(person.part.number, 1, "mood_q", "glad")
    person.label(person.part.number, 1, "why.reason", "a\0b\x1bc\n")

    assert person.session.updates[-1].value == "abc\n"  # type: ignore[union-attr]


def test_with_an_answer_comes_how_long_it_took() -> None:
    person = Person.at(ONE).consent()
    number = person.part.number
    person.send(wire.Label("a", number, 1, "kind_q", ["kind"], (wire.Spent(number, 1, 2.5, 1.0),)))
    person.send(wire.SubmitLabels("b", (wire.Spent(number, 3, 4.0),)))

    [labels] = collected_session(person.session.record, person.entries).labels
    assert {turn: (times.active_seconds, times.idle_seconds) for turn, times in labels.times.items()} == {
        1: (2.5, 1.0),
        3: (4.0, 0.0),
    }


@pytest.mark.parametrize(
    ("turn", "question", "value"),
    [
        (0, "kind_q", ["kind"]),
        (99, "kind_q", ["kind"]),
        (None, "kind_q", ["kind"]),
        (1, "other_q", ["kind"]),
        (1, "kind_q.reason", "because"),
        (1, "kind_q", ["unkind"]),
        (1, "kind_q", "kind"),
        (1, "kind_q", 1),
        (1, "kind_q", [wire.LabelSpan(0, 2)]),
    ],
)
def test_an_answer_that_fits_nothing_is_refused_with_a_sentence(
    turn: int | None, question: str, value: wire.LabelValue
) -> None:
    person = Person.at(ONE).consent()
    before = state(person.session)

    verdict = person.label(person.part.number, turn, question, value)

    assert isinstance(verdict, Refusal)
    assert verdict.text.endswith(".")
    assert state(person.session) == before


def test_an_answer_to_a_part_that_is_not_asked_for_is_refused() -> None:
    """Neither one of nowhere, nor one of a dialogue that was handed in before."""
    person = Person.at(StaticAnnotationScript((point("d1"), point("d2")), 0)).consent()
    handed_in = person.part.number
    person.hand_in()

    assert isinstance(person.label(handed_in, 1, "kind_q", ["kind"]), Refusal)
    assert isinstance(person.label(10_000, 1, "kind_q", ["kind"]), Refusal)
    assert isinstance(person.label(person.part.number, 1, "kind_q", ["kind"]), Accepted)


def test_labels_are_taken_only_while_they_are_asked_for() -> None:
    person = Person.at(ONE)
    label = wire.Label("x", 0, 1, "kind_q", ["kind"])

    assert isinstance(person.send(label), Refusal)
    person.consent().hand_in()
    assert isinstance(person.send(label), Refusal)
    person.send(wire.Submit("s"))
    assert person.session.outcome is Outcome.COMPLETED
    assert isinstance(person.send(label), Refusal)


def test_handing_in_says_what_is_missing_and_where() -> None:
    person = Person.at(REQUIRED).consent()
    number = person.part.number

    first = person.hand_in()
    person.label(number, 1, "mood_q", "sad")
    person.label(number, 3, "mood_q", "glad")
    second = person.hand_in()

    assert isinstance(first, Refusal)
    assert first.text == "3 turns are still without all answers, the first of them turn 2."
    assert isinstance(second, Refusal)
    assert second.text == "2 turns are still without all answers, the first of them turn 4."


def test_handing_in_what_is_whole_is_taken() -> None:
    person = Person.at(REQUIRED).consent()
    for turn in (1, 3, 5):
        person.label(person.part.number, turn, "mood_q", "sad")
        person.label(person.part.number, turn, "again", "no")

    assert isinstance(person.hand_in(), Accepted)


def test_of_several_parts_the_one_that_lacks_something_is_named() -> None:
    person = Person.at(StaticAnnotationScript((point("d1", KIND, MOOD, QUALITY),), 0)).consent()
    numbers = {part.task.id: part.number for part in person.sheet.parts}
    at = [*numbers].index("mood") + 1
    refusal = person.hand_in()
    assert isinstance(refusal, Refusal)
    assert refusal.text == f"4 turns are still without all answers, the first of them turn 2 in part {at} of 3."

    for turn in (1, 3, 5):
        person.label(numbers["mood"], turn, "mood_q", "glad")
        person.label(numbers["mood"], turn, "why", "joke")
    refusal = person.hand_in()
    assert isinstance(refusal, Refusal)
    assert refusal.text == "1 question is still open, the first of them about the dialogue in part 3 of 3."


# Training


def practised(*, is_right: bool) -> Person:
    """Someone who has handed in the first dialogue of a training."""
    person = Person.at(TRAINING).consent()
    for turn, value in (RIGHT if is_right else WRONG).items():
        person.label(person.part.number, turn, "kind_q", value)
    person.hand_in()
    return person


def test_a_correction_is_not_over_before_everything_is_right() -> None:
    """That is how people come to read the explanations."""
    person = practised(is_right=False)
    assert isinstance(person.session.ask, AskForLabels)
    assert person.session.ask.mode == "correction"

    refusal = person.hand_in()
    assert isinstance(refusal, Refusal)
    assert refusal.text == "1 turn is still to be put right before you go on."

    person.label(person.part.number, 3, "kind_q", RIGHT[3])
    assert isinstance(person.hand_in(), Accepted)


def test_feedback_comes_after_the_answers_and_of_these_alone() -> None:
    person = practised(is_right=False)
    feedback = [update for update in person.session.updates if isinstance(update, wire.FeedbackGiven)]

    assert [one.mistakes for one in feedback] == [1]
    assert [(item.turn, item.is_right) for item in feedback[0].items] == [(1, True), (3, False), (5, True)]
    assert feedback[0].items[1].alternatives == ({"kind_q": ["rude"]},)


def marked(name: str) -> Datapoint:
    """A training dialogue whose explanations say which it is."""
    whole = keyed(name)
    keys = {turn: msgspec.structs.replace(key, explanation=f"MARKED-{name}") for turn, key in whole.keys.items()}
    return msgspec.structs.replace(whole, keys=keys)


def told(session: Session) -> str:
    return wire.encode_to_page(wire.Updates(tuple(session.updates)))


KEY_WORDS = ("explanation", "alternatives", "is_right", "allowed", "keys", "is_gold", "sky", SECRET, "MARKED")


def test_nothing_of_a_key_is_told_before_the_answers_are_handed_in() -> None:
    """Whoever opens the browser's tools sees what we send."""
    person = Person.at(msgspec.structs.replace(TRAINING, datapoints=(marked("one"), marked("two")))).consent()
    for turn, value in WRONG.items():
        person.label(person.part.number, turn, "kind_q", value)
    assert not any(word in told(person.session) for word in KEY_WORDS)

    person.hand_in()
    assert "MARKED-one" in told(person.session)
    assert "MARKED-two" not in told(person.session)

    person.label(person.part.number, 3, "kind_q", RIGHT[3])
    person.hand_in()
    assert "MARKED-two" not in told(person.session)


def test_nothing_of_a_gold_unit_s_key_is_ever_told() -> None:
    person = Person.at(GOLD).consent()
    for turn, value in WRONG.items():
        person.label(person.part.number, turn, "kind_q", value)
    person.hand_in()
    person.send(wire.Submit("s"))

    assert person.session.outcome is Outcome.COMPLETED
    assert not any(word in told(person.session) for word in KEY_WORDS)


def test_a_failed_onboarding_tells_how_many_mistakes_and_no_answers() -> None:
    """The same dialogues come again."""
    person = Person.at(CHAT).consent()
    for turn, value in WRONG.items():
        person.label(person.part.number, turn, "kind_q", value)
    person.hand_in()
    person.happen(Judged(is_passed=False))

    feedback = [update for update in person.session.updates if isinstance(update, wire.FeedbackGiven)]
    assert [(one.mistakes, one.items) for one in feedback] == [(1, ())]
    assert SECRET not in told(person.session)


def test_where_no_rule_is_set_the_files_own_limits_decide() -> None:
    person = practised(is_right=False)
    [grade] = grade_of(person.session.work[0]).values()

    assert not judge_by_files(person.session, (grade,)).is_passed
    assert judge_by_files(person.session, (msgspec.structs.replace(grade, allowed_mistakes=1),)).is_passed
    assert not judge_by_files(person.session, ()).is_passed


# While chatting


def chatting() -> Person:
    """Someone whose partner has spoken, and whose first turn is to be labelled."""
    script = msgspec.structs.replace(CHAT, onboarding=None)
    person = Person.at(script).consent()
    person.happen(Spoke("Hello."))
    return person


def online_part(person: Person) -> int:
    assert isinstance(person.session.ask, AskPerson | AskBot)
    assert person.session.ask.sheet is not None
    return person.session.ask.sheet.parts[0].number


def test_a_required_label_holds_the_next_message_back() -> None:
    """It is asked while the memory is fresh, so it cannot wait until the end."""
    person = chatting()
    refusal = person.send(wire.Say("s", 0, "Well."))
    assert isinstance(refusal, Refusal)
    assert refusal.text.endswith(".")

    person.label(online_part(person), 1, "mood_q", "sad")
    assert isinstance(person.send(wire.Say("s", 0, "Well.")), Accepted)


def test_a_label_does_not_ask_anew() -> None:
    """What is asked stays the very same, and with it everything that runs since: limits, a bot's reply."""
    person = chatting()
    ask, asked_at, number = person.session.ask, person.session.asked_at, online_part(person)
    person.label(number, 1, "mood_q", "sad")

    assert person.session.ask is ask
    assert person.session.asked_at == asked_at
    assert isinstance(person.session.updates[-1], wire.Labelled)


def test_earlier_turns_can_be_labelled_while_the_partner_writes() -> None:
    person = chatting()
    number = online_part(person)
    person.label(number, 1, "mood_q", "sad")
    person.send(wire.Say("s", 0, "Well."))
    ask = person.session.ask
    assert isinstance(ask, AskBot)

    assert isinstance(person.label(number, 1, "mood_q", "glad"), Accepted)
    assert person.session.ask is ask
    assert isinstance(person.label(number, 3, "mood_q", "glad"), Refusal)


# Work


def test_a_label_costs_the_same_late_as_early() -> None:
    """Counted in calls and in what pages are sent, for time tells little: 400 turns, 1,000 answers."""
    texts = tuple(f"line {number}" for number in range(400))
    datapoint = msgspec.structs.replace(point("long", KIND, MOOD), dialogues=(shown(1, texts),))
    person = Person.at(StaticAnnotationScript((datapoint,), 0)).consent()
    numbers = {part.task.id: part.number for part in person.sheet.parts}
    work = list[tuple[int, int]]()
    for answer in range(1_000):
        seen = len(person.session.updates)
        calls = _calls(person, wire.Label(f"l{answer}", numbers["mood"], 1 + 2 * (answer % 200), "mood_q", "sad"))
        sent = len(wire.encode_to_page(wire.Updates(tuple(person.session.updates[seen:]))))
        work.append((calls, sent))

    # A few are off: the collector of garbage comes by.
    early, late = (mode(calls for calls, _ in some) for some in (work[:200], work[-200:]))
    assert early == late
    assert max(sent for _, sent in work) < min(sent for _, sent in work) + 20


def _calls(person: Person, message: wire.SessionMessage) -> int:
    """How many calls taking a message takes, Python's and C's."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        verdict = person.session.take(message, 1_001.0)
        assert isinstance(verdict, Accepted)
        person.session.apply(verdict.entry)
    finally:
        sys.setprofile(None)
    return count
