"""One pass over a page: lines, headings and tables in reading order, with the elements around them.

Nothing is decided here about which part of the page is the report; see `html_body`.
"""

import re
from collections.abc import Sequence
from secrets import token_hex
from typing import Any, Literal, NamedTuple

from lxml import etree

from parsers.document import Heading
from parsers.grid import RawCell
from parsers.readers.html_blanks import Blanks, Reading
from parsers.readers.html_links import LONGEST_ADDRESS, file_address, link_names_of
from parsers.readers.html_markup import (
    LINE_END,
    PlainCell,
    attributes_of,
    plain_cells,
    plain_row,
    rank_of,
    read_line,
    spans_of,
    write_out,
)
from parsers.readers.html_tables import Item, OpenCell, OpenTable, RawTable
from parsers.readers.html_tags import (
    APART,
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
)

MAX_TABLE_DEPTH = 40
MAX_CELLS = 40_000
MAX_TABLES = 5_000

STAND_IN = f"stand-in-{token_hex(8)}"
"""Attribute of the tables that stand in a page for others: their number; no page can know its name."""
_STAND_IN = re.compile(rf'<table {STAND_IN}="([0-9]+)">')
_SHOWN_INPUTS = frozenset({"", "text", "number"})
_CELL_ENDS = ("/td>", "/th>")


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


class TableInTheWayError(Exception):
    """A table that was taken out of a page stands where it cannot be put back as it is."""


def walk(root: Any, *, has_files: bool = True, apart: Sequence[Reading] = ()) -> Walked:
    """Walk the body of a parsed page whose invisible elements are already removed.

    `has_files` is False where no link leads to a file; `apart` are the tables with a stand-in in the page.
    Raises `TableInTheWayError` where one of them would have to be read together with what is around it.
    """
    link_names = list(link_names_of(root)) if has_files else []
    if not link_names:
        etree.strip_tags(root, "a")  # links to other pages say nothing
    walker = _Walker(link_names, apart)
    walker.walk(write_out(root))
    return Walked(walker.items, walker.elements, walker.images, walker.links, walker.notes)


def read_alone(table: Any) -> Reading:
    """Return the table an element is, if nothing else comes of it."""
    return _read_alone(write_out(table))


