"""Tables whose merged cells were lost: figures are counted against the form, and placed only where that decides."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.align.placement import Placed, SubTable
from parsers.align.ragged_columns import (
    BLOCK_ERAS,
    DISPUTES,
    REQUESTS,
    Columns,
    block_columns,
    dispute_columns,
    form_columns,
    request_columns,
)
from parsers.align.ragged_evidence import weigh
from parsers.align.ragged_rows import RowView, view_rows
from parsers.align.ragged_settle import Evidence, Settled, settle
from parsers.document import Cell, Table
from parsers.forms import Forms, core_key, refs_of
from parsers.records import Method, Where

_BLOCKS = ("documents", "licensing", "enforcement", "fees", "procurement")


class _Entry(NamedTuple):
    """A data row and what is known of it from the rows above."""

    row: RowView
    code: str
    """Code of the row; an x_ code for rows the form does not have."""
    heading: RowView | None
    note: str | None = None


@dataclass(slots=True)
class _Part:
    """The rows of one table of the form, in the order of the text."""

    code: str
    entries: list[_Entry] = field(default_factory=list)
    headings: list[RowView] = field(default_factory=list)


def align_ragged(tables: Iterable[Table], forms: Forms) -> list[SubTable]:
    """Return the tables of the form found in ragged tables, each printed cell with its place or the reason why not.

    `Placed.where` is (number of the table, row as read, ordinal of the cell in the row).
    """
    return [sub for table in tables for sub in _align_table(table, forms)]


def _align_table(table: Table, forms: Forms) -> Iterator[SubTable]:
    rows = list(view_rows(table))
    parts = _split(rows, forms)
    eras = {part.code: _era_by_heading(part, rows, table, forms) for part in parts if part.code in _BLOCKS}
    decided = {era for era in eras.values() if era is not None}
    common = decided.pop() if len(decided) == 1 else None
    for part in parts:
        if part.code == REQUESTS:
            yield from _requests(part, table, rows, forms)
        elif part.code == DISPUTES:
            yield from _disputes(part, table, rows, forms)
        else:
            yield from _block(part, table, rows, common, forms)


# ---------------------------------------------------------------- rows to parts


def _split(rows: Sequence[RowView], forms: Forms) -> list[_Part]:
    """Return the parts of a table: blocks of table 2, table 3, table 4; a row that comes again opens a new part."""
    parts: list[_Part] = []
    open_parts: dict[str, _Part] = {}
    block: str | None = None
    heading: RowView | None = None
    last: _Part | None = None

    def part_of(code: str, row_code: str | None) -> _Part:
        part = open_parts.get(code)
        if part is None or (row_code is not None and any(e.code == row_code for e in part.entries)):
            part = open_parts[code] = _Part(code)
            parts.append(part)
        return part

    for row in rows:
        if row.kind == "caption" and row.label is not None:
            block, heading, last = forms.names.meaning(row.label.text).caption, None, None
            continue
        if row.kind == "heading":
            code = _heading_of(row, forms)
            if (
                last is not None
                and not last.entries
                and last.headings
                and not _is_only(row.heads[0], code, forms)
            ):
                code = last.code
            if row.starts or code in _BLOCKS:
                heading, last = row, None
            elif code is not None:
                last = part_of(code, None)
                if last.entries:
                    last = open_parts[code] = _Part(code)
                    parts.append(last)
                last.headings.append(row)
            elif last is not None and not last.entries:
                last.headings.append(row)
            continue
        found = _row_code(row, block, last, forms)
        if found is None:
            continue
        code, row_code, note = found
        last = part_of(code, row_code)
        if row.heads and row.kind == "figures":
            last.headings.append(row)
        last.entries.append(_Entry(row, row_code, heading if code in _BLOCKS else None, note))
    return [part for part in parts if part.entries]


def _heading_of(row: RowView, forms: Forms) -> str | None:
    """Return the table a heading row belongs to, by the first name only one table has."""
    for cell in row.heads:
        meaning = forms.names.meaning(cell.text)
        refs = (
            *meaning.columns,
            *meaning.column_groups,
            *meaning.groups,
            *meaning.rows,
            *meaning.extra_columns,
        )
        tables = {table for era, table, _ in refs if era in BLOCK_ERAS}
        if "licensing" in tables or "enforcement" in tables:
            return "licensing"
        if len(tables) == 1:
            return tables.pop()
    return None


def _is_only(cell: Cell, code: str | None, forms: Forms) -> bool:
    """Say whether the first name of a heading row belongs to one table and no other."""
    meaning = forms.names.meaning(cell.text)
    refs = (*meaning.columns, *meaning.halves, *meaning.column_groups, *meaning.groups, *meaning.rows)
    return {table for era, table, _ in refs if era in BLOCK_ERAS} == {code}


def _row_code(
    row: RowView, block: str | None, last: _Part | None, forms: Forms
) -> tuple[str, str, str | None] | None:
    """Return table, row and note of a data row; None for rows that carry nothing of the form."""
    if row.kind == "data" and row.label is not None:
        refs = [ref for ref in forms.names.meaning(row.label.text).rows if ref[0] in BLOCK_ERAS]
        places = dict.fromkeys((table, code) for _, table, code in refs)
        if len(places) == 1:
            table, code = next(iter(places))
            return table, code, None
        return None
    if row.kind == "group" and row.label is not None:
        return _group_row(row, row.label, forms)
    if row.kind == "figures":
        return _figures_only(row, last, forms)
    if row.kind == "unknown" and row.label is not None and last is not None and row.printed:
        number = 1 + sum(entry.code.startswith("x_row_") for entry in last.entries)
        return last.code, f"x_row_{number}", row.label.text
    return None


def _group_row(row: RowView, label: Cell, forms: Forms) -> tuple[str, str, str | None] | None:
    """Return what the figures beside the name of a group are: a row of a form without that group, or a subtotal.

    Where both exist the code is `row|subtotal`; the rows around it decide later.
    """
    meaning = forms.names.meaning(label.text)
    codes = {(table, code) for era, table, code in meaning.rows if era in BLOCK_ERAS}
    found = ((ref[1], _subtotal_code(ref, forms)) for ref in meaning.groups)
    table, subtotal = next(((table, code) for table, code in found if code is not None), (None, None))
    if codes:
        table, code = codes.pop()
        return table, f"{code}|{subtotal}" if subtotal else code, None
    return (table, subtotal, label.text) if table and subtotal and row.printed else None


def _subtotal_code(ref: tuple[str, str, str], forms: Forms) -> str | None:
    era, table, code = ref
    return next((group.subtotal for group in forms.table(era, table).groups if group.code == code), None)


def _figures_only(row: RowView, last: _Part | None, forms: Forms) -> tuple[str, str, str | None] | None:
    """Return what a row without a label is: the figures of table 4, or a row of table 3 named like a column."""
    if row.label is not None and last is not None and last.code == REQUESTS and last.entries:
        refs = forms.names.meaning(row.label.text).rows
        codes = {code for era, table, code in refs if era in BLOCK_ERAS and table == REQUESTS}
        return (REQUESTS, codes.pop(), None) if len(codes) == 1 else None
    heads_disputes = _heading_of(row, forms) == DISPUTES
    if heads_disputes or (last is not None and last.code == DISPUTES and not last.entries):
        return DISPUTES, "all", None
    return None


# ---------------------------------------------------------------- parts to placed cells


def _block(
    part: _Part, table: Table, rows: Sequence[RowView], common: str | None, forms: Forms
) -> Iterator[SubTable]:
    evidence = _block_evidence(part, table, rows, common, forms)
    columns = [_columns_of(entry, part, evidence, common, forms) for entry in part.entries]
    eras = {found.era for found in columns if found is not None}
    placed: list[Placed] = []
    for entry, found in zip(part.entries, columns, strict=True):
        if found is None:
            placed.extend(_undecided(entry, part.code, forms))
        else:
            placed.extend(_place(entry, found, evidence, rows, forms))
    damaged = {label: None for found in columns if found is not None for label in found.damaged}
    deciding = tuple(dict.fromkeys(label for found in columns if found for label in found.labels))
    era = eras.pop() if len(eras) == 1 else None
    yield SubTable(
        part.code, era, tuple(placed), deciding, tuple(damaged), _missing(part, era, table, rows, forms)
    )


def _block_evidence(
    part: _Part, table: Table, rows: Sequence[RowView], common: str | None, forms: Forms
) -> Evidence:
    """Return what all blocks of table 2 in this table prove together: they share one grid."""
    blocks = [other for other in _split(rows, forms) if other.code in _BLOCKS]
    bare = weigh(table, [], [])
    counted = []
    for other in blocks:
        for entry in other.entries:
            found = _columns_of(entry, other, bare, common, forms)
            if found is not None:
                counted.append((entry.row, found.count))
    headings = [row for row in rows if row.kind == "caption" or (row.kind == "heading" and row.starts)]
    return weigh(table, counted, headings)


def _columns_of(
    entry: _Entry, part: _Part, evidence: Evidence, common: str | None, forms: Forms
) -> Columns | None:
    """Return the columns of one row by its heading; without one, by the era the rest of the table shows."""
    if entry.heading is not None:
        heads = [cell for cell in entry.heading.heads if forms.names.meaning(cell.text).furniture is None]
        if evidence.repeated:
            heads = [cell for at, cell in enumerate(heads) if not at or cell.text != heads[at - 1].text]
        return block_columns(heads, part.code, forms)
    era = _era_by_rows(part, forms) or common
    if era is None or part.code not in forms[era].table_index:
        return None
    return form_columns(era, part.code, forms)


def _era_by_heading(part: _Part, rows: Sequence[RowView], table: Table, forms: Forms) -> str | None:
    bare = weigh(table, [], [])
    found = {_era_of(_columns_of(entry, part, bare, None, forms)) for entry in part.entries}
    return found.pop() if len(found) == 1 else None


def _era_of(columns: Columns | None) -> str | None:
    return None if columns is None else columns.era


def _era_by_rows(part: _Part, forms: Forms) -> str | None:
    """Return the one form in which a printed row label is the official one, in a block without a heading."""
    labels = {core_key(entry.row.label.text) for entry in part.entries if entry.row.label is not None}
    official: dict[str, set[str]] = {
        era: {core_key(row.label) for row in forms.table(era, part.code).rows}
        for era in BLOCK_ERAS
        if part.code in forms[era].table_index
    }
    fits = [era for era, known in official.items() if labels <= known]
    return fits[0] if len(fits) == 1 and len(official) == len(BLOCK_ERAS) else None


def _requests(part: _Part, table: Table, rows: Sequence[RowView], forms: Forms) -> Iterator[SubTable]:
    headings = [[cell for cell in row.heads if cell.text] for row in part.headings]
    columns = request_columns(headings, forms)
    count = columns.count if columns else len(forms.table(BLOCK_ERAS[0], REQUESTS).columns)
    evidence = weigh(table, [(entry.row, count) for entry in part.entries], part.headings)
    era = _era_of_requests(part, forms)
    placed: list[Placed] = []
    for entry in part.entries:
        entry = entry._replace(code=_own_code(entry.code, era))
        if columns is None:
            placed.extend(_undecided(entry, REQUESTS, forms))
        else:
            placed.extend(_place(entry, columns, evidence, rows, forms))
    damaged = () if columns is None or columns.named else columns.damaged
    yield SubTable(REQUESTS, era, tuple(placed), (), damaged, _missing(part, era, table, rows, forms))


def _own_code(code: str, era: str | None) -> str:
    """Return the row code where a label is a row in the older form and names a group in the newer."""
    row, _, subtotal = code.partition("|")
    return subtotal if subtotal and era == BLOCK_ERAS[0] else row


def _era_of_requests(part: _Part, forms: Forms) -> str | None:
    """Return the only form that has all rows found; a row that ends the table must follow where one is missing."""
    codes = [entry.code.partition("|")[0] for entry in part.entries if not entry.code.startswith("x_")]
    newer, older = (set(forms.table(era, REQUESTS).row_index) for era in BLOCK_ERAS)
    if set(codes) & (newer - older):
        return BLOCK_ERAS[0]
    own = [at for at, code in enumerate(codes) if code in older - newer]
    if own and own[0] + 1 < len(codes) and part.entries[own[0]].row.printed:
        return BLOCK_ERAS[1]
    return None


def _disputes(part: _Part, table: Table, rows: Sequence[RowView], forms: Forms) -> Iterator[SubTable]:
    columns = dispute_columns([cell for row in part.headings for cell in row.heads], forms)
    count = 15 if columns is None else columns.count
    evidence = weigh(table, [(entry.row, count) for entry in part.entries], part.headings)
    placed: list[Placed] = []
    for entry in part.entries:
        if columns is None:
            placed.extend(_undecided_disputes(entry, forms))
            continue
        placed.extend(
            cell._replace(row=cell.column.partition(".")[0], column=cell.column.partition(".")[2])
            for cell in _place(entry, columns, evidence, rows, forms)
        )
    damaged = () if columns is None else columns.damaged
    yield SubTable(DISPUTES, None, tuple(placed), (), damaged)


def _place(
    entry: _Entry, columns: Columns, evidence: Evidence, rows: Sequence[RowView], forms: Forms
) -> Iterator[Placed]:
    row = entry.row
    following = next((other for other in rows[row.index + 1 :] if other.kind != "empty"), None)
    followed = following is not None and _follows(entry, following, columns.era, forms)
    settled = settle(row, columns.count, evidence, last=following is None, followed=followed)
    method: Method = "label" if columns.named else "position"
    if settled.status is not None:
        yield from _all_alike(entry, settled, columns.codes, method)
        return
    for at, cell in enumerate(settled.cells):
        note = entry.note or (
            columns.labels[at] if columns.codes[at].startswith("x_") and columns.labels else None
        )
        unit = columns.units[at] if columns.units else None
        yield Placed(
            entry.code,
            columns.codes[at],
            cell.text if cell is not None else "",
            method,
            _where(row, cell),
            None if cell is not None and cell.text else "blank",
            note,
            unit,
        )


def _where(row: RowView, cell: Cell | None) -> Where:
    """Return the place of a cell; a blank without a cell of its own is found at the label of its row."""
    shown = cell or row.label or (row.heads[0] if row.heads else None)
    return Where(row.table, row.index, shown.column if shown is not None else 0)


def _all_alike(entry: _Entry, settled: Settled, codes: Sequence[str], method: Method) -> Iterator[Placed]:
    printed = [cell for cell in settled.cells if cell is not None]
    raw = " ".join(cell.text for cell in printed)
    for code in codes:
        status = "unreadable" if settled.status == "unreadable" else "ambiguous"
        where = _where(entry.row, printed[0])
        yield Placed(entry.code, code, raw, method, where, status, entry.note or settled.note)  # type: ignore[arg-type]


def _undecided(entry: _Entry, code: str, forms: Forms) -> Iterator[Placed]:
    """Yield the cells of a row whose columns cannot be told, in every form that has the row."""
    printed = entry.row.printed
    if not printed:
        return
    raw = " ".join(cell.text for cell in printed)
    names = dict.fromkeys(
        column.code
        for era in BLOCK_ERAS
        if code in forms[era].table_index
        for column in forms.table(era, code).columns
    )
    row_code = _own_code(entry.code, None)
    for name in names:
        yield Placed(
            row_code, name, raw, "position", _where(entry.row, printed[0]), "ambiguous", "columns_undecided"
        )


def _undecided_disputes(entry: _Entry, forms: Forms) -> Iterator[Placed]:
    table = forms.table(BLOCK_ERAS[0], DISPUTES)
    for row in table.rows:
        yield from _undecided(entry._replace(code=row.code), DISPUTES, forms)


def _follows(entry: _Entry, following: RowView, era: str | None, forms: Forms) -> bool:
    """Say whether the next row of the text is the next row of the form, or the caption of the next block."""
    if following.label is None:
        return False
    meaning = forms.names.meaning(following.label.text)
    for name in BLOCK_ERAS if era is None else (era,):
        codes = [
            (table.code, row.code)
            for table in forms[name].tables
            if table.code != DISPUTES
            for row in table.rows
        ]
        here = next((at for at, (_, code) in enumerate(codes) if code == entry.code), None)
        if here is None or here + 1 == len(codes):
            continue
        table, code = codes[here + 1]
        if meaning.caption == table != codes[here][0]:
            return True
        first = following.group or following.label
        if table == codes[here][0] and (
            code in refs_of(forms.names.meaning(following.label.text).rows, name, table)
            or (following.kind == "group" and _leads_to(first, name, table, code, forms))
        ):
            return True
    return False


def _leads_to(label: Cell, era: str, table: str, code: str, forms: Forms) -> bool:
    groups = refs_of(forms.names.meaning(label.text).groups, era, table)
    return forms.table(era, table).row_index[code].group in groups


def _missing(
    part: _Part, era: str | None, table: Table, rows: Sequence[RowView], forms: Forms
) -> tuple[str, ...]:
    if era is None:
        return ()
    found = {_own_code(entry.code, era) for entry in part.entries}
    return tuple(row.code for row in forms.table(era, part.code).rows if row.code not in found)
