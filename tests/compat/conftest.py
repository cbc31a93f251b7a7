"""Runs the probes: programs that import a platform with and without the patches, and tell what they saw."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    return lambda: tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def run(home: Callable[[], Path]) -> Run:
    """Runs Python in an empty home directory, with nobody at the keyboard and warnings as errors."""

    def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        place = cwd or home()
        return subprocess.run(
            [sys.executable, "-W", "error", *arguments],
            cwd=place,
            env={**os.environ, "HOME": str(place), "PYTHONPATH": str(CHECKOUT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    return run


def _facts(run: Run, probe: str, mode: str) -> dict[str, Any]:
    done = run(str(HERE / probe), mode)
    assert done.returncode == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts | {"stdout": done.stdout}


@pytest.fixture(scope="session")
def bare_mephisto(run: Run) -> dict[str, Any]:
    """What is seen with no patches but those without which Mephisto cannot be imported."""
    return _facts(run, "probe_mephisto.py", "bare")


@pytest.fixture(scope="session")
def prepared_mephisto(run: Run) -> dict[str, Any]:
    """What is seen after `prepare_mephisto`."""
    return _facts(run, "probe_mephisto.py", "prepared")


@pytest.fixture(scope="session")
def bare_parlai(run: Run) -> dict[str, Any]:
    """What is seen with no patch but that without which ParlAI cannot be imported."""
    return _facts(run, "probe_parlai.py", "bare")


@pytest.fixture(scope="session")
def prepared_parlai(run: Run) -> dict[str, Any]:
    """What is seen after `prepare_parlai`."""
    return _facts(run, "probe_parlai.py", "prepared")
