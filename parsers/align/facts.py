"""From placed cells to facts: every cell of the report's form once, then printed cells it does not have."""

from collections.abc import Iterator, Sequence

from parsers.align.placement import Placed, SubTable
from parsers.figures import read_figure
from parsers.forms import FormCell, Forms, FormTable, Kind
from parsers.records import CellKey, Fact

TWO_REPORTS = "two_reports"
TABLE_TWICE = "table_printed_twice"
PRINTED_TWICE = "printed twice with different content"
_SHARED_TABLES = ("requests", "disputes")
"""Tables whose codes mean the same in both forms that have them."""
_EXTRA_KIND: Kind = "signed_count"


def make_facts(subs: Sequence[SubTable], era: str | None, forms: Forms) -> tuple[tuple[Fact, ...], list[str]]:
    """Return the facts in the order of the form, extra cells behind, and notes about what was there twice.

    A cell printed twice with the same content is one fact; with different content it is ambiguous. When two
    or more tables are there twice with different content, the document holds two reports: nothing of it is
    certain.
    """
    found: dict[CellKey, Fact] = {}
    again: dict[CellKey, list[Fact]] = {}
    for sub in subs:
        for fact in _read_cells(sub, era, forms):
            key = (fact.table, fact.row, fact.column)
            if key in found:
                again.setdefault(key, []).append(fact)
            else:
                found[key] = fact
    torn = {key for key, facts in again.items() if not _same([found[key], *facts])}
    two = len({table for table, _, _ in torn}) > 1
    for key in found if two else torn:
        found[key] = _ambiguous([found[key], *again.get(key, ())], TWO_REPORTS if two else PRINTED_TWICE)
    cells = forms[era].cells() if era is not None else ()
    facts = [_absent(cell) if (key := cell[:3]) not in found else found.pop(key) for cell in cells]
    notes = [TWO_REPORTS] if two else [TABLE_TWICE] if torn else []
    return (*facts, *found.values()), notes


def _same(facts: Sequence[Fact]) -> bool:
    return len({(fact.status, fact.value) for fact in facts}) == 1


def _absent(cell: FormCell) -> Fact:
    return Fact(cell.table, cell.row, cell.column, None, cell.unit, "absent", None, None, None, None)


def _ambiguous(facts: Sequence[Fact], note: str) -> Fact:
    raw = " | ".join(dict.fromkeys(fact.raw or "" for fact in facts))
    return facts[0]._replace(value=None, status="ambiguous", raw=raw, note=note)


def _read_cells(sub: SubTable, era: str | None, forms: Forms) -> Iterator[Fact]:
    table = forms[era].table_index.get(sub.table) if era is not None else None
    printed_era = sub.era or sub.read_as
    foreign = printed_era is not None and printed_era != era and sub.table not in _SHARED_TABLES
    cells = table.cells if table is not None and not foreign else {}
    source = _source(sub, era, forms)
    for placed in sub.placed:
        cell, note = cells.get((placed.row, placed.column)), placed.note
        if cell is None:
            cell, note = _extra(sub.table, placed, table, source)
        code, row, column, unit, kind, must = cell
        if placed.status is not None:
            value, status = None, placed.status
        else:
            figure = read_figure(
                placed.figure or placed.raw,
                kind,
                unit,
                printed_unit=placed.printed_unit,
                unit_must_be_printed=must,
            )
            value, status = figure.value, figure.status
            note = f"{note}; {figure.note}" if note and figure.note else note or figure.note
        yield Fact(code, row, column, value, unit, status, placed.raw, note, placed.method, placed.where)


def _source(sub: SubTable, era: str | None, forms: Forms) -> FormTable | None:
    """Return the table of the form whose codes the sub-table uses."""
    for candidate in (sub.era, sub.read_as, era, *forms.eras_with(sub.table)):
        if candidate is not None and sub.table in forms[candidate].table_index:
            return forms.table(candidate, sub.table)
    return None


def _extra(
    code: str, placed: Placed, table: FormTable | None, source: FormTable | None
) -> tuple[FormCell, str | None]:
    """Return the x_ cell of something the report's form does not have, and its printed label."""
    row, column = placed.row, placed.column
    origin = source.cells.get((row, column)) if source is not None else None
    if origin is not None and source is not None:
        label = (
            f"{source.row_path(source.row_index[row])} / {source.column_path(source.column_index[column])}"
        )
        if table is None or row not in table.row_index:
            row = f"x_{row}"
        else:
            column = f"x_{column}"
        return FormCell(code, row, column, origin.unit, origin.kind), placed.note or label
    kind, unit = _EXTRA_KIND, None
    if source is not None:
        same_column = source.column_index.get(column)
        first = source.rows[0].code if source.rows else ""
        if same_column is not None and same_column.kind != "amount":
            unit = source.cells[first, column].unit
        if placed.row in source.row_index:
            unit = source.unit
    if table is None:
        row = row if row.startswith("x_") else f"x_{row}"
    return FormCell(code, row, column, unit, kind), placed.note
