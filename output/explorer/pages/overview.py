"""What is here: coverage by agency or region and year, newest reports, loudest findings."""

from typing import Any, NamedTuple

from output.explorer.store import Agency, Row, Store, bounds
from output.explorer.words import Words

MOST_AGENCIES = 400
"""More rows than this are grouped by region."""
_NEWEST, _LOUDEST = 10, 8


class Square(NamedTuple):
    """One agency or region in one year."""

    year: int
    kind: str
    """ok, late, errors, missing; or share0 … share4 for a region."""
    text: str
    """What the square says in words."""
    report_id: str | None
    shown: str
    """What stands in the square."""


class HeatRow(NamedTuple):
    """One row of the coverage."""

    name: str
    slug: str | None
    area: str | None
    squares: list[Square]


def overview(store: Store, words: Words, area: str, counts: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the overview; `area` is a region code or empty, `counts` the manifest's."""
    years = [year for (year,) in store.query("SELECT DISTINCT fiscal_year FROM panel ORDER BY 1")]
    grouped = _grouping(store, area)
    rows = _regions(store, words, grouped, area, years) if grouped else _agencies(store, words, area, years)
    return {
        "counts": counts,
        "agencies": store.count_agencies(""),
        "first": years[0] if years else words["none"],
        "last": years[-1] if years else words["none"],
        "years": years,
        "rows": rows,
        "grouped": bool(grouped),
        "all_here": store.count_agencies(area),
        "area": area,
        "trail": [(code, store.region_name(code)) for code in (area[:2], area[:4], area[:6]) if code]
        if area
        else [],
        "newest": [] if area else _newest(store),
        "loudest": [] if area else store.loudest(_LOUDEST),
    }


def areas(store: Store) -> list[str]:
    """Return every region that has a page of its own."""
    codes = [code for (code,) in store.query("SELECT code FROM region ORDER BY code")]
    return [code for code in codes if store.count_agencies(code)]


def coverage_table(context: dict[str, Any], words: Words) -> tuple[list[str], list[list[Any]]]:
    """Return the coverage as the header and rows of a CSV."""
    header = [words["region" if context["grouped"] else "agency"], *map(str, context["years"])]
    return header, [
        [row.name, *(square.shown or square.text for square in row.squares)] for row in context["rows"]
    ]


def _grouping(store: Store, area: str) -> int:
    """Return how many digits of the code make a row; 0 when agencies themselves are few enough."""
    if store.count_agencies(area) <= MOST_AGENCIES:
        return 0
    return {0: 2, 2: 4, 4: 6}.get(len(area), 0)


def _regions(store: Store, words: Words, digits: int, area: str, years: list[int]) -> list[HeatRow]:
    sql = (
        "SELECT substr(region_code, 1, ?), fiscal_year, count(*), sum(days_late > 0), sum(errors > 0) "
        "FROM panel WHERE region_code >= ? AND region_code < ? GROUP BY 1, 2"
    )
    found = {
        (code, year): (count, late, errors)
        for code, year, count, late, errors in store.query(sql, (digits, *bounds(area)))
    }
    totals = dict(
        store.query(
            "SELECT substr(region_code, 1, ?), count(*) FROM agency "
            "WHERE region_code >= ? AND region_code < ? GROUP BY 1",
            (digits, *bounds(area)),
        )
    )
    rows = []
    for code in sorted(totals):
        squares = [_share(year, *found.get((code, year), (0, 0, 0)), totals[code], words) for year in years]
        rows.append(HeatRow(store.region_name(code) or words["none"], None, code, squares))
    return rows


def _share(year: int, count: int, late: int | None, errors: int | None, total: int, words: Words) -> Square:
    parts = [f"{count} / {total}"]
    if late:
        parts.append(f"{words['legend_late']}: {late}")
    if errors:
        parts.append(f"{words['legend_errors']}: {errors}")
    kind = "missing" if not count else f"share{min(int(4 * count / total), 4)}"
    return Square(year, kind, "; ".join(parts), None, f"{count / total:.0%}" if count else "")


def _agencies(store: Store, words: Words, area: str, years: list[int]) -> list[HeatRow]:
    agencies = store.agencies_in(area, MOST_AGENCIES)
    sql = (
        "SELECT panel.agency_id, fiscal_year, report_id, days_late, errors FROM panel "
        "WHERE region_code >= ? AND region_code < ?"
    )
    found: dict[tuple[str, int], Any] = {(row[0], row[1]): row[2:5] for row in store.query(sql, bounds(area))}
    return [
        HeatRow(
            agency.name,
            agency.slug,
            None,
            [_square(year, found.get((agency.agency_id, year)), words) for year in years],
        )
        for agency in agencies
    ]


def _square(year: int, found: tuple[str, int | None, int] | None, words: Words) -> Square:
    if found is None:
        return Square(year, "missing", words["cell_missing"], None, "")
    report_id, late, errors = found
    parts = [words["legend_ok"]]
    if late is not None and late > 0:
        parts.append(words.say("late", days=late))
    if errors:
        parts.append(words.say("cell_errors", count=errors))
    kind = "errors" if errors else "late" if late is not None and late > 0 else "ok"
    return Square(year, kind, ", ".join(parts), report_id, str(errors) if errors else "")


def _newest(store: Store) -> list[tuple[Row, Agency | None]]:
    return [(row, store.agency_of(row.get("agency_id"))) for row in store.newest(_NEWEST)]
