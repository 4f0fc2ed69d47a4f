"""The Parquet files of a dataset while they grow."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from output.frames import BATCH_ROWS, Row, TableBuffer
from output.schema import TableSchema, tables
from output.writers.parquet import ParquetSink

_WRITTEN_EARLY = frozenset({"facts", "sections", "findings", "changes"})
"""Tables with agencies whose rows are written before all documents are read."""
_BATCH_ROWS = {"facts": 50_000, "checks": 50_000, "panel": 2_000}
"""Rows per batch of the narrow tables and the widest; others hold texts and are cut early."""


class Sink(Protocol):
    """Takes the rows of one table."""

    rows: int
    """How many it took."""

    def write(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Append batches."""
        ...

    def close(self) -> None:
        """Take no more."""
        ...


class TableFiles:
    """One open Parquet file per table, each behind its buffer."""

    def __init__(self, folder: Path, sink: Callable[[Path, TableSchema], Sink] = ParquetSink) -> None:
        """Create the files in an empty folder."""
        self._sinks = {name: sink(folder / f"{name}.parquet", table) for name, table in tables().items()}
        self._buffers = {
            name: TableBuffer(table, _BATCH_ROWS.get(name, BATCH_ROWS)) for name, table in tables().items()
        }
        self._shared = {
            name: tuple(column.name for column in table.columns if column.per_report)
            for name, table in tables().items()
        }

    def add(self, name: str, rows: Sequence[Row], report: dict[str, Any] | None = None) -> None:
        """Append rows; `report` is where the columns come from that all of them share."""
        if not rows:
            return
        shared = tuple(report[column] for column in self._shared[name]) if report else ()
        self._sinks[name].write(self._buffers[name].add(rows, shared))

    def close(self) -> None:
        """Write what is left and close the files."""
        for name, sink in self._sinks.items():
            sink.write(self._buffers[name].rest())
            sink.close()

    def rows(self) -> dict[str, dict[str, int]]:
        """Return how many rows each table got."""
        return {name: {"rows": sink.rows} for name, sink in self._sinks.items()}

    def __enter__(self) -> "TableFiles":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files; after an error only to free them, the folder is thrown away."""
        if error is None:
            self.close()
        else:
            for sink in self._sinks.values():
                sink.close()


def rename_agencies(folder: Path, moved: dict[str, str]) -> None:
    """Write the tables again in which an agency stands under an identifier that is now another's."""
    if not moved:
        return
    old, new = pa.array(list(moved), pa.string()), pa.array(list(moved.values()), pa.string())
    for name, table in tables().items():
        if name in _WRITTEN_EARLY:
            path, draft = folder / f"{name}.parquet", folder / f"{name}.parquet.new"
            with pq.ParquetFile(path) as file, ParquetSink(draft, table) as sink:
                place = table.names.index("agency_id")
                for group in range(file.num_row_groups):
                    for batch in file.read_row_group(group, use_threads=False).combine_chunks().to_batches():
                        ids = batch.column(place)
                        renamed = pc.coalesce(new.take(pc.index_in(ids, value_set=old)), ids)
                        sink.write([batch.set_column(place, table.arrow.field(place), renamed)])
            draft.replace(path)
