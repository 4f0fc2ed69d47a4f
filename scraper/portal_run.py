"""One portal in one run: its lists, then its due pages, then its due files, then what that means."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from parsers.titles import title_verdict
from scraper.addresses import host_of, site_of
from scraper.alarms import ring
from scraper.attachments import find_attachments, with_listed
from scraper.families.rows import is_cut
from scraper.list_pages import ListPages
from scraper.listing import Listing, Selection
from scraper.metadata import article_title
from scraper.network import Network, Visit, header_charset
from scraper.outcomes import Expected, file_kind, is_report
from scraper.pages import DuePage, Pages
from scraper.politeness import HostStoppedError, InterruptedCrawlError
from scraper.portals import Portal
from scraper.recorder import Recorder
from scraper.rediscovery import DEAD, propose
from scraper.report import FINE, PortalReport
from scraper.versions import Change, Content, Versions
from scraper.visit import FENCE_WORDS, Visitor
from scraper.warc import StoredResponse


class Progress(NamedTuple):
    """One step of a run, for whoever shows it."""

    portal_id: str
    stage: str
    """lists, pages or files"""
    url: str
    outcome: str
    done: int
    due: int


class PortalRun:
    """Crawls one portal once."""

    def __init__(
        self, portal: Portal, network: Network, run_id: int, selection: Selection,
        progress: Callable[[Progress], None] | None,
    ) -> None:  # fmt: skip
        self.portal, self._network, self._run, self._selection = portal, network, run_id, selection
        self._progress = progress
        self._recorder = Recorder(network, portal.id, run_id)
        self._visitor = Visitor(portal, network, self._recorder.record_alone)
        self._pages = Pages(network.store.ledger, portal.id, run_id)
        self._versions = Versions(network.store, portal.id)
        self._list_pages = ListPages(portal, network, self._visitor, self._recorder)
        self._listing = Listing(portal, network, self._list_pages, self._pages, run_id, selection)
        self._changes: Counter[str] = Counter()
        self._attachments = 0
        self._removed = 0
        self._read = self._empty = 0
        self._done = 0
        self._hosts: set[str] = {host_of(url) for url in portal.start}

    def run(self) -> PortalReport:
        """Do everything that is due; the report says what could not be done."""
        return self._try(self._first_try)

    def repeat(self) -> PortalReport:
        """Wait a little, then do what maintenance kept from being done; the report is that of both tries."""
        self._list_pages.remarks.append("was being maintained; asked again later in the run")
        return self._try(self._second_try)

    def _try(self, work: Callable[[], None]) -> PortalReport:
        interrupted = False
        try:
            work()
            self._fetch_all()
        except InterruptedCrawlError:
            interrupted = True
        finally:
            self._visitor.close()
        return self._report(interrupted)

    def _first_try(self) -> None:
        self._listing.read_all()
        self._look_for_moved_columns()

    def _second_try(self) -> None:
        self._network.sleep(self._network.pace.repeat_after)
        self._network.forget_denials(self._hosts)
        if self._listing.was_maintained:
            self._listing.forget()
            self._listing.read_all()

    def wants_repeat(self) -> bool:
        """Return whether lists or pages met maintenance, so that a later try in this run may bring them."""
        with self._network.store.transaction():
            return self._pages.mark_maintained() > 0 or self._listing.was_maintained

    def _fetch_all(self) -> None:
        with self._network.store.transaction():
            self._pages.mark_due(
                self._network.clock(), lists_complete=self._listing.is_complete, deep=self._selection.deep
            )
        if self._selection.lists_only:
            return
        self._fetch_due("page")
        self._fetch_due("file")
        self._settle()

    def _look_for_moved_columns(self) -> None:
        """Propose new addresses for the portal's dead ones; what to do with them is the operator's."""
        for url in self.portal.start:
            tally = self._listing.lists.get(url)
            answer = (tally.detail or "").removeprefix("first page: ") if tally else ""
            if tally is None or tally.coverage != "incomplete" or answer.partition(" ")[0] not in DEAD:
                continue
            try:
                found = propose(url, self._visitor, self._recorder)
            except HostStoppedError:
                return
            self._list_pages.remarks += [f"{url} is dead; the column may be at {place}" for place in found]

    def _fetch_due(self, kind: str) -> None:
        stopped: set[str] = set()
        left = self._pages.count_due()
        for page in self._pages.due(kind):
            host = host_of(page.url)
            self._hosts.add(host)
            if host in stopped:
                if stopped >= self._hosts:
                    return
                continue
            try:
                outcome = self._fetch(page, "file" if kind == "file" else "page")
            except HostStoppedError as error:  # its own host, or one it leads to
                stopped.add(error.host)
                self._hosts.add(error.host)
                continue
            self._done += 1
            left -= 1
            if self._progress is not None:
                stage = "files" if kind == "file" else "pages"
                self._progress(Progress(self.portal.id, stage, page.url, outcome, self._done, max(left, 0)))

    def _fetch(self, page: DuePage, expected: Expected) -> str:
        now = self._network.clock()
        current = self._versions.current(page.id)
        stored = self._list_pages.stored(current["warc_file"], current["warc_offset"]) if current else None
        is_trusted = stored is not None and self._pages.trusts_validators(page, now)
        visit = self._visitor.visit(
            page.url, expected,
            etag=page.etag if is_trusted else None, last_modified=page.last_modified if is_trusted else None,
        )  # fmt: skip
        if stored is not None and self._has_lost_its_report(visit, stored):
            visit = visit.judged("soft_404", "lost_report")
        with self._network.store.transaction():
            place = self._recorder.record(visit, page.kind, page_id=page.id, stored=stored)
            validators = (visit.header("etag"), visit.header("last-modified"))
            self._pages.close(page, visit.outcome, visit.detail, now, validators=validators)
            if visit.outcome == "ok" and place is not None:
                content = self._content(visit)
                title = self._complete_title(page, content)
                change = self._versions.save(page.id, title, content, place, now, current)
                self._understand(page, visit, change)
            elif visit.outcome == "not_modified":
                self._versions.seen(page.id, now)
                self._changes["unchanged"] += page.is_listed
        return visit.outcome

    def _has_lost_its_report(self, visit: Visit, stored: StoredResponse) -> bool:
        """Return whether an answer without any word of a report came where a report stood.

        Errors are dressed in many ways; what says nothing never takes the place of what said something.
        """
        if visit.outcome != "ok" or not visit.page or is_report(visit.page):
            return False
        if find_attachments(visit.page, visit.final_url):
            return False
        return not file_kind(stored.body) and is_report(self._list_pages.decoded(stored))

    def _content(self, visit: Visit) -> Content:
        exchange = visit.exchange
        charset = self.portal.charset or (header_charset(exchange) if exchange else None)
        return Content(
            body=visit.body,
            content_type=visit.header("content-type"),
            charset=charset,
            final_url=visit.final_url,
            page_title=article_title(visit.page) if visit.page else None,
        )

    def _complete_title(self, page: DuePage, content: Content) -> str | None:
        """Replace a cut or missing title by the page's own, and reject what that one rules out."""
        if not content.page_title or (page.list_title and not is_cut(page.list_title)):
            return page.list_title
        self._pages.set_title(page.id, content.page_title)
        if page.is_listed and title_verdict(content.page_title) == "not_report":
            self._pages.reject(page.id, "not_report")
            self._changes["rejected"] += 1
        return content.page_title

    def _understand(self, page: DuePage, visit: Visit, change: Change) -> None:
        """Count the change and enter the files of a new version."""
        if page.is_listed:
            self._changes[change.word] += 1
        self._changes["changed"] += change.renewed
        is_new = page.is_listed and change.word in ("new", "changed")
        listed = self._pages.listed_files(page.id) if change.word != "alias" else []
        if visit.page and (is_new or listed) and not self._pages.is_rejected(page.id):
            own = self._list_pages.sites | {site_of(visit.final_url)}
            found = []
            for url, name in with_listed(find_attachments(visit.page, visit.final_url), listed):
                if site_of(url) in own:
                    found.append((url, name))
                else:
                    self._listing.skipped["off_site_file"] += 1
            self._attachments += len(found) if is_new else 0
            self._read += is_new
            self._empty += is_new and not found and not is_report(visit.page)
            self._pages.add_attachments(page.id, change.version, found, self._network.clock())

    def _settle(self) -> None:
        """Date what is gone, unless the host as a whole may have shut us out."""
        outcomes = self._recorder.totals.outcomes
        is_fenced = any(self._network.memory(host).fence_suspected for host in self._hosts)
        if is_fenced or outcomes["ok"] + outcomes["not_modified"] == 0:
            return
        with self._network.store.transaction():
            self._removed = self._pages.settle_missing(self._network.clock())

    def _report(self, interrupted: bool) -> PortalReport:
        listing, totals, ledger = self._listing, self._recorder.totals, self._network.store.ledger
        is_fenced = any(self._network.memory(host).fence_suspected for host in self._hosts)
        if is_fenced:
            self._mark_fence()
        tallies = listing.lists
        count = ledger.one(
            "SELECT count(*) AS n FROM pages p WHERE portal_id = ? AND is_listed AND canonical_id IS NULL AND"
            " rejected IS NULL AND EXISTS (SELECT 1 FROM versions v WHERE v.page_id = p.id)",
            (self.portal.id,),
        )
        coverages = {tally.coverage for tally in tallies.values()}
        report = PortalReport(
            portal_id=self.portal.id,
            name=self.portal.name,
            families={url: f"{f.family} ({f.mark or 'no mark'})" for url, f in listing.families.items()},
            list_pages=sum(tally.pages for tally in tallies.values()),
            rows_seen=sum(tally.rows_seen for tally in tallies.values()),
            rows_valid=sum(tally.rows_valid for tally in tallies.values()),
            rows_skipped=dict(sorted(listing.skipped.items())),
            found=count["n"] if count else 0,
            new=self._changes["new"],
            changed=self._changes["changed"],
            unchanged=self._changes["unchanged"],
            removed=self._removed,
            duplicates=self._changes["alias"],
            rejected=self._changes["rejected"],
            attachments=self._attachments,
            due=self._pages.count_due(),
            pages_read=self._read,
            empty_bodies=self._empty,
            empty_lists=[u for u, t in tallies.items() if t.pages and not t.rows_valid and not t.children],
            mode="lists" if self._selection.lists_only else "deep" if self._selection.deep else "nightly",
            outcomes=dict(sorted(totals.outcomes.items())),
            failed=self._failed(),
            failed_lists={
                url: t.detail or t.reason for url, t in tallies.items() if t.coverage == "incomplete"
            },
            end_reasons=dict(Counter(tally.reason for tally in tallies.values())),
            coverage=next((c for c in ("incomplete", "window", "complete") if c in coverages), "incomplete"),
            remarks=list(dict.fromkeys(self._list_pages.remarks)),
            stopped_hosts={
                host: gate.stopped
                for host, gate in sorted(self._network.gates.items())
                if gate.stopped and host in self._hosts
            },
            requests=totals.requests,
            bytes=totals.bytes,
            seconds=round(totals.seconds, 3),
            interrupted=interrupted,
            fence_suspected=is_fenced,
        )
        if not interrupted:
            ring(report, self.portal, ledger, self._run, self._network.clock())
            self._keep_layouts(report)
        report.snapshots = list(self._recorder.snapshots.kept)
        return report

    def _keep_layouts(self, report: PortalReport) -> None:
        """Keep the lists in which no row was recognised, beside what was seen of them."""
        store = self._network.store
        for url in report.empty_lists:
            row = store.ledger.one(
                "SELECT warc_file, warc_offset FROM list_pages WHERE portal_id = ? AND url = ?",
                (self.portal.id, url),
            )
            stored = (
                self._list_pages.stored(row["warc_file"], row["warc_offset"])
                if row and row["warc_file"]
                else None
            )
            if stored is not None:
                facts = {"rows_seen": report.rows_seen, "rows_valid": report.rows_valid,
                         "families": report.families}  # fmt: skip
                with store.transaction():
                    self._recorder.snapshots.keep("layout", url, url, stored.body, facts)

    def _mark_fence(self) -> None:
        """Say beside every failure of this run that a fence may be the reason."""
        words = ", ".join(f"'{word}'" for word in sorted(FENCE_WORDS))
        with self._network.store.transaction():
            for table, run in (("fetches", "run_id"), ("pages", "checked_run")):
                self._network.store.ledger.execute(
                    f"UPDATE {table} SET detail = 'fence_suspected' WHERE {run} = ? AND portal_id = ?"
                    f" AND outcome IN ({words})",
                    (self._run, self.portal.id),
                )

    def _failed(self) -> dict[str, int]:
        """Count the pages of this run by outcome, where that is no success; removed pages are settled."""
        rows = self._network.store.ledger.all(
            "SELECT outcome, count(*) AS n FROM pages WHERE portal_id = ? AND checked_run = ?"
            " AND rejected IS NULL AND removed_at IS NULL GROUP BY outcome ORDER BY outcome",
            (self.portal.id, self._run),
        )
        return {row["outcome"]: row["n"] for row in rows if row["outcome"] not in FINE}
