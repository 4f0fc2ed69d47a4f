"""What the archive holds that could be a report, in a stable order, for whoever reads documents.

Nothing here touches the network; a document is a row until its body is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Row

from scraper.archive import Archive
from scraper.ledger import Ledger
from scraper.versions import fingerprint_of


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """A file a page links to; `warc_file` is None while no answer for it is archived (`outcome` says why)."""

    url: str
    name: str | None
    outcome: str | None
    content_type: str | None
    fetched_at: str | None
    sha256: str | None
    warc_file: str | None
    warc_offset: int | None
    _archive: Archive = field(repr=False, compare=False)

    def body(self) -> bytes | None:
        """Read the file's bytes, None when there are none; raises `StorageError`."""
        if self.warc_file is None or self.warc_offset is None:
            return None
        return self._archive.read_at(self.warc_file, self.warc_offset).body


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One version of one page; instants are ISO 8601 UTC, `fetched_at` is the first fetch of this version."""

    portal_id: str
    portal_name: str
    region_code: str | None
    url: str
    final_url: str
    """Where the content came from, after redirects."""
    aliases: tuple[str, ...]
    """Further addresses of the same content."""
    list_title: str | None
    list_date: str | None
    page_title: str | None
    """The full title as the page's tags or heading give it."""
    version: int
    is_current: bool
    removed_at: str | None
    fetched_at: str
    last_seen_at: str
    sha256: str
    content_type: str | None
    charset: str | None
    """Charset of the HTTP header, or the one configured for the portal."""
    warc_file: str
    warc_offset: int
    attachments: tuple[StoredAttachment, ...]
    _fingerprint: str | None = field(repr=False, compare=False)
    _archive: Archive = field(repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        """Hash of what this version says; computed from its body where the crawl had no need of it."""
        return self._fingerprint or fingerprint_of(self.body(), self.charset)

    def body(self) -> bytes:
        """Read the body without transfer and content codings from the archive; raises `StorageError`."""
        return self._archive.read_at(self.warc_file, self.warc_offset).body


_DOCUMENTS = """
SELECT p.id AS page_id, p.portal_id, o.name AS portal_name, o.region_code, p.url, p.removed_at, v.*
FROM pages p JOIN versions v ON v.page_id = p.id LEFT JOIN portals o ON o.id = p.portal_id
WHERE p.is_listed AND p.canonical_id IS NULL AND p.rejected IS NULL
ORDER BY p.portal_id, p.url, v.version
"""
# The version of a file that was known before the page's version was last seen, else its first one.
_ATTACHMENTS = """
SELECT a.url, a.name, f.outcome, v.content_type, v.first_seen, v.sha256, v.warc_file, v.warc_offset
FROM attachments a JOIN pages f ON f.id = a.file_id
LEFT JOIN versions v ON v.page_id = coalesce(f.canonical_id, f.id) AND v.version = coalesce(
    (SELECT max(w.version) FROM versions w
     WHERE w.page_id = coalesce(f.canonical_id, f.id) AND (w.first_seen < ? OR ?)), 1)
WHERE a.page_id = ? AND a.version = ? ORDER BY a.position
"""
_ALIASES = """
SELECT url FROM pages WHERE canonical_id = :page
UNION SELECT final_url FROM versions WHERE page_id = :page
UNION SELECT f.redirected_to FROM fetches f WHERE f.page_id = :page
    AND f.redirected_to IS NOT NULL AND f.outcome = 'redirected'
ORDER BY 1
"""


def _attachment(row: Row, archive: Archive) -> StoredAttachment:
    return StoredAttachment(
        url=row["url"],
        name=row["name"],
        outcome=row["outcome"],
        content_type=row["content_type"],
        fetched_at=row["first_seen"],
        sha256=row["sha256"],
        warc_file=row["warc_file"],
        warc_offset=row["warc_offset"],
        _archive=archive,
    )


def iter_documents(data_dir: Path | str) -> Iterator[StoredDocument]:
    """Yield every stored version of every page that may be a report, by portal, address and version.

    Raises `StorageError` when the folder holds no crawl; a record that cannot be read raises at `body()`.
    """
    ledger, archive = Ledger(data_dir, read_only=True), Archive(data_dir)
    try:
        for row in ledger.stream(_DOCUMENTS):
            attached = ledger.all(
                _ATTACHMENTS, (row["last_seen"], row["is_current"], row["page_id"], row["version"])
            )
            aliases = ledger.all(_ALIASES, {"page": row["page_id"]})
            yield StoredDocument(
                portal_id=row["portal_id"],
                portal_name=row["portal_name"] or row["portal_id"],
                region_code=row["region_code"],
                url=row["url"],
                final_url=row["final_url"] or row["url"],
                aliases=tuple(alias[0] for alias in aliases if alias[0] and alias[0] != row["url"]),
                list_title=row["list_title"],
                list_date=row["list_date"],
                page_title=row["page_title"],
                version=row["version"],
                is_current=bool(row["is_current"]),
                removed_at=row["removed_at"],
                fetched_at=row["first_seen"],
                last_seen_at=row["last_seen"],
                sha256=row["sha256"],
                content_type=row["content_type"],
                charset=row["charset"],
                warc_file=row["warc_file"],
                warc_offset=row["warc_offset"],
                attachments=tuple(_attachment(file, archive) for file in attached),
                _fingerprint=row["fingerprint"],
                _archive=archive,
            )
    finally:
        ledger.close()
