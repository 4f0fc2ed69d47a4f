"""The pages of lists as families ask for them: conditionally where they are known, one answer per question.

What comes is recorded; what a page says of another address is remembered for the next run.
"""

from datetime import datetime, timedelta

from parsers.decode import DecodeError, decode
from scraper.addresses import domain_of, site_of
from scraper.archive import RecordRef
from scraper.errors import StorageError
from scraper.families.base import ListPage, ListRequest
from scraper.network import Network, Visit, header_charset
from scraper.pages import FULL_FETCH_DAYS
from scraper.politeness import HostStoppedError
from scraper.portals import Portal
from scraper.recorder import Recorder
from scraper.versions import sha256_of
from scraper.visit import Visitor
from scraper.warc import StoredResponse

LARGEST_PAGE = 4_000_000
"""Characters of a list page; what is larger lists no reports, and reading it would take all memory."""


class ListPages:
    """Asks for the list pages of one portal in one run."""

    def __init__(self, portal: Portal, network: Network, visitor: Visitor, recorder: Recorder) -> None:
        self._portal, self._network, self._visitor, self._recorder = portal, network, visitor, recorder
        self._answers: dict[str, ListPage] = {}
        self.sites = {site_of(url) for url in portal.start}
        """The portal's own sites: those of its start addresses, and where these have moved for good."""
        self.remarks: list[str] = []

    def ask(self, request: ListRequest) -> ListPage:
        """Ask for a list page, conditionally where it is known; an answer that is kept is given once."""
        if request.key in self._answers:
            return self._answers.pop(request.key)
        ledger = self._network.store.ledger
        row = ledger.one(
            "SELECT * FROM list_pages WHERE portal_id = ? AND url = ?", (self._portal.id, request.key)
        )
        if row is not None and row["instead_url"]:
            named = self.ask(ListRequest(row["instead_url"], instead_of=request.url))
            if named.is_ok:
                return named
        stored, now = None, self._network.clock()
        etag = last_modified = None
        if row is not None and row["warc_file"]:
            stored = self.stored(row["warc_file"], row["warc_offset"])
            age = now - datetime.fromisoformat(row["full_at"])
            is_trusted = stored is not None and age <= timedelta(days=FULL_FETCH_DAYS)
            if is_trusted and request.method == "GET" and not request.is_fresh:
                etag, last_modified = row["etag"], row["last_modified"]
        try:
            visit = self._visitor.visit(
                request.url, request.expected, method=request.method, content=request.content,
                headers=dict(request.headers),
                etag=etag, last_modified=last_modified,
            )  # fmt: skip
        except HostStoppedError as error:
            return ListPage(request.url, "", "not_tried", str(error), 0)
        if request.url in self._portal.start:
            self._follow_move(visit)
        return self._record(request, visit, stored, now)

    def ask_and_keep(self, request: ListRequest) -> ListPage:
        """Ask for a page that the walk will want again: its answer is kept for it."""
        page = self.ask(request)
        self.keep(request, page)
        return page

    def keep(self, request: ListRequest, page: ListPage) -> None:
        """Keep an answer for whoever asks the same next."""
        self._answers[request.key] = page

    def forget(self) -> None:
        """Keep no answer any longer."""
        self._answers.clear()

    def stored(self, file: str, offset: int) -> StoredResponse | None:
        """Return what the archive holds at a place; None, and a remark, where it cannot be read."""
        try:
            return self._network.store.archive.read_at(file, offset)
        except StorageError as error:
            self.remarks.append(f"archive: {error}")
            return None

    def decoded(self, stored: StoredResponse) -> str:
        """Return a stored answer as text; what nothing can decode is left to its bytes."""
        try:
            return decode(stored.body, self._portal.charset or header_charset(stored)).text
        except DecodeError:
            return stored.body.decode("latin-1")

    def _follow_move(self, visit: Visit) -> None:
        """Count the site a start address permanently moved to as the portal's own, and tell the operator."""
        moved = any(step.exchange and step.exchange.status in (301, 308) for step in visit.steps)
        new = site_of(visit.final_url)
        if not moved or visit.outcome != "ok" or new in self.sites:
            return
        domain = domain_of(visit.final_url)
        is_official = domain.endswith(".gov.cn") or domain == domain_of(visit.url)
        self.remarks.append(f"{visit.url} has moved to {visit.final_url}: change the portals file")
        if is_official:
            self.sites.add(new)

    def _record(
        self, request: ListRequest, visit: Visit, stored: StoredResponse | None, now: datetime
    ) -> ListPage:
        """Write a visit down and return it as a page; `stored` is the answer of an earlier run."""
        text, size = visit.page, len(visit.body)
        if visit.outcome == "not_modified" and stored is not None:
            text, size = self.decoded(stored), len(stored.body)
        with self._network.store.transaction():
            purpose = "trial" if visit.outcome in request.accepted else "list"
            place = self._recorder.record(visit, purpose, stored=stored)
            if request.instead_of and visit.outcome in ("ok", "not_modified"):
                self._network.store.ledger.execute(
                    "INSERT INTO list_pages (portal_id, url, instead_url) VALUES (?,?,?)"
                    " ON CONFLICT (portal_id, url) DO UPDATE SET instead_url = excluded.instead_url",
                    (self._portal.id, request.instead_of, request.url),
                )
            if visit.outcome == "ok" and place is not None:
                is_same = stored is not None and stored.body == visit.body
                self._remember(request.key, visit, None if is_same else place, now)
        if len(text) > LARGEST_PAGE:
            return ListPage(visit.final_url, "", "too_large", f"a list page of {len(text)} characters", size)
        return ListPage(visit.final_url, text, visit.outcome, visit.detail, size)

    def _remember(self, key: str, visit: Visit, place: RecordRef | None, now: datetime) -> None:
        """Note the validators of an answer, and where the archive holds it unless it says nothing new."""
        ledger, row = self._network.store.ledger, (self._portal.id, key)
        ledger.execute("INSERT INTO list_pages (portal_id, url) VALUES (?,?) ON CONFLICT DO NOTHING", row)
        ledger.execute(
            "UPDATE list_pages SET etag = ?, last_modified = ?, full_at = ? WHERE portal_id = ? AND url = ?",
            (visit.header("etag"), visit.header("last-modified"), now.isoformat(), *row),
        )
        if place is not None:
            ledger.execute(
                "UPDATE list_pages SET sha256 = ?, warc_file = ?, warc_offset = ? WHERE portal_id = ?"
                " AND url = ?",
                (sha256_of(visit.body), place.file, place.offset, *row),
            )
