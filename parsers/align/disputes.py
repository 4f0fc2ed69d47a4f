"""Table 4: reviews and suits, fifteen figures without row labels."""

from collections import Counter
from collections.abc import Sequence

from parsers.align.blocks import DISPUTES, Block
from parsers.align.columns import Found, Shape, Slot, place, read_slots, shape_of
from parsers.align.disclosure import headings_of
from parsers.align.emit import UNDECIDED, emit, where
from parsers.align.lines import Line, Seen, cut
from parsers.align.naming import is_remnant
from parsers.align.placement import Placed, SubTable
from parsers.align.sums import adds_up
from parsers.forms import Forms, FormTable, refs_of
from parsers.records import Method

# The table has not changed since 2019: any of its forms says the same.
_ERA = "fmt2021"
_Pair = tuple[str | None, str | None]


def align_disputes(block: Block, forms: Forms) -> SubTable | None:
    """Return table 4 or the piece of it a block holds; None when the block has no figures."""
    table = forms.table(_ERA, DISPUTES)
    lines = [(line, _values(line)) for line in block.body]
    lines = [item for item in lines if len(item[1]) >= len(table.columns) and not _is_sum(item[0])]
    # Word and Excel end tables with a row of empty cells that only carries widths.
    lines = [item for item in lines if not all(cell.blank for cell in item[1])] or lines[:1]
    if not lines:
        return None
    everything, slots = _slots(block, forms)
    if not slots and (placed := _by_rows([line for line, _ in lines], everything, table)):
        return SubTable(DISPUTES, None, tuple(placed), read_as=_ERA)
    lines = [(line, _without_padding(values, slots, everything)) for line, values in lines]
    shape = shape_of([values for _, values in lines], slots)
    order = [(row.code, column.code) for row in table.rows for column in table.columns]
    pairs = [_pair(slot) for slot in slots]
    cells, damaged = _cells(slots, pairs, order, shape.cells, table)
    by_sums = bool(cells) and not _is_whole(slots, everything, len(cells), shape)
    size = len(table.columns)
    if by_sums and not all(adds_up([cell.text for cell in values], size) for _, values in lines):
        cells, damaged = [], _headings(slots)
    placed = []
    for line, values in lines:
        placed.extend(_line(line, values, slots, cells, shape, "position" if damaged else "label", order))
    return SubTable(
        DISPUTES,
        None,
        tuple(placed),
        damaged_headings=damaged,
        notes=(*(("headings_lost",) if by_sums else ()), *(() if cells else ("columns_undecided",))),
        read_as=_ERA,
    )


def _is_whole(slots: Sequence[Slot], everything: Sequence[Slot], count: int, shape: Shape) -> bool:
    """Say whether each figure stands under its own heading, and no heading is without a figure.

    Where headings and row do not agree, another damage can hide one: only sums say that nothing moved.
    """
    beside = any(slot.texts and slot.start > slots[0].start for slot in everything if slot not in slots)
    return len(slots) == count and shape.aligned and not beside


def rows_named(block: Block) -> set[str]:
    """Return the rows of the form a block names; results alone may head a table of something else."""
    return {
        code
        for line in (*headings_of(block), *block.body)
        for cell in line.cells
        for code in refs_of(cell.meaning.rows, _ERA, DISPUTES)
    }


def _values(line: Line) -> tuple[Seen, ...]:
    return cut(line, ()).values


def _is_sum(line: Line) -> bool:
    """Return whether a row is named a sum; the one row of figures of the form has no name."""
    meaning = next((cell.meaning for cell in line.cells if cell.own and not cell.blank), None)
    return meaning is not None and (meaning.furniture == "subtotal" or bool(meaning.columns))


def _without_padding(
    values: tuple[Seen, ...], slots: Sequence[Slot], everything: Sequence[Slot]
) -> tuple[Seen, ...]:
    """Return a row without the blank cells of columns that are blank in the headings too."""
    empty = {slot.start for slot in everything if slot not in slots and not slot.texts}
    kept = tuple(cell for cell in values if not cell.blank or cell.start not in empty)
    return kept if len(kept) == len(slots) else values


def _by_rows(lines: Sequence[Line], slots: Sequence[Slot], table: FormTable) -> list[Placed]:
    """Return the cells of a print that names reviews and suits in rows, the five results above."""
    columns = [_pair(slot)[1] for slot in slots]
    named = [slot for slot, column in zip(slots, columns, strict=True) if column is not None]
    codes = [column for column in columns if column is not None]
    rows = [row for line in lines if (row := _row_named(line)) is not None]
    names = {name for name, _ in rows}
    if sorted(codes) != sorted(column.code for column in table.columns) or len(names) < len(lines):
        return []
    shape = shape_of([values for _, values in rows], named)
    in_order = codes == [column.code for column in table.columns]
    placed: list[Placed] = []
    for line, (name, values) in zip(lines, rows, strict=True):
        found = place(values, named, shape, in_order=in_order, complete=True)
        placed.extend(emit(line, values, found, [(name, column) for column in codes], "label"))
    return placed


