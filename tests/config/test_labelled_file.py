"""Studies in which people label dialogues from a file."""

import hashlib
from typing import TYPE_CHECKING

import pytest

from chateval.config import Quota

from .labs import TASKS, datapoint, lines_of

if TYPE_CHECKING:
    from .labs import Lab

UNITS = "task_config/kindness_units.json"
DATA = "task_config/kindness.jsonl"


def test_groups_and_units_are_read_from_the_files(lab: "Lab") -> None:
    """Each group is a unit for as many people as the file says."""
    study = lab.load(conf="kindness")
    assert study.quotas == (Quota("g1", 3), Quota("g2", 2))
    assert study.annotation is not None
    assert [task.id for task in study.annotation.groups[0].datapoints[0].tasks] == ["kind", "quality"]
    assert (study.collection, study.bots) == (None, ())


def test_the_whole_session_is_for_labels_unless_a_limit_is_given(lab: "Lab") -> None:
    """Five minutes, ParlAI's default for the questions after a chat, would end most units half done."""
    assert lab.load(conf="kindness").limits.answer_seconds == 1800
    given = lab.load("mephisto.blueprint.annotation_duration_in_seconds=60", conf="kindness")
    assert given.limits.answer_seconds == 60


def test_a_group_for_nobody_is_kept_out_of_the_quotas(lab: "Lab") -> None:
    """A zero is how one leaves a dialogue out without touching the data."""
    lab.write(UNITS, '{"g1": 0, "g2": 1}')
    study = lab.load(conf="kindness")
    assert study.quotas == (Quota("g2", 1),)
    assert study.annotation is not None
    assert study.annotation.units == {"g1": 0, "g2": 1}


def test_without_a_file_of_units_each_group_is_for_one(lab: "Lab") -> None:
    """Said, since agreement between people could then not be measured."""
    (lab.folder / UNITS).unlink()
    study = lab.load(conf="kindness")
    assert study.quotas == (Quota("g1", 1), Quota("g2", 1))
    assert "One person labels each group (2 in all)" in study.notices[0]
    assert 'kindness_units.json could, as in {"g1": 3}' in study.notices[0]


def test_names_that_stand_for_trainings_and_golds_are_refused(lab: "Lab") -> None:
    """A group that is called like a gold unit would be handed out as one."""
    data = lab.folder / DATA
    data.write_text(data.read_text().replace('"g1"', '"@gold/g1"'))
    texts = [problem.text for problem in lab.problems(conf="kindness")]
    assert any("begins with @" in text for text in texts)


def test_a_name_that_no_file_can_have_is_no_trouble(lab: "Lab") -> None:
    """A task's name is free text."""
    (lab.folder / UNITS).unlink()
    name = "long/" + "l" * 300
    assert lab.load(f"mephisto.task.task_name={name}", conf="kindness").quotas == (Quota("g1", 1), Quota("g2", 1))
    assert lab.load(f"mephisto.task.task_name={name[5:]}", conf="kindness").quotas[0].needed == 1


@pytest.mark.parametrize("name", ["kindness_units.json", "other_units.json", "study_units.json"])
def test_units_are_found_by_the_name_of_the_data_or_of_the_task(lab: "Lab", name: str) -> None:
    """Studies share data, and variants for one machine share everything."""
    (lab.folder / UNITS).rename(lab.folder / "task_config" / name)
    (lab.folder / DATA).rename(lab.folder / "task_config" / "kindness_local.jsonl")
    overrides = ["mephisto.blueprint.data_jsonl=task_config/kindness_local.jsonl"]
    task_name = {"other_units.json": "other", "study_units.json": "study_local"}.get(name, "x")
    study = lab.load(*overrides, f"mephisto.task.task_name={task_name}", conf="kindness")
    assert study.quotas == (Quota("g1", 3), Quota("g2", 2))


@pytest.mark.parametrize(
    ("units", "texts"),
    [
        ('{"g1": 1, "g2": 1, "g11": 1}', ["names groups that", "has not: 'g11'. Did you mean 'g1'?"]),
        ('{"g1": 1}', ["does not say how many people label 'g2'", "0 leaves it out"]),
        ('{"g1": 0, "g2": 0}', ["has 0 for every group"]),
        ('{"g1": -1, "g2": 1}', ["-1 is no number of people"]),
    ],
)
def test_units_that_do_not_fit_the_data_are_told(lab: "Lab", units: str, texts: list[str]) -> None:
    """A group that nobody labels is found out when the study is over."""
    lab.write(UNITS, units)
    told = lab.problem(conf="kindness")
    for text in texts:
        assert text in f"{told}"


