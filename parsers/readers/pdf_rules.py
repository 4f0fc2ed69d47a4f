"""Ruling lines to the lattice of a table: which rectangles they enclose. Geometry only; no text is read."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from parsers.readers.pdf_pages import Box

SAME = 4.5
"""Lines nearer to each other than this are one: double, spaced, or a little out of line."""
SLIVER = 12.0
"""A strip narrower than this in which no cell stands alone lies between two borders meant to be one."""
THIN = 6.5
"""A strip narrower than this holds no text."""
_GAP = 3.2
"""Between the dashes of one line."""
_SHORTEST = 4.0
_MOST_PAIRS = 400_000
"""Lines across times lines down of a page; more are a drawing."""
_MOST_PLACES = 40_000


class Rule(NamedTuple):
    """A straight line: where it lies across its direction, where it begins and ends along it."""

    at: float
    start: float
    end: float


class Region(NamedTuple):
    """A rectangle of a lattice: from `row` to before `below`, from `column` to before `beyond`."""

    row: int
    column: int
    below: int
    beyond: int
    certain: bool = True
    """False where the lines around it are incomplete, so that where it ends is not known."""
    is_open: bool = False
    """It reaches the left or right end of the table where no line is drawn, though one is drawn elsewhere."""


class Lattice(NamedTuple):
    """A ruled table: the places of its lines, rightwards and downwards, and what they enclose."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    regions: tuple[Region, ...]

    @property
    def box(self) -> Box:
        """The rectangle it covers."""
        return Box(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """Return row and column of the lattice in which a point lies, None outside."""
        row, column = bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1
        if 0 <= row < len(self.rows) - 1 and 0 <= column < len(self.columns) - 1:
            return row, column
        return None


def lattices(rules: Iterable[Box]) -> tuple[list[Lattice], list[Box]]:
    """Return the tables that lines enclose, from top to bottom, and the lines that belong to none.

    A single rectangle is a frame, no table.
    """
    boxes = list(rules)
    # A dot may belong to a line in either direction.
    across = _joined(Rule((b.upper + b.lower) / 2, b.left, b.right) for b in boxes if _is_flat(b))
    down = _joined(
        Rule((b.left + b.right) / 2, b.upper, b.lower) for b in boxes if not _is_flat(b) or _is_dot(b)
    )
    if len(across) * len(down) > _MOST_PAIRS:
        return [], boxes
    found: list[Lattice] = []
    loose: list[Box] = []
    for lines, posts in _connected(across, down):
        held, free = _anchored(lines, posts)
        loose.extend(free)
        lattice = _lattice(*held)
        if lattice is not None:
            found.append(lattice)
        else:
            loose.extend(Box(rule.start, rule.at, rule.end, rule.at) for rule in held[0])
    return sorted(found, key=lambda lattice: (lattice.rows[0], lattice.columns[0])), loose


def _is_flat(box: Box) -> bool:
    return box.right - box.left >= box.lower - box.upper or _is_dot(box)


def _is_dot(box: Box) -> bool:
    short, long = sorted((box.right - box.left, box.lower - box.upper))
    return long < _SHORTEST and long < 2 * short


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Return the lines with what continues another joined to it: dashes, sides of neighbouring cells."""
    bands: list[list[Rule]] = []
    for rule in sorted(rules):
        if not bands or rule.at - bands[-1][0].at > 1.5:
            bands.append([])
        bands[-1].append(rule)
    found: list[Rule] = []
    for band in bands:
        at = sum(rule.at for rule in band) / len(band)
        for start, end in _merged((rule.start, rule.end) for rule in band):
            if end - start >= _SHORTEST:
                found.append(Rule(at, start, end))
    return found


def _merged(spans: Iterable[tuple[float, float]], gap: float = _GAP) -> Iterator[tuple[float, float]]:
    begin: float | None = None
    until = 0.0
    for start, end in sorted(spans):
        if begin is None:
            begin, until = start, end
        elif start - until <= gap:
            until = max(until, end)
        else:
            yield begin, until
            begin, until = start, end
    if begin is not None:
        yield begin, until


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the lines that touch each other directly or through others: across, and down."""
    parents = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for number, post in enumerate(down, start=len(across)):
        for index, line in enumerate(across):
            if (
                line.start - SAME <= post.at <= line.end + SAME
                and post.start - SAME <= line.at <= post.end + SAME
            ):
                parents[root(index)] = root(number)
    groups: defaultdict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for index, line in enumerate(across):
        groups[root(index)][0].append(line)
    for number, post in enumerate(down, start=len(across)):
        groups[root(number)][1].append(post)
    yield from groups.values()


def _anchored(across: list[Rule], down: list[Rule]) -> tuple[tuple[list[Rule], list[Rule]], list[Box]]:
    """Return the lines that run from line to line, or to the edge of the table, and the others (across only).

    What ends in the middle of a cell underlines or strikes its text.
    """
    if not across or not down:
        return (across, down), []
    left, right = min(rule.start for rule in across), max(rule.end for rule in across)
    upper, lower = min(rule.start for rule in down), max(rule.end for rule in down)
    lines = [
        line
        for line in across
        if all(_is_held(end, line.at, down, (left, right)) for end in (line.start, line.end))
    ]
    posts = [
        post
        for post in down
        if all(_is_held(end, post.at, across, (upper, lower)) for end in (post.start, post.end))
    ]
    kept = set(lines)
    return (lines, posts), [
        Box(line.start, line.at, line.end, line.at) for line in across if line not in kept
    ]


def _is_held(end: float, at: float, others: Sequence[Rule], edges: tuple[float, float]) -> bool:
    if min(abs(end - edge) for edge in edges) <= SAME:
        return True
    return any(
        abs(other.at - end) <= SAME and other.start - SAME <= at <= other.end + SAME for other in others
    )


def _lattice(across: Sequence[Rule], down: Sequence[Rule]) -> Lattice | None:
    if not across or not down:
        return None
    columns = _levels([*(rule.at for rule in down), *_ends(across)])
    rows = _levels([*(rule.at for rule in across), *_ends(down)])
    if len(columns) < 2 or len(rows) < 2 or len(columns) * len(rows) > _MOST_PLACES:
        return None
    walls = _drawn(down, columns, rows)
    floors = _drawn(across, rows, columns)
    regions = _regions(len(rows) - 1, len(columns) - 1, walls, floors)
    if len(regions) < 2:
        return None
    return Lattice(tuple(columns), tuple(rows), tuple(regions))


def _ends(rules: Sequence[Rule]) -> tuple[float, float]:
    return min(rule.start for rule in rules), max(rule.end for rule in rules)


def _levels(places: Iterable[float]) -> list[float]:
    """Return the places of lines, those that are the same one taken together."""
    levels: list[list[float]] = []
    for place in sorted(places):
        if not levels or place - levels[-1][0] > SAME:
            levels.append([])
        levels[-1].append(place)
    return [sum(level) / len(level) for level in levels]


def _drawn(rules: Sequence[Rule], levels: Sequence[float], steps: Sequence[float]) -> set[tuple[int, int]]:
    """Return (level, step) of every piece between two steps along which a line is drawn on its level."""
    spans: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for rule in rules:
        level = min(range(len(levels)), key=lambda index: abs(levels[index] - rule.at))
        spans[level].append((rule.start, rule.end))
    drawn: set[tuple[int, int]] = set()
    for level, held in spans.items():
        merged = list(_merged(held, SAME))
        for step, (start, end) in enumerate(pairwise(steps)):
            covered = sum(max(0.0, min(end, until) - max(start, begin)) for begin, until in merged)
            if covered >= 0.5 * (end - start):
                drawn.add((level, step))
    return drawn


def _regions(
    height: int, width: int, walls: set[tuple[int, int]], floors: set[tuple[int, int]]
) -> list[Region]:
    """Return what the lines enclose; pieces of an outline that is no rectangle come one by one, uncertain."""
    seen: set[tuple[int, int]] = set()
    found: list[Region] = []
    for row in range(height):
        for column in range(width):
            if (row, column) in seen:
                continue
            held = _flood(row, column, height, width, walls, floors)
            seen |= held
            upper, lower = min(y for y, _ in held), max(y for y, _ in held)
            left, right = min(x for _, x in held), max(x for _, x in held)
            if len(held) == (lower - upper + 1) * (right - left + 1):
                found.append(Region(upper, left, lower + 1, right + 1))
            else:
                found.extend(Region(y, x, y + 1, x + 1, certain=False) for y, x in sorted(held))
    sides = {side: {step for level, step in walls if level == side} for side in (0, width)}
    return sorted(_opened(region, sides, width) for region in found)


def _opened(region: Region, sides: dict[int, set[int]], width: int) -> Region:
    touched = [side for side, edge in ((0, region.column), (width, region.beyond)) if side == edge]
    rows = set(range(region.row, region.below))
    return region._replace(is_open=any(sides[side] and not rows & sides[side] for side in touched))


def _flood(
    row: int, column: int, height: int, width: int, walls: set[tuple[int, int]], floors: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    held = {(row, column)}
    pending = [(row, column)]
    while pending:
        y, x = pending.pop()
        for near, line, drawn in (
            ((y, x + 1), (x + 1, y), walls), ((y, x - 1), (x, y), walls),
            ((y + 1, x), (y + 1, x), floors), ((y - 1, x), (y, x), floors),
        ):  # fmt: skip
            inside = 0 <= near[0] < height and 0 <= near[1] < width
            if inside and near not in held and line not in drawn:
                held.add(near)
                pending.append(near)
    return held


def without_slivers(lattice: Lattice, empty: Collection[int]) -> tuple[Lattice, list[int]]:
    """Return a lattice without strips too narrow for a cell, and the old numbers of the regions that remain.

    `empty` are the numbers of regions that print nothing; only such are dropped.
    """
    regions = dict(enumerate(lattice.regions))
    columns = _thinned(list(lattice.columns), SLIVER, regions, empty, ("column", "beyond"))
    rows = _thinned(list(lattice.rows), THIN, regions, empty, ("row", "below"))
    return Lattice(tuple(columns), tuple(rows), tuple(regions.values())), list(regions)


def _thinned(
    lines: list[float],
    narrow: float,
    regions: dict[int, Region],
    empty: Collection[int],
    ends: tuple[str, str],
) -> list[float]:
    """Return lines of one direction without those that make slivers; `regions` are changed to fit."""
    first, last = ends
    for strip in range(len(lines) - 2, -1, -1):
        width = lines[strip + 1] - lines[strip]
        if width >= narrow or len(lines) == 2:
            continue
        alone = [
            number
            for number, region in regions.items()
            if (getattr(region, first), getattr(region, last)) == (strip, strip + 1)
        ]
        if alone and (width >= THIN or not all(number in empty for number in alone)):
            continue
        lines[strip : strip + 2] = [(lines[strip] + lines[strip + 1]) / 2]
        for number in alone:
            del regions[number]
        for number, region in regions.items():
            start, end = getattr(region, first), getattr(region, last)
            regions[number] = region._replace(**{first: start - (start > strip), last: end - (end > strip)})
    return lines
