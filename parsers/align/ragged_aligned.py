"""Ragged tables whose covered cells survived as empty ones: every figure stands under its heading."""

from collections.abc import Iterable, Sequence

from parsers.align.ragged_columns import BLOCK_ERAS, DISPUTES, Columns
from parsers.align.ragged_evidence import even_width, repeats
from parsers.align.ragged_requests import request_code
from parsers.align.ragged_rows import RowView
from parsers.align.ragged_settle import UNDECIDED, Settled
from parsers.align.sums import adds_up
from parsers.document import Cell, Table
from parsers.forms import Forms, FormTable
from parsers.readers.text_labels import word

_RUNNING_FORMS = frozenset("CDG")
_FEWEST_SUMS = 2


def keeps_places(tables: Sequence[Table]) -> dict[int, int]:
    """Return by number the width of the tables in which cells stand in the columns of one grid.

    Rows are equally wide but for a few, which no longer stand in it. Rows begin with empty cells where a cell
    of a row above reaches down, or merged cells are repeated. A table without such rows counts where another
    table of the same text has them, if it keeps empty cells itself: a damaged one proves nothing of others.
    Where one lost blank cells, none is sure to have kept its own.
    """
    if any(table.drops_blanks for table in tables):
        return {}
    widths = {table.number: width for table in tables if (width := _width(table)) is not None}
    even = [table for table in tables if table.number in widths]
    proof = any(repeats(table) or _reaches_down(table, widths[table.number]) for table in even)
    kept = [table for table in even if table.keeps_blanks or repeats(table)]
    return {table.number: widths[table.number] for table in kept} if proof else {}


def _width(table: Table) -> int | None:
    if not table.pads or table.form in _RUNNING_FORMS or table.fused:
        return None
    return even_width([len(row) + pads for row, pads in zip(table.rows, table.pads, strict=True)])


def _reaches_down(table: Table, width: int) -> bool:
    """Say whether a whole row, not the rest of a broken one, begins with empty cells in front of a name."""
    whole = (row for row, pads in zip(table.rows, table.pads or (), strict=True) if len(row) + pads == width)
    named = (next((cell.text for cell in row if cell.text), "") for row in whole if not row[0].text)
    return any(text and word(text).kind != "value" for text in named)


def headed_places(columns: Columns, heads: Sequence[Cell]) -> Columns:
    """Return the columns of a block with the places of their headings; as they are where one is missing."""
    if len(heads) != columns.size:
        return columns
    return columns._replace(places=tuple(cell.column for cell in heads), merged=True)


def request_places(
    headings: Iterable[Sequence[Cell]], rows: Sequence[RowView], forms: Forms
) -> Columns | None:
    """Return the columns of table 3 as they stand under their headings, None where one is not named once.

    Columns of figures without a name of the form get an x_ code. Where most rows print figures behind the
    last heading or in front of the first, and no heading stands there, only sums say that none came between.
    """
    table = forms.table(BLOCK_ERAS[0], "requests")
    named: dict[str, set[int]] = {}
    texts: dict[int, str] = {}
    for cell in (cell for row in headings for cell in row):
        code = request_code(cell.text, table, forms)
        if code is not None:
            named.setdefault(code, set()).add(cell.column)
        texts[cell.column] = cell.text
    own = [column.code for column in table.columns]
    if any(len(named.get(code, ())) != 1 for code in own):
        return None
    codes = {place: code for code, places in named.items() if len(places) == 1 for place in places}
    filled = {cell.column for row in rows for cell in row.printed}
    first, *inner, last = (min(named[code]) for code in own)
    if len({first, *inner, last}) < len(own) or not first < min(inner) <= max(inner) < last:
        return None  # headings moved to the left
    if any(row.printed and row.printed[0].column < first and row.printed[-1].column < last for row in rows):
        return None  # figures moved to the left of their headings
    beside = {place for place in filled - set(codes) if not first < place < last and not texts.get(place)}
    longer = sum(any(cell.column in beside for cell in row.printed) for row in rows)
    if 2 * longer > len(rows) and not _adds_up([min(named[code]) for code in own], rows):
        return None
    for place in filled - set(codes) - (set() if 2 * longer > len(rows) else beside):
        codes[place] = f"x_column_{place}"
    if len(codes) > len(own) and not {place for place, code in codes.items() if code in own} <= filled:
        return None  # headings beside their figures
    order = sorted(codes)
    labels = tuple(texts.get(place, "") for place in order)
    return Columns(None, tuple(codes[place] for place in order), True, (), labels, tuple(order))


def _adds_up(places: Sequence[int], rows: Sequence[RowView]) -> bool:
    """Say whether the last of some columns is the sum of the others in every row, and not of zeros only."""
    printed = ({cell.column: cell.text for cell in row.printed} for row in rows)
    figures = [[texts.get(place, "") for place in places] for texts in printed]
    if not all(adds_up(texts, len(places)) for texts in figures):
        return False
    return sum(int(texts[-1]) > 0 for texts in figures) >= _FEWEST_SUMS


def dispute_places(columns: Columns, headings: Iterable[Sequence[Cell]], width: int, forms: Forms) -> Columns:
    """Return the fifteen places of table 4 under their headings, as they are where the headings are fewer."""
    table = forms.table(BLOCK_ERAS[0], DISPUTES)
    places = {
        cell.column
        for row in headings
        for cell in row
        if any(ref[1] == DISPUTES for ref in _names(cell, forms)) and not _is_group(cell, table, forms)
    }
    if len(places) == columns.size:
        return columns._replace(places=tuple(sorted(places)))
    return columns._replace(places=tuple(range(width))) if width == columns.size else columns


def _names(cell: Cell, forms: Forms) -> tuple[tuple[str, str, str], ...]:
    meaning = forms.names.meaning(cell.text)
    return (*meaning.columns, *meaning.halves)


def _is_group(cell: Cell, table: FormTable, forms: Forms) -> bool:
    meaning = forms.names.meaning(cell.text)
    return any(ref[1] == table.code for ref in (*meaning.rows, *meaning.groups))


def settle_by_place(row: RowView, columns: Columns) -> Settled:
    """Return the cell of a row under each heading; where figures may be merged, one may begin further right.

    The figures of a block need not be cut as its headings are: all but the last heading reach to the next. A
    row with a figure under no heading has gained a cell somewhere.
    """
    cells = {cell.column: cell for cell in row.values}
    found = {place: cells.get(place) for place in columns.places}
    for cell in row.printed:
        if cell.column in found:
            continue
        under = [place for place in columns.places if place <= cell.column]
        if not columns.merged or not under or under[-1] == columns.places[-1]:
            return Settled(row.printed, "ambiguous", UNDECIDED)
        here = found[under[-1]]
        if here is not None and here.text:
            return Settled(row.printed, "ambiguous", UNDECIDED)
        found[under[-1]] = cell
    return Settled(tuple(found[place] for place in columns.places))
