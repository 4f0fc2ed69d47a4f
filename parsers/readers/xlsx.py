"""Spreadsheets: what the sheets of an XLSX print, as the tables of a page, then read like any page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any, NamedTuple

from parsers.document import Document
from parsers.readers.errors import UnreadableInputError, UnsupportedInputError
from parsers.readers.html import read_html
from parsers.readers.office import Package, attribute, child, children, kind_of
from parsers.readers.text_labels import whole_label
from parsers.readers.xlsx_formats import UNKNOWN, Formats

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_STRINGS = "xl/sharedStrings.xml"
_MOST_CELLS = 20_000
_MOST_ROWS = 5_000
_MOST_COLUMNS = 500
_MOST_SHEETS = 60
_MOST_COVERED = 500_000
"""Places all merged cells of a sheet may cover together."""
_GAP = 3
"""Empty rows behind which another table begins."""
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RAISED = ("superscript", "subscript")


class _Area(NamedTuple):
    """A merged cell: first row and column, 0-based, and those behind its last."""

    row: int
    column: int
    below: int
    beyond: int


class _Cell(NamedTuple):
    """A cell as it is shown, with the rows and columns it covers."""

    text: str
    height: int
    width: int


class _Sheet(NamedTuple):
    texts: dict[tuple[int, int], str]
    areas: dict[tuple[int, int], _Area]
    hidden_rows: set[int]
    hidden_columns: set[int]


def read_xlsx(data: bytes) -> Document:
    """Return the sheets of a spreadsheet as tables; hidden rows, columns and sheets are not printed.

    A figure a formula gives is the one stored with it; where none is stored, or it is to be worked out again
    when the file is opened, the cell says U+FFFD. Nothing is computed here. Raises `UnreadableInputError` for
    damaged files, `UnsupportedInputError` for the binary edition.
    """
    package = Package(data)
    book = package.part(_WORKBOOK)
    if book is None:
        raise UnsupportedInputError("xlsb")
    reader = _Reader(package, book)
    page = "".join(_markup(sheet) for sheet in reader.sheets())
    return replace(read_html(f"<html><body>{page}</body></html>", None), kind="xlsx", charset=None)


class _Reader:
    """Reads the sheets of one package."""

    def __init__(self, package: Package, book: Any) -> None:
        self._package = package
        self._book = book
        settings = child(book, "workbookPr")
        begins_1904 = settings is not None and attribute(settings, "date1904") in ("1", "true")
        self._formats = Formats(package.part(_STYLES), begins_1904=begins_1904)
        strings = package.part(_STRINGS)
        self._strings = [] if strings is None else [_string(item) for item in children(strings, "si")]
        again = child(book, "calcPr")
        self._is_stale = again is not None and attribute(again, "fullCalcOnLoad") in ("1", "true")
        self._cells = 0

    def sheets(self) -> Iterator[_Sheet]:
        """Yield the sheets that are shown, in the order of their tabs."""
        relations = self._package.part(_RELATIONS)
        targets = {
            attribute(relation, "Id"): attribute(relation, "Target") or ""
            for relation in ([] if relations is None else children(relations, "Relationship"))
        }
        listed = child(self._book, "sheets")
        shown = [
            sheet
            for sheet in ([] if listed is None else children(listed, "sheet"))
            if attribute(sheet, "state") not in ("hidden", "veryHidden")
        ]
        for sheet in shown[:_MOST_SHEETS]:
            target = targets.get(_relation(sheet), "")
            root = self._package.part(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
            if root is not None and kind_of(root) == "worksheet":
                yield self._sheet(root)

    def _sheet(self, root: Any) -> _Sheet:
        rows: set[int] = set()
        texts: dict[tuple[int, int], str] = {}
        hides_zeros = any(
            attribute(view, "showZeros") in ("0", "false") for view in root.iter("{*}sheetView")
        )
        number = -1
        held = child(root, "sheetData")
        for row in [] if held is None else children(held, "row"):
            number = _index(attribute(row, "r"), number + 1)
            if attribute(row, "hidden") in ("1", "true") or attribute(row, "ht") == "0":
                rows.add(number)
            column = -1
            for cell in children(row, "c"):
                place = _place(attribute(cell, "r") or "")
                column = place[1] if place else column + 1
                text = self._text(cell)
                if text == "0" and hides_zeros:
                    text = UNKNOWN
                if text:
                    texts[number, column] = text
                    self._cells += 1
        if self._cells > _MOST_CELLS:
            raise UnreadableInputError(f"spreadsheet of more than {_MOST_CELLS:,} cells")
        return _Sheet(texts, _areas(root), rows, _hidden_columns(root))

    def _text(self, cell: Any) -> str:
        """Return what a cell prints."""
        kind, stored = attribute(cell, "t") or "n", child(cell, "v")
        style = _index(attribute(cell, "s"), 0, base=0)
        if kind == "inlineStr":
            inner = child(cell, "is")
            return "" if inner is None else self._marked(_string(inner), style)
        value = "" if stored is None else (stored.text or "")
        if child(cell, "f") is not None and (not value or self._is_stale):
            return UNKNOWN
        if not value:
            return ""
        if kind == "s":
            place = _index(value, -1, base=0)
            return self._marked(self._strings[place], style) if 0 <= place < len(self._strings) else UNKNOWN
        if kind == "n":
            return self._marked(self._formats.shown(value, style), style)
        return self._marked({"0": "FALSE", "1": "TRUE"}.get(value, value) if kind == "b" else value, style)

    def _marked(self, text: str, style: int) -> str:
        """Return a text, marked where its figures are struck out or in the colour of the paper."""
        is_doubtful = self._formats.hides(style) and any(char.isdigit() for char in text)
        return text + UNKNOWN if is_doubtful and not text.endswith(UNKNOWN) else text


def _relation(sheet: Any) -> str | None:
    return next((value for key, value in sheet.items() if key.endswith("}id")), None)


def _string(item: Any) -> str:
    """Return a text of several runs without its reading aids; struck and raised figures are marked."""
    text, is_doubtful = "", False
    for part in item:
        if kind_of(part) == "t":
            text += part.text or ""
        elif kind_of(part) == "r":
            inner = child(part, "t")
            run = "" if inner is None else inner.text or ""
            text += run
            is_doubtful = is_doubtful or (any(char.isdigit() for char in run) and _is_set_apart(part))
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text + UNKNOWN if is_doubtful else text


def _is_set_apart(run: Any) -> bool:
    settings = child(run, "rPr")
    if settings is None:
        return False
    raised, struck = child(settings, "vertAlign"), child(settings, "strike")
    return (raised is not None and attribute(raised, "val") in _RAISED) or (
        struck is not None and attribute(struck, "val") not in ("0", "false")
    )


def _index(text: str | None, otherwise: int, *, base: int = 1) -> int:
    return int(text) - base if text and text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _place(text: str) -> tuple[int, int] | None:
    """Return row and column of a reference like B12, 0-based."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _areas(root: Any) -> dict[tuple[int, int], _Area]:
    """Return the merged cells of a sheet by their first place."""
    areas: dict[tuple[int, int], _Area] = {}
    room = _MOST_COVERED
    merges = child(root, "mergeCells")
    for merge in [] if merges is None else children(merges, "mergeCell"):
        first, _, last = (attribute(merge, "ref") or "").partition(":")
        start, end = _place(first), _place(last)
        if start and end and start[0] <= end[0] and start[1] <= end[1]:
            area = _Area(*start, end[0] + 1, end[1] + 1)
            room -= (area.below - area.row) * (area.beyond - area.column)
            if room < 0:
                raise UnreadableInputError(
                    "spreadsheet with merged cells over more places than any report has"
                )
            areas[start] = area
    return areas


