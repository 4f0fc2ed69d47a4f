"""What an official form consists of: tables of rows and columns with their printed labels and meanings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

Era: TypeAlias = Literal["fmt2021", "fmt2019", "stat2014", "pre2014"]
"""The forms, newest first; each has its file `<era>.toml`."""
Kind: TypeAlias = Literal["count", "signed_count", "amount", "header"]


class Alias(NamedTuple):
    """Another wording of a label, and the page or place where it was seen."""

    text: str
    seen: str


@dataclass(frozen=True, slots=True)
class FormGroup:
    """A label that spans several rows or columns and carries no figure in the official form."""

    code: str
    label: str
    parent: str | None = None
    aliases: tuple[Alias, ...] = ()
    words: tuple[str, ...] = ()
    subtotal: str | None = None
    """Code of the figure some bodies print beside it all the same (x_…)."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """One printed row that carries figures."""

    code: str
    label: str
    label_en: str
    means_en: str
    means_zh: str
    group: str | None = None
    section: str | None = None
    """Code of the part of the list in which the label is unique (2014 only)."""
    aliases: tuple[Alias, ...] = ()
    words: tuple[str, ...] = ()
    """Words of which any one names this row and no other row of its table."""
    unit: str | None = None
    kind: Kind | None = None
    decides: bool = False
    """True when the whole label occurs in one form only."""
    verified: bool = True
    """False while the wording has not been compared with the annex of the official notice."""
    needs_group: bool = False
    """True when the label names this row only inside its group."""
    after: str | None = None
    """Row of the form this table was taken from, behind which this one stands."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One printed column of figures."""

    code: str
    label: str
    label_en: str = ""
    means_en: str = ""
    means_zh: str = ""
    group: str | None = None
    aliases: tuple[Alias, ...] = ()
    halves: tuple[str, ...] = ()
    """What is left of the label when a line break cut it; decides only together with the place."""
    unit: str | None = None
    kind: Kind = "count"
    decides: bool = False
    unit_must_be_printed: bool = False


class FormCell(NamedTuple):
    """One cell of a form: its codes, how it is measured."""

    table: str
    row: str
    column: str
    unit: str | None
    kind: Kind
    unit_must_be_printed: bool = False
    """True where the form prescribes no unit: a bare figure has no known size."""


@dataclass(frozen=True, slots=True)
class FormTable:
    """One table of a form; rows and columns in printed order."""

    code: str
    title_en: str
    title_zh: str
    rows: tuple[FormRow, ...]
    columns: tuple[FormColumn, ...]
    caption: str | None = None
    unit: str | None = None
    groups: tuple[FormGroup, ...] = ()
    column_groups: tuple[FormGroup, ...] = ()
    extra_columns: tuple[FormColumn, ...] = ()
    """Columns some bodies add; their figures are kept apart."""
    decides: bool = False
    """True when the caption occurs in one form only."""
    row_index: dict[str, FormRow] = field(init=False, compare=False)
    column_index: dict[str, FormColumn] = field(init=False, compare=False)
    cells: dict[tuple[str, str], FormCell] = field(init=False, compare=False)
    """(row, column) -> cell, in printed order."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "row_index", {row.code: row for row in self.rows})
        object.__setattr__(self, "column_index", {column.code: column for column in self.columns})
        object.__setattr__(self, "cells", {(cell.row, cell.column): cell for cell in self._cells()})

    def _cells(self) -> Iterator[FormCell]:
        for row in self.rows:
            for column in self.columns:
                kind: Kind = row.kind or column.kind
                unit = None if kind == "header" else column.unit or row.unit or self.unit
                yield FormCell(self.code, row.code, column.code, unit, kind, column.unit_must_be_printed)

    def row_path(self, row: FormRow) -> str:
        """Return the printed label with the labels of its groups before it, joined by a slash."""
        return _path(self.groups, row.group, row.label)

    def column_path(self, column: FormColumn) -> str:
        """Return the printed heading with the headings above it before it, joined by a slash."""
        return _path(self.column_groups, column.group, column.label)


def _path(groups: tuple[FormGroup, ...], group: str | None, label: str) -> str:
    by_code = {item.code: item for item in groups}
    labels = [label]
    while group is not None:
        labels.append(by_code[group].label)
        group = by_code[group].parent
    return "/".join(reversed(labels))


@dataclass(frozen=True, slots=True)
class Form:
    """One official form."""

    era: Era
    title_en: str
    title_zh: str
    due: tuple[int, ...]
    """Years for which it was due, open-ended for the form in force. Never used to recognise it."""
    tables: tuple[FormTable, ...]
    marks: tuple[str, ...] = ()
    """Further labels that decide the era."""
    table_index: dict[str, FormTable] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table_index", {table.code: table for table in self.tables})

    def cells(self) -> Iterator[FormCell]:
        """Yield every cell of the form in printed order."""
        for table in self.tables:
            yield from table.cells.values()

    def cell_count(self) -> int:
        """Return how many cells the form has."""
        return sum(len(table.cells) for table in self.tables)
