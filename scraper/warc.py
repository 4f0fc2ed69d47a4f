"""Records of WARC 1.1 as bytes, one gzip member each, so that a record can be read from its offset alone.

What a server has compressed is stored as it is beside the compressed headers: compressing it once more costs
time and saves nothing. Reading is left to warcio.
"""

import base64
import hashlib
import re
import zlib
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote
from uuid import uuid4

from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecord

from scraper.coding import decode_body
from scraper.fetch import Exchange

_REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
_LARGEST_BODY = 2**31
_NOT_PLAIN = re.compile(r"[^\x21-\x7e]")
_LEVEL = 6
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_Fields = list[tuple[str, str]]


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


def warc_date(at: datetime) -> str:
    """Return an instant as WARC prints it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def head_length(wire: bytes) -> int:
    """Return how many bytes of an HTTP message are its header block with the blank line, all without one."""
    found = wire.find(b"\r\n\r\n")
    if found >= 0:
        return found + 4
    bare = wire.find(b"\n\n")
    return bare + 2 if bare >= 0 and b"\r\n" not in wire[:bare] else len(wire)


def response_records(exchange: Exchange, at: datetime) -> bytes:
    """Return an answer as received and the request it answers."""
    wire, date = exchange.wire, warc_date(at)
    length = head_length(wire)
    is_packed = exchange.header("content-encoding") is not None
    name, head = _head(
        "response", "application/http; msgtype=response", exchange.url, date, wire,
        [("WARC-Payload-Digest", digest(wire[length:]))],
    )  # fmt: skip
    answer = _member(head + wire[:length], wire[length:] + b"\r\n\r\n", is_packed=is_packed)
    return answer + _request(exchange, date, name)


def revisit_records(exchange: Exchange, at: datetime, original: Original) -> bytes:
    """Return the header block of an answer that says nothing new, and the request."""
    block, date = exchange.wire[: head_length(exchange.wire)], warc_date(at)
    profile = "server-not-modified" if exchange.status == 304 else "identical-payload-digest"
    fields = [
        ("WARC-Profile", _REVISIT + profile),
        ("WARC-Refers-To-Target-URI", _plain(original.url)),
        ("WARC-Refers-To-Date", original.date),
        ("WARC-Truncated", "length"),
        ("WARC-Payload-Digest", original.payload_digest or digest(b"")),
    ]
    name, head = _head("revisit", "application/http; msgtype=response", exchange.url, date, block, fields)
    return _member(head, block + b"\r\n\r\n") + _request(exchange, date, name)


def warcinfo_record(file_name: str, at: datetime) -> bytes:
    """Return the record a file begins with."""
    block = b"software: gongkai\r\nformat: WARC File Format 1.1\r\n"
    fields = [("WARC-Filename", file_name)]
    _, head = _head("warcinfo", "application/warc-fields", None, warc_date(at), block, fields)
    return _member(head, block + b"\r\n\r\n")


def stored_response(record: ArcWarcRecord) -> StoredResponse:
    """Return what a record read by warcio holds; raises `CutBodyError`, `TooLargeError`."""
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


def _request(exchange: Exchange, date: str, answer: str) -> bytes:
    fields = [("WARC-Concurrent-To", answer)]
    _, head = _head(
        "request", "application/http; msgtype=request", exchange.url, date, exchange.request, fields
    )
    return _member(head, exchange.request + b"\r\n\r\n")


def _head(
    kind: str, content_type: str, url: str | None, date: str, block: bytes, fields: _Fields
) -> tuple[str, bytes]:
    """Return the id of a record and its header with the blank line."""
    name = f"<urn:uuid:{uuid4()}>"
    target = [("WARC-Target-URI", _plain(url))] if url else []
    all_fields = [
        ("WARC-Type", kind), ("WARC-Record-ID", name), *target, ("WARC-Date", date),
        ("WARC-Block-Digest", digest(block)), *fields, ("Content-Type", content_type),
        ("Content-Length", str(len(block))),
    ]  # fmt: skip
    lines = "".join([f"{field}: {value}\r\n" for field, value in all_fields])
    return name, f"WARC/1.1\r\n{lines}\r\n".encode("ascii")


def _plain(url: str) -> str:
    """Return an address as one word of a header, whatever stands in it."""
    return quote(url, safe="/%:@!$&'()*+,;=-._~?[]#") if _NOT_PLAIN.search(url) else url


def _member(head: bytes, tail: bytes, *, is_packed: bool = False) -> bytes:
    """Return bytes as one gzip member; a tail that is compressed already is only wrapped."""
    machine = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = machine.compress(head)
    if is_packed:
        data += machine.flush(zlib.Z_FULL_FLUSH)
        machine = zlib.compressobj(0, zlib.DEFLATED, -zlib.MAX_WBITS)
    data += machine.compress(tail) + machine.flush()
    check, size = zlib.crc32(tail, zlib.crc32(head)), len(head) + len(tail) & 0xFFFFFFFF
    return b"".join((_GZIP_HEAD, data, check.to_bytes(4, "little"), size.to_bytes(4, "little")))
