"""How many cells a row has where blank ones are kept: those of its heading, or of whole rows of its kind."""

from collections import Counter
from collections.abc import Sequence

from parsers.align.ragged_parts import Entry
from parsers.align.ragged_rows import RowView
from parsers.forms import FormTable

Kind = tuple[int, int]
_NONE = frozenset({-1})
"""No width: no whole row says how many cells the names of its kind cover."""


def heading_widths(heading: RowView | None) -> frozenset[int]:
    """Return the one width the rows of a block can have, none without a heading."""
    return frozenset() if heading is None else frozenset({_total(heading)})


class RowWidths:
    """The widths of the rows of table 3; rows whose names cover as many columns are equally wide."""

    def __init__(self, entries: Sequence[Entry], count: int, table: FormTable) -> None:
        self._depth = _depths(table)
        self._count = count
        self._whole: dict[Kind, Counter[int]] = {}
        beside: set[int] = set()
        for entry in entries:
            kind = self._kind(entry)
            if kind is not None and len(entry.row.printed) == count:
                self._whole.setdefault(kind, Counter())[_total(entry.row)] += 1
                beside.add(_total(entry.row) - entry.row.before - count)
        printed = [entry for entry in entries if entry.row.printed and self._kind(entry) is not None]
        more = [_total(entry.row) - entry.row.before - count for entry in printed]
        names = [max(self._depth.values()) - self._depth[entry.code] for entry in printed]
        self._plain = beside == {0} or not any(more)
        self._covers = bool(beside - {0}) or (not beside and more == names)

    def of(self, entry: Entry) -> frozenset[int]:
        """Return the widths a row can have; none where its kind is not known."""
        kind = self._kind(entry)
        if kind is None:
            return frozenset()
        if kind in self._whole:
            return _most(self._whole[kind])
        covered = max(self._depth.values()) - kind[1] if self._covers else 0
        return frozenset({kind[0] + self._count + covered}) if self._plain or self._covers else _NONE

    def _kind(self, entry: Entry) -> Kind | None:
        depth = self._depth.get(entry.code)
        return None if depth is None else (entry.row.before, depth)


def _total(row: RowView) -> int:
    return row.cells + row.pads


def _most(totals: Counter[int]) -> frozenset[int]:
    most = max(totals.values())
    return frozenset(total for total, times in totals.items() if times == most)


def _depths(table: FormTable) -> dict[str, int]:
    """Return by row how many groups stand in front of its name."""
    parents = {group.code: group.parent for group in table.groups}
    depths = {}
    for row in table.rows:
        depth, group = 0, row.group
        while group is not None:
            depth, group = depth + 1, parents[group]
        depths[row.code] = depth
    return depths
