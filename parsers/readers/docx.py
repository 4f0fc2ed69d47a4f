"""Word files: the paragraphs and tables of a DOCX as the page they would be, then read like any page."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from itertools import takewhile
from typing import Any, NamedTuple

from parsers.document import Document
from parsers.readers.docx_looks import HIDDEN, Looks, marked
from parsers.readers.docx_numbers import Numbers
from parsers.readers.errors import UnreadableInputError
from parsers.readers.html import read_html
from parsers.readers.office import Package, attribute, child, children, kind_of

_BODY = "word/document.xml"
_NUMBERS = "word/numbering.xml"
_STYLES = "word/styles.xml"
# What these hold is not printed, or is printed a second time for programs that know no better.
_NOT_PRINTED = frozenset({
    "del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr",
    "commentReference", "footnoteReference", "endnoteReference",
})  # fmt: skip
_BOX = "txbxContent"
_PICTURES = frozenset({"drawing", "pict", "object"})
_FORMULAS = frozenset({"oMath", "oMathPara"})
_UNKNOWN_SIGN = "\ufffd"
"""A sign of a symbol font, a formula: something is printed that is no line of letters."""
_WIDEST = 1_000


class _Cell(NamedTuple):
    """A cell as stored: where it starts, how wide it is, and its part in a vertical merge."""

    column: int
    width: int
    merge: str | None
    """restart, continue, or None."""
    html: str
    is_covered: bool = False
    """It continues a cell above it."""


def read_docx(data: bytes) -> Document:
    """Return the blocks of a Word file; merged cells, tracked deletions and automatic numerals as printed.

    Raises `UnreadableInputError` for damaged files and for packages without a text.
    """
    package = Package(data)
    root = package.part(_BODY)
    body = None if root is None else child(root, "body")
    if body is None:
        raise UnreadableInputError("a Word file without a text")
    page = "".join(_Printer(Numbers(package.part(_NUMBERS)), package.part(_STYLES)).blocks(body))
    return replace(read_html(f"<html><body>{page}</body></html>", None), kind="docx", charset=None)


class _Printer:
    """Writes the blocks of a document as markup, in reading order."""

    def __init__(self, numbers: Numbers, styles: Any) -> None:
        self._numbers = numbers
        self._headings = dict(_heading_styles(styles)) if styles is not None else {}
        self._looks = Looks(styles)

    def blocks(self, element: Any) -> Iterator[str]:
        """Yield the blocks in an element; wrappers (content controls, insertions) are looked through."""
        for inner in element:
            kind = kind_of(inner)
            if kind == "p":
                yield self._paragraph(inner)
            elif kind == "tbl":
                yield self._table(inner)
            elif kind not in _NOT_PRINTED:
                yield from self.blocks(inner)

    def _paragraph(self, paragraph: Any) -> str:
        properties = child(paragraph, "pPr")
        text = "".join(self._runs(paragraph))
        boxes = "".join(block for box in _boxes(paragraph) for block in self.blocks(box))
        if properties is not None and text.strip():
            text = escape(self._numeral(properties)) + text
        style = None if properties is None else child(properties, "pStyle")
        tag = "p" if style is None else self._headings.get(attribute(style, "val") or "", "p")
        return f"<{tag}>{text}</{tag}>{boxes}"

    def _numeral(self, properties: Any) -> str:
        listed = child(properties, "numPr")
        if listed is None:
            return ""
        number, level = child(listed, "numId"), child(listed, "ilvl")
        depth = attribute(level, "val") if level is not None else "0"
        if number is None or depth is None or not depth.isdigit():
            return ""
        return self._numbers.next(attribute(number, "val") or "", min(int(depth), 9))

    def _runs(self, element: Any) -> Iterator[str]:
        """Yield what a paragraph prints, without what its text boxes print."""
        for inner in element:
            kind = kind_of(inner)
            if kind == "t":
                yield escape(inner.text or "")
            elif kind in ("br", "cr"):
                yield "<br>"
            elif kind == "tab":
                yield " "
            elif kind == "noBreakHyphen":
                yield "-"
            elif kind == "sym":
                yield _UNKNOWN_SIGN
            elif kind in _PICTURES:
                yield from _pictures(inner)
            elif kind == "r":
                looks = self._looks.of(child(inner, "rPr"))
                if HIDDEN not in looks:
                    yield marked("".join(self._runs(inner)), looks) if looks else "".join(self._runs(inner))
            elif kind in _FORMULAS:
                yield _UNKNOWN_SIGN
            elif kind != _BOX and kind not in _NOT_PRINTED:
                yield from self._runs(inner)

    def _table(self, table: Any) -> str:
        rows = [self._row(row) for row in _through(table, "tr") if not _is_deleted(row)]
        heights = _heights(rows)
        lines = []
        for number, row in enumerate(rows):
            shown = ((cell, heights.get((number, cell.column), 1)) for cell in row if not cell.is_covered)
            lines.append(f"<tr>{''.join(_cell(cell, height) for cell, height in shown)}</tr>")
        return f"<table>{''.join(lines)}</table>"

    def _row(self, row: Any) -> list[_Cell]:
        properties = child(row, "trPr")
        column = _span(child(properties, "gridBefore")) if properties is not None else 0
        cells = [_Cell(0, column, None, "")] if column else []
        for cell in _through(row, "tc"):
            settings = child(cell, "tcPr")
            width = max(1, _span(child(settings, "gridSpan"))) if settings is not None else 1
            if _merge(settings, "hMerge") == "continue" and cells:
                cells[-1] = cells[-1]._replace(width=cells[-1].width + width)
            else:
                cells.append(_Cell(column, width, _merge(settings, "vMerge"), "".join(self.blocks(cell))))
            column += width
        return cells


def _heights(rows: list[list[_Cell]]) -> dict[tuple[int, int], int]:
    """Return the rows each merged cell covers by its place; marks continued cells as covered.

    A cell that continues nothing, because no cell above it starts in its column, stands for itself.
    """
    heights: dict[tuple[int, int], int] = {}
    above: dict[int, int] = {}
    for number, row in enumerate(rows):
        here: dict[int, int] = {}
        for place, cell in enumerate(row):
            if cell.merge == "continue" and cell.column in above:
                here[cell.column] = above[cell.column]
                heights[above[cell.column], cell.column] += 1
                row[place] = cell._replace(is_covered=True)
            elif cell.merge is not None:
                here[cell.column] = number
                heights[number, cell.column] = 1
        above = here
    return heights


def _cell(cell: _Cell, height: int) -> str:
    spans = f' rowspan="{height}"' if height > 1 else ""
    spans += f' colspan="{cell.width}"' if cell.width > 1 else ""
    return f"<td{spans}>{cell.html}</td>"


def _through(element: Any, name: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, looking through content controls and insertions."""
    for inner in element:
        kind = kind_of(inner)
        if kind == name:
            yield inner
        elif kind not in _NOT_PRINTED and kind not in ("tbl", "tr", "tc", "p"):
            yield from _through(inner, name)


