"""What a comparison shows, as sentences; nothing is set against each other across a change of meaning."""

from collections.abc import Iterator

from output.compare import Comparison, Line
from output.compare_text import base, figure
from output.explorer.render import short_name
from output.explorer.words import Words
from output.measures import Point

_MOST_LINES = 2


def sentences(comparison: Comparison, words: Words) -> list[str]:
    """Return what can be said about the figures shown, the most telling first."""
    found = [*_by_agency(comparison, words), *_extremes(comparison, words), *_caveats(comparison, words)]
    return found or [words["sentence_nothing"]]


def _by_agency(comparison: Comparison, words: Words) -> Iterator[str]:
    for line in comparison.lines[:_MOST_LINES]:
        # A rate on a small base moves by chance: it is in the table, but no sentence is built on it.
        shown = [
            (year, point)
            for year in comparison.years
            if (point := line.points.get(year))
            and point.value is not None
            and "small_base" not in point.flags
        ]
        if len(shown) == 1:
            yield _single(comparison, words, line, *shown[0])
        elif shown:
            yield _change(comparison, words, line, shown)


def _single(comparison: Comparison, words: Words, line: Line, year: int, point: Point) -> str:
    parts = base(point)
    named = {"agency": short_name(line.agency), "year": year, "value": _shown(comparison, words, point)}
    return words.say("sentence_rate", base=parts, **named) if parts else words.say("sentence_single", **named)


def _change(comparison: Comparison, words: Words, line: Line, shown: list[tuple[int, Point]]) -> str:
    """Say how a line moved since the last change of meaning."""
    last, new = shown[-1]
    border = max((one.after for one in comparison.breaks if shown[0][0] <= one.after < last), default=None)
    since = [(year, point) for year, point in shown if border is None or year > border]
    first, old = since[0]
    broken = ""
    if border is not None:
        broken = words["gap"] + words.say("sentence_broken", before=border, after=border + 1)
    if first == last:
        return _single(comparison, words, line, last, new) + broken
    key = "sentence_same"
    if old.value != new.value:
        key = "sentence_rise" if (new.value or 0) > (old.value or 0) else "sentence_fall"
    named = {"agency": short_name(line.agency), "first": first, "last": last}
    said = words.say(key, old=_shown(comparison, words, old), new=_shown(comparison, words, new), **named)
    return said + _turn(comparison, words, since) + broken


def _turn(comparison: Comparison, words: Words, since: list[tuple[int, Point]]) -> str:
    """Say how far a line went beyond both its ends, so that these do not hide it."""
    ends = [since[0][1].value or 0.0, since[-1][1].value or 0.0]
    high = max(since, key=lambda one: one[1].value or 0.0)
    low = min(since, key=lambda one: one[1].value or 0.0)
    above, below = (high[1].value or 0.0) - max(ends), min(ends) - (low[1].value or 0.0)
    if max(above, below) <= 0:
        return ""
    key, (year, point) = ("sentence_peak", high) if above >= below else ("sentence_trough", low)
    return str(words["gap"]) + words.say(key, year=year, value=_shown(comparison, words, point))


def _extremes(comparison: Comparison, words: Words) -> Iterator[str]:
    """Name the highest and lowest of the last year, for rates on large bases of one scope only."""
    if len({line.scope for line in comparison.lines}) > 1 or comparison.show == "number":
        return
    for year in reversed(comparison.years):
        found = [
            (point.value, line.agency, point)
            for line in comparison.lines
            if (point := line.points.get(year))
            and point.value is not None
            and "small_base" not in point.flags
        ]
        if len(found) >= 2:
            high, low = max(found, key=lambda one: one[0]), min(found, key=lambda one: one[0])
            if high[0] != low[0]:
                yield words.say(
                    "sentence_highest",
                    year=year,
                    count=len(found),
                    high=short_name(high[1]),
                    high_value=_shown(comparison, words, high[2]),
                    low=short_name(low[1]),
                    low_value=_shown(comparison, words, low[2]),
                )
            return


def _caveats(comparison: Comparison, words: Words) -> Iterator[str]:
    points = [point for line in comparison.lines for point in line.points.values() if point.value is not None]
    small = sum("small_base" in point.flags for point in points)
    everything = len(comparison.lines) * len(comparison.years)
    if points and small:
        yield words.say("sentence_small", count=small, all=len(points), base=comparison.minimum_base)
    if points and everything > len(points):
        yield words.say("sentence_missing", count=everything - len(points), all=everything)


def _shown(comparison: Comparison, words: Words, point: Point) -> str:
    value = figure(comparison, point.value or 0.0)
    parts = base(point)
    if parts:
        return f"{value} ({parts})"
    return f"{value} {words.unit(comparison.unit)}".strip()
