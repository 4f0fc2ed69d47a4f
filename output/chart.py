"""Charts of a comparison as SVG: axis from zero, gaps and breaks never bridged, readable without colour."""

from collections.abc import Iterator
from html import escape
from math import ceil, floor, log10

from output.compare import Comparison, Line
from output.compare_text import figure, words

MOST_LINES = 8
"""More lines than this cannot be told apart in print."""

_WIDTH, _HEIGHT = 860, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 200, 18, 40
# Dark enough for print, distinct for the colour-blind; dashes and markers say the same without colour.
_COLOURS = ("#1b4f8a", "#b3471b", "#2f7d4f", "#7a3b8f", "#8a6d1b", "#a3264f", "#3b7a86", "#555555")
_DASHES = ("", "7 4", "2 4", "10 3 2 3", "", "7 4", "2 4", "10 3 2 3")
_SHOWN_NAME = 14
_NAME_STEP = 15.0


def chart(comparison: Comparison) -> str:
    """Return an SVG element with the first `MOST_LINES` agencies; empty text when nothing can be drawn."""
    lines = comparison.lines[:MOST_LINES]
    values = [point.value for line in lines for point in line.points.values() if point.value is not None]
    if not values or not comparison.years:
        return ""
    return "\n".join(_Drawing(comparison, lines, values).elements())


class _Drawing:
    def __init__(self, comparison: Comparison, lines: tuple[Line, ...], values: list[float]) -> None:
        self._comparison, self._lines = comparison, lines
        self._ticks = axis_ticks(min(0.0, *values), max(values))
        self._low, self._high = self._ticks[0], self._ticks[-1]

    def elements(self) -> Iterator[str]:
        name = escape(self._title())
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
            f'aria-label="{name}"><title>{name}</title>'
        )
        yield from self._axes()
        yield from self._breaks()
        for place, line in enumerate(self._lines):
            yield from self._line(place, line)
        yield from self._names()
        yield "</svg>"

    def _title(self) -> str:
        years = self._comparison.years
        say = words(self._comparison.lang)["chart_title"]
        return str(say.format(name=self._comparison.name, first=years[0], last=years[-1]))

    def _x(self, year: float) -> float:
        years = self._comparison.years
        span = max(years[-1] - years[0], 1)
        inner = _WIDTH - _LEFT - _RIGHT
        offset = 0.5 if len(years) == 1 else (year - years[0]) / span
        return round(_LEFT + 20 + (inner - 40) * offset, 1)

    def _y(self, value: float) -> float:
        inner = _HEIGHT - _TOP - _BOTTOM
        return round(_TOP + inner * (1 - (value - self._low) / (self._high - self._low)), 1)

    def _axes(self) -> Iterator[str]:
        right = _WIDTH - _RIGHT
        for tick in self._ticks:
            y = self._y(tick)
            kind = "axis" if tick == 0 else "grid"
            yield f'<line class="{kind}" x1="{_LEFT}" y1="{y}" x2="{right}" y2="{y}"/>'
            label = escape(figure(self._comparison, tick))
            yield f'<text class="tick" x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{label}</text>'
        for year in self._comparison.years:
            yield (
                f'<text class="tick" x="{self._x(year)}" y="{_HEIGHT - _BOTTOM + 20}" '
                f'text-anchor="middle">{year}</text>'
            )

    def _breaks(self) -> Iterator[str]:
        for one in self._comparison.breaks:
            x = self._x(one.after + 0.5)
            yield f'<line class="break" x1="{x}" y1="{_TOP}" x2="{x}" y2="{_HEIGHT - _BOTTOM}"/>'
            label = f"{one.after} | {one.after + 1}"
            yield f'<text class="tick" x="{x}" y="{_TOP - 5}" text-anchor="middle">{label}</text>'

    def _line(self, place: int, line: Line) -> Iterator[str]:
        colour, dash = _COLOURS[place], _DASHES[place]
        for run in self._runs(line):
            path = " ".join(f"{self._x(year)},{self._y(value)}" for year, value, _ in run)
            if len(run) > 1:
                yield f'<polyline fill="none" stroke="{colour}" stroke-dasharray="{dash}" points="{path}"/>'
            for year, value, small in run:
                fill = "#ffffff" if small else colour
                yield _marker(place, self._x(year), self._y(value), colour, fill)

    def _runs(self, line: Line) -> Iterator[list[tuple[int, float, bool]]]:
        """Yield stretches of years that may be joined: a gap or a break ends a stretch."""
        ends = {one.after for one in self._comparison.breaks}
        run: list[tuple[int, float, bool]] = []
        for year in self._comparison.years:
            point = line.points.get(year)
            if point is not None and point.value is not None:
                run.append((year, point.value, "small_base" in point.flags))
            if run and (point is None or point.value is None or year in ends):
                yield run
                run = []
        if run:
            yield run

    def _names(self) -> Iterator[str]:
        """Write each name at the height of its last figure, pushed apart where they would overlap."""
        runs = sorted(self._last_runs(), key=lambda one: self._y(one[1][-1][1]))
        heights = spread([self._y(run[-1][1]) for _, run in runs], _NAME_STEP, _HEIGHT - 8)
        for (place, _), y in zip(runs, heights, strict=True):
            name = self._lines[place].agency
            shown = name if len(name) <= _SHOWN_NAME else name[: _SHOWN_NAME - 1] + "…"
            x = _WIDTH - _RIGHT + 8
            yield _marker(place, x, y, _COLOURS[place], _COLOURS[place])
            place_of_name = f'fill="{_COLOURS[place]}" x="{x + 10}" y="{y + 4}"'
            yield f'<text class="name" {place_of_name}>{escape(shown)}</text>'

    def _last_runs(self) -> Iterator[tuple[int, list[tuple[int, float, bool]]]]:
        for place, line in enumerate(self._lines):
            runs = list(self._runs(line))
            if runs:
                yield place, runs[-1]


def spread(heights: list[float], step: float, lowest: float) -> list[float]:
    """Return ascending heights moved as little as keeps them `step` apart and none below `lowest`."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + step) if placed else height)
    limit = lowest
    for place in reversed(range(len(placed))):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - step
    return [round(height, 1) for height in placed]


def axis_ticks(low: float, high: float) -> list[float]:
    """Return four to seven round values that enclose low and high and contain zero."""
    span = (high - low) or 1.0
    rough = span / 5
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first, last = floor(low / step), max(ceil(high / step), 1)
    return [round(place * step, 12) for place in range(first, last + 1)]


def _marker(place: int, x: float, y: float, colour: str, fill: str) -> str:
    style = f'fill="{fill}" stroke="{colour}"'
    shape = place % 4
    if shape == 0:
        return f'<circle {style} cx="{x}" cy="{y}" r="4"/>'
    if shape == 1:
        return f'<rect {style} x="{x - 3.5}" y="{y - 3.5}" width="7" height="7"/>'
    if shape == 2:
        return f'<path {style} d="M{x} {y - 5}L{x + 5} {y + 4}L{x - 5} {y + 4}Z"/>'
    return f'<path {style} d="M{x} {y - 5}L{x + 5} {y}L{x} {y + 5}L{x - 5} {y}Z"/>'
