"""A study without files, and a Mephisto data directory of its own."""

from pathlib import Path

import pytest

from chateval.config import Study, load_study
from chateval.crowd import register_abstractions  # first, since Mephisto cannot be imported before it

register_abstractions()


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return small_study(tmp_path)


def small_study(data_dir: Path, *overrides: str, needed: str = "listener:2") -> Study:
    return load_study(
        [
            "conf=collect_dialogues",
            f"data_dir={data_dir}",
            f'mephisto.blueprint.conversations_needed_string="{needed}"',
            "mephisto.blueprint.num_turns=1",
            *overrides,
        ],
        check_port=False,
    )
