"""Data files of a folder: scripts, because a page opened from a disk may not fetch anything else.

Each hands over JSON, compressed: what a server would look up, a page of the folder unpacks for itself.
"""

import base64
import json
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from output.compare_text import marks_of, reason_text
from output.compare_text import words as compare_words
from output.explorer.charts import chart_frame
from output.explorer.pages.agency import Series, harmonised_series, rate_series
from output.explorer.peers import areas_of, neighbours
from output.explorer.render import short_name
from output.explorer.store import Agency, Store
from output.explorer.words import Words, cells, measure_groups
from output.indicators import load_indicators
from output.measures import cell_value, find_measure

_NEIGHBOURS = 4
_NOTES = ("small_base", "error_finding", "border", "scopes", "formula", "judgement", "rate_note")
_SHOWN_AS = ("percent", "ratio", "number")
_WORDS = (
    "remove", "neighbours", "late", "hollow", "sentence_rise", "sentence_fall", "sentence_same",
    "sentence_single", "sentence_rate", "sentence_broken", "sentence_nothing", "sentence_peak",
    "sentence_trough", "sentence_highest", "sentence_small", "sentence_missing", "gap", "area_all", "area",
    "peers", "peers_text", "peers_ranked", "peers_counts", "peers_few", "peers_gap", "cell", "raw",
    "read_as", "status", "place", "place_text", "place_codes", "none", "evidence_unplaced", "kinds",
    "levels", "scopes", "status_short", "chart_source",
)  # fmt: skip


