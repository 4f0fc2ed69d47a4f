"""Tables while they are read: which are data, which only arrange the page, which hold a whole report."""

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from parsers.document import Cell, FilledTable, Heading
from parsers.grid import RawCell, lay_out_sections
from parsers.readers.html_knowledge import load_knowledge

OBJECT_MARK = "\ufffc"
"""Text of a cell that holds a picture and nothing else: something is printed that is not text."""

_NUMERAL = re.compile(r"[（(]?[一二三四五六七八九十]+[）)、.．]")
_BODY = 0
_PLACES = {"thead": -1, "tfoot": 1}
_SHORT_CELL = 60
_CROWDED = 50
FORM_MARKS = 3
"""Different words of the forms in short cells that make a table a table of the form."""
_NARRATIVE_CELL = 300


class RawTable(NamedTuple):
    """Printed rows of a data table as laid out, before it has its place in the document."""

    rows: tuple[tuple[Cell, ...], ...]
    width: int
    marks: int
    """Different words of the forms in its short cells."""
    lines: tuple[tuple[int, str], ...] = ()
    """Narrative that the author put into rows of the table: (row, line)."""
    notes: tuple[str, ...] = ()
    """Codes of what had to be clamped."""
    filled: FilledTable | None = None

    def texts(self) -> Iterator[str]:
        """Yield the texts of all cells."""
        return (cell.text for row in self.rows for cell in row)


Item: TypeAlias = str | Heading | RawTable


class OpenCell:
    """A cell being read; the items of the page from `start` on stand in it."""

    __slots__ = ("column_span", "picture", "rank", "row_span", "start")

    def __init__(self, start: int, rank: int, row_span: int, column_span: int) -> None:
        self.start = start
        self.rank = rank
        self.row_span = row_span
        self.column_span = column_span
        self.picture = False


class OpenTable:
    """A table being read; items, elements, images and links of the page from these numbers on stand in it."""

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

    def __init__(self, start: int, elements: int, images: int, links: int) -> None:
        self.start = start
        self.elements = elements
        self.images = images
        self.links = links
        self.sections: list[tuple[int, list[list[RawCell]]]] = [(_BODY, [])]
        self.row: list[RawCell] | None = None
        self.cell: OpenCell | None = None
        self.stray: list[Item] = []
        """What stands in the table but in no cell; browsers show it before the table."""
        self.lines: dict[int, list[str]] = {}
        """Lines of cells of several lines, by identity of the row."""
        self.crowded = False
        """A cell holds tables and much else, as only layout tables do."""

    def shown(self) -> list[list[list[RawCell]]]:
        """Return the sections that have rows: the head first, the foot last, wherever they are written."""
        return [rows for _, rows in sorted(self.sections, key=lambda section: section[0]) if rows]

    def start_section(self, name: str = "tbody") -> None:
        """Begin a section; only the first head and the first foot of a table are shown at its ends."""
        place = _PLACES.get(name, _BODY)
        if place != _BODY and any(other == place for other, _ in self.sections):
            place = _BODY
        self.sections.append((place, []))

    def end_row(self) -> None:
        """Put the row being read, if any, into its section."""
        if self.row is not None:
            self.sections[-1][1].append(self.row)
            self.row = None

    def cell_text(self, cell: OpenCell, items: list[Item]) -> str:
        """Return the text of a cell that holds these items, on one line."""
        if not items:
            return OBJECT_MARK if cell.picture else ""
        if len(items) == 1 and isinstance(items[0], str):
            return items[0]
        if len(items) > _CROWDED and any(isinstance(item, RawTable) for item in items):
            self.crowded = True
            return ""
        lines = [_line(item) for item in items]
        self.lines[id(self.row)] = lines
        return " ".join(line for line in lines if line)

    def finish(self, items: list[Item], arranges: bool) -> RawTable | None:
        """Return the table that was read, None if it only arranges the page.

        `items` stand in its cells; `arranges` says that a container of articles stands in one of them.
        """
        sections = self.shown()
        texts = (text for rows in sections for row in rows for text, _, _ in row)
        short = "".join(text for text in texts if 0 < len(text) <= _SHORT_CELL).replace(" ", "")
        marks = len(set(load_knowledge().labels.findall(short)))
        inside = [item for item in items if isinstance(item, RawTable)]
        arranges = arranges or any(
            isinstance(item, Heading) and _section_heading(item.text) for item in items
        )
        if self._is_layout(sections, inside, marks, arranges):
            return None
        layout = lay_out_sections(sections)
        return RawTable(layout.rows, layout.width, marks, self._narrative(sections), layout.notes)

    def _is_layout(
        self, sections: list[list[list[RawCell]]], inside: list[RawTable], marks: int, arranges: bool
    ) -> bool:
        rows = [row for section in sections for row in section]
        if self.crowded or sum(map(len, rows)) <= 1:
            return True
        if inside:
            return marks < FORM_MARKS or any(other.marks for other in inside)
        if marks >= FORM_MARKS:
            return False
        one_column = max(map(len, rows)) == 1
        return (
            arranges or one_column or any(len(text) > _NARRATIVE_CELL for row in rows for text, _, _ in row)
        )

    def _narrative(self, sections: list[list[list[RawCell]]]) -> tuple[tuple[int, str], ...]:
        """Return the lines of narrative rows of a table that holds a whole report, headings and all."""
        found: list[tuple[int, str]] = []
        headings = set()
        for number, row in enumerate(row for rows in sections for row in rows):
            texts = [text for text, _, _ in row if text]
            if len(texts) == 1:
                lines = self.lines.get(id(row), texts)
                names = {name[0] for line in lines if (name := _section_heading(line))}
                if names or ("。" in texts[0] and not load_knowledge().labels.match(texts[0])):
                    found.extend((number, line) for line in lines if line)
                    headings |= names
        return tuple(found) if len(headings) > 1 else ()


def _section_heading(line: str) -> re.Match[str] | None:
    """Return the words by which a line is the heading of a section of the report."""
    compact = line.replace(" ", "")
    if len(compact) > _SHORT_CELL or not _NUMERAL.match(compact):
        return None
    return load_knowledge().headings.search(compact)


def _line(item: Item) -> str:
    if isinstance(item, str):
        return item
    return item.text if isinstance(item, Heading) else " ".join(text for text in item.texts() if text)
