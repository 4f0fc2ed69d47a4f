"""From placed cells to facts: every cell of the report's form once, then printed cells it does not have."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from parsers.align.placement import Placed, SubTable
from parsers.figures import Figure, read_figure
from parsers.forms import FormCell, Forms, FormTable, Kind
from parsers.records import CellKey, Fact

TWO_REPORTS = "two_reports"
PRINTED_TWICE = "printed twice with different content"
_SHARED_TABLES = ("requests", "disputes")
"""Tables whose codes mean the same in both forms that have them."""
_EXTRA_KIND: Kind = "signed_count"


class Read(NamedTuple):
    """One printed cell with its key in the report's form and what it says."""

    placed: Placed
    cell: FormCell
    figure: Figure
    in_form: bool


def make_facts(subs: Sequence[SubTable], era: str | None, forms: Forms) -> tuple[tuple[Fact, ...], list[str]]:
    """Return the facts in the order of the form, extra cells behind, and notes about what was there twice.

    A cell printed twice with the same content is one fact; with different content it is ambiguous. When two
    or more tables are there twice with different content, the document holds two reports: nothing of it is
    certain.
    """
    found: dict[CellKey, list[Read]] = {}
    for sub in subs:
        for read in _read_cells(sub, era, forms):
            found.setdefault((read.cell.table, read.cell.row, read.cell.column), []).append(read)
    torn = {key[0] for key, reads in found.items() if len(reads) > 1 and not _same(reads)}
    two = len(torn) > 1
    facts: list[Fact] = []
    if era is not None:
        for cell in forms[era].cells():
            reads = found.pop((cell.table, cell.row, cell.column), None)
            facts.append(_fact(cell, reads, two) if reads else _absent(cell))
    for reads in found.values():
        facts.append(_fact(reads[0].cell, reads, two))
    return tuple(facts), [TWO_REPORTS] if two else ["table_printed_twice"] if torn else []


def _same(reads: Sequence[Read]) -> bool:
    return len({(read.figure.status, read.figure.value) for read in reads}) == 1


def _absent(cell: FormCell) -> Fact:
    return Fact(cell.table, cell.row, cell.column, None, cell.unit, "absent", None, None, None, None)


def _fact(cell: FormCell, reads: Sequence[Read], two_reports: bool) -> Fact:
    placed, _, figure, _ = reads[0]
    if two_reports or (len(reads) > 1 and not _same(reads)):
        raw = " | ".join(dict.fromkeys(read.placed.raw for read in reads))
        note = TWO_REPORTS if two_reports else PRINTED_TWICE
        return Fact(
            cell.table,
            cell.row,
            cell.column,
            None,
            cell.unit,
            "ambiguous",
            raw,
            note,
            placed.method,
            placed.where,
        )
    return Fact(
        cell.table,
        cell.row,
        cell.column,
        figure.value,
        cell.unit,
        figure.status,
        placed.raw,
        figure.note,
        placed.method,
        placed.where,
    )


def _read_cells(sub: SubTable, era: str | None, forms: Forms) -> Iterator[Read]:
    table = forms[era].table_index.get(sub.table) if era is not None else None
    printed_era = sub.era or sub.read_as
    source = _source(sub, era, forms)
    foreign = printed_era is not None and printed_era != era and sub.table not in _SHARED_TABLES
    for placed in sub.placed:
        cell = table.cells.get((placed.row, placed.column)) if table is not None else None
        if cell is None or foreign:
            cell, note = _extra(sub.table, placed, table, source)
            yield Read(placed, cell, _figure(placed, cell, note, False), False)
        else:
            must = table is not None and table.column_index[placed.column].unit_must_be_printed
            yield Read(placed, cell, _figure(placed, cell, placed.note, must), True)


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


def _figure(placed: Placed, cell: FormCell, note: str | None, must: bool) -> Figure:
    if placed.status is not None:
        return Figure(None, placed.status, note, cell.unit)
    figure = read_figure(
        placed.raw, cell.kind, cell.unit, printed_unit=placed.printed_unit, unit_must_be_printed=must
    )
    if note is None:
        return figure
    return figure._replace(note=f"{note}; {figure.note}" if figure.note else note)
