"""From sorted rows of a ragged table to placed cells."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from parsers.align.placement import Placed
from parsers.align.ragged_aligned import settle_by_place
from parsers.align.ragged_columns import BLOCK_ERAS, DISPUTES, Columns
from parsers.align.ragged_parts import Entry, own_code
from parsers.align.ragged_rows import RowView
from parsers.align.ragged_settle import UNDECIDED, UNDECIDED_ROW, Context, Evidence, Settled, settle
from parsers.document import Cell
from parsers.figures import heading_unit
from parsers.forms import Forms, load_forms, refs_of
from parsers.records import Method, Status, Where


def place_row(
    entry: Entry,
    columns: Columns,
    evidence: Evidence,
    rows: Sequence[RowView],
    forms: Forms,
    widths: frozenset[int] = frozenset(),
) -> Iterator[Placed]:
    """Yield the cells of one row; where counting does not decide, all with one status and no value."""
    row = entry.row
    if row.kind == "heading":
        yield _figure_in_label(entry)
        return
    following = rows[row.number + 1] if row.number + 1 < len(rows) else None
    followed = _follows(entry, following, columns.era, forms)
    context = Context(following is None, followed, _span(entry), widths)
    if columns.places and not (row.fused or row.stray) and row.cells + row.pads == evidence.width:
        settled = settle_by_place(row, columns)
    else:
        settled = settle(row, columns.size, evidence, context)
    method: Method = "label" if columns.named and not entry.damaged else "position"
    if entry.doubtful and settled.cells and settled.status is None:
        settled = settled._replace(status="ambiguous", note=UNDECIDED_ROW)
    if settled.status is not None:
        yield from _all_alike(entry, settled, columns.codes, method)
        return
    around = _around(entry)
    for at, cell in enumerate(settled.cells):
        code = columns.codes[at]
        note = entry.note or (columns.labels[at] if code.startswith("x_") and columns.labels else None)
        unit = heading_unit(*around, columns.labels[at] if columns.labels else "")
        text = cell.text if cell is not None else ""
        if text or not (code.startswith("x_") or entry.code.startswith("x_")):
            status: Status | None = None if text else "blank"
            where = _where(row, cell)
            yield Placed(entry.code, code, text, method, where, status, note, printed_unit=unit)


def _around(entry: Entry) -> tuple[str, ...]:
    """Return what may print the unit of the figures of a row beside their headings: caption, corner, name."""
    start = entry.heading.heads[0] if entry.heading is not None and entry.heading.starts else None
    return (entry.caption, *(cell.text for cell in (start, entry.row.label) if cell is not None))


def _figure_in_label(entry: Entry) -> Placed:
    cell = entry.row.heads[0]
    figure = cell.text.replace("：", ":").rpartition(":")[2].strip()
    return Placed(entry.code, "value", cell.text, "label", _where(entry.row, cell), None, entry.note, figure)


def blank_cell(entry: Entry, column: str, method: Method) -> Placed:
    """Return a cell that is there and empty although the text has not kept it, found at the row's label."""
    return Placed(entry.code, column, "", method, _where(entry.row, None), "blank")


def _span(entry: Entry) -> int | None:
    if entry.heading is None or entry.row.label is None or not entry.heading.heads:
        return None
    return entry.heading.heads[-1].column - entry.row.label.column


def undecided(entry: Entry, code: str, forms: Forms) -> Iterator[Placed]:
    """Yield the cells of a row whose columns cannot be told, in every form that has the row."""
    printed = entry.row.printed
    if not printed:
        return
    raw = " | ".join(cell.text for cell in printed)
    where = _where(entry.row, printed[0])
    tables = [forms[era].table_index[code] for era in BLOCK_ERAS if code in forms[era].table_index]
    for name in dict.fromkeys(column.code for table in tables for column in table.columns):
        yield Placed(own_code(entry.code, None), name, raw, "position", where, "ambiguous", UNDECIDED)


def _where(row: RowView, cell: Cell | None) -> Where:
    """Return the place of a cell; a blank without a cell of its own is found at the label of its row."""
    shown = cell or row.label or (row.heads[0] if row.heads else None)
    return Where(row.table, row.number, shown.column if shown is not None else 0)


def _all_alike(entry: Entry, settled: Settled, codes: Sequence[str], method: Method) -> Iterator[Placed]:
    printed = [cell for cell in settled.cells if cell is not None]
    raw = " | ".join(cell.text for cell in printed)
    where = _where(entry.row, printed[0] if printed else None)
    for code in codes:
        yield Placed(entry.code, code, raw, method, where, settled.status, entry.note or settled.note)


@lru_cache(maxsize=4)
def _order(era: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return for each row of a form, as (table, row), the one printed behind it."""
    rows = [
        (table.code, row.code)
        for table in load_forms()[era].tables
        if table.code != DISPUTES
        for row in table.rows
    ]
    return dict(zip(rows, [*rows[1:], ("", "")], strict=True))


def _follows(entry: Entry, following: RowView | None, era: str | None, forms: Forms) -> bool:
    """Say whether the next row of the text is the next of the form, or what comes behind its last."""
    if following is None or following.kind == "heading":
        return any(
            here[1] == entry.code and here[0] != table
            for name in BLOCK_ERAS
            for here, (table, _) in _order(name).items()
        )
    if following.label is None:
        return False
    meaning = forms.names.meaning(following.label.text)
    code = own_code(entry.code, era)
    for name in BLOCK_ERAS if era is None else (era,):
        for here, (table, row) in _order(name).items():
            if here[1] != code:
                continue
            if table != here[0] and meaning.caption == table:
                return True
            if table == here[0] and _opens(following, name, table, row, forms):
                return True
    return False


def _opens(following: RowView, era: str, table: str, row: str, forms: Forms) -> bool:
    """Say whether a row of the text is a given row of the form, or the group label in front of it."""
    assert following.label is not None
    meaning = forms.names.meaning(following.label.text)
    if row in refs_of(meaning.rows, era, table):
        return True
    group = forms.table(era, table).row_index[row].group
    return following.kind == "group" and group in refs_of(meaning.groups, era, table)