def _merge(settings: Any, name: str) -> str | None:
    """Return restart or continue where a cell takes part in a merge; no value means continue."""
    found = None if settings is None else child(settings, name)
    if found is None:
        return None
    return "restart" if attribute(found, "val") == "restart" else "continue"


def _span(element: Any) -> int:
    text = None if element is None else attribute(element, "val")
    return (
        min(int(text), _WIDEST)
        if text is not None and text.isascii() and text.isdigit() and len(text) < 10
        else 0
    )


def _is_deleted(row: Any) -> bool:
    properties = child(row, "trPr")
    return properties is not None and child(properties, "del") is not None


def _boxes(paragraph: Any) -> Iterator[Any]:
    """Yield the text boxes anchored in a paragraph, without those inside them."""
    for box in paragraph.iter("{*}" + _BOX):
        around = takewhile(lambda outer: outer is not paragraph, box.iterancestors())
        if not any(kind_of(outer) in ("Fallback", _BOX) for outer in around):
            yield box


def _pictures(element: Any) -> Iterator[str]:
    """Yield pictures, without those a newer program draws in their place."""
    for inner in element.iter():
        if kind_of(inner) in ("blip", "imagedata"):
            yield '<img src="picture">'


def _heading_styles(styles: Any) -> Iterator[tuple[str, str]]:
    """Yield (style, tag) of the styles that mark headings."""
    for style in children(styles, "style"):
        name = child(style, "name")
        words = "" if name is None else (attribute(name, "val") or "").lower()
        level = words.removeprefix("heading ")
        if level in ("1", "2", "3", "4", "5", "6"):
            yield attribute(style, "styleId") or "", f"h{level}"
        elif words == "title":
            yield attribute(style, "styleId") or "", "h1"
