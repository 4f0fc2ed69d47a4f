"""Agencies × years for one indicator or cell: chart, table, sentences, rank among peers."""

from typing import Any, NamedTuple

from markupsafe import Markup

from output.chart import MOST_LINES, chart
from output.compare import Comparison, Line
from output.compare_text import base, figure, marks, missing_reason, notes, reason_text, shown_as
from output.explorer.charts import chart_spec
from output.explorer.peers import Ranking, areas_of, neighbours, ranking
from output.explorer.sentences import sentences
from output.explorer.slices import compare_agencies
from output.explorer.store import Agency, Store
from output.explorer.words import Words, measure_groups
from output.indicators import load_indicators

MOST_AGENCIES = 12
DEFAULT_MEASURE = "disclosure_rate"
_NEIGHBOURS = 4
_STARTS = 8
_MOST_FOUND = 12


class Selection(NamedTuple):
    """What the reader chose."""

    slugs: tuple[str, ...] = ()
    measure: str = DEFAULT_MEASURE
    first: int | None = None
    last: int | None = None
    area: str | None = None
    add: str = ""
    """Text of an agency to be added."""


class ShownFigure(NamedTuple):
    """One figure in the table, or why there is none."""

    text: str | None
    base: str | None
    marks: str
    reason: str
    report_id: str | None
    cell: str
    late: int | None
    error: bool
    broken: bool


def compare_page(store: Store, words: Words, chosen: Selection) -> dict[str, Any]:
    """Return the context of a comparison; raises UnknownIndicatorError."""
    agencies, found = _with_added(store, chosen)
    comparison = comparison_of(store, words, chosen, agencies)
    years = comparison.years
    first = agencies[0] if agencies else None
    return {
        "chosen": chosen,
        "agencies": agencies,
        "slugs": [agency.slug for agency in agencies],
        "found": found,
        "found_regions": {one.region_code: store.region_name(one.region_code) for one in found},
        "added": bool(chosen.add.strip()) and not found and bool(store.search(chosen.add, 1)),
        "most": MOST_AGENCIES,
        "too_many": len(dict.fromkeys(chosen.slugs)) > MOST_AGENCIES,
        "starts": [] if agencies else store.agencies_in("", _STARTS),
        "known_years": [year for (year,) in store.fixed("SELECT DISTINCT fiscal_year FROM panel ORDER BY 1")],
        "groups": measure_groups(words.lang),
        **drawn(comparison, words),
        "most_lines": MOST_LINES,
        "rows": [_row(store, comparison, agency, line) for agency, line in _pairs(agencies, comparison)],
        "notes": list(notes(comparison)),
        "neighbours": [one for one in neighbours(store, first, _NEIGHBOURS) if one not in agencies]
        if first
        else [],
        "ranking": _ranking(store, comparison, agencies, chosen.area) if years else None,
        "shown_as": shown_as,
        "areas": areas_of(first) if first else [],
        "area_names": {area: store.region_name(area) for area in (areas_of(first) if first else [])},
    }


def drawn(comparison: Comparison, words: Words) -> dict[str, Any]:
    """Return what a chart needs: its sentences, its specification, its drawing without script."""
    return {
        "comparison": comparison,
        "sentences": sentences(comparison, words),
        "spec": chart_spec(comparison, words),
        "svg": Markup(chart(comparison)),
        "small": any(
            "small_base" in point.flags for line in comparison.lines for point in line.points.values()
        ),
    }


def comparison_of(store: Store, words: Words, chosen: Selection, agencies: list[Agency]) -> Comparison:
    """Return the comparison of a selection; raises UnknownIndicatorError."""
    span = None
    if chosen.first is not None or chosen.last is not None:
        known = [agency.first_year for agency in agencies], [agency.last_year for agency in agencies]
        first = chosen.first if chosen.first is not None else min(known[0], default=0)
        last = chosen.last if chosen.last is not None else max(known[1], default=9999)
        span = (min(first, last), max(first, last))
    return compare_agencies(store, agencies, chosen.measure, span, words.lang)


def chosen_agencies(store: Store, chosen: Selection) -> list[Agency]:
    """Return the agencies of a selection, not more than can be shown."""
    return store.agencies(chosen.slugs[: 2 * MOST_AGENCIES])[:MOST_AGENCIES]


def _with_added(store: Store, chosen: Selection) -> tuple[list[Agency], list[Agency]]:
    """Return the agencies, one more when the text names exactly one, and else what it could mean."""
    agencies = chosen_agencies(store, chosen)
    if not chosen.add.strip():
        return agencies, []
    found = store.search(chosen.add, _MOST_FOUND)
    exact = [one for one in found if one.name == chosen.add.strip()]
    if len(exact) == 1 or len(found) == 1:
        added = (exact or found)[0]
        return ([*agencies, added] if added not in agencies else agencies)[:MOST_AGENCIES], []
    return agencies, found


def _pairs(agencies: list[Agency], comparison: Comparison) -> list[tuple[Agency, Line | None]]:
    lines = {line.agency_id: line for line in comparison.lines}
    return [(agency, lines.get(agency.agency_id)) for agency in agencies]


def _row(store: Store, comparison: Comparison, agency: Agency, line: Line | None) -> dict[str, Any]:
    late = dict(
        store.query("SELECT fiscal_year, days_late FROM panel WHERE agency_id = ?", (agency.agency_id,))
    )
    line = line or Line(agency.agency_id, agency.name, None, None, None, {})
    return {
        "agency": agency,
        "cells": [_figure(comparison, line, year, late.get(year)) for year in comparison.years],
    }


def _figure(comparison: Comparison, line: Line, year: int, late: int | None) -> ShownFigure:
    point = line.points.get(year)
    broken = any(one.after == year for one in comparison.breaks)
    reason = missing_reason(line, year)
    late = late if late is not None and late > 0 else None
    cell = _first_cell(comparison.code, point.era if point else None)
    if point is None or point.value is None:
        text = reason_text(reason or "no_report", comparison.lang)
        return ShownFigure(
            None, None, "", text, point.report_id if point else None, cell, late, False, broken
        )
    shown = figure(comparison, point.value)
    error = "error_finding" in point.flags
    return ShownFigure(shown, base(point), marks(point), "", point.report_id, cell, late, error, broken)


def _first_cell(code: str, era: str | None) -> str:
    """Return the printed cell that leads to the evidence: the cell itself, or the first a formula reads."""
    if code.count(".") == 2:
        return code
    formula = load_indicators().by_code()[code].formulas.get(era or "")
    return ".".join(formula.numerator[0][1]) if formula else ""


def _ranking(
    store: Store, comparison: Comparison, agencies: list[Agency], area: str | None
) -> Ranking | None:
    """Rank the peers of the first agency in the last year in which it has the figure."""
    if not agencies or comparison.show == "number":
        return None
    line = next((one for one in comparison.lines if one.agency_id == agencies[0].agency_id), None)
    points = line.points if line else {}
    years = [year for year in comparison.years if (point := points.get(year)) and point.value is not None]
    allowed = areas_of(agencies[0])
    where = "" if area == "all" else area if area in allowed else allowed[0]
    chosen = frozenset(agency.agency_id for agency in agencies)
    return ranking(store, agencies[0], comparison.code, max(years), where, chosen) if years else None
