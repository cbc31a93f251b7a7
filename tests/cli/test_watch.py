"""What a researcher sees of a study while it runs fits a screen."""

import pytest

from chateval.allocation import Progress
from chateval.cli._watch import LineWatch


def progress(condition: str) -> Progress:
    return Progress(condition, needed=2, waiting=1, active=0, done=1, abandoned=0, failed=0)


def test_a_study_of_pictures_is_told_bot_by_bot(capsys: pytest.CaptureFixture[str]) -> None:
    """A hundred pictures with three bots are three hundred combinations."""
    conditions = [f"{bot}@{picture:012x}" for bot in ("one", "other|third") for picture in range(100)]

    LineWatch(0).progressed(tuple(map(progress, conditions)))

    lines = [line.partition("  ")[2] for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "one (100 pictures): 100 waiting, 0 active, 100 done, 0 abandoned, 0 failed, of 200",
        "other|third (100 pictures): 100 waiting, 0 active, 100 done, 0 abandoned, 0 failed, of 200",
    ]
