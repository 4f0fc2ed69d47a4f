"""The archive: every answer as it was received, in WARC 1.1 files that other tools can read.

One gzip member per record, so that a record can be read from its offset alone. The file under writing is
only valid up to the length the ledger has committed; whatever a killed run left behind that point is cut off
before the next write.
"""

import base64
import hashlib
import io
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.coding import CutBodyError, decode_body
from scraper.errors import StorageError
from scraper.fetch import Exchange
from scraper.flusher import Mark, flush_data
from scraper.guard import TooLargeError

LARGEST_FILE_BYTES = 2**30
_REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
_LARGEST_BODY = 2**31
_HTTP = "application/http; msgtype="


class RecordRef(NamedTuple):
    """Place of a record: file name within `archive/`, byte offset of its gzip member."""

    file: str
    offset: int


class Original(NamedTuple):
    """The record an unchanged answer refers to."""

    url: str
    date: str
    payload_digest: str | None


class StoredResponse(NamedTuple):
    """One archived answer; `body` has its transfer and content codings undone."""

    url: str
    date: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    payload_digest: str | None

    def header(self, name: str) -> str | None:
        """Return the first header of that name."""
        wanted = name.casefold()
        return next((value for key, value in self.headers if key.casefold() == wanted), None)


def digest(data: bytes) -> str:
    """Return a digest as WARC headers print it."""
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode()


def payload_of(wire: bytes) -> bytes:
    """Return what follows the header block of an HTTP message."""
    for mark in (b"\r\n\r\n", b"\n\n"):
        head, found, rest = wire.partition(mark)
        if found and (mark == b"\r\n\r\n" or b"\r\n" not in head):
            return rest
    return b""


class Archive:
    """Reads records, and appends them to the newest file within a caller's transaction."""

    def __init__(self, data_dir: Path | str, *, largest_file_bytes: int = LARGEST_FILE_BYTES) -> None:
        self.folder = Path(data_dir) / "archive"
        self._largest = largest_file_bytes
        self._file: io.FileIO | None = None
        self._name = ""
        self._length = 0
        self._committed = 0

    def open(self, name: str | None, length: int) -> None:
        """Go on with the file of an earlier run, cut to its committed length; None: there is none yet."""
        if name is None:
            return
        path = self.folder / name
        try:
            file = path.open("r+b" if path.exists() or length else "x+b", buffering=0)
            size = file.seek(0, os.SEEK_END)
            if size < length:
                file.close()
                raise StorageError(
                    f"{path}: {size} bytes, but the ledger knows of {length}; restore the file"
                )
            file.truncate(length)
            file.seek(length)
        except OSError as error:
            raise StorageError(f"{path}: cannot be opened for writing: {error.strerror}") from error
        self._file, self._name, self._length, self._committed = file, name, length, length

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
        except OSError as error:
            raise StorageError(f"{self.folder}: no new file: {error.strerror}") from error
        self._name, self._length, self._committed = name, 0, 0
        _sync_folder(self.folder)
        self._append([_warcinfo(name, at)])

    def write(self, exchange: Exchange, at: datetime, original: Original | None = None) -> RecordRef:
        """Append the answer (or a revisit of `original`) and its request; returns the place of the first."""
        ref = RecordRef(self._name, self._length)
        date = warc_date(at)
        answer = _response(exchange, date) if original is None else _revisit(exchange, date, original)
        request = _record("request", exchange.url, date, exchange.request, [
            ("WARC-Concurrent-To", answer.rec_headers.get_header("WARC-Record-ID"))
        ])  # fmt: skip
        self._append([answer, request])
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
                return _stored(record)
        except (OSError, ArchiveLoadFailed, CutBodyError, TooLargeError) as error:
            raise StorageError(f"{path}: offset {ref.offset} cannot be read: {error}") from error

    def read_at(self, file: str, offset: int) -> StoredResponse:
        """Return the answer stored in a file at an offset."""
        return self.read(RecordRef(file, offset))

    def _append(self, records: Iterable[ArcWarcRecord]) -> None:
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
        for record in records:
            writer.write_record(record)
        data = memoryview(buffer.getvalue())
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


def warc_date(at: datetime) -> str:
    """Return an instant as WARC prints it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _record(
    kind: str, url: str | None, date: str, block: bytes, headers: list[tuple[str, str]], content: str = _HTTP
) -> ArcWarcRecord:
    """Return a record whose block is written byte for byte as given."""
    content_type = content + kind if content == _HTTP else content
    if kind == "revisit":
        content_type = _HTTP + "response"
    names = [("WARC-Type", kind), ("WARC-Record-ID", WARCWriter._make_warc_id())]
    if url:
        names.append(("WARC-Target-URI", url))
    names += [("WARC-Date", date), ("WARC-Block-Digest", digest(block)), *headers]
    if not any(name == "WARC-Payload-Digest" for name, _ in names):
        names.append(("WARC-Payload-Digest", digest(payload_of(block) if url else block)))
    record_headers = StatusAndHeaders("", names, protocol="WARC/1.1")
    return ArcWarcRecord(
        "warc",
        kind,
        record_headers,
        io.BytesIO(block),
        None,
        content_type,
        len(block),
        payload_length=len(block),
    )


def _response(exchange: Exchange, date: str) -> ArcWarcRecord:
    return _record("response", exchange.url, date, exchange.wire, [])


def _revisit(exchange: Exchange, date: str, original: Original) -> ArcWarcRecord:
    """Return a record that holds the header block only and points to the full answer."""
    payload = payload_of(exchange.wire)
    head = exchange.wire[: len(exchange.wire) - len(payload)] if payload else exchange.wire
    profile = "server-not-modified" if exchange.status == 304 else "identical-payload-digest"
    headers = [
        ("WARC-Profile", _REVISIT + profile),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", original.date),
        ("WARC-Truncated", "length"),
    ]
    if original.payload_digest:
        headers.append(("WARC-Payload-Digest", original.payload_digest))
    return _record("revisit", exchange.url, date, head, headers)


def _warcinfo(name: str, at: datetime) -> ArcWarcRecord:
    block = b"software: gongkai\r\nformat: WARC File Format 1.1\r\n"
    return _record(
        "warcinfo", None, warc_date(at), block, [("WARC-Filename", name)], "application/warc-fields"
    )


def _stored(record: ArcWarcRecord) -> StoredResponse:
    http = record.http_headers
    is_chunked = "chunked" in (http.get_header("transfer-encoding") or "").casefold()
    stream = ChunkedDataReader(record.raw_stream) if is_chunked else record.raw_stream
    raw = stream.read()
    body = decode_body(
        raw, http.get_header("content-encoding"), http.get_header("content-type"), _LARGEST_BODY
    )
    return StoredResponse(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        date=record.rec_headers.get_header("WARC-Date"),
        status=int(http.get_statuscode()),
        headers=tuple(http.headers),
        body=body,
        payload_digest=record.rec_headers.get_header("WARC-Payload-Digest"),
    )
