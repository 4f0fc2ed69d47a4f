"""Agencies × years for one indicator or one cell, with what a careful reader wants beside the figure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from output.dataset import Dataset, open_dataset
from output.errors import UnknownAgencyError, UnknownIndicatorError
from output.indicators import Break
from output.measures import PANEL_COLUMNS, Lang, Point, find_measure, is_printed
from parsers.text import label_key

_LONGEST_SPAN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One agency: its figures by year; a year without a report is not in `points`."""

    agency_id: str
    agency: str
    region_code: str | None
    level: str | None
    scope: str | None
    points: dict[int, Point]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One indicator or cell for several agencies and years."""

    code: str
    name: str
    note: str | None
    formula: str | None
    unit: str | None
    show: str
    """percent, ratio or number."""
    minimum_base: int
    breaks: tuple[Break, ...]
    """Those that fall between two of the years."""
    years: tuple[int, ...]
    lines: tuple[Line, ...]
    lang: Lang


def compare(
    data_dir: Path,
    indicator: str,
    *,
    agencies: Sequence[str] = (),
    region: str | None = None,
    years: tuple[int, int] | None = None,
    lang: Lang = "en",
) -> Comparison:
    """Return one indicator (code or id) or cell (`table.row.column`) for agencies × years.

    `agencies` are parts of names, `region` begins a region code, `years` are first and last.
    Raises UnknownIndicatorError and UnknownAgencyError naming close matches, and NoDatasetError.
    """
    dataset = open_dataset(data_dir)
    found = compare_in(dataset, indicator, agencies=agencies, region=region, years=years, lang=lang)
    if found.code.count(".") == 2 and not is_printed(dataset, found.code):
        raise UnknownIndicatorError(indicator)
    return found


def compare_in(
    dataset: Dataset,
    indicator: str,
    *,
    agencies: Sequence[str] = (),
    region: str | None = None,
    years: tuple[int, int] | None = None,
    lang: Lang = "en",
) -> Comparison:
    """Return the same for a dataset that is open, or for the part of one that is at hand."""
    measure = find_measure(indicator, lang)
    rows = _selected(dataset, measure.columns, agencies, region, years)
    points = measure.points(dataset, rows, lang)
    shown = _shown_years(rows, years)
    return Comparison(
        code=measure.code,
        name=measure.name,
        note=measure.note,
        formula=measure.formula,
        unit=measure.unit,
        show=measure.show,
        minimum_base=measure.minimum_base,
        breaks=tuple(one for one in measure.breaks if shown and shown[0] <= one.after < shown[-1]),
        years=shown,
        lines=tuple(_lines(rows, points)),
        lang=lang,
    )


def _selected(
    dataset: Dataset,
    columns: list[str],
    agencies: Sequence[str],
    region: str | None,
    years: tuple[int, int] | None,
) -> list[dict[str, Any]]:
    """Return the rows of the panel asked for, in its order; columns that are not needed are not read."""
    rows: list[dict[str, Any]] = dataset.table("panel", [*PANEL_COLUMNS, *columns]).to_pylist()
    if agencies:
        wanted = _matching(rows, agencies)
        rows = [row for row in rows if row["agency_id"] in wanted]
    if region:
        area = area_digits(region)
        rows = [row for row in rows if (row["region_code"] or "").startswith(area)]
    if years:
        rows = [row for row in rows if years[0] <= row["fiscal_year"] <= years[1]]
    return rows


def area_digits(region: str) -> str:
    """Return what the codes of a region and of all in it begin with: 42 for 420000, 4202 for 420200."""
    while len(region) > 2 and len(region) % 2 == 0 and region.endswith("00"):
        region = region[:-2]
    return region


def _shown_years(rows: list[dict[str, Any]], years: tuple[int, int] | None) -> tuple[int, ...]:
    """Return every year of the span, also those without a report: a gap is shown as a gap."""
    found = [row["fiscal_year"] for row in rows]
    if years and years[1] - years[0] < _LONGEST_SPAN:
        return tuple(range(years[0], years[1] + 1))
    return tuple(range(min(found), max(found) + 1)) if found else ()


def _matching(rows: list[dict[str, Any]], agencies: Sequence[str]) -> set[str]:
    """Return the agencies whose name, in any year, contains one of the names asked for."""
    names = {(row["agency_id"], label_key(row["agency"] or "")) for row in rows}
    found: set[str] = set()
    for asked in agencies:
        key = label_key(asked)
        hits = {identifier for identifier, name in names if key in name or key == label_key(identifier)}
        if not key or not hits:
            close = get_close_matches(key, sorted({name for _, name in names}), n=3, cutoff=0.4)
            raise UnknownAgencyError(asked, tuple(close))
        found |= hits
    return found


def _lines(rows: list[dict[str, Any]], points: list[Point]) -> Iterator[Line]:
    """Put rows of one agency together; its name is that of its last year, with the region among namesakes."""
    years: dict[str, dict[int, Point]] = {}
    last: dict[str, dict[str, Any]] = {}
    for row, point in zip(rows, points, strict=True):
        years.setdefault(row["agency_id"], {})[row["fiscal_year"]] = point
        last[row["agency_id"]] = row
    names = Counter(row["agency"] for row in last.values())
    for identifier, row in last.items():
        name = row["agency"] or identifier
        if names[name] > 1:
            name = f"{name} ({row['region_code'] or identifier})"
        described = (row["region_code"], row["level"], row["scope"])
        yield Line(identifier, name, *described, years[identifier])
