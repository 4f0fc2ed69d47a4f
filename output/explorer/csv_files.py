"""What a page shows, as CSV: the columns of the dataset, safe in spreadsheets."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from output.frames import TableBuffer
from output.schema import tables
from output.writers.csv import safe_cell, write_csv_table


def table_csv(name: str, rows: Sequence[dict[str, Any]]) -> bytes:
    """Return rows of a table of the dataset, every column, as the dataset's own CSV writes them."""
    table = tables()[name]
    whole = replace(table, columns=tuple(replace(column, per_report=False) for column in table.columns))
    buffer = TableBuffer(whole)
    file = io.BytesIO()
    values = [tuple(row.get(column) for column in table.names) for row in rows]
    write_csv_table(file, whole, [*buffer.add(values), *buffer.rest()])
    return file.getvalue()


def grid_csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a small table of text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[safe_cell(str(cell)) for cell in row] for row in (header, *rows)])
    return ("\ufeff" + out.getvalue()).encode("utf-8", "replace")
