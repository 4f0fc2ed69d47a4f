"""The part of a dataset one comparison needs, taken from the index and shaped like a dataset.

So that the explorer and `gongkai compare` give the same figures for the same reasons: it is the same code.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as pads

from output.compare import Comparison, compare_in
from output.dataset import Dataset
from output.explorer.store import Agency, Row, Store
from output.measures import Lang, find_measure
from output.schema import tables

_FILTERED = ("report_id", "severity", "table", "row", "column", "is_current")
"""Columns a comparison filters by."""


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
        names = columns or list(schema.names)
        needed = pa.schema([pa.field(column, types[column]) for column in names])
        rows = self._rows[name]
        if where is None:
            return pa.Table.from_pylist(rows, schema=needed)
        further = [column for column in _FILTERED if column in types and column not in names]
        wider = pa.schema([*needed, *(pa.field(column, types[column]) for column in further)])
        return pa.Table.from_pylist(rows, schema=wider).filter(where).select(names)


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
    return replace(found, lines=tuple(lines))


def _with_dates(row: Row) -> Row:
    """Leave out what Arrow would want as another type and no comparison reads."""
    return {name: value for name, value in row.items() if name != "published_on"}


def _facts(store: Store, agencies: Sequence[Agency], measure: str) -> list[Row]:
    """Return one cell of every current report of the agencies."""
    found = []
    for agency in agencies:
        for report_id, year in store.current_reports(agency.agency_id):
            shared = {"report_id": report_id, "agency_id": agency.agency_id, "fiscal_year": year}
            found += [{**fact, **shared, "is_current": True} for fact in store.cell(report_id, measure)]
    return found


def _errors(store: Store, report_id: str) -> list[Row]:
    return [
        {**finding.row, "cells": finding.row.get("cells", "")} for finding in store.findings_of(report_id)
    ]
