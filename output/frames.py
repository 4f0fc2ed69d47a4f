"""Rows as tuples → Arrow record batches: columns and types come from the schema, never from the rows."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from output.schema import Column, TableSchema

Row: TypeAlias = Sequence[Any]

BATCH_ROWS = 5_000
"""Rows after which a batch is cut, at the end of the report they belong to."""


class TableError(ValueError):
    """Rows that do not fit the schema: names table, column and the value."""


class TableBuffer:
    """Collects rows of one table and gives them out as record batches.

    What all rows of a report share is handed over once: `shared` holds the columns marked `per_report`, the
    rows hold the others, both in the order of the schema.
    """

    def __init__(self, table: TableSchema, batch_rows: int = BATCH_ROWS) -> None:
        """Start an empty buffer for one table."""
        self.table = table
        self._batch_rows = batch_rows
        self._per_report = [column for column in table.columns if column.per_report]
        self._own = [column for column in table.columns if not column.per_report]
        self._start()

    def add(self, rows: Sequence[Row], shared: Row = ()) -> Iterator[pa.RecordBatch]:
        """Take the rows of one report; yield a batch when enough have come together."""
        self._shared.append(shared)
        self._counts.append(len(rows))
        self._held += len(rows)
        # Turning the rows of one report at a time is faster than all at the end, and lets go of the tuples.
        for values, (_, new) in zip(self._values, _transposed(self._own, rows), strict=True):
            values.extend(new)
        if self._held >= self._batch_rows:
            yield self._cut()

    def rest(self) -> Iterator[pa.RecordBatch]:
        """Yield what is left."""
        if self._held:
            yield self._cut()

    def _start(self) -> None:
        self._shared: list[Row] = []
        self._counts: list[int] = []
        self._values: list[list[Any]] = [[] for _ in self._own]
        self._held = 0

    def _cut(self) -> pa.RecordBatch:
        repeat = pa.array(np.repeat(np.arange(len(self._counts)), self._counts))
        arrays: dict[str, pa.Array] = {}
        for column, values in _transposed(self._per_report, self._shared):
            arrays[column.name] = to_array(self.table, column, values).take(repeat)
        for column, values in zip(self._own, self._values, strict=True):
            arrays[column.name] = to_array(self.table, column, values)
        self._start()
        batch = pa.RecordBatch.from_arrays(
            [arrays[name] for name in self.table.names], schema=self.table.arrow
        )
        _check(self.table, batch)
        return batch


def to_array(table: TableSchema, column: Column, values: Sequence[Any]) -> pa.Array:
    """Return values of one column in the type of the schema; ISO text becomes dates and times.

    Raises TableError where a value does not fit.
    """
    try:
        if column.type == "date":
            values = [None if value is None else date.fromisoformat(value) for value in values]
        elif column.type == "timestamp":
            values = [None if value is None else _moment(value) for value in values]
        elif column.type == "string":
            return _text_array(values)
        return pa.array(values, type=column.arrow)
    except (pa.ArrowException, ValueError, TypeError) as problem:
        raise TableError(f"{table.name}.{column.name}: {problem}") from problem


def _text_array(values: Sequence[Any]) -> pa.Array:
    try:
        return pa.array(values, type=pa.string())
    except (
        UnicodeEncodeError
    ):  # half of a surrogate pair, which a page can smuggle in as a character reference
        clean = [v if v is None else v.encode("utf-8", "replace").decode("utf-8") for v in values]
        return pa.array(clean, type=pa.string())


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _transposed(columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[tuple[Column, Sequence[Any]]]:
    if not rows:
        return ((column, ()) for column in columns)
    return zip(columns, zip(*rows, strict=True), strict=True)


def _check(table: TableSchema, batch: pa.RecordBatch) -> None:
    for column, array in zip(table.columns, batch.columns, strict=True):
        if array.null_count and not column.nullable:
            raise TableError(
                f"{table.name}.{column.name}: {array.null_count} missing values in a required column"
            )
        if column.values:
            strange = set(pc.unique(array).to_pylist()) - {None, *column.values}
            if strange:
                raise TableError(f"{table.name}.{column.name}: unknown word {sorted(strange)[0]!r}")
