"""Tables that are read apart from their page, which spares the parser most of what it would have to parse.

A table that is whole, with every element closed where it was opened, says the same wherever it stands. Such
tables are taken out, one that differs from a known one only in its figures is filled in (`html_blanks`), and
a stand-in keeps the place. All others stay in the page.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from parsers.readers.html_blanks import Blanks, Reading
from parsers.readers.html_markup import INLINE, parse_markup
from parsers.readers.html_tags import CELL, KINDS, SECTION
from parsers.readers.html_walk import STAND_IN, read_alone

_START, _END = b"<table", b"</table>"
_CELLS, _SECTIONS = ([name for name, kind in KINDS.items() if kind == this] for this in (CELL, SECTION))
_IN_LINE = frozenset((*INLINE, "br"))
_IN_CELL = frozenset(("p", "div", *_IN_LINE))
_HOLDS = {
    "table": frozenset((*_SECTIONS, "tr")),
    **dict.fromkeys(_SECTIONS, frozenset(["tr"])),
    "tr": frozenset(_CELLS),
    **dict.fromkeys((*_CELLS, "div"), _IN_CELL),
    **dict.fromkeys(("p", *INLINE), _IN_LINE),
}
"""What may stand in an element so that no parser closes either early."""
_WITH_TEXT = frozenset((*_CELLS, *_IN_CELL))
_EMPTY = frozenset(("br", "wbr"))
_TAG = re.compile(r"(/?)([a-z][a-z0-9:]*)((?: (?:row|col)span=(?:\"[^\"&<>]*\"|'[^'&<>]*'|\w+))*) ?/?")
_STAND_IN = b'<table %s="%%d"><tr><td>0</td></tr></table>' % STAND_IN.encode()
_BLANKS = Blanks()


class Apart(NamedTuple):
    """A page with stand-ins, and the tables they stand for."""

    data: bytes
    tables: tuple[Reading, ...]


NONE_APART = Apart(b"", ())


def take_tables(data: bytes) -> Apart:
    """Return a page, its needless attributes left out, without the tables that can be read apart from it."""
    tables: list[Reading] = []
    parts: list[bytes] = []
    place = kept = 0
    while (end := data.find(_END, place)) >= 0:
        end += len(_END)
        start = data.rfind(_START, place, end)
        if start >= 0 and (found := _BLANKS.read(str(data[start:end], "utf-8"), _read)).table is not None:
            parts += [data[kept:start], _STAND_IN % len(tables)]
            tables.append(found)
            kept = end
        place = end
    return Apart(b"".join([*parts, data[kept:]]) if tables else data, tuple(tables))


def all_stand(root: Any, tables: Sequence[Reading]) -> bool:
    """Return whether a parsed page holds one stand-in for each table, and no more."""
    numbers = [number for table in root.iter("table") if (number := table.get(STAND_IN)) is not None]
    return numbers == [str(number) for number in range(len(tables))]


def _read(markup: str) -> Reading:
    if not _is_whole(markup):
        return Reading(None, 0)
    root, _ = parse_markup(markup.encode())
    return read_alone(root.find("body/table"))


def _is_whole(markup: str) -> bool:
    """Return whether markup is one table in which every element is closed where it was opened."""
    before, *pieces = markup.split("<")
    opened: list[str] = []
    for number, piece in enumerate(pieces):
        tag, closed, text = piece.partition(">")
        found = _TAG.fullmatch(tag) if closed else None
        if found is None:
            return False
        name = found[2]
        if found[1]:
            if not opened or opened.pop() != name or found[3]:
                return False
        elif not opened:
            if number or name != "table":
                return False
            opened.append(name)
        elif name not in _HOLDS[opened[-1]]:
            return False
        elif name not in _EMPTY:
            opened.append(name)
        if text and not text.isspace() and (not opened or opened[-1] not in _WITH_TEXT):
            return False
    return not before and not opened
