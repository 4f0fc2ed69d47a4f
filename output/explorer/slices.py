"""The part of a dataset one comparison needs, taken from the index and shaped like a dataset.

So that the explorer and `gongkai compare` give the same figures for the same reasons: it is the same code.
"""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as pads

from output.compare import Comparison, compare_in
from output.dataset import Dataset
from output.explorer.store import Agency, Row, Store
from output.measures import Lang, find_measure
from output.schema import tables


class Slice(Dataset):
    """Rows of `panel`, `facts` and `findings` of a few agencies, in memory."""

    def __init__(self, rows: dict[str, list[Row]]) -> None:
        """Take the rows of each table; columns they lack are null."""
        super().__init__(Path())
        self._rows = rows

    def table(
        self, name: str, columns: list[str] | None = None, where: pads.Expression | None = None
    ) -> pa.Table:
        """Return chosen columns of the rows the filter lets through."""
        schema = tables()[name]
        types = {column.name: column.arrow for column in schema.columns}
        needed = pa.schema([(column, types[column]) for column in columns or schema.names])
        rows = self._rows[name]
        if where is None:
            return pa.Table.from_pylist(rows, schema=needed)
        filtered = [column for column in ("report_id", "severity", "table", "row", "column", "is_current")]
        wider = pa.schema(
            [*needed, *((c, types[c]) for c in filtered if c in types and c not in needed.names)]
        )
        return pa.Table.from_pylist(rows, schema=wider).filter(where).select(needed.names)


def compare_agencies(
    store: Store,
    agencies: Sequence[Agency],
    measure: str,
    years: tuple[int, int] | None,
    lang: Lang,
) -> Comparison:
    """Return one measure of these agencies, lines in the order given; raises UnknownIndicatorError."""
    panel = [row for agency in agencies for row in store.panel(agency.agency_id)]
    needed = find_measure(measure, lang)
    rows = {
        "panel": [_with_dates(row) for row in panel],
        "facts": [] if needed.columns else list(_facts(store, agencies, measure)),
        "findings": [row for one in panel for row in _errors(store, one["report_id"])],
    }
    found = compare_in(Slice(rows), measure, years=years, lang=lang)
    order = {agency.agency_id: place for place, agency in enumerate(agencies)}
    lines = sorted(found.lines, key=lambda line: order[line.agency_id])
    return Comparison(**{**_fields(found), "lines": tuple(lines)})


def _fields(comparison: Comparison) -> dict[str, object]:
    return {name: getattr(comparison, name) for name in comparison.__dataclass_fields__}


def _with_dates(row: Row) -> Row:
    """Leave out what Arrow would want as another type and no comparison reads."""
    return {name: value for name, value in row.items() if name != "published_on"}


def _facts(store: Store, agencies: Sequence[Agency], measure: str) -> list[Row]:
    """Return one cell of every current report of the agencies."""
    found = []
    for agency in agencies:
        for report in store.reports_of(agency.agency_id):
            if not report["is_current"] or "fiscal_year" not in report:
                continue
            shared = {name: report[name] for name in ("report_id", "agency_id", "fiscal_year", "is_current")}
            for fact in store.facts(report["report_id"]):
                if ".".join((fact["table"], fact["row"], fact["column"])) == measure:
                    found.append({**fact, **shared})
    return found


def _errors(store: Store, report_id: str) -> list[Row]:
    return [
        {**finding.row, "cells": finding.row.get("cells", "")} for finding in store.findings_of(report_id)
    ]
