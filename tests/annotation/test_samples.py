"""The sample dialogues of previews fit every kind of task."""

from pathlib import Path

import pytest

from chateval.annotation import DialogueTask, Ranking, Scale, TurnTask, read_tasks, sample_datapoint, selected_turns
from chateval.dialogue import Speaker

TASKS = read_tasks(Path(__file__).parents[2] / "task_config" / "annotation_buckets.json")


@pytest.mark.parametrize("name", sorted(TASKS))
def test_each_built_in_label_has_something_to_be_shown_on(name: str) -> None:
    task = TASKS[name]

    shown = sample_datapoint(task)

    assert len(shown.dialogues) == (2 if name.endswith("_comparative") else 1)
    assert shown.tasks == (task,)
    if isinstance(task, TurnTask):
        assert len(selected_turns(task.turns, len(shown.dialogues[0].turns))) >= 3


def test_people_and_bots_take_turns_and_a_person_begins() -> None:
    """As in real data, since the rule `odd` would pick the wrong ones otherwise."""
    for dialogue in sample_datapoint(TASKS["quality_comparative"]).dialogues:
        assert [turn.speaker for turn in dialogue.turns] == [Speaker.USER, Speaker.SYSTEM] * 4


def test_the_two_dialogues_of_a_pair_differ() -> None:
    left, right = sample_datapoint(TASKS["quality_comparative"]).dialogues

    assert left.turns != right.turns
    assert (left.source, right.source) == (1, 2)


def test_a_ranking_of_replies_has_replies_to_what_a_person_said() -> None:
    shown = sample_datapoint(DialogueTask(id="t", questions=(Ranking(id="q"),)))

    assert len(shown.replies) >= 2
    assert shown.dialogues[0].turns[-1].speaker is Speaker.USER


def test_a_persona_is_shown_only_where_it_is_asked_about() -> None:
    """Elsewhere it would be one more thing to read, and to wonder at."""
    assert sample_datapoint(TASKS["consistency_label_withprofile"]).bot_persona != ()
    assert sample_datapoint(TASKS["consistency_label"]).bot_persona == ()
    assert sample_datapoint(TASKS["personal_information"]).bot_persona == ()


def test_samples_hold_no_keys() -> None:
    assert sample_datapoint(TurnTask(id="t", questions=(Scale(id="q"),))).keys == {}
