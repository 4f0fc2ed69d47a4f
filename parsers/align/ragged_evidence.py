"""What the rows of a ragged table prove together: its width, where figures end, what empty lines mean."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from parsers.align.ragged_rows import RowView
from parsers.align.ragged_settle import Evidence
from parsers.align.sums import adds_up
from parsers.document import Table
from parsers.readers.text_labels import word

_RUNNING_FORMS = frozenset("CDG")
_FEWEST_AGREEING = 2
_MOST_LONG_ROWS = 2
_ROWS_OF_A_PAGE = 6
_LONGEST_HEADING = 6
_FEWEST_LONGER = 4
_EVEN = 0.7
"""Share of the rows of a table that are equally wide where each keeps all its cells."""


class Manner(NamedTuple):
    """How a text prints its tables, as its rows show without their meaning."""

    repeated: bool
    """Merged cells are printed for each column they cover, see `repeats`."""
    inside: bool
    """Empty cells are kept in front of printed ones, see `keeps_inside`."""
    fills: bool
    """Rows that need fewer cells than others end in empty ones, see `fills_rows`."""
    aligned: int | None = None
    """Width of the rows whose cells stand in the columns of one grid, see `keeps_places`."""


def weigh(
    table: Table,
    rows: Sequence[tuple[RowView, int]],
    headings: Sequence[RowView],
    manner: Manner,
    *,
    labels: int,
    merged: bool = False,
    totals: bool = False,
) -> Evidence:
    """Return what one part of a table proves; `rows` are its data rows with the figures of a whole one.

    `labels` says how many columns of labels the form has, `merged` that figures may cover several columns, so
    that empty cells stand between those of a row, `totals` that the last figure is the sum of the others.
    """
    running = table.form in _RUNNING_FORMS
    step = _gap_step(table, rows, headings)
    keeps = table.keeps_blanks and (not running or _keeps_bars(rows))
    width = _width([row for row, _ in rows] + list(headings)) if table.pads else None
    removed = table.form == "I" or (step is None and _lost_figures(table, rows))
    by_form = width == labels + max((count for _, count in rows), default=0)
    return Evidence(
        piped=bool(table.pads),
        keeps=keeps,
        running=running,
        width=width,
        behind=_behind(rows, len(table.rows) - 1),
        gaps_prove=step is not None,
        step=step or 1,
        removed=removed,
        repeated=manner.repeated,
        crowded=not manner.repeated
        and _is_crowded(
            rows, headings, keeps=table.keeps_blanks and not merged and not running, removed=removed
        ),
        at_the_end=manner.inside or not manner.fills,
        covers=_may_cover(rows),
        even=_even_rows(rows) if keeps and not running else None,
        thin=not keeps
        and step is None
        and not by_form
        and table.form != "I"
        and _is_thin(rows, totals=totals),
    )


def _is_thin(rows: Sequence[tuple[RowView, int]], *, totals: bool) -> bool:
    """Say whether so many rows lost figures that a whole one may be a longer one that lost one of them.

    If rows had a figure more and lost so many at random, some would still have it; too few of them expected
    is no proof. Whole rows that all end in their sum are one: no row with a figure more does.
    """
    printed = [(len(row.printed), count) for row, count in rows if row.printed and count > 1]
    whole = [row for row, count in rows if len(row.printed) == count > 1]
    short = sum(size < count for size, count in printed)
    if not short:
        return False
    if not totals:
        return short > len(whole)
    kept = sum(size / (count + 1) for size, count in printed) / len(printed)
    longer = len(whole) * kept / ((1 - kept) * (max(count for _, count in printed) + 1))
    return longer < _FEWEST_LONGER and not (all(map(_adds_up, whole)) and any(map(_last, whole)))


def _adds_up(row: RowView) -> bool:
    return adds_up([cell.text for cell in row.printed], len(row.printed))


def _last(row: RowView) -> int:
    return int(row.printed[-1].text)


def _is_crowded(
    rows: Sequence[tuple[RowView, int]], headings: Sequence[RowView], *, keeps: bool, removed: bool
) -> bool:
    """Say whether rows have figures of another kind among their own: serial numbers, remarks, more columns.

    One row too long can be a page number; more of them, or rows too short beside it, show a column.
    """
    if keeps and any(_places_used(rows, count) > count for count in {count for _, count in rows}):
        return True
    over = sum((_extent(row) if keeps else len(row.printed)) > count for row, count in rows)
    short = removed or any(0 < len(row.printed) < count for row, count in rows)
    unknown = any(_is_unknown(cell.text) for row in headings for cell in row.heads)
    return over > min(_MOST_LONG_ROWS, len(rows) // _ROWS_OF_A_PAGE) or (short and (over > 0 or unknown))


def _places_used(rows: Sequence[tuple[RowView, int]], count: int) -> int:
    """Return in how many places rows of so many columns have figures, counted from their labels or ends."""
    whole = [row for row, size in rows if size == count and not row.pads]
    from_label = {cell.column - row.before for row in whole for cell in row.printed}
    from_end = {row.cells - cell.column for row in whole for cell in row.printed}
    return min(len(from_label), len(from_end))


def _may_cover(rows: Sequence[tuple[RowView, int]]) -> bool:
    """Say whether empty cells in front of figures can be covered by labels: some row has none to spare."""
    behind = {len(row.values) + row.pads for row, _ in rows}
    even = even_width([_total(row) for row, _ in rows]) is not None and len(behind) != 1
    return even or len(rows) == 1 or any(len(row.values) + row.pads == count for row, count in rows)


def _extent(row: RowView) -> int:
    """Return how many cells there are from the first figure of a row to its last."""
    return row.printed[-1].column - row.printed[0].column + 1 if row.printed else 0


def _is_unknown(text: str) -> bool:
    """Say whether a heading names a column no form has."""
    found = word(text)
    return 1 < len(text) <= _LONGEST_HEADING and found.kind == "other" and not found.damaged


def keeps_inside(tables: Iterable[Table]) -> bool:
    """Say whether an empty cell stands in front of a printed one somewhere.

    Without one the writer may have dropped empty cells and filled the rows up at their ends.
    """
    return any(
        not before.text and behind.text
        for table in tables
        for row in table.rows
        for before, behind in pairwise(row)
    )


def fills_rows(table: Table) -> bool:
    """Say whether rows that need fewer cells than others end in empty ones."""
    return any(len(row) > 1 and row[0].text and not row[-1].text for row in table.rows)


def _lost_figures(table: Table, rows: Sequence[tuple[RowView, int]]) -> bool:
    """Say whether figures were dropped from a text without row ends: then a lost label can join two rows."""
    return table.form == "A" and any(0 < len(row.printed) < count for row, count in rows)


def _keeps_bars(rows: Sequence[tuple[RowView, int]]) -> bool:
    """Say whether a lone pipe is an empty cell: it can also be padding where empty cells were dropped.

    Proof is a lone pipe with a cell behind it in its row. A padded row with too few cells disproves it.
    """
    proof = False
    for row, count in rows:
        if row.pads and row.printed and len(row.values) < count:
            return False
        inside = row.values[:-1]
        proof = proof or any(not cell.text for cell in inside)
    return proof


def _width(rows: Sequence[RowView]) -> int | None:
    """Return the width most rows have, None where no two agree or two widths are as common."""
    totals = Counter(_total(row) for row in rows)
    ranked = totals.most_common(2)
    if not ranked or ranked[0][1] < _FEWEST_AGREEING:
        return None
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] > ranked[1][1] else None


def even_width(totals: Sequence[int]) -> int | None:
    """Return the width of all rows but a few, which then lost a separator or gained one; None without one."""
    ranked = Counter(totals).most_common(1)
    return ranked[0][0] if ranked and ranked[0][1] >= _EVEN * len(totals) else None


def _even_rows(rows: Sequence[tuple[RowView, int]]) -> int | None:
    """Return the width of nearly all rows, None where labels do not keep the cells they cover."""
    covered = any(len(row.values) + row.pads > count for row, count in rows)
    return even_width([_total(row) for row, _ in rows]) if covered else None


def _total(row: RowView) -> int:
    return row.cells + row.pads


def _behind(rows: Sequence[tuple[RowView, int]], last: int) -> dict[int, int]:
    """Return by number of columns how many empty cells stand behind the last figure in complete rows.

    Only for numbers of columns whose rows agree: blocks of other columns leave another room at the end. The
    last row of a padded table may have lost its pads and shows nothing.
    """
    if any(row.pads for row, _ in rows):
        rows = [item for item in rows if item[0].number != last]
    found: dict[int, set[int | None]] = {}
    for row, count in rows:
        printed = row.printed
        if len(printed) == count and len(row.values) > 0 and not row.pads:
            in_line = printed[-1].column - printed[0].column == count - 1
            behind = row.values[-1].column - printed[-1].column if in_line else None
            found.setdefault(count, set()).add(behind)
    agreed = {count: places.pop() for count, places in found.items() if len(places) == 1}
    return {count: place for count, place in agreed.items() if place is not None}


def _gap_step(table: Table, rows: Sequence[tuple[RowView, int]], headings: Sequence[RowView]) -> int | None:
    """Return how many empty lines one blank cell leaves, None where they do not count blanks in every row.

    Either each cell is followed by one separator line, then a blank adds two, or there are no separators
    and a blank adds one. A rule is accepted only if it gives every row its full width.
    """
    if not table.gaps or not rows:
        return None
    between = {gap for row in headings if not row.values for gap in table.gaps[row.number][1:-1]}
    for step, normal in ((2, 1), (1, 0)):
        if between - {normal}:
            continue
        if all(_full(row, count, step, normal, row.number == len(table.rows) - 1) for row, count in rows):
            return step
    return None


def _full(row: RowView, count: int, step: int, normal: int, last: bool) -> bool:
    gaps = row.gaps
    if len(gaps) != len(row.values) + 1 or any(gap < normal or (gap - normal) % step for gap in gaps[:-1]):
        return False
    inside = len(row.values) + sum((gap - normal) // step for gap in gaps[:-1])
    # What follows the last row is running text, whose distance may be of another kind.
    if last:
        return inside <= count
    behind = gaps[-1] - normal
    return behind >= 0 and behind % step == 0 and inside + behind // step == count


def repeats(table: Table) -> bool:
    """Say whether merged cells are printed for each column they cover: captions or corners repeat."""
    for row in table.rows:
        texts = [cell.text for cell in row]
        if len(texts) >= 3 and texts[0] and len(set(texts)) == 1 and not texts[0].isdigit():
            return True
    return any(
        len(row) >= 3
        and row[0].text
        and row[0].text == row[1].text == row[2].text
        and not row[0].text.isdigit()
        for row in table.rows
    )
