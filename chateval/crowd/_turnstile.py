"""How often pages may ask for a session: each answer holds its whole history."""

from time import monotonic
from typing import TypeVar

from chateval import wire

Key = TypeVar("Key", int, str)


class Turnstile:
    """Counts by connection and by session, so that neither many questions nor many connections wear the study out."""

    def __init__(self) -> None:
        self._by_connection: dict[int, wire.Bucket] = {}
        self._by_session: dict[str, wire.Bucket] = {}

    def lets_ask(self, connection: int) -> bool:
        return _take(self._by_connection, connection)

    def lets_in(self, session_id: str) -> bool:
        return _take(self._by_session, session_id)

    def forget(self, connection: int) -> None:
        self._by_connection.pop(connection, None)

    def forget_all(self) -> None:
        self._by_connection.clear()


def _take(buckets: dict[Key, wire.Bucket], key: Key) -> bool:
    bucket = buckets.get(key)
    if bucket is None:
        bucket = buckets[key] = wire.Bucket(wire.JOINS_PER_SECOND, wire.JOIN_BURST)
    return bucket.take(monotonic())
