"""The running text of a document as lines, with the places at which tables of the form stand between them."""

import re
from functools import cache
from typing import NamedTuple

from parsers.document import Document, Heading, Table
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
    for index, block in enumerate(document.blocks):
        if isinstance(block, Table):
            _add_table(block, index, lines, tables)
            continue
        marked = isinstance(block, Heading)
        lines.extend(Line(text, index, marked) for text in block.text.split("\n") if text.strip())
    return Flow(lines, tables)


def _add_table(table: Table, index: int, lines: list[Line], tables: list[tuple[int, int]]) -> None:
    """Note which tables of the form a table holds, and take headings and narrative standing in rows of it."""
    within: list[Line] = []
    has_heading = False
    for row in table.rows:
        texts = [cell.text for cell in row if cell.text]
        if len(texts) == 1:
            candidate = heading_at_start(0, texts[0], marked=False) if len(texts[0]) < _NARRATIVE else None
            is_heading = candidate is not None and candidate.number is not None and candidate.official
            has_heading = has_heading or is_heading
            if is_heading or len(texts[0]) > _NARRATIVE:
                within.append(Line(texts[0], index, is_heading, in_table=True))
        section = _table_section("".join(texts)) if texts else None
        if section and (not tables or tables[-1] != (len(lines) + len(within), section)):
            tables.append((len(lines) + (len(within) if has_heading else 0), section))
    if has_heading:
        lines.extend(within)


@cache
def _table_marks() -> re.Pattern[str]:
    entries = outline_data()["table"]
    return re.compile(
        "|".join(f"(?P<after_{entry['after']}>{'|'.join(entry['marks'])})" for entry in entries)
    )


def _table_section(row: str) -> int | None:
    match = _table_marks().search(row[:400].replace(" ", ""))
    return int(match.lastgroup[-1]) if match and match.lastgroup else None
