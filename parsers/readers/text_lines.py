"""Lines of a text copy and what each can be in a table, before it is known where the tables stand."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from parsers.figures import UNITS
from parsers.headings import headings_inside
from parsers.readers.text_fused import fused_cells
from parsers.readers.text_labels import (
    HEADING_CHARACTERS,
    Word,
    is_furniture,
    joins_to_label,
    split_glued,
    whole_label,
    word,
)
from parsers.readers.text_tabs import tabs_as_pipes
from parsers.text import label_key

MarkKind: TypeAlias = Literal["pipe", "label", "value", "mixed", "fused", "other"]

# Escapes that Markdown writers put before signs; the page printed the sign alone.
_ESCAPE = re.compile(r"\\([.\-+*_#()\[\]{}!>~])")
_LONGEST_CELL = 120
_LONGEST_UNKNOWN = 50
_LONGEST_HEADING = 6
_FEWEST_HEADINGS = 3
_RUNNING = re.compile(r"[。，；？！,;?!]")
_STREAM_PIPES = 40
_STREAM_LENGTH = 200
_STREAM_LABELS = 6
_LONGEST_HEADING_PART = 3
_MOST_TOKENS = 400


class RawLine(NamedTuple):
    """One line with content."""

    text: str
    gap: int
    """Empty lines before it."""


class Mark(NamedTuple):
    """One line and what it can be."""

    kind: MarkKind
    line: RawLine
    cells: tuple[str, ...] = ()
    """Cells of a line without pipes; lines with pipes are split once their table is known."""
    strong: bool = False
    damaged: bool = False


def raw_lines(text: str, limit: int) -> Iterator[RawLine]:
    """Yield the lines with content, at most `limit`, with the number of empty lines before each."""
    gap = count = 0
    parts = text.splitlines()
    for part in tabs_as_pipes(parts) if "\t" in text else parts:
        stripped = part.strip()
        if not stripped:
            gap += 1
            continue
        if count == limit:
            return
        if "\\" in stripped:
            stripped = _ESCAPE.sub(r"\1", stripped)
        count += 1
        yield RawLine(stripped, gap)
        gap = 0


def unroll(line: RawLine, lists: bool) -> Iterator[RawLine]:
    """Yield a line as it is, or cell by cell where whole tables were written into one line."""
    pipes = line.text.count("|")
    if pipes >= _STREAM_PIPES:
        pieces = [piece.strip() for piece in line.text.split("|")]
        suffix = " |"
    elif pipes == 0 and len(line.text) >= _STREAM_LENGTH and _has_figures(line.text):
        pieces = _joined_tokens(line.text.split(), lists)
        suffix = ""
    else:
        yield line
        return
    pieces = [piece for piece in pieces if piece]
    labels = sum(len(piece) <= _LONGEST_CELL and whole_label(piece, lists) for piece in pieces)
    if labels < _STREAM_LABELS or (not suffix and sum(map(_is_value, pieces)) < _STREAM_LABELS):
        yield line
        return
    for number, (piece, is_cell) in enumerate(_apart(line.text, pieces, lists)):
        tabular = suffix and is_cell and len(piece) <= _LONGEST_CELL
        yield RawLine(piece + suffix if tabular else piece, line.gap if number == 0 else 0)


def _apart(line: str, pieces: Sequence[str], lists: bool) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a line, headings inside them as lines of their own, and whether each is a cell."""
    headings = {line[found.offset : found.body_offset].strip() for found in headings_inside(0, line)}
    around = re.compile(f"({'|'.join(map(re.escape, headings))})") if headings else None
    for piece in pieces:
        parts = [part.strip() for part in around.split(piece)] if around else [piece]
        if len(parts) == 1:
            yield piece, True
            continue
        for part in filter(None, parts):
            yield part, part not in headings and whole_label(part, lists)


def _has_figures(text: str) -> bool:
    return sum(token.isdigit() for token in text.split()) >= _STREAM_LABELS


def _is_value(text: str) -> bool:
    return word(text).kind == "value"


def _joined_tokens(tokens: list[str], lists: bool) -> list[str]:
    """Join words back into labels where blanks stood inside them, and running text into one piece."""
    pieces: list[str] = []
    running: list[str] = []
    at = 0
    while at < len(tokens):
        size = 1 if _is_value(tokens[at]) else _label_size(tokens, at, lists)
        if size == 0:
            running.append(tokens[at])
            at += 1
            continue
        if running:
            pieces.append(" ".join(running))
            running = []
        pieces.append(" ".join(tokens[at : at + size]))
        at += size
    return [*pieces, " ".join(running)]


def _label_size(tokens: Sequence[str], at: int, lists: bool) -> int:
    for size in range(min(_LONGEST_HEADING_PART, len(tokens) - at), 0, -1):
        text = " ".join(tokens[at : at + size])
        if len(text) <= _LONGEST_CELL and _is_label(text, size, lists):
            return size
    return 0


