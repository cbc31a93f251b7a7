"""Sessions and the journal: what happens between people and bots, and its record."""

from chateval.session._asking import request_for, said_by
from chateval.session._collect import collected_session, collected_sessions, run_facts
from chateval.session._host import Limits, SessionHost, judge_by_files
from chateval.session._journal import Journal, Saved
from chateval.session._previews import task_preview
from chateval.session._record import Entry, LaterBots, RunRecord, SessionRecord, quotas_of
from chateval.session._replies import ReplySource
from chateval.session._session import Session, last_outcome
from chateval.session._sql_journal import JOURNAL_FILE, SqlJournal
from chateval.session._verdicts import Accepted, Duplicate, Refusal
from chateval.session._where import URL_FILE, journal_place, open_journal

__all__ = [
    "JOURNAL_FILE",
    "URL_FILE",
    "Accepted",
    "Duplicate",
    "Entry",
    "Journal",
    "LaterBots",
    "Limits",
    "Refusal",
    "ReplySource",
    "RunRecord",
    "Saved",
    "Session",
    "SessionHost",
    "SessionRecord",
    "SqlJournal",
    "collected_session",
    "collected_sessions",
    "journal_place",
    "judge_by_files",
    "last_outcome",
    "open_journal",
    "quotas_of",
    "request_for",
    "run_facts",
    "said_by",
    "task_preview",
]
