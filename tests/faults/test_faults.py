"""A study is killed again and again while people talk; nothing that was acknowledged may be missing."""

import asyncio
import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .study import Study, completed, read_journal
from .worker import Weather, Worker

STORM = Weather()


@dataclass(frozen=True)
class Scale:
    workers: int
    turns: int
    kills: int
    think_seconds: float
    peace_seconds: float
    """How long it is quiet between two kills, at most."""
    seeds: tuple[int, ...]


SHORT = Scale(workers=10, turns=3, kills=3, think_seconds=0.3, peace_seconds=1.0, seeds=(1,))
LONG = Scale(workers=50, turns=6, kills=20, think_seconds=2.5, peace_seconds=3.0, seeds=(1, 2, 3))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", _scale(metafunc.config).seeds)


def _scale(config: pytest.Config) -> Scale:
    return LONG if config.getoption("--long") else SHORT


@pytest.fixture
def scale(request: pytest.FixtureRequest) -> Scale:
    return _scale(request.config)


@pytest.fixture
def study(tmp_path: Path, scale: Scale) -> Iterator[Study]:
    made = Study(tmp_path / "study", tmp_path / "data", scale.workers, scale.turns)
    yield made
    made.stop()


def crowd(study: Study, scale: Scale, seed: int, weather: Weather = STORM) -> list[Worker]:
    return [
        Worker(f"W{number}", study.page_url, random.Random(f"{seed}/{number}"), weather, scale.think_seconds)
        for number in range(scale.workers)
    ]


@dataclass(frozen=True)
class Findings:
    """What was promised, against what is in the journal."""

    acknowledged: int
    missing: int
    """Messages that were acknowledged and are not in the journal."""
    doubled: int
    """Messages that are in the journal more than once."""
    unfinished: int


def compare(study: Study, workers: list[Worker]) -> Findings:
    journalled = read_journal(study.data_dir)
    ids = {worker.name: journalled[worker.name].message_ids for worker in workers if worker.name in journalled}
    return Findings(
        acknowledged=sum(len(worker.acknowledged) for worker in workers),
        missing=sum(id_ not in ids.get(worker.name, {}) for worker in workers for id_ in worker.acknowledged),
        doubled=sum(count > 1 for counts in ids.values() for count in counts.values()),
        unfinished=sum(worker.outcome != "completed" for worker in workers),
    )


def check_invariants(study: Study, workers: list[Worker]) -> Findings:
    """Each of these is a promise that someone relies on."""
    findings = compare(study, workers)
    assert (findings.missing, findings.doubled, findings.unfinished) == (0, 0, 0), findings
    journalled = read_journal(study.data_dir)
    for worker in workers:
        session = journalled[worker.name].session
        for dialogue in range(2):
            texts = [turn.text for turn in session.turns(dialogue) if turn.speaker.value == "user"]
            lines = [f"{worker.name} says line {number}" for number in range(study.turns)]
            assert texts == ["Hi!", *lines], f"{worker.name} lost, doubled or mixed up turns: {texts}"
        shown = [(d, t.speaker.value, t.text) for d in range(2) for t in session.turns(d)]
        assert worker.turns == shown, f"{worker.name} saw something else than the journal has."
    half = study.workers // 2
    assert completed(journalled) == {"one|two": half, "two|three": study.workers - half}
    return findings


@pytest.mark.timeout(1500)
async def test_killing_loses_and_doubles_nothing(
    study: Study, scale: Scale, seed: int, request: pytest.FixtureRequest
) -> None:
    draw = random.Random(seed)
    await asyncio.to_thread(study.start)
    workers = crowd(study, scale, seed)
    began = time.monotonic()
    work = asyncio.gather(*(worker.work() for worker in workers))
    for _ in range(scale.kills):
        await asyncio.sleep(draw.uniform(0.3, scale.peace_seconds))
        assert any(worker.outcome is None for worker in workers), "Everyone was done before the last kill."
        await asyncio.to_thread(study.kill_something, draw)
    await asyncio.wait_for(work, 600)
    await asyncio.to_thread(study.stop)

    found = check_invariants(study, workers)

    kills = ", ".join(f"{count} {victim}" for victim, count in sorted(study.kills.items()))
    reconnects = sum(worker.reconnects for worker in workers)
    promised = (found.acknowledged, found.missing, found.doubled, found.unfinished)
    _tabulate(request.config, [seed, len(workers), kills, reconnects, *promised, round(time.monotonic() - began)])


def _tabulate(config: pytest.Config, cells: list[object]) -> None:
    if path := config.getoption("--table"):
        with Path(path).open("a") as out:
            out.write("| " + " | ".join(map(str, cells)) + " |\n")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"no right to mount a disk here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.timeout(300)
async def test_a_full_disk_stops_acknowledgements_and_loses_nothing(tmp_path: Path, small_disk: Path) -> None:
    scale = Scale(workers=4, turns=4, kills=0, think_seconds=0.3, peace_seconds=0, seeds=())
    study = Study(tmp_path / "study", small_disk / "data", scale.workers, scale.turns)
    await asyncio.to_thread(study.start)
    workers = crowd(study, scale, seed=4, weather=Weather(cut=0, doubled=0, held_up=0, reordered=0))
    work = asyncio.gather(*(worker.work() for worker in workers))
    try:
        await asyncio.sleep(1.0)
        _fill(small_disk)
        await asyncio.sleep(1.5)
        during = sum(len(worker.acknowledged) for worker in workers)
        await asyncio.sleep(1.5)
        assert sum(len(worker.acknowledged) for worker in workers) == during
        (small_disk / "ballast").unlink()
        await asyncio.wait_for(work, 120)
    finally:
        work.cancel()
        await asyncio.to_thread(study.stop)

    assert "cannot be written" in study.log.read_text()
    check_invariants(study, workers)


def _fill(disk: Path) -> None:
    """Leave not a byte."""
    block = b"\0" * 65536
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            for _ in range(shutil.disk_usage(disk).total // len(block) + 1):
                ballast.write(block)
        except OSError:
            pass
    assert os.statvfs(disk).f_bavail == 0
