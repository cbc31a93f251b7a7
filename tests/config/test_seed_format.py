"""A study written for the seed platform, in its keys and its layout, must run here as it stands."""

from pathlib import Path

import pytest

from chateval.annotation import MistakesRule
from chateval.config import Condition, ParlAIBot, Quota, Server, Study, load_study

SEEDS = Path(__file__).parent / "seed_studies"


@pytest.fixture(scope="module")
def task_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the studies with an agent of its own in it, outside of the checkout."""
    folder = tmp_path_factory.mktemp("seeds")
    agent = folder / "parlai_internal/agents/examplebot/examplebot.py"
    agent.parent.mkdir(parents=True)
    agent.write_text("class ExamplebotAgent: ...\n")
    (folder / "task_config").symlink_to(SEEDS / "task_config")
    return folder


@pytest.fixture(scope="module")
def chats(task_dir: Path) -> Study:
    return load_study(["conf=chat_and_rate", f"task_dir={task_dir}"], SEEDS, check_port=False)


@pytest.fixture(scope="module")
def labels(task_dir: Path) -> Study:
    return load_study(["conf=spot_empathy", f"task_dir={task_dir}"], SEEDS, check_port=False)


def test_a_seed_study_loads_unchanged(chats: Study) -> None:
    """Years of YAML files must not be lost."""
    assert chats.collection is not None
    assert chats.collection.conditions == (
        Condition(("blender_90M", "examplebot"), 20),
        Condition(("blender_90M", "blender_3B"), 20),
    )
    assert chats.server == Server("0.0.0.0", 3012)  # noqa: S104 - what the study says
    assert (chats.collection.minimum_turns, chats.limits.turn_seconds) == (4, 3600)
    assert (chats.task.reward_usd, chats.log_level, chats.monitoring_seconds) == (1.0, "debug", 300)


def test_a_seed_model_opts_file_loads_unchanged(chats: Study) -> None:
    """Option strings are folded over lines, and bots that the study does not use may be missing here."""
    assert chats.bots == (
        ParlAIBot("blender_3B", "--model-file zoo:blender/blender_3B/model -t blended_skill_talk"),
        ParlAIBot("blender_90M", "--model-file zoo:blender/blender_90M/model"),
        ParlAIBot("examplebot", "--model internal:examplebot"),
    )


def test_a_description_in_block_style_is_shown_as_html(chats: Study) -> None:
    """The seed platform shows the description as it is written."""
    assert "<h4>Meet two programs</h4>" in chats.task.description_html


def test_keys_without_effect_are_noted(chats: Study) -> None:
    """Nothing is passed over in silence."""
    notices = " ".join(chats.notices)
    for key in ("include_persona", "annotations_config_path", "data_jsonl", "subtasks_per_unit"):
        assert key in notices
    assert "Without use_golds, nothing reads gold_qualification_base." in notices
    assert "Without use_screening_task, nothing reads passed_qualification_name." in notices


def test_labels_after_the_chat_are_found_in_a_seed_bucket_file(task_dir: Path) -> None:
    """Two lists for two dialogues, as the seed platform has them."""
    names = 'mephisto.blueprint.do_interactive_offline_annotations=[["quality_likert","empathy"],["quality_likert"]]'
    study = load_study(["conf=chat_and_rate", f"task_dir={task_dir}", names], SEEDS, check_port=False)
    assert study.collection is not None
    ids = [[task.id for task in tasks] for tasks in study.collection.offline_tasks]
    assert ids == [["quality_likert", "empathy"], ["quality_likert"]]


def test_a_seed_study_of_labels_loads_unchanged(labels: Study) -> None:
    """With the keys of a chat in it, which it carries and does not read, and its bots nowhere to be loaded."""
    assert labels.annotation is not None
    assert [group.group_id for group in labels.annotation.groups] == ["talk_1", "talk_2"]
    assert (labels.collection, labels.bots) == (None, ())
    assert (labels.server.port, labels.limits.answer_seconds) == (3010, 7200)


def test_the_units_of_a_variant_for_one_machine_are_those_of_the_project(labels: Study) -> None:
    """The seed platform's variants end in `_local` and share the file of units."""
    assert labels.quotas == (Quota("talk_1", 2), Quota("talk_2", 1))


def test_a_seed_training_file_loads_unchanged(labels: Study) -> None:
    """Answers by the text of the file itself, and a turn on which two are right."""
    assert labels.screening is not None
    (lesson,) = labels.screening.dialogues
    assert len(lesson.keys[3].alternatives) == 2
    assert (lesson.allowed_mistakes, labels.screening.rule) == (1, MistakesRule(None, 2))
    assert (labels.screening.qualification, labels.screening.max_units) == ("spot_empathy_screen", 50)


def test_files_of_a_feature_that_is_off_are_not_read(labels: Study) -> None:
    """Seed studies keep the keys of gold units and have no such file."""
    assert labels.golds is None
    assert "Without use_golds, nothing reads gold_qualification_base, gold_jsonl" in " ".join(labels.notices)
