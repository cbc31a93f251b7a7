"""What a page is shown of a study before anyone has agreed to anything."""

from pathlib import Path

import pytest

from chateval import wire
from chateval.config import Study
from chateval.crowd._scripts import SCREENING, gold_condition
from chateval.crowd._views import Views

from .conftest import small_study
from .labelling import labels_study


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return labels_study(tmp_path_factory.mktemp("lab"), training={}, golds={}, checks={})


def test_only_a_training_says_what_it_is(everything: Study) -> None:
    """Whoever could tell a gold unit by its first message would do that one with care."""
    views = Views(everything)

    assert [views.of(name).work for name in ("g1", gold_condition("gold1"), SCREENING)] == ["labels"] * 2 + ["training"]
    assert views.of("g1") == views.of("g2") == views.of(gold_condition("gold1"))
    assert views.of(SCREENING).dialogues == 2


def test_the_preview_shows_each_task_on_dialogues_that_are_nobody_s(everything: Study) -> None:
    view = Views(everything).of("g1")
    assert view.preview is not None
    told = wire.encode_to_page(wire.Joined("token", view))

    assert '"id":"kind"' in told
    assert '"id":"quality"' in told
    assert "I lost my dog." not in told
    assert [part.dialogues for part in view.preview.parts] == [(0,), (1,)]


def test_nothing_that_is_hidden_is_in_what_everyone_is_shown(everything: Study) -> None:
    for condition in ("g1", SCREENING):
        told = wire.encode_to_page(wire.Joined("token", Views(everything).of(condition))).lower()
        for word in ("gold", "blue", "a pet name", "explanation", "kind_screen", "mistakes", "d_g1"):
            assert word not in told, word


def test_a_chat_without_labels_has_no_preview(tmp_path: Path) -> None:
    view = Views(small_study(tmp_path)).of("listener")

    assert (view.work, view.preview, view.dialogues, view.minimum_turns) == ("chat", None, 1, 1)
