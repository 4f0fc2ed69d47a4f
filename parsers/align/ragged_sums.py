"""Rows of table 3 that lost their blank cells: the sums of the columns may leave one place for each."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from parsers.align.placement import Placed
from parsers.align.ragged_parts import Entry
from parsers.align.ragged_place import blank_cell
from parsers.align.ragged_settle import UNDECIDED
from parsers.align.sums import is_plain
from parsers.records import Where

# The balance printed in the corner of the table: one plus two is three plus four.
_INCOMING = ("received", "carried_in")
_OUTGOING = ("concluded", "carried_forward")
_CONCLUDED = "concluded"
_Figures = Mapping[str, Sequence[int]]


def place_by_sums(
    entries: Sequence[Entry], placed: list[Placed], columns: Sequence[str], rows: Sequence[str]
) -> list[Placed]:
    """Return the cells of table 3, a row with too few figures placed where only one placement adds up.

    A row is placed only if whole rows around it fix the sum of every column, if its figures fit those sums in
    one way, a blank counting as nothing, and if all sums that apply agree. `rows` are the rows of the form.
    """
    by_row: dict[str, list[Placed]] = {}
    for cell in placed:
        by_row.setdefault(cell.row, []).append(cell)
    whole = {
        code: figures for code, cells in by_row.items() if (figures := _whole(cells, columns)) is not None
    }
    chosen: dict[str, list[Placed]] = {}
    for entry in entries:
        cells = by_row.get(entry.code, [])
        if (
            entry.code in rows
            and len(cells) == len(columns)
            and all(cell.note == UNDECIDED for cell in cells)
        ):
            found = _only_placement(entry, _expected(entry.code, whole, rows, len(columns)))
            if found is not None:
                chosen[entry.code] = _cells(entry, found, columns)
    if not chosen:
        return placed
    kept = [cell for cell in placed if cell.row not in chosen]
    return [*kept, *(cell for cells in chosen.values() for cell in cells)]


def _whole(cells: Sequence[Placed], columns: Sequence[str]) -> tuple[int, ...] | None:
    if [cell.column for cell in cells] != list(columns) or any(cell.status is not None for cell in cells):
        return None
    figures = [_figure(cell.raw) for cell in cells]
    return tuple(figure for figure in figures if figure is not None) if None not in figures else None


def _figure(raw: str) -> int | None:
    """Return a plain number; digits behind a zero are figures that ran together."""
    plain = is_plain(raw)
    return int(raw) if plain and (raw == "0" or raw[0] != "0") else None


def _expected(code: str, whole: _Figures, rows: Sequence[str], count: int) -> list[tuple[int, ...]]:
    """Return what the row must hold by each sum that applies, one figure for each column."""
    found = []
    for side, other in ((_INCOMING, _OUTGOING), (_OUTGOING, _INCOMING)):
        if code in side:
            beside = [row for row in side if row != code]
            found.append(_difference(other, beside, whole, count))
    leaves = [row for row in rows if row not in (*_INCOMING, *_OUTGOING)]
    if code == _CONCLUDED:
        found.append(_difference(leaves, (), whole, count))
    elif code in leaves:
        found.append(_difference((_CONCLUDED,), [row for row in leaves if row != code], whole, count))
    return [figures for figures in found if figures is not None]


def _difference(
    plus: Sequence[str], minus: Sequence[str], whole: _Figures, count: int
) -> tuple[int, ...] | None:
    if not all(row in whole for row in (*plus, *minus)):
        return None
    return tuple(
        sum(whole[row][at] for row in plus) - sum(whole[row][at] for row in minus) for at in range(count)
    )


def _only_placement(entry: Entry, expected: Sequence[tuple[int, ...]]) -> tuple[int, ...] | None:
    """Return the columns of the printed figures in order, None unless exactly one choice fits all sums."""
    figures = [_figure(cell.text) for cell in entry.row.printed]
    if not expected or len(set(expected)) != 1 or None in figures:
        return None
    sums = expected[0]
    fits = [
        places
        for places in combinations(range(len(sums)), len(figures))
        if [sums[at] for at in places] == figures
        and not any(figure for at, figure in enumerate(sums) if at not in places)
    ]
    return fits[0] if len(fits) == 1 else None


def _cells(entry: Entry, places: Sequence[int], columns: Sequence[str]) -> list[Placed]:
    row = entry.row
    printed = dict(zip(places, row.printed, strict=True))
    cells = []
    for at, column in enumerate(columns):
        cell = printed.get(at)
        if cell is None:
            cells.append(blank_cell(entry, column, "position"))
        else:
            where = Where(row.table, row.number, cell.column)
            cells.append(Placed(entry.code, column, cell.text, "position", where))
    return cells
