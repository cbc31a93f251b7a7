"""The databases that a journal can lie in: how each is opened, and what went wrong in its reader's words."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chateval.errors import JournalError

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}

_SERVER_DEFAULTS: dict[str, Any] = {
    "application_name": "chateval",
    "client_encoding": "utf8",
    # A server that has vanished is noticed within some ten seconds, not within the kernel's fifteen minutes.
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

_SYNC_EVERY_COMMIT = """
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""


def open_engine(where: Path | str) -> tuple[sa.Engine, str]:
    """An engine for a file or a URL, and the name under which messages speak of it, which holds no password.

    Raises:
        JournalError: the URL cannot be read or names an unknown kind of database, or the driver is not installed.
    """
    url = sa.URL.create("sqlite", database=str(where)) if isinstance(where, Path) else _parsed(where)
    name = _name(url)
    if url.get_backend_name() == "sqlite":
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(url, hide_parameters=True)
        sa.event.listen(engine, "connect", _set_pragmas)
        return engine, name
    defaults = {key: value for key, value in _SERVER_DEFAULTS.items() if key not in url.query}
    try:
        engine = sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=defaults)
    except ImportError as error:
        raise JournalError(
            f"The journal {name} needs the package 'psycopg', which is not installed or not whole. "
            "Install it: pip install 'psycopg[binary]>=3.2'"
        ) from error
    sa.event.listen(engine, "connect", _set_up_server_connection)
    return engine, name


def reason(error: Exception) -> str:
    """What a driver said, in one line and without the statement's values: they hold what people wrote, and tokens."""
    said = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig is not None else error
    return " ".join(str(said).split()).rstrip(".")


def remedy(error: Exception, name: str) -> str:
    """What would let a journal be opened after all."""
    said = str(error)
    if not name.startswith("postgresql"):
        return "Is the disk full, or the file no journal?"
    if "password" in said:
        return "Put the password into ~/.pgpass, or into the environment as PGPASSWORD."
    if "database" in said and "does not exist" in said:
        return f"Create it: createdb --encoding=UTF8 {name.rpartition('/')[2]}"
    return "Is the server running, and do host, port, user and database agree with it?"


def _parsed(text: str) -> sa.URL:
    try:
        url = sa.make_url(text)
        kind = url.get_backend_name()
    except (sa.exc.ArgumentError, ValueError):  # whose own words may show the whole URL
        kind = ""
    if kind not in _DRIVERS:
        raise JournalError(
            "The journal's URL cannot be read, or names a kind of database that no journal can lie in. Write "
            "postgresql+psycopg://USER@HOST/DATABASE."
        ) from None
    if not url.database:
        raise JournalError(
            f"The journal's URL {_name(url)} names no database. Write {_name(url).rstrip('/')}/DATABASE."
        )
    return url.set(drivername=_DRIVERS[kind])


def _name(url: sa.URL) -> str:
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return sa.URL.create(
        "postgresql", username=url.username, host=url.host, port=url.port, database=url.database
    ).render_as_string()


def _set_pragmas(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.close()


def _set_up_server_connection(connection: Any, _: object) -> None:
    """Have every commit synced, whatever the server's own setting; only UTF-8 can hold everything that people say."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise JournalError(
            f"The database {connection.info.dbname!r} is encoded in {encoding}, which cannot hold every text. "
            "Create one in UTF-8: createdb --encoding=UTF8 --template=template0 NAME"
        )
    connection.autocommit = True  # a setting made within a transaction would end with it
    connection.execute(_SYNC_EVERY_COMMIT)
    connection.autocommit = False
