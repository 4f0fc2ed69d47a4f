"""The codebook of cells: every code with its labels, unit, type and meaning in both languages."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from parsers.forms.model import Form, FormColumn, FormRow, FormTable


class Definition(NamedTuple):
    """One cell of one form as users read it."""

    era: str
    table: str
    row: str
    column: str
    row_label: str
    column_label: str
    row_label_en: str
    column_label_en: str
    unit: str
    type: str
    definition_en: str
    definition_zh: str
    wording: str
    """`filled reports`: the label was seen in use; `unverified`: the annex has still to be compared."""


def define(era: str, table: FormTable, row: FormRow, column: FormColumn) -> Definition:
    """Return what one cell means."""
    cell = table.cells[row.code, column.code]
    header = cell.kind == "header"
    return Definition(
        era,
        table.code,
        row.code,
        column.code,
        table.row_path(row),
        table.column_path(column),
        row.label_en,
        column.label_en,
        cell.unit or "",
        cell.kind,
        row.means_en if header else f"{row.means_en}: {column.means_en}",
        row.means_zh if header else f"{row.means_zh}：{column.means_zh}",
        "filled reports" if row.verified else "unverified",
    )


def definitions(forms: Iterable[Form]) -> Iterator[Definition]:
    """Yield every cell of every form, oldest form first, in printed order."""
    for form in reversed(list(forms)):
        for table in form.tables:
            for row in table.rows:
                for column in table.columns:
                    yield define(form.era, table, row, column)


def write_codebook(forms: Iterable[Form]) -> str:
    """Return the codebook as CSV text; `codebook.csv` beside this module is exactly this."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Definition._fields)
    writer.writerows(definitions(forms))
    return out.getvalue()
