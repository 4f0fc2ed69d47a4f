"""Archive and ledger as one store: bytes first, then the ledger's word for them, both or neither."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from scraper.archive import Archive, RecordRef
from scraper.errors import StorageError
from scraper.ledger import Ledger


class Store:
    """The data folder of a running crawl; only the holder of the run lock may open it."""

    def __init__(
        self, data_dir: Path | str, clock: Callable[[], datetime], *, largest_file_bytes: int | None = None
    ) -> None:
        self.ledger = Ledger(data_dir)
        options = {} if largest_file_bytes is None else {"largest_file_bytes": largest_file_bytes}
        self.archive = Archive(data_dir, **options)
        self._clock = clock
        self._lock = threading.RLock()
        newest = self.ledger.one("SELECT name, length FROM warc_files ORDER BY number DESC LIMIT 1")
        if newest is not None:
            self.archive.open(newest["name"], newest["length"])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let a block append records and change the ledger; an error in it undoes both."""
        with self._lock:
            self.archive.make_room(self._new_file, self._clock())
            try:
                with self.ledger.transaction():
                    yield
                    self.archive.sync()
                    name, length = self.archive.position
                    self.ledger.execute("UPDATE warc_files SET length = ? WHERE name = ?", (length, name))
                self.archive.committed()
            except sqlite3.OperationalError as error:
                self.archive.roll_back()
                raise StorageError(f"{self.ledger.path}: {error}") from error
            except BaseException:
                self.archive.roll_back()
                raise

    def read(self, file: str, offset: int) -> bytes:
        """Return the body of an archived answer."""
        return self.archive.read(RecordRef(file, offset)).body

    def close(self) -> None:
        """Close archive and ledger."""
        with self._lock:
            self.archive.close()
            self.ledger.close()

    def _new_file(self) -> str:
        """Commit the name of a file before it exists: no file in the folder is of unknown origin."""
        with self.ledger.transaction():
            row = self.ledger.one("SELECT coalesce(max(number), 0) + 1 AS number FROM warc_files")
            number = row["number"] if row else 1
            name = f"gongkai-{self._clock().astimezone(UTC):%Y%m%dT%H%M%SZ}-{number:06d}.warc.gz"
            self.ledger.execute("INSERT INTO warc_files VALUES (?, ?, 0)", (number, name))
        return name
