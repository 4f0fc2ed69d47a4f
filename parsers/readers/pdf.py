"""PDF files: ruled tables and running text as the page they would be, then read like any page.

A table is what ruling lines enclose; where nothing is ruled no table is guessed. A page that is a picture
says nothing, and neither does the invisible text a program laid over it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from statistics import median
from typing import NamedTuple, TypeAlias

from parsers.document import Document
from parsers.readers.errors import UnreadableInputError, UnsupportedInputError
from parsers.readers.html import read_html
from parsers.readers.pdf_pages import Box, Page, Sign, read_pages, run_apart
from parsers.readers.pdf_rules import Lattice, lattices
from parsers.readers.pdf_signs import UNKNOWN
from parsers.readers.pdf_tables import PdfTable, continued, goes_on, markup, read_table
from parsers.readers.pdf_text import Line, lines_of, paragraphs
from parsers.readers.text_labels import whole_label

_PAGE_NUMBER = re.compile(
    r"[-—–－·•~\s]*(?:第\s*)?\d{1,3}\s*页?\s*(?:[/／,，]?\s*共?\s*\d{1,3}\s*页?)?[-—–－·•~\s]*"
)
_DIGITS = re.compile(r"\d+")
_MARGIN = 0.12
"""Share of a page's height in which page numbers and running titles stand."""
_LARGER = 1.2
"""Letters so much larger than those of the text are a title."""
_PICTURE = 0.3
"""Share of a page's width and of its height a picture takes that stands for text."""
_MOST_UNKNOWN = 0.3


class _Picture(NamedTuple):
    box: Box


_Item: TypeAlias = "PdfTable | Line | _Picture"


def read_pdf(data: bytes, run: Callable[[bytes], bytes] = run_apart) -> Document:
    """Return the blocks of a PDF file; `run` reads its pages.

    Raises `UnreadableInputError` for damaged and encrypted files and for text in fonts that do not say which
    letters they hold; `UnsupportedInputError` for pages that are pictures and without the library for PDF.
    """
    pages = read_pages(data, run)
    _refuse_unreadable(pages)
    pages = [_turned(page, _main_turn(page.signs)) for page in pages]
    items = [list(_items(page, number)) for number, page in enumerate(pages)]
    items = _with_margins(pages, _without_furniture(pages, items))
    sizes = [item.size for page in items for item in page if isinstance(item, Line) for _ in item.text]
    text = "".join(_blocks(_joined(items), median(sizes) if sizes else 0.0))
    return replace(read_html(f"<html><body>{text}</body></html>", None), kind="pdf", charset=None)


def _refuse_unreadable(pages: Sequence[Page]) -> None:
    signs = [sign for page in pages for sign in page.signs]
    shown = [sign for sign in signs if sign.seen]
    if not shown:
        pictures = sum(any(_is_large(box, page) for box in page.pictures) for page in pages)
        if pictures:
            raise UnsupportedInputError("pdf", f"PDF whose pages are pictures ({pictures} of {len(pages)})")
        raise UnreadableInputError("PDF without text")
    if sum(sign.text == UNKNOWN for sign in shown) > _MOST_UNKNOWN * len(shown):
        raise UnreadableInputError("PDF in fonts that do not say which letters they hold")


def _is_large(box: Box, page: Page) -> bool:
    return box.right - box.left > _PICTURE * page.width and box.lower - box.upper > _PICTURE * page.height


def _items(page: Page, number: int) -> Iterator[_Item]:
    """Yield what stands on a page from top to bottom: tables, lines around them, large pictures."""
    signs = [sign for sign in page.signs if sign.turn is not None]
    found, strokes = lattices(page.rules)
    # A table inside a cell of another one is read first: what it holds is not the cell's own.
    found.sort(
        key=lambda lattice: (lattice.box.right - lattice.box.left) * (lattice.box.lower - lattice.box.upper)
    )
    items: list[_Item] = []
    for lattice in found:
        table_signs = signs
        held = {id(sign) for sign in signs if lattice.box.holds(*sign.ink.middle)}
        signs = [sign for sign in signs if id(sign) not in held]
        items.append(read_table(lattice, table_signs, page, strokes, number))
    items.extend(lines_of([sign for sign in signs if sign.seen and sign.turn == 0]))
    items.extend(_Picture(box) for box in page.pictures if _is_large(box, page))
    yield from sorted((item for item in items if not _is_overflow(item, found)), key=_upper)


def _upper(item: _Item) -> float:
    return item.lattice.box.upper if isinstance(item, PdfTable) else item.box.upper


def _is_overflow(item: _Item, tables: Sequence[Lattice]) -> bool:
    """Return whether a line is what a cell too narrow for its figures prints beside the table."""
    if not isinstance(item, Line) or any(char > "\u2e80" for char in item.text):
        return False
    middle = item.box.middle[1]
    return any(table.box.upper <= middle < table.box.lower for table in tables)


