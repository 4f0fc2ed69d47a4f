"""Rows of a ragged table sorted by the table of the form they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.align.ragged_columns import BLOCK_ERAS, DISPUTES, REQUESTS
from parsers.align.ragged_rows import RowView
from parsers.document import Cell
from parsers.forms import Forms, Ref
from parsers.readers.text_labels import word

BLOCKS = frozenset({"documents", "licensing", "enforcement", "fees", "procurement"})
_FEWEST_FIGURES = 3
ALL_FIGURES = "all"
"""Row code of the one line of figures of table 4."""


class Entry(NamedTuple):
    """A data row and what is known of it from the rows above."""

    row: RowView
    code: str
    """Code of the row; x_ for rows the form does not have; `row|x_subtotal` where the forms differ."""
    heading: RowView | None
    note: str | None = None
    damaged: bool = False
    """The name was cut short; the place between known rows decides."""
    doubtful: bool = False
    """The name may be what is left of a row of the form, but its place does not say of which."""
    caption: str = ""
    """The caption of its block as printed."""


@dataclass(slots=True)
class Part:
    """The rows of one table of the form, in the order of the text."""

    code: str
    entries: list[Entry] = field(default_factory=list)
    headings: list[RowView] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)


def own_code(code: str, era: str | None) -> str:
    """Return the row code where a label is a row in the older form and names a group in the newer."""
    row, _, subtotal = code.partition("|")
    return subtotal if subtotal and era == BLOCK_ERAS[0] else row


def figure_in_label(row: RowView) -> str | None:
    """Return the label of a row printed as one cell, its figure behind a colon; None for any other row."""
    if row.cells != 1 or len(row.heads) != 1:
        return None
    label, colon, figure = row.heads[0].text.replace("：", ":").rpartition(":")
    return label.strip() if label and colon and word(figure.strip()).kind == "value" else None


def split_rows(rows: Sequence[RowView], forms: Forms) -> list[Part]:
    """Return the parts of a table: blocks of table 2, table 3, table 4; a repeated row opens a new part."""
    sorter = _Sorter(forms)
    for row in rows:
        sorter.take(row)
    return [part for part in sorter.parts if part.entries]


class _Sorter:
    """Reads rows from top to bottom and remembers the block, its heading and the table they stand in."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self.parts: list[Part] = []
        self.open: dict[str, Part] = {}
        self.block: str | None = None
        self.caption = ""
        self.heading: RowView | None = None
        self.last: Part | None = None

    def take(self, row: RowView) -> None:
        """Sort one row into its part."""
        if row.kind == "caption":
            self.heading, self.last = row if row.starts else None, None
            self.caption = row.label.text if row.label is not None else ""
            self.block = self.forms.names.caption(self.caption)
        elif row.kind == "heading" and self.last is not None and figure_in_label(row) is not None:
            part = self.last
            part.entries.append(Entry(row, f"x_row_{row.table}_{row.number}", None, figure_in_label(row)))
        elif row.kind == "heading":
            self._take_heading(row)
        else:
            self._take_figures(row)

    def _part(self, code: str, row_code: str | None = None) -> Part:
        part = self.open.get(code)
        if part is None or row_code in part.codes or (row_code is None and part.entries):
            part = self.open[code] = Part(code)
            self.parts.append(part)
        return part

    def _take_heading(self, row: RowView) -> None:
        code, last = _heading_of(row, self.forms), self.last
        open_heading = last is not None and not last.entries and bool(last.headings)
        if last is not None and open_heading and not _is_only(row.heads[0], code, self.forms):
            code = last.code
        under_caption = self.block is not None and self.heading is None and self.last is None
        if row.starts or code in BLOCKS or (code is None and under_caption):
            self.heading, self.last = row, None
        elif code is not None:
            self.last = self._part(code)
            self.last.headings.append(row)
        elif last is not None and open_heading:
            last.headings.append(row)

    def _take_figures(self, row: RowView) -> None:
        open_table = (
            self.last.code if self.last is not None else self.block if self.heading is not None else None
        )
        found = _row_code(row, open_table, self.last, self.forms)
        if found is None:
            return
        code, row_code, note = found
        part = self.last = self._part(code, row_code)
        if row.heads and row.kind == "figures":
            part.headings.append(row)
        part.codes.add(row_code)
        heading, caption = (self.heading, self.caption) if code in BLOCKS else (None, "")
        part.entries.append(Entry(row, row_code, heading, note, caption=caption))


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
    row: RowView, table: str | None, last: Part | None, forms: Forms
) -> tuple[str, str, str | None] | None:
    """Return table, row and note of a data row; None for rows that carry nothing of the form."""
    if row.kind == "data" and row.label is not None:
        refs = [ref for ref in forms.names.meaning(row.label.text).rows if ref[0] in BLOCK_ERAS]
        places = dict.fromkeys((table, code) for _, table, code in refs)
        if len(places) == 1:
            owner, code = next(iter(places))
            return owner, code, None
        return None
    if row.kind == "group" and row.label is not None:
        return _group_row(row, row.label, forms)
    if row.kind == "figures":
        return _figures_only(row, last, forms)
    if row.kind == "unknown" and table == DISPUTES and last is not None and not last.entries:
        return DISPUTES, ALL_FIGURES, None
    if row.kind == "unknown" and row.label is not None and table is not None and row.printed:
        return table, f"x_row_{row.table}_{row.number}", row.label.text
    return None


def _group_row(row: RowView, label: Cell, forms: Forms) -> tuple[str, str, str | None] | None:
    """Return what figures beside the name of a group are: a row of a form without that group, or a subtotal.

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


def _subtotal_code(ref: Ref, forms: Forms) -> str | None:
    era, table, code = ref
    return next((group.subtotal for group in forms.table(era, table).groups if group.code == code), None)


def _is_its_row(row: RowView, last: Part) -> bool:
    """Say whether figures below table 4 are a row of it: its only one, or more than a page number."""
    return not last.entries or len(row.printed) >= _FEWEST_FIGURES


def _figures_only(row: RowView, last: Part | None, forms: Forms) -> tuple[str, str, str | None] | None:
    """Return what a row without a label is: the figures of table 4, or a row of table 3 named as a column."""
    if row.label is not None and last is not None and last.code == REQUESTS and last.entries:
        refs = forms.names.meaning(row.label.text).rows
        codes = {code for era, table, code in refs if era in BLOCK_ERAS and table == REQUESTS}
        return (REQUESTS, codes.pop(), None) if len(codes) == 1 else None
    heads_disputes = _heading_of(row, forms) == DISPUTES
    if heads_disputes or (last is not None and last.code == DISPUTES and _is_its_row(row, last)):
        return DISPUTES, ALL_FIGURES, None
    return None
