"""Lists of indicators, rows found by label: the statistical list of 2014, and the local lists before it."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from parsers.align.blocks import LOCAL, STATISTICS, Block
from parsers.align.disclosure import headings_of
from parsers.align.emit import UNDECIDED, holds_figure, where
from parsers.align.lines import Line, Seen, is_words
from parsers.align.placement import Placed, SubTable
from parsers.figures import heading_unit, read_figure
from parsers.forms import Forms, core_key
from parsers.records import Method, Status

_ERA = "stat2014"
_FEWEST_ROWS = 2
_VALUE = "value"


class _Columns(NamedTuple):
    """The columns of figures the headings of a list name."""

    codes: dict[int, str]
    """First grid column -> the code of the value, or the printed heading of another column."""
    starts: tuple[int, ...]
    """First grid columns of all of them, in order."""

    def covered(self, cell: Seen) -> int:
        """Return how many of the columns a cell stands in."""
        return bisect_left(self.starts, cell.end) - bisect_left(self.starts, cell.start)


def align_statistics(block: Block, forms: Forms) -> SubTable | None:
    """Return the list of 2014; None when fewer than two of its rows are there."""
    table = forms.table(_ERA, STATISTICS)
    columns = _value_columns(headings_of(block))
    placed: list[Placed] = []
    deciding: list[str] = []
    section: str | None = None
    seen: set[str] = set()
    for line in block.body:
        label = _label(line)
        if label is None:
            continue
        codes = [ref[2] for ref in label.meaning.rows if ref[1] == STATISTICS]
        if len(codes) > 1 and section is not None:
            codes = [code for code in codes if table.row_index[code].section == section]
        if len(codes) == 1:
            section = table.row_index[codes[0]].section
        seen.update(codes)
        if label.meaning.eras == (_ERA,):
            deciding.append(label.text)
        placed.extend(_row(line, label, codes, columns))
    if len(seen) < _FEWEST_ROWS:
        return None
    missing = tuple(row.code for row in table.rows if row.code not in seen)
    titles = [cell.text for line in block.headings for cell in line.cells if cell.meaning.eras == (_ERA,)]
    decided = _ERA if deciding or titles or len(seen) > len(table.rows) // 2 else None
    return SubTable(
        STATISTICS, decided, tuple(placed), tuple(titles + deciding), missing_rows=missing, read_as=_ERA
    )


def _value_columns(headings: Sequence[Line]) -> _Columns | None:
    """Return the columns of figures; None when no heading names them."""
    found: dict[int, str] = {}
    others: dict[int, str] = {}
    for line in headings:
        start = next((cell for cell in line.cells if cell.meaning.furniture == "heading_start"), None)
        if start is None:
            continue
        for cell in line.cells:
            if cell.start <= start.start or cell.meaning.furniture or cell.blank:
                continue
            if any(ref[1] == STATISTICS for ref in cell.meaning.columns):
                found[cell.start] = _VALUE
            else:
                others[cell.start] = cell.text
    starts = tuple(sorted({*found, *others}))
    if len(found) == 1:
        return _Columns(found, starts)
    return _Columns(others, starts) if others else None


def _label(line: Line) -> Seen | None:
    for cell in line.cells[:3]:
        if cell.own and any(ref[1] == STATISTICS for ref in cell.meaning.rows):
            return cell
    words = [cell for cell in line.cells[:2] if cell.own and is_words(cell) and not cell.meaning.furniture]
    return words[0] if words else None


def _row(
    line: Line,
    label: Seen,
    codes: Sequence[str],
    columns: _Columns | None,
) -> list[Placed]:
    behind = [cell for cell in line.cells if cell.start >= label.end]
    unit = next((cell for cell in behind if _is_unit(cell) and not (columns and columns.covered(cell))), None)
    values = [cell for cell in behind if cell is not unit]
    printed_unit = unit.text.strip() if unit is not None and unit.meaning.furniture else None
    named_unit = heading_unit(label.text)
    if named_unit is not None:
        printed_unit = named_unit if printed_unit in (None, named_unit) else f"{printed_unit}、{named_unit}"
    rows = list(codes) or [f"x_row_{line.table}_{line.row}"]
    note = None if codes else label.text
    if not values or (not codes and not any(holds_figure(cell) for cell in values)):
        return []
    merged = any(cell.shared or (columns and columns.covered(cell) > 1) for cell in values)
    codes_by_start = columns.codes if columns else {}
    named = [cell for cell in values if codes_by_start.get(cell.start) == _VALUE]
    # A figure of several rows or columns is the figure of none of them.
    alone = not (merged and any(holds_figure(cell) for cell in values))
    if alone and (len(values) == 1 or (len(named) == 1 and len(codes) == 1)):
        cell = named[0] if named else values[0]
        method: Method = "label" if named else "position"
        if len(rows) == 1 and codes_by_start.get(cell.start, _VALUE) == _VALUE:
            return [
                Placed(rows[0], _VALUE, cell.text, method, where(cell, line), None, note, None, printed_unit)
            ]
    if not any(holds_figure(cell) for cell in values):
        cell = values[0]
        return [Placed(row, _VALUE, cell.text, "label", where(cell, line), None, note) for row in rows]
    raw = " | ".join(cell.text for cell in values)
    place = where(values[0], line)
    unsure = [Placed(row, _VALUE, raw, "label", place, "ambiguous", note or UNDECIDED) for row in rows]
    return unsure + _by_printed_column(line, rows, values, columns)


def _by_printed_column(
    line: Line, rows: Sequence[str], values: Sequence[Seen], columns: _Columns | None
) -> list[Placed]:
    """Return the figures of columns the form does not have (districts, bureaus, towns)."""
    if len(rows) != 1 or not columns or _VALUE in columns.codes.values():
        return []
    return [
        Placed(
            rows[0],
            f"x_column_{bisect_left(columns.starts, cell.start) + 1}",
            cell.text,
            "label",
            where(cell, line),
            None,
            note,
        )
        for cell in values
        if not cell.blank
        and not cell.shared
        and columns.covered(cell) == 1
        and (note := columns.codes.get(cell.start)) is not None
    ]


def _is_unit(cell: Seen) -> bool:
    return cell.meaning.furniture == "unit_word" or read_figure(cell.text, "header", None).status == "dash"


def align_local(block: Block, forms: Forms) -> SubTable | None:
    """Return a local list from before 2014: every figure an x_ cell, its printed label in the note."""
    columns = _local_columns(headings_of(block), forms)
    if not columns:
        return None
    placed: list[Placed] = []
    for line in block.body:
        label = next((cell for cell in line.cells[:2] if cell.own and is_words(cell)), None)
        if label is None:
            continue
        series = forms.local.series.get(core_key(label.text))
        row = f"x_{series}" if series else f"x_row_{line.table}_{line.row}"
        for cell in line.cells:
            if cell.start in columns and cell.start >= label.end and not cell.blank:
                status: Status | None = "ambiguous" if cell.shared and holds_figure(cell) else None
                placed.append(
                    Placed(
                        row, columns[cell.start], cell.text, "label", where(cell, line), status, label.text
                    )
                )
    return SubTable(LOCAL, "pre2014", tuple(placed), tuple(columns.values())) if placed else None


def _local_columns(headings: Sequence[Line], forms: Forms) -> dict[int, str]:
    """Return start column -> code; one of them is the figure of the year."""
    found: dict[int, str] = {}
    for line in headings:
        for cell in line.cells:
            key = cell.meaning.key.lstrip("0123456789")
            code = forms.local.value_columns.get(key)
            if code is not None and code not in found.values():
                found[cell.start] = code
    return found
