"""The run report: what one run did to each portal."""

from dataclasses import asdict, dataclass, field
from typing import Any

FINE = frozenset({"ok", "not_modified", "redirected"})


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
    pages_read: int = 0
    """Listed pages that came in full in this run, and how many of them lack the text of a report."""
    empty_bodies: int = 0
    empty_lists: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    """What should worry a person, each as `kind: sentence with found and expected`."""
    waiting: list[str] = field(default_factory=list)
    """Alarms that ring if they hold in the next run too."""
    silenced: list[str] = field(default_factory=list)
    """Alarms the operator has silenced, with reason and end."""
    signs: list[str] = field(default_factory=list)
    """Kinds of all of them."""
    snapshots: list[str] = field(default_factory=list)
    """Folders with the first page of each trouble this run met for the first time."""
    is_learning: bool = False
    """Too few runs yet to compare with."""
    remarks: list[str] = field(default_factory=list)
    stopped_hosts: dict[str, str] = field(default_factory=dict)
    fence_suspected: bool = False
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    mode: str = "nightly"
    """nightly, deep, or lists: nothing but lists was asked for"""
    interrupted: bool = False
    error: str | None = None

    @property
    def is_failed(self) -> bool:
        """Whether some of the portal's pages, lists or the portal as a whole failed."""
        is_left_over = bool(self.due) and self.mode != "lists"
        return bool(
            self.failed or self.failed_lists or self.alarms or self.error or is_left_over or self.interrupted
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