def _main_turn(signs: Sequence[Sign]) -> int:
    turns = Counter(sign.turn for sign in signs if sign.turn is not None and sign.seen)
    return turns.most_common(1)[0][0] or 0 if turns else 0


def _turned(page: Page, turn: int) -> Page:
    """Return a page with its text upright, as a reader turns paper that is printed sideways."""
    if not turn:
        return page

    def point(x: float, y: float) -> tuple[float, float]:
        if turn == 1:
            return y, page.width - x
        if turn == 2:
            return page.width - x, page.height - y
        return page.height - y, x

    def box(old: Box) -> Box:
        (ax, ay), (bx, by) = point(old.left, old.upper), point(old.right, old.lower)
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    # Along their own line signs keep their order; only from where it is counted changes.
    across, down = (page.height, page.width) if turn % 2 else (page.width, page.height)
    start, base = ((0.0, page.width), (page.width, page.height), (page.height, 0.0))[turn - 1]
    signs = tuple(
        sign._replace(
            ink=box(sign.ink),
            start=sign.start + start,
            end=sign.end + start,
            base=sign.base + base,
            turn=None if sign.turn is None else (sign.turn - turn) % 4,
        )
        for sign in page.signs
    )
    rules, pictures, cuts = (tuple(map(box, boxes)) for boxes in (page.rules, page.pictures, page.cuts))
    return Page(across, down, signs, rules, pictures, cuts)


def _without_furniture(pages: Sequence[Page], items: list[list[_Item]]) -> list[list[_Item]]:
    """Return the items without page numbers and the titles that run along pages."""
    edges: Counter[tuple[str, int]] = Counter()
    for page, held in zip(pages, items, strict=True):
        edges.update({_edge(item) for item in held if isinstance(item, Line) and _is_at_edge(item, page)})
    return [
        [item for item in held if not (isinstance(item, Line) and _is_furniture(item, page, edges))]
        for page, held in zip(pages, items, strict=True)
    ]


def _edge(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("0", line.text), round(line.box.upper / 4)


def _is_at_edge(line: Line, page: Page) -> bool:
    return line.box.lower < _MARGIN * page.height or line.box.upper > (1 - _MARGIN) * page.height


def _is_furniture(line: Line, page: Page, edges: Counter[tuple[str, int]]) -> bool:
    if not _is_at_edge(line, page):
        return False
    return _PAGE_NUMBER.fullmatch(line.text) is not None or edges[_edge(line)] > 1


def _joined(pages: Sequence[Sequence[_Item]]) -> list[_Item]:
    """Return the items of all pages in order, tables that go on over a page put together."""
    joined: list[_Item] = []
    for held in pages:
        for place, item in enumerate(held):
            last = joined[-1] if joined else None
            if (
                place == 0
                and isinstance(item, PdfTable)
                and isinstance(last, PdfTable)
                and goes_on(last, item)
            ):
                joined[-1] = continued(last, item, whole_label)
            else:
                joined.append(item)
    return joined


def _with_margins(pages: Sequence[Page], items: Sequence[Sequence[_Item]]) -> list[list[_Item]]:
    """Return the items with the margins of their page; pages of one width have the same.

    Where every line is short the right margin is as wide as the left one.
    """
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for page, held in zip(pages, items, strict=True):
        lines[round(page.width)].extend(item for item in held if isinstance(item, Line))
    margins = {}
    for width, found in lines.items():
        left = min((line.box.left for line in found), default=0.0)
        right = max((line.box.right for line in found), default=0.0)
        margins[width] = left, max(right, width - 1.3 * left)
    return [
        [
            item._replace(margins=margins[round(page.width)]) if isinstance(item, Line) else item
            for item in held
        ]
        for page, held in zip(pages, items, strict=True)
    ]


def _blocks(items: Sequence[_Item], size: float) -> Iterator[str]:
    for kind, group in groupby(items, key=type):
        if kind is PdfTable:
            yield from (markup(item) for item in group if isinstance(item, PdfTable))
        elif kind is _Picture:
            yield from ('<p><img src="picture"></p>' for _ in group)
        else:
            yield from _text([item for item in group if isinstance(item, Line)], size)


def _text(lines: Sequence[Line], size: float) -> Iterator[str]:
    for is_title, group in groupby(lines, key=lambda line: line.size > _LARGER * size):
        if is_title:
            for _, same in groupby(group, key=lambda line: round(line.size)):
                yield f"<h1>{escape(''.join(line.text for line in same))}</h1>"
        else:
            yield from (f"<p>{escape(text)}</p>" for text in paragraphs(list(group)))
