"""A year printed in front of the fifteen figures of table 4: only their sums tell it from a figure."""

import re
from collections.abc import Sequence

from parsers.align.ragged_rows import RowView
from parsers.document import Cell

_YEAR = re.compile(r"(?:19|20)\d\d")
_GROUP = 5
"""Figures of one group: four results and their total."""


def without_year(row: RowView, count: int) -> RowView:
    """Return the row without a year in front of as many figures as there are columns, if their sums hold."""
    printed = row.printed
    if not _begins_with_year(printed) or not adds_up(printed[1:], count):
        return row
    behind = row.values.index(printed[0]) + 1
    return row._replace(values=row.values[behind:], gaps=row.gaps[behind:])


def may_be_year(row: RowView, count: int) -> bool:
    """Say whether nothing tells if the first figure of a row is a year."""
    printed = without_year(row, count).printed
    return _begins_with_year(printed) and not adds_up(printed, count)


def _begins_with_year(printed: Sequence[Cell]) -> bool:
    return bool(printed) and _YEAR.fullmatch(printed[0].text) is not None


def adds_up(cells: Sequence[Cell], count: int) -> bool:
    """Say whether there are so many figures and every group of them ends in the sum of the others."""
    if len(cells) != count or not all(cell.text.isascii() and cell.text.isdigit() for cell in cells):
        return False
    figures = [int(cell.text) for cell in cells]
    groups = [figures[at : at + _GROUP] for at in range(0, len(figures), _GROUP)]
    return all(sum(group[:-1]) == group[-1] for group in groups)
