"""From a journal to labels: whose they are, what they are of, and how they stand."""

import msgspec
import pytest

from chateval import wire
from chateval.analysis import CollectedLabels
from chateval.errors import JournalError
from chateval.session import Entry, collected_session, collected_sessions
from chateval.worlds import Judged, Labelled, ModelChatScript, ScreeningScript, Spoke, StaticAnnotationScript

from ..worlds.players import BETTER, KIND, MOOD, QUALITY, RIGHT, SKY, WRONG, keyed, point  # noqa: TID252
from .labelled import Person, of

CHAT = ModelChatScript(("a", "b"), 1, (), 6, online_task=KIND, offline_tasks=((QUALITY,), ()), pair_tasks=(BETTER,))


def collected(person: Person) -> tuple[CollectedLabels, ...]:
    return collected_session(person.session.record, person.entries).labels


def only(person: Person) -> CollectedLabels:
    [labels] = collected(person)
    return labels


def answered(script: StaticAnnotationScript | ScreeningScript, answers: dict[int, list[str]]) -> Person:
    """Someone who has given these answers to `kind_q`, and not handed them in."""
    person = Person.at(script).consent()
    for turn, value in answers.items():
        person.label(person.part.number, turn, "kind_q", value)
    return person


def test_labels_say_what_they_are_of() -> None:
    labels = only(answered(StaticAnnotationScript((point("d1"),), 0), {3: ["kind"]}))

    assert (labels.purpose, labels.task.id, labels.group_id, labels.dialogue_ids) == ("label", "kind", "g1", ("d1",))
    assert (labels.turns, labels.texts[3], labels.speakers[3]) == ((1, 3, 5), "So what?", "system")
    assert labels.answers == {1: {}, 3: {"kind_q": ["kind"]}, 5: {}}
    assert labels.answered_at.keys() == {(3, "kind_q")}


def test_what_was_handed_in_is_told_from_what_was_begun() -> None:
    """An empty box is an answer only where someone has said that they are done."""
    person = answered(StaticAnnotationScript((point("d1"),), 0), {3: ["kind"]})
    assert not only(person).is_submitted

    person.hand_in()
    assert only(person).is_submitted


@pytest.mark.parametrize("seed", range(4))
def test_a_pair_tells_which_dialogue_was_where(seed: int) -> None:
    """`left` means nothing without it."""
    person = Person.at(StaticAnnotationScript((point("d1", BETTER, MOOD, sources=2),), seed)).consent()
    *single, pair = collected(person)

    assert pair.sources == tuple(person.session.work[0].sources[number] for number in person.sheet.parts[-1].dialogues)
    assert sorted(pair.sources) == [1, 2]
    assert tuple(one.sources for one in single) == tuple((source,) for source in pair.sources)


def test_of_a_training_the_answers_before_the_feedback_are_kept() -> None:
    """After it, everybody has everything right."""
    person = answered(ScreeningScript((keyed(),), 0), dict(WRONG))
    person.hand_in()
    handed_in_at = person.entries[3].at
    person.label(person.part.number, 3, "kind_q", RIGHT[3])
    person.hand_in()
    person.happen(Judged(is_passed=True))
    labels = only(person)

    assert labels.answers[3] == {"kind_q": ["kind"]}
    assert labels.are_right == {1: True, 3: False, 5: True}
    assert labels.answered_at[3, "kind_q"] <= handed_in_at
    assert collected_session(person.session.record, person.entries).verdicts == (True,)


def test_a_gold_unit_is_marked_and_graded() -> None:
    """So that it can be left out of the data, and its worker's care be counted."""
    person = answered(StaticAnnotationScript((keyed(),), 0, is_gold=True), dict(WRONG))
    person.hand_in()

    assert only(person).is_gold
    assert only(person).are_right == {1: True, 3: False, 5: True}


def test_an_attention_check_comes_back_under_its_own_name() -> None:
    person = Person.at(StaticAnnotationScript((point("d1", QUALITY),), 0, (SKY,))).consent()
    [placed] = person.session.work[0].checks
    person.label(placed.part, None, placed.question, "red")
    labels = only(person)

    assert labels.checks == {"sky": (None, False)}
    assert labels.answers[None] == {"sky": "red"}
    assert labels.answered_at.keys() == {(None, "sky")}
    assert {question.id for question in labels.task.questions} == {"sky", "quality_q"}


def chatted() -> Person:
    """Two dialogues, each labelled while it went on; the first has been labelled as a whole too."""
    person = Person.at(CHAT).consent()
    for dialogue in range(2):
        person.happen(Spoke("Hello."))
        assert person.session.ask is not None
        person.label(person.session.work[-1].sheet.parts[0].number, 1, "kind_q", ["kind"])
        person.send(wire.Say(f"s{dialogue}", dialogue, "Hm."))
        person.happen(Spoke("Bye."))
        person.send(wire.Finish(f"f{dialogue}", dialogue))
        if dialogue == 0:
            person.label(person.part.number, None, "quality_q", 4)
            person.hand_in()
    return person


def test_labels_of_a_chat_name_its_dialogue_and_its_bot() -> None:
    person = chatted()
    during, after, during_second, pair = collected(person)

    assert during.dialogue_ids == after.dialogue_ids == ("s1-0",)
    assert (during.bots, during_second.bots) == ((person.session.bots[0],), (person.session.bots[1],))
    assert (during.turns, during.texts) == ((1, 3), {1: "Hello.", 3: "Bye."})
    assert during.answers == {1: {"kind_q": ["kind"]}, 3: {}}
    assert dict(zip(pair.dialogue_ids, pair.bots, strict=True)) == {
        "s1-0": person.session.bots[0],
        "s1-1": person.session.bots[1],
    }


def test_labels_of_a_chat_count_as_handed_in_once_they_are_asked_for_no_longer() -> None:
    """While a dialogue goes on, or a sheet after it lies open, empty boxes may yet be ticked."""
    beginning = Person.at(CHAT).consent()
    beginning.happen(Spoke("Hello."))
    assert [labels.is_submitted for labels in collected(beginning)] == [False]

    assert [labels.is_submitted for labels in collected(chatted())] == [True, True, True, False]


def test_who_has_left_has_handed_in_what_they_handed_in() -> None:
    person = Person.at(StaticAnnotationScript((point("d1"), point("d2")), 0)).consent()
    person.hand_in()
    person.send(wire.Leave("l"))

    assert [labels.is_submitted for labels in collected(person)] == [True, False]


class _Journal:
    """Holds one session."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def histories(self, **_: str) -> list[tuple[object, list[Entry]]]:
        return [(self.person.session.record, self.person.entries)]


def test_a_session_that_makes_no_sense_is_named() -> None:
    """In one sentence, and with what can be done."""
    person = Person.at(StaticAnnotationScript((point("d1"),), 0)).consent()
    person.entries.append(Entry("s1", 2, 0.0, "", Labelled(99, 1, "kind_q", ["kind"])))

    with pytest.raises(JournalError, match="Session s1 does not replay"):
        list(collected_sessions(_Journal(person), "task"))  # type: ignore[arg-type]


def test_a_session_of_before_there_were_labels_has_none() -> None:
    person = Person.at(ModelChatScript(("a",), 1, (), 0)).consent()

    assert collected(person) == ()
    assert of(msgspec.structs.replace(CHAT, online_task=None)).script.checks == ()  # type: ignore[union-attr]
