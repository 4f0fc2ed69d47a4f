"""The tables of the ledger, and what an older ledger lacks of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files

SCHEMA_VERSION = 1
"""Raised when an older program could no longer write a ledger rightly; what is only new needs no raise."""


class CannotMigrateError(Exception):
    """Raised when a ledger lacks something that cannot be added to it."""


def create(db: sqlite3.Connection) -> None:
    """Create all tables in an empty ledger."""
    script = files("scraper").joinpath("ledger_schema.sql").read_text(encoding="utf-8")
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            db.execute(statement)


def lacking(db: sqlite3.Connection) -> list[str]:
    """Return the statements that give a ledger the tables, columns and indexes that came after it was made.

    Raises `CannotMigrateError`.
    """
    with closing(sqlite3.connect(":memory:")) as wanted:
        create(wanted)
        query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, rowid"
        own = {(row[0], row[1]) for row in db.execute(query)}
        found: list[str] = []
        for kind, name, statement in wanted.execute(query).fetchall():
            if (kind, name) not in own:
                found.append(statement)
            elif kind == "table":
                found += _columns(wanted, db, name)
        return found


def _columns(wanted: sqlite3.Connection, db: sqlite3.Connection, table: str) -> Iterator[str]:
    query = 'SELECT name, type, "notnull", dflt_value FROM pragma_table_info(?)'
    own = {row[0] for row in db.execute(query, (table,))}
    for name, kind, is_needed, default in wanted.execute(query, (table,)):
        if name in own:
            continue
        if is_needed and default is None:
            raise CannotMigrateError(f"table {table} has no column {name}")
        ending = f" NOT NULL DEFAULT {default}" if is_needed else ""
        yield f"ALTER TABLE {table} ADD COLUMN {name} {kind}{ending}"
