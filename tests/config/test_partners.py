"""What a study says of how partners seem, and of partners who are people."""

from typing import TYPE_CHECKING

import pytest

from chateval.config import Delivery

if TYPE_CHECKING:
    from .labs import Lab

PEOPLE = 'alice: {kind: human, wait_seconds: 60}\nbob: {kind: scripted, lines: ["Hello."]}\n'
BLUEPRINT = "mephisto.blueprint."


def needed(conditions: str) -> str:
    return f'{BLUEPRINT}conversations_needed_string="{conditions}"'


@pytest.fixture
def people(lab: "Lab") -> "Lab":
    """A study whose alice is another participant."""
    lab.write("task_config/model_opts.yaml", PEOPLE)
    return lab


def test_a_rhythm_and_streaming_are_off_unless_they_are_asked_for(lab: "Lab") -> None:
    """A study of before must not come to show its bots otherwise."""
    collection = lab.load().collection
    assert collection is not None
    assert collection.delivery == Delivery()


@pytest.mark.parametrize(
    ("rate", "minimum", "text", "seconds"),
    [(0, 0, "x" * 100, 0), (10, 0, "x" * 100, 10), (10, 2, "x", 2), (0, 2, "x" * 100, 2), (10, 2, "", 2)],
)
def test_the_longer_of_rhythm_and_minimum_holds(rate: float, minimum: float, text: str, seconds: float) -> None:
    """A short reply must not come at once, nor a long one at the speed of a short one."""
    assert Delivery(characters_per_second=rate, minimum_seconds=minimum).seconds_for(text) == seconds


def test_streaming_and_a_rhythm_contradict_each_other(lab: "Lab") -> None:
    """Text that appears as it comes shows how fast it comes, which a rhythm is there to hide."""
    text = lab.problem(f"{BLUEPRINT}stream_replies=true", f"{BLUEPRINT}minimum_reply_seconds=2").text
    assert "minimum_reply_seconds" in text
    assert "Set stream_replies to false" in text


def test_a_rhythm_cannot_hurry_a_slow_bot_which_is_said(lab: "Lab") -> None:
    """Otherwise someone would rely on it."""
    [notice] = lab.load(f"{BLUEPRINT}typing_characters_per_second=30").notices
    assert "a bot that takes longer is still seen to be slow" in notice


@pytest.mark.parametrize(
    ("override", "text"),
    [
        (f"{BLUEPRINT}stream_replies=true", "streaming would tell people from bots"),
        ("mephisto.task.max_num_concurrent_units=1", "With one session at a time, nobody ever meets alice"),
        (needed("alice:3,bob:2"), "3 sessions with 'alice' cannot be paired"),
        (needed("alice:1"), "Ask for 2, or for another even number."),
    ],
)
def test_what_leaves_someone_without_a_partner_or_gives_one_away_is_refused(
    people: "Lab", override: str, text: str
) -> None:
    """Whoever waits in vain is paid for it: this must be found before anyone comes."""
    problems = people.problems(needed("alice:4,bob:2"), override)
    assert [text in problem.text for problem in problems] == [True]


def test_an_opening_other_than_a_greeting_is_refused_for_people(people: "Lab") -> None:
    """Both would be asked to begin, or be given the same part to play."""
    override = f"{BLUEPRINT}conversation_start_mode=blended_skill_talk"
    texts = [problem.text for problem in people.problems(needed("alice:4"), override)]
    assert any("Two people can only talk from a greeting on" in text for text in texts)


def test_what_gives_people_away_or_costs_is_said(people: "Lab") -> None:
    """None of it is wrong, and all of it is worth knowing before the study is paid for."""
    notices = " ".join(people.load(needed("alice:4,bob:2")).notices)
    assert "bob may answer at once, which tells them apart" in notices
    assert "minimum_waiting_seconds has every dialogue begin with a wait" in notices
    assert "Whoever waits 60 seconds for a partner in vain is paid" in notices


def test_in_pairs_the_wait_for_a_person_is_longer(people: "Lab") -> None:
    """One is at their first dialogue while the other is at their second."""
    rhythm = (f"{BLUEPRINT}minimum_reply_seconds=3", f"{BLUEPRINT}minimum_waiting_seconds=20")
    overrides = (needed("alice|bob:4"), f"{BLUEPRINT}num_bots=2", *rhythm)
    notices = " ".join(people.load(*overrides).notices)
    assert "wait_seconds should be longer than a dialogue takes" in notices
    assert "tells them apart" not in notices
    assert "minimum_waiting_seconds" not in notices


def test_every_chat_of_a_study_with_people_begins_with_the_same_sign(people: "Lab") -> None:
    """A waiting room that only people have would give them away."""
    collection = people.load(needed("alice:4,bob:2")).collection
    assert collection is not None
    assert collection.delivery.begins_with_waiting
