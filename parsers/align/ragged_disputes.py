"""Table 4 as text: one row of figures without a name, so its headings must be whole or its sums must hold."""

from collections.abc import Sequence

from parsers.align.placement import Placed, SubTable
from parsers.align.ragged_aligned import dispute_places
from parsers.align.ragged_columns import BLOCK_ERAS, DISPUTES, Columns, dispute_columns
from parsers.align.ragged_evidence import Manner, repeats, weigh
from parsers.align.ragged_parts import Entry, Part
from parsers.align.ragged_place import place_row, undecided
from parsers.align.ragged_rows import RowView
from parsers.align.ragged_years import groups_add_up, may_be_year, without_year
from parsers.document import Table
from parsers.forms import Forms, FormTable, refs_of
from parsers.readers.text_labels import word


def align_dispute_rows(
    part: Part, table: Table, rows: Sequence[RowView], manner: Manner, forms: Forms
) -> SubTable:
    """Return table 4; where headings or row show a damage that may hide another, only sums place figures."""
    headings = part.headings
    aligned = all(row.cells + row.pads == manner.aligned for row in headings)
    columns = dispute_columns([cell for row in headings for cell in row.heads], forms)
    if columns is not None and aligned:
        columns = dispute_places(columns, [row.heads for row in headings], table.width, forms)
    form = forms.table(BLOCK_ERAS[0], DISPUTES)
    count = len(form.cells)
    if columns is None or not columns.places:
        part.entries = [
            entry._replace(row=without_year(entry.row, count), doubtful=may_be_year(entry.row, count))
            for entry in part.entries
        ]
    whole = columns is not None and len(part.entries) == 1 and _is_named(part, columns, table, form, forms)
    evidence = weigh(table, [(entry.row, count) for entry in part.entries], headings, manner, labels=0)
    placed: list[Placed] = []
    for entry in part.entries:
        cells = list(place_row(entry, columns, evidence, rows, forms)) if columns is not None else []
        certain = whole and _is_whole(entry, headings, table, count)
        certain = certain or groups_add_up(entry.row.printed, count)
        if columns is None or entry.doubtful or (not certain and any(not cell.status for cell in cells)):
            for row in form.rows:
                placed.extend(undecided(entry._replace(code=row.code), DISPUTES, forms))
            continue
        for cell in cells:
            row_code, _, column = cell.column.partition(".")
            placed.append(cell._replace(row=row_code, column=column))
    return SubTable(DISPUTES, None, tuple(placed), (), () if columns is None else columns.damaged)


def _is_named(part: Part, columns: Columns, table: Table, form: FormTable, forms: Forms) -> bool:
    """Say whether nothing is missing among the headings and nothing stands there that is none.

    Headings are whole as printed, cut at a line break, set vertically, printed once for each kind of result
    (where repeated lines were removed) or repeated by a data frame.
    """
    names: list[str] = []
    groups: dict[str, int] = {}
    for cell in (cell for row in part.headings for cell in row.heads):
        meaning = forms.names.meaning(cell.text)
        own = refs_of((*meaning.rows, *meaning.groups), BLOCK_ERAS[0], DISPUTES)
        if refs_of((*meaning.columns, *meaning.halves), BLOCK_ERAS[0], DISPUTES):
            names.append(cell.text)
        elif own:
            groups.setdefault(own[0], cell.column)
        elif len(cell.text) > 1 or cell.text.isdigit():
            return False
    if len(groups) < len(form.rows) + len(form.groups):
        return False
    if columns.places:
        return _stand_above(groups, columns, form) and len(names) >= columns.size
    size = len(form.columns)
    once = not table.pads and len(names) == len(set(names)) in (size - 1, size)
    repeated = len(names) == columns.size + size and (table.keeps_blanks or repeats(table))
    return len(names) in (0, columns.size) or once or repeated


def _stand_above(groups: dict[str, int], columns: Columns, form: FormTable) -> bool:
    """Say whether the names of reviews and suits stand above the first of their columns."""
    size = len(form.columns)
    first = {row.code: columns.places[at * size] for at, row in enumerate(form.rows)}
    first |= {group.code: columns.places[size] for group in form.groups}
    return all(first[code] == place for code, place in groups.items())


def _is_whole(entry: Entry, headings: Sequence[RowView], table: Table, count: int) -> bool:
    """Say whether a row has the width of its headings, figures only, and as much room between any two."""
    row = entry.row
    if any(word(cell.text).kind != "value" for cell in row.printed):
        return False
    if row.gaps and len(row.printed) == count and len(set(row.gaps[1:-1])) > 1:
        return False
    widths = {heading.cells + heading.pads for heading in headings} if table.pads else set()
    return len(widths) != 1 or row.cells + row.pads in widths
