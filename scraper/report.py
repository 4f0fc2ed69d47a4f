"""The run report: what one run did to each portal, and what in it should worry a person."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from scraper.ledger import Ledger

FINE = frozenset({"ok", "not_modified", "redirected"})
FEWEST_RUNS = 3


@dataclass(slots=True)
class PortalReport:
    """Counts of one portal in one run; `outcomes` counts answers by word, `failed` pages without success."""

    portal_id: str
    name: str
    families: dict[str, str] = field(default_factory=dict)
    """Start address -> family and the mark that gave it away."""
    list_pages: int = 0
    rows_seen: int = 0
    rows_valid: int = 0
    rows_skipped: dict[str, int] = field(default_factory=dict)
    found: int = 0
    """Documents known of this portal after the run, aliases and rejected pages left out."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    duplicates: int = 0
    rejected: int = 0
    attachments: int = 0
    due: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    failed_lists: dict[str, str] = field(default_factory=dict)
    end_reasons: dict[str, int] = field(default_factory=dict)
    coverage: str = "incomplete"
    alarms: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    stopped_hosts: dict[str, str] = field(default_factory=dict)
    fence_suspected: bool = False
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    error: str | None = None

    @property
    def is_failed(self) -> bool:
        """Whether some of the portal's pages, lists or the portal as a whole failed."""
        return bool(
            self.failed or self.failed_lists or self.alarms or self.error or self.due or self.interrupted
        )

    @property
    def group(self) -> str:
        """Which heading of the run page the portal stands under."""
        if any(alarm.startswith("layout") for alarm in self.alarms):
            return "layout"
        if self.error or (self.failed_lists and not self.rows_valid):
            return "failed"
        if self.is_failed or self.coverage == "incomplete":
            return "incomplete"
        return "changed" if self.new or self.changed or self.removed else "unchanged"

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return {**asdict(self), "group": self.group, "is_failed": self.is_failed}


def alarms(report: PortalReport, ledger: Ledger, run_id: int, empty_lists: Iterable[str]) -> list[str]:
    """Return what the counts say is wrong, each as `kind: sentence with expected and found`."""
    found = [f"layout: {url} answers, but no row is recognised" for url in empty_lists]
    if report.rows_seen and not report.rows_valid:
        found.append(f"layout: {report.rows_seen} entries seen, 0 usable")
    asked = sum(report.outcomes.values())
    bad = sum(count for word, count in report.outcomes.items() if word not in FINE)
    if asked >= 5 and bad > 0.2 * asked:
        found.append(f"fetch: {bad} of {asked} answers failed")
    return found + _shrink(report, ledger, run_id)


def _shrink(report: PortalReport, ledger: Ledger, run_id: int) -> list[str]:
    """Compare the rows of lists read to their end with the portal's own last five such runs."""
    if report.coverage != "complete":
        return []
    rows = ledger.all(
        "SELECT run_id, sum(rows_valid) AS n FROM lists WHERE portal_id = ? AND run_id < ? GROUP BY run_id"
        " HAVING sum(coverage <> 'complete') = 0 ORDER BY run_id DESC LIMIT 5",
        (report.portal_id, run_id),
    )
    if len(rows) < FEWEST_RUNS:
        return []
    reference = median(row["n"] for row in rows)
    floor = reference - max(2, 0.05 * reference)
    return [f"shrink: {report.rows_valid} rows, {reference:g} expected"] if report.rows_valid < floor else []
