"""The lists of one portal: read to their end or to a stop rule, every row entered or skipped with reason."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from parsers.titles import parse_title
from scraper.addresses import address_key, is_file
from scraper.families import FAMILIES, marks_of
from scraper.families.base import (
    OTHER_COLUMN,
    EndReason,
    ListEnd,
    ListRequest,
    Row,
    RowPage,
    SkippedRow,
    Start,
    not_opened,
)
from scraper.families.rows import is_cut
from scraper.list_pages import ListPages
from scraper.network import Network
from scraper.pages import Pages
from scraper.portals import Portal
from scraper.recognise import Recognised, recognise

LONGEST_LIST = 200
MOST_ROWS = 200_000
"""Rows of all lists of a portal; what has more lists no reports, and would take all memory."""
FIRST_YEAR = 2008
"""The first report year there can be: reports are due since the regulation of May 2008."""
LATE_CHECK_DAYS = 7
LATE_CHECK_PAGES = 3
_REPORT_COLUMN = re.compile(r"年度?报告?$|年报|年度报告")
_MAINTAINED = re.compile(r"\bmaintenance\b|\bhttp_503\b")
_REPORT_PATH = re.compile(r"xxgkn[db]|gknb|ndbg|annualreport|/nb(?:_|/|\d)", re.IGNORECASE)


@dataclass(slots=True)
class ListTally:
    """Counts of one list in one run."""

    pages: int = 0
    rows_seen: int = 0
    rows_valid: int = 0
    announced: int | None = None
    reason: str = ""
    detail: str | None = None
    coverage: str = "incomplete"
    oldest: str | None = None
    children: int = 0
    known_in_a_row: int = 0
    keys: set[str] = field(default_factory=set)
    """Addresses of this list in this run; a list is a few thousand rows at most."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run takes: report years (both ends included), window in days, whether lists are read in full.

    With `lists_only` no page is asked for: the run says what it would fetch, and that stays due.
    """

    years: tuple[int, int] | None = None
    window_days: int | None = None
    deep: bool = False
    lists_only: bool = False


class Listing:
    """Reads the lists of one portal in one run."""

    def __init__(
        self, portal: Portal, network: Network, list_pages: ListPages, pages: Pages, run_id: int,
        selection: Selection,
    ) -> None:  # fmt: skip
        self._portal, self._network, self._list_pages = portal, network, list_pages
        self._pages, self._run, self._selection = pages, run_id, selection
        self._fresh = 0
        self.lists: dict[str, ListTally] = {}
        self.skipped: Counter[str] = Counter()
        self.families: dict[str, Recognised] = {}
        self.new = 0

    def read_all(self) -> None:
        """Read the lists of every start address."""
        for url in self._portal.start:
            found = self._family(url)
            if found is None:
                continue
            years = self._selection.years or (FIRST_YEAR, self._network.clock().year - 1)
            walk = FAMILIES[found.family](
                Start(found.start, self._list_pages.ask, self._stop, self._list_pages.sites, years)
            )
            for item in walk:
                if isinstance(item, ListEnd):
                    self._end(item)
                else:
                    self._take(item)

    @property
    def was_maintained(self) -> bool:
        """Whether a list could not be read because its host was being maintained."""
        return any(_MAINTAINED.search(tally.detail or "") for tally in self.lists.values())

    def forget(self) -> None:
        """Make ready to read all lists once more in the same run."""
        self.lists.clear()
        self.skipped.clear()
        self._list_pages.forget()

    @property
    def is_complete(self) -> bool:
        """Whether every list was read to its end."""
        return bool(self.lists) and all(tally.coverage == "complete" for tally in self.lists.values())

    def _family(self, url: str) -> Recognised | None:
        """Return the family and start of an address; says why when its first page does not come."""
        found = Recognised(self._portal.family, "configured", url, url)
        if self._portal.family == "auto":
            page = self._list_pages.ask(ListRequest(url))
            if not page.is_ok:
                self._end(not_opened(url, page))
                return None
            self._list_pages.keep(ListRequest(url), page)
            found = recognise(url, page, self._list_pages.ask_and_keep)
        self.families[url] = found
        return found

    def _stop(self, page: RowPage) -> EndReason | None:
        """Return why a list is left after this page, None to go on."""
        tally = self.lists[page.list_url]
        newest = max((row.date for row in page.rows if row.date), default=None)
        if page.announced is not None and page.number >= page.announced:
            return None
        if tally.known_in_a_row >= 2 and page.number >= self._pages_needed(page.list_url):
            return "all_known"
        days = self._selection.window_days
        first_day = self._network.clock() - timedelta(days=days or 0)
        if days is not None and newest is not None and newest < first_day.date().isoformat():
            return "older_than_window"
        if page.number > 1 and page.rows and self._fresh == 0:
            return "no_new_urls"
        rows = sum(len(one.keys) for one in self.lists.values())
        return "page_limit" if page.number >= LONGEST_LIST or rows >= MOST_ROWS else None

    def _pages_needed(self, list_url: str) -> int:
        """Return how many pages are read before the rule of known pages may end a list.

        A list is read whole once after 31 March of every year, when all reports should be out, and three
        pages deep once a week, for rows that were put in late below the top.
        """
        now = self._network.clock()
        due = datetime(now.year, 3, 31, tzinfo=now.tzinfo)
        season = due if now > due else due.replace(year=now.year - 1)
        whole = "l.coverage = 'complete'"
        if self._selection.deep or not self._was_read(list_url, season, whole):
            return LONGEST_LIST
        week = now - timedelta(days=LATE_CHECK_DAYS)
        return (
            2
            if self._was_read(list_url, week, f"(l.pages >= {LATE_CHECK_PAGES} OR {whole})")
            else LATE_CHECK_PAGES
        )

    def _was_read(self, list_url: str, since: datetime, how: str) -> bool:
        row = self._network.store.ledger.one(
            "SELECT 1 FROM lists l JOIN runs r ON r.id = l.run_id WHERE l.portal_id = ? AND l.url = ?"
            f" AND l.run_id < ? AND r.started_at >= ? AND {how} LIMIT 1",
            (self._portal.id, list_url, self._run, since.isoformat()),
        )
        return row is not None

    def _take(self, page: RowPage) -> None:
        """Enter the rows of a list page, or skip them with the reason."""
        tally = self.lists.setdefault(page.list_url, ListTally())
        if page.number == 1:
            self._check_marks(page)
            tally.keys.clear()
            tally.rows_seen = tally.rows_valid = 0
        tally.pages += 1
        tally.announced = page.announced
        tally.rows_seen += len(page.rows) + len(page.skipped)
        now = self._network.clock()
        is_report_column = bool(_REPORT_COLUMN.search(page.column) or _REPORT_PATH.search(page.list_url))
        self._fresh, unknown = 0, 0
        with self._network.store.transaction():
            for skipped in page.skipped:
                if skipped.reason == OTHER_COLUMN:
                    self._fresh += address_key(skipped.url) not in tally.keys
                    unknown += not self._pages.is_known(skipped.url)
                self._skip(skipped, page.list_url, tally)
            for row in page.rows:
                key = address_key(row.url)
                if key in tally.keys:
                    continue
                tally.keys.add(key)
                self._fresh += 1
                tally.rows_valid += 1
                unknown += not self._pages.is_known(row.url)
                if row.date and (tally.oldest is None or row.date < tally.oldest):
                    tally.oldest = row.date
                reason = self._reason_to_skip(row, is_report_column)
                if reason is not None:
                    self._skip(SkippedRow(row.url, row.title, reason), page.list_url, tally)
                else:
                    self.new += self._pages.list_row(
                        row, "file" if is_file(row.url) else "page", page.list_url, now
                    )
        tally.known_in_a_row = 0 if unknown else tally.known_in_a_row + 1

    def _reason_to_skip(self, row: Row, is_report_column: bool) -> str | None:
        parts = parse_title(row.title)
        if parts.verdict == "not_report":
            return "not_report"
        if parts.verdict == "unclear" and not (is_report_column or is_cut(row.title)):
            return "unclear_title"
        years = self._selection.years
        if years is not None and parts.year is not None and not years[0] <= parts.year <= years[1]:
            return "other_year"
        return None

    def _skip(self, row: SkippedRow, list_url: str, tally: ListTally) -> None:
        key = address_key(row.url)
        if key in tally.keys and row.reason in ("navigation", "off_site", "no_address"):
            return
        tally.keys.add(key)
        self.skipped[row.reason] += 1
        if row.reason != "other_year":
            self._pages.skip_row(row, list_url)

    def _check_marks(self, page: RowPage) -> None:
        """Remark when a configured family contradicts what the page shows."""
        row = self._network.store.ledger.one(
            "SELECT url, warc_file, warc_offset FROM list_pages WHERE portal_id = ? AND url IN (?, ?)"
            " AND warc_file IS NOT NULL ORDER BY url = ? DESC",
            (self._portal.id, page.list_url, page.url, page.list_url),
        )
        if self._portal.family == "auto" or page.list_url not in self._portal.start or row is None:
            return
        stored = self._list_pages.stored(row["warc_file"], row["warc_offset"])
        shown = marks_of(self._list_pages.decoded(stored), row["url"]) if stored else frozenset()
        if shown and self._portal.family not in shown:
            self._list_pages.remarks.append(
                f"{page.url}: configured {self._portal.family}, shows {', '.join(sorted(shown))}"
            )

    def _end(self, end: ListEnd) -> None:
        """Enter why a list was left and how much of it was read."""
        tally = self.lists.setdefault(end.list_url, ListTally())
        tally.reason, tally.detail, tally.children = end.reason, end.detail, end.children
        tally.announced = end.announced if end.announced is not None else tally.announced
        # A page that repeats known rows is the end of a list, unless the list says that it has more.
        is_repeat = end.reason == "no_new_urls" and tally.pages >= (tally.announced or 0)
        is_whole = end.reason == "end_of_list" or is_repeat
        is_window = end.reason in ("all_known", "older_than_window")
        tally.coverage = "complete" if is_whole else "window" if is_window else "incomplete"
        if tally.coverage == "incomplete" and tally.oldest:
            tally.detail = (
                f"{tally.detail or end.reason}; oldest row read {tally.oldest}, earlier ones may be missing"
            )
        with self._network.store.transaction():
            self._network.store.ledger.execute(
                "INSERT OR REPLACE INTO lists VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                (self._run, self._portal.id, end.list_url, tally.pages, tally.announced, tally.rows_seen,
                 tally.rows_valid, tally.reason, tally.detail, tally.coverage, tally.oldest),
            )  # fmt: skip
