"""Signed links: a place for one worker in one study, until a time, that nobody else can make up."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from chateval import wire

KEY_FILE = "invite.key"
PURPOSE = "chateval invite 1"
"""Goes into every signature, so that no signature of another kind or version can pass for one."""

ASSIGNMENT_CHARACTERS = 16


@dataclass(frozen=True)
class Invite:
    """What a link says. `expires` is in seconds since the epoch."""

    worker_id: str
    assignment_id: str
    expires: int
    signature: str = ""

    def url(self, base: str) -> str:
        query = {
            "worker_id": self.worker_id,
            "assignment_id": self.assignment_id,
            "expires": self.expires,
            "signature": self.signature,
        }
        return f"{base.rstrip('/')}/?{urlencode(query)}"


class Signer:
    """Makes and checks the links of one task."""

    def __init__(self, key: bytes, task_name: str) -> None:
        self._key = key
        self._task_name = task_name

    def invite(self, worker_id: str, expires: int, assignment_id: str = "") -> Invite:
        """A signed link. Without an assignment id it is always the same for a worker, so that inviting twice does not
        give two places."""
        assignment_id = assignment_id or self._mac("assignment", worker_id).hex()[:ASSIGNMENT_CHARACTERS]
        return Invite(worker_id, assignment_id, expires, self._signature(worker_id, assignment_id, expires))

    def is_genuine(self, invite: Invite) -> bool:
        """Whether we signed exactly this; takes the same time however much of a guess is right."""
        expected = self._signature(invite.worker_id, invite.assignment_id, invite.expires)
        return hmac.compare_digest(expected.encode(), invite.signature.encode())

    def _signature(self, worker_id: str, assignment_id: str, expires: int) -> str:
        mac = self._mac("place", worker_id, assignment_id, expires)
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

    def _mac(self, *parts: str | int) -> bytes:
        # JSON, so that no two lists of parts read the same.
        text = json.dumps([PURPOSE, self._task_name, *parts], ensure_ascii=True, separators=(",", ":"))
        return hmac.new(self._key, text.encode(), hashlib.sha256).digest()


@dataclass(frozen=True)
class LinkRule:
    """Which links are taken; `signer` is None where they need no signature."""

    signer: Signer | None

    def admits(self, invite: Invite, now: float, *, is_return: bool) -> bool:
        """Whether the link leads to a place, or back to the one that it led to. Who began in time may always return."""
        if not (is_good_id(invite.worker_id) and is_good_id(invite.assignment_id)):
            return False
        if self.signer is None:
            return True
        return self.signer.is_genuine(invite) and (is_return or now < invite.expires)


def is_good_id(text: str) -> bool:
    """Whether an id is short and of visible characters alone: it goes into logs, tables and file contents."""
    return len(text) <= wire.MAX_ID_CHARACTERS and text.isprintable()


def invite_key(data_dir: Path) -> bytes:
    """The key of a data directory, readable by its owner alone; made where there is none."""
    path = data_dir / KEY_FILE
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=data_dir) as fresh:
            fresh.write(secrets.token_bytes(32))
            fresh.flush()
            os.fsync(fresh.fileno())
            with suppress(FileExistsError):  # of two that make it at once, both get the one that was there first
                os.link(fresh.name, path)
    return path.read_bytes()
