"""What a preview puts in the places where a study has its journal and its bots."""

import asyncio
from collections.abc import Iterator

from chateval.bots import Reply, Request, Watch
from chateval.errors import BotError
from chateval.session import Entry, RunRecord, Saved, SessionRecord


class ForgetfulJournal:
    """Calls everything saved and keeps nothing: a `Journal` for one event loop, whose sessions end with the process."""

    def add_run(self, run: RunRecord) -> None:
        del run

    def change_run(self, run: RunRecord) -> None:
        del run

    def add_session(self, session: SessionRecord, saved: Saved) -> None:
        del session
        asyncio.get_running_loop().call_soon(saved, None)

    def append(self, entry: Entry, saved: Saved) -> None:
        del entry
        asyncio.get_running_loop().call_soon(saved, None)

    def runs(self) -> list[RunRecord]:
        return []

    def sessions(self, run_id: str | None = None, task_name: str | None = None) -> list[SessionRecord]:
        del run_id, task_name
        return []

    def entries(self, session_id: str) -> list[Entry]:
        del session_id
        return []

    def histories(
        self, run_id: str | None = None, task_name: str | None = None
    ) -> Iterator[tuple[SessionRecord, list[Entry]]]:
        del run_id, task_name
        return iter(())

    def close(self) -> None:
        """Nothing to commit."""


class NoBots:
    """A `ReplySource` where nobody chats."""

    async def reply(self, bot_name: str, request: Request, watch: Watch) -> Reply:
        del request, watch
        raise BotError(f"A preview has no bot {bot_name!r}, nor any other.")

    def forget(self, bot_name: str, dialogue_id: str, *, is_finished: bool = False) -> None:
        """Nothing is known."""
