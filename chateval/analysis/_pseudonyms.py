"""Names for workers that tell nothing about them."""

import hashlib
import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

KEY_FILE = "pseudonym.key"


class Pseudonyms:
    """Replaces worker ids by keyed hashes: the same worker keeps the same name in every export of a data directory.

    The key stays in that directory. A plain hash would not do: worker ids have a known form, and can be tried out.
    """

    def __init__(self, data_dir: Path) -> None:
        self._key = _key(data_dir / KEY_FILE)

    def of(self, worker_name: str) -> str:
        return "w_" + hmac.new(self._key, worker_name.encode(), hashlib.sha256).hexdigest()[:16]


def _key(path: Path) -> bytes:
    """Read the key, or make it; of two exports that make it at once, both get the one that was there first."""
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent) as fresh:  # readable by its owner alone
            fresh.write(secrets.token_bytes(32))
            fresh.flush()
            with suppress(FileExistsError):
                os.link(fresh.name, path)
    return path.read_bytes()
