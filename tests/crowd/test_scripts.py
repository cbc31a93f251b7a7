"""Which script a session of a study of labels plays."""

from collections import Counter
from pathlib import Path

import pytest

from chateval.config import Study
from chateval.crowd._scripts import SCREENING, aside_conditions, gold_condition, script_for
from chateval.errors import ConfigError
from chateval.worlds import ModelChatScript, ScreeningScript, StaticAnnotationScript

from .labelling import chat_study, labels_study


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study with training, gold units and attention checks; nothing of it is changed."""
    return labels_study(tmp_path_factory.mktemp("lab"), training={}, golds={}, checks={})


def static(study: Study, condition: str, draw: str = "s1") -> StaticAnnotationScript:
    script = script_for(study, condition, draw)
    assert isinstance(script, StaticAnnotationScript)
    return script


def test_a_unit_is_of_its_group(everything: Study) -> None:
    script = static(everything, "g1")

    assert [point.group_id for point in script.datapoints] == ["g1"]
    assert not script.is_gold
    assert not any(point.keys for point in script.datapoints)


def test_a_gold_unit_has_keys_and_is_made_like_any_other(everything: Study) -> None:
    """Attention checks among its questions too, or their absence would give it away."""
    script = static(everything, gold_condition("gold2"))

    assert ([point.group_id for point in script.datapoints], script.is_gold) == (["gold2"], True)
    assert script.datapoints[0].keys
    assert len(script.checks) == len(static(everything, "g1").checks) == 1


def test_a_training_has_all_its_dialogues_and_no_attention_checks(everything: Study) -> None:
    script = script_for(everything, SCREENING, "s1")

    assert isinstance(script, ScreeningScript)
    assert [point.group_id for point in script.datapoints] == ["t1", "t2"]


def test_sessions_draw_for_themselves_and_each_always_the_same(everything: Study) -> None:
    seeds = Counter(static(everything, "g1", f"session {number}").seed for number in range(50))

    assert len(seeds) == 50
    assert static(everything, "g1", "x") == static(everything, "g1", "x")


@pytest.mark.parametrize("condition", ["g9", gold_condition("g1"), "alice", ""])
def test_a_condition_that_the_study_does_not_name_is_said(everything: Study, condition: str) -> None:
    with pytest.raises(ConfigError, match="Launch it with --new"):
        script_for(everything, condition, "s1")


def test_what_fills_no_quota_is_known_by_name(everything: Study) -> None:
    assert [*aside_conditions(everything)] == [SCREENING, *(gold_condition(f"gold{number}") for number in (1, 2, 3, 4))]
    assert not set(aside_conditions(everything)) & {quota.name for quota in everything.quotas}


def test_who_is_onboarded_goes_straight_to_the_chat(tmp_path: Path) -> None:
    study = chat_study(tmp_path)
    new, known = (script_for(study, "alice", "s1", is_onboarded=is_onboarded) for is_onboarded in (False, True))

    assert isinstance(new, ModelChatScript)
    assert isinstance(known, ModelChatScript)
    assert new.onboarding is not None
    assert (new.onboarding.attempts, len(new.onboarding.datapoints)) == (2, 1)
    assert known.onboarding is None
    assert [[task.id for task in tasks] for tasks in known.offline_tasks] == [["kind"]]
