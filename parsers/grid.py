"""Where the cells of a table stand: the table algorithm of browsers on plain tuples, hostile spans clamped.

Geometry only. What a cell means is decided elsewhere; no text is read here.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from parsers.document import Cell

MAX_COLUMNS = 1_000
MAX_ROWS = 65_534
MAX_COVERED = 500_000
"""Grid places all cells of one table may cover together; later cells count as 1 x 1."""
PLAUSIBLE_COLUMN_SPAN = 64
"""Wider cells ("span everything") take the room their row leaves them and never widen the table."""

RawCell: TypeAlias = tuple[str, int, int]
"""Text, rowspan (0: to the end of the section), colspan."""


class Layout(NamedTuple):
    """Rows of cells at their origins, the width in grid columns, and codes of what had to be clamped."""

    rows: tuple[tuple[Cell, ...], ...]
    width: int
    notes: tuple[str, ...] = ()


def read_span(value: str | None, highest: int, *, zero: int = 1) -> int:
    """Return a span as browsers read it: leading digits or 1, "0" as `zero`, at most `highest`."""
    if not value:
        return 1
    text = value.lstrip(" \t\n\r\f").removeprefix("+")
    end = 0
    while end < len(text) and end < 12 and text[end] in "0123456789":
        end += 1
    number = int(text[:end]) if end else 1
    return min(number, highest) if number else zero


def lay_out_sections(sections: Sequence[Sequence[Sequence[RawCell]]]) -> Layout:
    """Place the cells of a table whose sections (thead, tbody, tfoot) are given in the order they are shown.

    A rowspan never leaves its section. Each result row holds the cells that start in it, left to right; where
    cells overlap, as browsers allow, the rectangles overlap and the note cells_overlap is given. Time and
    memory are bounded by the number of cells and `MAX_COLUMNS`, whatever the spans say.
    """
    placing = _Placing(_cut(sections), 0)
    if placing.oversized:
        placing = _Placing(_cut(sections), placing.width)
    return Layout(tuple(placing.rows), placing.width, tuple(sorted(placing.notes)))


def _cut(sections: Sequence[Sequence[Sequence[RawCell]]]) -> list[Sequence[Sequence[RawCell]]]:
    room = MAX_ROWS
    kept: list[Sequence[Sequence[RawCell]]] = []
    for section in sections:
        kept.append(section[:room])
        room -= len(kept[-1])
    return kept


class _Placing:
    """One pass over a table; `target` is the width implausibly wide cells may fill, 0 while not known."""

    def __init__(self, sections: Sequence[Sequence[Sequence[RawCell]]], target: int) -> None:
        self.rows: list[tuple[Cell, ...]] = []
        self.notes: set[str] = set()
        self.width = 0
        self.oversized = False
        self._target = target
        self._room = MAX_COVERED
        self._summed: tuple[Sequence[RawCell], list[int]] = ((), [])
        """The row summed last, and the columns its cells ask for, up to each of them."""
        for section in sections:
            if any(row_span != 1 for row in section for _, row_span, _ in row):
                self._place_section(section)
            else:
                self._place_flat(section)

    def _place_flat(self, section: Sequence[Sequence[RawCell]]) -> None:
        """Place rows without rowspans: every cell stands right of the one before it."""
        for row in section:
            number = len(self.rows)
            column = 0
            placed = []
            for index, (text, _, column_span) in enumerate(row):
                if column >= MAX_COLUMNS:
                    self.notes.add("columns_clamped")
                    break
                if column_span != 1:
                    column_span = self._column_span(row, index, column, max(0, self._target - column))
                self._room -= column_span
                placed.append(Cell(text, number, column, 1, column_span))
                column += column_span
            self.width = max(self.width, column)
            self.rows.append(tuple(placed))

    def _place_section(self, section: Sequence[Sequence[RawCell]]) -> None:
        """Place the rows of one section; `free_from[c]` is the first row in which column c is free."""
        end = len(self.rows) + len(section)
        free_from: list[int] = []
        for row in section:
            number = len(self.rows)
            column = 0
            placed = []
            for index, (text, row_span, column_span) in enumerate(row):
                while column < len(free_from) and free_from[column] > number:
                    column += 1
                if column >= MAX_COLUMNS:
                    self.notes.add("columns_clamped")
                    break
                if column_span == 1 and row_span == 1:
                    # The hot case: such a cell covers nothing that a later row could meet.
                    self._room -= 1
                    placed.append(Cell(text, number, column))
                    column += 1
                    continue
                if column_span != 1:
                    free = self._free(free_from, number, column) if column_span > PLAUSIBLE_COLUMN_SPAN else 0
                    column_span = self._column_span(row, index, column, free)
                if row_span != 1:
                    row_span = self._row_span(row_span, end - number, column_span)
                self._room -= row_span * column_span
                placed.append(Cell(text, number, column, row_span, column_span))
                self._cover(free_from, number, column, number + row_span, column + column_span)
                column += column_span
            if placed:
                self.width = max(self.width, placed[-1].column + placed[-1].column_span)
            self.rows.append(tuple(placed))

    def _free(self, free_from: list[int], number: int, column: int) -> int:
        """Return the columns up to the target width that no cell of an earlier row covers in this row."""
        if self._target - column > 4 * PLAUSIBLE_COLUMN_SPAN:
            return (
                self._target - column
            )  # no form is that wide; counting would cost hostile tables their bound
        return self._target - column - sum(below > number for below in free_from[column : self._target])

    def _cover(self, free_from: list[int], number: int, column: int, below: int, reach: int) -> None:
        if reach > len(free_from):
            free_from.extend([0] * (reach - len(free_from)))
        for place in range(column, reach):
            if free_from[place] > number:
                self.notes.add("cells_overlap")
            if free_from[place] < below:
                free_from[place] = below

    def _row_span(self, asked: int, left: int, column_span: int) -> int:
        """Return a rowspan within the rows `left` in the section; 0 reaches to its end."""
        if asked > left:
            self.notes.add("spans_clamped")
        span = left if asked <= 0 else min(asked, left)
        if span * column_span > max(self._room, column_span):
            self.notes.add("spans_clamped")
            return 1
        return span

    def _column_span(self, row: Sequence[RawCell], index: int, column: int, free: int) -> int:
        """Return a colspan within the grid; implausibly wide ones get what their row leaves of `free`."""
        asked = row[index][2]
        highest = MAX_COLUMNS - column
        if asked > PLAUSIBLE_COLUMN_SPAN:
            self.oversized = True
            highest = min(highest, free - self._asked_behind(row, index))
        span = max(1, min(asked, highest, self._room))
        if span < asked:
            self.notes.add("spans_clamped")
        return span

    def _asked_behind(self, row: Sequence[RawCell], index: int) -> int:
        """Return how many columns the cells of a row behind one of them ask for."""
        if self._summed[0] is not row:
            self._summed = (row, list(accumulate(span for _, _, span in row)))
        sums = self._summed[1]
        return sums[-1] - sums[index]
