"""Rows of a table as tuples of plain values, for formats that have no notion of instants."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from output.schema import TableSchema
from output.writers.source import TableSource


def plain_rows(source: TableSource, table: TableSchema) -> Iterator[tuple[Any, ...]]:
    """Yield rows in order: text, numbers, booleans and None; dates and instants as ISO text."""
    for batch in source.batches(table.name):
        columns = [
            [_iso(value) for value in array.to_pylist()]
            if column.type in ("date", "timestamp")
            else array.to_pylist()
            for column, array in zip(table.columns, batch.columns, strict=True)
        ]
        yield from zip(*columns, strict=True)


def _iso(value: date | datetime | None) -> str | None:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return None if value is None else value.isoformat()
