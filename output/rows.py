"""A parsed report as rows of plain values: what the tables of the dataset and the cache hold."""

import json
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from parsers.checks import SECOND_PASS
from parsers.records import CellKey, Fact, Finding, Identity, Report, Source

Scalar: TypeAlias = str | int | float | bool | None


class FactRow(NamedTuple):
    """One row of `facts` without what the report as a whole says; the order of the schema."""

    table: str
    row: str
    column: str
    value: float | None
    unit: str | None
    status: str
    raw: str | None
    note: str | None
    method: str | None
    table_index: int | None
    grid_row: int | None
    grid_column: int | None


class FindingRow(NamedTuple):
    """One row of `findings` without what the report as a whole says; the order of the schema."""

    rule: str
    cells: str
    number: int
    severity: str
    origin: str
    expected: str | None
    found: str | None
    delta: float | None
    message_en: str
    message_zh: str
    basis: str | None
    assumption: str | None
    refines: str | None
    proposal: str | None
    evidence: str | None


class ParsedRows(NamedTuple):
    """Everything one document says, as plain values: the same bytes and hints always give the same rows."""

    outcome: str
    era: str | None
    report: dict[str, Scalar]
    """Columns of `reports` that come from the document itself."""
    facts: list[FactRow]
    sections: list[tuple[int, str, str]]
    findings: list[FindingRow]
    checks: list[tuple[str, int, int, int]]
    """(rule, passed, failed, not assessable), by rule."""


def parsed_rows(report: Report) -> ParsedRows:
    """Return the rows of one parsed document."""
    return ParsedRows(
        outcome=report.outcome,
        era=report.era,
        report=_report_columns(report),
        facts=[_fact_row(fact) for fact in _unique_facts(report.facts)],
        sections=_unique_sections(report),
        findings=numbered(map(finding_row, report.findings)),
        checks=[(rule, *count) for rule, count in sorted(report.check_counts.items())],
    )


def unreadable_rows(reason: str) -> ParsedRows:
    """Return the rows of a document whose bytes could not be had."""
    return parsed_rows(
        Report(Source(None, None, "unknown", None), "unreadable", Identity(), era=None, error=reason)
    )


def numbered(findings: Iterable[FindingRow]) -> list[FindingRow]:
    """Return findings of one report numbered from 1 among those of the same rule and cells."""
    seen: Counter[tuple[str, str]] = Counter()
    rows = []
    for finding in findings:
        seen[finding.rule, finding.cells] += 1
        rows.append(finding._replace(number=seen[finding.rule, finding.cells]))
    return rows


def cell_name(cell: CellKey) -> str:
    """Return a cell as users write it: table.row.column."""
    return ".".join(cell)


def cell_key(name: str) -> CellKey:
    """Return the cell written table.row.column."""
    table, row, column = name.split(".")
    return (table, row, column)


def with_source_of_figures(report: dict[str, Any]) -> dict[str, Any]:
    """Return a row of `reports` whose source is the file that prints its figures, where that is another."""
    if report.get("figures_url") is None:
        return report
    names = ("fetched_at", "sha256", "warc_file", "warc_offset")
    source = {name: report[f"figures_{name}"] for name in names if f"figures_{name}" in report}
    return {**report, **source, "source_url": report["figures_url"]}


def _report_columns(report: Report) -> dict[str, Scalar]:
    identity, reading, source = report.identity, report.reading, report.source
    form_cells = [fact for fact in report.facts if not _is_extra(fact)]
    # The second pass takes blanks as zero: an assumption, not a further application of the rule.
    counts = [count for rule, count in report.check_counts.items() if not rule.endswith(SECOND_PASS)]
    return {
        "agency": identity.agency,
        "agency_kind": identity.agency_kind,
        "level": identity.level,
        "scope": identity.scope,
        "scope_evidence": identity.scope_evidence,
        "fiscal_year": identity.fiscal_year,
        "region_code": identity.region_code,
        "region_evidence": _json(identity.region_witnesses),
        "title": identity.title,
        "published_on": identity.published_on,
        "published_on_from": identity.published_on_from,
        "year_witnesses": _json(identity.years),
        "document_number": identity.document_number,
        "index_number": identity.index_number,
        "credit_code": identity.credit_code,
        "figures_url": report.figures_url,
        "file_kind": source.kind,
        "charset": source.charset,
        "cells_expected": len(form_cells),
        "cells_reported": sum(fact.status == "reported" for fact in form_cells),
        "checks_passed": sum(count[0] for count in counts),
        "checks_failed": sum(count[1] for count in counts),
        "checks_not_assessable": sum(count[2] for count in counts),
        "images": len(reading.images),
        "reading_notes": " ".join(reading.notes) or None,
        "error": report.error,
    }


def _fact_row(fact: Fact) -> FactRow:
    value = None if fact.value is None else float(fact.value)
    status: str = fact.status
    place: tuple[int | None, int | None, int | None] = fact.where or (None, None, None)
    return FactRow(*fact.key, value, fact.unit, status, fact.raw, fact.note, fact.method, *place)


def _unique_facts(facts: tuple[Fact, ...]) -> list[Fact]:
    """Give printed rows outside the form that got the same code a number, so that every key stands once."""
    seen: Counter[CellKey] = Counter()
    unique = []
    for fact in facts:
        seen[fact.key] += 1
        if seen[fact.key] > 1:
            fact = fact._replace(row=f"{fact.row}_{seen[fact.key]}")
            if not _is_extra(fact):
                fact = fact._replace(row=f"x_{fact.row}")
        unique.append(fact)
    return unique


def _unique_sections(report: Report) -> list[tuple[int, str, str]]:
    """Join what stands under one number: a section split by a stray heading stays one row."""
    joined: dict[int, tuple[int, str, str]] = {}
    for number, heading, text in (section[:3] for section in report.sections):
        if number in joined:
            text = "\n".join((joined[number][2], heading, text))
            heading = joined[number][1]
        joined[number] = (number, heading, text)
    return list(joined.values())


def finding_row(finding: Finding) -> FindingRow:
    """Return a finding as a row, numbered 1."""
    return FindingRow(
        rule=finding.rule,
        cells=" ".join(cell_name(cell) for cell in finding.cells),
        number=1,
        severity=finding.severity,
        origin=finding.origin,
        expected=None if finding.expected is None else str(finding.expected),
        found=None if finding.found is None else str(finding.found),
        delta=None if finding.delta is None else float(finding.delta),
        message_en=finding.message_en,
        message_zh=finding.message_zh,
        basis=finding.basis,
        assumption=finding.assumption,
        refines=finding.refines,
        proposal=_json(finding.proposal),
        evidence=_json(finding.evidence),
    )


def _is_extra(fact: Fact) -> bool:
    return fact.row.startswith("x_") or fact.column.startswith("x_")


def _json(value: Any) -> str | None:
    if not value:
        return None
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: object) -> str | int:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return str(value)
