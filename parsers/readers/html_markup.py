"""The repaired markup of a page as one well-formed string, and what its tags and plain cells say.

The parser behind repairs a page; written out again by it, every `<` begins a tag and every `>` ends one.
Strings are cut much faster than elements are visited, and cells that say the same are read once.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from parsers.grid import MAX_ROWS, read_span
from parsers.readers.html_knowledge import load_knowledge
from parsers.readers.html_tags import BLOCK, BREAK, KINDS, tidy

MAX_COLUMN_SPAN = 3_000_000
"""Spans are read up to this size; how far they reach is for the grid to say."""
SURROUNDING = -2
"""Rank of elements that never belong to a report."""

# Attributes that say nothing about what a page says; Word writes hundreds of characters of them into a cell.
_LOOKS = ("style", "width", "height", "align", "valign", "lang")
# Elements within lines that only change how text looks; others that do are read over tag by tag.
INLINE = ("span", "font", "b", "strong", "i", "em", "u", "small", "big", "tt", "o:p", "label", "wbr")
LINE_END = "\0"
_BLANK = " \t\r\n" + LINE_END
_LINE_TAGS = [name for name, kind in KINDS.items() if kind in (BLOCK, BREAK)]
_LINE_ENDS = re.compile(
    rf"</?(?=[{''.join({name[0] for name in _LINE_TAGS})}])(?:{'|'.join(_LINE_TAGS)})(?:[ /][^>]*)?>"
)
_COMMON_LINE_ENDS = ("<p>", "</p>")
"""Those that most lines end with: all of one kind are found faster than one of any kind."""
_ATTRIBUTE = re.compile(r'([^\s="]+)="([^"]*)"')
_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(lt|gt|quot|amp));")
_NAMED = {"lt": "<", "gt": ">", "quot": '"', "amp": "&"}
# White space to the rest of the program, but not to a page.
_END_OF_PAGE = re.compile(rb"</(?:html|body)\s{0,20}>", re.IGNORECASE)
_ODD_SPACE = bytes.maketrans(b"\x0b\x0c\x1c\x1d\x1e\x1f", b" " * 6)
_WORD = re.compile(r"[a-z]+")
_CELL_END = re.compile("</t[dh]>")
_LONGEST_REMEMBERED = 400
_LONGEST_ROW_REMEMBERED = 1_500
_LONGEST_LINE_REMEMBERED = 100
"""Longer texts are narrative: hardly seen twice, so not worth remembering."""


class PlainCell(NamedTuple):
    """A cell that holds lines of text and nothing else, as nearly all do."""

    text: str
    """The lines with one space between them."""
    row_span: int
    column_span: int
    rank: int
    """Rank of the container the cell is, -1 for none."""
    lines: tuple[str, ...]


def parse_markup(data: bytes) -> tuple[Any, bool]:
    """Return the root element, and whether the page is nested deeper than the parser goes.

    The text goes in as UTF-8 under that name, so no label inside can mislead. What stands behind the end of
    the page belongs to it, as in browsers: templates end pages twice, and the parser would drop the rest.
    """
    if not data.strip():
        return None, False
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    root = etree.fromstring(_END_OF_PAGE.sub(b"", data.translate(_ODD_SPACE)), parser)
    last = parser.error_log.last_error
    return root, last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT


def write_out(element: Any) -> str:
    """Return the markup of an element, well-formed; changes the element.

    Attributes and elements of mere looks are left out, and a NUL, which no page can hold, stands for every
    begin and end of a line.
    """
    etree.strip_attributes(element, *_LOOKS)
    etree.strip_tags(element, *INLINE)
    markup = _written(element)
    if markup.count("<") != markup.count(">"):
        _mend(element)
        markup = _written(element)
    for tag in _COMMON_LINE_ENDS:
        markup = markup.replace(tag, LINE_END)
    return _LINE_ENDS.sub(LINE_END, markup)


def _written(element: Any) -> str:
    return str(etree.tostring(element, encoding="utf-8", with_tail=False), "utf-8")


def _mend(element: Any) -> None:
    """Rename what the parser takes for names although a tag begins inside them (`<div<p>`)."""
    for inner in element.iter():
        if "<" in inner.tag:
            inner.tag = "i"
        for name in [name for name in inner.attrib if "<" in name]:
            del inner.attrib[name]


def read_line(text: str) -> str:
    """Return text between two tags as one tidy line, its character references resolved."""
    return _remembered_line(text) if len(text) <= _LONGEST_LINE_REMEMBERED else _read_line(text)


def _read_line(text: str) -> str:
    return "" if text.isspace() else tidy(resolve(text))


_remembered_line = lru_cache(maxsize=16_384)(_read_line)


def resolve(text: str) -> str:
    """Return text with its character references resolved."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    if name := reference[3]:
        return _NAMED[name]
    return chr(int(reference[1], 16) if reference[1] else int(reference[2]))


