"""What the aligners hand over: printed cells with their place in the form, table by table."""

from dataclasses import dataclass
from typing import NamedTuple

from parsers.records import Method, Status, Where


class Placed(NamedTuple):
    """One printed cell and the cell of the form it is; codes starting with x_ are not in the form."""

    row: str
    column: str
    raw: str
    """The cell as printed, never changed; "" for a cell that is there and empty."""
    method: Method
    where: Where
    status: Status | None = None
    """None: `figures.read_figure` decides from `raw`. Else the status is forced and there is no value."""
    note: str | None = None
    """For x_ cells the printed label; else why the status was forced, as a code."""
    figure: str | None = None
    """The part of `raw` that is the figure, when it stands in one cell with its label; None: all of it."""
    printed_unit: str | None = None
    """Unit printed in the heading above the cell, when it is another than that of the form."""


@dataclass(frozen=True, slots=True)
class SubTable:
    """One table of the form as found: a block of table 2, table 3, table 4, the list of 2014."""

    table: str
    """Table code of the form; `local` for the lists before 2014."""
    era: str | None
    """Era its labels decide; None where they decide nothing (table 4 never does)."""
    placed: tuple[Placed, ...]
    deciding_labels: tuple[str, ...] = ()
    """Printed labels the era rests on."""
    damaged_headings: tuple[str, ...] = ()
    """Headings as read, where columns were placed by order because their names were damaged."""
    missing_rows: tuple[str, ...] = ()
    """Codes of the rows of the form that were looked for and not found."""
    read_as: str | None = None
    """Era whose codes `placed` uses, when `era` is None; None: the same as `era`."""
    notes: tuple[str, ...] = ()
    """Codes of what had to be decided or given up."""
