"""What is typed after `welcome.py`."""

from typing import TYPE_CHECKING

import pytest

from chateval.config import load_study
from chateval.errors import StudyProblemsError

if TYPE_CHECKING:
    from .labs import Lab


def test_without_a_study_the_studies_are_listed() -> None:
    """There is no default: a run costs money."""
    with pytest.raises(StudyProblemsError) as caught:
        load_study([])
    (problem,) = caught.value.problems
    assert problem.text.startswith(
        "No study is named. These studies exist: collect_dialogues, collect_paired_dialogues"
    )
    assert problem.text.endswith("Write conf=<name>.")


def test_an_unknown_study_is_answered_with_the_nearest() -> None:
    """The commonest slip of all."""
    with pytest.raises(
        StudyProblemsError, match=r"no study 'collect_dialogs'.*Did you mean 'collect_dialogues'.*exist:"
    ):
        load_study(["conf=collect_dialogs"])


def test_problems_with_overrides_are_told_with_an_unknown_study() -> None:
    """All at once, even where the study itself cannot be looked at."""
    with pytest.raises(StudyProblemsError) as caught:
        load_study(["conf=collect_dialogs", "nothing", "task_dri=x"])
    assert len(caught.value.problems) == 3


def test_an_unreadable_override_is_told(lab: "Lab") -> None:
    """Hydra's own words for it speak of lexers."""
    texts = ["nothing", "=3", "a b", "mephisto.task.task_title=[", "conf"]
    problems = lab.problems(*texts)
    assert [problem.where for problem in problems] == [f"command line, {text}" for text in texts]
    assert all("Write key=value" in problem.text for problem in problems)


NEAR = [
    ("task_dri", "task_dir"),
    ("mephisto.taks.task_name", "mephisto.task.task_name"),
    ("mephisto.blueprint.num_turn", "num_turns"),
    ("mephisto.task.task_titel", "task_title"),
    ("mephisto.architect.prot", "port"),
    ("mephisto.provider.requester", "requester_name"),
    ("num_turns", "mephisto.blueprint.num_turns"),
    ("mephisto.task.num_turns", "mephisto.blueprint.num_turns"),
]


@pytest.fixture(scope="module")
def told(shared_lab: "Lab") -> dict[str, str]:
    return shared_lab.told(f"{key}=3" for key, _ in NEAR)


@pytest.mark.parametrize(("key", "near"), NEAR)
def test_an_unknown_key_is_answered_with_the_nearest(told: dict[str, str], key: str, near: str) -> None:
    """A slip in a key would else run the study with the default."""
    assert f"Did you mean '{near}'?" in told[f"{key}=3"]


def test_a_key_like_no_other_is_answered_with_the_keys_there_are(lab: "Lab") -> None:
    """Where nothing is near, a list helps more than a guess."""
    assert "mephisto.provider has: _provider_type, requester_name." in lab.problem("mephisto.provider.qqq=1").text
    assert "--cfg job shows the keys there are" in lab.problem("mephisto.blueprint.qqq=1").text


def test_commas_without_quotes_are_answered_with_the_quoted_form(lab: "Lab") -> None:
    """Hydra takes them for several runs."""
    problem = lab.problem("mephisto.blueprint.conversations_needed_string=alice:3,bob:3")
    assert "'mephisto.blueprint.conversations_needed_string=\"alice:3,bob:3\"'" in problem.text


def test_several_studies_at_once_are_refused(lab: "Lab") -> None:
    """One command is one run."""
    assert "a study is one run" in lab.problem("conf=small,other").text


def test_a_key_can_be_taken_away(lab: "Lab") -> None:
    """Hydra's `~key` brings the default back."""
    lab.change(lambda text: text.replace("  task:", "    num_turns: 3\n  task:"))
    assert lab.collection("~mephisto.blueprint.num_turns").minimum_turns == 6


def test_a_group_type_of_later_is_named_and_the_rest_checked(lab: "Lab") -> None:
    """Where Hydra stops at the first thing it does not know, the other problems are wanted too."""
    problems = lab.problems("mephisto/architect=heroku", "mephisto.blueprint.num_turns=0")
    told = "\n".join(problem.text for problem in problems)
    assert "The architect 'heroku' is not available in this version" in told
    assert "0 will not do" in told