def _hidden_columns(root: Any) -> set[int]:
    hidden: set[int] = set()
    columns = child(root, "cols")
    for column in [] if columns is None else children(columns, "col"):
        if attribute(column, "hidden") in ("1", "true") or attribute(column, "width") == "0":
            first, last = (_index(attribute(column, end), -1) for end in ("min", "max"))
            hidden.update(range(max(0, first), min(last, _MOST_COLUMNS) + 1))
    return hidden


def _markup(sheet: _Sheet) -> str:
    """Return a sheet as tables; many empty rows part two."""
    written = [area for place, area in sheet.areas.items() if place in sheet.texts]
    used = {row for row, _ in sheet.texts}.union(*(range(area.row, area.below) for area in written))
    if not used:
        return ""
    width = max(*(column + 1 for _, column in sheet.texts), *(area.beyond for area in written), 1)
    if width > _MOST_COLUMNS or len(used) > _MOST_ROWS:
        raise UnreadableInputError("spreadsheet wider or longer than any report")
    columns = [column for column in range(width) if column not in sheet.hidden_columns]
    tables: list[list[int]] = []
    for row in sorted(used):
        if not tables or row - tables[-1][-1] > _GAP:
            tables.append([row])
        else:
            tables[-1].extend(range(tables[-1][-1] + 1, row + 1))
    return "".join(
        _table(sheet, [row for row in rows if row not in sheet.hidden_rows], columns) for rows in tables
    )


def _table(sheet: _Sheet, rows: list[int], columns: list[int]) -> str:
    """Return rows of a sheet as a table; lines above it, as titles and headings are, as lines."""
    cells = _cells(sheet, rows, columns)
    lines = []
    first = 0
    while first < len(cells) and _is_line(cells[first]):
        lines += [f"<p>{_printed(cell.text)}</p>" for cell in cells[first] if cell.text]
        first += 1
    table = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in cells[first:])
    return "".join(lines) + (f"<table>{table}</table>" if table else "")


def _cells(sheet: _Sheet, rows: list[int], columns: list[int]) -> list[list[_Cell]]:
    """Return the cells that begin in each of the rows that are shown."""
    shown_rows, shown_columns = set(rows), set(columns)
    covered: set[tuple[int, int]] = set()
    merged: dict[tuple[int, int], _Cell] = {}
    for area in sheet.areas.values():
        down = [row for row in range(area.row, area.below) if row in shown_rows]
        across = [column for column in range(area.column, area.beyond) if column in shown_columns]
        if down and across:
            # What is left of it shows its text when its first row or column is hidden.
            text = sheet.texts.get((area.row, area.column), "")
            merged[down[0], across[0]] = _Cell(text, len(down), len(across))
            covered.update((row, column) for row in down for column in across)
    return [
        [
            merged.get((row, column)) or _Cell(sheet.texts.get((row, column), ""), 1, 1)
            for column in columns
            if (row, column) in merged or (row, column) not in covered
        ]
        for row in rows
    ]


def _is_line(row: list[_Cell]) -> bool:
    """Return whether a row holds one text that is no name of the form, or nothing."""
    held = [cell for cell in row if cell.text]
    return len(held) < 2 and not any(cell.height > 1 or whole_label(cell.text) for cell in held)


def _cell(cell: _Cell) -> str:
    spans = f' rowspan="{cell.height}"' if cell.height > 1 else ""
    spans += f' colspan="{cell.width}"' if cell.width > 1 else ""
    return f"<td{spans}>{_printed(cell.text)}</td>"


def _printed(text: str) -> str:
    return escape(text).replace("\n", "<br>")
