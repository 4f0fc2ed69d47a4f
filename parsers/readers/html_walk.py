"""One pass over a page: lines, headings and tables in reading order, with the elements around them.

Nothing is decided here about which part of the page is the report; see `html_body`.
"""

import re
from typing import Any, NamedTuple

from lxml import etree

from parsers.document import Heading
from parsers.grid import MAX_ROWS, read_span
from parsers.readers.html_knowledge import Knowledge, load_knowledge
from parsers.readers.html_tables import Item, OpenCell, OpenTable
from parsers.readers.html_tags import (
    APART,
    BLOCK,
    CELL,
    HEADING,
    HOLDER,
    IMAGE,
    INPUT,
    KINDS,
    LINK,
    ROW,
    SECTION,
    TABLE,
    element_text,
    simple_text,
    tidy,
)

MAX_TABLE_DEPTH = 40
MAX_CELLS = 40_000
MAX_TABLES = 5_000
MAX_DEPTH = 2_040
"""Just below the depth at which the parser behind silently stops."""

_SHOWN_INPUTS = frozenset({"", "text", "number"})
MAX_COLUMN_SPAN = 3_000_000
"""Spans are read up to this size; how far they reach is for the grid to say."""
_WORD = re.compile(r"[a-z]+")
SURROUNDING = -2
"""Rank of elements that never belong to a report."""


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
        self._tables: list[OpenTable] = []
        self._holders: list[tuple[int, int]] = []
        self._cells: list[bool] = []
        self._headings: list[int] = []
        self._ignored_tables = 0
        self._table_count = 0
        self._cell_count = 0

    def walk(self, root: Any) -> None:
        parts = self._parts
        kinds = KINDS
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
                    if kind == CELL:
                        if parts:
                            self._flush()
                        if self._start_cell(element):
                            events.skip_subtree()
                            whole_cell = True
                            continue
                    elif kind == BLOCK:
                        if parts:
                            self._flush()
                    else:
                        self._start(kind, element)
                if text := element.text:
                    parts.append(text)
            else:
                depth -= 1
                if kind:
                    if kind == BLOCK:
                        if parts:
                            self._flush()
                    elif kind == CELL:
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
        if kind == APART:
            self._parts.append(" ")
            return
        if kind == LINK:
            self._link(element)
            return
        if kind == IMAGE:
            self._image(element)
            return
        if kind == INPUT:
            if (element.get("type") or "").lower() in _SHOWN_INPUTS and (value := element.get("value")):
                self._parts.append(f" {value} ")
            return
        self._flush()
        if kind == HOLDER:
            self._holders.append((len(self.items), self._rank(element)))
        elif kind == HEADING:
            self._headings.append(len(self.items))
        elif kind == TABLE:
            self._start_table()
        elif self._tables and not self._tables[-1].cell:
            table = self._tables[-1]
            if kind == SECTION:
                table.end_row()
                table.sections.append((element.tag == "tfoot", []))
            elif kind == ROW:
                table.end_row()
                table.row = []

    def _end(self, kind: int, element: Any) -> None:
        if kind == APART:
            self._parts.append(" ")
            return
        if kind in (LINK, IMAGE, INPUT):
            return
        self._flush()
        if kind == HOLDER:
            start, rank = self._holders.pop()
            self._close(start, rank)
        elif kind == HEADING:
            self._end_heading(element)
        elif kind == TABLE:
            if self._ignored_tables:
                self._ignored_tables -= 1
            else:
                self._end_table(self._tables.pop())
        elif self._tables and not self._tables[-1].cell:
            table = self._tables[-1]
            table.end_row()
            if kind == SECTION:
                table.sections.append((False, []))

    def _flush(self) -> None:
        parts = self._parts
        if not parts:
            return
        text = "".join(parts) if len(parts) > 1 else parts[0]
        text = "" if text.isspace() else tidy(text)
        parts.clear()
        if not text:
            return
        if self._tables and not self._tables[-1].cell:
            self._tables[-1].stray.append(text)
        else:
            self.items.append(text)

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
            name = " ".join(element_text(element).split()) or element.get("title") or ""
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
        else:
            self._tables.append(
                OpenTable(len(self.items), len(self.elements), len(self.images), len(self.links))
            )

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
        if (text := simple_text(element)) is None:
            table.cell = OpenCell(len(self.items), rank, row_span, column_span)
            self._cells.append(True)
            return False
        if text and (text.isalnum() or (text := tidy(text))):
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
        self._add_cell(table, table.cell_text(cell, items), cell.row_span, cell.column_span)
        self._close(cell.start, cell.rank)

    def _add_cell(self, table: OpenTable, text: str, row_span: int, column_span: int) -> None:
        if table.row is None:
            table.row = []
        self._cell_count += 1
        if self._cell_count > MAX_CELLS:
            self.notes.add("cells_clamped")
        else:
            table.row.append((text, row_span, column_span))

    def _end_table(self, table: OpenTable) -> None:
        table.end_row()
        arranges = any(element.rank >= 0 for element in self.elements[table.elements :])
        raw = table.finish(self.items[table.start :], arranges)
        if raw is None:
            self._insert_stray(table)
        else:
            self.items[table.start :] = [*table.stray, raw]
            del self.elements[table.elements :]
            place = table.start + len(table.stray)
            self.images[table.images :] = [(place, address) for _, address in self.images[table.images :]]
            self.links[table.links :] = [(place, *link[1:]) for link in self.links[table.links :]]
        if self._tables and not self._tables[-1].cell:
            self._tables[-1].stray.extend(self.items[table.start :])
            del self.items[table.start :]
            del self.elements[table.elements :]

    def _insert_stray(self, table: OpenTable) -> None:
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
