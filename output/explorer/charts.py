"""A comparison as a Vega-Lite chart: from zero, never joined over gaps or changes of meaning, lines named.

Colours are numbers of a palette the style sheet owns, so that one chart serves light, dark and print.
"""

from collections.abc import Iterator
from typing import Any

from output.chart import MOST_LINES, axis_ticks, spread
from output.compare import Comparison, Line
from output.compare_text import base, figure
from output.explorer.render import short_name
from output.explorer.words import Words
from output.indicators import Break

HEIGHT = 320
_NAME_STEP = 17.0
_NAME_LENGTH = 13
_FORMATS = {"percent": ".3~p", "ratio": ".2~f"}


def chart_spec(comparison: Comparison, words: Words) -> dict[str, Any] | None:
    """Return the chart of the first `MOST_LINES` lines, None when there is no figure."""
    lines = comparison.lines[:MOST_LINES]
    points = list(_points(comparison, lines))
    if not points:
        return None
    values = [point["value"] for point in points]
    ticks = axis_ticks(min(0.0, *values), max(values))
    spec = chart_frame(
        short_name(comparison.name),
        words.unit(comparison.unit) or None,
        comparison.show,
        comparison.breaks,
        words,
    )
    data = {"points": points, "names": list(_names(comparison, lines, ticks))}
    return {**spec, "usermeta": {"years": list(comparison.years), "ticks": ticks, "data": data}}


def chart_frame(
    name: str, unit: str | None, show: str, breaks: tuple[Break, ...], words: Words
) -> dict[str, Any]:
    """Return a chart without its figures: `usermeta` brings years, ticks and data, the page fills them in.

    Words starting with a dollar sign stand for what only the page knows.
    """
    x = {
        "field": "year",
        "type": "quantitative",
        "scale": {"domain": "$span", "nice": False},
        "axis": {"values": "$years", "format": "d", "title": None, "grid": False},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": "$range", "nice": False},
        "axis": {"values": "$ticks", "format": _FORMATS.get(show, ",~r"), "title": unit},
    }
    return {
        "height": HEIGHT,
        "title": {"text": name, "subtitle": words["chart_source"]},
        "layer": [_breaks(breaks, words), _joined(x, y), _marks(x, y), _labels(x, y)],
    }


def _points(comparison: Comparison, lines: tuple[Line, ...]) -> Iterator[dict[str, Any]]:
    """Yield every figure; points of one `run` may be joined."""
    ends = {one.after for one in comparison.breaks}
    for place, line in enumerate(lines):
        run = 0
        for year in comparison.years:
            point = line.points.get(year)
            if point is None or point.value is None:
                run += 1
                continue
            parts = base(point)
            shown = figure(comparison, point.value)
            yield {
                "year": year,
                "value": point.value,
                "place": place,
                "run": f"{place}-{run}",
                "small": "small_base" in point.flags,
                "tip": f"{short_name(line.agency)} {year}: {shown}" + (f" ({parts})" if parts else ""),
            }
            run += year in ends


def _names(comparison: Comparison, lines: tuple[Line, ...], ticks: list[float]) -> Iterator[dict[str, Any]]:
    """Yield every line's name at the height of its last figure, pushed apart where names would overlap."""
    ends = []
    for place, line in enumerate(lines):
        years = [
            year
            for year, point in line.points.items()
            if point.value is not None and year in comparison.years
        ]
        if years:
            ends.append((line.points[max(years)].value or 0.0, place, line))
    ends.sort(key=lambda one: -one[0])
    span = ticks[-1] - ticks[0]
    heights = spread([HEIGHT * (ticks[-1] - value) / span for value, _, _ in ends], _NAME_STEP, HEIGHT)
    for (_, place, line), height in zip(ends, heights, strict=True):
        name = line.agency if len(line.agency) <= _NAME_LENGTH else line.agency[: _NAME_LENGTH - 1] + "…"
        yield {
            "name": short_name(name),
            "value": ticks[-1] - height / HEIGHT * span,
            "place": place,
            "year": comparison.years[-1] + 0.3,
        }


def _breaks(breaks: tuple[Break, ...], words: Words) -> dict[str, Any]:
    rules = [{"year": one.after + 0.5, "size": words.name("sizes", one.size)} for one in breaks]
    at = {"field": "year", "type": "quantitative"}
    return {
        "name": "breaks",
        "data": {"values": rules},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [3, 3], "style": "break"}, "encoding": {"x": at}},
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 4,
                    "dy": 8,
                    "baseline": "top",
                    "style": "break-text",
                },
                "encoding": {"x": at, "y": {"value": 0}, "text": {"field": "size"}},
            },
        ],
    }


def _joined(x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": "$points"},
        "mark": {"type": "line", "strokeWidth": 2, "interpolate": "linear"},
        "encoding": {"x": x, "y": y, "color": _colour(), "detail": {"field": "run"}},
    }


def _marks(x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    shapes = ["circle", "square", "triangle-up", "diamond", "circle", "square", "triangle-up", "diamond"]
    return {
        "data": {"values": "$points"},
        "mark": {"type": "point", "size": 56, "strokeWidth": 2, "opacity": 1},
        "encoding": {
            "x": x,
            "y": y,
            "stroke": _colour(),
            "fill": {"condition": {"test": "datum.small", "value": "$page"}, **_colour()},
            "shape": {
                "field": "place",
                "type": "nominal",
                "scale": {"domain": list(range(MOST_LINES)), "range": shapes},
                "legend": None,
            },
            "tooltip": {"field": "tip"},
            "description": {"field": "tip"},
        },
    }


def _labels(x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "names",
        "data": {"values": "$names"},
        "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "clip": False},
        "encoding": {"x": x, "y": y, "text": {"field": "name"}, "color": _colour()},
    }


def _colour() -> dict[str, Any]:
    return {
        "field": "place",
        "type": "nominal",
        "scale": {"domain": list(range(MOST_LINES)), "range": "$palette"},
        "legend": None,
    }
