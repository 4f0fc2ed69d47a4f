"""Table 2: blocks of disclosed information, named by their caption, else by their rows."""

import re
from collections.abc import Iterator, Sequence

from parsers.align.blocks import Block
from parsers.align.columns import Shape, Slot, figure_slots, place, read_slots, shape_of
from parsers.align.emit import emit, undecided, where
from parsers.align.lines import Labelled, Line, Seen, cut, is_words
from parsers.align.naming import Named, column_code, name_columns, place_damaged_rows, row_codes
from parsers.align.placement import Placed, SubTable
from parsers.figures import heading_unit, read_figure
from parsers.forms import Forms, FormTable
from parsers.records import Method

ERAS = ("fmt2021", "fmt2019")
_LABEL_AND_FIGURE = re.compile(r"(.{2,60}?)\s*[:：]\s*([^:：]{1,20})")


def headings_of(block: Block) -> list[Line]:
    """Return the heading rows of a block, or of the one it continues."""
    while not block.headings and block.continues is not None:
        block = block.continues
    return block.headings


def deciding_labels(block: Block) -> dict[str, list[str]]:
    """Return the labels of a block that decide an era, by era."""
    found: dict[str, list[str]] = {}
    for line in (*headings_of(block), *block.body):
        for cell in line.cells:
            for era in cell.meaning.eras:
                if era in ERAS and cell.own and cell.text not in found.setdefault(era, []):
                    found[era].append(cell.text)
    if block.table == "procurement":
        found.setdefault("fmt2019", []).append(block.caption or "")
    return found


def block_era(block: Block) -> str | None:
    """Return the era the labels of a block decide; None where they decide nothing or disagree."""
    eras = list(deciding_labels(block))
    return eras[0] if len(eras) == 1 else None


def align_disclosure(block: Block, forms: Forms, fallback: str | None) -> list[SubTable]:
    """Return the sub-tables of one block; `fallback` is the era of the report for blocks that decide none."""
    decided = block_era(block)
    era = decided or fallback
    tables = [block.table] if block.table is not None else _tables_of_rows(block)
    result = []
    for code in tables:
        if code is None:
            continue
        own = era
        if own is None or code not in forms[own].table_index:
            eras = forms.eras_with(code)
            if decided is not None or len(eras) != 1:
                continue
            own = eras[0]
        result.append(_sub_table(block, forms, forms.table(own, code), own, decided))
    return result


def _tables_of_rows(block: Block) -> list[str]:
    found: dict[str, None] = {}
    for line in block.body:
        for cell in line.cells[:3]:
            for _, table, _ in cell.meaning.rows:
                if table not in ("requests", "disputes", "statistics"):
                    found[table] = None
    return list(found)


def _sub_table(block: Block, forms: Forms, table: FormTable, era: str, decided: str | None) -> SubTable:
    everything = [cut(line, (table.code,)) for line in block.body]
    rows = [row for row in everything if row.values]
    if block.table is None:
        rows = [row for row in rows if row.label and row_codes(row.label.meaning, ERAS, table.code)]
    slots = _slots(block, forms, table, era, rows)
    named = name_columns(slots, era, table)
    codes, by_place = _codes(rows, table, era)
    placed: list[Placed] = []
    shape = shape_of([row.values for row in rows], slots)
    around = _around_money(block, table)
    for index, row in enumerate(rows):
        method: Method = "position" if index in by_place or (named and named.damaged) else "label"
        placed.extend(_row(row, codes[index], slots, named, shape, table, method, around))
    if block.table is not None:
        placed.extend(_figures_in_labels(everything, named, table, era, forms))
    printed = {*codes, *(item.row for item in placed)}
    deciding = deciding_labels(block).get(era, []) if decided else []
    return SubTable(
        table.code,
        decided,
        tuple(placed),
        deciding_labels=tuple(deciding),
        damaged_headings=named.damaged if named else tuple(slot.heading for slot in slots),
        missing_rows=tuple(row.code for row in table.rows if row.code not in printed),
        notes=() if named else ("columns_undecided",),
        read_as=era,
    )


def _slots(block: Block, forms: Forms, table: FormTable, era: str, rows: Sequence[Labelled]) -> list[Slot]:
    def is_caption(cell: Seen) -> bool:
        return cell.meaning.caption is not None

    def is_column(slot: Slot) -> bool:
        return column_code(slot, era, table) is not None

    slots = read_slots(headings_of(block), is_caption, forms.names)
    return figure_slots(slots, is_column, [row.values for row in rows], len(table.columns))


def _codes(rows: Sequence[Labelled], table: FormTable, era: str) -> tuple[list[str | None], set[int]]:
    eras = (era, *(other for other in ERAS if other != era))
    codes: list[str | None] = []
    for row in rows:
        found = row_codes(row.label.meaning if row.label else None, eras, table.code)
        codes.append(found[0] if len(found) == 1 and found[0] in table.row_index else None)
    return codes, place_damaged_rows(codes, [row.label for row in rows], table)


def _row(
    row: Labelled,
    code: str | None,
    slots: Sequence[Slot],
    named: Named | None,
    shape: Shape,
    table: FormTable,
    method: Method,
    around: Sequence[str],
) -> Iterator[Placed]:
    label = None if code else (row.label.text if row.label else "")
    if code is None and (not label or not any(_figure_like(cell) for cell in row.values)):
        return
    name = code or f"x_row_{row.line.table}_{row.line.row}"
    if named is None:
        if code is not None:
            yield from undecided(row.line, row.values, code, table)
        return
    yield from emit(
        row.line,
        row.values,
        place(row.values, slots, shape, in_order=named.in_order, complete=named.complete),
        [(name, column) for column in named.codes],
        method,
        label=label,
        headings=[slot.heading for slot in slots],
        units=[heading_unit(slot.heading, *around, row.label.text if row.label else "") for slot in slots]
        if around
        else (),
    )


def _around_money(block: Block, table: FormTable) -> tuple[str, ...]:
    """Return the texts that may print the unit of all figures of a block; () for tables without money."""
    if all(column.kind != "amount" for column in table.columns):
        return ()
    cells = (cell for line in headings_of(block) for cell in line.cells)
    return (block.caption or "", *(cell.text for cell in cells if cell.meaning.furniture == "heading_start"))


def _figures_in_labels(
    rows: Sequence[Labelled], named: Named | None, table: FormTable, era: str, forms: Forms
) -> Iterator[Placed]:
    """Yield rows printed as one cell, label and figure with a colon between them."""
    for row in rows:
        parts = _LABEL_AND_FIGURE.fullmatch(row.label.text) if row.label and not row.values else None
        if row.label is None or parts is None or not _readable(parts[2]):
            continue
        codes = row_codes(forms.names.meaning(parts[1]), (era,), table.code)
        place = where(row.label, row.line)
        if codes and named is not None and len(named.codes) == 1:
            yield Placed(codes[0], named.codes[0], row.label.text, "label", place, None, None, parts[2])
        else:
            name = f"x_row_{row.line.table}_{row.line.row}"
            yield Placed(name, "value", row.label.text, "label", place, None, parts[1], parts[2])


def _readable(text: str) -> bool:
    return "reported" in (read_figure(text, "count", None).status, read_figure(text, "amount", "元").status)


def _figure_like(cell: Seen) -> bool:
    return not cell.blank and not is_words(cell)
