"""What the tools say of a run of labels with training and gold units; and units under Mephisto's own operator."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from mephisto.data_model.agent import Agent
from mephisto.data_model.unit import Unit
from mephisto.operations.hydra_config import MephistoConfig
from omegaconf import OmegaConf

from chateval.cli import main
from chateval.crowd import (
    BehaviorAnalysisBlueprint,
    BehaviorAnalysisSharedState,
    BehaviorAnalysisTaskRunner,
    examine,
    mend,
)
from chateval.crowd._blueprint import assignment_data
from chateval.crowd._records import CrowdRecords
from chateval.crowd._scripts import SCREENING

from .labelling import labels_study
from .stages import RIGHT, URL, WRONG, opener


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as an operator leaves it: trainings passed, failed, left and begun; gold units; real ones."""
    folder = tmp_path_factory.mktemp("served")
    study = labels_study(folder, training={}, golds={})

    async def serve() -> None:
        async with opener(study.data_dir)(study) as stage:
            await stage.do_unit("good", RIGHT)
            await stage.do_unit("good", RIGHT)
            await stage.do_unit("good", RIGHT)
            await stage.do_unit("bad", WRONG)
            left, _ = await stage.come("left")
            stage.send(left, kind="leave", id="l")
            await stage.asked(left, "ended")
            await stage.come("begun")

    asyncio.run(serve())
    return study.data_dir


@pytest.fixture
def data_dir(served: Path, tmp_path: Path) -> Iterator[Path]:
    """The same, to be damaged; put back afterwards, since its records know where they lie."""
    shutil.copytree(served, tmp_path / "kept")
    yield served
    shutil.rmtree(served)
    shutil.copytree(tmp_path / "kept", served)


def change(data_dir: Path, statement: str) -> None:
    with closing(sqlite3.connect(data_dir / "database.db")) as connection, connection:
        assert connection.execute(statement).rowcount


def problems(data_dir: Path) -> list[str]:
    return [finding.text for finding in examine(data_dir).findings if finding.is_problem]


def test_a_run_with_training_and_gold_units_agrees(served: Path) -> None:
    """Places that are kept ready, and sessions that fill no quota, are nothing to be alarmed at."""
    diagnosis = examine(served)

    assert diagnosis.is_healthy
    [note] = diagnosis.findings
    assert "is unfinished: 1 of 5 sessions are done, 0 under way." in note.text


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE agents SET status = 'in task' WHERE status = 'completed'", "ended as qualified, and its agent"),
        ("UPDATE agents SET status = 'in task' WHERE status = 'completed'", "ended as not_qualified, and its agent"),
        ("UPDATE units SET status = 'expired' WHERE status = 'assigned'", "which is under way."),
        ("UPDATE units SET status = 'expired' WHERE status = 'launched'", "Run 1 needs 3 sessions of 'g1'"),
    ],
)
def test_damage_is_said_and_mended(data_dir: Path, damage: str, said: str) -> None:
    change(data_dir, damage)
    assert any(said in text for text in problems(data_dir)), problems(data_dir)

    assert mend(data_dir).is_healthy


def test_runs_are_counted_by_what_they_are_for(served: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither trainings nor gold units make a study complete."""
    assert main(["runs", "--data-dir", str(served)]) == 0

    [row] = [line.split() for line in capsys.readouterr().out.splitlines() if "kindness" in line]
    assert row[-3:] == ["1", "5", "resumable"]


# Under Mephisto's own operator


class _Bots:
    """Nobody is asked."""


def play(folder: Path, condition: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Have the task runner play one unit with these live updates; returns what Mephisto stores of it."""
    study = labels_study(folder, training={})
    with closing(CrowdRecords(study.data_dir)) as records:
        run = records.new_run(study)
        [place] = records.new_places(run, [assignment_data(condition)], URL)
        agent_id = records.begin(run, records.worker(run, "W").worker_id, place.unit_id)
        agent = Agent.get(records.db, agent_id)
        agent.enqueue_mock_live_update(messages)
        arguments = BehaviorAnalysisBlueprint.ArgsClass(max_resp_time=5)
        config = OmegaConf.structured(MephistoConfig(blueprint=arguments))
        state = BehaviorAnalysisSharedState(study=study, bots=_Bots())  # type: ignore[arg-type]
        runner = BehaviorAnalysisTaskRunner(run, config, state)
        assert runner.get_init_data_for_agent(agent) == {"dialogues": 0}
        runner.run_unit(Unit.get(records.db, place.unit_id), agent)
        return dict(agent.state.get_data()["outputs"])


def label(part: int, turn: int, value: list[str], name: str) -> dict[str, Any]:
    return {"kind": "label", "id": name, "part": part, "turn": turn, "question": "kind_q", "value": value}


def test_the_task_runner_plays_a_unit_of_labels(tmp_path: Path) -> None:
    """For those who embed a study in a script of Mephisto's."""
    messages = [
        {"kind": "consent", "id": "c"},
        label(0, 1, ["is_kind"], "l1"),
        label(0, 2, ["is_kind"], "refused"),
        {"kind": "submit_labels", "id": "h"},
        {"kind": "submit", "id": "s", "comment": "nice"},
    ]
    outputs = play(tmp_path, "g2", messages)

    assert (outputs["outcome"], outputs["comment"]) == ("completed", "nice")
    assert [(one["task"], one["answers"]) for one in outputs["labels"]] == [
        ("kind", {"1": {"kind_q": ["is_kind"]}, "3": {}})
    ]


def test_the_task_runner_plays_a_training_and_judges_it(tmp_path: Path) -> None:
    messages: list[dict[str, Any]] = [{"kind": "consent", "id": "c"}]
    for part in range(2):
        messages += [
            label(part, 1, ["is_kind"], f"l{part}"),
            {"kind": "submit_labels", "id": f"h{part}"},
            {"kind": "submit_labels", "id": f"hh{part}"},
        ]
    outputs = play(tmp_path, SCREENING, messages)

    assert outputs["outcome"] == "qualified"
    assert [one["purpose"] for one in outputs["labels"]] == ["training", "training"]
    assert json.dumps(outputs)
