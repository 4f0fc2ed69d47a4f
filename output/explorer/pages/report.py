"""One report: its tables as the form prints them, every cell's status and findings marked, text, versions."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from output.compare_text import number
from output.explorer.store import Finding, Row, Store
from output.explorer.words import Words
from parsers.forms import FormTable, load_forms

_RANK = {"error": 3, "warning": 2, "info": 1}


class ShownCell(NamedTuple):
    """One cell of a table of the form."""

    name: str
    """table.row.column"""
    text: str
    """The figure, or in one word why there is none."""
    status: str
    raw: str
    severity: str
    """The gravest finding that rests on the cell, or empty."""
    findings: list[int]
    """Numbers of the findings on this page that rest on the cell, from 1."""


class ShownRow(NamedTuple):
    """One row with its printed label."""

    label: str
    group: str
    means: str
    cells: list[ShownCell]


class ShownTable(NamedTuple):
    """One table of the form with the figures of a report."""

    code: str
    title: str
    unit: str
    columns: list[tuple[str, str, str]]
    """(heading, group, meaning)"""
    rows: list[ShownRow]


def report_page(store: Store, words: Words, report: Row) -> dict[str, Any]:
    """Return the context of the page of a report."""
    report_id = report["report_id"]
    facts, findings = store.facts(report_id), store.findings_of(report_id)
    changes = store.changes(report_id)
    return {
        "report": report,
        "agency": store.agency_of(report.get("agency_id")),
        "region": store.region_name(report.get("region_code", "")),
        "tables": list(_tables(words, report, facts, findings)),
        "extra": [(fact, fact.get("note") or fact["row"]) for fact in facts if _is_extra(fact)],
        "findings": findings,
        "sections": store.sections(report_id),
        "versions": store.versions(report["document_key"]),
        "changes": changes,
    }


def _is_extra(fact: Row) -> bool:
    return bool(fact["row"].startswith("x_") or fact["column"].startswith("x_"))


def _tables(words: Words, report: Row, facts: list[Row], findings: list[Finding]) -> Iterator[ShownTable]:
    by_name = {".".join((fact["table"], fact["row"], fact["column"])): fact for fact in facts}
    form = load_forms().by_era.get(report.get("era", ""))
    touched = _touched(findings)
    for table in form.tables if form else ():
        if any(fact["table"] == table.code for fact in facts):
            yield _table(words, table, by_name, touched)


def _touched(findings: list[Finding]) -> dict[str, list[tuple[int, str]]]:
    """Return for every cell the findings that rest on it: (number on this page, severity)."""
    found: dict[str, list[tuple[int, str]]] = {}
    for place, finding in enumerate(findings, 1):
        for name in finding.row.get("cells", "").split():
            found.setdefault(name, []).append((place, finding.row["severity"]))
    return found


def _table(
    words: Words, table: FormTable, facts: dict[str, Row], touched: dict[str, list[tuple[int, str]]]
) -> ShownTable:
    chinese = words.lang == "zh"
    columns = [
        (
            column.label if chinese else column.label_en or column.label,
            _group(table.column_path(column)) if chinese else "",
            column.means_zh if chinese else column.means_en,
        )
        for column in table.columns
    ]
    rows = []
    for row in table.rows:
        cells = [
            _cell(words, f"{table.code}.{row.code}.{column.code}", facts, touched)
            for column in table.columns
            if table.cells[row.code, column.code].kind != "header"
        ]
        label = row.label if chinese else row.label_en
        rows.append(
            ShownRow(label, _group(table.row_path(row)), row.means_zh if chinese else row.means_en, cells)
        )
    title = table.title_zh if chinese else table.title_en
    return ShownTable(table.code, title, table.unit or "", columns, rows)


def _group(path: str) -> str:
    return " / ".join(path.split("/")[:-1])


def _cell(
    words: Words, name: str, facts: dict[str, Row], touched: dict[str, list[tuple[int, str]]]
) -> ShownCell:
    fact = facts.get(name, {"status": "absent"})
    status, value = fact["status"], fact.get("value")
    text = number(value) if value is not None else words.name("status_short", status)
    marks = touched.get(name, [])
    severity = max((severity for _, severity in marks), key=_RANK.__getitem__, default="")
    return ShownCell(name, text, status, fact.get("raw", ""), severity, [place for place, _ in marks])
