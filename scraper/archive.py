"""The archive: every answer as it was received, in WARC 1.1 files that other tools can read.

The file under writing is only valid up to the length the ledger has committed; whatever a killed run left
behind that point is cut off before the next write.
"""

import os
from collections.abc import Callable
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from scraper.coding import CutBodyError
from scraper.errors import StorageError
from scraper.fetch import Exchange
from scraper.flusher import Mark, flush_data
from scraper.guard import TooLargeError
from scraper.warc import (
    Original,
    StoredResponse,
    response_records,
    revisit_records,
    stored_response,
    warcinfo_record,
)

LARGEST_FILE_BYTES = 2**30


class RecordRef(NamedTuple):
    """Place of a record: file name within `archive/`, byte offset of its gzip member."""

    file: str
    offset: int


class Archive:
    """Reads records, and appends them to the newest file within a caller's transaction."""

    def __init__(self, data_dir: Path | str, *, largest_file_bytes: int = LARGEST_FILE_BYTES) -> None:
        self.folder = Path(data_dir) / "archive"
        self._largest = largest_file_bytes
        self._file: FileIO | None = None
        self._name = ""
        self._length = 0
        self._committed = 0

    def open(self, name: str | None, length: int) -> None:
        """Go on with the file of an earlier run, cut to its committed length; None: there is none yet."""
        if name is None:
            return
        path = self.folder / name
        try:
            self._file = path.open("r+b" if path.exists() or length else "x+b", buffering=0)
            size = self._file.seek(0, os.SEEK_END)
            if size >= length:
                self._file.truncate(length)
                self._file.seek(length)
        except OSError as error:
            self.close()
            raise StorageError(f"{path}: cannot be opened for writing: {error.strerror}") from error
        if size < length:
            self.close()
            raise StorageError(f"{path}: {size} bytes, but the ledger knows of {length}; restore the file")
        self._name, self._length, self._committed = name, length, length

    @property
    def position(self) -> Mark:
        """Name of the file under writing and its length."""
        return Mark(self._name, self._length)

    def make_room(self, new_name: Callable[[], str], at: datetime) -> None:
        """Start a new file when there is none or the present one is full; `new_name` must commit the name."""
        if self._file is not None and self._length < self._largest:
            return
        self.sync()
        self.close()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = new_name()
            self._file = (self.folder / name).open("x+b", buffering=0)
            _sync_folder(self.folder)
        except OSError as error:
            raise StorageError(f"{self.folder}: no new file: {error.strerror}") from error
        self._name, self._length, self._committed = name, 0, 0
        self._append(warcinfo_record(name, at))

    def write(self, exchange: Exchange, at: datetime, original: Original | None = None) -> RecordRef:
        """Append the answer (or a revisit of `original`) and its request; returns the place of the first."""
        ref = RecordRef(self._name, self._length)
        self._append(
            response_records(exchange, at) if original is None else revisit_records(exchange, at, original)
        )
        return ref

    def sync(self) -> None:
        """Bring the file under writing to the disk."""
        if self._file is not None:
            try:
                flush_data(self._file.fileno())
            except OSError as error:
                raise StorageError(f"{self._name}: cannot be written: {error.strerror}") from error

    def committed(self) -> None:
        """Remember that the ledger has committed the present length."""
        self._committed = self._length

    def roll_back(self) -> None:
        """Forget what was appended since the last commit."""
        if self._file is not None and self._length != self._committed:
            self._file.truncate(self._committed)
            self._file.seek(self._committed)
            self._length = self._committed

    def close(self) -> None:
        """Close the file under writing."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self, ref: RecordRef) -> StoredResponse:
        """Return the answer stored at a place; raises `StorageError` when there is none."""
        path = self.folder / ref.file
        if path.name != ref.file:
            raise StorageError(f"{ref.file}: not a file name")
        try:
            with path.open("rb") as file:
                file.seek(ref.offset)
                record = next(iter(ArchiveIterator(file)), None)
                if record is None or record.http_headers is None:
                    raise StorageError(f"{path}: no answer at offset {ref.offset}")
                return stored_response(record)
        except (OSError, ArchiveLoadFailed, CutBodyError, TooLargeError) as error:
            raise StorageError(f"{path}: offset {ref.offset} cannot be read: {error}") from error

    def read_at(self, file: str, offset: int) -> StoredResponse:
        """Return the answer stored in a file at an offset."""
        return self.read(RecordRef(file, offset))

    def _append(self, records: bytes) -> None:
        data = memoryview(records)
        if self._file is None:
            raise StorageError(f"{self.folder}: no file is open for writing")
        try:
            while data:
                written = self._file.write(data)
                self._length += written
                data = data[written:]
        except OSError as error:
            raise StorageError(f"{self.folder / self._name}: cannot be written: {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    """Bring the name of a new file to the disk, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
