"""The tables of one build while they grow: facts stream to disk, what later steps need is kept small."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from output.crosschecks import compare_reports
from output.figures import Cells, FigureCollector, PrintedFigures, ReportFigures, marked_cells, report_places
from output.frames import BATCH_ROWS, Row, TableBuffer
from output.panel import panel_rows
from output.rows import FindingRow, ParsedRows
from output.schema import tables
from output.spool import Spool
from output.versions import VersionWatch
from output.views import make_view
from output.writers.parquet import ParquetSink
from parsers.checks.panel import ReportView

_SEVERITIES = ("error", "warning", "info")
_IDENTITY = ("report_id", "agency_id", "fiscal_year")
_BATCH_ROWS = {"facts": 50_000, "checks": 50_000, "panel": 2_000}
"""Rows per batch of the narrow tables and the widest; others hold texts and are cut early."""


class TableFiles:
    """One open Parquet file per table, each behind its buffer."""

    def __init__(self, folder: Path) -> None:
        """Create the files in an empty folder."""
        self._sinks = {
            name: ParquetSink(folder / f"{name}.parquet", table) for name, table in tables().items()
        }
        self._buffers = {
            name: TableBuffer(table, _BATCH_ROWS.get(name, BATCH_ROWS)) for name, table in tables().items()
        }
        self._shared = {
            name: tuple(column.name for column in table.columns if column.per_report)
            for name, table in tables().items()
        }

    def add(self, name: str, rows: Sequence[Row], report: dict[str, Any] | None = None) -> None:
        """Append rows; `report` is where the columns come from that all of them share."""
        if not rows:
            return
        shared = tuple(report[column] for column in self._shared[name]) if report else ()
        self._sinks[name].write(self._buffers[name].add(rows, shared))

    def close(self) -> None:
        """Write what is left and close the files."""
        for name, sink in self._sinks.items():
            sink.write(self._buffers[name].rest())
            sink.close()

    def rows(self) -> dict[str, dict[str, int]]:
        """Return how many rows each table got."""
        return {name: {"rows": sink.rows} for name, sink in self._sinks.items()}

    def __enter__(self) -> "TableFiles":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files; after an error only to free them, the folder is thrown away."""
        if error is None:
            self.close()
        else:
            for sink in self._sinks.values():
                sink.close()


class Assembly:
    """Takes documents one after the other and fills the tables."""

    def __init__(self, files: TableFiles, spool: Spool) -> None:
        """Start with empty tables; `spool` keeps the texts that the checks across reports need."""
        self._files = files
        self._spool = spool
        self._views: list[ReportView] = []
        self._collector = FigureCollector()
        self._versions = VersionWatch()
        self._marks: dict[str, tuple[Cells, Cells]] = {}
        self.reports: dict[str, list[Any]] = {}
        """Rows of `reports` by identifier."""
        self._figures: list[ReportFigures] = []
        self.outcomes: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.places: Counter[tuple[str, int | None, str]] = Counter()
        self.without_place = 0

    def add_report(self, report: dict[str, Any], rows: ParsedRows) -> None:
        """Write what one report says; `report` is its row of `reports` by column, without findings."""
        self._files.add("facts", rows.facts, report)
        self._files.add("sections", rows.sections, report)
        self._files.add("checks", rows.checks, report)
        self._files.add("findings", rows.findings, report)
        shared, changes = self._versions.changes(report, rows.facts)
        self._files.add("changes", changes, shared)
        self._count(report, rows)
        report.update(_finding_counts(rows.findings))
        row = [report[name] for name in report_places()]
        self.reports[report["report_id"]] = row
        printed = self._collector.printed(rows.facts)
        self._views.append(make_view(report, rows.sections, printed, self._spool))
        if report["is_current"] and rows.era is not None:
            self._keep_figures(row, rows, printed)

    def add_skipped(self, document: dict[str, Any]) -> None:
        """Note a document that is no report."""
        self.outcomes["not_a_report"] += 1
        self._files.add("skipped", [tuple(document[name] for name in tables()["skipped"].names)])

    def finish(self) -> None:
        """Check the reports against each other, then write the tables that need all of them."""
        self._compare_reports()
        for report in self.reports.values():
            self._files.add("reports", [report])
        for row in panel_rows(map(self._marked, self._figures)):
            self._files.add("panel", [row])

    def _compare_reports(self) -> None:
        compared = compare_reports(self._views, self._spool)
        self._views.clear()
        for report_id, row in self.reports.items():
            report = dict(zip(report_places(), row, strict=True))
            found = compared.findings(report_id)
            self._files.add("findings", found, report)
            self.findings.update(one.severity for one in found)
            if any(one.severity == "error" for one in found):
                self._marks[report_id] = marked_cells(found)
            checks = compared.counts(report_id)
            self._files.add("checks", checks, report)
            _add(row, {**_finding_counts(found), **_check_counts(check[1:] for check in checks)})

    def _marked(self, figures: ReportFigures) -> ReportFigures:
        """Return figures with the marks of the checks across reports added."""
        doubted, faulty = self._marks.get(figures.report_id, (frozenset(), frozenset()))
        return figures._replace(doubted=figures.doubted | doubted, faulty=figures.faulty | faulty)

    def _count(self, report: dict[str, Any], rows: ParsedRows) -> None:
        self.outcomes[rows.outcome] += 1
        self.findings.update(row.severity for row in rows.findings)
        place = (report["portal_id"], report["fiscal_year"])
        self.places[*place, "reports"] += 1
        self.places[*place, "figures"] += report["cells_reported"]

    def _keep_figures(self, row: list[Any], rows: ParsedRows, printed: PrintedFigures) -> None:
        report_id, agency, year = (row[report_places()[name]] for name in _IDENTITY)
        if agency is None or year is None:
            self.without_place += 1
            return
        missing = self._collector.missing(rows.facts)
        self._figures.append(
            ReportFigures(
                report_id, agency, year, rows.era, row, printed, missing, *marked_cells(rows.findings)
            )
        )


def _finding_counts(findings: Sequence[FindingRow]) -> dict[str, int]:
    """Count findings of a report; of a rule and the rule it refines only one, assumptions not at all."""
    plain = [finding for finding in findings if finding.assumption is None]
    rules = {finding.rule for finding in plain}
    own = [finding for finding in plain if finding.origin == "source" and finding.refines not in rules]
    severities = Counter(finding.severity for finding in own)
    counts = {f"findings_{severity}": severities[severity] for severity in _SEVERITIES}
    return {**counts, "findings_reading": sum(finding.origin != "source" for finding in plain)}


def _check_counts(counts: Iterable[tuple[int, ...]]) -> dict[str, int]:
    """Return how often checks passed, failed and could not be assessed, by column of `reports`."""
    sums = [sum(one) for one in zip(*counts, strict=True)] or [0, 0, 0]
    return dict(zip(("checks_passed", "checks_failed", "checks_not_assessable"), sums, strict=True))


def _add(row: list[Any], counts: dict[str, int]) -> None:
    for name, count in counts.items():
        row[report_places()[name]] += count
