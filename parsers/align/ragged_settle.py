"""Which figure of a ragged row stands in which column: by counting, and only where counting decides."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from parsers.align.ragged_rows import RowView
from parsers.document import Cell
from parsers.records import Status

FUSED = "separators_lost"
_WIDEST = 24
UNDECIDED = "columns_undecided"
UNDECIDED_ROW = "row_undecided"
TOO_MANY = "more_figures_than_columns"


class Evidence(NamedTuple):
    """What a table as a whole proves about its rows."""

    piped: bool
    """Cells are separated by pipes, so a row without figures is a row of blanks."""
    keeps: bool
    """Empty cells survived as cells."""
    running: bool
    """Cells run down the page, an empty one being a lone pipe: then a row must have its full width."""
    width: int | None
    """Cells and pads of every row of this part of the table, None where the rows disagree."""
    behind: Mapping[int, int]
    """By number of columns: empty cells behind the last figure in all complete rows with so many."""
    gaps_prove: bool
    """Empty lines count the blank cells of every row."""
    step: int
    """Empty lines a blank cell leaves; 1 or 2."""
    removed: bool
    """Lines were removed from the text: a row is certain only if the next row of the form follows it."""
    repeated: bool
    """Merged cells are printed once for each grid column they cover."""
    crowded: bool = False
    """The table has figures that belong to no column of it: a row of the right size can be short by one."""
    at_the_end: bool = True
    """An empty cell at the end of a row is an empty cell of the form, never what moved there as padding."""
    covers: bool = True
    """Empty cells in front of the figures can be what the label covers."""
    even: int | None = None
    """Width of nearly all rows, where all cells are kept: another row lost or gained a separator."""
    thin: bool = False
    """Most rows lost figures, and nothing says how many a row had."""


class Settled(NamedTuple):
    """One cell of a row for each column, in order, or the reason why not."""

    cells: tuple[Cell | None, ...]
    """None is a blank whose own cell the text has not kept."""
    status: Status | None = None
    """None: each cell is certain. Else what all cells of the row are."""
    note: str | None = None


_NOTHING = Settled(())


class Context(NamedTuple):
    """What stands around a row."""

    last: bool
    """It is the last row of its table, which may have lost its padding."""
    followed: bool
    """The next row of the form is the next row of the text."""
    span: int | None
    """Cells behind the label up to the last heading of its block; None for tables without merged figures."""
    widths: frozenset[int] = frozenset()
    """Cells a row of its kind can have where blank ones are kept; none where nothing is known."""


def settle(row: RowView, count: int, evidence: Evidence, context: Context) -> Settled:
    """Return which printed cell belongs to which of `count` columns.

    An empty result means that nothing of the row is left in the text.
    """
    printed = row.printed
    if row.fused:
        return Settled(printed[:1], "unreadable", FUSED) if printed else _NOTHING
    if not printed:
        return _without_figures(row, count, evidence, context.last)
    if row.stray:
        return Settled(printed, "ambiguous", UNDECIDED)
    if evidence.repeated and context.span is not None and context.span > count:
        return _repeated(row, count, context.span)
    if len(printed) == count:
        lost = evidence.removed and not context.followed
        thin = evidence.thin and count > 1
        if lost or thin or evidence.crowded or _has_other_cells(row, count, evidence, context):
            return Settled(printed, "ambiguous", UNDECIDED)
        return Settled(printed)
    if len(printed) > count:
        return Settled(printed, "ambiguous", TOO_MANY)
    # A row with blanks that is wider or narrower than others of its kind lost a cell, or gained one.
    narrowed = evidence.keeps and not evidence.running and bool(context.widths)
    if narrowed and row.cells + row.pads not in context.widths:
        return Settled(printed, "ambiguous", UNDECIDED)
    placed = _with_blanks(row, count, evidence, context.last)
    return Settled(placed) if placed is not None else Settled(printed, "ambiguous", UNDECIDED)


def _has_other_cells(row: RowView, count: int, evidence: Evidence, context: Context) -> bool:
    """Say whether a row with the right number of figures shows by an empty cell that it has more cells.

    Where cells run down the page, or no figure is merged, the figures of one row stand side by
    side. Figures of a block may be merged only where its headings have empty cells between them.
    """
    if evidence.running:
        return _has_blank_inside(row) or (evidence.keeps and not row.values[0].text)
    if context.span is not None:
        beside = not row.values[0].text or _has_blank_inside(row)
        return evidence.keeps and context.span == count and beside
    in_front = not evidence.covers and not row.values[0].text
    return evidence.keeps and (in_front or _has_blank_inside(row))


def _has_blank_inside(row: RowView) -> bool:
    """Say whether an empty cell stands between figures that are already as many as the columns."""
    return row.printed[-1].column - row.printed[0].column >= len(row.printed)


def _without_figures(row: RowView, count: int, evidence: Evidence, last: bool) -> Settled:
    # Without its whole width a row can have lost its figures, at the end of a cut text or anywhere else.
    if evidence.piped and _is_whole(row, count, evidence):
        blanks: list[Cell | None] = list(row.values[:count])
        return Settled((*blanks, *[None] * (count - len(blanks))))
    if evidence.gaps_prove and not last and row.gaps and _blanks(row.gaps[-1], evidence.step) == count:
        return Settled((None,) * count)
    return _NOTHING


def _is_whole(row: RowView, count: int, evidence: Evidence) -> bool:
    """Say whether a row without figures has the cells or the padding of a whole row."""
    if evidence.keeps and not evidence.running:
        return len(row.values) + row.pads >= count
    total = row.before + len(row.values) + row.pads
    return total == evidence.width and (len(row.values) >= count or not row.values)


def _with_blanks(row: RowView, count: int, evidence: Evidence, last: bool) -> tuple[Cell | None, ...] | None:
    if evidence.gaps_prove:
        return _by_gaps(row, count, evidence.step, last)
    if not evidence.keeps or evidence.even not in (None, row.cells + row.pads):
        return None
    if evidence.running:
        return _by_width(row, count, evidence.width, last)
    if not evidence.at_the_end:
        return None
    if len(row.values) == count and (not row.pads or row.cells + row.pads == evidence.width):
        return row.values
    return _from_the_right(row, count, evidence)


def _by_width(row: RowView, count: int, width: int | None, last: bool) -> tuple[Cell | None, ...] | None:
    total = row.before + len(row.values) + row.pads
    values = row.values
    if (
        width is not None
        and total == width
        and not row.pads
        and len(values) == count + 1
        and not values[-1].text
    ):
        values = values[:-1]  # the lone pipe at the end is the padding of a merged cell
    if len(values) != count:
        return None
    whole = width is not None and (total == width or (last and row.before + count == total < width))
    return values if whole else None


def _by_gaps(row: RowView, count: int, step: int, last: bool) -> tuple[Cell | None, ...] | None:
    placed: list[Cell | None] = []
    for cell, gap in zip(row.values, row.gaps, strict=False):
        placed.extend([None] * _blanks(gap, step))
        placed.append(cell)
    if not last:  # behind the last row is the distance to the text below
        placed.extend([None] * (count - len(placed)))
    return tuple(placed) if len(placed) == count else None


def _blanks(gap: int, step: int) -> int:
    return gap // step


def _from_the_right(row: RowView, count: int, evidence: Evidence) -> tuple[Cell | None, ...] | None:
    """Return the cells in the columns where all complete rows of the table have their figures."""
    behind = evidence.behind.get(count)
    if behind is None or row.pads:
        return None
    end = len(row.values) - behind
    first = end - count
    if (
        first < 0
        or (first and not evidence.covers)
        or any(cell.text for cell in (*row.values[:first], *row.values[end:]))
    ):
        return None
    return row.values[first:end]


def _repeated(row: RowView, count: int, span: int) -> Settled:
    """Return the figures of a row that repeats merged cells, if only one reading exists."""
    label = row.label or row.values[0]
    blanks = (Cell("", label.row, label.column) for _ in range(row.pads))
    values = (*row.values, *blanks)[:span]
    readings = _readings(tuple(cell.text for cell in values), count) if len(values) == span else []
    if len(readings) != 1 or any(cell.text for cell in row.values[span:]):
        return Settled(row.printed, "ambiguous", UNDECIDED)
    return Settled(tuple(values[start] for start in readings[0]))


def _readings(texts: Sequence[str], count: int) -> list[tuple[int, ...]]:
    """Return every reading of a row as `count` runs of equal cells, by places where its runs can begin.

    Ways to cut a row that give the same figures are one reading.
    """
    partial: dict[tuple[str, ...], tuple[int, ...]] = {(texts[0],): (0,)} if 0 < len(texts) <= _WIDEST else {}
    for at, text in enumerate(texts[1:], 1):
        grown: dict[tuple[str, ...], tuple[int, ...]] = {}
        for read, starts in partial.items():
            if text == read[-1]:
                grown.setdefault(read, starts)
            if len(starts) < count:
                grown.setdefault((*read, text), (*starts, at))
        partial = grown
    return [starts for starts in partial.values() if len(starts) == count]
