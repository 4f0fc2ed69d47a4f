"""Checks of table 3 that are more than a sum."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.claims import fee_notices, mentions_fee_notices
from parsers.checks.identities import counted_cells, groups
from parsers.checks.sentences import snippet
from parsers.records import CellKey

_BASE = 30
"""Smallest denominator of a share that is worth a word."""
_LARGE_SHARE = Decimal("0.3")


def _request(row: str, column: str = "total") -> CellKey:
    return ("requests", row, column)


def check_counts(case: Case) -> Iterator[Verdict]:
    """T3-06: every reported figure of table 3 is a whole number and not negative.

    Columns and rows the body added (a share, a number of the line) may be anything.
    """
    counted = counted_cells(case.era or "", "requests")
    for fact in case.report.facts:
        if fact[0] == "requests" and fact[:3] in counted:
            value = fact.value
            if fact.status != "reported" or value is None:
                yield NOT_ASSESSABLE
            elif value >= 0 and (type(value) is int or value == int(value)):
                yield PASS
            else:
                yield Failure(cells=(fact.key,), found=value, values={"raw": fact.raw})


def blank_totals(case: Case) -> tuple[CellKey, ...]:
    """Return the empty total cells of outcome rows that have applicants, when （七） prints its total."""
    if _request("concluded") not in case.values:
        return ()
    named = groups(case.era or "")
    found = []
    for row in named.get("leaves", ()):
        if any(case.values.get(_request(row, column), 0) != 0 for column in named["applicants"]):
            total = case.facts.get(_request(row))
            if total is None or total.status != "blank":
                return ()
            found.append(total.key)
    return tuple(found)


def check_blank_totals(case: Case) -> Iterator[Verdict]:
    """T3-07: the column of totals is blank in every outcome row that has figures."""
    if _request("concluded") not in case.values:
        yield NOT_ASSESSABLE
        return
    cells, named = blank_totals(case), groups(case.era or "")
    applicants = named["applicants"]
    if not cells:
        printed = (*applicants, "total")
        seen = any(_request(row, column) in case.values for row in named["leaves"] for column in printed)
        yield PASS if seen else NOT_ASSESSABLE
        return
    proposed: list[dict[str, Any]] = []
    for _, row, _ in cells:
        figures = case.figures(*(_request(row, column) for column in applicants))
        if figures is not None:
            proposed.append(
                {"cells": [{"cell": list(_request(row)), "printed": None, "proposed": sum(figures)}]}
            )
    yield Failure(cells=cells, values={"count": len(cells)}, proposal=tuple(proposed))


def check_nothing_done(case: Case) -> Iterator[Verdict]:
    """T3-08: requests came in, none was concluded and none is left."""
    cells = _request("received"), _request("concluded"), _request("carried_forward")
    figures = case.figures(*cells)
    if figures is None:
        yield NOT_ASSESSABLE
    elif figures[0] > 0 and figures[1] == 0 and figures[2] == 0:
        yield Failure(cells=cells, found=figures[0], refines="T3-01")
    else:
        yield PASS


def check_carried_forward(case: Case) -> Iterator[Verdict]:
    """T3-09: no more is carried forward than there was."""
    for column in groups(case.era or "").get("columns", ()):
        cells = tuple(_request(row, column) for row in ("carried_forward", "received", "carried_in"))
        figures = case.figures(*cells)
        if figures is None:
            yield NOT_ASSESSABLE
        elif figures[0] > figures[1] + figures[2]:
            yield Failure(cells=cells, expected=figures[1] + figures[2], found=figures[0], refines="T3-01")
        else:
            yield PASS


def check_large_carry(case: Case) -> Iterator[Verdict]:
    """T3-10: a large share of the year's requests is still open."""
    cells = tuple(_request(row) for row in ("carried_forward", "received", "carried_in"))
    figures = case.figures(*cells)
    if figures is None:
        yield NOT_ASSESSABLE
        return
    base = figures[1] + figures[2]
    share = Decimal(figures[0]) / Decimal(base) if base >= _BASE else Decimal(0)
    if share > _LARGE_SHARE:
        percent = f"{share * 100:.1f}%"
        yield Failure(
            cells=cells, found=figures[0], values={"share": percent, "base": base},
            evidence={"ratio": percent, "base": base},
        )  # fmt: skip
    else:
        yield PASS


def check_fee_notices(case: Case) -> Iterator[Verdict]:
    """T3-14: requests dropped for an unpaid fee need a fee notice."""
    cell: CellKey = ("requests", "other_fee_unpaid", "total")
    value = case.values.get(cell)
    if value is None:
        yield NOT_ASSESSABLE
        return
    if value == 0:
        yield PASS
        return
    stated = fee_notices(case)
    if stated is not None and stated[0] > 0:
        yield PASS
    elif stated is not None:
        values = {"sentence": stated[1].quote}
        yield Failure(
            cells=(cell,), expected=0, found=value, values=values, evidence={"sentence": snippet(stated[1])}
        )
    elif 6 in case.sections and not mentions_fee_notices(case):
        yield Failure(cells=(cell,), expected=0, found=value, say="no_statement", evidence={"sentence": None})
    else:
        yield NOT_ASSESSABLE
