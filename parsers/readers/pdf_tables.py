"""Tables of a PDF: the cells of a lattice with what they print, continued over pages."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import pairwise

from parsers.readers.pdf_pages import Box, Page, Sign
from parsers.readers.pdf_rules import SAME, SLIVER, Lattice, Region, without_slivers
from parsers.readers.pdf_signs import UNKNOWN
from parsers.readers.pdf_text import cell_text

_FIGURES = frozenset("0123456789０１２３４５６７８９")
_PICTURE = "\ufffc"
_ACROSS = 0.2
"""Share of a sign's ink on the far side of a border from which it stands in two cells."""
_EDGE = 1.0
_OUTSIDE = -1
_NEAR = 0.3
"""Room, in heights of a letter, between two figures on both sides of a border that may be one number."""


@dataclass(slots=True)
class PdfTable:
    """A ruled table: its lattice and the text of each region, in the same order."""

    lattice: Lattice
    texts: list[str]
    pages: list[int] = field(default_factory=list)

    def rows(self) -> list[list[tuple[Region, str]]]:
        """Return the cells row by row, each in the row it begins in."""
        rows: list[list[tuple[Region, str]]] = [[] for _ in range(len(self.lattice.rows) - 1)]
        for region, text in zip(self.lattice.regions, self.texts, strict=True):
            rows[region.row].append((region, text))
        return [sorted(row) for row in rows]


def read_table(
    lattice: Lattice, signs: Sequence[Sign], page: Page, strokes: Sequence[Box], number: int
) -> PdfTable:
    """Return a table with the text of its cells.

    Signs outside of it only say whether a number reaches out of a cell. `strokes` are lines that are no
    borders, `number` counts the pages.
    """
    owner = {
        (row, column): index
        for index, region in enumerate(lattice.regions)
        for row in range(region.row, region.below)
        for column in range(region.column, region.beyond)
    }
    held: defaultdict[int, list[Sign]] = defaultdict(list)
    cut = {index for index, region in enumerate(lattice.regions) if _is_cut(lattice, region, page)}
    doubtful = cut | {index for index, region in enumerate(lattice.regions) if not region.certain}
    for sign in signs:
        index = _at(lattice, owner, *sign.ink.middle)
        held[_OUTSIDE if index is None else index].append(sign)
        if index is not None:
            doubtful |= _crossed(lattice, owner, sign, index)
    doubtful |= _torn(held)
    texts = []
    for index in range(len(lattice.regions)):
        text = cell_text(held[index], strokes)
        is_marked = index in cut or (index in doubtful and bool(text))
        texts.append(text + UNKNOWN if is_marked and not text.endswith(UNKNOWN) else text)
    for index in {index for box in page.pictures for index in _covered(lattice, owner, box)}:
        texts[index] += _PICTURE
    return _tidied(PdfTable(lattice, texts, [number]))


def _is_cut(lattice: Lattice, region: Region, page: Page) -> bool:
    """Return whether a cell reaches over the edge of what is shown, with what it prints there."""
    left, right = lattice.columns[region.column], lattice.columns[region.beyond]
    upper, lower = lattice.rows[region.row], lattice.rows[region.below]
    if left < _EDGE or right > page.width - _EDGE or upper < _EDGE or lower > page.height - _EDGE:
        return True
    return any(
        (min(right, cut.right) - max(left, cut.left) > _EDGE and upper - SAME < cut.upper < lower + SAME)
        or (min(lower, cut.lower) - max(upper, cut.upper) > _EDGE and left - SAME < cut.left < right + SAME)
        for cut in page.cuts
    )


def _tidied(table: PdfTable) -> PdfTable:
    """Return a table without the strips between borders meant to be one, and without what lies beside it."""
    cells = [
        (region, text)
        for region, text in zip(table.lattice.regions, table.texts, strict=True)
        if text or not region.is_open
    ]
    lattice = table.lattice._replace(regions=tuple(region for region, _ in cells))
    table = replace(table, lattice=lattice, texts=[text for _, text in cells])
    empty = {number for number, text in enumerate(table.texts) if not text}
    lattice, kept = without_slivers(table.lattice, empty)
    return replace(table, lattice=lattice, texts=[table.texts[number] for number in kept])


