"""The running text of a document as lines, with the places at which tables of the form stand between them."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from parsers.document import BlankTable, Cell, Document, Heading, Table
from parsers.headings import heading_at_start, outline_data

_NARRATIVE = 40  # characters from which a lone cell between section headings is narrative


class Line(NamedTuple):
    """A line of running text with the block it stands in."""

    text: str
    block: int
    marked: bool
    """True when the page marks it as a heading."""
    in_table: bool = False


class Flow(NamedTuple):
    """Lines of running text and the tables of the form between them."""

    lines: list[Line]
    tables: list[tuple[int, int]]
    """(number of lines before the table, section it belongs to) for each table of the form."""


def flow_of(document: Document) -> Flow:
    """Return the lines of a document in reading order and the tables between them."""
    lines: list[Line] = []
    tables: list[tuple[int, int]] = []
    filled = iter(document.filled)
    for index, block in enumerate(document.blocks):
        if isinstance(block, Table):
            known = next(filled, None)
            held = _read_table(block.rows) if known is None else _read_blank(known.blank)
            _add_table(held, index, lines, tables)
            continue
        marked = isinstance(block, Heading)
        lines.extend(Line(text, index, marked) for text in block.text.split("\n") if text.strip())
    return Flow(lines, tables)


class _Held(NamedTuple):
    """What a table holds besides figures."""

    lines: tuple[tuple[str, bool], ...]
    """Headings and narrative standing in rows of it, and whether each is a heading."""
    has_heading: bool
    sections: tuple[tuple[int, int], ...]
    """(number of lines in front of it, section it belongs to) of each table of the form."""


def _read_table(rows: tuple[tuple[Cell, ...], ...]) -> _Held:
    lines: list[tuple[str, bool]] = []
    sections: list[tuple[int, int]] = []
    has_heading = False
    for row in rows:
        texts = [cell.text for cell in row if cell.text]
        if len(texts) == 1:
            candidate = heading_at_start(0, texts[0], marked=False) if len(texts[0]) < _NARRATIVE else None
            is_heading = candidate is not None and candidate.number is not None and candidate.official
            has_heading = has_heading or is_heading
            if is_heading or len(texts[0]) > _NARRATIVE:
                lines.append((texts[0], is_heading))
        section = _table_section("".join(texts)) if texts else None
        if section:
            sections.append((len(lines) if has_heading else 0, section))
    return _Held(tuple(lines), has_heading, tuple(sections))


@lru_cache(maxsize=512)  # figures are neither headings nor marks of a section
def _read_blank(blank: BlankTable) -> _Held:
    return _read_table(blank.rows)


def _add_table(held: _Held, index: int, lines: list[Line], tables: list[tuple[int, int]]) -> None:
    """Note which tables of the form a table holds, and take headings and narrative standing in rows of it."""
    for before, section in held.sections:
        if not tables or tables[-1] != (len(lines) + before, section):
            tables.append((len(lines) + before, section))
    if held.has_heading:
        lines.extend(Line(text, index, is_heading, in_table=True) for text, is_heading in held.lines)


@cache
def _table_marks() -> re.Pattern[str]:
    entries = outline_data()["table"]
    return re.compile(
        "|".join(f"(?P<after_{entry['after']}>{'|'.join(entry['marks'])})" for entry in entries)
    )


def _table_section(row: str) -> int | None:
    match = _table_marks().search(row[:400].replace(" ", ""))
    return int(match.lastgroup[-1]) if match and match.lastgroup else None
