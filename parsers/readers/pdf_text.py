"""Signs of a page to lines, cells and paragraphs; where figures are not certain to be whole, it is said."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from parsers.readers.pdf_pages import Box, Sign
from parsers.readers.pdf_signs import UNKNOWN

_FIGURE = frozenset("0123456789.,，．０１２３４５６７８９%+-−万亿千百十元件")
"""Signs that change a figure they stand beside."""
_DIGITS = frozenset("0123456789０１２３４５６７８９")
_JOINED = frozenset("0123456789.,，．０１２３４５６７８９")
_WORD = re.compile(r"[0-9A-Za-z.,０-９]")
_SAME_LINE = 0.4
_RAISED = 0.1
_SMALLER = 0.7
_GAP = 0.22
"""Room, in heights of a letter, between two figures that belong together."""
_WIDE_GAP = 0.8
_TWICE = 0.15
"""A sign printed twice so near to itself is one, drawn bold."""
_OVERLAP = 0.3
_NARROWEST = 0.15
"""Room of a figure; with less the widths of the font are damaged."""


class Line(NamedTuple):
    """One printed line."""

    text: str
    box: Box
    size: float
    certain: bool
    """False where figures in it may not be what is printed."""
    margins: tuple[float, float] = (0.0, 0.0)
    """Between which the text of its page stands."""


def lines_of(signs: Sequence[Sign]) -> list[Line]:
    """Return the lines that signs of one turn make, in the order they are read."""
    rows: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda sign: (sign.base, sign.start)):
        last = rows[-1] if rows else []
        if last and abs(sign.base - last[0].base) <= _SAME_LINE * max(sign.size, last[0].size):
            last.append(sign)
        else:
            rows.append([sign])
    return [_line(sorted(row, key=lambda sign: sign.start)) for row in rows]


def cell_text(signs: Sequence[Sign], strokes: Sequence[Box] = ()) -> str:
    """Return what a cell prints; it ends in U+FFFD where its figures are not certain.

    `strokes` are lines that are no borders: a sign one of them runs through is struck.
    """
    turns = Counter(sign.turn for sign in signs if sign.seen)
    if not turns:
        return UNKNOWN if any(sign.text in _DIGITS for sign in signs) else ""
    turn = turns.most_common(1)[0][0]
    lines = lines_of([sign for sign in signs if sign.seen and sign.turn == turn])
    text = lines[0].text
    certain = lines[0].certain
    for one, other in pairwise(lines):
        is_broken = one.text[-1] in _JOINED and other.text[0] in _JOINED
        certain = certain and other.certain and not is_broken
        text += (" " if is_broken or _both_words(one.text[-1], other.text[0]) else "") + other.text
    others = [sign for sign in signs if not sign.seen or sign.turn != turn or _is_struck(sign, strokes)]
    if any(sign.text in _FIGURE or sign.text == UNKNOWN for sign in others):
        certain = False
    return text if certain or not any(char in _DIGITS for char in text) else text + UNKNOWN


def _line(row: list[Sign]) -> Line:
    signs = [row[0]]
    certain = True
    for sign in row[1:]:
        last = signs[-1]
        if sign.text == last.text and abs(sign.start - last.start) <= _TWICE * sign.size:
            certain = certain and (sign.text not in _DIGITS or sign.end - sign.start > _NARROWEST * sign.size)
            continue
        certain = certain and _fit(last, sign)
        signs.append(sign)
    text = signs[0].text
    for one, other in pairwise(signs):
        gap = (other.start - one.end) / max(one.size, other.size, 1.0)
        limit = _GAP if _both_words(one.text, other.text) else _WIDE_GAP
        text += (" " if gap > limit else "") + other.text
    box = Box(
        min(sign.ink.left for sign in signs), min(sign.ink.upper for sign in signs),
        max(sign.ink.right for sign in signs), max(sign.ink.lower for sign in signs),
    )  # fmt: skip
    return Line(text, box, median(sign.size for sign in signs), certain)


def _fit(one: Sign, other: Sign) -> bool:
    """Return whether two signs stand side by side as the figures of one number do."""
    if not (one.text in _DIGITS or other.text in _DIGITS):
        return True
    if one.text in _DIGITS and other.text in _DIGITS:
        small, large = sorted((one.size, other.size))
        if abs(one.base - other.base) > _RAISED * large or small < _SMALLER * large:
            return False
    narrow = min(one.end - one.start, other.end - other.start)
    return narrow > _NARROWEST * other.size and one.end - other.start <= _OVERLAP * narrow


def _both_words(one: str, other: str) -> bool:
    return bool(_WORD.fullmatch(one) and _WORD.fullmatch(other))


def _is_struck(sign: Sign, strokes: Sequence[Box]) -> bool:
    ink = sign.ink
    height = ink.lower - ink.upper
    middle = (ink.left + ink.right) / 2
    return any(
        stroke.left <= middle <= stroke.right
        and ink.upper + 0.2 * height <= (stroke.upper + stroke.lower) / 2 <= ink.lower - 0.2 * height
        for stroke in strokes
    )


def paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the paragraphs that lines make."""
    text = ""
    last: Line | None = None
    for line in lines:
        if last is not None and _continues(last, line):
            text += (" " if _both_letters(text[-1], line.text[0]) else "") + line.text
        else:
            if last is not None:
                yield text
            text = line.text
        last = line
    if last is not None:
        yield text


def _continues(last: Line, line: Line) -> bool:
    """Return whether a line goes on where a full one ended: not indented, in letters of the same size."""
    return (
        last.box.right >= last.margins[1] - 2.2 * last.size
        and line.box.left <= line.margins[0] + 1.2 * line.size
        and abs(last.size - line.size) <= 0.1 * line.size
        and (line.box.upper < last.box.upper or line.box.lower - last.box.lower <= 3.2 * line.size)
    )


def _both_letters(one: str, other: str) -> bool:
    return one.isascii() and one.isalpha() and other.isascii() and other.isalpha()
