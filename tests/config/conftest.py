"""A researcher's folder with small studies in it, to be changed a little in each test."""

from pathlib import Path

import pytest

from .labs import Lab, make_lab


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return make_lab(tmp_path)


@pytest.fixture(scope="module")
def shared_lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """One for several tests, none of which changes anything in it."""
    return make_lab(tmp_path_factory.mktemp("shared"))
