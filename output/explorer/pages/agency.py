"""One agency: all years side by side, figures that moved, findings, links to each report."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from output.compare_text import marks_of, reason_text, shown_as
from output.explorer.pages.compare import drawn
from output.explorer.pages.overview import area_name
from output.explorer.slices import compare_agencies
from output.explorer.store import Agency, Row, Store
from output.explorer.words import Words, cells
from output.indicators import Indicator, load_indicators
from output.panel_layout import figure_column, panel_cells
from parsers.regions import trim_code

SMALLEST_COUNT = 30
"""A count below this moves too easily to be named."""
_MOST_MOVED = 6
_DRAWN = ("requests.received.total", "disclosure_rate")


class Figure(NamedTuple):
    """One figure of one year, or why there is none."""

    value: float | None
    text: str | None
    base: str | None
    marks: str
    reason: str
    report_id: str | None
    broken: bool
    """True when the meaning moves after this year."""


class Series(NamedTuple):
    """One measure over the years of the agency."""

    code: str
    name: str
    means: str
    figures: list[Figure]


def agency_page(store: Store, words: Words, agency: Agency) -> dict[str, Any]:
    """Return the context of the page of an agency."""
    rows = {row["fiscal_year"]: row for row in store.panel(agency.agency_id)}
    years = list(range(min(rows), max(rows) + 1)) if rows else []
    reports = store.reports_of(agency.agency_id)
    current = [report["report_id"] for report in reports if report["is_current"]]
    findings = [finding for report in current for finding in store.findings_of(report)]
    return {
        "agency": agency,
        "region": area_name(store, words, trim_code(agency.region_code)),
        "area": trim_code(agency.region_code),
        "years": years,
        "rows": rows,
        "groups": [
            (words["group_rates"], list(rate_series(words, rows, years))),
            (words["group_counts"], list(count_series(words, rows, years))),
        ],
        "charts": _charts(store, words, agency) if rows else [],
        "moved": _moved(words, rows),
        "compared": sorted(rows)[-2:],
        "reports": reports,
        "changed": [
            (report, store.changes(report["report_id"])) for report in reports if report["version"] > 1
        ],
        "findings": [
            one for one in findings if one.row["severity"] != "info" and "assumption" not in one.row
        ],
    }


def _charts(store: Store, words: Words, agency: Agency) -> list[dict[str, Any]]:
    """Return how much was asked for, and what became of it."""
    found = [compare_agencies(store, [agency], code, None, words.lang) for code in _DRAWN]
    return [drawn(one, words) for one in found]


def rate_series(words: Words, rows: dict[int, Row], years: list[int]) -> Iterator[Series]:
    """Yield every rate the agency has in any year."""
    rates = [one for one in load_indicators().rates if one.is_rate]
    yield from _indicator_series(words, rates, rows, years)


def harmonised_series(words: Words, rows: dict[int, Row], years: list[int]) -> Iterator[Series]:
    """Yield every series over changes of the form."""
    yield from _indicator_series(words, load_indicators().series, rows, years)


def _indicator_series(
    words: Words, indicators: Iterable[Indicator], rows: dict[int, Row], years: list[int]
) -> Iterator[Series]:
    for indicator in indicators:
        if any(indicator.code in row for row in rows.values()):
            breaks = {one.after for one in indicator.breaks}
            figures = [_of_indicator(words, indicator, rows.get(year), year in breaks) for year in years]
            yield Series(
                indicator.code, indicator.name(words.lang), indicator.note(words.lang) or "", figures
            )


def _of_indicator(words: Words, indicator: Indicator, row: Row | None, broken: bool) -> Figure:
    if row is None:
        return Figure(None, None, None, "", words.reasons()["no_report"], None, broken)
    code = indicator.code
    value, flags = row.get(code), row.get(f"{code}_flag", "")
    if value is None:
        return Figure(None, None, None, "", reason_text(flags, words.lang), row["report_id"], broken)
    base = None
    if indicator.is_rate:
        base = f"{row[f'{code}_numerator']:,.0f} / {row[f'{code}_denominator']:,.0f}"
    show = indicator.show if indicator.is_rate else "number"
    return Figure(value, shown_as(show, value), base, marks_of(flags.split()), "", row["report_id"], broken)


def count_series(words: Words, rows: dict[int, Row], years: list[int]) -> Iterator[Series]:
    """Yield every printed figure of the panel."""
    for cell in panel_cells():
        column, name = figure_column(cell), ".".join(cell)
        if any(column in row for row in rows.values()):
            definition = cells()[name]
            figures = [_count(words, rows.get(year), column) for year in years]
            yield Series(name, words.labels(definition), words.meaning(definition), figures)


def _count(words: Words, row: Row | None, column: str) -> Figure:
    if row is None:
        return Figure(None, None, None, "", words.reasons()["no_report"], None, False)
    if column not in row:
        return Figure(None, None, None, "", words.reasons()["not_in_form"], row["report_id"], False)
    return Figure(row[column], shown_as("number", row[column]), None, "", "", row["report_id"], False)


def _moved(words: Words, rows: dict[int, Row]) -> list[tuple[str, str]]:
    """Return the largest changes between the last two years, as (measure, sentence)."""
    years = sorted(rows)[-2:]
    if len(years) < 2 or years[1] - years[0] != 1:
        return []
    before, after = rows[years[0]], rows[years[1]]
    found = [*_moved_rates(words, before, after), *_moved_counts(words, before, after)]
    found.sort(key=lambda one: -one[0])
    return [(code, text) for _, code, text in found[:_MOST_MOVED]]


def _moved_rates(words: Words, before: Row, after: Row) -> Iterator[tuple[float, str, str]]:
    for indicator in load_indicators().rates:
        code = indicator.code
        broken = any(one.after == before["fiscal_year"] for one in indicator.breaks)
        small = any("small_base" in row.get(f"{code}_flag", "") for row in (before, after))
        if not indicator.is_rate or indicator.show != "percent" or broken or small:
            continue
        if code in before and code in after and abs(after[code] - before[code]) >= 0.05:
            difference = after[code] - before[code]
            yield (
                abs(difference),
                code,
                words.say(
                    "moved_rate",
                    name=indicator.name(words.lang),
                    old=shown_as("percent", before[code]),
                    new=shown_as("percent", after[code]),
                    difference=f"{100 * difference:+.1f}",
                    old_base=f"{before[f'{code}_denominator']:,.0f}",
                    new_base=f"{after[f'{code}_denominator']:,.0f}",
                ),
            )


def _moved_counts(words: Words, before: Row, after: Row) -> Iterator[tuple[float, str, str]]:
    if before.get("era") != after.get("era"):
        return
    for cell in panel_cells():
        column = figure_column(cell)
        old, new = before.get(column), after.get(column)
        if old is None or new is None or old < SMALLEST_COUNT or abs(new / old - 1) < 0.2:
            continue
        name = words.labels(cells()[".".join(cell)])
        shown = {"old": shown_as("number", old), "new": shown_as("number", new)}
        text = words.say("moved_count", name=name, change=f"{new / old - 1:+.0%}", **shown)
        yield abs(new / old - 1), ".".join(cell), text