def attributes_of(tag: str) -> dict[str, str]:
    """Return the attributes of a tag as written out."""
    if "=" not in tag:
        return {}
    return {name: resolve(value) for name, value in _ATTRIBUTE.findall(tag)}


def rank_of(name: str, attributes: dict[str, str]) -> int:
    """Return the rank of the container an element is, -1 for none, `SURROUNDING` for menus and feet."""
    known = load_knowledge()
    if identifier := attributes.get("id"):
        identifier = identifier.lower()
        if identifier in known.ids:
            return known.ids[identifier]
        for prefix, rank in known.id_prefixes:
            if identifier.startswith(prefix):
                return rank
    if names := attributes.get("class"):
        ranks = [known.classes[name] for name in names.lower().split()[:50] if name in known.classes]
        if ranks:
            return min(ranks)
        if not known.surroundings.isdisjoint(_WORD.findall(names.lower()[:200])):
            return SURROUNDING
    if identifier and not known.surroundings.isdisjoint(_WORD.findall(identifier)):
        return SURROUNDING
    return known.tags.get(name, -1)


def spans_of(attributes: dict[str, str]) -> tuple[int, int]:
    """Return rowspan (0: to the end of the section) and colspan of a cell."""
    row_span = read_span(attributes.get("rowspan"), MAX_ROWS, zero=0)
    return row_span, read_span(attributes.get("colspan"), MAX_COLUMN_SPAN)


def plain_row(markup: str) -> tuple[PlainCell, ...] | None:
    """Return the cells of a row from `<tr` to `</tr>` if all are plain and nothing stands between them."""
    return _remembered_row(markup) if len(markup) <= _LONGEST_ROW_REMEMBERED else _read_row(markup)


def _read_row(markup: str) -> tuple[PlainCell, ...] | None:
    _, _, inside = markup.partition(">")
    *pieces, end = _CELL_END.split(inside)
    if end != "</tr>" and end.strip(_BLANK) != "</tr>":
        return None
    row: list[PlainCell] = []
    for piece in pieces:
        cells = plain_cells(piece)
        if cells is None:
            return None
        row += cells
    return tuple(row)


_remembered_row = lru_cache(maxsize=4_096)(_read_row)


def plain_cells(piece: str) -> tuple[PlainCell, ...] | None:
    """Return the cells of markup up to the end of a cell; None if one is not plain or text precedes one."""
    return _remembered_cells(piece) if len(piece) <= _LONGEST_REMEMBERED else _read_cells(piece)


def _read_cells(piece: str) -> tuple[PlainCell, ...] | None:
    before, *tokens = piece.split("<")
    if before.strip(_BLANK):
        return None
    found = []
    for place, token in enumerate(tokens, 1):
        tag, _, text = token.partition(">")
        if tag[:2] not in ("td", "th") or tag[2:3] not in ("", " ", "/"):
            return None
        empty = tag.endswith("/")
        if (empty and text.strip(_BLANK)) or (not empty and place != len(tokens)):
            return None
        found.append(_read_cell(tag, "" if empty else text))
    return tuple(found)


_remembered_cells = lru_cache(maxsize=16_384)(_read_cells)


def _read_cell(tag: str, text: str) -> PlainCell:
    attributes = attributes_of(tag)
    lines = tuple(line for part in text.split(LINE_END) if part and (line := read_line(part)))
    rank = rank_of(tag[:2], attributes) if "class" in attributes or "id" in attributes else -1
    return PlainCell(" ".join(lines), *spans_of(attributes), rank, lines)