def _at(lattice: Lattice, owner: dict[tuple[int, int], int], x: float, y: float) -> int | None:
    place = lattice.place(x, y)
    return None if place is None else owner.get(place)


def _crossed(lattice: Lattice, owner: dict[tuple[int, int], int], sign: Sign, index: int) -> set[int]:
    """Return the cells over whose border a sign stands, none where it keeps to its own."""
    ink = sign.ink
    x, y = ink.middle
    aside, down = _ACROSS * (ink.right - ink.left), _ACROSS * (ink.lower - ink.upper)
    ends = ((ink.left + aside, y), (ink.right - aside, y), (x, ink.upper + down), (x, ink.lower - down))
    others = {_at(lattice, owner, *end) for end in ends} - {index, None}
    return {index, *(other for other in others if other is not None)} if others else set()


def _torn(held: dict[int, list[Sign]]) -> set[int]:
    """Return the cells between which a number may be torn: only a border is between their figures."""
    rows: defaultdict[int, list[tuple[Sign, int]]] = defaultdict(list)
    for index, signs in held.items():
        for sign in signs:
            if sign.text in _FIGURES and sign.turn == 0:
                rows[round(sign.base / 2)].append((sign, index))
    found: set[int] = set()
    for number in list(rows):
        near = sorted(rows[number] + rows.get(number + 1, []), key=lambda item: item[0].start)
        for (one, here), (other, there) in pairwise(near):
            if (
                here != there
                and abs(one.base - other.base) < 1.0
                and other.start - one.end < _NEAR * max(one.size, other.size)
            ):
                found |= {here, there}
    return found - {_OUTSIDE}


def _covered(lattice: Lattice, owner: dict[tuple[int, int], int], picture: Box) -> list[int]:
    """Return the only cell a picture stands in; one that reaches over several is behind the table."""
    corners = {
        _at(lattice, owner, x, y)
        for x in (picture.left + SAME, picture.right - SAME)
        for y in (picture.upper + SAME, picture.lower - SAME)
        if picture.right - picture.left > 2 * SAME and picture.lower - picture.upper > 2 * SAME
    }
    if not corners:
        corners = {_at(lattice, owner, *picture.middle)}
    only = next(iter(corners))
    return [only] if len(corners) == 1 and only is not None else []


def goes_on(one: PdfTable, other: PdfTable) -> bool:
    """Return whether a table at the top of a page continues the one at the end of the page before.

    Nothing stands between them, and half of the lines of one are the other's where both begin or end at the
    same place; else nearly all of them.
    """
    here, there = one.lattice.columns, other.lattice.columns
    shared = sum(min(abs(column - line) for line in there) <= SAME for column in here)
    share = shared / min(len(here), len(there))
    is_level = min(abs(here[0] - there[0]), abs(here[-1] - there[-1])) <= SLIVER
    follows = other.pages[0] == one.pages[-1] + 1
    return follows and shared > 1 and (share >= 0.8 if not is_level else share >= 0.5)


