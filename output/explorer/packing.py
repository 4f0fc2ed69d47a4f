"""Rows in the index: JSON, compressed; dates and instants as ISO text, empty columns left out.

What belongs to one report (its cells, its text) is packed by columns: names stand once, and a hundred
thousand reports are packed in minutes.
"""

import json
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from output.dataset import Dataset
from output.schema import tables

_LEVEL = 3
_KEPT = ("previous_report_id", "previous_last_seen_at")


def pack(content: Any) -> bytes:
    """Return plain values as compressed bytes; columns of a row that are null are left out."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def unpack(data: bytes) -> Any:
    """Return what was packed."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))


def without_nulls(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without its null columns."""
    return {name: value for name, value in row.items() if value is not None}


class ReportParts:
    """The rows of a table, report by report, read in step with `reports`, which has the same order."""

    def __init__(self, dataset: Dataset, name: str) -> None:
        """Read the columns that differ between the rows of a report, and those named in `_KEPT`."""
        self._columns = [c.name for c in tables()[name].columns if not c.per_report or c.name in _KEPT]
        self._groups = self._read(dataset.batches(name, ["report_id", *self._columns]))
        self._waiting = next(self._groups, None)

    def packed(self, report_id: str) -> bytes:
        """Return the rows of the next report by columns; nothing where it has none."""
        found: dict[str, list[Any]] = {}
        while self._waiting is not None and self._waiting[0] == report_id:
            for column, values in self._waiting[1].items():
                found.setdefault(column, []).extend(values)
            self._waiting = next(self._groups, None)
        return pack(found)

    def _read(self, batches: Iterator[Any]) -> Iterator[tuple[str, dict[str, list[Any]]]]:
        """Yield runs of rows of one report; a report that two batches share comes in two runs."""
        for batch in batches:
            columns = batch.to_pydict()
            reports, start = columns.pop("report_id"), 0
            for end in range(1, len(reports) + 1):
                if end == len(reports) or reports[end] != reports[start]:
                    yield reports[start], {name: values[start:end] for name, values in columns.items()}
                    start = end


def unpack_rows(data: bytes) -> list[dict[str, Any]]:
    """Return the rows `ReportParts` packed, null columns left out."""
    columns = unpack(data)
    rows = zip(*columns.values(), strict=True)
    return [
        {name: value for name, value in zip(columns, row, strict=True) if value is not None} for row in rows
    ]


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
