"""A study written for the seed platform, in its keys and its layout, must run here as it stands."""

from pathlib import Path

import pytest

from chateval.config import Condition, ParlAIBot, Server, Study, load_study
from chateval.errors import StudyProblemsError

SEEDS = Path(__file__).parent / "seed_studies"


@pytest.fixture
def overrides(tmp_path: Path) -> list[str]:
    """The folder of the study with an agent of its own in it, outside of the checkout."""
    agent = tmp_path / "parlai_internal/agents/examplebot/examplebot.py"
    agent.parent.mkdir(parents=True)
    agent.write_text("class ExamplebotAgent: ...\n")
    (tmp_path / "task_config").symlink_to(SEEDS / "task_config")
    return ["conf=chat_and_rate", f"task_dir={tmp_path}"]


@pytest.fixture
def study(overrides: list[str]) -> Study:
    return load_study(overrides, SEEDS, check_port=False)


def test_a_seed_study_loads_unchanged(study: Study) -> None:
    """Years of YAML files must not be lost."""
    assert study.collection.conditions == (
        Condition(("blender_90M", "examplebot"), 20),
        Condition(("blender_90M", "blender_3B"), 20),
    )
    assert study.server == Server("0.0.0.0", 3012)  # noqa: S104 - what the study says
    assert (study.collection.minimum_turns, study.collection.turn_seconds) == (4, 3600)
    assert (study.task.reward_usd, study.log_level, study.monitoring_seconds) == (1.0, "debug", 300)


def test_a_seed_model_opts_file_loads_unchanged(study: Study) -> None:
    """Option strings are folded over lines, and bots that the study does not use may be missing here."""
    assert study.bots == (
        ParlAIBot("blender_3B", "--model-file zoo:blender/blender_3B/model -t blended_skill_talk"),
        ParlAIBot("blender_90M", "--model-file zoo:blender/blender_90M/model"),
        ParlAIBot("examplebot", "--model internal:examplebot"),
    )


def test_a_description_in_block_style_is_shown_as_html(study: Study) -> None:
    """The seed platform shows the description as it is written."""
    assert "<h4>Meet two programs</h4>" in study.task.description_html


def test_keys_without_effect_are_noted(study: Study) -> None:
    """Nothing is passed over in silence."""
    notices = " ".join(study.notices)
    for key in ("include_persona", "annotations_config_path", "data_jsonl", "subtasks_per_unit"):
        assert key in notices
    assert "Without use_golds, nothing reads gold_qualification_base." in notices
    assert "Without use_screening_task, nothing reads passed_qualification_name." in notices


def test_labels_after_the_chat_are_said_to_be_missing(overrides: list[str]) -> None:
    """A study that counts on labels must not be launched without them."""
    tasks = 'mephisto.blueprint.do_interactive_offline_annotations=[["quality_likert"],["quality_likert"]]'
    with pytest.raises(StudyProblemsError) as caught:
        load_study([*overrides, tasks], SEEDS, check_port=False)
    (problem,) = caught.value.problems
    assert "Labelling a chat when it is over is not available in this version" in problem.text
    assert "set it to []" in problem.text