def _row_named(line: Line) -> tuple[str, tuple[Seen, ...]] | None:
    """Return the row of the form a printed row names, and the cells behind its name."""
    own = [cell for cell in line.cells if cell.own]
    for place_of_name, cell in reversed(list(enumerate(own))):
        if codes := refs_of(cell.meaning.rows, _ERA, DISPUTES):
            return codes[-1], tuple(own[place_of_name + 1 :])
    return None


def _slots(block: Block, forms: Forms) -> tuple[list[Slot], list[Slot]]:
    """Return all columns the headings show, and those below the name of reviews or suits."""

    def is_group(cell: Seen) -> bool:
        return any(ref[1] == DISPUTES for ref in (*cell.meaning.rows, *cell.meaning.groups))

    slots = read_slots(headings_of(block), is_group, forms.names)
    return slots, [slot for slot in slots if slot.above]


def _pair(slot: Slot) -> _Pair:
    rows = [code for meaning in slot.above for code in refs_of(meaning.rows, _ERA, DISPUTES)]
    columns = [code for meaning in slot.meanings for code in refs_of(meaning.columns, _ERA, DISPUTES)]
    # Two names above one column: the headings are torn, and neither is its own.
    return (rows[-1] if len(set(rows)) == 1 else None, columns[0] if columns else None)


def _cells(
    slots: Sequence[Slot],
    pairs: Sequence[_Pair],
    order: Sequence[tuple[str, str]],
    usual: int,
    table: FormTable,
) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Return the (row, column) of each printed column, and the damaged headings when places decided."""
    whole = [(row, column) for row, column in pairs if row is not None and column is not None]
    in_order = [cell for cell in order if cell in whole] == whole
    # Columns in another order of which one is missing: a group heading stands over a column of the next.
    # A result missing in the headings and one in the row need not be the same.
    groups = Counter(row for row, _ in whole)
    if len(whole) == len(pairs) == usual == len(set(whole)) and (in_order or usual == len(order)):
        return (whole, ()) if set(groups.values()) == {len(table.columns)} else ([], _headings(slots))
    if usual != len(order):
        named = {row for row, _ in pairs}
        only = named.pop() if len(named) == 1 else None
        order = [pair for pair in order if pair[0] == only]
    if len(order) != usual or not slots:
        return [], _headings(slots)
    if len(slots) == usual and not all(_fits(*item, table) for item in zip(slots, pairs, order, strict=True)):
        return [], _headings(slots)
    known = [row for row, _ in pairs if row is not None]
    codes = [row.code for row in table.rows]
    if known != sorted(known, key=codes.index):
        return [], _headings(slots)
    damaged = tuple(
        slot.heading for slot, pair in zip(slots, pairs, strict=True) if None in pair or len(slots) != usual
    )
    return list(order), damaged or ("",)


def _headings(slots: Sequence[Slot]) -> tuple[str, ...]:
    return tuple(slot.heading for slot in slots)


def _fits(slot: Slot, pair: _Pair, cell: tuple[str, str], table: FormTable) -> bool:
    row, column = pair
    if row is not None and row != cell[0]:
        return False
    if column is not None:
        return column == cell[1]
    return is_remnant(slot.texts, table.column_index[cell[1]].label)


def _line(
    line: Line,
    values: Sequence[Seen],
    slots: Sequence[Slot],
    cells: Sequence[tuple[str, str]],
    shape: Shape,
    method: Method,
    order: Sequence[tuple[str, str]],
) -> list[Placed]:
    if not cells:
        raw = " | ".join(cell.text for cell in values)
        if all(cell.blank for cell in values):
            return [Placed(row, column, "", method, where(values[0], line)) for row, column in order]
        return [
            Placed(row, column, raw, method, where(values[0], line), "ambiguous", UNDECIDED)
            for row, column in order
        ]
    in_order = [cell for cell in order if cell in cells] == list(cells)
    if slots and values[0].start < slots[0].start:
        found = [Found(tuple(range(len(cells))), None)]  # something stands in front of the first column
    elif len(slots) == len(cells):
        found = place(values, slots, shape, in_order=in_order, complete=True)
    elif len(values) == len(cells):
        found = [Found((index,), cell) for index, cell in enumerate(values)]
    else:
        found = [Found(tuple(range(len(cells))), None)]
    return list(emit(line, values, found, cells, method))
