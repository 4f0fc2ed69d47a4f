"""Stata: one .dta file per table (version 118: Chinese text stays), ASCII names of at most 32 characters.

A table is held in memory while it is written.
"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa

from output.schema import Column, TableSchema, tables
from output.writers.source import TableSource

LONGEST_NAME = 32
_LONGEST_LABEL = 80
_LONGEST_TEXT = 2045
_WRITTEN = datetime(1980, 1, 1)  # noqa: DTZ001 - Stata knows no zones; fixed, so that the bytes are too


def write_stata(source: TableSource, folder: Path) -> tuple[Path, ...]:
    """Write `<table>.dta` for every table; a missing text is empty, true and false are 1 and 0."""
    written = []
    for name, table in tables().items():
        path = folder / f"{name}.dta"
        _write_table(path, table, pa.Table.from_batches(source.batches(name), schema=table.arrow))
        written.append(path)
    return tuple(written)


def stata_name(name: str) -> str:
    """Return a name Stata takes: long ones end in four digits of their hash, so that they stay apart."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 5]}_{hashlib.sha256(name.encode()).hexdigest()[:4]}"


def _write_table(path: Path, table: TableSchema, rows: pa.Table) -> None:
    columns = {stata_name(column.name): _column(column, rows[column.name]) for column in table.columns}
    frame = pd.DataFrame(columns)
    dates: dict[str, Literal["td", "tc"]] = {"date": "td", "timestamp": "tc"}
    frame.to_stata(
        path,
        version=118,
        write_index=False,
        time_stamp=_WRITTEN,
        data_label=f"gongkai {table.name}",
        variable_labels={stata_name(column.name): _label(column) for column in table.columns},
        convert_dates={stata_name(c.name): dates[c.type] for c in table.columns if c.type in dates},
        convert_strl=[name for name, series in columns.items() if _is_long(series)],
    )


def _column(column: Column, values: pa.ChunkedArray) -> pd.Series:
    if column.type == "string":
        # Stata has no missing text; object dtype is what the writer knows.
        return pd.Series(values.fill_null("").to_pylist(), dtype=object)
    if column.type == "boolean":
        return pd.Series(values.cast(pa.int8()).to_pylist(), dtype="int8")
    if column.type in ("date", "timestamp"):
        moments = values.cast(pa.timestamp("ms")).to_pandas()
        return pd.Series(moments.astype("datetime64[ms]"))
    return pd.Series(values.cast(pa.float64()).to_pandas(), dtype="float64")


def _label(column: Column) -> str:
    return f"{column.name}: {column.zh}"[:_LONGEST_LABEL]


def _is_long(series: pd.Series) -> bool:
    if series.dtype != object:
        return False
    return any(len(text.encode("utf-8", "replace")) > _LONGEST_TEXT for text in series)
