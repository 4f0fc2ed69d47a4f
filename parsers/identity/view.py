"""The parts of a document in which it says what it is: lines in front of the report, behind it, around it."""

from functools import cache
from typing import Any, NamedTuple

from parsers.document import Block, Document, Heading, Table
from parsers.knowledge import read_toml
from parsers.records import Section
from parsers.text import label_key

_HEAD_LINES = 60
_TAIL_LINES = 30
_OUTSIDE_LINES = 400
_LINE = 600  # characters of a line that are looked at for names, labels and codes
_TABLE_ROWS = 20
_NUMERAL = 8  # characters in front of a heading that are no more than its numeral


class View(NamedTuple):
    """What the parts of `identify` look at; every line is cut to a length that keeps the searches cheap."""

    headings: tuple[str, ...]
    """Lines the page marks as headings, in front of the first section."""
    head: tuple[str, ...]
    """Running lines in front of the first section, or the first lines where there are no sections."""
    opening: str
    """The preface and the start of the first section: where a report says who it is."""
    opening_key: str
    """Label keys of the lines of the opening, joined by line breaks."""
    tail: tuple[str, ...]
    """The last running lines."""
    outside: tuple[str, ...]
    pairs: tuple[tuple[str, ...], ...]
    """Rows of the tables in front of the first section: boxes of metadata."""
    meta: dict[str, str]


@cache
def identity_data() -> dict[str, Any]:
    """Return `data/identity.toml`."""
    return read_toml("identity.toml")


def view_of(document: Document, sections: tuple[Section, ...]) -> View:
    """Return the parts of a document that say what it is."""
    first = next((s.position for s in sections if s.position is not None), None)
    front = document.blocks if first is None else document.blocks[:first]
    head: list[str] = []
    headings: list[str] = []
    pairs: list[tuple[str, ...]] = []
    for block in front:
        if len(head) >= _HEAD_LINES or len(pairs) >= _TABLE_ROWS:
            break
        if isinstance(block, Table):
            if first is not None or len(block.rows) <= _TABLE_ROWS:
                pairs.extend(tuple(c.text[:_LINE] for c in row) for row in block.rows[:_TABLE_ROWS])
                head.extend(_alone(block))
            continue
        lines = [line[:_LINE].strip() for line in block.text[: _LINE * 10].split("\n") if line.strip()]
        head.extend(lines)
        if isinstance(block, Heading):
            headings.extend(lines)
    if first is not None and len(head) < _HEAD_LINES:
        head.extend(_swallowed(document.blocks[first], sections[0].heading))
    opening = _opening(head, sections)
    return View(
        headings=tuple(headings),
        head=tuple(head[:_HEAD_LINES]),
        opening=opening,
        opening_key="\n".join(label_key(line) for line in opening.split("\n")),
        tail=_tail(document),
        outside=tuple(line[:_LINE] for line in document.outside[:_OUTSIDE_LINES]),
        pairs=tuple(pairs),
        meta=document.meta,
    )


def _alone(table: Table) -> list[str]:
    """Return cells that stand alone in their row: lines of a page laid out as a table."""
    rows = ([cell.text.strip() for cell in row if cell.text.strip()] for row in table.rows[:_TABLE_ROWS])
    return [texts[0][:_LINE] for texts in rows if len(texts) == 1]


def _swallowed(block: Block, heading: str) -> list[str]:
    """Return the lines that stand in one block with the first heading, in front of it."""
    text = block.text[: _LINE * 10] if not isinstance(block, Table) else ""
    lines = text[: max(text.find(heading), 0)].split("\n")
    kept = [line[:_LINE].strip() for line in lines]
    return [line for line in kept if len(line) > _NUMERAL]


def _opening(head: list[str], sections: tuple[Section, ...]) -> str:
    start = sections[0].text[:800] if sections else ""
    return "\n".join([*head[:_HEAD_LINES], start])


def _tail(document: Document) -> tuple[str, ...]:
    lines: list[str] = []
    for block in reversed(document.blocks):
        if len(lines) >= _TAIL_LINES:
            break
        if not isinstance(block, Table):
            last = block.text[-_LINE * 10 :].split("\n")[-_TAIL_LINES:]
            lines.extend(line[-_LINE:].strip() for line in reversed(last) if line.strip())
    return tuple(reversed(lines[:_TAIL_LINES]))
