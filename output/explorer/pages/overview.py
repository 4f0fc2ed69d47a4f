"""What is here: coverage by agency or region and year, newest reports, loudest findings."""

from typing import Any, NamedTuple

from output.explorer.index import NO_REGION
from output.explorer.store import Agency, Row, Store, bounds
from output.explorer.words import Words

MOST_AGENCIES = 400
"""More rows than this are grouped by region."""
_NEWEST, _LOUDEST = 10, 8


class Square(NamedTuple):
    """One agency or region in one year."""

    year: int
    kind: str
    """ok, late, errors, missing, unreadable, none; or share0 … share4 for a region."""
    text: str
    """What the square says in words."""
    report_id: str | None
    shown: str
    """What stands in the square."""
    base: str
    """What a share is a share of."""


class HeatRow(NamedTuple):
    """One row of the coverage."""

    name: str
    slug: str | None
    area: str | None
    squares: list[Square]


def overview(store: Store, words: Words, area: str, counts: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the overview; `area` is a region code or empty, `counts` the manifest's."""
    years = _years(store)
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
        "trail": [
            (code, area_name(store, words, code)) for code in dict.fromkeys((area[:2], area[:4], area[:6]))
        ]
        if area
        else [],
        "newest": [] if area else _newest(store),
        "loudest": [] if area else store.loudest(_LOUDEST),
    }


def _years(store: Store) -> list[int]:
    return [year for (year,) in store.fixed("SELECT fiscal_year FROM share WHERE code = '' ORDER BY 1")]


def areas(store: Store) -> list[str]:
    """Return every region that has a page of its own."""
    return [code for (code,) in store.query("SELECT code FROM area WHERE code <> '' ORDER BY code")]


def coverage_table(context: dict[str, Any], words: Words) -> tuple[list[str], list[list[Any]]]:
    """Return the coverage as the header and rows of a CSV."""
    header = [words["region" if context["grouped"] else "agency"], *map(str, context["years"])]
    return header, [
        [row.name, *(square.base or square.text for square in row.squares)] for row in context["rows"]
    ]


def _grouping(store: Store, area: str) -> int:
    """Return how many digits of the code make a row; 0 when agencies themselves are few enough."""
    if store.count_agencies(area) <= MOST_AGENCIES:
        return 0
    return {0: 2, 2: 4, 4: 6}.get(len(area), 0)


def _regions(store: Store, words: Words, digits: int, area: str, years: list[int]) -> list[HeatRow]:
    sql = (
        "SELECT code, fiscal_year, published, due, late, errors FROM share "
        "WHERE length(code) = ? AND code >= ? AND code < ?"
    )
    found: dict[tuple[str, int], tuple[int, int, int, int]] = {
        (row[0], row[1]): row[2:] for row in store.fixed(sql, digits, *bounds(area))
    }
    rows = []
    for code in sorted({code for code, _ in found}):
        squares = [_share(year, found.get((code, year)), words) for year in years]
        rows.append(HeatRow(area_name(store, words, code), None, code, squares))
    return rows


def area_name(store: Store, words: Words, code: str) -> str:
    """Return the name of a region; what belongs to none of the regions within it is its own level."""
    if code == NO_REGION:
        return str(words["no_region"])
    name = store.region_name(code)
    return words.say("own_level", region=name) if len(code) > 2 and code.endswith("00") else name


def _share(year: int, found: tuple[int, int, int, int] | None, words: Words) -> Square:
    """Return the share of the reports that are due, with the number it is a share of."""
    if found is None or not found[1]:
        return Square(year, "none", words["cell_none"], None, "", "")
    count, due, late, errors = found
    parts = [f"{count} / {due}"]
    if late:
        parts.append(f"{words['legend_late']}: {late}")
    if errors:
        parts.append(f"{words['legend_errors']}: {errors}")
    kind = f"share{min(int(4 * count / due), 4)}" if count else "missing"
    return Square(year, kind, "; ".join(parts), None, f"{count / due:.0%}", f"{count:,}/{due:,}")


def _agencies(store: Store, words: Words, area: str, years: list[int]) -> list[HeatRow]:
    sql = (
        "SELECT agency_id, fiscal_year, status, report_id, days_late, errors, due_on, published_on "
        "FROM coverage WHERE region_code >= ? AND region_code < ?"
    )
    found = {(row[0], row[1]): row[2:] for row in store.query(sql, bounds(area))}
    rows = []
    for agency in store.agencies_in(area, MOST_AGENCIES):
        squares = [_square(year, found.get((agency.agency_id, year)), words) for year in years]
        rows.append(HeatRow(agency.name, agency.slug, None, squares))
    return rows


def _square(year: int, found: tuple[Any, ...] | None, words: Words) -> Square:
    if found is None:
        return Square(year, "none", words["cell_none"], None, "", "")
    status, report_id, late, errors, due_on, published_on = found
    kind = {"published": "ok", "unknown": "none"}.get(status, status)
    parts = [words["cell_none"] if kind == "none" else words[f"legend_{kind}"]]
    if published_on:
        parts.append(words.say("cell_published", date=published_on))
    if status == "late":
        parts.append(words.say("late", days=late))
    if status == "missing" and due_on:
        parts.append(words.say("cell_due", date=due_on))
    if errors:
        parts.append(words.say("cell_errors", count=errors))
    kind = "errors" if errors else kind
    return Square(year, kind, ", ".join(parts), report_id, str(errors) if errors else "", "")


def _newest(store: Store) -> list[tuple[Row, Agency | None]]:
    return [(row, store.agency_of(row.get("agency_id"))) for row in store.newest(_NEWEST)]
