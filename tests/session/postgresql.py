"""A PostgreSQL server of the tests' own: in a folder under /tmp, at a Unix socket, ended with them."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest


class Server:
    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        # It refuses to run as root; Debian's package makes a user for it.
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as_user = {"user": "postgres", "group": "postgres", "extra_groups": ()}
        self._databases = 0

    def create(self) -> None:
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync")

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self._folder} -c synchronous_commit=off"
        self._run("pg_ctl", "--wait", "--log", str(self._folder / "log"), "--options", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is what a crash is: no goodbye to clients, and a recovery at the next start."""
        self._run("pg_ctl", "--wait", "--mode", mode, "stop")

    def url(self, database: str, user: str = "postgres") -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self._folder}"

    def new_database(self, options: str = "") -> str:
        """The URL of an empty database."""
        self._databases += 1
        name = f"journal{self._databases}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} {options}".encode())
        return self.url(name)

    def connect(self, url: str = "") -> "psycopg.Connection[Any]":
        """A connection of one's own to the database of a journal's URL, or to the server."""
        target = url.replace("+psycopg", "") or f"postgresql://postgres@/postgres?host={self._folder}"
        return psycopg.connect(target, autocommit=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, "--pgdata", self._folder / "data", *arguments],
            check=True,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._as_user,
        )


@contextmanager
def running_server() -> Iterator[Server]:
    """Skips the test where there is no PostgreSQL to start."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: scripts/install_postgresql installs it where there is apt-get")
    folder = Path(tempfile.mkdtemp(prefix="chateval-pg-", dir="/tmp"))  # for a socket's path must be short
    try:
        if os.geteuid() == 0:
            try:
                shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
            except KeyError:
                pytest.skip("PostgreSQL refuses to run as root, and there is no user 'postgres'")
        server = Server(folder, programs)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path | None:
    """Debian's, of the newest version; else those on the PATH."""
    ours = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("pg_ctl")
    return ours[-1].parent if ours else Path(found).parent if found else None
