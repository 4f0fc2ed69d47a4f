"""What the tables of a dataset look like: for frames, Parquet, CSV, codebook and data package.

Fixed columns stand in `tables.toml`; the wide `panel` gets further columns from the forms and the indicators.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pyarrow as pa

from output.panel_layout import panel_columns

ColumnType: TypeAlias = Literal["string", "integer", "number", "boolean", "timestamp", "date"]

_ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("ms", tz="UTC"),
    "date": pa.date32(),
}
_PANDAS = {
    "string": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "bool",
    "timestamp": "datetime64[ms, UTC]",
    "date": "object",
}
_FRICTIONLESS = {"timestamp": "datetime"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `values` are the only words allowed, `per_report` means all rows of a report share it."""

    name: str
    type: ColumnType
    en: str
    zh: str
    nullable: bool = False
    unit: str | None = None
    values: tuple[str, ...] = ()
    per_report: bool = False

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type, which is also the Parquet type."""
        return _ARROW[self.type]

    @property
    def pandas(self) -> str:
        """The dtype a frame has after reading the Parquet file."""
        return _PANDAS[self.type]

    @property
    def frictionless(self) -> str:
        """The field type of the data package."""
        return _FRICTIONLESS.get(self.type, self.type)


@dataclass(frozen=True)
class TableSchema:
    """One table: columns in the order written, the key, the order of the rows."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: str
    order_zh: str
    en: str
    zh: str
    foreign: Mapping[str, str] = field(default_factory=dict)
    """Column -> table whose key it holds, where it is not null."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def arrow(self) -> pa.Schema:
        """The Arrow schema, with what pandas needs to give nullable integers back."""
        fields = [pa.field(c.name, c.arrow, nullable=c.nullable) for c in self.columns]
        return pa.schema(fields, metadata={"pandas": json.dumps(self._pandas_metadata())})

    def _pandas_metadata(self) -> dict[str, Any]:
        columns = [
            {
                "name": column.name,
                "field_name": column.name,
                "pandas_type": {"string": "unicode", "timestamp": "datetimetz"}.get(
                    column.type, str(column.arrow)
                ),
                "numpy_type": column.pandas,
                "metadata": {"timezone": "UTC"} if column.type == "timestamp" else None,
            }
            for column in self.columns
        ]
        return {"index_columns": [], "column_indexes": [], "columns": columns, "pandas_version": "3.0.0"}


@cache
def tables() -> dict[str, TableSchema]:
    """Return the tables of a dataset by name, in the order they are listed to users."""
    found = read_tables("tables.toml")
    panel = found["panel"]
    wide = tuple(Column(nullable=True, **column) for column in panel_columns())
    found["panel"] = replace(panel, columns=panel.columns + wide)
    return found


@cache
def schema_digest() -> str:
    """Return a hash of the names and types of all columns."""
    columns = [
        (name, column.name, column.type) for name, table in tables().items() for column in table.columns
    ]
    return hashlib.sha256(json.dumps(columns).encode()).hexdigest()


def read_tables(file_name: str) -> dict[str, TableSchema]:
    """Return the tables a file of this package describes."""
    with Path(__file__).with_name(file_name).open("rb") as file:
        described = tomllib.load(file)
    shared = described.pop("shared")
    return {name: _table(name, entry, shared) for name, entry in described.items()}


def _table(name: str, entry: dict[str, Any], shared: dict[str, dict[str, Any]]) -> TableSchema:
    columns = tuple(_column(column, shared) for column in entry["column"])
    words = (entry["order"], entry["order_zh"], entry["en"], entry["zh"])
    return TableSchema(name, columns, tuple(entry["key"]), *words, entry.get("foreign", {}))


def _column(entry: dict[str, Any], shared: dict[str, dict[str, Any]]) -> Column:
    described = dict(entry)
    use = described.pop("use", None)
    if use is not None:
        described = {"name": use, **shared[use], **described}
    described["values"] = tuple(described.get("values", ()))
    return Column(**described)
