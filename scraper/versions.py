"""Versions of a page: what it said when, told by content and not by bytes.

Equal bytes need no further look. Only where bytes differ, or where a page of the same title might be the same
report, is the content fingerprint computed; it is kept with the version from then on.
All functions expect to run inside a transaction of the store.
"""

import hashlib
from datetime import datetime
from sqlite3 import Row
from typing import NamedTuple

from parsers.decode import DecodeError
from parsers.fingerprint import content_fingerprint
from parsers.text import label_key
from scraper.archive import RecordRef
from scraper.families.rows import is_cut
from scraper.outcomes import file_kind
from scraper.store import Store


class Content(NamedTuple):
    """One answer: its body and what its headers and tags say."""

    body: bytes
    content_type: str | None
    charset: str | None
    final_url: str
    page_title: str | None


class Change(NamedTuple):
    """What one answer did to a page: new, changed, unchanged or alias, and its version number."""

    word: str
    version: int
    renewed: int = 0
    """Pages that got a new version because this is a file of theirs."""


def sha256_of(body: bytes) -> str:
    """Return the SHA-256 of a body in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def fingerprint_of(body: bytes, charset: str | None) -> str:
    """Return the hash of what a page says; files and undecodable pages are compared by their bytes."""
    if file_kind(body):
        return sha256_of(body)
    try:
        return content_fingerprint(body, charset)
    except DecodeError:
        return sha256_of(body)


class Versions:
    """The versions of one portal's pages."""

    def __init__(self, store: Store, portal_id: str) -> None:
        self._store, self._ledger, self._portal = store, store.ledger, portal_id

    def current(self, page_id: int) -> Row | None:
        """Return the newest version of a page, for an alias that of the page it doubles."""
        return self._ledger.one(
            "SELECT v.* FROM pages p JOIN versions v ON v.page_id = coalesce(p.canonical_id, p.id)"
            " WHERE p.id = ? AND v.is_current",
            (page_id,),
        )

    def seen(self, page_id: int, now: datetime) -> None:
        """Note that the newest version of a page was online at an instant."""
        self._ledger.execute(
            "UPDATE versions SET last_seen = ? WHERE is_current AND page_id ="
            " (SELECT coalesce(canonical_id, id) FROM pages WHERE id = ?)",
            (now.isoformat(), page_id),
        )

    def save(
        self, page_id: int, title: str | None, content: Content, ref: RecordRef, now: datetime,
        current: Row | None,
    ) -> Change:  # fmt: skip
        """Enter an answer: a version when it says something new, an alias of a page that says so too.

        `current` is what `current()` says of the page.
        """
        digest = sha256_of(content.body)
        own: str | None = None
        if current is not None:
            if current["sha256"] != digest:
                own = fingerprint_of(content.body, content.charset)
            if own is None or own == self._fingerprint(current):
                self.seen(page_id, now)
                return Change("unchanged", current["version"])
        is_whole = bool(title) and not is_cut(title or "")
        key = label_key((title if is_whole else content.page_title) or "")
        if current is not None and current["page_id"] != page_id:  # no longer the same as its twin
            self._ledger.execute("UPDATE pages SET canonical_id = NULL WHERE id = ?", (page_id,))
        twin = self._twin(page_id, key, digest, content, own)
        if twin is not None:
            self._ledger.execute("UPDATE pages SET canonical_id = ? WHERE id = ?", (twin, page_id))
            self.seen(page_id, now)
            return Change("alias", 0)
        return self._insert(page_id, key, digest, own, content, ref, now)

    def _insert(
        self, page_id: int, key: str, digest: str, fingerprint: str | None, content: Content, ref: RecordRef,
        now: datetime,
    ) -> Change:  # fmt: skip
        row = self._ledger.one(
            "SELECT coalesce(max(version), 0) + 1 AS n FROM versions WHERE page_id = ?", (page_id,)
        )
        version = int(row["n"]) if row else 1
        at = now.isoformat()
        if version > 1:
            self._ledger.execute("UPDATE versions SET is_current = 0 WHERE page_id = ?", (page_id,))
        self._ledger.execute(
            "INSERT INTO versions SELECT ?,?,?,?,?,?,?,?,?,?,?,list_title,list_date,?,?,1"
            " FROM pages WHERE id = ?",
            (page_id, version, fingerprint, digest, key, ref.file, ref.offset, content.content_type,
             content.charset, content.final_url, content.page_title, at, at, page_id),
        )  # fmt: skip
        if version == 1:
            return Change("new", version)
        return Change("changed", version, self._renew_holders(page_id, at))

    def _renew_holders(self, file_id: int, at: str) -> int:
        """Give the pages a changed file hangs on a new version, once per run; return how many they are.

        Such a page says something else from now on, although its own bytes are the same.
        """
        holders = self._ledger.all(
            "SELECT DISTINCT v.page_id, v.version FROM attachments a JOIN pages f ON f.id = a.file_id"
            " JOIN versions v ON v.page_id = a.page_id AND v.version = a.version"
            " WHERE v.is_current AND coalesce(f.canonical_id, f.id) = ?"
            " AND v.first_seen < (SELECT started_at FROM runs ORDER BY id DESC LIMIT 1)",
            (file_id,),
        )
        for page_id, version in holders:
            place = (page_id, version)
            self._ledger.execute("UPDATE versions SET is_current = 0 WHERE page_id = ?", (page_id,))
            self._ledger.execute(
                "INSERT INTO versions SELECT page_id, version + 1, fingerprint, sha256, title_key, warc_file,"
                " warc_offset, content_type, charset, final_url, page_title, list_title, list_date, ?, ?, 1"
                " FROM versions WHERE page_id = ? AND version = ?",
                (at, at, *place),
            )
            self._ledger.execute(
                "INSERT INTO attachments SELECT page_id, version + 1, position, url, name, file_id"
                " FROM attachments WHERE page_id = ? AND version = ?",
                place,
            )
        return len(holders)

    def _twin(self, page_id: int, key: str, digest: str, content: Content, own: str | None) -> int | None:
        """Return the earlier page of this portal that is the same report; a page with a past has none.

        Equal content under different list titles stays apart: two bodies may publish one text, or a host may
        answer everything with one page. Files that only hang on pages are the same when their bytes are.
        """
        if self._ledger.one("SELECT 1 FROM versions WHERE page_id = ?", (page_id,)) is not None:
            return None
        own_page = self._ledger.one("SELECT is_listed, kind FROM pages WHERE id = ?", (page_id,))
        if own_page is None:
            return None
        column, wanted = ("title_key", key) if own_page["is_listed"] else ("sha256", digest)
        rows = self._ledger.all(
            "SELECT v.* FROM versions v CROSS JOIN pages p ON p.id = v.page_id"  # the few versions first
            f" WHERE v.{column} = ? AND v.is_current AND p.portal_id = ? AND p.id <> ? AND p.kind = ?"
            " AND p.is_listed = ? AND p.canonical_id IS NULL ORDER BY p.id",
            (wanted, self._portal, page_id, own_page["kind"], own_page["is_listed"]),
        )
        for row in rows:
            if row["sha256"] != digest:
                own = own or fingerprint_of(content.body, content.charset)
                if own != self._fingerprint(row):
                    continue
            return int(row["page_id"])
        return None

    def _fingerprint(self, version: Row) -> str:
        """Return the fingerprint of a stored version, computed from the archive when first asked for."""
        if version["fingerprint"] is not None:
            return str(version["fingerprint"])
        body = self._store.read(version["warc_file"], version["warc_offset"])
        found = fingerprint_of(body, version["charset"])
        self._ledger.execute(
            "UPDATE versions SET fingerprint = ? WHERE page_id = ? AND version = ?",
            (found, version["page_id"], version["version"]),
        )
        return found