class _Walker:
    def __init__(self, link_names: list[str], apart: Sequence[Reading] = ()) -> None:
        self.items: list[Item] = []
        self.elements: list[Element] = []
        self.images: list[tuple[int, str]] = []
        self.links: list[tuple[int, str, str]] = []
        self.notes: set[str] = set()
        self._link_names = iter(link_names)
        self._apart = apart
        self._parts: list[str] = []
        """Text of the line being read, its character references not yet resolved."""
        self._tables: list[OpenTable] = []
        self._table_ends: list[OpenTable | None] = []
        """Tables whose end tag is still to come; None for those ignored."""
        self._holders: list[tuple[int, int]] = []
        self._cells: list[OpenCell | None] = []
        """Cells whose end tag is still to come; None for those outside of tables."""
        self._headings: list[int] = []
        self._ignored_tables = 0
        self._table_count = 0
        self._cell_count = 0

    def walk(self, markup: str) -> None:
        """Read all markup, tables that hold no other tables at once if they are known."""
        place = 0
        while (stop := markup.find("</table>", place)) >= 0:
            stop += len("</table>")
            start = _table_start(markup, place, stop)
            self._walk_rows(markup[place:start])
            if start < stop and not self._take_table(markup[start:stop]):
                self._walk_rows(markup[start:stop])
            place = stop
        self._walk_rows(markup[place:])
        self._flush()

    def _take_table(self, markup: str) -> bool:
        """Take a table of data as a whole; return False, with nothing done, where that cannot be."""
        stand_in = _STAND_IN.match(markup) if self._apart else None
        in_row = self._tables and not self._tables[-1].cell
        if in_row or self._ignored_tables or len(self._tables) >= MAX_TABLE_DEPTH:
            return self._refuse(stand_in)
        table, cells = self._apart[int(stand_in[1])] if stand_in else _BLANKS.read(markup, _read_alone)
        if table is None or self._table_count >= MAX_TABLES or self._cell_count + cells > MAX_CELLS:
            return self._refuse(stand_in)
        self._flush()
        self._table_count += 1
        self._cell_count += cells
        self.items.append(table)
        return True

    def _refuse(self, stand_in: re.Match[str] | None) -> Literal[False]:
        if stand_in:
            raise TableInTheWayError
        return False

    def read_alone(self, markup: str) -> Reading:
        """Return the table some markup is, if nothing else comes of it."""
        self._walk_rows(markup)
        beside = self.elements or self.images or self.links or self.notes or len(self.items) != 1
        table = None if beside else self.items[0]
        return Reading(table if isinstance(table, RawTable) else None, self._cell_count)

    def _walk_rows(self, markup: str) -> None:
        """Read markup, rows of plain cells at once."""
        place = 0
        while (start := markup.find("<tr", place)) >= 0 and (stop := markup.find("</tr>", start)) >= 0:
            if start > place:
                self._read(markup[place:start])
            place = stop + len("</tr>")
            row = markup[start:place]
            if not self._take_row(row):
                self._read(row)
        self._read(markup[place:])

    def _take_row(self, markup: str) -> bool:
        """Read a row of plain cells; return False, with nothing done, if it is none."""
        tables = self._tables
        if not tables or self._ignored_tables or tables[-1].cell or markup[3] not in " >":
            return False
        row = plain_row(markup)
        if row is None or self._cell_count + len(row) > MAX_CELLS:
            return False
        if self._parts:
            self._flush()
        table = tables[-1]
        table.end_row()
        table.row = []
        self._cell_count += len(row)
        for cell in row:
            self._take_cell(table, table.row, cell)
        table.end_row()
        return True

    def _take_cell(self, table: OpenTable, row: list[RawCell], cell: PlainCell) -> None:
        text, row_span, column_span, rank, lines = cell
        row.append((text, row_span, column_span))
        if text:
            items = self.items
            start = len(items)
            items += lines
            if len(lines) > 1:
                table.lines[id(row)] = list(lines)
                self._close(start, rank)
            elif rank >= 0:
                self._close(start, rank)

    def _read(self, markup: str) -> None:
        """Read markup tag by tag."""
        before, *tokens = markup.split("<")
        self._read_text(before)
        resume = 0
        for place, token in enumerate(tokens):
            if place < resume:
                continue
            tag, _, text = token.partition(">")
            if tag[0] == "/":
                if kind := KINDS.get(tag[1:]):
                    self._end(kind, tag[1:])
            else:
                empty = tag[-1] == "/"
                name = tag if tag in KINDS else tag.partition(" ")[0].rstrip("/")
                kind = KINDS.get(name)
                if kind == CELL and not empty and self._plain_cell(token, tokens[place + 1 : place + 2]):
                    resume = place + 2
                    text = tokens[place + 1].partition(">")[2]
                elif kind:
                    self._start(kind, name, tag)
                    if empty:
                        self._end(kind, name)
            if text:
                self._read_text(text)

    def _read_text(self, text: str) -> None:
        """Take text between two tags, with the line ends in it."""
        if LINE_END not in text:
            self._parts.append(text)
            return
        first, *lines, last = text.split(LINE_END)
        self._parts.append(first)
        self._flush()
        for line in lines:
            if line:
                self._add_line(line)
        self._parts.append(last)

    def _plain_cell(self, token: str, following: list[str]) -> bool:
        """Read the cell that starts here if it is plain; return whether it was."""
        if not self._tables or self._ignored_tables or self._tables[-1].cell:
            return False
        if not following or not following[0].startswith(_CELL_ENDS) or self._cell_count >= MAX_CELLS:
            return False
        cells = plain_cells("<" + token)
        assert cells is not None  # no tag stands in it
        self._flush()
        self._cell_count += 1
        table = self._tables[-1]
        if table.row is None:
            table.row = []
        self._take_cell(table, table.row, cells[0])
        return True

    def _start(self, kind: int, name: str, tag: str) -> None:
        if kind == LINK:
            self._link(tag)
            return
        if kind == APART:
            self._parts.append(" ")
            return
        if kind == IMAGE:
            self._image(attributes_of(tag))
            return
        if kind == INPUT:
            self._input(tag)
            return
        self._flush()
        if kind == HOLDER:
            rank = rank_of(name, attributes_of(tag))
            self._holders.append((len(self.items), rank))
        elif kind == HEADING:
            self._headings.append(len(self.items))
        elif kind == TABLE:
            self._start_table()
        elif kind == CELL:
            self._start_cell(name, attributes_of(tag))
        elif kind in (SECTION, ROW) and self._tables and not self._ignored_tables:
            table = self._tables[-1]
            self._close_cell(table)
            table.end_row()
            if kind == SECTION:
                table.start_section(name)
            else:
                table.row = []

    def _end(self, kind: int, name: str) -> None:
        if kind == APART:
            self._parts.append(" ")
            return
        if kind in (LINK, IMAGE, INPUT):
            return
        if self._parts:
            self._flush()
        if kind == HOLDER:
            start, rank = self._holders.pop()
            self._close(start, rank)
        elif kind == HEADING:
            self._end_heading(int(name[1]))
        elif kind == CELL:
            self._end_cell()
        elif kind == TABLE:
            table = self._table_ends.pop()
            if table is None:
                self._ignored_tables -= 1
            elif self._tables and self._tables[-1] is table:
                self._end_table(self._tables.pop())
        elif kind in (SECTION, ROW) and self._tables and not self._tables[-1].cell:
            self._tables[-1].end_row()
            if kind == SECTION:
                self._tables[-1].start_section()

    def _flush(self) -> None:
        parts = self._parts
        if parts:
            self._add_line("".join(parts) if len(parts) > 1 else parts[0])
            parts.clear()

    def _add_line(self, printed: str) -> None:
        line = read_line(printed)
        if not line:
            return
        if self._tables and not self._tables[-1].cell:
            self._tables[-1].stray.append(line)
        else:
            self.items.append(line)

    def _end_heading(self, level: int) -> None:
        start = self._headings.pop()
        for place in range(start, len(self.items)):
            item = self.items[place]
            if isinstance(item, str):
                self.items[place] = Heading(item, level)

    def _close(self, start: int, rank: int) -> None:
        if start < len(self.items):
            self.elements.append(Element(start, len(self.items), rank))

    def _link(self, tag: str) -> None:
        address = file_address(tag)
        if address is not None:
            self.links.append((len(self.items), address, next(self._link_names, "")))

    def _image(self, attributes: dict[str, str]) -> None:
        if address := attributes.get("src") or attributes.get("data-src"):
            self.images.append((len(self.items), address.strip()[:LONGEST_ADDRESS]))
        if self._tables and (cell := self._tables[-1].cell):
            cell.picture = True

    def _input(self, tag: str) -> None:
        attributes = attributes_of(tag)
        if attributes.get("type", "").lower() in _SHOWN_INPUTS and (value := attributes.get("value")):
            self._parts.append(f" {value.replace('&', '&amp;')} ")

    def _start_table(self) -> None:
        self._table_count += 1
        if len(self._tables) >= MAX_TABLE_DEPTH or self._table_count > MAX_TABLES:
            self._ignored_tables += 1
            self._table_ends.append(None)
            self.notes.add("tables_clamped")
            return
        if self._tables and not self._ignored_tables and self._tables[-1].cell is None:
            self._end_table(self._tables.pop())  # a table that begins in no cell of another ends that one
        table = OpenTable(len(self.items), len(self.elements), len(self.images), len(self.links))
        self._tables.append(table)
        self._table_ends.append(table)

    def _start_cell(self, name: str, attributes: dict[str, str]) -> None:
        """Open a cell that has to be walked."""
        if not self._tables or self._ignored_tables:
            self._cells.append(None)
            self._holders.append((len(self.items), -1))
            return
        table = self._tables[-1]
        self._close_cell(table)
        rank = rank_of(name, attributes) if "class" in attributes or "id" in attributes else -1
        table.cell = OpenCell(len(self.items), rank, *spans_of(attributes))
        self._cells.append(table.cell)

    def _end_cell(self) -> None:
        self._flush()
        cell = self._cells.pop()
        if cell is None:
            self._close(*self._holders.pop())
        elif self._tables and self._tables[-1].cell is cell:
            self._close_cell(self._tables[-1])

    def _close_cell(self, table: OpenTable) -> None:
        """Close the open cell of a table, if any: a cell, a row or a section that begins in it ends it.

        The parser behind leaves them inside each other where something else is not closed either.
        """
        cell = table.cell
        if cell is None:
            return
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


def _table_start(markup: str, place: int, stop: int) -> int:
    """Return where the last table begins that is not empty, and so ends at `stop`; `stop` if none begins."""
    start = stop
    while (start := markup.rfind("<table", place, start)) >= 0:
        rest = markup[start + len("<table") : markup.find(">", start)]
        if rest[:1] in ("", " ") and rest[-1:] != "/":
            return start
    return stop


_BLANKS = Blanks()


def _read_alone(markup: str) -> Reading:
    return _Walker([]).read_alone(markup)
