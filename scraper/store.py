"""Archive and ledger as one store: bytes first, then the ledger's word for them, both or neither.

A commit outlives the process; the flusher makes it outlive the power a moment later. Whatever the disk did
not keep of the last moment is found when the folder is opened again, and is due again.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from scraper.archive import Archive, RecordRef
from scraper.errors import StorageError
from scraper.flusher import Flusher, Mark
from scraper.ledger import Ledger
from scraper.recovery import forget_after, whole_length

NOTE_BYTES = 2**22
"""How much may be flushed before the ledger notes it; so much is read again after a crash."""


class Store:
    """The data folder of a running crawl; only the holder of the run lock may open it."""

    def __init__(
        self, data_dir: Path | str, clock: Callable[[], datetime], *, largest_file_bytes: int | None = None
    ) -> None:
        self.folder = Path(data_dir)
        self.ledger = Ledger(data_dir)
        options = {} if largest_file_bytes is None else {"largest_file_bytes": largest_file_bytes}
        self.archive = Archive(data_dir, **options)
        self.clock = clock
        self._lock = threading.RLock()
        self._noted = Mark("", 0)
        newest = self.ledger.one(
            "SELECT w.name, w.length, coalesce(f.length, 0) AS flushed FROM warc_files w"
            " LEFT JOIN flushed f ON f.name = w.name ORDER BY w.number DESC LIMIT 1"
        )
        if newest is not None:
            name, length = newest["name"], newest["length"]
            whole = whole_length(self.archive.folder / name, newest["flushed"], length)
            if whole < length:
                forget_after(self.ledger, name, whole)
            self.archive.open(name, whole)
        self._flusher = Flusher(self.archive.folder, self.ledger.log_path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let a block append records and change the ledger; an error in it undoes both."""
        with self._lock:
            self.archive.make_room(self._new_file, self.clock())
            try:
                with self.ledger.transaction():
                    yield
                    place = self.archive.position
                    self.ledger.execute("UPDATE warc_files SET length = ? WHERE name = ?", place[::-1])
                    self._note(self._flusher.done, NOTE_BYTES)
                self.archive.committed()
                self._flusher.ask(place)
            except sqlite3.OperationalError as error:
                self.archive.roll_back()
                raise StorageError(f"{self.ledger.path}: {error}") from error
            except BaseException:
                self.archive.roll_back()
                raise

    def read(self, file: str, offset: int) -> bytes:
        """Return the body of an archived answer."""
        return self.archive.read(RecordRef(file, offset)).body

    def wait_flushed(self) -> None:
        """Return once everything committed is on the disk; raises `StorageError` when it cannot be."""
        self._flusher.wait()

    def close(self) -> None:
        """Bring everything to the disk and close archive and ledger; raises `StorageError`."""
        with self._lock:
            try:
                self._flusher.close()
                with self.ledger.transaction():
                    self._note(self._flusher.done, 1)
            finally:
                self.archive.close()
                self.ledger.close()

    def _note(self, done: Mark | None, step: int) -> None:
        """Remember in the ledger what is on the disk, where it is a good deal more than was noted before."""
        if done is None or (done.file == self._noted.file and done.length < self._noted.length + step):
            return
        self.ledger.execute("INSERT OR REPLACE INTO flushed VALUES (?, ?)", done)
        self._noted = done

    def _new_file(self) -> str:
        """Commit the name of a file before it exists: no file in the folder is of unknown origin."""
        with self.ledger.transaction():
            row = self.ledger.one("SELECT coalesce(max(number), 0) + 1 AS number FROM warc_files")
            number = row["number"] if row else 1
            name = f"gongkai-{self.clock().astimezone(UTC):%Y%m%dT%H%M%SZ}-{number:06d}.warc.gz"
            self.ledger.execute("INSERT INTO warc_files VALUES (?, ?, 0)", (number, name))
        return name
