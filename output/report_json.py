"""A `Report` as the JSON object of `gongkai parse --format json`."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from parsers.records import Fact, Finding, Report


def report_as_json(report: Report) -> dict[str, Any]:
    """Return the object for one input; unknown values are None, numbers are int where whole, else float."""
    identity = report.identity
    return {
        "source": {
            "path": report.source.path,
            "url": report.source.url,
            "sha256": report.source.sha256,
            "kind": report.source.kind,
            "charset": report.source.charset,
        },
        "report": {
            "outcome": report.outcome,
            "title": identity.title,
            "agency": identity.agency,
            "agency_kind": identity.agency_kind,
            "level": identity.level,
            "fiscal_year": identity.fiscal_year,
            "era": report.era,
            "region_code": identity.region_code,
            "published_on": identity.published_on,
            "scope": identity.scope,
            "document_number": identity.document_number,
            "index_number": identity.index_number,
            "error": report.error,
        },
        "sections": [section._asdict() for section in report.sections],
        "facts": [_fact_as_json(fact) for fact in report.facts],
        "findings": [finding_as_json(finding) for finding in report.findings],
        "checks": {
            rule: {"passed": passed, "failed": failed, "not_assessable": unknown}
            for rule, (passed, failed, unknown) in sorted(report.check_counts.items())
        },
    }


def _fact_as_json(fact: Fact) -> dict[str, Any]:
    shown = fact._asdict()
    shown["value"] = plain(fact.value)
    shown["where"] = fact.where._asdict() if fact.where is not None else None
    return shown


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """Return a finding with all its fields; cells as lists of [table, row, column]."""
    shown = asdict(finding)
    shown["cells"] = [list(cell) for cell in finding.cells]
    cleaned: dict[str, Any] = plain(shown)
    return cleaned


def plain(value: Any) -> Any:
    """Return value with decimals as JSON numbers and tuples as lists, all the way down."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value
