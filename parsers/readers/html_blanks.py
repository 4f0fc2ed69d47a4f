"""Tables that come again with other figures: read once, and then only filled in.

What is printed in the tables of a portal, figures aside, is the same to the last character from report to
report. How a table is read does not depend on the size of its figures: no label of a form holds a digit.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from parsers.document import BlankTable, FilledTable
from parsers.readers.html_tables import RawTable

_SPACE = r"(?:[ \t\r\n]++|&nbsp;)*+"
_FIGURE = re.compile(
    rf"([>\0]{_SPACE})((?:0|[1-9][0-9]{{0,7}})(?:\.[0-9]{{1,6}})?(?:万?元)?)(?={_SPACE}[<\0])"
)
"""A figure, or a sum of money, alone in its line."""
_HOLE = "<\0>"
"""Stands for a figure; no markup holds it, whether as it came or as the parser writes it out."""
_FIRST_MARK = 10_000_000
_LONGEST = 40_000
_MOST_KEPT = 128


class Reading(NamedTuple):
    """What one table was read as; None if more than a table of data came out."""

    table: RawTable | None
    cells: int


class _Known(NamedTuple):
    blank: BlankTable
    marks: int
    cells: int


class Blanks:
    """Tables read before by their markup without figures; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._known: dict[str, _Known | None] = {}

    def __len__(self) -> int:
        return len(self._known)

    def read(self, markup: str, reader: Callable[[str], Reading]) -> Reading:
        """Return what the markup of one table says; `reader` reads those that were not seen before."""
        if len(markup) > _LONGEST:
            return Reading(None, 0)
        parts = _FIGURE.split(markup)
        figures = tuple(parts[2::3])
        parts[2::3] = [_HOLE] * len(figures)
        key = "".join(parts)
        if key not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self._known.pop(next(iter(self._known)))
            parts[2::3] = [str(_FIRST_MARK + number) for number in range(len(figures))]
            self._known[key] = _blank(reader("".join(parts)), len(figures))
        known = self._known[key]
        if known is None:
            return Reading(None, 0)
        filled = FilledTable(known.blank, figures)
        return Reading(
            RawTable(known.blank.fill(figures), known.blank.width, known.marks, filled=filled), known.cells
        )


def _blank(reading: Reading, holes: int) -> _Known | None:
    """Return a table read with marks for figures as a blank; None where a mark is not one whole cell."""
    table = reading.table
    if table is None or table.lines or table.notes:
        return None
    times = Counter(cell.text for row in table.rows for cell in row)
    if any(times[str(_FIRST_MARK + number)] != 1 for number in range(holes)):
        return None
    marks = {str(_FIRST_MARK + number): number for number in range(holes)}
    places = [(0, 0)] * holes
    rows = []
    for at, row in enumerate(table.rows):
        cells = list(row)
        for place, cell in enumerate(row):
            if (number := marks.get(cell.text)) is not None:
                places[number] = (at, place)
                cells[place] = cell._replace(text="0")
        rows.append(tuple(cells))
    return _Known(BlankTable(tuple(rows), tuple(places), table.width), table.marks, reading.cells)
