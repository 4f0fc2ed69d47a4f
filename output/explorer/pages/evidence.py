"""One figure back to the paper: the archived tables with merged cells as they were, the figure outlined."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from output.compare_text import number
from output.explain import archived_body
from output.explorer.store import Row, Store
from output.explorer.words import Words
from output.rows import with_source_of_figures
from parsers.document import Cell, Table
from parsers.readers import UnreadableInputError, UnsupportedInputError, read

_WITH_TABLES = ("parsed", "partial")
"""Outcomes of reports with figures; what else there is may be anything, and is not read once more."""
MOST_ROWS = 120
"""Rows of one printed table that are shown."""


class PrintedCell(NamedTuple):
    """One printed cell; `name` is the cell of the form it was read as."""

    text: str
    row_span: int
    column_span: int
    name: str | None
    status: str
    label: str
    severity: str
    place: str = ""
    read_as: str = ""


class PrintedTable(NamedTuple):
    """One table of the archived page."""

    number: int
    ragged: bool
    cut: bool
    rows: list[list[PrintedCell]]


class Archived(NamedTuple):
    """What the archive holds for a report now."""

    sha256: str | None
    """Of the bytes; None when they cannot be read."""
    problem: str | None
    tables: tuple[Table, ...]


def read_archived(data_dir: Path, report: Row) -> Archived:
    """Return the hash and the printed tables of the archived bytes of a report."""
    if "warc_file" not in report:
        return Archived(None, "", ())
    body, problem = archived_body(data_dir, report)
    if body is None:
        return Archived(None, problem, ())
    sha256 = hashlib.sha256(body).hexdigest()
    if report["outcome"] not in _WITH_TABLES:
        return Archived(sha256, None, ())
    try:
        return Archived(sha256, None, tuple(read(body, charset=report.get("charset")).tables()))
    except (UnreadableInputError, UnsupportedInputError):
        return Archived(sha256, None, ())


def evidence_page(store: Store, words: Words, archived: Archived, report: Row, cell: str) -> dict[str, Any]:
    """Return the context of the evidence of a report; `cell` is table.row.column or empty."""
    facts = {_name(fact): fact for fact in store.facts(report["report_id"])}
    findings = store.findings_of(report["report_id"])
    grave = {
        name: one.row["severity"] for one in reversed(findings) for name in one.row.get("cells", "").split()
    }
    return {
        "report": with_source_of_figures(report),
        "page_url": report.get("source_url") if "figures_url" in report else None,
        "agency": store.agency_of(report.get("agency_id")),
        "found_sha256": archived.sha256,
        "problem": archived.problem or words["none"],
        "tables": _tables(archived.tables, facts, words, grave),
        "cell": cell if cell in facts else "",
        "fact": facts.get(cell),
        "label": words.cell(cell),
        "read_as": _read_as(facts[cell]) if cell in facts else None,
        "touching": [one for one in findings if not cell or cell in one.row.get("cells", "").split()],
    }


def _read_as(fact: Row) -> str | None:
    return number(fact["value"]) if "value" in fact else None


def _name(fact: Row) -> str:
    return ".".join((fact["table"], fact["row"], fact["column"]))


def _tables(
    tables: tuple[Table, ...], facts: dict[str, Row], words: Words, grave: dict[str, str]
) -> list[PrintedTable]:
    """Return the tables that hold figures; a text that differs from the one recorded is not taken for it."""
    places = {
        (fact["table_index"], fact["grid_row"], fact["grid_column"]): name
        for name, fact in facts.items()
        if "table_index" in fact
    }
    used = {table for table, _, _ in places}
    return [_printed(table, places, facts, words, grave) for table in tables if table.number in used]


def _printed(
    table: Table,
    places: dict[tuple[int, int, int], str],
    facts: dict[str, Row],
    words: Words,
    grave: dict[str, str],
) -> PrintedTable:
    def shown(cell: Cell) -> PrintedCell:
        name = places.get((table.number, cell.row, cell.column))
        if name is None or facts[name].get("raw", "") != cell.text:
            return PrintedCell(cell.text, cell.row_span, cell.column_span, None, "", "", "")
        fact = facts[name]
        status = fact["status"]
        label = f"{words.cell(name)}: {words.name('status_short', status)}"
        place = f"{fact['table_index']} {fact['grid_row']} {fact['grid_column']}"
        spans = (cell.row_span, cell.column_span)
        return PrintedCell(
            cell.text, *spans, name, status, label, grave.get(name, ""), place, _read_as(fact) or ""
        )

    rows = [[shown(cell) for cell in row] for row in table.rows[:MOST_ROWS]]
    return PrintedTable(table.number, table.geometry == "ragged", len(table.rows) > MOST_ROWS, rows)
