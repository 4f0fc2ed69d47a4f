"""Reports side by side: the light record of each, and which report continues which."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

from rapidfuzz import fuzz

from parsers.checks.case import Verdict
from parsers.records import CellKey, Number

# Two names of one region this alike (of 100) may be one body before and after a reform: a hint, never a link.
_ALIKE = 50


@dataclass(frozen=True, slots=True)
class ReportView:
    """What the comparison of reports needs of one report version."""

    report_id: str
    agency_id: str | None
    fiscal_year: int | None
    era: str | None = None
    agency: str | None = None
    kind: str | None = None
    level: str | None = None
    scope: str | None = None
    region_code: str | None = None
    place: str | None = None
    """Name of the place the body belongs to, as 丙县; used to find a neighbour's name in its text."""
    published_on: str | None = None
    url: str | None = None
    sha256: str | None = None
    fetched_at: str | None = None
    """ISO time of the fetch; orders the versions of one address."""
    is_current: bool = True
    facts: Mapping[CellKey, Number] = field(default_factory=dict)
    """Reported figures only; a cell that is not reported is not here."""
    sections: Mapping[int, str] = field(default_factory=dict)
    """Narrative by section number; may read lazily, it is asked for once or twice."""


class Predecessor(NamedTuple):
    """One line of the table of renames and mergers; the successor's first year is `year`."""

    predecessor_id: str
    successor_id: str
    year: int
    type: Literal["rename", "merge", "split", "transfer"]


class ExpectedUnit(NamedTuple):
    """A body that should have published, by a list for one portal and year (A-02, A-03)."""

    owner: str
    """What the finding is filed under: the report of the list, or the portal."""
    fiscal_year: int
    agency_id: str
    agency: str
    due: date
    government_id: str | None = None
    """The agency whose aggregate contains the unit; None where the list is not complete."""
    tried: tuple[str, ...] = ()
    """Addresses tried, with their outcomes."""


class Link(NamedTuple):
    """A report and the figures of the year before that may be compared with it."""

    current: ReportView
    previous: tuple[ReportView, ...]
    """One report, or all predecessors of a merger."""
    how: Literal["identifier", "rename", "merge"]

    def before(self, key: CellKey) -> Number | None:
        """Return last year's figure; over a merger the sum, None when any part is not reported."""
        figures = [view.facts.get(key) for view in self.previous]
        known = [figure for figure in figures if figure is not None]
        return sum(known) if len(known) == len(figures) else None


@dataclass(frozen=True)
class Panel:
    """All reports that are compared, indexed once."""

    views: tuple[ReportView, ...]
    predecessors: tuple[Predecessor, ...] = ()
    expected: tuple[ExpectedUnit, ...] = ()
    as_of: date | None = None
    """The day on which a missing report is judged; without it A-03 is not assessable."""

    @cached_property
    def current(self) -> tuple[ReportView, ...]:
        """The newest version of each report, by id."""
        return tuple(sorted((v for v in self.views if v.is_current), key=lambda view: view.report_id))

    @cached_property
    def by_agency(self) -> dict[str, dict[int, ReportView]]:
        """One report per agency and year; of copies the first by id."""
        index: dict[str, dict[int, ReportView]] = {}
        for view in self.current:
            if view.agency_id is not None and view.fiscal_year is not None:
                index.setdefault(view.agency_id, {}).setdefault(view.fiscal_year, view)
        return index

    @cached_property
    def by_year(self) -> dict[int, tuple[ReportView, ...]]:
        """One report per agency, by year."""
        index: dict[int, list[ReportView]] = {}
        for years in self.by_agency.values():
            for year, view in years.items():
                index.setdefault(year, []).append(view)
        return {
            year: tuple(sorted(views, key=lambda v: v.report_id)) for year, views in sorted(index.items())
        }

    @cached_property
    def links(self) -> dict[str, Link | None]:
        """Report id -> the year before it, None where nothing is linked."""
        lines: dict[str, list[Predecessor]] = {}
        for line in self.predecessors:
            lines.setdefault(line.successor_id, []).append(line)
        return {
            view.report_id: self._link(view, year, lines.get(agency, []))
            for agency, years in sorted(self.by_agency.items())
            for year, view in sorted(years.items())
        }

    def _link(self, view: ReportView, year: int, lines: list[Predecessor]) -> Link | None:
        before = self.by_agency[str(view.agency_id)].get(year - 1)
        if before is not None:
            return Link(view, (before,), "identifier")
        due = [line for line in lines if line.year == year]
        kinds = {line.type for line in due}
        found = [self.by_agency.get(line.predecessor_id, {}).get(year - 1) for line in due]
        known = tuple(one for one in found if one is not None)
        if not known or len(known) != len(found):
            return None
        if kinds == {"rename"} and len(known) == 1:
            return Link(view, known, "rename")
        return Link(view, known, "merge") if kinds == {"merge"} else None

    @cached_property
    def ended(self) -> dict[tuple[str, int], tuple[ReportView, ...]]:
        """(region, year) -> last reports of agencies that have none the year after."""
        index: dict[tuple[str, int], list[ReportView]] = {}
        for years in self.by_agency.values():
            for year, view in years.items():
                if year + 1 not in years and view.region_code:
                    index.setdefault((view.region_code, year), []).append(view)
        return {key: tuple(views) for key, views in index.items()}

    def perhaps_before(self, view: ReportView) -> tuple[ReportView, ...]:
        """Return bodies of the region whose reports end the year before and whose name is alike."""
        if view.region_code is None or view.fiscal_year is None or view.agency is None:
            return ()
        ended = self.ended.get((view.region_code, view.fiscal_year - 1), ())
        return tuple(
            one for one in ended
            if one.kind == view.kind and one.agency_id != view.agency_id
            and fuzz.ratio(one.agency or "", view.agency) >= _ALIKE
        )  # fmt: skip


PanelCheck: TypeAlias = Callable[[Panel], Iterable[tuple[str, Verdict]]]


def reference(view: ReportView) -> dict[str, Any]:
    """Return how a finding names another report."""
    return {
        "report_id": view.report_id,
        "agency": view.agency,
        "fiscal_year": view.fiscal_year,
        "url": view.url,
        "sha256": view.sha256,
    }


def linked(panel: Panel) -> Iterator[tuple[ReportView, Link | None]]:
    """Yield every report with its link, in a fixed order."""
    for _, years in sorted(panel.by_agency.items()):
        for _, view in sorted(years.items()):
            yield view, panel.links[view.report_id]
