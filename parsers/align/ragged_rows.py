"""Rows of a ragged table with what their cells are: label, group, headings, figures."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from parsers.document import Cell, Table
from parsers.readers.text_labels import Kind, begins_list, word

RowKind: TypeAlias = Literal["caption", "heading", "data", "group", "figures", "unknown", "empty"]


class RowView(NamedTuple):
    """One printed row, cut into what names it and what it says."""

    table: int
    number: int
    kind: RowKind
    label: Cell | None
    """The cell that names the row (data, group, unknown) or the block (caption)."""
    group: Cell | None
    """The group label that stands in front of the label in the same row."""
    heads: tuple[Cell, ...]
    """Printed cells before the figures that name columns; all of them in a heading row."""
    values: tuple[Cell, ...]
    """Cells behind the label, empty ones included where the text kept them."""
    pads: int
    """Separators at the end that enclose nothing; 0 where the text has none."""
    gaps: tuple[int, ...]
    """Empty lines before each figure and behind the last; () where the text tells nothing."""
    fused: bool
    cells: int
    """How many cells the row has."""
    starts: bool
    """A heading row that opens with the words every heading of a block opens with."""
    stray: bool
    """A figure of the row may be none of the table, or be torn."""

    @property
    def printed(self) -> tuple[Cell, ...]:
        """The cells behind the label that are not empty."""
        return tuple(cell for cell in self.values if cell.text)

    @property
    def before(self) -> int:
        """How many cells stand before the first figure."""
        return self.cells - len(self.values)


def view_rows(table: Table) -> Iterator[RowView]:
    """Yield the rows of a ragged table in order."""
    lists = any(cell.text and begins_list(cell.text) for row in table.rows[:4] for cell in row)
    for index, row in enumerate(table.rows):
        pads = table.pads[index] if table.pads else 0
        gaps = table.gaps[index] if table.gaps else ()
        yield _view(table, index, row, pads, gaps, lists)


def _view(
    table: Table, index: int, row: Sequence[Cell], pads: int, gaps: tuple[int, ...], lists: bool
) -> RowView:
    kinds: list[Kind | None] = [word(cell.text, lists).kind if cell.text else None for cell in row]
    first_value = kinds.index("value") if "value" in kinds else len(kinds)
    if "caption" in kinds and "row" in kinds[kinds.index("caption") : first_value] and "value" in kinds:
        kinds[kinds.index("caption")] = "group"  # it stands beside each of its rows
    fused = index in table.fused
    if fused and first_value == len(kinds) > 1 and kinds[-1] == "other":
        first_value -= 1

    def cut(kind: RowKind, label: int | None, values_from: int, group: int | None = None) -> RowView:
        heads = tuple(
            cell for at, cell in enumerate(row[:values_from]) if cell.text and kinds[at] != "caption"
        )
        return RowView(
            table.number,
            index,
            kind,
            None if label is None else row[label],
            None if group is None else row[group],
            heads,
            tuple(row[values_from:]),
            pads,
            gaps[values_from:] if gaps else (),
            fused,
            len(row),
            "start" in kinds,
            index in table.strays,
        )

    if "caption" in kinds:
        return cut("caption", kinds.index("caption"), len(row))
    if "start" in kinds:
        return cut("heading", None, len(row))
    rows = [at for at, kind in enumerate(kinds[:first_value]) if kind == "row"]
    groups = [at for at, kind in enumerate(kinds[:first_value]) if kind == "group"]
    if rows:
        return cut("data", rows[-1], rows[-1] + 1, groups[-1] if groups and groups[-1] < rows[-1] else None)
    if groups:
        return cut("group", groups[-1], groups[-1] + 1)
    if first_value < len(kinds):
        named = [at for at, kind in enumerate(kinds[:first_value]) if kind is not None]
        if not named:
            return cut("figures", None, 0)
        if kinds[named[-1]] == "other" and not any(kinds[at] == "column" for at in named):
            return cut("unknown", named[-1], named[-1] + 1)
        return cut("figures", named[-1] if len(named) == 1 else None, named[-1] + 1)
    return cut("heading" if any(kinds) else "empty", None, len(row))
