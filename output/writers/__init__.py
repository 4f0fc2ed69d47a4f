"""The formats a dataset can be written in: one file per format, one line here."""

from collections.abc import Callable
from pathlib import Path

from output.writers.csv import write_csv
from output.writers.parquet import write_parquet
from output.writers.source import TableSource

WRITERS: dict[str, Callable[[TableSource, Path], tuple[Path, ...]]] = {
    "csv": write_csv,
    "parquet": write_parquet,
}
