"""Printed rows of a grid table with what their cells can mean: own cells and cells hanging from above."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from parsers.document import Table
from parsers.figures import read_figure
from parsers.forms import Kind, Meaning, Names

NO_MEANING = Meaning("")
LABEL_CELLS = 4
"""A row label stands among the first cells of its row: caption, group, sub-group, label."""


class Seen(NamedTuple):
    """One cell as it appears in one printed row."""

    text: str
    row: int
    """Row where the cell starts."""
    start: int
    end: int
    meaning: Meaning
    own: bool
    """False when the cell started in a row above and hangs down into this one."""
    shared: bool
    """True when the cell covers more than one row."""

    @property
    def blank(self) -> bool:
        """True for a cell that is there and empty."""
        return not self.text or self.text.isspace()


class Line(NamedTuple):
    """One printed row."""

    table: int
    row: int
    cells: tuple[Seen, ...]
    """Own and hanging cells by grid column."""

    @property
    def end(self) -> int:
        """Grid column behind the last cell."""
        return self.cells[-1].end if self.cells else 0

    def text(self) -> str:
        """Return the texts of the row's own cells, joined."""
        return "".join(cell.text for cell in self.cells if cell.own)


def read_lines(table: Table, names: Names) -> list[Line]:
    """Return the printed rows of a grid table, each with the cells that hang down into it."""
    lines: list[Line] = []
    hanging: list[tuple[int, Seen]] = []  # (row behind the last one covered, cell)
    meaning = names.meaning
    for index, row in enumerate(table.rows):
        hanging = [item for item in hanging if item[0] > index]
        cells = [item[1] for item in hanging]
        for text, cell_row, column, rows, columns in row:
            known = NO_MEANING if not text or text.isdigit() else meaning(text)
            seen = Seen(text, cell_row, column, column + columns, known, True, rows > 1)
            cells.append(seen)
            if rows > 1:
                hanging.append((cell_row + rows, seen._replace(own=False)))
        if len(cells) > len(row):
            cells.sort(key=_start)
        lines.append(Line(table.number, index, tuple(cells)))
    return lines


def _start(cell: Seen) -> int:
    return cell.start


def is_words(cell: Seen) -> bool:
    """True when a cell holds words that are not a way of writing a figure or the lack of one."""
    text = cell.text
    if not any("一" <= char <= "鿿" for char in text):
        return False
    if cell.meaning.known or cell.meaning.halves:
        return True
    return all(read_figure(text, kind, unit).status == "unreadable" for kind, unit in _WAYS)


_WAYS: tuple[tuple[Kind, str], ...] = (("signed_count", "件"), ("amount", "元"))


class Labelled(NamedTuple):
    """A body row cut into its label and its figures."""

    line: Line
    label: Seen | None
    """The cell with the row's own name; None when the row has none (then `group` may still be known)."""
    group: Seen | None
    """The last group label before it, own or hanging."""
    values: tuple[Seen, ...]


def cut(line: Line, tables: Iterable[str]) -> Labelled:
    """Cut a row into label and figures: everything behind the last label of the given tables is a figure.

    Names of rows must start in this row; names of groups may hang down into it. Where no name is known,
    leading words are the label.
    """
    wanted = frozenset(tables)
    label, group, first = None, None, 0
    cells = line.cells
    for index, cell in enumerate(cells[:LABEL_CELLS]):
        meaning = cell.meaning
        names_row = cell.own and any(ref[1] in wanted for ref in meaning.rows)
        names_group = any(ref[1] in wanted for ref in meaning.groups)
        if names_group:
            group = cell
        if names_row or names_group or meaning.caption is not None:
            slipped = label is not None and not cell.own  # a group with a wrong span hangs behind the name
            label, first = (cell if names_row else label if slipped else None), index + 1
    if label is None or label is group:
        # Behind a name stand units, which are no names; a subtotal's is.
        while _words_next(cells, first) and not (
            label and cells[first].meaning.furniture not in (None, "subtotal")
        ):
            label, first = cells[first], first + 1
    values = cells[first:]
    if not all(cell.own for cell in values):
        # A heading whose rowspan is too long hangs into figure rows; it is none of their cells.
        values = tuple(cell for cell in values if cell.own or not cell.meaning.known)
    return Labelled(line, label, group, values)


def _words_next(cells: Sequence[Seen], index: int) -> bool:
    return index < len(cells) and cells[index].own and is_words(cells[index])
