"""Parquet: one file per table, the same rows always give the same bytes."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from output.schema import TableSchema, tables
from output.writers.source import TableSource


class ParquetSink:
    """Open Parquet file that record batches of one table are written to."""

    def __init__(self, path: Path, table: TableSchema) -> None:
        """Create the file; fixed options and no times inside keep the bytes a function of the rows."""
        self._writer = pq.ParquetWriter(
            path, table.arrow, version="2.6", compression="zstd", compression_level=3
        )
        self.rows = 0

    def write(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Append batches, each as one row group."""
        for batch in batches:
            self.rows += batch.num_rows
            self._writer.write_batch(batch)

    def close(self) -> None:
        """Write the footer; the file is readable from here on."""
        self._writer.close()

    def __enter__(self) -> "ParquetSink":
        """Return the sink itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()


def write_parquet(source: TableSource, folder: Path) -> tuple[Path, ...]:
    """Write `<table>.parquet` for every table; return the files."""
    written = []
    for name, table in tables().items():
        path = folder / f"{name}.parquet"
        with ParquetSink(path, table) as sink:
            sink.write(source.batches(name))
        written.append(path)
    return tuple(written)