def test_all_that_is_wrong_with_the_data_is_told_with_its_line(lab: "Lab") -> None:
    """Unknown tasks, and comparisons of one dialogue with nothing."""
    lab.write(DATA, lines_of(datapoint("g1", "kinda"), datapoint("g2", "better")))
    first, second = lab.problems(conf="kindness")
    assert first.where.endswith("kindness.jsonl, line 1")
    assert "Did you mean 'kind'?" in first.text
    assert "compares two dialogues, but there is one" in second.text


@pytest.mark.parametrize("key", ["annotations_config_path", "data_jsonl"])
def test_a_study_of_labels_needs_both_files(lab: "Lab", key: str) -> None:
    """Named, and there."""
    named = lab.problem(f"mephisto.blueprint.{key}=gone", conf="kindness")
    assert named.where == f"command line, mephisto.blueprint.{key}=gone"
    assert "gone cannot be read: No such file" in named.text
    missing = lab.problem(f"~mephisto.blueprint.{key}", conf="kindness")
    assert f"Write {key}: and the file's path" in missing.text


def test_faults_of_the_tasks_are_told_with_their_place(lab: "Lab") -> None:
    """A slip in a definition must not wait for the first worker."""
    lab.write("task_config/tasks.yaml", TASKS.replace("kind: scale", "kind: scales"))
    problem = lab.problem(conf="kindness")
    assert "tasks.yaml" in problem.where
    assert "quality" in f"{problem}"


def test_missing_files_of_several_features_are_told_at_once(lab: "Lab") -> None:
    """Even where the tasks, by which they would be read, are missing too."""
    keys = ["annotations_config_path", "data_jsonl", "screen_json", "gold_jsonl", "attention_checks_path"]
    named = [f"mephisto.blueprint.{key}=gone" for key in keys]
    on = ["use_screening_task=true", "passed_qualification_name=a", "use_golds=true", "gold_qualification_base=b"]
    problems = lab.problems(*named, *(f"mephisto.blueprint.{override}" for override in on), conf="kindness")
    assert [problem.where for problem in problems] == [f"command line, {override}" for override in named]


def test_the_hash_changes_with_the_data_and_not_with_the_instructions(lab: "Lab") -> None:
    """Two runs on different dialogues are different studies, however alike their YAML; a typo is none."""
    before = lab.load(conf="kindness")
    data = (lab.folder / DATA).read_bytes()
    assert before.resolved["files"]["data_jsonl"] == hashlib.sha256(data).hexdigest()
    lab.write("task_config/instructions/kind.md", "Other words.")
    assert lab.load(conf="kindness").config_hash == before.config_hash
    lab.write(UNITS, '{"g1": 3, "g2": 3}')
    assert lab.load(conf="kindness").config_hash != before.config_hash


def test_the_hash_changes_with_a_definition_that_is_used(lab: "Lab") -> None:
    """People who were asked something else gave other data; what else the file defines is no matter."""
    before = lab.load(conf="kindness")
    lab.write("task_config/tasks.yaml", TASKS.replace("[left, right]", "[first, second]"))
    assert lab.load(conf="kindness").config_hash == before.config_hash
    lab.write("task_config/tasks.yaml", TASKS.replace("This is kind.", "This is very kind."))
    assert lab.load(conf="kindness").config_hash != before.config_hash


def test_texts_about_chatting_are_not_shown_to_those_who_label(lab: "Lab") -> None:
    """But what a study names or writes for them is."""
    lab.write("task_config/chat_startup_instructions.html", "<p>Chat!</p>")
    assert "Chat!" not in lab.load(conf="kindness").page.instructions_html
    lab.write("task_config/label_startup_instructions.html", "<p>Label!</p>")
    assert lab.load(conf="kindness").page.instructions_html == "<p>Label!</p>"
    named = "mephisto.blueprint.chat_startup_instructions_path=task_config/chat_startup_instructions.html"
    assert lab.load(named, conf="kindness").page.instructions_html == "<p>Chat!</p>"