def _is_label(text: str, size: int, lists: bool) -> bool:
    """Say whether a word is a label, or several words together are exactly one."""
    return whole_label(text, lists) if size == 1 else joins_to_label(text, lists)


def mark(line: RawLine, lists: bool) -> Mark:
    """Return what a line can be."""
    text = line.text
    if "|" in text:
        return Mark("pipe", line)
    if len(text) > 4 * _LONGEST_CELL:
        return _fused(line)
    found = word(text, lists)
    if found.kind == "value":
        return Mark("value", line, (text,))
    whole = whole_label(text, lists) and not _is_value(text.rsplit(maxsplit=1)[-1])
    mixed = None if whole else _mixed(line, lists)
    if found.kind != "other" and mixed is None:
        return Mark("label", line, (text,), found.strong, found.damaged)
    return mixed or _fused(line)


def _tokens(text: str) -> list[str]:
    """Return the words of a line, a counter or unit together with the figure in front of it (12 件)."""
    tokens: list[str] = []
    for token in text.split():
        if token in UNITS and tokens and tokens[-1][-1].isdigit() and _is_value(tokens[-1]):
            tokens[-1] = f"{tokens[-1]} {token}"
        else:
            tokens.append(token)
    return tokens


def _fused(line: RawLine) -> Mark:
    glued = split_glued(line.text)
    cells = glued or fused_cells(line.text)
    return Mark("fused", line, cells, strong=glued is None) if cells else Mark("other", line)


def _mixed(line: RawLine, lists: bool) -> Mark | None:
    """Return the cells of a line that holds a whole row, separated by single blanks."""
    tokens = _tokens(line.text)
    if not 1 < len(tokens) <= _MOST_TOKENS:
        return None
    if lists and tokens[0].isdigit():
        tokens = tokens[1:]  # the number of the row
    if is_smeared(tokens):
        return Mark("mixed", line, tuple(tokens))
    figures = len(tokens)
    while figures and _is_value(tokens[figures - 1]):
        figures -= 1
    labels = _labels_of(tokens[:figures], lists)
    if labels is None and figures == len(tokens):
        labels = _headings_of(tokens, lists)
    if labels is None:
        return None
    words: list[Word] = [word(label, lists) for label in labels]
    return Mark("mixed", line, (*labels, *tokens[figures:]), any(found.strong for found in words))


def is_smeared(tokens: Sequence[str]) -> bool:
    """Say whether pieces of a line are what headings set vertically leave: single characters of headings."""
    return len(tokens) > 1 and all(
        len(token) == 1 and label_key(token) in HEADING_CHARACTERS for token in tokens
    )


def _labels_of(tokens: Sequence[str], lists: bool) -> tuple[str, ...] | None:
    """Return the labels a run of words consists of, None when some of it is none."""
    found: list[str] = []
    at = 0
    while at < len(tokens):
        size = _longest_label(tokens, at, lists) or (lists and is_furniture(tokens[at]))
        if size == 0:
            return None
        found.append(" ".join(tokens[at : at + size]))
        at += size
    return tuple(found)


def _headings_of(tokens: Sequence[str], lists: bool) -> tuple[str, ...] | None:
    """Return the headings of a row, one of a column no form has among them; None where it is none."""
    known = _labels_of(tokens[:-1], lists)
    if known is None or not 1 < len(tokens[-1]) <= _LONGEST_HEADING or _RUNNING.search(tokens[-1]):
        return None
    kinds = [word(label, lists).kind for label in known]
    heads = "start" in kinds or kinds.count("column") >= _FEWEST_HEADINGS
    return (*known, tokens[-1]) if heads and set(kinds) <= {"start", "column", "corner"} else None


def _longest_label(tokens: Sequence[str], at: int, lists: bool) -> int:
    for size in range(min(8, len(tokens) - at), 0, -1):
        text = " ".join(tokens[at : at + size])
        if len(text) <= _LONGEST_CELL and _is_label(text, size, lists):
            return size
    found = word(tokens[at], lists)
    return 1 if found.damaged or found.kind in ("row", "group") else 0


def unknown_row(line: RawLine) -> tuple[str, ...]:
    """Return label and figures of a line whose label no form has, inside a table; () if it is none."""
    tokens = _tokens(line.text)
    figures = len(tokens)
    while figures and len(tokens) <= _MOST_TOKENS and _is_value(tokens[figures - 1]):
        figures -= 1
    head = " ".join(tokens[:figures])
    if not 0 < len(head) <= _LONGEST_UNKNOWN or figures == len(tokens) or _RUNNING.search(head):
        return ()
    return (head, *tokens[figures:])
