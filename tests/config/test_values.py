"""Wrong values in a study's file or on the command line."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .labs import Lab


WRONG = [
    ("mephisto.blueprint.num_turns=0", "0 will not do. This key takes a whole number from 1"),
    ("mephisto.blueprint.num_turns=-2", "-2 will not do. This key takes a whole number from 1"),
    ("mephisto.blueprint.num_turns=six", "'six' will not do. This key takes a whole number"),
    ("mephisto.blueprint.num_turns=2.5", "2.5 will not do. This key takes a whole number"),
    ("mephisto.blueprint.num_turns=[2]", "[2] will not do. This key takes a whole number"),
    ("mephisto.blueprint.num_turns=99999999999999999999", "will not do. This key takes a whole number"),
    ("mephisto.blueprint.max_resp_time=0", "This key takes a whole number of seconds"),
    ("mephisto.blueprint.max_concurrent_responses=0", "This key takes a whole number from 1"),
    ("mephisto.blueprint.random_seed=x", "This key takes a whole number"),
    ("mephisto.blueprint.task_model_parallel=maybe", "'maybe' will not do. This key takes true or false"),
    ("mephisto.blueprint.override_opt=3", "This key takes a mapping"),
    ("mephisto.blueprint.block_qualification=''", "This key takes text that is not empty"),
    ("mephisto.task.task_reward=-1", "-1 will not do. This key takes an amount in dollars"),
    ("mephisto.task.task_reward='$2'", "'$2' will not do. This key takes an amount in dollars"),
    ("mephisto.task.task_reward=nan", "nan will not do"),
    ("mephisto.task.task_reward=inf", "inf will not do"),
    ("mephisto.task.allowed_concurrent=-1", "This key takes a whole number from 0"),
    ("mephisto.task.task_title=[a]", "This key takes text"),
    ("mephisto.architect.port=http", "'http' will not do. This key takes a port: a whole number from 1 to 65535"),
    ("mephisto.architect.port=0", "This key takes a port"),
    ("mephisto.architect.port=70000", "This key takes a port"),
    ("mephisto.log_level=loud", "This key takes one of debug, info"),
    ("monitoring_log_rate=0", "This key takes a whole number from 1"),
    ("mephisto.blueprint.min_screening_score=80", "80 will not do. This key takes a share: a number from 0 to 1"),
    ("mephisto.blueprint.graded_screening_rounds=0", "This key takes a whole number from 1"),
    ("mephisto.blueprint.screening_rule=passed", "This key takes a Python function, written package.module:function"),
    ("mephisto.blueprint.do_interactive_offline_annotations=empathy", "takes a list with one list of task names"),
    ("mephisto.task=3", "3 stands where a group of keys belongs"),
]


@pytest.fixture(scope="module")
def told(shared_lab: "Lab") -> dict[str, str]:
    return shared_lab.told(override for override, _ in WRONG)


@pytest.mark.parametrize(("override", "rule"), WRONG)
def test_a_wrong_value_is_told_with_the_rule(told: dict[str, str], override: str, rule: str) -> None:
    """Found now, it costs a minute; found in a run, a study."""
    assert rule in told[override]


def test_a_wrong_value_is_told_with_the_default(lab: "Lab") -> None:
    """What to write instead is half of the message."""
    problem = lab.problem("mephisto.blueprint.num_turns=0")
    assert problem.text.endswith("Correct the value, or remove the key for the default, 6.")


def test_a_problem_in_a_file_names_the_line(lab: "Lab") -> None:
    """Files of a study are long, and made of several."""
    lab.change(lambda text: text.replace("task_reward: 1.5", "task_reward: -1"))
    assert lab.problem().where == f"{lab.folder}/conf/small.yaml, line 14, mephisto.task.task_reward"


def test_a_problem_in_a_base_names_the_base(lab: "Lab") -> None:
    """The study's own file is not where to look."""
    lab.write("conf/base/slow.yaml", "#@package _global_\nmephisto:\n  blueprint: {max_resp_time: x}\n")
    lab.change(lambda text: text.replace("defaults:\n", "defaults:\n  - base/slow\n"))
    assert "conf/base/slow.yaml, line 3, mephisto.blueprint.max_resp_time" in lab.problem().where


def test_a_problem_in_a_file_of_one_group_names_the_whole_key(lab: "Lab") -> None:
    """Hydra lets a group be a file of its own, whose keys are written without the group's name."""
    lab.write("mephisto/task/short.yaml", "assignment_duration_in_seconds: x\n")
    lab.change(lambda text: text.replace("defaults:\n", "defaults:\n  - /mephisto/task: short\n"))
    assert "short.yaml, line 1, mephisto.task.assignment_duration_in_seconds" in lab.problem().where


