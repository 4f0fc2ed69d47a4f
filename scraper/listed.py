"""What the lists of each portal promised and what became of it, for whoever asks which report is missing."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from scraper.ledger import Ledger

_LAST_LISTS = """
SELECT l.portal_id, r.started_at, l.url, l.coverage, l.end_reason
FROM lists l JOIN runs r ON r.id = l.run_id
WHERE l.run_id = (SELECT max(m.run_id) FROM lists m WHERE m.portal_id = l.portal_id)
ORDER BY l.portal_id, l.url
"""
_NEVER_HAD = """
SELECT p.portal_id, o.region_code, p.url, p.list_title, p.outcome, p.checked_at
FROM pages p LEFT JOIN portals o ON o.id = p.portal_id
WHERE p.is_listed AND p.canonical_id IS NULL AND p.rejected IS NULL
    AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.page_id = p.id)
ORDER BY p.portal_id, p.url
"""


class PortalLists(NamedTuple):
    """How the lists of a portal were read the last time."""

    read_at: str
    """Start of that run, ISO 8601 UTC."""
    coverage: str
    """complete: all to their end; window: down to rows known before; incomplete: something is missing."""
    lists: tuple[tuple[str, str], ...]
    """Address of each list and the reason why reading it ended."""


class ListedPage(NamedTuple):
    """A page a list names, of which no answer was ever stored."""

    portal_id: str
    region_code: str | None
    url: str
    list_title: str | None
    outcome: str | None
    """None while it was not asked for."""
    checked_at: str | None


def portal_lists(data_dir: Path | str) -> dict[str, PortalLists]:
    """Return the last reading of the lists by portal; raises `StorageError` when nothing has been crawled."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    with closing(Ledger(data_dir, read_only=True)) as ledger:
        for portal_id, *rest in ledger.stream(_LAST_LISTS):
            found.setdefault(portal_id, []).append((rest[0], rest[1], rest[2], rest[3]))
    result = {}
    for portal_id, rows in found.items():
        words = {coverage for _, _, coverage, _ in rows}
        whole = next((word for word in ("incomplete", "window") if word in words), "complete")
        result[portal_id] = PortalLists(rows[0][0], whole, tuple((url, reason) for _, url, _, reason in rows))
    return result


def pages_never_had(data_dir: Path | str) -> Iterator[ListedPage]:
    """Yield the listed pages without a stored answer, by portal and address."""
    with closing(Ledger(data_dir, read_only=True)) as ledger:
        for row in ledger.stream(_NEVER_HAD):
            yield ListedPage(*row)
