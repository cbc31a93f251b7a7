"""The operator of a study of labels: quotas, training, gold units, attention checks, onboarding, and restarts."""

import asyncio
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from chateval.allocation import Progress
from chateval.annotation import HookRule
from chateval.crowd._records import CrowdRecords
from chateval.session import JOURNAL_FILE, SqlJournal
from chateval.worlds import ModelChatScript

from .labelling import chat_study, labels_study
from .stages import RIGHT, WRONG, Open, Stage

PLENTY = {"g1": 9, "g2": 9}


def granted(data_dir: Path, worker: str) -> dict[str, int]:
    """What Mephisto's record says a worker has."""
    query = (
        "SELECT qualification_name, value FROM granted_qualifications JOIN qualifications USING (qualification_id) "
        "JOIN workers USING (worker_id) WHERE worker_name IN (?, ?)"
    )
    with closing(sqlite3.connect(data_dir / "database.db")) as connection:
        return dict(connection.execute(query, (worker, f"{worker}_sandbox")).fetchall())


def sums(stage: Stage) -> dict[str, Progress]:
    return {progress.condition: progress for progress in stage.operator.progress()}


# Quotas


async def test_each_group_gets_as_many_people_as_it_needs(open_stage: Open, tmp_path: Path) -> None:
    """One too many is money lost; one too few is a hole in the data."""
    async with open_stage(labels_study(tmp_path)) as stage:
        outcomes = Counter([await stage.do_unit(f"W{worker}") for worker in (1, 1, 2, 2, 3, 3, 4)])

        assert {name: (p.done, p.needed) for name, p in sums(stage).items()} == {"g1": (3, 3), "g2": (2, 2)}
        assert stage.operator.is_complete
    assert outcomes["completed"] == 5


async def test_everyone_at_once_fills_each_place_once(open_stage: Open, tmp_path: Path) -> None:
    async with open_stage(labels_study(tmp_path)) as stage:
        answers = await asyncio.gather(*(stage.come(f"W{worker}") for worker in range(9)))

        assert Counter(reason for _, reason in answers) == {"joined": 5, "no_places": 4}


async def test_nobody_labels_the_same_group_twice(open_stage: Open, tmp_path: Path) -> None:
    """Not even over several runs of a task: their second opinion is no second person's."""
    study = labels_study(tmp_path, units=PLENTY)
    async with open_stage(study) as stage:
        assert await stage.do_unit("W") == "completed"
        assert await stage.do_unit("W") == "completed"
        assert await stage.do_unit("W") == "nothing_new"
    async with open_stage(study) as stage:
        assert await stage.do_unit("W") == "nothing_new"
        assert await stage.do_unit("another") == "completed"


async def test_who_comes_with_two_links_at_once_gets_two_groups(open_stage: Open, tmp_path: Path) -> None:
    async with open_stage(labels_study(tmp_path, units=PLENTY)) as stage:
        answers = await asyncio.gather(*(stage.come("W") for _ in range(3)))

        assert sorted(reason for _, reason in answers) == ["joined", "joined", "nothing_new"]
        assert {name: p.active for name, p in sums(stage).items()} == {"g1": 1, "g2": 1}


async def test_a_group_that_was_left_goes_to_someone_else(open_stage: Open, tmp_path: Path) -> None:
    async with open_stage(labels_study(tmp_path, units={"g1": 1})) as stage:
        connection, _ = await stage.come("W1")
        assert await stage.do_unit("W2") == "no_places"
        stage.send(connection, kind="leave", id="l")
        await stage.asked(connection, "ended")

        assert await stage.do_unit("W1") == "nothing_new"
        assert await stage.do_unit("W2") == "completed"


# Training


