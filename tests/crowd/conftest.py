"""A study without files, and a Mephisto data directory of its own."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from chateval.config import Study, load_study
from chateval.crowd import register_abstractions  # first, since Mephisto cannot be imported before it

register_abstractions()

from .stages import Open, opener  # noqa: E402


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return small_study(tmp_path)


def small_study(data_dir: Path, *overrides: str, needed: str = "listener:2") -> Study:
    """Composed once for each choice of overrides: the data directory alone is another in each test."""
    return replace(_composed(overrides, needed), data_dir=data_dir)


@cache
def _composed(overrides: tuple[str, ...], needed: str) -> Study:
    return load_study(
        [
            "conf=collect_dialogues",
            f'mephisto.blueprint.conversations_needed_string="{needed}"',
            "mephisto.blueprint.num_turns=1",
            *overrides,
        ],
        check_port=False,
    )


@pytest.fixture
def open_stage(tmp_path: Path) -> Open:
    return opener(tmp_path)