def test_a_value_that_is_needed_is_asked_for(lab: "Lab") -> None:
    """Nobody can be invited to a task without a name or a reward."""
    needed = ["task_name", "task_title", "task_description", "task_reward", "task_tags"]
    lab.change(
        lambda text: "\n".join(line for line in text.splitlines() if line.strip().partition(":")[0] not in needed)
    )
    problems = lab.problems()
    assert [problem.where.rpartition("small.yaml, mephisto.task.")[2] for problem in problems] == needed
    for key, problem in zip(needed, problems, strict=True):
        assert f"A value is needed, and there is none. Write {key}: followed by" in problem.text


@pytest.mark.parametrize(
    "value", ["${mephisto.nothing}", "${mephisto.task.task_title}", "${nothing:1}", "${oc.env:NOT_SET}"]
)
def test_a_reference_that_cannot_be_filled_in_is_told(lab: "Lab", value: str) -> None:
    """Also one to itself."""
    lab.change(lambda text: text.replace("A small study", value))
    problem = lab.problem()
    assert problem.where.endswith("line 12, mephisto.task.task_title")
    assert f"'{value}' cannot be filled in" in problem.text


def test_an_unknown_key_in_a_file_is_told_with_its_line(lab: "Lab") -> None:
    """Every level is looked at."""
    lab.change(lambda text: text.replace("  task:", "    num_turn: 3\n  tusk: {}\n  task:") + "monitoring: 3\n")
    problems = lab.problems()
    assert [problem.where.rpartition("small.yaml, ")[2] for problem in problems] == [
        "line 10, mephisto.blueprint.num_turn",
        "line 11, mephisto.tusk",
        "line 18, monitoring",
    ]
    assert "Did you mean 'num_turns'?" in problems[0].text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("  bad: [1,\n", "not valid YAML"),
        ("\tbad: 1\n", "not valid YAML"),
        ("    task_name: again\n", "found duplicate key task_name"),
        ("x: !!python/object:os.system 1\n", "not valid YAML"),
    ],
)
def test_a_file_that_is_not_yaml_is_told_with_its_line(lab: "Lab", change: str, reason: str) -> None:
    """The line is all that one needs to mend it."""
    lab.change(lambda text: text + change)
    problem = lab.problem()
    assert "small.yaml, line 1" in problem.where
    assert reason in problem.text


@pytest.mark.parametrize("text", ["", "- a\n", "hello\n", "mephisto: {}\n"])
def test_a_file_for_no_place_is_told_what_its_first_line_must_be(lab: "Lab", text: str) -> None:
    """Hydra would put its keys below `conf`, where nothing reads them."""
    lab.change(lambda _: text)
    assert "Make #@package _global_ its first line" in lab.problem().text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("defaults:\n", "defaults:\n  - base/nothing\n", "Could not load 'conf/base/nothing'"),
        ("defaults:\n", "defaults: 3\nx:\n", "defaults must be a list"),
        ("task_name: small", "task_name: '${small'", "no viable alternative"),
        ("mephisto:\n", "none: &a [*a]\nmephisto:\n", "recursion"),
        ("mephisto:\n", "null: 3\nmephisto:\n", "Incompatible key type"),
    ],
)
def test_what_hydra_cannot_compose_is_told_in_a_paragraph(lab: "Lab", old: str, new: str, reason: str) -> None:
    """A traceback through Hydra says nothing to a researcher."""
    lab.change(lambda text: text.replace(old, new, 1))
    problem = lab.problem()
    assert reason in problem.text
    assert "\n" not in problem.text


def test_all_problems_are_told_at_once(lab: "Lab") -> None:
    """One round of corrections, not five."""
    lab.write("task_config/model_opts.yaml", "alice: {kind: scripted, echo: true}\n")
    problems = lab.problems(
        "nothing=1", "mephisto.blueprint.num_turns=0", "mephisto.blueprint.use_golds=true", "mephisto.log_level=loud"
    )
    assert len(problems) == 5  # and bob is gone


def test_a_problem_hides_no_other_of_its_key_and_brings_no_other(lab: "Lab") -> None:
    """A number of bots that cannot be read disagrees with nothing."""
    assert "will not do" in lab.problem("mephisto.blueprint.num_bots=x").text
