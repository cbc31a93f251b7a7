"""Whether a URL can name a study's journal."""

from urllib.parse import parse_qsl, urlsplit

from chateval.config._complaints import Complaints
from chateval.config._sources import Sources

_FORM = "Write postgresql+psycopg://USER@HOST/DATABASE."
_SCHEMES = {"postgresql", "postgresql+psycopg"}


def journal_url_fault(url: str) -> str | None:
    """Why a URL cannot, in whole sentences that hold no part of the URL, for that may be a password; None if it can."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # which is looked at only now
    except ValueError:
        return f"This is no URL that can be read. {_FORM} A sign such as / or # in a name is written %2F or %23."
    if parts.scheme not in _SCHEMES:
        return f"A journal lies in a PostgreSQL database, or, without this setting, in the data directory. {_FORM}"
    if parts.password is not None or any("password" in name for name, _ in parse_qsl(parts.query)):
        return (
            "The URL holds a password, which would be stored with the run and shown in lists of processes. Put the "
            f"password into ~/.pgpass, or into the environment as PGPASSWORD, and leave it out here. {_FORM}"
        )
    if not parts.path.strip("/"):
        return f"The URL names no database. {_FORM}"
    return None


def check_journal_url(url: str | None, sources: Sources, complaints: Complaints) -> None:
    fault = journal_url_fault(url) if url is not None else None
    if fault is not None:
        where = sources.where("journal_url").partition("=")[0]  # an override is quoted as typed, its password included
        complaints.at(where, fault)
