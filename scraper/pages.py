"""What the ledger says about documents: which are known, due, changed, the same as another, or gone.

All functions expect to run inside a transaction of the store, except those that only read.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from scraper.addresses import address_key
from scraper.families.base import Row, SkippedRow
from scraper.families.rows import is_cut
from scraper.ledger import Ledger
from scraper.metadata import one_line
from scraper.politeness import PORTAL_TIME

FULL_FETCH_DAYS = 30
"""No validator is trusted for longer than this."""
RECHECK_DAYS = 7
"""Pages without validators, and attached files, are looked at again after this time."""
SEASON_MONTHS = range(1, 5)
"""Months in which reports come out and are put right; times are shorter for those of the year."""
SEASON_FULL_FETCH_DAYS = 14
SEASON_RECHECK_DAYS = 3
REMOVAL_HOURS = 24


def season_start(now: datetime) -> str | None:
    """Return the first day of the season an instant lies in, as ISO date of the portals; None outside it."""
    there = now.astimezone(PORTAL_TIME)
    return f"{there.year}-01-01" if there.month in SEASON_MONTHS else None


class DuePage(NamedTuple):
    """One page of the queue with what a conditional request needs."""

    id: int
    url: str
    kind: str
    list_title: str | None
    is_listed: bool
    etag: str | None
    last_modified: str | None


class Pages:
    """The documents of one portal in the ledger."""

    def __init__(self, ledger: Ledger, portal_id: str, run_id: int) -> None:
        self._ledger, self._portal, self._run = ledger, portal_id, run_id

    def is_known(self, url: str) -> bool:
        """Return whether an address was listed in an earlier run, be it as page, alias or skipped row."""
        key = address_key(url)
        query = (
            "SELECT 1 FROM pages WHERE portal_id = :p AND key = :k AND first_run < :r UNION ALL "
            "SELECT 1 FROM skipped WHERE portal_id = :p AND key = :k AND first_run < :r LIMIT 1"
        )
        return self._ledger.one(query, {"p": self._portal, "k": key, "r": self._run}) is not None

    def list_row(self, row: Row, kind: str, list_url: str, now: datetime) -> bool:
        """Enter a row of a list; returns whether its address is new."""
        key, at = address_key(row.url), now.isoformat()
        known = self._ledger.one(
            "SELECT id, list_title FROM pages WHERE portal_id = ? AND key = ?", (self._portal, key)
        )
        if known is None:
            self._ledger.execute(
                "INSERT INTO pages (portal_id, key, url, kind, is_listed, list_title, list_date, raw_date,"
                " list_url,"
                " first_listed_at, last_listed_at, listed_run, first_run) VALUES (?,?,?,?,1,?,?,?,?,?,?,?,?)",
                (self._portal, key, row.url, kind, row.title, row.date, row.raw_date, list_url, at, at,
                 self._run,
                 self._run),
            )  # fmt: skip
            self._ledger.execute("DELETE FROM skipped WHERE portal_id = ? AND key = ?", (self._portal, key))
            self._list_files(row, key)
            return True
        is_other = known["list_title"] != row.title and not is_cut(row.title)
        changes = "last_listed_at = ?, listed_run = ?, is_listed = 1"
        values: list[object] = [at, self._run]
        if is_other:  # one address that shows each year's report is announced anew each year
            changes += ", list_title = ?, list_date = ?, raw_date = ?"
            values += [row.title, row.date, row.raw_date]
        if self._list_files(row, key) or is_other:
            changes += ", due = 1"
        self._ledger.execute(f"UPDATE pages SET {changes} WHERE id = ?", (*values, known["id"]))
        return False

    def _list_files(self, row: Row, key: str) -> bool:
        """Note the files a list names for a page; returns whether they differ from those it named before."""
        page = self._ledger.one("SELECT id FROM pages WHERE portal_id = ? AND key = ?", (self._portal, key))
        if page is None or not row.files or self.listed_files(page["id"]) == list(row.files):
            return False
        self._ledger.execute("DELETE FROM listed_files WHERE page_id = ?", (page["id"],))
        for position, (url, name) in enumerate(row.files):
            self._ledger.execute(
                "INSERT INTO listed_files VALUES (?,?,?,?)", (page["id"], position, url, name)
            )
        return True

    def listed_files(self, page_id: int) -> list[tuple[str, str | None]]:
        """Return (address, human name) of the files that the list of a page says belong to it."""
        query = "SELECT url, name FROM listed_files WHERE page_id = ? ORDER BY position"
        return [(row["url"], row["name"]) for row in self._ledger.all(query, (page_id,))]

    def skip_row(self, row: SkippedRow, list_url: str) -> None:
        """Enter a row that is not asked for, with the reason."""
        self._ledger.execute(
            "INSERT INTO skipped VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (portal_id, key) DO UPDATE SET"
            " reason = excluded.reason, title = excluded.title, last_run = excluded.last_run",
            (
                self._portal,
                address_key(row.url),
                one_line(row.url, 1000),
                row.title,
                row.reason,
                list_url,
                self._run,
                self._run,
            ),
        )

    def mark_due(self, now: datetime, *, lists_complete: bool, deep: bool) -> None:
        """Put into the queue what is to be looked at again: failed, missing, old, or with validators."""
        recheck = (now - timedelta(days=RECHECK_DAYS)).isoformat()
        full = (now - timedelta(days=FULL_FETCH_DAYS)).isoformat()
        self._ledger.execute(
            "UPDATE pages SET due = 1 WHERE portal_id = :p AND due = 0 AND rejected IS NULL"
            " AND (checked_run IS NULL OR checked_run < :r) AND ("
            " outcome NOT IN ('ok', 'not_modified', 'gone', 'soft_404') OR :deep"
            " OR (missing_since IS NOT NULL AND removed_at IS NULL)"
            " OR (canonical_id IS NULL AND is_listed AND removed_at IS NULL"
            " AND (etag IS NOT NULL OR last_modified IS NOT NULL))"
            " OR (canonical_id IS NULL AND checked_at <= :recheck) OR checked_at <= :full"
            " OR (coalesce(list_date, first_listed_at) >= :season AND"
            " ((canonical_id IS NULL AND checked_at <= :season_recheck) OR checked_at <= :season_full))"
            " OR (canonical_id IS NULL AND is_listed AND :complete AND listed_run < :r"
            " AND removed_at IS NULL))",
            {"p": self._portal, "deep": deep, "recheck": recheck, "full": full, "complete": lists_complete,
             "r": self._run, "season": season_start(now) or "9999",
             "season_recheck": (now - timedelta(days=SEASON_RECHECK_DAYS)).isoformat(),
             "season_full": (now - timedelta(days=SEASON_FULL_FETCH_DAYS)).isoformat()},
        )  # fmt: skip

    def mark_maintained(self) -> int:
        """Put back into the queue what this run met under maintenance; returns how many pages."""
        return self._ledger.execute(
            "UPDATE pages SET due = 1 WHERE portal_id = ? AND checked_run = ? AND rejected IS NULL"
            " AND (outcome = 'maintenance' OR (outcome = 'server_error' AND detail = 'http_503'))",
            (self._portal, self._run),
        )

    def due(self, kind: str) -> Iterator[DuePage]:
        """Yield the queue in order of entry, batch by batch, each page once."""
        last = 0
        while True:
            rows = self._ledger.all(
                "SELECT id, url, kind, list_title, is_listed, etag, last_modified FROM pages"
                " WHERE portal_id = ? AND due = 1 AND kind = ? AND id > ? ORDER BY id LIMIT 64",
                (self._portal, kind, last),
            )
            if not rows:
                return
            for row in rows:
                last = row["id"]
                yield DuePage(
                    row["id"], row["url"], row["kind"], row["list_title"], bool(row["is_listed"]),
                    row["etag"], row["last_modified"],
                )  # fmt: skip

    def count_due(self) -> int:
        """Return how many pages wait in the queue."""
        row = self._ledger.one(
            "SELECT count(*) AS n FROM pages WHERE portal_id = ? AND due = 1", (self._portal,)
        )
        return int(row["n"]) if row else 0

    def trusts_validators(self, page: DuePage, now: datetime) -> bool:
        """Return whether a page may be asked conditionally: its last full answer is not too old."""
        row = self._ledger.one(
            "SELECT full_at, coalesce(list_date, first_listed_at) AS published FROM pages WHERE id = ?",
            (page.id,),
        )
        if row is None or row["full_at"] is None:
            return False
        season = season_start(now)
        is_of_season = season is not None and (row["published"] or "") >= season
        days = SEASON_FULL_FETCH_DAYS if is_of_season else FULL_FETCH_DAYS
        return now - datetime.fromisoformat(row["full_at"]) <= timedelta(days=days)

    def close(
        self,
        page: DuePage,
        outcome: str,
        detail: str | None,
        now: datetime,
        *,
        validators: tuple[str | None, ...],
    ) -> None:
        """Enter the outcome of a visit and take the page out of the queue."""
        changes = "due = 0, outcome = ?, detail = ?, checked_at = ?, checked_run = ?"
        at = now.isoformat()
        values: list[object] = [outcome, detail, at, self._run]
        if outcome in ("ok", "not_modified"):
            changes += ", missing_since = NULL, removed_at = NULL"
        if outcome == "ok":
            changes += ", full_at = ?, etag = ?, last_modified = ?"
            values += [at, *validators]
        self._ledger.execute(f"UPDATE pages SET {changes} WHERE id = ?", (*values, page.id))

    def set_title(self, page_id: int, title: str) -> None:
        """Replace a cut list title by the full one."""
        self._ledger.execute("UPDATE pages SET list_title = ? WHERE id = ?", (title, page_id))

    def reject(self, page_id: int, reason: str) -> None:
        """Say that a page is no report after all; it is kept and not asked for again."""
        self._ledger.execute("UPDATE pages SET rejected = ? WHERE id = ?", (reason, page_id))

    def is_rejected(self, page_id: int) -> bool:
        """Return whether a page was found to be no report."""
        query = "SELECT 1 FROM pages WHERE id = ? AND rejected IS NOT NULL"
        return self._ledger.one(query, (page_id,)) is not None

    def add_attachments(
        self, page_id: int, version: int, found: list[tuple[str, str | None]], now: datetime
    ) -> int:
        """Enter the files a page version links to, and put them into the queue; returns how many are new."""
        new = 0
        at = now.isoformat()
        for position, (url, name) in enumerate(found):
            key = address_key(url)
            row = self._ledger.one(
                "SELECT id FROM pages WHERE portal_id = ? AND key = ?", (self._portal, key)
            )
            if row is None:
                new += 1
                file_id = self._ledger.execute(
                    "INSERT INTO pages (portal_id, key, url, kind, is_listed, list_title, first_listed_at,"
                    " first_run) VALUES (?,?,?,'file',0,?,?,?)",
                    (self._portal, key, url, name, at, self._run),
                )
            else:
                file_id = row["id"]
                self._ledger.execute(
                    "UPDATE pages SET due = 1 WHERE id = ? AND checked_run < ?", (file_id, self._run)
                )
            self._ledger.execute(
                "INSERT OR REPLACE INTO attachments VALUES (?,?,?,?,?,?)",
                (page_id, version, position, url, name, file_id),
            )
        return new

    def settle_missing(self, now: datetime) -> int:
        """Date the pages that were gone in this run; returns how many are now removed (gone for a day)."""
        at = now.isoformat()
        gone = "portal_id = ? AND checked_run = ? AND outcome IN ('gone', 'soft_404')"
        self._ledger.execute(
            f"UPDATE pages SET missing_since = ? WHERE missing_since IS NULL AND {gone}",
            (at, self._portal, self._run),
        )
        before = (now - timedelta(hours=REMOVAL_HOURS)).isoformat()
        return self._ledger.execute(
            "UPDATE pages SET removed_at = missing_since WHERE removed_at IS NULL AND missing_since <= ?"
            f" AND {gone}",
            (before, self._portal, self._run),
        )
