"""How a host is treated: one request at a time, a gap between them, and back-off when it refuses.

The gap runs on real time, also across runs: the ledger keeps when the next request may start.
"""

import random
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

PORTAL_TIME = timezone(timedelta(hours=8))
"""Where the portals are; between midnight and six o'clock many of them are being maintained."""
_SECONDS = re.compile(r"[0-9]{1,9}")


class HostStoppedError(Exception):
    """Raised instead of a request to a host that is left alone for this run; what is due stays due."""

    def __init__(self, host: str, reason: str) -> None:
        self.host = host
        super().__init__(f"{host}: {reason}")


class InterruptedCrawlError(Exception):
    """Raised instead of a request once the operator has asked to stop."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits of politeness; times in seconds."""

    jitter: float = 0.3
    slow_after: float = 3.0
    longest_gap: float = 60.0
    longest_retry_after: float = 600.0
    pause: tuple[float, float] = (30.0, 60.0)
    refusals: int = 3
    budget_requests: int = 2000
    budget_seconds: float = 1800.0
    repeat_after: float = 15.0
    """Least time before a portal that was being maintained is asked again, after all others are done."""
    retry_waits: tuple[tuple[float, float], ...] = ((2.0, 4.0), (5.0, 8.0))


class HostGate:
    """Lets one request at a time through to one host and port, and keeps its gap."""

    def __init__(
        self,
        host: str,
        delay: float,
        *,
        pace: Pace,
        timer: Callable[[], float],
        sleep: Callable[[float], None],
        stop: threading.Event,
        next_at: float = 0.0,
    ) -> None:
        self.host = host
        self.next_at = min(next_at, timer() + pace.longest_retry_after)
        self.refusals = 0
        self.stopped: str | None = None
        self.requests = 0
        self.delay, self._pace, self._timer, self._sleep, self._stop = delay, pace, timer, sleep, stop
        self._factor = 1.0
        self._started = timer()
        self._lock = threading.Lock()

    def raise_delay(self, seconds: float) -> None:
        """Keep at least this gap from now on, never a smaller one."""
        self.delay = max(self.delay, min(seconds, self._pace.longest_gap))

    def slow_down(self) -> None:
        """Double the gap, once: the host showed that it is asked too fast."""
        self._factor = 2.0

    def enter(self) -> None:
        """Wait for the turn of a request; raises `HostStoppedError` or `InterruptedCrawlError` instead."""
        self._lock.acquire()
        try:
            self._check()
            gap = self.delay * self._factor
            wait = self.next_at - self._timer()
            if wait > max(self._pace.longest_retry_after, gap * (1 + self._pace.jitter)):
                wait = gap  # the clock was set back meanwhile: no wait is as long
                self.next_at = self._timer() + gap
            if wait > 0:
                self._sleep(wait)
            self._check()
            self.requests += 1
            started = self._timer()
            self.next_at = started + gap * (1 + random.uniform(0, self._pace.jitter))
        except BaseException:
            self._lock.release()
            raise

    def leave(self, seconds: float) -> None:
        """End the turn; a host that answered slowly gets as much rest as it took to answer.

        The gap also counts from here: the request reached the host some time before, nobody knows when.
        """
        if self.delay:
            rest = self.delay * self._factor
            if seconds > self._pace.slow_after:
                rest = max(rest, min(seconds, self._pace.longest_gap))
            self.next_at = max(self.next_at, self._timer() + rest)
        self._lock.release()

    def pause(self, seconds: float) -> None:
        """Let no request start for a while."""
        self.next_at = max(self.next_at, self._timer() + seconds)

    def refused(self, retry_after: float | None) -> bool:
        """Count a 403 or 429; returns whether the address may be asked again in this run."""
        self.refusals += 1
        if self.refusals >= self._pace.refusals:
            self.stopped = f"{self.refusals} refusals"
        if retry_after is not None:
            self.pause(min(retry_after, self._pace.longest_retry_after))
        elif self.refusals >= 2:
            self.pause(random.uniform(*self._pace.pause))
        return self.stopped is None

    def _check(self) -> None:
        if self._stop.is_set():
            raise InterruptedCrawlError
        if self.stopped is None and self.requests >= self._pace.budget_requests:
            self.stopped = f"budget of {self._pace.budget_requests} requests used up"
        if self.stopped is None and self._timer() - self._started > self._pace.budget_seconds:
            self.stopped = f"budget of {self._pace.budget_seconds:.0f} seconds used up"
        if self.stopped is not None:
            raise HostStoppedError(self.host, self.stopped)


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Return what a Retry-After header asks for, in seconds; None when it says nothing usable."""
    if not value:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return float(value.strip())
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
