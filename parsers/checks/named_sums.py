"""Sums of cells that sentences may state, by name."""

from functools import cache

from parsers.checks.case import Case
from parsers.checks.catalogue import Bilingual
from parsers.checks.identities import groups
from parsers.checks.sentences import narrative
from parsers.records import CellKey, Number


@cache
def _sum_cells(era: str) -> dict[str, tuple[CellKey, ...]]:
    named = groups(era)
    result = {}
    for name, cells in narrative()["sums"]["stat2014" if era == "stat2014" else "fmt"].items():
        spread: list[CellKey] = []
        for cell in cells:
            table, row, column = cell.split(".")
            rows = named[row[1:]] if row.startswith("@") else (row,)
            spread += [(table, one, column) for one in rows]
        result[name] = tuple(spread)
    return result


def sum_cells(case: Case, name: str) -> tuple[CellKey, ...]:
    """Return the cells of a named sum in the form of the report; none where the form has no such sum."""
    return _sum_cells(case.era).get(name, ()) if case.era and case.era != "pre2014" else ()


def sum_value(case: Case, name: str) -> Number | None:
    """Return a named sum; None when a cell of it is not reported."""
    cells = sum_cells(case, name)
    figures = case.figures(*cells)
    return sum(figures) if cells and figures is not None else None


def all_sums(case: Case) -> dict[str, Number]:
    """Return every named sum that is known."""
    names = _sum_cells(case.era) if case.era and case.era != "pre2014" else {}
    values = {name: sum_value(case, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def sum_name(name: str) -> Bilingual:
    """Return what messages call a named sum."""
    return Bilingual(**narrative()["names"][name])
