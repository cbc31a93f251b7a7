"""Mephisto's record of places, agents and endings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mephisto.abstractions.databases.local_database import LocalMephistoDB
from mephisto.data_model.unit import Unit
from mephisto.operations.task_launcher import TaskLauncher

from chateval.config import Study
from chateval.crowd import BehaviorAnalysisBlueprint
from chateval.crowd._blueprint import assignment_data
from chateval.crowd._outputs import Ending
from chateval.crowd._records import CrowdRecords
from chateval.errors import DataDirectoryError
from chateval.worlds import Outcome

URL = "http://localhost:3000"


def ended(outcome: Outcome) -> Ending:
    return Ending(outcome, {"condition": "listener"}, {"dialogues": []}, 1_000.0, 1_060.0)


@pytest.fixture
def records(study: Study) -> Iterator[CrowdRecords]:
    opened = CrowdRecords(study.data_dir)
    yield opened
    opened.close()


def test_places_are_launched_units_and_nothing_is_printed(
    records: CrowdRecords, study: Study, capfd: pytest.CaptureFixture[str]
) -> None:
    """A line for each of five thousand units would bury what the researcher has to read."""
    run = records.new_run(study)

    places = records.new_places(run, [assignment_data("listener")] * 3, URL)

    assert [place.condition for place in places] == ["listener"] * 3
    assert {Unit.get(records.db, place.unit_id).db_status for place in places} == {"launched"}
    assert list(records.places(run, URL)) == places
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("outcome", "agent_status", "unit_status"),
    [
        (Outcome.COMPLETED, "completed", "completed"),
        (Outcome.BOT_FAILED, "completed", "completed"),
        (Outcome.LEFT, "returned", "launched"),
        (Outcome.TIMED_OUT, "timeout", "launched"),
    ],
)
def test_agent_and_unit_end_as_the_session_did(
    records: CrowdRecords, study: Study, outcome: Outcome, agent_status: str, unit_status: str
) -> None:
    """Work that was done is paid for; a place that was left goes to someone else."""
    run = records.new_run(study)
    [place] = records.new_places(run, [assignment_data("listener")], URL)
    worker = records.worker(run, "W1")
    agent_id = records.begin(run, worker.worker_id, place.unit_id)

    records.settle(agent_id, ended(outcome))
    records.settle(agent_id, ended(Outcome.LEFT))  # told twice after a crash: the first holds

    from mephisto.data_model.agent import Agent  # noqa: PLC0415

    agent = Agent.get(records.db, agent_id)
    assert agent.get_status() == agent_status
    assert Unit.get(records.db, place.unit_id).get_status() == unit_status
    assert agent.state.get_data()["inputs"] == {"condition": "listener"}
    assert (agent.state.get_task_start(), agent.state.get_task_end()) == (1_000.0, 1_060.0)


def test_a_worker_is_the_same_person_every_time(records: CrowdRecords, study: Study) -> None:
    run = records.new_run(study)

    assert records.worker(run, "W1") == records.worker(run, "W1")
    assert records.worker(run, "W1").worker_id != records.worker(run, "W2").worker_id


def test_a_granted_qualification_is_seen(records: CrowdRecords, study: Study) -> None:
    """Soft-blocking is Mephisto's: whoever blocks someone with its tools is obeyed here."""
    run = records.new_run(study)
    worker = records.worker(run, "W1")
    qualification_id = records.db.make_qualification("bad")
    records.db.grant_qualification(qualification_id, worker.worker_id, 1)

    assert records.worker(run, "W1").qualifications == {"bad"}


def test_a_unit_left_over_by_a_crash_can_be_begun_again(records: CrowdRecords, study: Study) -> None:
    run = records.new_run(study)
    [place] = records.new_places(run, [assignment_data("listener")], URL)
    worker = records.worker(run, "W1")
    records.begin(run, worker.worker_id, place.unit_id)

    agent_id = records.begin(run, worker.worker_id, place.unit_id)

    assert Unit.get(records.db, place.unit_id).get_assigned_agent().db_id == agent_id


def test_an_existing_data_directory_of_mephisto_is_used_as_it_is(study: Study) -> None:
    """Someone's workers and blocks of years must count here too."""
    theirs = LocalMephistoDB(str(study.data_dir / "database.db"))
    worker_id = theirs.new_worker("W1_sandbox", "mock")
    theirs.grant_qualification(theirs.make_qualification("bad"), worker_id, 1)
    theirs.shutdown()

    records = CrowdRecords(study.data_dir)
    known = records.worker(records.new_run(study), "W1")
    records.close()

    assert (known.worker_id, known.qualifications) == (worker_id, {"bad"})


def test_a_task_of_another_kind_is_not_taken_over(records: CrowdRecords, study: Study) -> None:
    records.db.new_task(study.task.name, "static_react_task")

    with pytest.raises(DataDirectoryError, match="Choose another"):
        records.new_run(study)


def test_what_is_no_data_directory_is_said(tmp_path: Path) -> None:
    (tmp_path / "database.db").write_text("not a database, but long enough to be looked at as one" * 10)

    with pytest.raises(DataDirectoryError, match="cannot be used"):
        CrowdRecords(tmp_path)


def test_the_blueprint_is_what_the_run_is_recorded_under(records: CrowdRecords, study: Study) -> None:
    assert records.new_run(study).task_type == BehaviorAnalysisBlueprint.BLUEPRINT_TYPE


def test_a_unit_that_a_crash_kept_from_launch_is_launched_when_the_run_goes_on(
    records: CrowdRecords, study: Study
) -> None:
    run = records.new_run(study)
    TaskLauncher(records.db, run, [assignment_data("listener")]).create_assignments()

    [place] = records.places(run, URL)

    assert records.begin(run, records.worker(run, "W1").worker_id, place.unit_id)
