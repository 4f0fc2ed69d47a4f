"""Agency × year: which report is there, late, missing or unreadable, and what was tried to find out."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from output.agencies import agency_id, region_names
from output.indicators import legal_date
from output.linking import Agency, AgencyBook
from output.spool import Spool
from output.supplied import Supplied
from parsers.checks.panel import ExpectedUnit
from parsers.titles import parse_title
from scraper.listed import ListedPage, PortalLists, pages_never_had, portal_lists

_READ = frozenset({"parsed", "partial"})
_GONE = frozenset({"gone", "soft_404"})
_SHOWN_LISTS = 5


@dataclass(frozen=True)
class Crawled:
    """What the ledger knows beyond the stored documents."""

    lists: Mapping[str, PortalLists] = field(default_factory=dict)
    never_had: tuple[ListedPage, ...] = ()

    def as_of(self, portals: Iterable[str]) -> date | None:
        """Return the day on which the last of these portals was read; None when none was."""
        days = [self.lists[one].read_at[:10] for one in portals if one in self.lists]
        return date.fromisoformat(max(days)) if days else None

    def reading(self, portals: Iterable[str]) -> str | None:
        """Return how far the lists of these portals were read, the worst of them."""
        words = {self.lists[one].coverage for one in portals if one in self.lists}
        return next((word for word in ("incomplete", "window", "complete") if word in words), None)


class Seen(NamedTuple):
    """A report, or a listed page that gave none."""

    fiscal_year: int
    url: str
    outcome: str
    report_id: str | None = None
    published_on: str | None = None
    removed_at: str | None = None


def read_crawled(data_dir: Path) -> Crawled:
    """Return what the ledger of a data folder knows; nothing when there is no ledger."""
    if not (data_dir / "state.sqlite").is_file():
        return Crawled()
    return Crawled(portal_lists(data_dir), tuple(pages_never_had(data_dir)))


class Coverage:
    """Collects what is there; afterwards says what is not."""

    def __init__(self, crawled: Crawled, book: AgencyBook, supplied: Supplied, spool: Spool) -> None:
        """Take what was crawled, the agencies as settled, and whom users expect to publish."""
        self._crawled, self._book, self._supplied, self._spool = crawled, book, supplied, spool
        self._seen: dict[str, array[int]] = defaultdict(lambda: array("Q"))
        """Places of `Seen` by agency."""
        for page in crawled.never_had:
            self._note_page(page)
        for unit in supplied.units:
            book.note(unit.agency_id, unit.agency, None, None).describe(-1, None, None, unit.region_code)

    def add(self, report: Mapping[str, Any]) -> None:
        """Note a current report, given as its row of `reports` by column."""
        agency, year = report["agency_id"], report["fiscal_year"]
        if agency is None or year is None:
            title = parse_title(report["list_title"] or "")
            year = year if year is not None else title.year
            agency = agency or self._book.current_id(
                agency_id(title.agency, report["region_code"], report["portal_id"])
            )
            if agency is None or year is None:
                return
            self._book.note(agency, report["agency"] or title.agency, year, report["portal_id"])
        found = Seen(
            year, report["source_url"], report["outcome"], report["report_id"], report["published_on"],
            report["removed_at"],
        )  # fmt: skip
        self._seen[agency].append(self._spool.put(found))

    def expected(self) -> Iterator[ExpectedUnit]:
        """Yield who had to publish: those on a list, and those who published the year before.

        Where the lists of the portal were not read to their end a missing report cannot be judged; the day it
        was due is then put off for ever.
        """
        for agency in self._book:
            for year in self._years(agency):
                why = self._expected_from(agency, year)
                if why in ("list", "year_before"):
                    yield self._unit(agency, year)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of `coverage` by agency and year."""
        for agency in self._book:
            for year in self._years(agency):
                yield self._row(agency, year)

    @property
    def as_of(self) -> date | None:
        """The day the crawl looked last."""
        return self._crawled.as_of(self._crawled.lists)

    def _note_page(self, page: ListedPage) -> None:
        title = parse_title(page.list_title or "")
        identifier = self._book.current_id(agency_id(title.agency, page.region_code, page.portal_id))
        if identifier is None or title.year is None:
            return
        agency = self._book.note(identifier, title.agency, title.year, page.portal_id)
        agency.describe(-1, None, None, page.region_code)
        found = Seen(title.year, page.url, page.outcome or "not_tried")
        self._seen[identifier].append(self._spool.put(found))

    def _years(self, agency: Agency) -> range:
        """Return the years from the first one known or expected to the last one due."""
        known = [*agency.years, *(year for year in agency.names.values() if year)]
        units = self._supplied.of(agency.agency_id)
        first = min([*known, *(unit.first_year for unit in units)], default=0)
        if not first:
            return range(0)
        last = max([*known, self._last_due(agency)])
        ended = self._supplied.ended.get(agency.agency_id)
        if ended is not None:
            last = min(last, max([ended - 1, *known]))
        return range(first, last + 1)

    def _last_due(self, agency: Agency) -> int:
        day = self._crawled.as_of(agency.portals or self._crawled.lists)
        if day is None:
            return 0
        due = legal_date(agency.kind, day.year - 1)
        return day.year - 1 if due is not None and due < day else day.year - 2

    def _expected_from(self, agency: Agency, year: int) -> str | None:
        if any(unit.covers(year) for unit in self._supplied.of(agency.agency_id)):
            return "list"
        if year - 1 in agency.years:
            return "year_before"
        return "year_after" if year + 1 in agency.years else None

    def _unit(self, agency: Agency, year: int) -> ExpectedUnit:
        due = legal_date(agency.kind, year)
        row = self._row(agency, year)
        judged = due is not None and row["status"] in ("published", "late", "missing")
        unit = next((unit for unit in self._supplied.of(agency.agency_id) if unit.covers(year)), None)
        return ExpectedUnit(
            owner=self._owner(agency, year),
            fiscal_year=year,
            agency_id=agency.agency_id,
            agency=agency.name,
            due=due if judged and due else date.max,
            government_id=unit.government_id if unit else None,
            tried=tuple((row["tried"] or "").splitlines()) if row["status"] == "missing" else (),
        )

    def _owner(self, agency: Agency, year: int) -> str:
        """Return the report a missing one is filed under: the last one the agency published, else itself."""
        before = [one for one in agency.years if one < year]
        return agency.years[max(before)] if before else agency.agency_id

    def _row(self, agency: Agency, year: int) -> dict[str, Any]:
        places = self._seen.get(agency.agency_id, ())
        seen = [
            one for one in (Seen(*self._spool.recent(place)) for place in places) if one.fiscal_year == year
        ]
        due, as_of = legal_date(agency.kind, year), self._crawled.as_of(agency.portals or self._crawled.lists)
        reading = self._crawled.reading(agency.portals)
        expected = self._expected_from(agency, year)
        report = _best(seen, agency.years.get(year))
        published = date.fromisoformat(report.published_on) if report and report.published_on else None
        is_read = report is not None and report.outcome in _READ
        if is_read:
            status = "late" if published and due and published > due else "published"
        elif any(one.outcome not in _GONE and one.outcome != "not_tried" for one in seen):
            status = "unreadable"
        else:
            judged = expected and due and as_of and as_of > due and reading in ("complete", "window")
            status = "missing" if judged else "unknown"
        return {
            "agency_id": agency.agency_id,
            "fiscal_year": year,
            "agency": agency.name,
            "agency_kind": agency.kind,
            "level": agency.level,
            "region_code": agency.region_code,
            **region_names(agency.region_code, year)._asdict(),
            "portal_id": " ".join(sorted(agency.portals)) or None,
            "status": status,
            "report_id": report.report_id if report else None,
            "outcome": report.outcome if report else None,
            "published_on": published.isoformat() if published else None,
            "due_on": due.isoformat() if due else None,
            "days_late": (published - due).days if published and due else None,
            "removed_at": report.removed_at if report else None,
            "expected_from": expected,
            "lists_read": reading,
            "as_of": as_of.isoformat() if as_of else None,
            "tried": self._tried(agency, seen, is_read),
        }

    def _tried(self, agency: Agency, seen: list[Seen], is_read: bool) -> str | None:
        """Name the addresses asked; where no report was read also the lists it should stand in."""
        lines = [f"{one.url} {one.outcome}" for one in seen]
        if not is_read:
            lists = [
                f"{url} list: {reason}"
                for portal in sorted(agency.portals)
                if portal in self._crawled.lists
                for url, reason in self._crawled.lists[portal].lists
            ]
            lines += lists[:_SHOWN_LISTS]
            if len(lists) > _SHOWN_LISTS:
                lines.append(f"+ {len(lists) - _SHOWN_LISTS} lists")
        return "\n".join(lines) or None


def _best(seen: list[Seen], preferred: str | None) -> Seen | None:
    """Return the report that speaks for a year: one that was read, the one that came first among these."""
    reports = [one for one in seen if one.report_id is not None]
    return min(
        reports,
        key=lambda one: (
            one.outcome not in _READ, one.published_on or "9", one.report_id != preferred, one.report_id,
        ),
        default=None,
    )  # fmt: skip
