"""Rows in the index: JSON, compressed; dates and instants as ISO text.

Names of columns stand once in the index, not in every row. What belongs to one report (its cells, its text)
is packed by columns, and the columns that say which cells there are stand once for all reports of the same
shape: a hundred thousand reports are packed in minutes.
"""

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow.compute as pc

from output.dataset import Dataset
from output.schema import tables

_LEVEL = 2
_SAMPLE = 4_000
_KEPT = ("previous_report_id", "previous_last_seen_at")
_SHAPE = frozenset({"table", "row", "column", "unit", "method", "table_index", "grid_row", "grid_column"})
"""Columns many reports have in common, cell by cell."""


def pack(content: Any) -> bytes:
    """Return plain values as compressed bytes."""
    return zlib.compress(_encode(content).encode("utf-8", "surrogatepass"), _LEVEL)


def unpack(data: bytes) -> Any:
    """Return what was packed."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))


class RowCodec:
    """Packs the rows of one table: values without names, told by what they do not share with a sample row."""

    def __init__(self, names: Sequence[str], sample: str = "") -> None:
        """Take the names of the columns and the text of a few rows."""
        self.names, self.sample = tuple(names), sample
        self._known = sample.encode("utf-8", "surrogatepass")

    @classmethod
    def learnt(cls, rows: Sequence[dict[str, Any]], names: Sequence[str]) -> "RowCodec":
        """Return one that has seen some rows."""
        text = "".join(_encode([row[name] for name in names]) for row in rows)
        return cls(names, text[-_SAMPLE:])

    def pack(self, row: dict[str, Any]) -> bytes:
        """Return the values of a row as compressed bytes."""
        text = _encode([row[name] for name in self.names]).encode("utf-8", "surrogatepass")
        packer = zlib.compressobj(_LEVEL, zdict=self._known)
        return packer.compress(text) + packer.flush()

    def unpack(self, data: bytes) -> dict[str, Any]:
        """Return a row by the names of its columns, null columns left out."""
        unpacker = zlib.decompressobj(zdict=self._known)
        values = json.loads(unpacker.decompress(data).decode("utf-8", "surrogatepass"))
        return {name: value for name, value in zip(self.names, values, strict=True) if value is not None}


class ReportParts:
    """The rows of a table, report by report, read in step with `reports`, which has the same order."""

    def __init__(self, dataset: Dataset, name: str, shapes: "Shapes") -> None:
        """Read the columns that differ between the rows of a report, and those named in `_KEPT`."""
        self._columns = [c.name for c in tables()[name].columns if not c.per_report or c.name in _KEPT]
        self._shapes = shapes
        self._groups = self._read(dataset.batches(name, ["report_id", *self._columns]))
        self._waiting = next(self._groups, None)

    def packed(self, report_id: str) -> bytes:
        """Return the rows of the next report by columns; nothing where it has none."""
        found: dict[str, list[Any]] = {}
        while self._waiting is not None and self._waiting[0] == report_id:
            for column, values in self._waiting[1].items():
                found.setdefault(column, []).extend(values)
            self._waiting = next(self._groups, None)
        return self._shapes.packed(found)

    def _read(self, batches: Iterator[Any]) -> Iterator[tuple[str, dict[str, list[Any]]]]:
        """Yield runs of rows of one report; a report that two batches share comes in two runs."""
        for batch in batches:
            runs = pc.run_end_encode(batch.column("report_id"))
            columns = {name: batch.column(name).to_pylist() for name in self._columns}
            start = 0
            for report_id, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
                yield report_id, {name: values[start:end] for name, values in columns.items()}
                start = end


class Shapes:
    """Columns that many reports have in common, kept once each."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[Any, ...], ...], int] = {}

    def packed(self, columns: dict[str, list[Any]]) -> bytes:
        """Return rows by columns: the number of their shape, and what is their own."""
        shape = tuple((name, *values) for name, values in columns.items() if name in _SHAPE)
        own = {name: values for name, values in columns.items() if name not in _SHAPE}
        return pack([self._known.setdefault(shape, len(self._known)), own])

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Yield every shape under its number."""
        for shape, number in self._known.items():
            yield number, pack({name: values for name, *values in shape})


def rows_of(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Return the rows that columns make, null columns left out."""
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


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
