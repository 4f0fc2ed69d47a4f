"""The lines of one table as rows: line ends decide where they are row ends, else the labels do."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.document import Cell, Table
from parsers.readers.text_broken import whole_rows
from parsers.readers.text_labels import Kind, is_unit, word
from parsers.readers.text_lines import Mark, is_smeared
from parsers.readers.text_pipes import PipeLine, split_pipes, style_of

MAX_ROWS = 5_000
"""Rows kept of one table; the longest official form has 65."""
_HEAD_LINES = 3
_FEWEST_OPENED = 2
_NO_VALUE = frozenset({"nan", "None", "<NA>"})
"""What data frames print for a cell without a value."""


@dataclass(slots=True)
class _Row:
    cells: list[str] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    pads: int = 0
    fused: bool = False
    stray: bool = False


class Piece(NamedTuple):
    """What one line adds to the rows."""

    cells: tuple[str, ...]
    gap: int
    pads: int = 0
    whole: bool = False
    """The line is a row of its own."""
    closes: bool = False
    """The row ends with this line."""
    bar: bool = False
    """A lone pipe: an empty cell, or what opens a row."""
    fused: bool = False
    stray: bool = False
    """The line ends in a figure without the separator behind it that cells of the table have."""


def read_rows(marks: Sequence[Mark], number: int, gap_after: int, lists: bool) -> Table | None:
    """Return the lines of one table as a ragged table, None when nothing but separators is left."""
    marks, lossy = whole_rows(marks)
    pipes = [item.line.text for item in marks if item.kind == "pipe"]
    parsed = _parse_pipes(pipes)
    keeps = not lossy and any(line.keeps for line in parsed)
    pieces = _without_frame_index(list(_pieces(marks, parsed, keeps)))
    keeps = keeps or (not lossy and any("" in piece.cells for piece in pieces if piece.whole))
    openers = _openers(pieces, lists)
    assembled = _assemble(pieces, openers, lists)
    rows = [row for row in assembled if any(row.cells)][:MAX_ROWS]
    if not rows:
        return None
    singles = sum(len(piece.cells) == 1 and not piece.whole for piece in pieces)
    form = _form(marks, parsed, bool(openers), keeps, singles)
    cells = tuple(
        tuple(Cell(text, at, place) for place, text in enumerate(row.cells)) for at, row in enumerate(rows)
    )
    return Table(
        cells,
        "ragged",
        number,
        _width(rows) if pipes else 0,
        form=form,
        pads=tuple(row.pads for row in rows) if pipes else (),
        gaps=_gaps(rows, gap_after)
        if form == "A" and not any(len(piece.cells) > 1 for piece in pieces)
        else (),
        keeps_blanks=keeps or (form in ("C", "D", "G") and not _has_stray_bars(assembled, lists)),
        fused=frozenset(at for at, row in enumerate(rows) if row.fused),
        strays=frozenset(at for at, row in enumerate(rows) if row.stray),
        drops_blanks=lossy,
    )


def _parse_pipes(pipes: list[str]) -> list[PipeLine]:
    style = style_of(pipes)
    parsed = []
    rows = 0
    for line in pipes:
        found = split_pipes(line, style, head=rows < _HEAD_LINES)
        rows += found.shape != "rule"
        parsed.append(found)
    return parsed


def _pieces(marks: Sequence[Mark], parsed: list[PipeLine], keeps: bool) -> Iterator[Piece]:
    lines = iter(parsed)
    for item in marks:
        gap = item.line.gap
        if item.kind != "pipe":
            for piece in _plain_piece(item, gap):
                yield piece._replace(stray=True) if parsed and item.kind == "value" else piece
            continue
        line = next(lines)
        if line.shape == "rule":
            continue
        if line.shape == "bar":
            yield Piece(("",), gap, bar=True)
        elif line.shape == "pads":
            yield Piece((), gap, line.pads, closes=True)
        else:
            cells, pads = line.cells, line.pads
            # Where empty cells survive elsewhere in the table, a single one at the end is a cell too.
            if keeps and pads == 1:
                cells, pads = (*cells, ""), 0
            whole = line.shape == "row" or len(cells) > 1
            stray = line.open and word(cells[-1]).kind == "value"
            yield Piece(cells, gap, pads, whole=whole, closes=whole or pads > 0, stray=stray)


def _plain_piece(item: Mark, gap: int) -> Iterator[Piece]:
    if item.kind == "fused":
        for cells in _fused_rows(item):
            yield Piece(cells, gap, whole=True, closes=True, fused=True)
    elif item.kind == "mixed":
        yield Piece(item.cells, gap, whole=True, closes=True)
    elif item.cells or item.kind == "other":
        yield Piece(item.cells or (item.line.text,), gap)


def _fused_rows(item: Mark) -> Iterator[tuple[str, ...]]:
    """Cut a line without separators where a row begins."""
    row: list[str] = []
    kinds: set[Kind] = set()
    for cell in item.cells:
        kind: Kind = "value" if cell.isdigit() else word(cell).kind
        if row and _begins_row(kind, kinds):
            yield tuple(row)
            row, kinds = [], set()
        row.append(cell)
        kinds.add(kind)
    if row:
        yield tuple(row)


def _without_frame_index(pieces: list[Piece]) -> list[Piece]:
    """Leave out the column numbers and row numbers a data frame prints around its cells."""
    kept: list[Piece] = []
    row = -1
    framed = numbered = False
    for piece in pieces:
        names = piece.cells[1:] if piece.cells[:1] == ("",) else piece.cells
        if piece.whole and len(names) >= 2 and names == tuple(map(str, range(len(names)))):
            framed = True
            row, numbered = 0, names is not piece.cells and len(names) < len(piece.cells)
            continue
        if framed:
            piece = piece._replace(cells=tuple("" if cell in _NO_VALUE else cell for cell in piece.cells))
        if numbered and piece.cells[:1] == (str(row),):
            piece = piece._replace(cells=piece.cells[1:])
            row += 1
        else:
            numbered = False
        kept.append(piece)
    return kept


def _openers(pieces: Sequence[Piece], lists: bool) -> frozenset[int]:
    """Return the lone pipes that open a row: all or none of the rows of a table are opened by one."""
    opened: list[int] = []
    kind_before: Kind = "other"
    for at, piece in enumerate(pieces):
        kind = word(piece.cells[0], lists).kind if piece.cells and not piece.bar else "other"
        begins = kind in ("caption", "start", "corner") or (
            kind in ("row", "group") and kind_before != "group"
        )
        opener = at - 1 if begins else at
        if begins or at == 0 or pieces[at - 1].closes:
            if opener < 0 or not pieces[opener].bar:
                return frozenset()
            opened.append(opener)
        kind_before = kind
    if len(set(opened)) < _FEWEST_OPENED:
        return frozenset()
    # Behind whole heading rows nothing is padded: the pipe that opens the figures follows the last heading.
    behind = (at for at in range(1, len(pieces)) if pieces[at].bar and _is_heading(pieces[at - 1], lists))
    return frozenset((*opened, *behind))


def _is_heading(piece: Piece, lists: bool) -> bool:
    return not piece.bar and bool(piece.cells) and word(piece.cells[-1], lists).kind == "column"


def _assemble(pieces: Sequence[Piece], openers: frozenset[int], lists: bool) -> list[_Row]:
    rows: list[_Row] = []
    kinds: set[Kind] = set()
    current: _Row | None = None
    for at, piece in enumerate(pieces):
        if at in openers:
            current, kinds = None, set()
            continue
        goes_on = piece.bar or not piece.cells or (lists and current is not None and is_unit(piece.cells[0]))
        kind: Kind = "value" if goes_on else word(piece.cells[0], lists).kind
        if piece.whole or current is None or (piece.cells and _begins_row(kind, kinds)):
            if current is None and not piece.cells:
                continue
            current, kinds = _Row(), set()
            rows.append(current)
        current.cells.extend(piece.cells)
        current.gaps.extend([piece.gap] + [0] * (len(piece.cells) - 1) if piece.cells else [])
        current.pads += piece.pads
        current.fused = current.fused or piece.fused
        # The last figure of a table may have lost its separator; further up a line is torn or no part of it.
        current.stray = current.stray or (piece.stray and at < len(pieces) - 1)
        kinds.add(kind)
        if piece.closes:
            current = None
    return rows


def _has_stray_bars(rows: Sequence[_Row], lists: bool) -> bool:
    """Say whether lone pipes stand where no empty cell can: outside every row, or among headings.

    Then some open a row although not all rows are opened, and none of them proves an empty cell. One behind
    the last heading is padding where it gives the row the width that most rows have.
    """
    totals = Counter(len(row.cells) + row.pads for row in rows)
    for row in rows:
        if not any(row.cells):
            return True
        if "" in row.cells and word(row.cells[0], lists).kind in ("caption", "start", "corner"):
            total = len(row.cells) + row.pads
            if "" in row.cells[:-1] or 2 * totals[total] <= totals.total():
                return True
    return False


def _begins_row(kind: Kind, kinds: set[Kind]) -> bool:
    """Say whether a label begins a row, given what the row so far holds."""
    if kind == "value" or not kinds:
        return False
    if kind in ("caption", "start", "corner") or "value" in kinds or "caption" in kinds:
        return True
    if kind in ("row", "group"):
        return bool(kinds - {"group"})
    return "row" in kinds


def _form(marks: Sequence[Mark], parsed: list[PipeLine], opened: bool, keeps: bool, singles: int) -> str:
    kinds = {item.kind for item in marks}
    if not parsed:
        if "fused" in kinds:
            return "J"
        mixed = sum(item.kind == "mixed" for item in marks)
        if any(item.kind == "mixed" and is_smeared(item.cells) for item in marks):
            return "K"
        return "H" if mixed > singles else "A"
    if opened:
        return "D"
    rows = sum(line.shape == "row" for line in parsed)
    if singles > rows:
        return "G" if any(line.shape != "pads" and line.pads for line in parsed) else "C"
    if all(item.line.text.startswith("|") for item in marks if item.kind == "pipe"):
        return "F"
    return "B" if any(line.pads for line in parsed) and not keeps else "E"


def _width(rows: Sequence[_Row]) -> int:
    return max(len(row.cells) + row.pads for row in rows)


def _gaps(rows: Sequence[_Row], gap_after: int) -> tuple[tuple[int, ...], ...]:
    following = [row.gaps[0] for row in rows[1:]] + [gap_after]
    return tuple((*row.gaps, after) for row, after in zip(rows, following, strict=True))
