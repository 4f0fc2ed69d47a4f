"""Content codings: the bytes of a body as they were before the server compressed them, within a limit."""

import zlib

from scraper.guard import TooLargeError

MOST_CODINGS = 3
MOST_MEMBERS = 200
"""Members of one gzip body; each costs a copy of what follows it."""
_GZIP = b"\x1f\x8b"


class CutBodyError(Exception):
    """Raised when a compressed body ends too early, is damaged, or has a coding that was not asked for."""


def decode_body(raw: bytes, coding: str | None, content_type: str | None, limit: int) -> bytes:
    """Undo the content codings; the first bytes decide, for headers announce codings that are not there.

    Raises `TooLargeError` when more than `limit` bytes come out, `CutBodyError` when they cannot be undone.
    """
    named = [name.strip().casefold() for name in (coding or "").split(",")]
    if len(named) > MOST_CODINGS:
        raise CutBodyError(f"{len(named)} codings, one upon the other")
    for name in reversed(named):
        raw = _undo(raw, name, content_type, limit)
    return raw


def _undo(raw: bytes, named: str, content_type: str | None, limit: int) -> bytes:
    is_text = (content_type or "").casefold().startswith("text/")
    if raw.startswith(_GZIP) and (named in ("gzip", "x-gzip", "deflate") or (not named and is_text)):
        return _gunzip(raw, limit)
    if named == "deflate" and raw:
        return _inflate(raw, limit)
    if named in ("br", "zstd", "compress", "x-compress") and raw.lstrip()[:1] not in (b"<", b"{", b"["):
        raise CutBodyError(f"coding {named} was not asked for")
    if len(raw) > limit:
        raise TooLargeError(f"more than {limit} bytes")
    return raw


def _gunzip(raw: bytes, limit: int) -> bytes:
    """Undo gzip with one or more members; what follows the last member is ignored, as browsers do."""
    out: list[bytes] = []
    size = 0
    while raw.startswith(_GZIP):
        if len(out) == MOST_MEMBERS:
            raise CutBodyError(f"more than {MOST_MEMBERS} gzip members")
        part, raw = _run(raw, zlib.MAX_WBITS | 16, limit - size)
        out.append(part)
        size += len(part)
    return b"".join(out)


def _inflate(raw: bytes, limit: int) -> bytes:
    """Undo deflate, which servers send with the zlib wrapper or without."""
    is_wrapped = len(raw) > 1 and raw[0] & 0x0F == 8 and (raw[0] << 8 | raw[1]) % 31 == 0
    if is_wrapped:
        return _run(raw, zlib.MAX_WBITS, limit)[0]
    try:
        return _run(raw, -zlib.MAX_WBITS, limit)[0]
    except CutBodyError:
        if raw.lstrip()[:1] in (b"<", b"{", b"["):  # announced as deflate and sent as it is
            return raw
        raise


def _run(raw: bytes, window: int, limit: int) -> tuple[bytes, bytes]:
    machine = zlib.decompressobj(window)
    try:
        out = machine.decompress(raw, max(limit, 0) + 1)
    except zlib.error as error:
        raise CutBodyError(str(error)) from error
    if len(out) > limit:
        raise TooLargeError(f"more than {limit} bytes after decompression")
    if not machine.eof:
        raise CutBodyError("the compressed body ends too early")
    return out, machine.unused_data
