"""Data files of a static folder: scripts, because a page opened from a disk may not fetch anything else."""

import json
from typing import Any

from output.compare_text import words as compare_words
from output.explorer.charts import chart_frame
from output.explorer.pages.agency import Series, count_series, harmonised_series, rate_series
from output.explorer.peers import neighbours
from output.explorer.render import short_name
from output.explorer.store import Agency, Store
from output.explorer.words import Words, cells
from output.indicators import load_indicators
from output.measures import find_measure
from output.panel_layout import panel_cells

_NEIGHBOURS = 4
_NOTES = ("small_base", "error_finding", "border", "scopes")


def names_shard(store: Store) -> str:
    """Return slug, name, initials and region of every agency, for searching."""
    rows = store.query("SELECT slug, name, initials, region_code FROM agency ORDER BY agency_id")
    regions = {code: short_name(store.region_name(code)) for code in {row[3] for row in rows}}
    return _script(
        "gongkaiAgencies",
        [(slug, short_name(name), initials, regions[code]) for slug, name, initials, code in rows],
    )


def measures_shard(words: Words) -> str:
    """Return what can be compared, with the chart of each, and the words the comparison needs."""
    data = load_indicators()
    groups = (
        ("measure_rates", [one.code for one in data.rates if one.is_rate]),
        ("measure_series", [one.code for one in data.series]),
        ("measure_counts", [".".join(cell) for cell in panel_cells()]),
    )
    content = {
        "groups": [(words[heading], codes) for heading, codes in groups],
        "measures": {code: _measure(words, code) for _, codes in groups for code in codes},
        "words": {
            key: words[key]
            for key in (
                "remove", "neighbours", "late", "hollow", "sentence_rise", "sentence_fall", "sentence_same",
                "sentence_single", "sentence_broken", "sentence_nothing", "gap",
            )
        },
        "notes": {key: compare_words(words.lang)[key] for key in _NOTES},
        "missing": words.reasons()["no_report"],
    }  # fmt: skip
    return _script("gongkaiMeasures", content)


def agency_shard(store: Store, words: Words, agency: Agency) -> str:
    """Return every figure of an agency that can be compared in a static folder."""
    rows = {row["fiscal_year"]: row for row in store.panel(agency.agency_id)}
    years = sorted(rows)
    series = [
        *rate_series(words, rows, years),
        *harmonised_series(words, rows, years),
        *count_series(words, rows, years),
    ]
    reasons: dict[str, int] = {}
    content = {
        "slug": agency.slug,
        "name": short_name(agency.name),
        "scope": words.name("scopes", agency.scope),
        "neighbours": [one.slug for one in neighbours(store, agency, _NEIGHBOURS)],
        "years": [(year, rows[year]["report_id"], rows[year].get("days_late")) for year in years],
        "series": {one.code: _figures(one, reasons) for one in series},
        "reasons": list(reasons),
    }
    return f"(window.gongkaiShards=window.gongkaiShards||{{}})[{json.dumps(agency.slug)}]={_json(content)};\n"


def _figures(series: Series, reasons: dict[str, int]) -> list[Any]:
    """Return figures as (value, text, base, marks), and the place of its reason for every missing one."""
    return [
        (one.value, one.text, one.base, one.marks)
        if one.value is not None
        else reasons.setdefault(one.reason, len(reasons))
        for one in series.figures
    ]


def _measure(words: Words, code: str) -> dict[str, Any]:
    measure = find_measure(code, words.lang)
    name = words.labels(cells()[code]) if code in cells() else measure.name
    return {
        "name": name,
        "unit": measure.unit,
        "show": measure.show,
        "base": measure.minimum_base,
        "note": measure.note,
        "formula": measure.formula,
        "breaks": [(one.after, one.size) for one in measure.breaks],
        "cell": _first_cell(code),
        "chart": chart_frame(name, measure.unit, measure.show, measure.breaks, words),
    }


def _first_cell(code: str) -> str:
    indicator = load_indicators().by_code().get(code)
    if indicator is None:
        return code
    return ".".join(next(iter(indicator.formulas.values())).numerator[0][1])


def _script(name: str, value: Any) -> str:
    return f"window.{name}={_json(value)};\n"


def _json(value: Any) -> str:
    """Return JSON in ASCII without angle brackets: nothing in it can end a script or be taken for markup."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
