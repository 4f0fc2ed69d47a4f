"""The one shape every input becomes before anything is understood: blocks in reading order.

Readers (`parsers.readers`) make a `Document`; everything behind them knows nothing of HTML or pipes.
All indices are 0-based.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

Geometry: TypeAlias = Literal["grid", "ragged"]


class Cell(NamedTuple):
    """One printed cell at its origin, with the rectangle of the grid it covers."""

    text: str
    """The text as printed, white space at the ends removed, inner line breaks kept as one space."""
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


class Heading(NamedTuple):
    """A line the page marks as a heading."""

    text: str
    level: int


class Paragraph(NamedTuple):
    """A line or paragraph of running text."""

    text: str


class Table(NamedTuple):
    """Printed rows of one table.

    `geometry` is "grid" where places are known (HTML, DOCX, XLSX): `Cell.row`/`Cell.column` are grid places.
    It is "ragged" where merged cells were lost and only the order is known: `Cell.row` is the row as read and
    `Cell.column` the ordinal of the cell within it.
    """

    rows: tuple[tuple[Cell, ...], ...]
    geometry: Geometry
    number: int
    """Place of the table among the tables of the document, 0-based."""
    width: int
    """Grid columns; for ragged tables the width the separators claim, 0 where they claim none."""
    form: str | None = None
    """Ragged tables: letter of the text form, A to L, as described in the docs; None for grids."""
    pads: tuple[int, ...] = ()
    """Ragged tables: separators at the end of each row, for merged or dropped cells; () if none are kept."""
    gaps: tuple[tuple[int, ...], ...] = ()
    """Ragged tables, one cell per line: empty lines before each cell of a row, and after its last one."""
    keeps_blanks: bool = False
    """Ragged tables: separators of empty cells survived, so that an empty cell is a cell."""
    fused: frozenset[int] = frozenset()
    """Ragged tables: rows whose figures ran together with the label or with each other."""
    strays: frozenset[int] = frozenset()
    """Ragged tables: rows with a figure without the separator that cells of the table have."""
    drops_blanks: bool = False
    """Ragged tables: the writer kept some empty cells and left out others."""


@dataclass(frozen=True, slots=True, eq=False)
class BlankTable:
    """A printed table without its figures, as it comes again in other documents; two are never the same."""

    rows: tuple[tuple[Cell, ...], ...]
    """The rows with a zero for each figure."""
    holes: tuple[tuple[int, int], ...]
    """Row, and place within it, of each figure."""
    width: int

    def fill(self, figures: Sequence[str]) -> tuple[tuple[Cell, ...], ...]:
        """Return the rows with these figures, one for each hole."""
        changed: dict[int, list[Cell]] = {}
        for (row, place), figure in zip(self.holes, figures, strict=True):
            if figure != "0":
                if row not in changed:
                    changed[row] = list(self.rows[row])
                changed[row][place] = Cell(figure, *changed[row][place][1:])
        return tuple(
            tuple(changed[number]) if number in changed else row for number, row in enumerate(self.rows)
        )


class FilledTable(NamedTuple):
    """A blank table and the figures printed in it."""

    blank: BlankTable
    figures: tuple[str, ...]


Block: TypeAlias = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader found: the blocks of the report in reading order and what stood around them."""

    kind: str
    """html, text, docx, …: the kind of input it was."""
    charset: str | None
    """The charset used to decode the bytes (python codec name), None for binary kinds."""
    blocks: tuple[Block, ...]
    outside: tuple[str, ...] = ()
    """Lines of the page outside the body of the report (navigation, footer): witnesses, never data."""
    meta: dict[str, str] = field(default_factory=dict)
    """Page tags by lower-case name (articletitle, pubdate, siteidcode, contentsource, columnname …)."""
    page_title: str | None = None
    """Text of the HTML <title>."""
    images: tuple[str, ...] = ()
    """Addresses or names of images that stand inside the body of the report."""
    attachments: tuple[tuple[str, str], ...] = ()
    """(address, human name) of files linked from the body."""
    filled: tuple[FilledTable | None, ...] = field(default=(), compare=False, repr=False)
    """For each table the blank it was recognised as, if any: what is known of a blank is worked out once."""
    notes: tuple[str, ...] = ()
    """Codes of what the reader had to do or give up: charset_mismatch, spans_clamped, truncated, …"""

    def tables(self) -> Iterator[Table]:
        """Yield the tables in reading order."""
        return (block for block in self.blocks if isinstance(block, Table))
