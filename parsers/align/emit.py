"""From rows with known names to placed cells."""

from collections.abc import Iterator, Sequence

from parsers.align.columns import Found
from parsers.align.lines import Line, Seen
from parsers.align.placement import Placed
from parsers.figures import read_figure
from parsers.forms import FormTable
from parsers.records import Method, Where

MERGED = "one printed cell covers several cells of the form"
UNDECIDED = "which printed cell it is cannot be decided"


def where(cell: Seen, line: Line) -> Where:
    """Return the place where a cell starts."""
    return Where(line.table, cell.row, cell.start)


def emit(
    line: Line,
    values: Sequence[Seen],
    found: Sequence[Found],
    cells: Sequence[tuple[str, str]],
    method: Method,
    *,
    label: str | None = None,
    headings: Sequence[str] = (),
    units: Sequence[str | None] = (),
) -> Iterator[Placed]:
    """Yield the cells of one row; merged and uncertain figures are ambiguous and hold no value.

    `cells` gives the (row, column) of each printed column.
    `label` is given for a row the form does not have; its cells and those of columns the form does not have
    carry their printed names as note. Blank cells and units of such columns are left out.
    """
    simple = label is None and not units
    for slots, cell in found:
        if simple and cell is not None and len(slots) == 1 and not cell.shared:
            row, column = cells[slots[0]]
            if column[:2] != "x_":
                yield Placed(row, column, cell.text, method, Where(line.table, cell.row, cell.start))
                continue
        for index in slots:
            row, column = cells[index]
            extra = column.startswith("x_")
            if extra and (cell is None or cell.blank or cell.meaning.furniture):
                continue
            note = label or (headings[index] if extra and index < len(headings) else None)
            unit = units[index] if index < len(units) else None
            if cell is None:
                raw = " | ".join(value.text for value in values)
                place = where(values[0], line) if values else Where(line.table, line.row, 0)
                yield Placed(row, column, raw, method, place, "ambiguous", note or UNDECIDED)
            elif (len(slots) > 1 or cell.shared) and holds_figure(cell):
                yield Placed(row, column, cell.text, method, where(cell, line), "ambiguous", note or MERGED)
            else:
                yield Placed(row, column, cell.text, method, where(cell, line), None, note, None, unit)


def holds_figure(cell: Seen) -> bool:
    """True when a cell holds a figure or something that cannot be read, not just a sign of nothing."""
    return read_figure(cell.text, "count", None).status in ("reported", "unreadable")


def undecided(
    line: Line, values: Sequence[Seen], row: str, table: FormTable, method: Method = "label"
) -> Iterator[Placed]:
    """Yield every cell of one row of the form as ambiguous: figures are printed, their columns are unknown.

    A row whose cells are all blank is blank whatever the columns are.
    """
    if not values:
        return
    if all(cell.blank for cell in values):
        for column in table.columns:
            yield Placed(row, column.code, "", method, where(values[0], line))
        return
    raw = " | ".join(cell.text for cell in values)
    for column in table.columns:
        yield Placed(row, column.code, raw, method, where(values[0], line), "ambiguous", UNDECIDED)
