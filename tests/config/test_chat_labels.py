"""Labels that go with the collection of dialogues."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .labs import Lab

TASKS = "mephisto.blueprint.annotations_config_path=task_config/tasks.yaml"
ONLINE = "mephisto.blueprint.do_interactive_online_annotations"
OFFLINE = "mephisto.blueprint.do_interactive_offline_annotations"
PAIRS = ("mephisto.blueprint.num_bots=2", 'mephisto.blueprint.conversations_needed_string="alice|bob:4"')
PARLAIS = '[{"value": "bucket_0", "name": "Odd", "description": "It makes no sense."}]'


def test_a_task_may_be_done_during_the_chat(lab: "Lab") -> None:
    """The participant labels each turn of the bot as it comes."""
    task = lab.collection(TASKS, f"{ONLINE}=kind").online_task
    assert task is not None
    assert task.id == "kind"


@pytest.mark.parametrize("value", ["[kind,quality]", "[[kind,quality]]"])
def test_tasks_may_be_done_after_a_single_chat(lab: "Lab", value: str) -> None:
    """With one dialogue, the inner brackets are easily forgotten and mean nothing."""
    found = lab.collection(TASKS, f"{OFFLINE}={value}")
    assert [[task.id for task in tasks] for tasks in found.offline_tasks] == [["kind", "quality"]]


def test_comparisons_are_kept_for_when_both_dialogues_are_over(lab: "Lab") -> None:
    """In whichever of the lists they stand, they are asked once."""
    found = lab.collection(TASKS, *PAIRS, f"{OFFLINE}=[[kind,better],[better]]")
    assert [[task.id for task in tasks] for tasks in found.offline_tasks] == [["kind"], []]
    assert [task.id for task in found.pair_tasks] == ["better"]


def test_no_names_are_no_labels(lab: "Lab") -> None:
    """A file of tasks alone asks for nothing, and that is said."""
    study = lab.load(TASKS)
    assert study.collection is not None
    assert (study.collection.online_task, study.collection.offline_tasks) == (None, ((),))
    assert study.notices == ("Without labels to be given, nothing reads annotations_config_path.",)


def test_the_buckets_of_parlai_are_labelled_during_the_chat_without_being_named(lab: "Lab") -> None:
    """As in ParlAI, where the file is all that there is to say."""
    lab.write("task_config/annotations_config.json", PARLAIS)
    study = lab.load("mephisto.blueprint.annotations_config_path=task_config/annotations_config.json")
    assert study.collection is not None
    assert study.collection.online_task is not None
    assert study.collection.online_task.questions[0].id == "buckets"


WRONG = [
    (f"{ONLINE}=kin", "There is no task 'kin' in", "Did you mean 'kind'?"),
    (f"{ONLINE}=qqq", "There is no task 'qqq' in", "It defines: better, kind, quality, ranked."),
    (f"{ONLINE}=quality", "'quality' is about a dialogue as a whole", "tasks about turns: kind, ranked."),
    (f"{ONLINE}=ranked", "'ranked' ranks replies that come with dialogues from a file", "give its ranking options"),
    (f"{OFFLINE}=[qualty]", "There is no task 'qualty'", "Did you mean 'quality'?"),
    (f"{OFFLINE}=[better]", "'better' compares two dialogues, and num_bots is 1", "set num_bots to 2"),
    (f"{OFFLINE}=[[kind],[kind]]", "There are 2 lists of names in it, and num_bots is 1", "Write one list of names"),
    (f"{OFFLINE}=[kind,kind]", "'kind' stands twice in one list", "remove one"),
    (f"{OFFLINE}=[kind,[kind]]", "['kind', ['kind']] will not do", "Write one list of names"),
    (f"{OFFLINE}=[[3]]", "[[3]] will not do", "Write one list of names"),
]


@pytest.fixture(scope="module")
def told(shared_lab: "Lab") -> dict[str, str]:
    return shared_lab.told([override for override, *_ in WRONG], TASKS)


@pytest.mark.parametrize(("override", "fault", "remedy"), WRONG)
def test_a_task_that_cannot_be_done_then_is_told(told: dict[str, str], override: str, fault: str, remedy: str) -> None:
    """Found by the first participant, it would cost their dialogue."""
    assert fault in told[override]
    assert remedy in told[override]


def test_two_dialogues_need_two_lists(lab: "Lab") -> None:
    """Which of the two was meant cannot be guessed."""
    text = lab.problem(TASKS, *PAIRS, f"{OFFLINE}=[kind]").text
    assert "There is 1 list of names in it, and num_bots is 2." in text


def test_names_without_a_file_are_told(lab: "Lab") -> None:
    """An empty path switches labels off, as in ParlAI, and two keys then contradict each other."""
    first, second = lab.problems(f"{ONLINE}=kind", f"{OFFLINE}=[quality]")
    assert "'kind' is named, and annotations_config_path is empty" in first.text
    assert "'quality' is named" in second.text


def test_a_file_of_tasks_that_is_not_there_is_told(lab: "Lab") -> None:
    """It may be ParlAI's, whose labels nobody names: they would silently not be given."""
    assert "cannot be read: No such file" in lab.problem("mephisto.blueprint.annotations_config_path=gone").text
