"""Columns: from heading rows to an ordered list of columns, and from the cells of a row to these columns.

A figure finds its column by the order of the cells in its row. Where the number of cells differs, only cells
whose place in the grid leaves no doubt are given a column; all others are uncertain. Merged figures are never
repeated.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from parsers.align.lines import Line, Seen
from parsers.forms import Meaning, Names

_LONGEST_HEADING = 20


class Slot(NamedTuple):
    """One column of figures as its heading shows it."""

    start: int
    end: int
    texts: tuple[str, ...]
    """Heading cells above the figures, top to bottom, without blanks and groups."""
    meanings: tuple[Meaning, ...]
    """Meaning of all texts together, then of each, the lowest first."""
    above: tuple[Meaning, ...]
    """Meanings of the group headings above, top to bottom."""

    @property
    def heading(self) -> str:
        """The heading as printed, on one line."""
        return " ".join(self.texts)


class Found(NamedTuple):
    """A cell of a row and the columns it may belong to."""

    slots: tuple[int, ...]
    """Ordinals of the columns; one when the place is certain."""
    cell: Seen | None
    """None: which cell of the row it is cannot be said."""


def read_slots(headings: Sequence[Line], is_group: Callable[[Seen], bool], names: Names) -> list[Slot]:
    """Return the columns the heading rows show, left to right; headings that span others go to `above`."""
    ends: dict[int, int] = {}
    for line in headings:
        for cell in line.cells:
            if not is_group(cell):
                ends[cell.start] = min(cell.end, ends.get(cell.start, cell.end))
    slots = []
    for start in sorted(ends):
        over = [_over(line, start) for line in headings]
        printed = [cell for cell in over if cell is not None and cell.own and not cell.blank]
        own = [cell for cell in printed if not is_group(cell)]
        meanings = tuple(cell.meaning for cell in reversed(own))
        if len(own) > 1:
            meanings = (names.meaning("".join(cell.text for cell in own)), *meanings)
        above = tuple(cell.meaning for cell in printed if is_group(cell))
        slots.append(Slot(start, ends[start], tuple(cell.text for cell in own), meanings, above))
    return slots


def _over(line: Line, column: int) -> Seen | None:
    return next((cell for cell in line.cells if cell.start <= column < cell.end), None)


def figure_slots(
    slots: list[Slot], is_column: Callable[[Slot], bool], rows: Sequence[Sequence[Seen]], expected: int
) -> list[Slot]:
    """Return the slots over figures: not those over row labels, no blank ones beyond `expected`.

    A heading such as 单位 or 代码 that stands over the first cells behind the labels is kept: those cells are
    in the rows, and without it all figures would move by one column.
    """
    firsts = Counter(row[0].start for row in rows if row)
    first_value = firsts.most_common(1)[0][0] if firsts else 0
    first = 0
    while first < len(slots) and not is_column(slots[first]):
        slot = slots[first]
        corner = slot.end <= first_value or len(slot.heading) > _LONGEST_HEADING
        over_figures = bool(firsts) and slot.start >= first_value
        if not corner and (over_figures or not any(meaning.furniture for meaning in slot.meanings)):
            break
        first += 1
    kept = slots[first:]
    while len(kept) > expected and not kept[-1].texts:
        kept.pop()
    return kept


class Shape(NamedTuple):
    """What the rows of a block have in common."""

    cells: int
    """Figure cells most rows have."""
    end: int
    """Grid column behind the last cell of most of those rows."""
    aligned: bool
    """True when the figures of most rows start exactly where the columns of the headings start."""
    padding: int
    """Last cells that are blank in all those rows."""


def shape_of(rows: Sequence[Sequence[Seen]], slots: Sequence[Slot]) -> Shape:
    """Return what the rows of a block have in common; of two equally common sizes that of the headings."""
    counts = Counter(len(row) for row in rows)
    count = max(counts, key=lambda size: (counts[size], size == len(slots), size)) if counts else 0
    usual = [row for row in rows if row and len(row) == count]
    ends = Counter(row[-1].end for row in usual)
    starts = [slot.start for slot in slots]
    aligned = sum(len(row) >= len(starts) and _starts(row)[: len(starts)] == starts for row in rows)
    padding = 0
    while padding < count and all(row[count - 1 - padding].blank for row in usual):
        padding += 1
    end = max(ends, key=lambda column: (ends[column], column)) if ends else 0
    return Shape(count, end, bool(starts) and 2 * aligned > len(rows), padding)


def _starts(row: Sequence[Seen]) -> list[int]:
    return [cell.start for cell in row]


def place(
    cells: Sequence[Seen], slots: Sequence[Slot], shape: Shape, *, in_order: bool, complete: bool
) -> list[Found]:
    """Return which cell of a row belongs to which column.

    `in_order`: the headings are those of the form in its order; `complete`: no column of the form is missing.
    A row with as many figures as there are columns is read in order; headings in another order must stand
    exactly above their figures. A row that has another number of cells than most has lost or gained one: then
    only a geometry that is complete and holds for the other rows can speak.
    """
    everything = tuple(range(len(slots)))
    spare = shape.cells - len(slots)
    if len(cells) == shape.cells and (spare == 0 or (complete and 0 < spare <= shape.padding)):
        stretched = shape.aligned and _is_stretched(cells, slots)
        if (in_order or shape.aligned) and not stretched:
            return [Found((index,), cell) for index, cell in enumerate(cells[: len(slots)])]
        return [Found(everything, None)]
    if len(cells) == 1 and cells[0].end >= shape.end:
        return [Found(everything, cells[0])]
    if spare > 0 or not cells or not shape.aligned or not complete or cells[-1].end != shape.end:
        return [Found(everything, None)]
    if cells[0].start > slots[0].start:
        return [Found(everything, None)]  # the name stands where the first figure should: the row has slipped
    return _by_cover(cells, slots)


def _is_stretched(cells: Sequence[Seen], slots: Sequence[Slot]) -> bool:
    """Return whether a row has a cell wider than its heading that moves the others away from theirs.

    A figure may have been merged with the next one, and a cell more may make up for it.
    """
    wider = any(
        cell.end - cell.start > slot.end - slot.start for cell, slot in zip(cells, slots, strict=False)
    )
    return wider and any(cell.start != slot.start for cell, slot in zip(cells, slots, strict=False))


def _by_cover(cells: Sequence[Seen], slots: Sequence[Slot]) -> list[Found]:
    found: list[Found] = []
    taken: set[int] = set()
    for cell in cells:
        covered = tuple(i for i, slot in enumerate(slots) if cell.start <= slot.start < cell.end)
        exact = bool(covered) and cell.start == slots[covered[0]].start
        if (not exact and not cell.blank) or taken & set(covered):
            return [Found(tuple(range(len(slots))), None)]
        if covered:
            found.append(Found(covered, cell))
            taken |= set(covered)
    return found
