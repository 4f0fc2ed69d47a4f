"""One line with pipes: cells that are printed, cells kept empty, separators that stand for nothing."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

Shape: TypeAlias = Literal["row", "cell", "bar", "pads", "rule"]

_TIGHT = re.compile(r"[^\s|]\|")
_LOOSE = re.compile(r"[^\s|] +\|")
_SAMPLE = 400
_FEWEST_OPEN = 2
_RULE = frozenset(" \t|:+-=")
# A line of dashes without a blank is a rule wherever it stands: cells have blanks around them.
_TIGHT_RULE = re.compile(r"\|?:?-{3,}:?(?:\|:?-{3,}:?)+\|?")
_ONLY_PIPES = re.compile(r"\|+")
# No mark stands inside what it marks, so that a mark nobody closes is looked at once.
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1")
MAX_CELLS = 2_000
"""Cells kept of one line; no printed table is wider."""


class PipeLine(NamedTuple):
    """One line with pipes, taken apart."""

    shape: Shape
    """row: a whole row; cell: may go on below; bar: a lone pipe; pads: pipes only; rule: Markdown."""
    cells: tuple[str, ...] = ()
    """Printed cells in order, "" where an empty cell is kept."""
    pads: int = 0
    keeps: bool = False
    """True when the separators of an empty cell survived in this line."""
    open: bool = False
    """True when no separator stands behind the last cell of a line whose cells each end in one."""


class Style(NamedTuple):
    """How the pipes of one table are used."""

    framed: bool
    """Every row opens with a pipe."""
    terminated: bool
    """A pipe ends a cell; else it stands between two cells."""


def style_of(lines: Sequence[str]) -> Style:
    """Return how pipes are used in the lines of one table; `lines` are stripped and hold a pipe each."""
    rows = [line for line in lines if line.strip("| ") and not is_rule(line)]
    if len(lines) > 1 and is_rule(lines[1]) and "|" not in (lines[0][0], lines[0][-1]):
        return Style(framed=False, terminated=False)
    framed = bool(rows) and all(line.startswith("|") for line in rows)
    ended = sum(line.endswith("|") for line in rows)
    # Rows of the same number of pipes that do not all end in one: a blank cell stands behind those that do.
    even = len({line.count("|") for line in rows}) == 1 and len(rows) - ended >= _FEWEST_OPEN
    if even and not framed:
        return Style(framed=False, terminated=False)
    # Cells one below the other, each with its pipe, need no blank in front of it.
    if not framed and ended == len(rows) and 2 * sum(line.count("|") == 1 for line in rows) > len(rows):
        return Style(framed=False, terminated=True)
    # Where a pipe stands between two cells nothing is printed in front of it: `a| b`, `a|b`.
    tight = sum(len(_TIGHT.findall(line[:_SAMPLE])) for line in rows)
    loose = sum(len(_LOOSE.findall(line[:_SAMPLE])) for line in rows)
    return Style(framed, terminated=framed or (loose >= tight and 2 * ended > len(rows)))


def is_rule(line: str) -> bool:
    """Say whether a line is the separator row of a Markdown table."""
    return "--" in line and _RULE.issuperset(line)


def split_pipes(line: str, style: Style, *, head: bool = False) -> PipeLine:
    """Take one stripped line apart; pads are the separators at its end that enclose nothing.

    Only near the `head` of a table a line of dashes ends its heading; further down dashes are cells, unless
    they have no blanks around them: there another table begins.
    """
    if is_rule(line) and (head or _TIGHT_RULE.fullmatch(line)):
        return PipeLine("rule")
    if style.terminated and _ONLY_PIPES.fullmatch(line):
        return PipeLine("bar") if line == "|" else PipeLine("pads", pads=len(line))
    pieces = line.split("|", MAX_CELLS)[:MAX_CELLS]
    if style.framed and line.startswith("|"):
        pieces = pieces[1:]
    if not style.terminated:
        cells = tuple(plain_cell(piece) for piece in pieces)
        shape: Shape = "cell" if len(cells) == 1 else "row"
        return PipeLine(shape, cells, keeps="" in cells)
    # A line whose last printed cell has no pipe behind it ends its table.
    ended = not pieces[-1].strip()
    if ended:
        pieces = pieces[:-1]
    return _terminated(pieces, ended)


def _terminated(pieces: list[str], ended: bool) -> PipeLine:
    last = len(pieces)
    while last and not pieces[last - 1].strip():
        last -= 1
    tail = pieces[last:]
    # `| |` keeps an empty cell, `||` pads; a single one can be either and is settled by its neighbours.
    kept_tail = len(tail) >= 2 and all(tail)
    if kept_tail:
        last, tail = len(pieces), []
    cells = tuple(plain_cell(piece) for piece in pieces[:last])
    shape: Shape = "cell" if len(cells) == 1 and ended else "row"
    return PipeLine(shape, cells, len(tail), keeps=kept_tail or "" in cells, open=not ended)


def plain_cell(text: str) -> str:
    """Return the text of a cell without Markdown emphasis and without white space at its ends."""
    text = " ".join(text.split())
    return _EMPHASIS.sub(r"\2", text) if "**" in text or "__" in text else text
