"""How fast an endpoint may be asked: as the study says, and as the endpoint itself says."""

import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from time import monotonic, time

WINDOW_SECONDS = 60.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
"""How long all dialogues pause where the endpoint says "too many" and not how long; twice as long each time."""

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:([\d.]+)ms)?")


@dataclass(eq=False)
class Claim:
    """A request that may go now; or, with `wait_seconds`, may not yet."""

    at: float
    tokens: int
    wait_seconds: float = 0.0


@dataclass
class _Allowance:
    """What the endpoint has said to be left of something, until it is filled up again."""

    left: float = 0
    until: float = 0.0

    def wait_seconds(self, needed: int, now: float) -> float:
        return self.until - now if now < self.until and self.left < needed else 0.0


class Pace:
    """Counts requests and tokens of the last minute, and heeds what the endpoint says. Any thread may ask."""

    def __init__(
        self,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._most_requests = requests_per_minute
        self._most_tokens = tokens_per_minute
        self._clock = clock
        self._lock = threading.Lock()  # protects all below
        self._claims: deque[Claim] = deque()
        self._allowances = {"requests": _Allowance(), "tokens": _Allowance()}
        self._paused_at = self._paused_until = 0.0
        self._next_pause = FIRST_PAUSE_SECONDS

    def claim(self, tokens: int) -> Claim:
        """Ask to send a request that may take so many tokens; it counts from now on, unless it has to wait."""
        with self._lock:
            claim = Claim(self._clock(), tokens)
            claim.wait_seconds = self._wait_seconds(claim)
            if not claim.wait_seconds:
                self._claims.append(claim)
                self._allowances["requests"].left -= 1
                self._allowances["tokens"].left -= tokens
            return claim

    def settle(self, claim: Claim, tokens: int) -> None:
        """A request went well, and took so many tokens."""
        with self._lock:
            claim.tokens = tokens
            self._next_pause = FIRST_PAUSE_SECONDS

    def pause(self, claim: Claim, seconds: float | None) -> float:
        """The endpoint refused a claim; all others wait with it. Without `seconds`, as long as seems wise.

        Several refusals of requests that were out together are one.
        """
        with self._lock:
            now = self._clock()
            if seconds is None and claim.at > self._paused_at:
                seconds = self._next_pause
                self._next_pause = min(2 * seconds, LONGEST_PAUSE_SECONDS)
                self._paused_at = now
            self._paused_until = max(self._paused_until, now + (seconds or 0.0))
            return self._paused_until - now

    def heed(self, headers: Mapping[str, str]) -> None:
        """Take note of what an answer says about the endpoint's own limits, as `x-ratelimit-remaining-tokens`."""
        with self._lock:
            for name, allowance in self._allowances.items():
                left = _number(headers.get(f"x-ratelimit-remaining-{name}", ""))
                reset = seconds_of(headers.get(f"x-ratelimit-reset-{name}", ""))
                if left is not None and reset is not None:
                    allowance.left, allowance.until = left, self._clock() + reset

    def _wait_seconds(self, claim: Claim) -> float:
        now, needed = claim.at, {"requests": 1, "tokens": claim.tokens}
        while self._claims and self._claims[0].at <= now - WINDOW_SECONDS:
            self._claims.popleft()
        waits = [self._paused_until - now]
        waits += [allowance.wait_seconds(needed[name], now) for name, allowance in self._allowances.items()]
        if self._most_requests is not None and len(self._claims) >= self._most_requests:
            waits.append(self._until_gone(len(self._claims) - self._most_requests + 1, now))
        if self._most_tokens is not None:
            waits.append(self._until_tokens_fit(claim.tokens, now))
        return max(0.0, *waits)

    def _until_tokens_fit(self, tokens: int, now: float) -> float:
        """A request that is larger than the limit goes when nothing else has gone for a minute."""
        over = sum(claim.tokens for claim in self._claims) + tokens - (self._most_tokens or 0)
        for count, claim in enumerate(self._claims, start=1):
            if over <= 0:
                return self._until_gone(count - 1, now)
            over -= claim.tokens
        return self._until_gone(len(self._claims), now)

    def _until_gone(self, count: int, now: float) -> float:
        """How long until the oldest claims are older than a minute."""
        return self._claims[count - 1].at + WINDOW_SECONDS - now if count else 0.0


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """How long the endpoint asks to be left alone: milliseconds, seconds or a date; None where it does not say."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    said = headers.get("retry-after", "")
    seconds = _number(said)
    if seconds is not None:
        return seconds
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - time())


def seconds_of(duration: str) -> float | None:
    """`6m0s`, `1s`, `120ms` or a plain number of seconds; None for anything else."""
    number = _number(duration)
    if number is not None:
        return number
    match = _DURATION.fullmatch(duration.strip())
    if not match or not any(match.groups()):
        return None
    try:
        hours, minutes, seconds, milliseconds = (float(part or 0) for part in match.groups())
    except ValueError:
        return None
    return 3600 * hours + 60 * minutes + seconds + milliseconds / 1000


def _number(text: str) -> float | None:
    """A number from 0 to a million; what is larger is a date, or nonsense."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1_000_000 else None
