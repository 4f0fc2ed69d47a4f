"""The tables of one build while they grow: facts stream to disk, what later steps need is kept small."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from sys import intern
from typing import Any

from output.agencies import region_names
from output.agency_table import agency_rows
from output.coverage import Coverage, Crawled
from output.crosschecks import Counts, compare_reports
from output.figures import (
    Cells,
    FigureCollector,
    PrintedFigures,
    ReportFigures,
    State,
    claimed_twice,
    marked_cells,
)
from output.linking import AgencyBook
from output.panel import panel_rows
from output.reference import Reference
from output.rows import FindingRow, ParsedRows, with_source_of_figures
from output.schema import tables
from output.spool import Place, Spool
from output.supplied import Supplied, resolve
from output.table_files import TableFiles
from output.versions import VersionWatch
from output.views import make_view
from parsers.checks.panel import ReportView
from parsers.records import CellKey

_OF_THE_PORTAL = frozenset({"A-03"})
"""Rules about a report that is not there; filed under another one, which they say nothing about."""
_NOTHING: dict[CellKey, str] = {}
_SEVERITIES = ("error", "warning", "info")


class Assembly:
    """Takes documents one after the other and fills the tables."""

    def __init__(
        self,
        files: TableFiles,
        spool: Spool,
        crawled: Crawled,
        reference: Reference,
    ) -> None:
        """Start with empty tables; `spool` keeps what is needed again once all documents are read."""
        self._files, self._spool = files, spool
        self._crawled, self._reference = crawled, reference
        self._book = AgencyBook()
        self._views: list[ReportView] = []
        self._collector = FigureCollector()
        self._versions = VersionWatch()
        self._marks: dict[str, tuple[Cells, Cells]] = {}
        self.reports: dict[str, Place] = {}
        """Where the rows of `reports` wait, by identifier."""
        self._figures: list[ReportFigures] = []
        self.outcomes: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.places: Counter[tuple[str, int | None, str]] = Counter()
        self.coverage: Counter[str] = Counter()
        self.without_place = 0
        self.unmatched: tuple[str, ...] = ()
        """Names in the user's reference files that no single agency answers to."""

    def add_report(self, report: dict[str, Any], rows: ParsedRows) -> None:
        """Write what one report says; `report` is its row of `reports` by column, without findings."""
        report |= region_names(report["region_code"], report["fiscal_year"])._asdict()
        self._files.add("facts", rows.facts, with_source_of_figures(report))
        self._files.add("sections", rows.sections, report)
        self._files.add("checks", rows.checks, report)
        self._files.add("findings", rows.findings, report)
        shared, changes = self._versions.changes(report, rows.facts)
        self._files.add("changes", changes, shared)
        self._count(report, rows)
        report.update(_finding_counts(rows.findings))
        self._book.add(report)
        self._keep(report)
        printed = self._collector.printed(rows.facts)
        self._views.append(make_view(report, rows.sections, printed, self._spool))
        if report["is_current"] and rows.era is not None:
            self._keep_figures(report, rows, printed)

    def add_skipped(self, document: dict[str, Any]) -> None:
        """Note a document that is no report."""
        self.outcomes["not_a_report"] += 1
        self._files.add("skipped", [tuple(document[name] for name in tables()["skipped"].names)])

    def finish(self) -> dict[str, str]:
        """Check the reports against each other, then write the tables that need all of them.

        Returns identifiers of agencies that turned out to be another's, old -> new, for rows already written.
        """
        moved = self._settle_agencies()
        supplied = resolve(self._reference, self._book)
        self.unmatched = supplied.unmatched
        coverage = Coverage(self._crawled, self._book, supplied, self._spool)
        for report in self._stored():
            if report["is_current"]:
                coverage.add(report)
        self._compare_reports(coverage, supplied)
        for report in self._stored():
            self._files.add("reports", [[report[name] for name in tables()["reports"].names]])
        figures = [self._completed(one) for one in self._figures]
        self._figures.clear()
        for row in panel_rows(figures, self._report, supplied.predecessors):
            self._files.add("panel", [row])
        for covered in coverage.rows():
            self.coverage[covered["status"]] += 1
            self._files.add("coverage", [tuple(covered[name] for name in tables()["coverage"].names)])
        for agency in agency_rows(self._book, supplied):
            self._files.add("agencies", [tuple(agency[name] for name in tables()["agencies"].names)])
        return moved

    def _settle_agencies(self) -> dict[str, str]:
        moved = self._book.settle()
        if moved:
            self._views = [
                replace(view, agency_id=self._book.current_id(view.agency_id)) for view in self._views
            ]
            self._figures = [
                one._replace(agency_id=moved.get(one.agency_id, one.agency_id)) for one in self._figures
            ]
            for report in self._stored():
                if report["agency_id"] in moved:
                    self._keep({**report, "agency_id": moved[report["agency_id"]]})
        return moved

    def _keep(self, report: dict[str, Any]) -> None:
        """Let a row of `reports` wait on disk."""
        row = [report.get(name) for name in tables()["reports"].names]
        self.reports[intern(report["report_id"])] = self._spool.put(row)

    def _report(self, report_id: str) -> dict[str, Any]:
        row = self._spool.get(self.reports[report_id])
        return dict(zip(tables()["reports"].names, row, strict=True))

    def _stored(self) -> Iterator[dict[str, Any]]:
        return (self._report(report_id) for report_id in self.reports)

    def _compare_reports(self, coverage: Coverage, supplied: Supplied) -> None:
        compared = compare_reports(
            self._views,
            self._spool,
            predecessors=supplied.predecessors,
            expected=coverage.expected(),
            as_of=coverage.as_of,
        )
        self._views.clear()
        for report in self._stored():
            report_id = report["report_id"]
            found = compared.findings(report_id)
            self._files.add("findings", found, report)
            self.findings.update(one.severity for one in found)
            if any(one.severity == "error" for one in found):
                self._marks[report_id] = marked_cells(found)
            checks = compared.counts(report_id)
            self._files.add("checks", checks, report)
            counts = {**_finding_counts(found), **_check_counts(checks)}
            self._keep({**report, **{name: report[name] + count for name, count in counts.items()}})

    def _completed(self, figures: ReportFigures) -> ReportFigures:
        """Return figures with the marks of the checks across reports and the population of the area."""
        persons = self._persons(figures)
        if figures.report_id not in self._marks and persons == figures.persons:
            return figures
        doubted, faulty = self._marks.get(figures.report_id, (frozenset(), frozenset()))
        return figures._replace(
            doubted=figures.doubted | doubted, faulty=figures.faulty | faulty, persons=persons
        )

    def _persons(self, figures: ReportFigures) -> State:
        if not self._reference.population:
            return "not_supplied"
        if figures.scope != "government_aggregate":
            return "not_an_area"
        region = self._report(figures.report_id)["region_code"]
        found = self._reference.population.get((region or "", figures.fiscal_year))
        return float(found.persons) if found else "not_supplied"

    def _count(self, report: dict[str, Any], rows: ParsedRows) -> None:
        self.outcomes[rows.outcome] += 1
        self.findings.update(row.severity for row in rows.findings)
        place = (report["portal_id"], report["fiscal_year"])
        self.places[*place, "reports"] += 1
        self.places[*place, "figures"] += report["cells_reported"]

    def _keep_figures(self, report: dict[str, Any], rows: ParsedRows, printed: PrintedFigures) -> None:
        if report["agency_id"] is None or report["fiscal_year"] is None:
            self.without_place += 1
            return
        scope, kind, level = (
            intern(report[name]) if report[name] else None for name in ("scope", "agency_kind", "level")
        )
        self._figures.append(
            ReportFigures(
                intern(report["report_id"]), intern(report["agency_id"]), report["fiscal_year"],
                rows.era, scope, kind, level, printed, claimed_twice(rows.facts) or _NOTHING,
                *marked_cells(rows.findings),
            )
        )  # fmt: skip


def _finding_counts(findings: Sequence[FindingRow]) -> dict[str, int]:
    """Count findings of a report; of a rule and the rule it refines only one, assumptions not at all."""
    plain = [one for one in findings if one.assumption is None and one.rule not in _OF_THE_PORTAL]
    rules = {finding.rule for finding in plain}
    own = [finding for finding in plain if finding.origin == "source" and finding.refines not in rules]
    severities = Counter(finding.severity for finding in own)
    counts = {f"findings_{severity}": severities[severity] for severity in _SEVERITIES}
    return {**counts, "findings_reading": sum(finding.origin != "source" for finding in plain)}


def _check_counts(checks: Iterable[Counts]) -> dict[str, int]:
    """Return how often checks passed, failed and could not be assessed, by column of `reports`."""
    own = [counts for rule, *counts in checks if rule not in _OF_THE_PORTAL]
    sums = [sum(one) for one in zip(*own, strict=True)] or [0, 0, 0]
    return dict(zip(("checks_passed", "checks_failed", "checks_not_assessable"), sums, strict=True))
