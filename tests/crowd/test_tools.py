"""Mephisto's own tools on our data."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from chateval.config import Study
from chateval.crowd import data_browser
from chateval.crowd._blueprint import assignment_data
from chateval.crowd._outputs import Ending
from chateval.crowd._records import CrowdRecords
from chateval.worlds import Outcome

from .test_architect import free_port

OUTPUTS = {"dialogues": [{"turns": [["user", "Hi!"], ["system", "Hello."]], "ratings": {"rating_1": 4}}]}


@pytest.fixture
def finished(study: Study) -> Path:
    """A data directory with one finished unit."""
    records = CrowdRecords(study.data_dir)
    run = records.new_run(study)
    [place] = records.new_places(run, [assignment_data("listener")], "http://localhost:3000")
    agent_id = records.begin(run, records.worker(run, "W1").worker_id, place.unit_id)
    records.settle(agent_id, Ending(Outcome.COMPLETED, {"condition": "listener"}, OUTPUTS, 1_000.0, 1_060.0))
    records.close()
    return study.data_dir


def test_the_data_browser_reads_a_finished_unit(finished: Path) -> None:
    browser = data_browser(finished)
    [unit] = browser.get_units_for_task_name("collect_dialogues")
    data = browser.get_data_from_unit(unit)

    assert (data["status"], data["task_start"], data["task_end"]) == ("completed", 1_000.0, 1_060.0)
    assert data["data"]["outputs"] == OUTPUTS
    browser.db.shutdown()


def test_the_review_command_shows_a_finished_unit(finished: Path, tmp_path: Path) -> None:
    """People who review with Mephisto today go on doing so."""
    app, port = tmp_path / "app", free_port()
    app.mkdir()
    command = [sys.executable, "-m", "chateval", "mephisto", "--data-dir", str(finished), "review", str(app)]
    process = subprocess.Popen(
        [*command, "--db", "collect_dialogues", "--stdout", "--all", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        [item] = _get(f"http://localhost:{port}/data?page=1&results_per_page=5")["data"]
    finally:
        process.terminate()
        process.wait(10)

    assert item["data"]["data"]["outputs"] == OUTPUTS


def _get(url: str) -> dict[str, Any]:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return dict(json.load(answer))
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"Nothing answers at {url}.")
