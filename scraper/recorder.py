"""Writes visits down: every answer into the archive, every address with its outcome into the ledger."""

from collections import Counter
from dataclasses import dataclass, field

from scraper.addresses import host_of
from scraper.archive import RecordRef
from scraper.network import Network, Step, Visit
from scraper.snapshots import QUIET_WORDS, Snapshots
from scraper.versions import sha256_of
from scraper.warc import Original, StoredResponse

_NOT_ARCHIVED = frozenset(
    {"too_large", "timeout", "connection_error", "tls_error", "dns_error", "refused_address"}
)


@dataclass(slots=True)
class Totals:
    """What a portal's run has asked for so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0


class Recorder:
    """Records the visits of one portal in one run; every method expects a transaction of the store."""

    def __init__(self, network: Network, portal_id: str, run_id: int) -> None:
        self._network, self._portal, self._run = network, portal_id, run_id
        self.totals = Totals()
        self.snapshots = Snapshots(network.store, portal_id, run_id)

    def record_alone(self, visit: Visit, purpose: str) -> None:
        """Record a visit in a transaction of its own."""
        with self._network.store.transaction():
            self.record(visit, purpose)

    def record(
        self, visit: Visit, purpose: str, *, page_id: int | None = None, stored: StoredResponse | None = None
    ) -> RecordRef | None:
        """Record all steps of a visit; returns the place of the last answer, None when none was archived.

        With `stored`, the full answer of an earlier visit, an equal body becomes a revisit of it.
        """
        place = None
        for step in visit.steps:
            is_last = step is visit.steps[-1]
            original = self._original(step, stored) if is_last and stored is not None else None
            place = self._archive(step, original)
            self._enter(step, purpose, page_id, place, "revisit" if original else "response")
        self._keep_trouble(visit.steps[-1], purpose)
        gate = self._network.gates.get(host_of(visit.final_url))
        if gate is not None and gate.delay:
            self._network.store.ledger.execute(
                "INSERT OR REPLACE INTO hosts VALUES (?, ?)", (gate.host, round(gate.next_at, 3))
            )
        return place

    def _keep_trouble(self, step: Step, purpose: str) -> None:
        """Keep the page of an answer that is no success, the first time it looks so."""
        exchange = step.exchange
        if exchange is None or not exchange.status or step.outcome in QUIET_WORDS:
            return
        if purpose in ("list", "page", "file"):
            facts = {"purpose": purpose, "status": exchange.status, "headers": list(exchange.headers)}
            self.snapshots.keep(step.outcome, step.detail, step.url, exchange.body, facts)

    def _original(self, step: Step, stored: StoredResponse) -> Original | None:
        exchange = step.exchange
        if exchange is None:
            return None
        if step.outcome != "not_modified" and sha256_of(exchange.body) != sha256_of(stored.body):
            return None
        return Original(stored.url, stored.date, stored.payload_digest)

    def _archive(self, step: Step, original: Original | None) -> RecordRef | None:
        exchange = step.exchange
        if exchange is None or not exchange.wire or step.outcome in _NOT_ARCHIVED:
            return None
        return self._network.store.archive.write(exchange, self._network.clock(), original)

    def _enter(
        self, step: Step, purpose: str, page_id: int | None, place: RecordRef | None, kind: str
    ) -> None:
        exchange = step.exchange
        size = len(exchange.wire) if exchange else 0
        seconds = exchange.seconds if exchange else 0.0
        totals = self.totals
        totals.requests += step.attempts
        totals.bytes += size
        totals.seconds += seconds
        if purpose in ("list", "page", "file"):
            totals.outcomes[step.outcome] += 1
        self._network.log("fetch", {
            "portal": self._portal, "purpose": purpose, "url": step.url, "outcome": step.outcome,
            "detail": step.detail, "status": exchange.status if exchange else None,
            "attempts": step.attempts, "bytes": size, "seconds": round(seconds, 3),
        })  # fmt: skip
        self._network.store.ledger.execute(
            "INSERT INTO fetches (run_id, portal_id, page_id, purpose, url, outcome, detail, status,"
            " attempts, bytes, seconds, at, redirected_to, record, warc_file, warc_offset)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (self._run, self._portal, page_id, purpose, step.url, step.outcome, step.detail,
             exchange.status if exchange else None, step.attempts, size, round(seconds, 4),
             self._network.clock().isoformat(), step.redirected_to, kind if place else None,
             place.file if place else None, place.offset if place else None),
        )  # fmt: skip
