"""What the portals of a run share on their way to the network, and the records of what came of it."""

import threading
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeAlias

import httpx

from scraper.addresses import host_of
from scraper.fetch import DEFAULT_LIMITS, Exchange, Limits
from scraper.guard import AddressPolicy
from scraper.outcomes import HostMemory
from scraper.politeness import HostGate, Pace
from scraper.robots import Robots
from scraper.store import Store
from scraper.warc import StoredResponse

Log: TypeAlias = Callable[[str, dict[str, object]], None]
"""Takes what happens as it happens: the name of an event and its values, from any thread."""


class Step(NamedTuple):
    """One address of a visit: the answer (None when nothing was sent) and what it was."""

    url: str
    exchange: Exchange | None
    outcome: str
    detail: str | None
    attempts: int
    redirected_to: str | None = None


class Visit(NamedTuple):
    """An address and everything that came of it; `page` is the text of the last answer, empty for files."""

    url: str
    steps: tuple[Step, ...]
    outcome: str
    detail: str | None
    final_url: str
    body: bytes = b""
    page: str = ""

    @property
    def exchange(self) -> Exchange | None:
        """The last answer."""
        return self.steps[-1].exchange if self.steps else None

    def judged(self, outcome: str, detail: str) -> "Visit":
        """Return the visit with another word for its last answer."""
        last = self.steps[-1]._replace(outcome=outcome, detail=detail)
        return self._replace(steps=(*self.steps[:-1], last), outcome=outcome, detail=detail)

    def header(self, name: str) -> str | None:
        """Return a header of the last answer."""
        return self.exchange.header(name) if self.exchange else None


@dataclass(slots=True)
class Network:
    """What all portals of a run share: the store, the limits, and one gate and memory per host."""

    store: Store
    policy: AddressPolicy
    clock: Callable[[], datetime]
    agent: str
    stop: threading.Event
    sleep: Callable[[float], None]
    timer: Callable[[], float] = time.time
    pace: Pace = field(default_factory=Pace)
    limits: Limits = DEFAULT_LIMITS
    transport: httpx.BaseTransport | None = None
    gates: dict[str, HostGate] = field(default_factory=dict)
    memories: dict[str, HostMemory] = field(default_factory=dict)
    robots: dict[str, Robots] = field(default_factory=dict)
    log: Log = lambda event, values: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def gate(self, host: str, delay: float) -> HostGate:
        """Return the gate of a host, with the largest gap any portal asks for."""
        with self.lock:
            gate = self.gates.get(host)
            if gate is None:
                row = self.store.ledger.one("SELECT next_request_at AS at FROM hosts WHERE host = ?", (host,))
                gate = HostGate(
                    host, delay, pace=self.pace, timer=self.timer, sleep=self.sleep, stop=self.stop,
                    next_at=row["at"] if row else 0.0,
                )  # fmt: skip
                self.gates[host] = gate
            gate.raise_delay(delay)
            return gate

    def forget_denials(self, hosts: Container[str]) -> None:
        """Ask the robots.txt of these hosts again where it could not be read."""
        with self.lock:
            for origin in [o for o, robots in self.robots.items() if robots.denial and host_of(o) in hosts]:
                del self.robots[origin]

    def memory(self, host: str) -> HostMemory:
        """Return what this run has learnt about a host."""
        with self.lock:
            return self.memories.setdefault(host, HostMemory())


def header_charset(exchange: Exchange | StoredResponse) -> str | None:
    """Return the charset parameter of the Content-Type header."""
    for part in (exchange.header("content-type") or "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().casefold() == "charset" and value.strip():
            return value.strip().strip("\"'")
    return None


def header_text(value: str) -> str:
    """Return a header value as text: servers put raw UTF-8 or GBK bytes into Location."""
    raw = value.encode("latin-1")
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return value
