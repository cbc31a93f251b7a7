"""What must hold between the keys of a study."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.config.conftest import Lab


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


def test_a_labelling_study_is_told_that_it_has_to_wait(lab: "Lab") -> None:
    """And is not asked about bots, which it does not need."""
    problem = lab.problem(
        "mephisto.blueprint.do_collect_dialogue=false",
        "mephisto.blueprint.do_external_annotations=true",
        "mephisto.blueprint.conversations_needed_string=nobody",
    )
    assert "Labelling dialogues that exist is not available in this version" in problem.text


@pytest.mark.parametrize(
    ("override", "remedy"),
    [
        ("do_interactive_online_annotations=thumbsup", 'set it to ""'),
        ("do_interactive_offline_annotations=[[empathy]]", "set it to []"),
        ("do_interactive_offline_annotations=[empathy]", "set it to []"),
        ("use_screening_task=true", "set it to false"),
        ("use_golds=true", "set it to false"),
        ("onboarding_qualification=trained", "set it to null"),
        ("check_acceptability=true", "set it to false"),
        ("conversation_start_mode=blended_skill_talk", "set it to hi"),
        ("image_context_path=x", "set it to null"),
        ("stack_folder=x", "set it to null"),
        ("evals_per_image_model_combo=2", "set it to 1"),
    ],
)
def test_a_feature_to_come_is_said_to_be_missing(lab: "Lab", override: str, remedy: str) -> None:
    """A key that is read and not obeyed would spoil the data in silence."""
    problem = lab.problem(f"mephisto.blueprint.{override}")
    assert "is not available in this version" in problem.text
    assert problem.text.endswith(f"Remove the key or {remedy}.")


@pytest.mark.parametrize(
    "override",
    [
        'do_interactive_online_annotations=""',
        "do_interactive_offline_annotations=[]",
        "do_interactive_offline_annotations=null",
        "do_interactive_offline_annotations=[[],[]]",
        "use_golds=false",
        "onboarding_qualification=null",
        "conversation_start_mode=hi",
        "evals_per_image_model_combo=1",
    ],
)
def test_a_feature_to_come_may_be_named_and_off(lab: "Lab", override: str) -> None:
    """Studies write out what they do not use."""
    assert lab.load(f"mephisto.blueprint.{override}")


@pytest.mark.parametrize(
    ("group", "kind"),
    [("blueprint", "static_react_task"), ("architect", "heroku"), ("provider", "mturk_sandbox")],
)
def test_a_group_type_to_come_is_said_to_be_missing(lab: "Lab", group: str, kind: str) -> None:
    """Whether the study names it in its defaults or sets it."""
    assert f"The {group} '{kind}' is not available" in lab.problem(f"mephisto/{group}={kind}").text
    assert f"The {group} '{kind}' is not available" in lab.problem(f"mephisto.{group}._{group}_type={kind}").text


def test_qualifications_reach_the_study(lab: "Lab") -> None:
    """Who is let in is decided elsewhere, by these."""
    study = lab.load("mephisto.blueprint.block_qualification=b", "mephisto.blueprint.allowed_worker_qualification=a")
    assert (study.admission.block_qualification, study.admission.allowed_worker_qualification) == ("b", "a")


def test_keys_that_nothing_reads_are_noted(lab: "Lab") -> None:
    """They are a study's history, and no mistake."""
    (notice,) = lab.load("mephisto.blueprint.world_file=w.py", "num_tasks=3").notices
    assert notice == "Accepted for older studies, and without effect here: world_file, num_tasks."