def continued(one: PdfTable, other: PdfTable, is_label: Callable[[str], bool]) -> PdfTable:
    """Return a table and its continuation as one: headings once, cut cells and rows whole again."""
    one, other = _same_columns(_without_seam(one, -1), _without_seam(other, 0))
    other = _without_headings(one, other)
    cut = len(one.lattice.rows) - 1
    if len(other.lattice.rows) < 2:
        return replace(one, pages=[*one.pages, *other.pages])
    above = {(r.column, r.beyond): n for n, r in enumerate(one.lattice.regions) if r.below == cut}
    pairs = {
        above[r.column, r.beyond]: n
        for n, r in enumerate(other.lattice.regions)
        if r.row == 0 and (r.column, r.beyond) in above
    }
    is_row_cut = _is_row_cut(one, other, pairs, is_label)
    if not is_row_cut:
        one, other = _with_doubt(one, -1, is_label), _with_doubt(other, 0, is_label)
    shift = cut - 1 if is_row_cut else cut
    regions = list(one.lattice.regions)
    texts = list(one.texts)
    taken: set[int] = set()
    for here, there in pairs.items():
        upper, lower = one.lattice.regions[here], other.lattice.regions[there]
        is_tall = upper.below - upper.row > 1 or lower.below - lower.row > 1
        if is_row_cut or (is_tall and _is_rest(texts[here], other.texts[there], is_label)):
            regions[here] = upper._replace(below=lower.below + shift)
            texts[here] = _put_together(texts[here], other.texts[there])
            taken.add(there)
    for number, region in enumerate(other.lattice.regions):
        if number not in taken:
            regions.append(region._replace(row=region.row + shift, below=region.below + shift))
            texts.append(other.texts[number])
    drop = one.lattice.rows[-1] - other.lattice.rows[0]
    lines = [*one.lattice.rows, *(row + drop for row in other.lattice.rows[1 + is_row_cut :])]
    if is_row_cut:
        lines[cut] = other.lattice.rows[1] + drop
    return PdfTable(
        Lattice(one.lattice.columns, tuple(lines), tuple(regions)), texts, [*one.pages, *other.pages]
    )


def _without_seam(table: PdfTable, end: int) -> PdfTable:
    """Return a table without an empty strip over its whole width at the end where a page cut it."""
    height, width = len(table.lattice.rows) - 1, len(table.lattice.columns) - 1
    last = height - 1 if end else 0
    there = [region for region in table.lattice.regions if region.row <= last < region.below]
    texts = [text for row in table.rows()[last : last + 1] for _, text in row]
    is_seam = not there or (len(there) == 1 and there[0].beyond - there[0].column == width > 1)
    if height < 2 or not is_seam or any(texts) or any(region.below - region.row > 1 for region in there):
        return table
    up = 0 if end else 1
    kept = [(r, t) for r, t in zip(table.lattice.regions, table.texts, strict=True) if r not in there]
    regions = tuple(region._replace(row=region.row - up, below=region.below - up) for region, _ in kept)
    lines = table.lattice.rows[:-1] if end else table.lattice.rows[1:]
    return replace(
        table, lattice=Lattice(table.lattice.columns, lines, regions), texts=[text for _, text in kept]
    )


def _same_columns(one: PdfTable, other: PdfTable) -> tuple[PdfTable, PdfTable]:
    """Return both tables on one set of columns, made of those of both."""
    places = sorted([*one.lattice.columns, *other.lattice.columns])
    levels: list[list[float]] = []
    for place in places:
        if not levels or place - levels[-1][0] > SAME:
            levels.append([])
        levels[-1].append(place)
    columns = tuple(sum(level) / len(level) for level in levels)

    def moved(table: PdfTable) -> list[Region]:
        new = [min(range(len(columns)), key=lambda n: abs(columns[n] - old)) for old in table.lattice.columns]
        return [r._replace(column=new[r.column], beyond=new[r.beyond]) for r in table.lattice.regions]

    first, second = moved(one), moved(other)
    # Slivers are told from the cells of both, as if the pages lay side by side.
    texts = [*one.texts, *other.texts]
    empty = {number for number, text in enumerate(texts) if not text}
    whole, kept = without_slivers(Lattice(columns, (), tuple(first + second)), empty)
    held = list(zip(kept, whole.regions, strict=True))

    def part(table: PdfTable, numbers: range) -> PdfTable:
        mine = [(number, region) for number, region in held if number in numbers]
        lattice = Lattice(whole.columns, table.lattice.rows, tuple(region for _, region in mine))
        return replace(table, lattice=lattice, texts=[texts[number] for number, _ in mine])

    return part(one, range(len(first))), part(other, range(len(first), len(texts)))


