"""The stack on disk: whole at any moment, readable, and without names."""

from pathlib import Path

import pytest

from chateval.errors import PictureError
from chateval.pictures import STACK_FILE, Look, read_stack, worker_digest, write_stack


def entry(session: str, worker: str = "W1", *, is_done: bool = True) -> tuple[str, str, Look]:
    return "1f3870be274f", "bot", Look(session, worker_digest(worker), is_done)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    looks = [entry("s1"), entry("s2", "W2", is_done=False)]
    write_stack(tmp_path / "new", looks)

    assert list(read_stack(tmp_path / "new").values()) == looks


def test_a_folder_without_a_stack_is_an_empty_one(tmp_path: Path) -> None:
    assert read_stack(tmp_path / "nowhere") == {}


def test_workers_are_not_named(tmp_path: Path) -> None:
    """A folder that is shared between machines ends up in other hands."""
    write_stack(tmp_path, [entry("s1", "A3EXAMPLEWORKER")])

    assert "A3EXAMPLEWORKER" not in (tmp_path / STACK_FILE).read_text()
    assert '"bot"' in (tmp_path / STACK_FILE).read_text()


def test_a_stack_that_is_broken_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    """All pictures would be collected anew."""
    (tmp_path / STACK_FILE).write_text("[{}]")

    with pytest.raises(PictureError, match="is no stack of pictures"):
        read_stack(tmp_path)
