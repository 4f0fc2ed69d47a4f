"""Small grid tables for tests: the printed layouts of `tests.render.form_layout`, and hand-made ones."""

from collections.abc import Mapping, Sequence

from parsers.align import Alignment, align
from parsers.document import Document, Table
from parsers.grid import lay_out_sections
from parsers.records import CellKey, Fact
from tests.render import form_layout
from tests.render.form_layout import Box, Grid

Printed = str | int | tuple[str, int, int]
"""A cell: its text, or text with rowspan and colspan."""


def distinct_figures(era: str) -> dict[CellKey, str]:
    """Return another figure for each cell of a form, so that a misplaced one shows; money with its unit."""
    figures = {key: str(index) for index, key in enumerate(form_layout.form_cells(era), 1)}
    return {key: f"{raw}元" if key[2] == "total_amount" else raw for key, raw in figures.items()}


def printed(grid: Grid, figures: Mapping[CellKey, str]) -> list[list[Printed]]:
    """Return the rows of a layout with its figures filled in."""
    return [
        [(figures.get(box.key, "") if box.key else box.text, box.rows, box.columns) for box in row]
        for row in grid
    ]


def form_tables(era: str, figures: Mapping[CellKey, str] | None = None) -> list[list[list[Printed]]]:
    """Return tables 2, 3 and 4 as clean pages print them."""
    filled = distinct_figures(era) if figures is None else figures
    grids = (form_layout.disclosure(era), form_layout.requests(era), form_layout.disputes())
    return [printed(grid, filled) for grid in grids]


def document(tables: Sequence[Sequence[Sequence[Printed]]], **parts: object) -> Document:
    """Return a document of grid tables."""
    blocks = []
    for number, rows in enumerate(tables):
        cells = [[cell if isinstance(cell, tuple) else (str(cell), 1, 1) for cell in row] for row in rows]
        layout = lay_out_sections([cells])
        blocks.append(Table(layout.rows, "grid", number, layout.width))
    return Document("html", "utf-8", tuple(blocks), **parts)  # type: ignore[arg-type]


def align_tables(*tables: Sequence[Sequence[Printed]]) -> Alignment:
    """Align grid tables given as printed rows."""
    return align(document(tables))


def by_key(alignment: Alignment) -> dict[CellKey, Fact]:
    """Return the facts by their codes; a cell given twice fails."""
    found = {fact.key: fact for fact in alignment.facts}
    assert len(found) == len(alignment.facts)
    return found


def wrong(alignment: Alignment, figures: Mapping[CellKey, str]) -> list[tuple[CellKey, str | None]]:
    """Return every reported cell of the form that does not hold the figure printed for it."""
    return [
        (fact.key, fact.raw)
        for fact in alignment.facts
        if fact.status == "reported" and not _extra(fact) and fact.raw != figures.get(fact.key)
    ]


def _extra(fact: Fact) -> bool:
    return fact.row.startswith("x_") or fact.column.startswith("x_")


def replace(rows: list[list[Printed]], old: str, new: str) -> list[list[Printed]]:
    """Return the rows with every cell of text `old` printed as `new`."""
    return [
        [(new, *cell[1:]) if isinstance(cell, tuple) and cell[0] == old else cell for cell in row]
        for row in rows
    ]


__all__ = [
    "Box",
    "Printed",
    "align_tables",
    "by_key",
    "distinct_figures",
    "document",
    "form_tables",
    "printed",
    "replace",
    "wrong",
]
