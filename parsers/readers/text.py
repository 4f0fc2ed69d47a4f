"""Plain text, pipes, Markdown → Document: tables whose merged cells were lost, and the text between them."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from parsers.document import Block, Document, Heading, Paragraph
from parsers.readers.text_broken import without_opening_pipes
from parsers.readers.text_labels import PICTURES, begins_list
from parsers.readers.text_lines import Mark, RawLine, raw_lines, unroll
from parsers.readers.text_lists import as_grid
from parsers.readers.text_pipes import plain_cell
from parsers.readers.text_repeats import without_repeats
from parsers.readers.text_rows import read_rows
from parsers.readers.text_zones import Zone, find_zones

MAX_CHARS = 4_000_000
"""Characters read of one text; the longest report seen has less than a tenth of that."""
MAX_LINES = 10_000
"""Lines with content that are read."""
MAX_LINE = 200_000
"""Characters read of one line."""

_MOST_HEADINGS = 8
_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_UNDERLINE = re.compile(r"(?:=+|-{3,})")
_MARKDOWN_IMAGE = re.compile(r"!\[[^\[\]]{0,500}+\]\((?P<address>[^()\s]{1,2000})")
_MARKED_CELL = re.compile(r"[^|]+")


def read_text(text: str, charset: str) -> Document:
    """Return a text as paragraphs and ragged tables, in reading order.

    Takes the text forms A to L, Markdown tables and what extractors make of HTML tables; each table is
    recognised by itself. What exceeds the limits of this module is cut and noted: `truncated`, `long_lines`.
    """
    lines, notes = _lines(text)
    lists = any(_heads_list(line.text) for line in lines)
    split = without_opening_pipes(lines)
    unrolled = list(islice((part for line in split for part in unroll(line, lists)), MAX_LINES))
    blocks = tuple(_blocks(list(find_zones(unrolled, lists)), lists))
    return Document("text", charset, without_repeats(blocks), images=_images(lines), notes=notes)


def _heads_list(line: str) -> bool:
    """Say whether a line has the heading of the indicators of a list as a cell, or as a word among few."""
    cells = (cell.strip() for cell in _MARKED_CELL.findall(line[:400]))
    words = line.split() if len(line) <= MAX_LINE else []
    return any(map(begins_list, chain(cells, words if len(words) <= _MOST_HEADINGS else ())))


def _lines(text: str) -> tuple[list[RawLine], tuple[str, ...]]:
    notes = []
    if len(text) > MAX_CHARS:
        notes.append("truncated")
        text = text[:MAX_CHARS]
    lines = list(raw_lines(text.replace("\x00", ""), MAX_LINES + 1))
    if len(lines) > MAX_LINES:
        lines = lines[:MAX_LINES]
        notes.append("truncated")
    if any(len(line.text) > MAX_LINE for line in lines):
        lines = [line._replace(text=line.text[:MAX_LINE]) for line in lines]
        notes.append("long_lines")
    return lines, tuple(dict.fromkeys(notes))


def _blocks(zones: Sequence[Zone], lists: bool) -> Iterator[Block]:
    tables = 0
    for at, zone in enumerate(zones):
        after = zones[at + 1].marks[0].line.gap if at + 1 < len(zones) else 0
        table = read_rows(zone.marks, tables, after, lists) if zone.tabular else None
        if table is not None:
            tables += 1
            yield as_grid(table) if lists else table
        else:
            yield from _running_text(zone.marks)


def _running_text(marks: Sequence[Mark]) -> Iterator[Heading | Paragraph]:
    for at, item in enumerate(marks):
        text = item.line.text
        under = marks[at + 1].line if at + 1 < len(marks) else None
        heading = _HEADING.match(text) if text.startswith("#") else None
        if heading:
            words = text[heading.end() :]
            yield Heading(plain_cell(words.rstrip("#") or words), len(heading[1]))
        elif at and _UNDERLINE.fullmatch(text) and not item.line.gap:
            continue
        elif under is not None and not under.gap and len(under.text) > 2 and _UNDERLINE.fullmatch(under.text):
            yield Heading(plain_cell(text), 1 if under.text[0] == "=" else 2)
        else:
            yield Paragraph(plain_cell(text))


def _images(lines: Sequence[RawLine]) -> tuple[str, ...]:
    """Return addresses and file names of pictures: where a table was a picture, its name is what is left."""
    found: list[str] = []
    for line in lines:
        if "![" in line.text:
            found.extend(match["address"] for match in _MARKDOWN_IMAGE.finditer(line.text))
        elif len(line.text) <= 200 and line.text.lower().endswith(PICTURES):
            found.append(line.text)
    return tuple(found)