async def test_who_passes_the_training_reaches_real_work(open_stage: Open, tmp_path: Path) -> None:
    """The training counts as no unit, and Mephisto's own tools know who is qualified."""
    study = labels_study(tmp_path, training={}, task={"maximum_units_per_worker": 1})
    async with open_stage(study) as stage:
        connection, _ = await stage.come("W")
        assert stage.work(connection) == "training"
        assert await stage.go_on_with_unit(connection, RIGHT) == "qualified"
        connection, _ = await stage.come("W")
        assert stage.work(connection) == "labels"
        assert await stage.go_on_with_unit(connection) == "completed"
        assert await stage.do_unit("W") == "too_many_units"
        assert sums(stage)["training"].done == 1
    assert granted(study.data_dir, "W") == {"kind_screen": 1}


async def test_who_fails_the_training_has_failed_once_and_for_all(open_stage: Open, tmp_path: Path) -> None:
    study = labels_study(tmp_path, training={})
    async with open_stage(study) as stage:
        assert await stage.do_unit("W", WRONG) == "not_qualified"
        assert await stage.do_unit("W", RIGHT) == "not_passed"
        run_id = stage.run_id
    async with open_stage(study, run_id=run_id) as stage:
        assert await stage.do_unit("W", RIGHT) == "not_passed"
    async with open_stage(study) as stage:
        assert await stage.do_unit("W", RIGHT) == "not_passed"
    assert granted(study.data_dir, "W") == {"kind_screen_failed": 1}


async def test_who_has_the_qualification_from_elsewhere_is_not_trained(open_stage: Open, tmp_path: Path) -> None:
    study = labels_study(tmp_path, training={})
    with closing(CrowdRecords(study.data_dir)) as records:
        records.grant(records.worker(records.new_run(study), "W").worker_id, "kind_screen", 1)
    async with open_stage(study) as stage:
        connection, _ = await stage.come("W")

        assert stage.work(connection) == "labels"


async def test_only_so_many_are_trained(open_stage: Open, tmp_path: Path) -> None:
    """Each training is paid for. However many come in the same instant, there is one too few for the rest."""
    async with open_stage(labels_study(tmp_path, training={"max_units": 2})) as stage:
        answers = await asyncio.gather(*(stage.come(f"W{worker}") for worker in range(6)))
        assert Counter(reason for _, reason in answers) == {"joined": 2, "no_places": 4}

        left, passed = (connection for connection, reason in answers if reason == "joined")
        stage.send(left, kind="leave", id="l")
        await stage.asked(left, "ended")
        assert await stage.go_on_with_unit(passed, RIGHT) == "qualified"

        assert (await stage.come("W7"))[1] == "joined"
        assert (await stage.come("W8"))[1] == "no_places"


async def test_nobody_s_limit_is_overrun_while_a_place_is_made(open_stage: Open, tmp_path: Path) -> None:
    study = labels_study(tmp_path, training={}, task={"allowed_concurrent": 1})
    async with open_stage(study) as stage:
        answers = await asyncio.gather(*(stage.come("W") for _ in range(4)))

        assert Counter(reason for _, reason in answers) == {"joined": 1, "too_many_at_once": 3}


async def test_a_study_is_not_over_while_someone_is_being_trained(open_stage: Open, tmp_path: Path) -> None:
    """It would close in front of them."""
    study = labels_study(tmp_path, training={}, units={"g1": 1})
    async with open_stage(study) as stage:
        trained, _ = await stage.come("slow")
        await stage.do_unit("quick", RIGHT)
        await stage.do_unit("quick")
        assert sums(stage)["g1"].done == 1
        assert not stage.operator.is_complete
        assert (await stage.come("late"))[1] == "no_places"

        assert await stage.go_on_with_unit(trained, RIGHT) == "qualified"
        assert stage.operator.is_complete


# Gold units


def golds_of(stage: Stage, connections: list[int]) -> list[str]:
    conditions = [stage.record(connection).condition for connection in connections]
    return [condition for condition in conditions if condition.startswith("@gold/")]


