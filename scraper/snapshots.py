"""The first page of every new kind of trouble, kept where a person can look at it, beside the last good one.

A kind of trouble is an outcome or an alarm with its message, figures left out. The folder below
`DIR/snapshots/<portal>/` holds `body`, `text.txt` and `facts.json`, and `good-body`, `good-text.txt` when the
address was fine before; for a list whose rows are not recognised any more also `blocks.html`. All bytes are
in the archive too; nothing here is needed by a later run. Names never come from a portal.
"""

import json
import re
from hashlib import sha256
from pathlib import Path

from parsers.decode import DecodeError, decode
from scraper.blocks import side_by_side
from scraper.errors import StorageError
from scraper.likeness import visible_text
from scraper.store import Store

LARGEST_BODY = 4 * 2**20
_FIGURES = re.compile(r"\d+")
_UNSAFE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u202a-\u202e\u2066-\u2069]")
QUIET_WORDS = frozenset({"ok", "not_modified", "redirected", "robots_denied"})


class Snapshots:
    """Keeps the first page of every kind of trouble of one portal."""

    def __init__(self, store: Store, portal_id: str, run_id: int) -> None:
        self._store, self._portal, self._run = store, portal_id, run_id
        self._folder = store.folder / "snapshots"
        self.kept: list[str] = []
        """Folders of this run, below the data folder."""

    def keep(self, kind: str, detail: str | None, url: str, body: bytes, facts: dict[str, object]) -> None:
        """Store a page when its trouble is new to the portal.

        Expects a transaction of the store; raises `StorageError` when the disk refuses.
        """
        ledger = self._store.ledger
        message = _FIGURES.sub("#", detail or "")[:200]
        known = "SELECT 1 FROM troubles WHERE portal_id = ? AND kind = ? AND message = ?"
        if ledger.one(known, (self._portal, kind, message)) is not None:
            return
        name = f"{self._portal}/{kind}-{sha256(message.encode()).hexdigest()[:8]}"
        at = self._store.clock().isoformat()
        told = {"kind": kind, "detail": detail, "url": url, "at": at, "run": self._run}
        self._write(self._folder / name, url, body, told | facts)
        ledger.execute(
            "INSERT INTO troubles VALUES (?,?,?,?,?,?,?)",
            (self._portal, kind, message, self._run, at, url, name),
        )
        self.kept.append(f"snapshots/{name}")

    def _write(self, folder: Path, url: str, body: bytes, facts: dict[str, object]) -> None:
        good = self._last_good(url)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for prefix, data in (("", body), ("good-", good)):
                if data is not None:
                    (folder / f"{prefix}body").write_bytes(data[:LARGEST_BODY])
                    (folder / f"{prefix}text.txt").write_text(visible(data), encoding="utf-8")
            if good is not None and facts["kind"] == "layout":
                blocks = side_by_side(url, _text(good), _text(body), self._entries(url))
                (folder / "blocks.html").write_text(blocks, encoding="utf-8")
            text = json.dumps(facts, ensure_ascii=True, indent=1, sort_keys=True)
            (folder / "facts.json").write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise StorageError(f"{folder}: cannot be written: {error.strerror}") from error

    def _entries(self, list_url: str) -> dict[str, str]:
        """Return the entries a list had before: address key → title."""
        rows = self._store.ledger.all(
            "SELECT key, list_title FROM pages WHERE portal_id = ? AND list_url = ? LIMIT 2000",
            (self._portal, list_url),
        )
        return {row["key"]: row["list_title"] or "" for row in rows}

    def _last_good(self, url: str) -> bytes | None:
        row = self._store.ledger.one(
            "SELECT warc_file, warc_offset FROM fetches WHERE portal_id = ? AND url = ? AND outcome = 'ok'"
            " AND record = 'response' AND run_id < ? ORDER BY id DESC LIMIT 1",
            (self._portal, url, self._run),
        )
        try:
            return self._store.read(row["warc_file"], row["warc_offset"]) if row else None
        except StorageError:
            return None


def visible(body: bytes) -> str:
    """Return what a page says, harmless for a terminal; empty for files."""
    return _UNSAFE.sub(" ", visible_text(_text(body)))


def _text(body: bytes) -> str:
    try:
        return decode(body[:LARGEST_BODY]).text
    except DecodeError:
        return ""
