"""Excel: one workbook, a sheet per table and one about the columns; no text becomes a formula or a link.

A sheet holds 1,048,576 rows: longer tables go on in further sheets. A cell holds 32,767 characters: longer
texts are cut with a mark, and the sheet `codebook` says how many were.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from output.schema import TableSchema, tables
from output.writers.plain import plain_rows
from output.writers.source import TableSource

FILE = "gongkai.xlsx"
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
_CUT = "…[cut 截断]"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(source: TableSource, folder: Path, *, sheet_rows: int = SHEET_ROWS) -> tuple[Path, ...]:
    """Write `gongkai.xlsx`; `sheet_rows` is what a sheet holds, header included."""
    path = folder / FILE
    # The library's drafts lie beside the file: they are as large, and the disk for it has room.
    with (
        TemporaryDirectory(prefix=".xlsx-", dir=folder) as drafts,
        _disk_errors(),
        xlsxwriter.Workbook(path, {**_OPTIONS, "tmpdir": drafts}) as workbook,
    ):
        # A fixed date keeps the bytes a function of the rows.
        workbook.set_properties({"title": "gongkai", "created": datetime(1980, 1, 1, tzinfo=UTC)})
        _write_sheets(workbook, source, sheet_rows)
    return (path,)


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Give what the disk refused back as that: the library raises an error of its own around it."""
    try:
        yield
    except FileCreateError as problem:
        raise problem.args[0] from problem


def _write_sheets(workbook: Any, source: TableSource, sheet_rows: int) -> None:
    bold = workbook.add_format({"bold": True})
    cut: dict[str, int] = {}
    for table in tables().values():
        cut[table.name] = _write_table(workbook, bold, table, plain_rows(source, table), sheet_rows)
    _write_columns(workbook, bold, cut)


def _write_table(
    workbook: Any, bold: Any, table: TableSchema, rows: Iterator[tuple[Any, ...]], sheet_rows: int
) -> int:
    """Write a table into as many sheets as it needs; return how many texts were cut."""
    sheet = _sheet(workbook, bold, table, 1)
    line, part, cut = 1, 1, 0
    for row in rows:
        if line == sheet_rows:
            part += 1
            sheet, line = _sheet(workbook, bold, table, part), 1
        for place, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, str):
                if len(value) > CELL_CHARACTERS:
                    cut += 1
                    value = value[: CELL_CHARACTERS - len(_CUT)] + _CUT
                sheet.write_string(line, place, value)
            elif isinstance(value, bool):
                sheet.write_boolean(line, place, value)
            else:
                sheet.write_number(line, place, value)
        line += 1
    return cut


def _sheet(workbook: Any, bold: Any, table: TableSchema, part: int) -> Any:
    sheet = workbook.add_worksheet(table.name if part == 1 else f"{table.name}_{part}")
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(table.names):
        sheet.write_string(0, place, name, bold)
    return sheet


def _write_columns(workbook: Any, bold: Any, cut: dict[str, int]) -> None:
    sheet = workbook.add_worksheet("codebook")
    head = ("table", "column", "unit", "meaning", "含义", "texts cut 截断数")
    for place, text in enumerate(head):
        sheet.write_string(0, place, text, bold)
    line = 1
    for table in tables().values():
        for column in table.columns:
            words = (table.name, column.name, column.unit or "", column.en, column.zh)
            for place, text in enumerate(words):
                sheet.write_string(line, place, text)
            sheet.write_number(line, len(words), cut[table.name])
            line += 1