def _without_headings(one: PdfTable, other: PdfTable) -> PdfTable:
    """Return a continuation without the heading rows it prints again."""
    first, again = one.rows(), other.rows()
    same = 0
    while same < min(len(first), len(again)) and _row_key(first[same]) == _row_key(again[same]):
        same += 1
    while same and any(region.row < same < region.below for region in other.lattice.regions):
        same -= 1
    head = [text for row in again[:same] for _, text in row]
    if not any(head) or any(set(text) <= _FIGURES for text in head if text):
        return other
    kept = [
        (region._replace(row=region.row - same, below=region.below - same), text)
        for region, text in zip(other.lattice.regions, other.texts, strict=True)
        if region.row >= same
    ]
    lattice = Lattice(other.lattice.columns, other.lattice.rows[same:], tuple(region for region, _ in kept))
    return replace(other, lattice=lattice, texts=[text for _, text in kept])


def _row_key(row: list[tuple[Region, str]]) -> list[tuple[int, int, int, str]]:
    return [(region.column, region.beyond, region.below - region.row, text) for region, text in row]


def _is_row_cut(
    one: PdfTable, other: PdfTable, pairs: dict[int, int], is_label: Callable[[str], bool]
) -> bool:
    """Return whether the page ended inside a row: the halves of its name are a name only together."""
    cut = len(one.lattice.rows) - 1
    singles = [
        (one.texts[here], other.texts[there])
        for here, there in pairs.items()
        if one.lattice.regions[here].row == cut - 1 and other.lattice.regions[there].below == 1
    ]
    paired = set(pairs.values())
    alone = [n for n, region in enumerate(other.lattice.regions) if region.row == 0 and n not in paired]
    return not any(other.texts[n] for n in alone) and any(
        upper and lower and is_label(upper + lower) and not is_label(lower) for upper, lower in singles
    )


def _with_doubt(table: PdfTable, end: int, is_label: Callable[[str], bool]) -> PdfTable:
    """Return a table of which the row at the end of a page has no blank cells unless its name is whole.

    What is blank beside half a name may be printed beside the other half.
    """
    held = [row for row in table.rows() if row]
    row = held[end] if held else []
    names = [text for _, text in row if text and not set(text) <= _FIGURES]
    if not names or any(is_label(name) for name in names):
        return table
    blank = {region for region, text in row if not text and region.below - region.row == 1}
    texts = [
        UNKNOWN if region in blank else text
        for region, text in zip(table.lattice.regions, table.texts, strict=True)
    ]
    return replace(table, texts=texts)


def _is_rest(upper: str, lower: str, is_label: Callable[[str], bool]) -> bool:
    """Return whether what a cell prints on the next page is the rest of the cell above."""
    if not lower:
        return True
    return bool(upper) and is_label(upper + lower) and not is_label(lower)


def _put_together(upper: str, lower: str) -> str:
    if not (upper and lower):
        return upper or lower
    has_figures = any(char in _FIGURES for char in upper) and any(char in _FIGURES for char in lower)
    return f"{upper} {lower}{UNKNOWN}" if has_figures else upper + lower


def markup(table: PdfTable) -> str:
    """Return a table as markup, each row of the lattice a row; places that lie in no cell are empty."""
    lines = []
    free = [0] * len(table.lattice.columns)
    for number, row in enumerate(table.rows()):
        cells: list[str] = []
        for region, text in row:
            cells.extend("<td></td>" for place in range(region.column) if free[place] <= number)
            free[: region.column] = [max(below, number + 1) for below in free[: region.column]]
            free[region.column : region.beyond] = [region.below] * (region.beyond - region.column)
            spans = f' rowspan="{region.below - region.row}"' if region.below - region.row > 1 else ""
            spans += (
                f' colspan="{region.beyond - region.column}"' if region.beyond - region.column > 1 else ""
            )
            cells.append(f"<td{spans}>{escape(text)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"
