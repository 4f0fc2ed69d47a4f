"""The formats a dataset can be written in: one file per format, one line here."""

from collections.abc import Callable
from pathlib import Path

from output.writers.csv import write_csv
from output.writers.parquet import write_parquet
from output.writers.source import TableSource
from output.writers.sqlite import write_sqlite
from output.writers.stata import write_stata
from output.writers.xlsx import write_xlsx

WRITERS: dict[str, Callable[[TableSource, Path], tuple[Path, ...]]] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "sqlite": write_sqlite,
    "stata": write_stata,
    "xlsx": write_xlsx,
}
