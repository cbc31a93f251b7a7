"""What must hold between the keys of a study."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .labs import Lab


@pytest.mark.parametrize(
    ("bots", "needed", "text"),
    [
        ("2", "alice:3,bob:2", "num_bots is 2, but 'alice' in conversations_needed_string names 1"),
        ("1", "alice|bob:3", "num_bots is 1, but 'alice|bob' in conversations_needed_string names 2"),
        ("3", "alice:3", "3 is too many"),
    ],
)
def test_num_bots_must_agree_with_the_conditions(lab: "Lab", bots: str, needed: str, text: str) -> None:
    """One of the two is a slip, and only the researcher knows which."""
    needed = f'mephisto.blueprint.conversations_needed_string="{needed}"'
    problem = lab.problem(f"mephisto.blueprint.num_bots={bots}", needed)
    assert "num_bots" in problem.where
    assert text in problem.text


def test_malformed_conditions_are_a_problem_of_their_key(lab: "Lab") -> None:
    """With what a right one looks like."""
    problem = lab.problem("mephisto.blueprint.conversations_needed_string=alice")
    assert problem.where == "command line, mephisto.blueprint.conversations_needed_string=alice"
    assert '"bot1|bot2:20"' in problem.text


def test_a_collection_needs_conditions(lab: "Lab") -> None:
    """A study that collects nothing would look as if it had finished."""
    assert "It is empty" in lab.problem("mephisto.blueprint.conversations_needed_string=null").text


def test_collecting_and_labelling_are_one_or_the_other(lab: "Lab") -> None:
    """Which of the two was meant cannot be guessed."""
    assert lab.problem("mephisto.blueprint.do_external_annotations=true").text.startswith(
        "Both do_collect_dialogue and"
    )


@pytest.mark.parametrize("external", [(), ("mephisto.blueprint.do_external_annotations=false",)])
def test_a_study_must_do_something(lab: "Lab", external: tuple[str, ...]) -> None:
    """Whether it says so or only leaves it out."""
    problem = lab.problem("mephisto.blueprint.do_collect_dialogue=false", *external)
    assert problem.text.startswith("Neither do_collect_dialogue nor do_external_annotations is true")


@pytest.mark.parametrize("offline", ["[]", "null", "[[],[]]"])
def test_features_may_be_named_and_off(lab: "Lab", offline: str) -> None:
    """Studies write out what they do not use, with files that are not there."""
    off = ["use_screening_task=false", "screen_json=gone", "use_golds=false", "gold_jsonl=gone", "data_jsonl=gone"]
    off += ["onboarding_qualification=null", "onboard_task_data_path=gone", "annotations_config_path=''"]
    off += ["conversation_start_mode=hi", "evals_per_image_model_combo=1", "do_interactive_online_annotations=''"]
    off += ["attention_checks_path=null", f"do_interactive_offline_annotations={offline}"]
    study = lab.load(*(f"mephisto.blueprint.{override}" for override in off))
    assert (study.annotation, study.screening, study.golds, study.onboarding, study.attention) == (None,) * 5


def test_training_and_gold_units_are_refused_where_people_chat(lab: "Lab") -> None:
    """Nobody knows beforehand what is right about a dialogue that has not been held."""
    problems = lab.problems("mephisto.blueprint.use_screening_task=true", "mephisto.blueprint.use_golds=true")
    assert [problem.text.partition(" is true,")[0] for problem in problems] == ["use_screening_task", "use_golds"]
    assert "name an onboarding_qualification" in problems[0].text


def test_onboarding_is_refused_where_dialogues_come_from_a_file(lab: "Lab") -> None:
    """It would be a second training, by other rules than the first."""
    problem = lab.problem("mephisto.blueprint.onboarding_qualification=trained", conf="kindness")
    assert "use_screening_task trains people here" in problem.text


def test_what_belongs_to_chats_is_not_looked_at_where_there_are_none(lab: "Lab") -> None:
    """Studies of labels carry such keys along."""
    carried = ["check_acceptability=true", "conversation_start_mode=x", "num_bots=7", "conversations_needed_string=x"]
    study = lab.load(*(f"mephisto.blueprint.{override}" for override in carried), conf="kindness")
    unread = "conversations_needed_string, num_bots, conversation_start_mode, check_acceptability"
    assert study.notices == (f"Without do_collect_dialogue, nothing reads {unread}.",)


@pytest.mark.parametrize("override", ["mephisto/{0}={1}", "mephisto.{0}._{0}_type={1}"])
def test_a_group_type_to_come_is_said_to_be_missing(lab: "Lab", override: str) -> None:
    """Whether the study names it in its defaults or sets it."""
    kinds = {"architect": "heroku", "blueprint": "static_react_task", "provider": "mturk_sandbox"}
    told = "".join(problem.text for problem in lab.problems(*(override.format(*kind) for kind in kinds.items())))
    for group, kind in kinds.items():
        assert f"The {group} '{kind}' is not available" in told


def test_qualifications_reach_the_study(lab: "Lab") -> None:
    """Who is let in is decided elsewhere, by these."""
    study = lab.load("mephisto.blueprint.block_qualification=b", "mephisto.blueprint.allowed_worker_qualification=a")
    assert (study.admission.block_qualification, study.admission.allowed_worker_qualification) == ("b", "a")


def test_keys_that_nothing_reads_are_noted(lab: "Lab") -> None:
    """They are a study's history, and no mistake."""
    (notice,) = lab.load("mephisto.blueprint.world_file=w.py", "num_tasks=3").notices
    assert notice == "Accepted for older studies, and without effect here: world_file, num_tasks."
