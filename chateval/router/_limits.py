"""How much the router puts up with from the public."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """All of them, with what they are in a study. What a page may say is in `chateval/wire/_bounds.py`."""

    connections: int = 8_000
    """Connections in all. With one more, the oldest that has not joined a session is dropped; without one, the new."""

    connections_per_address: int = 500
    """Connections from one address, which may be that of a whole campus. Loopback is exempt: it may be a proxy."""

    request_seconds: float = 15.0
    """How long a connection may take until it has sent a whole request head, or to open its WebSocket."""

    response_seconds: float = 180.0
    """How long reading one response may take: a large picture over a slow line."""

    requests_per_second: float = 10.0
    """How fast one connection may go on asking for files."""

    request_burst: int = 100
    """How many files it may ask for at once; loading the page takes about five."""

    join_seconds: float = 60.0
    """How long a page may stay without a session while an operator is there. The page connects again by itself."""

    bytes_per_second: float = 128 * 1024
    """How many bytes a page may go on sending."""

    byte_burst: int = 2 * 1024 * 1024
    """How many bytes may come at once before that rate holds."""

    waiting_messages: int = 10_000
    """How many messages may wait for a page that reads slowly, before it is cut off."""

    waiting_characters: int = 8 * 1024 * 1024
    """How much text may wait for a page that reads slowly, before it is cut off."""

    operator_messages: int = 200_000
    """How many messages may wait for the operator, before its connection is cut off and made anew."""

    operator_characters: int = 16 * 1024 * 1024
    """How much text may wait for the operator: a quarter of `wire.MAX_BATCH_BYTES`, as a character may take 4 bytes."""

    closing_seconds: float = 2.0
    """How long a connection may take to end in good order, before it is cut off."""
