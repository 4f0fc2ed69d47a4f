"""SQLite: one file with all tables, their keys, and indexes for the questions people ask."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path

from output.schema import Column, TableSchema, tables
from output.writers.plain import plain_rows
from output.writers.source import TableSource

FILE = "gongkai.sqlite"
_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_INDEXES = {
    "facts": (("table", "row", "column", "fiscal_year"), ("agency_id", "fiscal_year")),
    "reports": (("agency_id", "fiscal_year"),),
    "findings": (("rule",),),
    "panel": (("fiscal_year",),),
    "coverage": (("status", "fiscal_year"),),
    "agencies": (("region_code",),),
    "checks": (("rule",),),
    "changes": (("agency_id", "fiscal_year"),),
}
_CHUNK = 10_000


def write_sqlite(source: TableSource, folder: Path) -> tuple[Path, ...]:
    """Write `gongkai.sqlite`; times are ISO text, true and false are 1 and 0."""
    path = folder / FILE
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        for table in tables().values():
            _write_table(database, source, table)
        database.commit()
    return (path,)


def _write_table(database: sqlite3.Connection, source: TableSource, table: TableSchema) -> None:
    columns = ", ".join(_declared(column) for column in table.columns)
    keys = [f"PRIMARY KEY ({_listed(table.key)})"]
    keys += [
        f"FOREIGN KEY ({_quoted(column)}) REFERENCES {_quoted(other)} ({_listed(tables()[other].key)})"
        for column, other in table.foreign.items()
    ]
    # A rowid table keeps the order of the rows and loads sorted keys fast.
    database.execute(f"CREATE TABLE {_quoted(table.name)} ({columns}, {', '.join(keys)})")
    marks = ", ".join("?" * len(table.columns))
    rows = plain_rows(source, table)
    while chunk := list(islice(rows, _CHUNK)):
        database.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({marks})", chunk)
    for columns_of_index in _INDEXES.get(table.name, ()):
        name = _quoted("_".join((table.name, *columns_of_index)))
        database.execute(f"CREATE INDEX {name} ON {_quoted(table.name)} ({_listed(columns_of_index)})")


def _declared(column: Column) -> str:
    null = "" if column.nullable else " NOT NULL"
    return f"{_quoted(column.name)} {_TYPES.get(column.type, 'TEXT')}{null}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
