"""A year printed in front of the fifteen figures of table 4: only their sums tell it from a figure."""

import re
from collections.abc import Sequence

from parsers.align.ragged_rows import RowView
from parsers.align.sums import adds_up
from parsers.document import Cell

_YEAR = re.compile(r"(?:19|20)\d\d")
_GROUP = 5
"""Figures of one group: four results and their total."""


def without_year(row: RowView, count: int) -> RowView:
    """Return the row without a year in front of as many figures as there are columns, if their sums hold."""
    printed = row.printed
    if not _begins_with_year(printed) or not groups_add_up(printed[1:], count):
        return row
    behind = row.values.index(printed[0]) + 1
    return row._replace(values=row.values[behind:], gaps=row.gaps[behind:])


def may_be_year(row: RowView, count: int) -> bool:
    """Say whether nothing tells if the first figure of a row is a year."""
    printed = without_year(row, count).printed
    return _begins_with_year(printed) and not groups_add_up(printed, count)


def _begins_with_year(printed: Sequence[Cell]) -> bool:
    return bool(printed) and _YEAR.fullmatch(printed[0].text) is not None


def groups_add_up(cells: Sequence[Cell], count: int) -> bool:
    """Say whether there are so many figures and every group of them ends in the sum of the others."""
    return len(cells) == count and adds_up([cell.text for cell in cells], _GROUP)
