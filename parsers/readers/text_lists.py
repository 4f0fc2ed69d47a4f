"""Lists of indicators (序号, 统计指标, 单位, 统计数): no cell is merged, so that their places are known."""

from collections.abc import Sequence

from parsers.document import Cell, Table
from parsers.forms import load_forms
from parsers.readers.text_labels import begins_list

_HEAD_ROWS = 4


def as_grid(table: Table) -> Table:
    """Return a list of indicators as a grid; any other table as it is.

    Where empty cells were dropped, a row without figures is a row of blanks; in a row with fewer figures than
    columns they stay in one cell over all columns, separators included, where no figure can be read.
    """
    head = next((at for at, row in enumerate(table.rows[:_HEAD_ROWS]) if _is_head(row)), None)
    if head is None or not table.pads:
        return table
    # A column without a heading shows in rows longer than the headings; one such row can be anything.
    longest = sorted(map(len, table.rows))[-2:][0]
    width = max(len(table.rows[head]) + table.pads[head], longest)
    names = load_forms().names
    labels = 1 + max(at for at, cell in enumerate(table.rows[head]) if names.meaning(cell.text).furniture)
    if labels == width:
        return table
    rows = tuple(_row(row, at, labels, width) for at, row in enumerate(table.rows))
    return table._replace(rows=rows, geometry="grid", width=width, pads=(), keeps_blanks=False)


def _is_head(row: Sequence[Cell]) -> bool:
    return any(begins_list(cell.text) for cell in row)


def _row(row: tuple[Cell, ...], at: int, labels: int, width: int) -> tuple[Cell, ...]:
    if len(row) >= width:
        return row
    if len(row) <= labels:
        return (*row, *(Cell("", at, place) for place in range(len(row), width)))
    figures = " | ".join(cell.text for cell in row[labels:]) + " |"
    return (*row[:labels], Cell(figures, at, labels, 1, width - labels))
