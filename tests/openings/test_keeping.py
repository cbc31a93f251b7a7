"""Contexts that are drawn once, and kept."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from chateval.config import BotRuntime, Opening, Study
from chateval.dialogue import Context, read_contexts
from chateval.errors import ConfigError
from chateval.openings import with_contexts

from ..config.labs import make_lab  # noqa: TID252  (the researcher's folder of those tests)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, runtime: BotRuntime) -> Study:
    loaded = make_lab(tmp_path_factory.mktemp("lab")).load()
    return replace(loaded, bot_runtime=runtime)


def opening_of(study: Study) -> Opening:
    assert study.collection is not None
    return study.collection.opening


def opened(study: Study, opening: Opening) -> Study:
    assert study.collection is not None
    return replace(study, collection=replace(study.collection, opening=opening))


def test_what_is_drawn_is_kept_for_the_next_launch(study: Study, tmp_path: Path) -> None:
    opening = Opening("internal:trips", (), 1, True, task="internal:trips", file=tmp_path / "contexts" / "trips.jsonl")

    found = opening_of(with_contexts(opened(study, opening))).contexts

    assert len(found) == 3
    assert read_contexts(tmp_path / "contexts" / "trips.jsonl") == found
    assert [path.name for path in tmp_path.glob("contexts/*")] == ["trips.jsonl"]


def test_contexts_that_are_there_are_not_drawn_again(study: Study) -> None:
    """The second launch does not wait for ParlAI; a task that is nowhere is not even looked for."""
    opening = Opening("internal:nowhere", (Context(id="1"),), 1, True, task="internal:nowhere")

    assert with_contexts(opened(study, opening)) == opened(study, opening)
    assert with_contexts(study) == study


def test_a_place_that_cannot_be_written_to_is_said(study: Study, tmp_path: Path) -> None:
    (tmp_path / "contexts").write_text("a file")
    opening = Opening("internal:trips", (), 1, True, task="internal:trips", file=tmp_path / "contexts" / "trips.jsonl")

    with pytest.raises(ConfigError, match="cannot be written"):
        with_contexts(opened(study, opening))


def test_importing_the_package_imports_no_parlai() -> None:
    """Studies that open with hi do not wait for it."""
    code = "import sys, chateval.openings; print('parlai' in sys.modules)"

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout == "False\n"
