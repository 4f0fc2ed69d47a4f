"""One pass over a page: lines, headings and tables in reading order, with the elements around them.

Nothing is decided here about which part of the page is the report; see `html_body`.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from lxml import etree

from parsers.document import Heading
from parsers.grid import MAX_ROWS, RawCell, read_span
from parsers.readers.html_knowledge import Knowledge, load_knowledge

MAX_TABLE_DEPTH = 40
MAX_CELLS = 50_000
MAX_TABLES = 5_000
MAX_DEPTH = 2_040
"""Just below the depth at which the parser behind silently stops."""

OBJECT_MARK = "\ufffc"
"""Text of a cell that holds a picture and nothing else: something is printed that is not text."""

_BLOCK, _HOLDER, _BREAK, _HEADING, _TABLE, _SECTION, _ROW, _CELL, _LINK, _IMAGE, _INPUT, _APART = range(1, 13)
_KINDS: dict[str, int] = {
    **dict.fromkeys(("p", "li", "ul", "ol", "dl", "dt", "dd", "pre", "hr", "address", "figure"), _BLOCK),
    **dict.fromkeys(("figcaption", "details", "summary", "fieldset", "header", "caption"), _BLOCK),
    **dict.fromkeys(("div", "section", "article", "main", "form", "center", "blockquote"), _HOLDER),
    **dict.fromkeys(("ucapcontent", "body", "aside", "nav", "footer"), _HOLDER),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _HEADING),
    **dict.fromkeys(("thead", "tbody", "tfoot"), _SECTION),
    **dict.fromkeys(("td", "th"), _CELL),
    # Struck, inserted, raised or lowered digits must never run together with the digits beside them.
    **dict.fromkeys(("del", "ins", "s", "strike", "sup", "sub"), _APART),
    "br": _BREAK,
    "table": _TABLE,
    "tr": _ROW,
    "a": _LINK,
    "img": _IMAGE,
    "input": _INPUT,
}
_SHOWN_INPUTS = frozenset({"", "text", "number"})
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_LEGEND = re.compile(r"</?legend\b[^>]{0,200}>")
_WORD = re.compile(r"[a-z]+")
SURROUNDING = -2
"""Rank of elements that never belong to a report."""
_NUMERAL = re.compile(r"[（(]?[一二三四五六七八九十]+[）)、.．]")
MAX_COLUMN_SPAN = 3_000_000
"""Spans are read up to this size; how far they reach is for the grid to say."""
_SHORT_CELL = 60
_CROWDED = 50
FORM_MARKS = 3
"""Different words of the forms in short cells that make a table a table of the form."""
_NARRATIVE_CELL = 300


class RawTable(NamedTuple):
    """Printed rows of a data table by section in the order shown, before its geometry is laid out."""

    sections: list[list[list[RawCell]]]
    marks: int
    """Different words of the forms in its short cells."""
    lines: tuple[tuple[int, str], ...] = ()
    """Narrative that the author put into rows of the table: (row, line)."""

    def texts(self) -> Iterator[str]:
        """Yield the texts of all cells."""
        return (cell[0] for section in self.sections for row in section for cell in row)


Item: TypeAlias = str | Heading | RawTable


class Element(NamedTuple):
    """An element that could hold the report or surround it: its items are `items[start:end]`.

    `rank` is the place among the known containers, -1 for none of them, -2 for menus, feet and the like.
    """

    start: int
    end: int
    rank: int


class Walked(NamedTuple):
    """Everything a page holds, in reading order."""

    items: list[Item]
    elements: list[Element]
    images: list[tuple[int, str]]
    """(number of items before it, address)."""
    links: list[tuple[int, str, str]]
    """(number of items before it, address, name) of files."""
    notes: set[str]


class _Cell:
    __slots__ = ("column_span", "picture", "rank", "row_span", "start")

    def __init__(self, start: int, rank: int, row_span: int, column_span: int) -> None:
        self.start = start
        self.rank = rank
        self.row_span = row_span
        self.column_span = column_span
        self.picture = False


class _Table:
    """A table being read; `items` of the walker from `start` on stand in its cells."""

    __slots__ = (
        "cell",
        "crowded",
        "elements",
        "images",
        "lines",
        "links",
        "row",
        "sections",
        "start",
        "stray",
    )

    def __init__(self, walker: "_Walker") -> None:
        self.start = len(walker.items)
        self.elements = len(walker.elements)
        self.images = len(walker.images)
        self.links = len(walker.links)
        self.sections: list[tuple[bool, list[list[RawCell]]]] = [(False, [])]
        self.row: list[RawCell] | None = None
        self.cell: _Cell | None = None
        self.stray: list[Item] = []
        """What stands in the table but in no cell; browsers show it before the table."""
        self.lines: dict[int, list[str]] = {}
        """Lines of cells of several lines, by identity of the row."""
        self.crowded = False
        """A cell holds tables and much else, as only layout tables do."""

    def shown(self) -> list[list[list[RawCell]]]:
        """Return the sections that have rows, feet last."""
        return [rows for _, rows in sorted(self.sections, key=lambda section: section[0]) if rows]


def walk(root: Any) -> Walked:
    """Walk the body of a parsed page whose invisible elements are already removed."""
    walker = _Walker(load_knowledge())
    walker.walk(root)
    return Walked(walker.items, walker.elements, walker.images, walker.links, walker.notes)


class _Walker:
    def __init__(self, knowledge: Knowledge) -> None:
        self.items: list[Item] = []
        self.elements: list[Element] = []
        self.images: list[tuple[int, str]] = []
        self.links: list[tuple[int, str, str]] = []
        self.notes: set[str] = set()
        self._knowledge = knowledge
        self._parts: list[str] = []
        self._tables: list[_Table] = []
        self._holders: list[tuple[int, int]] = []
        self._cells: list[bool] = []
        self._headings: list[int] = []
        self._ignored_tables = 0
        self._table_count = 0
        self._cell_count = 0

    def walk(self, root: Any) -> None:
        parts = self._parts
        kinds = _KINDS
        depth = 0
        whole_cell = False
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            kind = kinds.get(element.tag, 0)
            if event == "start":
                depth += 1
                if depth > MAX_DEPTH:
                    self.notes.add("nesting_clamped")
                if kind:
                    if kind == _CELL:
                        if parts:
                            self._flush()
                        if self._start_cell(element):
                            events.skip_subtree()
                            whole_cell = True
                            continue
                    elif kind == _BLOCK:
                        if parts:
                            self._flush()
                    else:
                        self._start(kind, element)
                if text := element.text:
                    parts.append(text)
            else:
                depth -= 1
                if kind:
                    if kind == _BLOCK:
                        if parts:
                            self._flush()
                    elif kind == _CELL:
                        if whole_cell:
                            whole_cell = False
                        else:
                            self._end_cell()
                    else:
                        self._end(kind, element)
                if (text := element.tail) and depth:
                    parts.append(text)
        self._flush()

    def _start(self, kind: int, element: Any) -> None:
        if kind == _APART:
            self._parts.append(" ")
            return
        if kind == _LINK:
            self._link(element)
            return
        if kind == _IMAGE:
            self._image(element)
            return
        if kind == _INPUT:
            if (element.get("type") or "").lower() in _SHOWN_INPUTS and (value := element.get("value")):
                self._parts.append(f" {value} ")
            return
        self._flush()
        if kind == _HOLDER:
            self._holders.append((len(self.items), self._rank(element)))
        elif kind == _HEADING:
            self._headings.append(len(self.items))
        elif kind == _TABLE:
            self._start_table()
        elif self._tables and not self._tables[-1].cell:
            table = self._tables[-1]
            if kind == _SECTION:
                self._end_row(table)
                table.sections.append((element.tag == "tfoot", []))
            elif kind == _ROW:
                self._end_row(table)
                table.row = []

    def _end(self, kind: int, element: Any) -> None:
        if kind == _APART:
            self._parts.append(" ")
            return
        if kind in (_LINK, _IMAGE, _INPUT):
            return
        self._flush()
        if kind == _HOLDER:
            start, rank = self._holders.pop()
            self._close(start, rank)
        elif kind == _HEADING:
            self._end_heading(element)
        elif kind == _TABLE:
            if self._ignored_tables:
                self._ignored_tables -= 1
            else:
                self._end_table(self._tables.pop())
        elif self._tables and not self._tables[-1].cell:
            table = self._tables[-1]
            self._end_row(table)
            if kind == _SECTION:
                table.sections.append((False, []))

    def _flush(self) -> None:
        parts = self._parts
        if not parts:
            return
        text = "".join(parts) if len(parts) > 1 else parts[0]
        text = "" if text.isspace() else self._tidy(text)
        parts.clear()
        if not text:
            return
        if self._tables and not self._tables[-1].cell:
            self._tables[-1].stray.append(text)
        else:
            self.items.append(text)

    @staticmethod
    def _tidy(text: str) -> str:
        """Return one line: single spaces, no invisible ends, no debris of tags printed as text."""
        text = " ".join(text.split())
        if not text.isascii():
            text = text.strip(_INVISIBLE)
        return _LEGEND.sub("", text) if "<" in text else text

    def _end_heading(self, element: Any) -> None:
        start = self._headings.pop()
        level = int(element.tag[1])
        for place in range(start, len(self.items)):
            item = self.items[place]
            if isinstance(item, str):
                self.items[place] = Heading(item, level)

    def _close(self, start: int, rank: int) -> None:
        if start < len(self.items):
            self.elements.append(Element(start, len(self.items), rank))

    def _rank(self, element: Any) -> int:
        """Return the rank of the container an element is, -1 for none."""
        known = self._knowledge
        if identifier := element.get("id"):
            identifier = identifier.lower()
            if identifier in known.ids:
                return known.ids[identifier]
            for prefix, rank in known.id_prefixes:
                if identifier.startswith(prefix):
                    return rank
        if names := element.get("class"):
            ranks = [known.classes[name] for name in names.lower().split()[:50] if name in known.classes]
            if ranks:
                return min(ranks)
            if not known.surroundings.isdisjoint(_WORD.findall(names.lower()[:200])):
                return SURROUNDING
        if identifier and not known.surroundings.isdisjoint(_WORD.findall(identifier)):
            return SURROUNDING
        return known.tags.get(element.tag, -1)

    def _link(self, element: Any) -> None:
        address = element.get("href")
        if address and self._knowledge.extension.search(address[:2_000]):
            name = " ".join(_text(element).split()) or element.get("title") or ""
            if not name:
                picture = element.find(".//img")
                name = (picture.get("alt") or picture.get("title") or "") if picture is not None else ""
            title = element.get("title") or ""
            self.links.append((len(self.items), address.strip()[:2_000], (name or title)[:300].strip()))

    def _image(self, element: Any) -> None:
        if address := element.get("src") or element.get("data-src"):
            self.images.append((len(self.items), address.strip()[:2_000]))
            if self._tables and (cell := self._tables[-1].cell):
                cell.picture = True

    def _start_table(self) -> None:
        self._table_count += 1
        if len(self._tables) >= MAX_TABLE_DEPTH or self._table_count > MAX_TABLES:
            self._ignored_tables += 1
            self.notes.add("tables_clamped")
        elif not self._ignored_tables:
            self._tables.append(_Table(self))

    def _end_row(self, table: _Table) -> None:
        if table.row is not None:
            table.sections[-1][1].append(table.row)
            table.row = None

    def _start_cell(self, element: Any) -> bool:
        """Open a cell; return whether its content is so simple that all of it was read at once."""
        if not self._tables or self._ignored_tables or self._tables[-1].cell:
            self._cells.append(False)
            self._holders.append((len(self.items), -1))
            return False
        table = self._tables[-1]
        row_span = column_span = 1
        rank = -1
        if attributes := element.attrib:
            row_span = read_span(attributes.get("rowspan"), MAX_ROWS, zero=0)
            column_span = read_span(attributes.get("colspan"), MAX_COLUMN_SPAN)
            if "class" in attributes or "id" in attributes:
                rank = self._rank(element)
        if (text := _simple_text(element)) is None:
            table.cell = _Cell(len(self.items), rank, row_span, column_span)
            self._cells.append(True)
            return False
        if text and (text.isalnum() or (text := self._tidy(text))):
            self.items.append(text)
        self._add_cell(table, text, row_span, column_span)
        if rank >= 0:
            self._close(len(self.items) - 1 if text else len(self.items), rank)
        return True

    def _end_cell(self) -> None:
        self._flush()
        if not self._cells.pop():
            self._close(*self._holders.pop())
            return
        table = self._tables[-1]
        cell = table.cell
        assert cell is not None  # a cell that was opened in a table is closed before its table
        table.cell = None
        items = self.items[cell.start :]
        if table.row is None:
            table.row = []
        self._add_cell(table, self._cell_text(table, cell, items), cell.row_span, cell.column_span)
        self._close(cell.start, cell.rank)

    def _add_cell(self, table: _Table, text: str, row_span: int, column_span: int) -> None:
        if table.row is None:
            table.row = []
        self._cell_count += 1
        if self._cell_count > MAX_CELLS:
            self.notes.add("cells_clamped")
        else:
            table.row.append((text, row_span, column_span))

    def _cell_text(self, table: _Table, cell: _Cell, items: list[Item]) -> str:
        if not items:
            return OBJECT_MARK if cell.picture else ""
        if len(items) == 1 and isinstance(items[0], str):
            return items[0]
        if len(items) > _CROWDED and any(isinstance(item, RawTable) for item in items):
            table.crowded = True
            return ""
        lines = [_line(item) for item in items]
        table.lines[id(table.row)] = lines
        return " ".join(line for line in lines if line)

    def _end_table(self, table: _Table) -> None:
        self._end_row(table)
        sections = table.shown()
        inside = [item for item in self.items[table.start :] if isinstance(item, RawTable)]
        short = "".join(
            text for rows in sections for row in rows for text, _, _ in row if 0 < len(text) <= _SHORT_CELL
        )
        marks = len(set(self._knowledge.labels.findall(short.replace(" ", "")))) if short else 0
        arranges = any(element.rank >= 0 for element in self.elements[table.elements :]) or any(
            isinstance(item, Heading) and self._section_heading(item.text)
            for item in self.items[table.start :]
        )
        if _is_layout(table, sections, inside, marks, arranges):
            self._insert_stray(table)
        else:
            raw = RawTable(sections, marks, self._narrative(table, sections))
            self.items[table.start :] = [*table.stray, raw]
            del self.elements[table.elements :]
            place = table.start + len(table.stray)
            self.images[table.images :] = [(place, address) for _, address in self.images[table.images :]]
            self.links[table.links :] = [(place, *link[1:]) for link in self.links[table.links :]]
        if self._tables and not self._tables[-1].cell:
            self._tables[-1].stray.extend(self.items[table.start :])
            del self.items[table.start :]
            del self.elements[table.elements :]

    def _insert_stray(self, table: _Table) -> None:
        if not (stray := table.stray):
            return
        self.items[table.start : table.start] = stray
        more = len(stray)
        self.elements[table.elements :] = [
            Element(start + more, end + more, rank) for start, end, rank in self.elements[table.elements :]
        ]
        self.images[table.images :] = [
            (place + more, address) for place, address in self.images[table.images :]
        ]
        self.links[table.links :] = [(place + more, a, b) for place, a, b in self.links[table.links :]]

    def _narrative(self, table: _Table, sections: list[list[list[RawCell]]]) -> tuple[tuple[int, str], ...]:
        """Return the lines of narrative rows of a table that holds a whole report, headings and all."""
        found: list[tuple[int, str]] = []
        headings = set()
        for number, row in enumerate(row for rows in sections for row in rows):
            texts = [text for text, _, _ in row if text]
            if len(texts) == 1:
                lines = table.lines.get(id(row), texts)
                names = {name[0] for line in lines if (name := self._section_heading(line))}
                if names or ("。" in texts[0] and not self._knowledge.labels.match(texts[0])):
                    found.extend((number, line) for line in lines if line)
                    headings |= names
        return tuple(found) if len(headings) > 1 else ()

    def _section_heading(self, line: str) -> re.Match[str] | None:
        """Return the words by which a line is the heading of a section of the report."""
        compact = line.replace(" ", "")
        if len(compact) > _SHORT_CELL or not _NUMERAL.match(compact):
            return None
        return self._knowledge.headings.search(compact)


def _simple_text(element: Any) -> str | None:
    """Return the text of a cell that holds one line, as nearly all do; None where the cell must be walked."""
    children = len(element)
    if not children:
        return element.text or ""
    paragraph = None
    if children == 1 and not len(element[0]) and element[0].tag == "p":
        paragraph = element[0]
    else:
        for inner in element.iterdescendants():
            tag = inner.tag
            if tag in _KINDS:
                if tag != "p" or paragraph is not None:
                    return None
                paragraph = inner
    if paragraph is None:
        return _text(element)
    if len(element) != 1 or element[0] is not paragraph or _says(element.text) or _says(paragraph.tail):
        return None
    return _text(paragraph)


def _text(element: Any) -> str:
    if not len(element):
        return element.text or ""
    return etree.tostring(element, encoding="unicode", method="text", with_tail=False)


def _says(text: str | None) -> bool:
    return text is not None and not text.isspace()


def _line(item: Item) -> str:
    if isinstance(item, str):
        return item
    return item.text if isinstance(item, Heading) else " ".join(text for text in item.texts() if text)


def _is_layout(
    table: _Table, sections: list[list[list[RawCell]]], inside: list[RawTable], marks: int, arranges: bool
) -> bool:
    """Return whether a table only arranges the page, so that it is read as if it were not there.

    `inside`: the tables in its cells; `arranges`: a cell holds a section heading or a container of articles.
    """
    rows = [row for section in sections for row in section]
    if table.crowded or sum(map(len, rows)) <= 1:
        return True
    if inside:
        return marks < FORM_MARKS or any(other.marks for other in inside)
    if marks >= FORM_MARKS:
        return False
    return (
        arranges
        or max(map(len, rows)) == 1
        or any(len(text) > _NARRATIVE_CELL for row in rows for text, _, _ in row)
    )
