"""A study written for ParlAI's `model_chat` or `model_image_chat`, in its keys and layout, runs here as it stands."""

import json
import shutil
from pathlib import Path

import pytest

from chateval.annotation import Checks, TurnTask
from chateval.config import ParlAIBot, Study, load_study
from chateval.errors import StudyProblemsError

from ..pictures.drawn import picture_folder  # noqa: TID252  (draws what those tests do)

STUDIES = Path(__file__).parent / "parlai_studies"
BUCKETS = {"config": {"odd": {"name": "Odd", "description": "It is odd."}, "none": {"name": "Fine", "description": ""}}}
ONBOARDING = {
    "dialog": [[{"text": "Hi!", "agent_idx": 0}, {"text": "No.", "agent_idx": 1, "answers": ["odd"]}]],
    "min_correct": 1,
    "max_incorrect": 1,
    "max_failures_allowed": 1,
}


@pytest.fixture(scope="module")
def task_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of such a task, with ParlAI's names for all that is in it."""
    folder = tmp_path_factory.mktemp("model_chat")
    files = folder / "task_config"
    files.mkdir()
    (files / "annotations_config.json").write_text(json.dumps(BUCKETS))
    (files / "onboard_task_data.json").write_text(json.dumps(ONBOARDING))
    (files / "left_pane_text.html").write_text("<p>Be kind.</p>")
    (files / "task_description.html").write_text("<p>Talk.</p>")
    (files / "model_opts.yaml").write_text(
        "parrot: >\n  --model repeat_query\nblender_90M: >\n  --model-file zoo:blender/blender_90M/model\n"
    )
    picture_folder(folder / "made", "red", "green")
    shutil.move(folder / "made" / "contexts", files / "image_contexts")
    return folder


def load(task_dir: Path, conf: str, *overrides: str) -> Study:
    return load_study([f"conf={conf}", f"task_dir={task_dir}", *overrides], STUDIES, check_port=False)


def test_a_model_chat_study_loads_unchanged(task_dir: Path) -> None:
    study = load(task_dir, "our_model_chat")

    assert study.collection is not None
    assert {condition.name: condition.needed for condition in study.collection.conditions} == {
        "parrot": 2,
        "blender_90M": 3,
    }
    assert study.bots == (
        ParlAIBot("blender_90M", "--model-file zoo:blender/blender_90M/model"),
        ParlAIBot("parrot", "--model repeat_query"),
    )
    assert (study.collection.minimum_turns, study.limits.turn_seconds, study.seed) == (5, 180, 7)
    assert study.collection.rating_questions == ("How engaging was your partner?", "How human?")
    assert study.chat_data_folder == task_dir / "model_chat"


def test_its_buckets_are_ticked_while_people_chat(task_dir: Path) -> None:
    """Without being named, and after an onboarding in ParlAI's format."""
    study = load(task_dir, "our_model_chat")

    assert study.collection is not None
    task = study.collection.online_task
    assert isinstance(task, TurnTask)
    (question,) = task.questions
    assert isinstance(question, Checks)
    assert [option.id for option in question.options] == ["odd", "none"]
    assert study.onboarding is not None
    assert study.onboarding.qualification == "our_model_chat_onboarding"


def test_keys_of_parlais_own_worlds_and_pages_are_said_to_do_nothing(task_dir: Path) -> None:
    notices = " ".join(load(task_dir, "our_model_chat").notices)

    for key in ("world_file", "custom_source_dir", "annotation_question", "max_onboard_time"):
        assert key in notices


def test_a_model_image_chat_study_loads_unchanged(task_dir: Path) -> None:
    """ParlAI's defaults hold: pictures where it looks for them, ten conversations, all bots of `model_opts.yaml`."""
    study = load(task_dir, "our_image_chat")

    assert study.collection is not None
    pictures = study.collection.pictures
    assert pictures is not None
    assert pictures.folder == task_dir / "task_config" / "image_contexts"
    assert (pictures.evals_per_combination, pictures.most, pictures.stack_folder) == (3, 10, task_dir / "stack")
    assert {condition.partner for condition in study.collection.conditions} == {"parrot", "blender_90M"}
    assert sum(quota.needed for quota in study.quotas) == 10


def test_a_pickle_of_its_pictures_is_told_how_to_be_converted(task_dir: Path, tmp_path: Path) -> None:
    pickled = tmp_path / "image_contexts"
    pickled.write_bytes(b"\x80\x04]\x94.")

    with pytest.raises(StudyProblemsError, match=f"--from-pickle .*{tmp_path.name}/image_contexts --i-trust"):
        load(task_dir, "our_image_chat", f"mephisto.blueprint.image_context_path={pickled}")


@pytest.mark.parametrize("conf", ["model_chat", "model_image_chat", "image_chat"])
def test_the_shipped_ones_load(conf: str) -> None:
    study = load_study([f"conf={conf}"], check_port=False)

    assert study.collection is not None
    assert sum(quota.needed for quota in study.quotas) == {"model_image_chat": 10}.get(conf, 20)
