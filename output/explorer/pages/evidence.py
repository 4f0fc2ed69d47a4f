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

MOST_ROWS = 120
"""Rows of one printed table that are shown."""
LONGEST_CELL = 400


class PrintedCell(NamedTuple):
    """One printed cell; `name` is the cell of the form it was read as."""

    text: str
    row_span: int
    column_span: int
    name: str | None
    status: str
    label: str
    severity: str


class PrintedTable(NamedTuple):
    """One table of the archived page."""

    number: int
    ragged: bool
    cut: bool
    rows: list[list[PrintedCell]]


def evidence_page(store: Store, words: Words, data_dir: Path, report: Row, cell: str) -> dict[str, Any]:
    """Return the context of the evidence of a report; `cell` is table.row.column or empty."""
    facts = {_name(fact): fact for fact in store.facts(report["report_id"])}
    findings = store.findings_of(report["report_id"])
    body, problem = archived_body(data_dir, report) if "warc_file" in report else (None, words["none"])
    grave = {
        name: one.row["severity"] for one in reversed(findings) for name in one.row.get("cells", "").split()
    }
    return {
        "report": with_source_of_figures(report),
        "agency": store.agency_of(report.get("agency_id")),
        "found_sha256": hashlib.sha256(body).hexdigest() if body is not None else None,
        "problem": problem,
        "tables": _tables(body, report, facts, words, grave) if body is not None else [],
        "cell": cell if cell in facts else "",
        "fact": facts.get(cell),
        "label": words.cell(cell),
        "read_as": number(facts[cell]["value"]) if cell in facts and "value" in facts[cell] else None,
        "touching": [one for one in findings if cell and cell in one.row.get("cells", "").split()],
    }


def _name(fact: Row) -> str:
    return ".".join((fact["table"], fact["row"], fact["column"]))


def _tables(
    body: bytes, report: Row, facts: dict[str, Row], words: Words, grave: dict[str, str]
) -> list[PrintedTable]:
    """Return the tables that hold figures; a text that differs from the one recorded is not taken for it."""
    try:
        document = read(body, charset=report.get("charset"))
    except (UnreadableInputError, UnsupportedInputError):
        return []
    places = {
        (fact["table_index"], fact["grid_row"], fact["grid_column"]): name
        for name, fact in facts.items()
        if "table_index" in fact
    }
    used = {table for table, _, _ in places}
    return [
        _printed(table, places, facts, words, grave) for table in document.tables() if table.number in used
    ]


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
        label = f"{words.cell(name)}: {words.name('status_short', facts[name]['status'])}"
        status = facts[name]["status"]
        return PrintedCell(
            cell.text, cell.row_span, cell.column_span, name, status, label, grave.get(name, "")
        )

    rows = [[shown(cell) for cell in row] for row in table.rows[:MOST_ROWS]]
    return PrintedTable(table.number, table.geometry == "ragged", len(table.rows) > MOST_ROWS, rows)
