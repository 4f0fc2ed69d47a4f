"""Lists of indicators (序号, 统计指标, 单位, 统计数): no cell is merged, so that their places are known."""

from collections.abc import Iterator, Sequence

from parsers.document import Cell, Table
from parsers.forms import load_forms
from parsers.readers.text_labels import begins_list, word

_HEAD_ROWS = 4


def as_grid(table: Table) -> Table:
    """Return a list of indicators as a grid; any other table as it is.

    Where empty cells were dropped, a row without figures is a row of blanks; in a row with fewer figures than
    columns they stay in one cell over all columns, separators included, where no figure can be read.
    """
    head = next((at for at, row in enumerate(table.rows[:_HEAD_ROWS]) if _is_head(row)), None)
    if head is None:
        return table
    if not table.pads:
        return _from_lines(table, head)
    # A column without a heading shows in rows longer than the headings; one such row can be anything.
    longest = sorted(map(len, table.rows))[-2:][0]
    width = max(len(table.rows[head]) + table.pads[head], longest)
    names = load_forms().names
    labels = 1 + max(at for at, cell in enumerate(table.rows[head]) if names.meaning(cell.text).furniture)
    if labels == width:
        return table
    rows = tuple(_row(row, at, labels, width) for at, row in enumerate(table.rows))
    return table._replace(rows=rows, geometry="grid", width=width, pads=(), keeps_blanks=False)


def _from_lines(table: Table, head: int) -> Table:
    """Return a list whose cells stand in lines without separators, where each row has one figure.

    Rows are told by their labels. The number in front of a row is then read behind the row above it: all of
    them must count on, else the table stays as it is.
    """
    names = load_forms().names
    kinds = [names.meaning(cell.text).furniture for cell in table.rows[head]]
    heads = table.rows[head]
    words = [at for at, cell in enumerate(heads) if word(cell.text, lists=True).kind != "value"]
    if len(words) - kinds.index("heading_start") != (3 if "unit" in kinds else 2):
        return table
    bodies = table.rows[head + 1 :]
    if len(words) < len(kinds):
        counted = _without_numbers((table.rows[head], *bodies), len(words))
        if counted is None:
            return table
        bodies = counted
    rows = [*table.rows[:head], tuple(table.rows[head][at] for at in words)]
    label = kinds.index("heading_start")
    for row in bodies:
        rows.append(tuple(_shifted(row, label, "unit" in kinds)))
    return table._replace(rows=tuple(rows), geometry="grid", width=len(words), gaps=())


def _without_numbers(rows: Sequence[tuple[Cell, ...]], heads: int) -> tuple[tuple[Cell, ...], ...] | None:
    """Return the rows behind the first without the number of the next row at their ends."""
    kept = []
    for number, row in enumerate(rows[:-1], 1):
        if row[-1].text != str(number) or (number == 1 and len(row) != heads + 1):
            return None
        kept.append(row[:-1])
    return (*kept[1:], rows[-1])


def _shifted(row: tuple[Cell, ...], label: int, units: bool) -> Iterator[Cell]:
    """Yield label, unit and figure in their columns; several figures are one cell, where none can be read."""
    yield row[0]._replace(column=label)
    rest = row[1:]
    unit = rest[0] if units and rest and not _is_figure(rest[0].text, last=len(rest) == 1) else None
    if unit is not None:
        yield unit._replace(column=label + 1)
        rest = rest[1:]
    if rest:
        text = " | ".join(cell.text for cell in rest) + (" |" if len(rest) > 1 else "")
        yield rest[0]._replace(text=text, column=label + 1 + units)


def _is_figure(text: str, *, last: bool) -> bool:
    """Say whether a cell behind a label is its figure; a sign for nothing is the unit if one follows."""
    return word(text, lists=True).kind == "value" and (last or any(char.isdigit() for char in text))


def _is_head(row: Sequence[Cell]) -> bool:
    return any(begins_list(cell.text) for cell in row)


def _row(row: tuple[Cell, ...], at: int, labels: int, width: int) -> tuple[Cell, ...]:
    if len(row) >= width:
        return row
    if len(row) <= labels:
        return (*row, *(Cell("", at, place) for place in range(len(row), width)))
    figures = " | ".join(cell.text for cell in row[labels:]) + " |"
    return (*row[:labels], Cell(figures, at, labels, 1, width - labels))