async def test_the_first_units_are_gold_and_none_comes_twice(open_stage: Open, tmp_path: Path) -> None:
    study = labels_study(tmp_path, golds={"min_golds": 2}, units=PLENTY)
    async with open_stage(study) as stage:
        connections = []
        while (come := await stage.come("W"))[1] == "joined":
            connections.append(come[0])
            assert stage.work(come[0]) == "labels"
            assert await stage.go_on_with_unit(come[0], RIGHT) == "completed"
        golds = golds_of(stage, connections)

        assert come[1] == "nothing_new"
        assert [stage.record(one).condition[:6] for one in connections[:2]] == ["@gold/"] * 2
        assert len(set(golds)) == len(golds) >= 2
        assert sums(stage)["gold units"].done == len(golds)
        assert sums(stage)["g1"].needed == 9
    counted = granted(study.data_dir, "W")
    assert counted == {"kind_gold-correct-golds": len(golds), "kind_gold-wrong-golds": 0}


async def test_a_gold_unit_looks_like_any_other(open_stage: Open, tmp_path: Path) -> None:
    async with open_stage(labels_study(tmp_path, golds={})) as stage:
        gold, _ = await stage.come("W")
        await stage.go_on_with_unit(gold, RIGHT)
        plain, _ = await stage.come("W")
        views = [next(m["study"] for m in stage.said[one] if m["kind"] == "joined") for one in (gold, plain)]

        assert views[0] == views[1]
        assert golds_of(stage, [gold, plain]) == [stage.record(gold).condition]
        assert "gold" not in str(stage.said[gold])


async def test_who_fails_too_many_gold_units_is_stopped(open_stage: Open, tmp_path: Path) -> None:
    """With a reason, and for good; the answers of others are not affected."""
    study = labels_study(tmp_path, golds={"max_incorrect": 1, "min_golds": 2})
    async with open_stage(study) as stage:
        assert await stage.do_unit("W", WRONG) == "completed"
        assert await stage.do_unit("W", WRONG) == "completed"
        assert await stage.do_unit("W", RIGHT) == "stopped"
        assert await stage.do_unit("another", RIGHT) == "completed"
        run_id = stage.run_id
    assert granted(study.data_dir, "W") == {
        "kind_gold-correct-golds": 0,
        "kind_gold-wrong-golds": 2,
        "kind_gold-disqualified": 1,
    }
    async with open_stage(study, run_id=run_id) as stage:
        assert await stage.do_unit("W", RIGHT) == "stopped"


async def test_mistakes_that_are_forgiven_leave_a_gold_unit_passed(open_stage: Open, tmp_path: Path) -> None:
    study = labels_study(tmp_path, golds={"allowed_mistakes": 2})
    async with open_stage(study) as stage:
        await stage.do_unit("W", WRONG)
        assert await stage.do_unit("W") == "completed"
    assert granted(study.data_dir, "W")["kind_gold-wrong-golds"] == 0


async def test_only_so_many_gold_units_are_handed_out(open_stage: Open, tmp_path: Path) -> None:
    study = labels_study(tmp_path, golds={"max_units": 1}, units=PLENTY)
    async with open_stage(study) as stage:
        answers = await asyncio.gather(*(stage.come(f"W{worker}") for worker in range(4)))

        assert len(golds_of(stage, [connection for connection, _ in answers])) == 1


async def test_two_links_at_once_do_not_bring_the_same_gold_unit_twice(open_stage: Open, tmp_path: Path) -> None:
    async with open_stage(labels_study(tmp_path, golds={"min_golds": 2})) as stage:
        answers = await asyncio.gather(*(stage.come("W") for _ in range(2)))
        golds = golds_of(stage, [connection for connection, _ in answers])

        assert len(set(golds)) == 2


async def test_who_has_no_real_work_left_is_given_no_gold_units(open_stage: Open, tmp_path: Path) -> None:
    """They would be paid to be watched at nothing."""
    async with open_stage(labels_study(tmp_path, golds={"min_golds": 0}, units=PLENTY)) as stage:
        while await stage.do_unit("W", RIGHT) == "completed":
            pass
        stage.operator._standings._by_worker["W"].units_done = 1_000  # so that one is due

        assert {await stage.do_unit("W", RIGHT) for _ in range(12)} == {"nothing_new"}


