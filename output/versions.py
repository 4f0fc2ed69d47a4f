"""What changed between two versions of one page, cell by cell."""

from collections.abc import Iterable, Iterator
from typing import Any

from output.rows import FactRow
from parsers.records import CellKey


class VersionWatch:
    """Remembers the last version of the page under way; versions of one page come one after the other."""

    def __init__(self) -> None:
        """Start with no page."""
        self._report: dict[str, Any] | None = None
        self._facts: dict[CellKey, FactRow] = {}

    def changes(
        self, report: dict[str, Any], facts: Iterable[FactRow]
    ) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
        """Return the shared columns and the rows of `changes` for a report; no rows for a first version."""
        before, last = self._facts, self._report
        self._facts, self._report = {fact[:3]: fact for fact in facts}, report
        if last is None or _page(last) != _page(report):
            return {}, []
        shared = {
            **report,
            "previous_report_id": last["report_id"],
            "previous_last_seen_at": last["last_seen_at"],
        }
        return shared, list(_different(before, self._facts))


def _page(report: dict[str, Any]) -> tuple[str, str]:
    return report["portal_id"], report["document_key"]


def _different(before: dict[CellKey, FactRow], now: dict[CellKey, FactRow]) -> Iterator[tuple[Any, ...]]:
    """Yield cells whose figure or status differs; a cell one version does not know is absent there."""
    for key in dict.fromkeys((*now, *before)):
        old, new = before.get(key) or _absent(key), now.get(key) or _absent(key)
        if (old.value, old.status) != (new.value, new.status):
            yield (*key, old.value, new.value, old.status, new.status, old.raw, new.raw)


def _absent(key: CellKey) -> FactRow:
    return FactRow(*key, None, None, "absent", None, None, None, None, None, None)