def script(name: str, value: Any) -> str:
    """Return a script that hands a value over under a name."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    data = base64.b64encode(zlib.compress(text.encode("utf-8", "replace"), 9)).decode()
    return f'gongkaiPack({json.dumps(name)},"{data}");\n'


def bundle_of(identifier: str, bundles: int) -> int:
    """Return in which bundle an agency or report is packed: its name ends in hexadecimal digits."""
    return int(identifier[1:9], 16) % bundles


def names(store: Store) -> dict[str, Any]:
    """Return every agency with what it is searched and compared by, and the names of regions."""
    columns = "slug, name, initials, region_code, kind, level, scope"
    rows = store.query(f"SELECT {columns} FROM agency ORDER BY agency_id")
    regions = {code: short_name(name) for code, name in store.query("SELECT code, name FROM region")}
    return {"regions": regions, "agencies": [(row[0], short_name(row[1]), *row[2:]) for row in rows]}


def measures(words: Words) -> dict[str, Any]:
    """Return what can be compared, with what its chart and its notes need, and the words for it."""
    groups = [(heading, [one.code for one in options]) for heading, options in measure_groups(words.lang)]
    return {
        "groups": groups,
        "measures": {
            one.code: _measure(words, one.code, one.name)
            for _, options in measure_groups(words.lang)
            for one in options
        },
        "charts": {show: chart_frame("$name", "$unit", show, (), words) for show in _SHOWN_AS},
        "words": {key: words[key] for key in _WORDS},
        "sizes": words["sizes"],
        "notes": {key: compare_words(words.lang)[key] for key in _NOTES},
        "missing": words.reasons()["no_report"],
    }


def _measure(words: Words, code: str, name: str) -> dict[str, Any]:
    measure = find_measure(code, words.lang)
    indicator = load_indicators().by_code().get(code)
    formula = next(iter(indicator.formulas.values())) if indicator else None
    found = {
        "name": name,
        "unit": words.unit(measure.unit),
        "show": measure.show,
        "base": measure.minimum_base,
        "note": measure.note,
        "formula": measure.formula,
        "breaks": [(one.after, one.size) for one in measure.breaks],
        "cell": ".".join(formula.numerator[0][1]) if formula else None,
    }
    return {key: value for key, value in found.items() if value}


class CellFigure(NamedTuple):
    """One cell in one year: a figure, or the code of why there is none."""

    value: float | None
    reason: str
    marks: str


def cell_figures(store: Store, agency: Agency) -> dict[str, list[CellFigure]]:
    """Return every cell any report of an agency has, over its years."""
    rows = {row["fiscal_year"]: {"other_scopes": None, **row} for row in store.panel(agency.agency_id)}
    facts: dict[str, dict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for report_id, year in store.current_reports(agency.agency_id):
        for fact in store.facts(report_id):
            name = f"{fact['table']}.{fact['row']}.{fact['column']}"
            known = {"report_id": report_id, "value": fact.get("value"), "status": fact["status"]}
            facts[name][year].append(known)
    grave = {year: _grave_cells(store, row["report_id"]) for year, row in rows.items()}
    found = {}
    for name in cells():
        if name in facts:
            found[name] = [
                _cell_figure(rows[year], facts[name].get(year, []), name in grave[year])
                for year in sorted(rows)
            ]
    return found


def _cell_figure(row: dict[str, Any], facts: list[dict[str, Any]], grave: bool) -> CellFigure:
    value, reason = cell_value(row, facts)
    return CellFigure(value, reason or "", marks_of(["error_finding"]) if grave else "")


def agency_figures(
    store: Store, words: Words, agency: Agency, figures: dict[str, list[CellFigure]]
) -> dict[str, Any]:
    """Return every figure of an agency that can be compared, by code and year; `figures` are its cells.

    A figure is [value] where its text follows from it, else [value, text, base, marks]; a number alone is
    the place in `reasons` of why there is none.
    """
    rows = {row["fiscal_year"]: row for row in store.panel(agency.agency_id)}
    years = sorted(rows)
    reasons: dict[str, int] = {}
    rates = (*rate_series(words, rows, years), *harmonised_series(words, rows, years))
    series = {one.code: _figures(one, reasons) for one in rates}
    series |= {name: [_cell(words, one, reasons) for one in found] for name, found in figures.items()}
    return {
        "slug": agency.slug,
        "name": short_name(agency.name),
        "about": (agency.kind, agency.level, agency.scope, areas_of(agency)),
        "neighbours": [one.slug for one in neighbours(store, agency, _NEIGHBOURS)],
        "years": [(year, rows[year]["report_id"], rows[year].get("days_late")) for year in years],
        "series": series,
        "reasons": list(reasons),
    }


def _cell(words: Words, one: CellFigure, reasons: dict[str, int]) -> Any:
    if one.value is None:
        return reasons.setdefault(reason_text(one.reason, words.lang), len(reasons))
    return (one.value, None, None, one.marks) if one.marks else (one.value,)


def _figures(series: Series, reasons: dict[str, int]) -> list[Any]:
    return [
        (one.value, one.text, (one.base or "").replace(" / ", "/") or None, one.marks)
        if one.value is not None
        else reasons.setdefault(one.reason, len(reasons))
        for one in series.figures
    ]


def _grave_cells(store: Store, report_id: str) -> set[str]:
    errors = (
        one.row
        for one in store.findings_of(report_id)
        if one.row["severity"] == "error" and "assumption" not in one.row
    )
    return {name for row in errors for name in row.get("cells", "").split()}


def peer_groups(store: Store) -> dict[str, Any]:
    """Return for every year the reports in the order of `rate_figures`: agency and group by place."""
    order = {
        slug: place for place, (slug,) in enumerate(store.query("SELECT slug FROM agency ORDER BY agency_id"))
    }
    groups: dict[tuple[Any, ...], int] = {}
    years: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    sql = (
        "SELECT panel.fiscal_year, agency.slug, panel.kind, panel.level, panel.scope, panel.region_code "
        "FROM panel JOIN agency USING (agency_id) ORDER BY panel.fiscal_year, panel.place"
    )
    for year, slug, *group in store.query(sql):
        years[year][0].append(order[slug])
        years[year][1].append(groups.setdefault(tuple(group), len(groups)))
    return {"groups": list(groups), "years": years}


def rate_figures(store: Store) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every rate with its numerators and denominators by year; those too small to rank are named."""
    found: dict[str, dict[str, Any]] = defaultdict(lambda: {"scale": 1, "years": {}})
    for code, year, data in store.query("SELECT code, fiscal_year, figures FROM rates ORDER BY 1, 2"):
        figures = np.frombuffer(zlib.decompress(data)).reshape(-1, 3)
        value, numerator, denominator = figures.T
        ranked = ~np.isnan(value) & (numerator != 0)
        if ranked.any():
            found[code]["scale"] = round(
                float(np.median(value[ranked] * denominator[ranked] / numerator[ranked])), 6
            )
        small = np.flatnonzero(np.isnan(value) & (denominator > 0))
        missing = np.flatnonzero(np.isnan(value) & ~(denominator > 0))
        found[code]["years"][year] = {
            "n": _numbers(numerator), "d": _numbers(denominator),
            "small": small.tolist(), "missing": missing.tolist(),
        }  # fmt: skip
    yield from found.items()


def _numbers(values: np.ndarray) -> list[float | int | None]:
    return [None if np.isnan(one) else int(one) if one.is_integer() else one for one in values.tolist()]


def findings_index(store: Store) -> dict[str, Any]:
    """Return what findings are filtered by, one entry each, loudest first."""
    columns = ("rule", "severity", "fiscal_year", "region_code")
    known: dict[str, dict[Any, int]] = {column: {} for column in columns}
    places: dict[str, list[int]] = {column: [] for column in columns}
    sql = f"SELECT {', '.join(columns)} FROM finding WHERE shown = 1 ORDER BY loudness DESC, number"
    for row in store.query(sql):
        for column, value in zip(columns, row, strict=True):
            places[column].append(known[column].setdefault(value, len(known[column])))
    return {column: {"values": list(known[column]), "places": places[column]} for column in columns}