# Attention checks


async def test_who_fails_too_many_attention_checks_is_stopped(open_stage: Open, tmp_path: Path) -> None:
    study = labels_study(tmp_path, checks={"max_failed": 0})
    async with open_stage(study) as stage:
        assert await stage.do_unit("careless") == "completed"
        assert await stage.do_unit("careless") == "stopped"
        run_id = stage.run_id
    async with open_stage(study, run_id=run_id) as stage:
        assert await stage.do_unit("careless") == "stopped"
        assert await stage.do_unit("another") == "completed"


# Onboarding


async def onboard(stage: Stage, worker: str, *attempts: dict[int, list[str]]) -> int:
    connection, reason = await stage.come(worker)
    assert reason == "joined"
    stage.send(connection, kind="consent", id="c")
    asked = await stage.next_ask(connection, 1)
    for answers in attempts:
        asked = await stage.label(connection, asked, answers)
    return connection


def is_onboarding(stage: Stage, connection: int) -> bool:
    script = stage.record(connection).script
    assert isinstance(script, ModelChatScript)
    return script.onboarding is not None


async def test_who_has_passed_the_onboarding_has_passed_it(open_stage: Open, tmp_path: Path) -> None:
    """It is granted even to those who then leave: they have shown what they can."""
    study = chat_study(tmp_path)
    async with open_stage(study) as stage:
        connection = await onboard(stage, "W", dict(WRONG), {1: ["is_kind"]})
        assert is_onboarding(stage, connection)
        await stage.person_is_asked(connection, 0)
        stage.send(connection, kind="leave", id="l")
        await stage.asked(connection, "ended")

        again, _ = await stage.come("W")
        assert not is_onboarding(stage, again)
        run_id = stage.run_id
    assert granted(study.data_dir, "W") == {"trained": 1}
    async with open_stage(study, run_id=run_id) as stage:
        again, _ = await stage.come("W")
        assert not is_onboarding(stage, again)


async def test_who_fails_the_onboarding_too_often_gives_the_place_back(open_stage: Open, tmp_path: Path) -> None:
    study = chat_study(tmp_path)
    async with open_stage(study) as stage:
        connection = await onboard(stage, "W", {3: ["is_kind"]}, {3: ["is_kind"]})
        assert (await stage.asked(connection, "ended"))["outcome"] == "not_qualified"
        assert await stage.do_unit("W") == "not_passed"
        async with asyncio.timeout(5):
            while sums(stage)["alice"].waiting < 2:
                await asyncio.sleep(0.002)
        assert sums(stage)["alice"].needed == 2
        run_id = stage.run_id
    assert granted(study.data_dir, "W") == {"trained_failed": 1}
    async with open_stage(study, run_id=run_id) as stage:
        assert await stage.do_unit("W") == "not_passed"
        assert (sums(stage)["alice"].needed, sums(stage)["alice"].waiting) == (2, 2)


# Restarts


async def test_after_a_restart_everyone_stands_as_before(open_stage: Open, tmp_path: Path) -> None:
    """All that the operator knows of people comes out of the journal: trained, failed, gold, walked out, under way."""
    study = labels_study(tmp_path, training={}, golds={}, checks={"max_failed": 9}, units=PLENTY)
    async with open_stage(study) as stage:
        for worker, answers in (("good", RIGHT), ("bad", WRONG), ("mixed", RIGHT)):
            await stage.do_unit(worker, answers)
        for answers in (RIGHT, RIGHT, RIGHT):
            await stage.do_unit("good", answers)
        await stage.do_unit("mixed", WRONG)
        left, _ = await stage.come("left")
        stage.send(left, kind="leave", id="l")
        await stage.asked(left, "ended")
        await stage.come("good")
        await stage.come("begun")
        before = stage.operator._standings
        registry, progress, run_id = stage.operator._registry, stage.operator.progress(), stage.run_id
    async with open_stage(study, run_id=run_id) as stage:
        after = stage.operator._standings
        assert _known(after) == _known(before)
        assert +after._aside == +before._aside
        assert stage.operator.progress() == progress
        for worker in ("good", "bad", "mixed", "left", "begun"):
            for told in ("met", "taken", "held"):
                known = [getattr(one, told)(worker) for one in (registry, stage.operator._registry)]
                assert known[0] == known[1], (worker, told)


