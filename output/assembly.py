"""The tables of one build while they grow: facts stream to disk, what later steps need is kept small."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from output.figures import FigureCollector, ReportFigures, marked_operands, report_places
from output.frames import Row, TableBuffer
from output.panel import panel_rows
from output.rows import FindingRow, ParsedRows
from output.schema import tables
from output.versions import VersionWatch
from output.writers.parquet import ParquetSink

_SEVERITIES = ("error", "warning", "info")
_IDENTITY = ("report_id", "agency_id", "fiscal_year")
_PANEL_BATCH = 4_000
"""Rows of the wide table per batch."""


class TableFiles:
    """One open Parquet file per table, each behind its buffer."""

    def __init__(self, folder: Path) -> None:
        """Create the files in an empty folder."""
        self._sinks = {
            name: ParquetSink(folder / f"{name}.parquet", table) for name, table in tables().items()
        }
        self._buffers = {name: TableBuffer(table) for name, table in tables().items()}
        self._buffers["panel"] = TableBuffer(tables()["panel"], _PANEL_BATCH)
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

    def __init__(self, files: TableFiles) -> None:
        """Start with empty tables."""
        self._files = files
        self._collector = FigureCollector()
        self._versions = VersionWatch()
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
        if report["is_current"] and rows.era is not None:
            self._keep_figures(row, rows)

    def add_skipped(self, document: dict[str, Any]) -> None:
        """Note a document that is no report."""
        self.outcomes["not_a_report"] += 1
        self._files.add("skipped", [tuple(document[name] for name in tables()["skipped"].names)])

    def add_findings(self, report_id: str, findings: Sequence[FindingRow]) -> None:
        """Add findings about a report that rest on several reports, after all reports were added."""
        row = self.reports[report_id]
        self._files.add("findings", findings, dict(zip(report_places(), row, strict=True)))
        self.findings.update(finding.severity for finding in findings)
        for name, count in _finding_counts(findings).items():
            row[report_places()[name]] += count

    def finish(self) -> None:
        """Write the tables that need all reports: `reports` and `panel`."""
        for report in self.reports.values():
            self._files.add("reports", [report])
        for row in panel_rows(self._figures):
            self._files.add("panel", [row])

    def _count(self, report: dict[str, Any], rows: ParsedRows) -> None:
        self.outcomes[rows.outcome] += 1
        self.findings.update(row.severity for row in rows.findings)
        place = (report["portal_id"], report["fiscal_year"])
        self.places[*place, "reports"] += 1
        self.places[*place, "figures"] += report["cells_reported"]

    def _keep_figures(self, row: list[Any], rows: ParsedRows) -> None:
        report_id, agency, year = (row[report_places()[name]] for name in _IDENTITY)
        if agency is None or year is None:
            self.without_place += 1
            return
        states = self._collector.states(rows.facts)
        self._figures.append(
            ReportFigures(report_id, agency, year, rows.era, row, states, *marked_operands(rows.findings))
        )


def _finding_counts(findings: Sequence[FindingRow]) -> dict[str, int]:
    """Count findings of a report; of a rule and the rule it refines only one, assumptions not at all."""
    plain = [finding for finding in findings if finding.assumption is None]
    rules = {finding.rule for finding in plain}
    own = [finding for finding in plain if finding.origin == "source" and finding.refines not in rules]
    severities = Counter(finding.severity for finding in own)
    counts = {f"findings_{severity}": severities[severity] for severity in _SEVERITIES}
    return {**counts, "findings_reading": sum(finding.origin != "source" for finding in plain)}
