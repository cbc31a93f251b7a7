"""Logs that the public cannot fill a disk with."""

import logging
from time import monotonic

from chateval import wire

LINES_PER_SECOND = 0.2
LINE_BURST = 50


class Sparing(logging.Filter):
    """Lets so many lines through; others are dropped, since each may be the doing of one bad request."""

    def __init__(self) -> None:
        super().__init__()
        self._bucket = wire.Bucket(LINES_PER_SECOND, LINE_BURST)

    def filter(self, record: logging.LogRecord) -> bool:
        del record
        return self._bucket.take(monotonic())
