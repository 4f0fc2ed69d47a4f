"""What was read before: rows of parsed documents by content, so that a second build reads only what is new.

`DIR/cache/parsed.sqlite` may be deleted at any time. Entries of another version of the code are thrown away.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import output.rows
import parsers.report
from output.rows import FactRow, FindingRow, ParsedRows
from parsers.readers.pdf_pages import library_version
from parsers.records import Hints

Result = TypeVar("Result")

FILE = "cache/parsed.sqlite"
_KNOWLEDGE = {".py", ".toml", ".csv"}
_PENDING = 500
"""Entries written per transaction; a build that is killed loses at most these."""


def cache_key(sha256: str, hints: Hints, attached: Sequence[str] = ()) -> str:
    """Return the key of a document: its bytes, what was known beside them, and the code that reads them.

    `attached` are the hashes of its files, which may hold its figures.
    """
    told = json.dumps([sha256, *astuple(hints), *attached, _code_digest()], ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()


def encode(rows: ParsedRows) -> bytes:
    """Return rows as compressed JSON."""
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)


def decode(data: bytes) -> ParsedRows:
    """Return rows from compressed JSON."""
    outcome, era, report, facts, sections, findings, checks = json.loads(
        zlib.decompress(data).decode("utf-8", "surrogatepass")
    )
    return ParsedRows(
        outcome,
        era,
        report,
        [FactRow._make(fact) for fact in facts],
        sections,
        [FindingRow._make(finding) for finding in findings],
        checks,
    )


class RowCache:
    """Rows of parsed documents on disk."""

    def __init__(self, data_dir: Path) -> None:
        """Open the cache of a data folder; one that is damaged or of other code is started afresh."""
        self._path = data_dir / FILE
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(self._path)
        self._pending = 0
        self._whole(self._open)

    def get(self, key: str) -> bytes | None:
        """Return the entry of a document, None when there is none."""
        query = "SELECT data FROM parsed WHERE key = ?"
        found = self._whole(lambda: self._database.execute(query, (key,)).fetchone())
        return found[0] if found else None

    def rows(self, key: str) -> ParsedRows | None:
        """Return the rows of a document, None when there is no whole entry of it."""
        data = self.get(key)
        try:
            return None if data is None else decode(data)
        except (zlib.error, ValueError):
            return None

    def put(self, key: str, data: bytes) -> None:
        """Keep the entry of a document."""
        insert = "INSERT OR REPLACE INTO parsed VALUES (?, ?)"
        self._whole(lambda: self._database.execute(insert, (key, data)))
        self._pending += 1
        if self._pending >= _PENDING:
            self._whole(self._database.commit)
            self._pending = 0

    def __enter__(self) -> "RowCache":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is pending and close; also after an error, what was read stays read."""
        self._whole(self._database.commit)
        self._database.close()

    def _whole(self, work: Callable[[], Result]) -> Result | None:
        """Do something with the database; one that a power cut left in pieces is thrown away instead."""
        try:
            return work()
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:  # the disk refuses: that is to be said
                raise
        self._database.close()
        self._path.unlink(missing_ok=True)
        self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
        self._database = sqlite3.connect(self._path)
        self._open()
        return None

    def _open(self) -> None:
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE IF NOT EXISTS code (digest TEXT)")
        self._database.execute("CREATE TABLE IF NOT EXISTS parsed (key TEXT PRIMARY KEY, data BLOB) STRICT")
        known = [digest for (digest,) in self._database.execute("SELECT digest FROM code")]
        if known != [_code_digest()]:
            self._database.execute("DELETE FROM parsed")
            self._database.execute("DELETE FROM code")
            self._database.execute("INSERT INTO code VALUES (?)", (_code_digest(),))
            self._database.commit()


@cache
def _code_digest() -> str:
    """Return a digest of what decides what a document says: the parser and the shape of the rows."""
    digest = hashlib.sha256()
    folder = Path(parsers.report.__file__).parent
    files = sorted(path for path in folder.rglob("*") if path.suffix in _KNOWLEDGE)
    for path in (*files, Path(output.rows.__file__)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    # A PDF that nothing here could read may be read tomorrow.
    digest.update(library_version().encode())
    return digest.hexdigest()
