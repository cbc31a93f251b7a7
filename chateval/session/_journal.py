"""What a journal promises."""

from collections.abc import Callable, Iterator
from typing import Protocol

from chateval.errors import JournalError
from chateval.session._record import Entry, RunRecord, SessionRecord

Saved = Callable[[JournalError | None], None]
"""Called on the event loop: with None once a write is committed, with the error if it never will be."""


class Journal(Protocol):
    """Keeps what happened. Writes are queued, committed in order and in groups; reads see what is committed.

    A write that fails for its own sake fails alone; where the journal cannot be written at all, everything queued
    fails, and the journal goes on with what comes next. The same record may be given again: it is kept once.
    """

    def add_run(self, run: RunRecord) -> None:
        """Write a run and wait for it."""
        ...

    def change_run(self, run: RunRecord) -> None:
        """Put another record in the place of a run's, and wait for it."""
        ...

    def add_session(self, session: SessionRecord, saved: Saved) -> None: ...

    def append(self, entry: Entry, saved: Saved) -> None: ...

    def runs(self) -> list[RunRecord]:
        """Oldest first."""
        ...

    def sessions(self, run_id: str | None = None, task_name: str | None = None) -> list[SessionRecord]:
        """Oldest first."""
        ...

    def entries(self, session_id: str) -> list[Entry]: ...

    def histories(
        self, run_id: str | None = None, task_name: str | None = None
    ) -> Iterator[tuple[SessionRecord, list[Entry]]]:
        """Sessions with their entries, oldest first."""
        ...

    def close(self) -> None:
        """Commit what is queued, and close."""
        ...