def _known(standings: object) -> dict[str, object]:
    """What is known of those of whom anything is."""
    by_worker = standings._by_worker  # type: ignore[attr-defined]
    return {worker: standing for worker, standing in by_worker.items() if standing != type(standing)()}


async def test_what_a_crash_kept_from_being_granted_is_granted_afterwards(open_stage: Open, tmp_path: Path) -> None:
    """Between the end of a session and Mephisto's record of it, everything can fall down."""
    study = labels_study(tmp_path, training={}, golds={})
    async with open_stage(study) as stage:
        await stage.do_unit("W", RIGHT)
        await stage.do_unit("W", RIGHT)
        run_id = stage.run_id
    whole = granted(study.data_dir, "W")
    with closing(sqlite3.connect(study.data_dir / "database.db")) as connection, connection:
        connection.execute("DELETE FROM granted_qualifications")
        connection.execute("UPDATE agents SET status = 'in task'")
    async with open_stage(study, run_id=run_id):
        pass

    assert granted(study.data_dir, "W") == whole
    assert whole.keys() == {"kind_screen", "kind_gold-correct-golds", "kind_gold-wrong-golds"}
    with closing(sqlite3.connect(study.data_dir / "database.db")) as connection:
        assert {status for (status,) in connection.execute("SELECT status FROM agents")} == {"completed"}


async def test_a_session_under_way_goes_on_after_a_restart(open_stage: Open, tmp_path: Path) -> None:
    """With every answer, in the middle of a correction too."""
    study = labels_study(tmp_path, training={})
    async with open_stage(study) as stage:
        connection, _ = await stage.come("W")
        stage.send(connection, kind="consent", id="c")
        asked = await stage.next_ask(connection, 1)
        asked = await stage.label(connection, asked, RIGHT)
        assert asked["mode"] == "correction"
        told, token = stage.updates(connection), stage.record(connection).token
        run_id = stage.run_id
    async with open_stage(study, run_id=run_id) as stage:
        stage.send(7, kind="resume", token=token, since=0)
        await stage.next_ask(7, asked["seq"] - 1)
        again = [{**update, "seconds_left": None} for update in stage.updates(7)]
        assert again == [{**update, "seconds_left": None} for update in told]
        assert await stage.go_on_with_unit(7, RIGHT) == "qualified"


async def test_a_rule_of_one_s_own_that_fails_does_not_fail_the_worker(
    open_stage: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The limits in the training file decide then, and the researcher is told."""
    (tmp_path / "rule_that_fails.py").write_text("def rule(grades):\n    raise KeyError('oops')\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    study = labels_study(tmp_path, training={"rule": HookRule("rule_that_fails:rule")})
    async with open_stage(study) as stage:
        assert await stage.do_unit("W", RIGHT) == "qualified"
    assert "oops" in caplog.text


async def test_answers_are_in_mephisto_s_record_too(open_stage: Open, tmp_path: Path) -> None:
    """People who review with Mephisto's tools see what was labelled."""
    study = labels_study(tmp_path, units={"g2": 1})
    async with open_stage(study) as stage:
        await stage.do_unit("W", RIGHT)
    [path] = (study.data_dir / "data").rglob("agent_data.json")

    assert '"answers": {"1": {"kind_q": ["is_kind"]}' in path.read_text()
    with closing(SqlJournal(tmp_path / JOURNAL_FILE)) as journal:
        assert len(journal.sessions()) == 1
