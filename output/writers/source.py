"""What a writer needs of a dataset: the tables as streams of record batches."""

from collections.abc import Iterator
from typing import Protocol

import pyarrow as pa


class TableSource(Protocol):
    """Anything that gives out the tables of a dataset."""

    def batches(self, name: str) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a table in order."""
        ...
