"""Who works on a data directory: locks that end with the process that holds them, however it ends."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import quote

from chateval.errors import DataDirectoryError

LOCKS = "locks"
_DIRECTORY = "directory.lock"
_ATTEMPTS, _PAUSE_SECONDS = 10, 0.05
"""Whoever looks whether a lock is held holds it for a moment, which must not keep a study from starting."""


@dataclass(frozen=True)
class Service:
    """A study that is, or was, being served."""

    task_name: str
    about: str
    """Since when, by which process, on which machine."""
    is_running: bool
    """If not, its process was killed: one that ends in good order clears what it wrote."""


@contextmanager
def serving(data_dir: Path, task_name: str) -> Iterator[None]:
    """Be the one who serves a task in a data directory; other tasks may be served there at the same time.

    Raises:
        DataDirectoryError: it is being served already, the directory is being mended, or it takes no locks.
    """
    name = _name(task_name)
    with _lock(data_dir, _DIRECTORY, fcntl.LOCK_SH) as directory, _lock(data_dir, name, fcntl.LOCK_EX) as own:
        if directory is None:
            raise DataDirectoryError(
                f"{data_dir} is being mended by `chateval doctor --mend`, which needs it for itself. Wait until that "
                "is done."
            )
        if own is None:
            about = next((service.about for service in services(data_dir) if service.task_name == task_name), "")
            raise DataDirectoryError(
                f"The task {task_name!r} in {data_dir} is being served already ({about}). One operator serves a task, "
                "or places would be given out twice. Stop the other one, or give this study another "
                "mephisto.task.task_name or data_dir."
            )
        own.truncate(0)
        own.write(json.dumps({"task_name": task_name, "about": _about()}))
        own.flush()
        try:
            yield
        finally:
            own.truncate(0)


@contextmanager
def mending(data_dir: Path) -> Iterator[None]:
    """Have a data directory to oneself.

    Raises:
        DataDirectoryError: a study is being served there.
    """
    with _lock(data_dir, _DIRECTORY, fcntl.LOCK_EX) as directory:
        if directory is None:
            running = ", ".join(f"{s.task_name} ({s.about})" for s in services(data_dir) if s.is_running)
            raise DataDirectoryError(
                f"A study is running on {data_dir}: {running or 'just about to start'}. What is mended must keep "
                "still. Stop it with Ctrl-C first; the same command goes on with it afterwards."
            )
        yield


def services(data_dir: Path) -> list[Service]:
    """The studies that are being served in a data directory, and those whose operator was killed."""
    found = []
    for path in sorted((data_dir / LOCKS).glob("task-*.lock")):
        with _lock(data_dir, path.name, fcntl.LOCK_SH, attempts=1) as free, path.open() as file:
            try:
                said = json.load(file)
                service = Service(said["task_name"], said["about"], is_running=free is None)
            except (ValueError, KeyError, TypeError):
                continue
            found.append(service)
    return found


def forget(data_dir: Path, service: Service) -> None:
    """Clear what a killed operator left in its lock."""
    with _lock(data_dir, _name(service.task_name), fcntl.LOCK_EX) as file:
        if file is not None:
            file.truncate(0)


@contextmanager
def _lock(data_dir: Path, name: str, kind: int, attempts: int = _ATTEMPTS) -> Iterator[IO[str] | None]:
    """The locked file, to write at its end; None where someone else has it."""
    path = data_dir / LOCKS / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise DataDirectoryError(f"The data directory {data_dir} cannot be used: {error}. Name another.") from error
    with file:
        is_ours = False
        for attempt in range(attempts):
            try:
                fcntl.flock(file, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if attempt + 1 < attempts:
                    time.sleep(_PAUSE_SECONDS)
            except OSError as error:
                raise DataDirectoryError(
                    f"The data directory {data_dir} takes no locks: {error}. Name one on a disk of this machine."
                ) from error
            else:
                is_ours = True
                break
        yield file if is_ours else None


def _name(task_name: str) -> str:
    return f"task-{quote(task_name, safe='')[:200]}.lock"


def _about() -> str:
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"process {os.getpid()} on {socket.gethostname()} since {since}"
