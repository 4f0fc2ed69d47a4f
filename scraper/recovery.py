"""After the power went: what the disk did not keep of the newest archive file is forgotten and due again."""

import zlib
from pathlib import Path
from typing import BinaryIO

from scraper.ledger import Ledger

_PIECE = 2**14
_LOST = "warc_file = :name AND warc_offset >= :length"


def whole_length(path: Path, flushed: int, length: int) -> int:
    """Return where the last whole record ends, at most `length`; up to `flushed` all is known to be whole."""
    if not path.is_file() or path.stat().st_size < flushed:
        return length  # bytes are gone that were on the disk: not for us to mend, opening the file says so
    end = flushed
    with path.open("rb") as file:
        file.seek(flushed)
        while end < length:
            size = _record_size(file)
            if size is None or end + size > length:
                break
            end += size
            file.seek(end)
    return end


def _record_size(file: BinaryIO) -> int | None:
    """Return the bytes of the gzip member at the place of a file; None when it is damaged or cut."""
    machine, size = zlib.decompressobj(zlib.MAX_WBITS | 16), 0
    while piece := file.read(_PIECE):
        try:
            machine.decompress(piece)
        except zlib.error:
            return None
        size += len(piece)
        if machine.eof:
            return size - len(machine.unused_data)
    return None


def forget_after(ledger: Ledger, name: str, length: int) -> int:
    """Forget what the ledger knows of records from a place on, and make their pages due; returns how many."""
    place = {"name": name, "length": length}
    with ledger.transaction():
        ledger.execute(
            "UPDATE pages SET due = 1, full_at = NULL, etag = NULL, last_modified = NULL, canonical_id = NULL"
            f" WHERE id IN (SELECT page_id FROM fetches WHERE {_LOST})",
            place,
        )
        ledger.execute(
            "DELETE FROM attachments WHERE EXISTS (SELECT 1 FROM versions v WHERE v.page_id ="
            " attachments.page_id AND v.version = attachments.version"
            " AND v.warc_file = :name AND v.warc_offset >= :length)",
            place,
        )
        ledger.execute(f"DELETE FROM versions WHERE {_LOST}", place)
        ledger.execute(
            "UPDATE versions SET is_current = 1 WHERE version = (SELECT max(version) FROM versions w"
            " WHERE w.page_id = versions.page_id) AND page_id IN"
            f" (SELECT page_id FROM fetches WHERE {_LOST})",
            place,
        )
        ledger.execute(f"DELETE FROM list_pages WHERE {_LOST}", place)
        lost = ledger.execute(f"DELETE FROM fetches WHERE {_LOST}", place)
        ledger.execute("UPDATE warc_files SET length = :length WHERE name = :name", place)
    return lost
