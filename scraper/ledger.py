"""The ledger: what was asked, what came, and which version of each page is where, in `DIR/state.sqlite`.

Every change happens inside `transaction()`, so a killed run leaves either all of a step or nothing of it.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scraper.errors import StorageError
from scraper.ledger_schema import SCHEMA_VERSION, CannotMigrateError, create, lacking


class Ledger:
    """One SQLite connection, shared by threads one transaction at a time."""

    def __init__(self, data_dir: Path | str, *, read_only: bool = False) -> None:
        self.path = Path(data_dir) / "state.sqlite"
        self._lock = threading.RLock()
        self._depth = 0
        if read_only and not self.path.is_file():
            raise StorageError(f"{self.path}: no such file; nothing has been crawled into this folder")
        try:
            if not read_only:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._connect(read_only)
            try:
                self._prepare(read_only)
            except BaseException:
                self._db.close()
                raise
        except (sqlite3.Error, OSError) as error:
            raise StorageError(f"{self.path}: cannot be opened: {error}") from error

    @property
    def log_path(self) -> Path:
        """The write-ahead log beside the ledger."""
        return self.path.with_name(self.path.name + "-wal")

    def _connect(self, read_only: bool) -> sqlite3.Connection:
        mode = "ro" if read_only else "rwc"
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=30)

    def _prepare(self, read_only: bool) -> None:
        self._db.row_factory = sqlite3.Row
        if not read_only:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA foreign_keys = ON")
        self._check_schema(read_only)

    def _check_schema(self, read_only: bool) -> None:
        """Create the tables, or see that they are there; an older ledger is brought up to date when opened
        for writing."""
        if self.one("SELECT 1 FROM sqlite_master WHERE name = 'meta'") is None:
            if read_only or self.one("SELECT 1 FROM sqlite_master") is not None:
                raise StorageError(f"{self.path}: not a ledger")
            with self.transaction():
                create(self._db)
                self.execute("INSERT INTO meta VALUES ('schema_version', ?)", (str(SCHEMA_VERSION),))
                self.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            return
        row = self.one("SELECT value FROM meta WHERE name = 'schema_version'")
        found = row["value"] if row else "none"
        if found != str(SCHEMA_VERSION):
            raise StorageError(
                f"{self.path}: schema {found}, but this program writes schema {SCHEMA_VERSION};"
                " use the version of gongkai that wrote the folder, or a newer one"
            )
        try:
            missing = lacking(self._db)
        except CannotMigrateError as error:
            raise StorageError(f"{self.path}: of an earlier version, and {error}") from error
        if missing and read_only:
            raise StorageError(f"{self.path}: of an earlier version; the next crawl brings it up to date")
        if not read_only:
            with self.transaction():
                for statement in missing:
                    self._run(statement)
                self.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the ledger alone; commit at the end, or undo everything when an error leaves the block."""
        with self._lock:
            if self._depth:
                yield
                return
            self._run("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self._run("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def _run(self, statement: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, values)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
                raise StorageError(f"{self.path}: {error}") from error
            raise

    def execute(self, statement: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> int:
        """Run one statement; returns the id of the inserted row, else the number of changed rows."""
        with self._lock:
            cursor = self._run(statement, values)
            is_insert = statement.lstrip()[:6].upper() == "INSERT"
            return int((cursor.lastrowid if is_insert else cursor.rowcount) or 0)

    def one(self, query: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> sqlite3.Row | None:
        """Return the first row of a query."""
        with self._lock:
            row: sqlite3.Row | None = self._run(query, values).fetchone()
            return row

    def all(self, query: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query that is known to be short."""
        with self._lock:
            return self._run(query, values).fetchall()

    def stream(self, query: str, values: tuple[Any, ...] = ()) -> Iterator[sqlite3.Row]:
        """Yield the rows of a query one after another; for readers that share the ledger with nobody."""
        yield from self._run(query, values)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._db.close()
