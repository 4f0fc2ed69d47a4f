"""Rows and columns of table 3 that do not add up: what a single cell or our own placing explains."""

from collections.abc import Iterator

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict, plain
from parsers.checks.identities import Broken, Identity, report_sums
from parsers.records import Fact, Number, Where


def check_missing_outcome(case: Case) -> Iterator[Verdict]:
    """T3-12: one outcome row explains why the outcomes do not add up; a hint, only beside T3-02."""
    found = report_sums(case).get("T3-02")
    if found is None:
        return
    yield from plain(found.passed, 0)
    for identity in found.missing:
        yield _residual(case, identity)
    for broken in found.broken:
        yield _left_out(case, broken)


def _residual(case: Case, identity: Identity) -> Verdict:
    unknown = [cell for cell in identity.expected if cell not in case.values]
    total = case.values.get(identity.found[0])
    if total is None or len(unknown) != 1:
        return NOT_ASSESSABLE
    rest = total - sum(case.values[cell] for cell in identity.expected if cell != unknown[0])
    if rest < 0:
        return PASS
    change = {"cell": list(unknown[0]), "printed": None, "proposed": rest}
    return Failure(
        cells=(unknown[0], identity.found[0]), found=total, say="missing", values={"residual": rest},
        proposal=({"cells": [change]},), evidence={"row": unknown[0][1], "residual": rest},
    )  # fmt: skip


def _left_out(case: Case, broken: Broken) -> Verdict:
    gap = broken.found - broken.expected
    equal = [cell for cell in broken.identity.expected if case.values[cell] == abs(gap)]
    if len(equal) != 1:
        return PASS
    return Failure(
        cells=(equal[0], broken.identity.found[0]), expected=broken.expected, found=broken.found,
        say="left_out" if gap < 0 else "twice", values={"residual": abs(gap)},
        evidence={"row": equal[0][1], "residual": abs(gap)},
    )  # fmt: skip


def shifted_rows(case: Case) -> dict[Identity, tuple[tuple[Number, ...], str]]:
    """Return the rows of table 3 that add up once their figures move by one column, as moved."""
    if "shifted" not in case.memory:
        sums = report_sums(case).get("T3-03")
        shifts = {}
        for broken in sums.broken if sums else ():
            moved = _shift(case, broken)
            if moved is not None:
                shifts[broken.identity] = moved
                case.doubtful.update(broken.identity.expected + broken.identity.found)
        case.memory["shifted"] = shifts
    known: dict[Identity, tuple[tuple[Number, ...], str]] = case.memory["shifted"]
    return known


def _shift(case: Case, broken: Broken) -> tuple[tuple[Number, ...], str] | None:
    cells = broken.identity.expected + broken.identity.found
    figures = tuple(case.values[cell] for cell in cells)
    for side, edge_cell, step in (("left", cells[-1], 1), ("right", cells[0], -1)):
        edge = _neighbour(case, case.facts[edge_cell], step)
        if edge is None:
            continue
        moved = (*figures[1:], edge) if side == "left" else (edge, *figures[:-1])
        if sum(moved[:-1]) == moved[-1]:
            return moved, side
    return None


def _neighbour(case: Case, fact: Fact, step: int) -> Number | None:
    if fact.where is None:
        return None
    place = Where(fact.where.table, fact.where.row, fact.where.column + step)
    for other in case.report.facts:
        # A printed subtotal of the organisations is a column of its own, not a figure out of place.
        if other.where == place and other.status == "reported" and other.column != "x_org_total":
            return other.value
    return None


def check_shift(case: Case) -> Iterator[Verdict]:
    """T3-13: a row does not add up as placed and does when moved by one column: our placing is wrong."""
    sums = report_sums(case).get("T3-03")
    if sums is None:
        return
    yield from plain(sums.passed, len(sums.missing))
    shifts = shifted_rows(case)
    for broken in sums.broken:
        shift = shifts.get(broken.identity)
        if shift is None:
            yield PASS
            continue
        cells = broken.identity.expected + broken.identity.found
        placed = [case.values[cell] for cell in cells]
        yield Failure(
            cells=cells, expected=broken.expected, found=broken.found, say=shift[1],
            evidence={"placed": placed, "shifted": list(shift[0])},
        )  # fmt: skip


def check_row_sums(case: Case) -> Iterator[Verdict]:
    """T3-03: applicants add up to the total; rows that only lie one column off are left to T3-13."""
    sums = report_sums(case).get("T3-03")
    if sums is None:
        return
    yield from plain(sums.passed, len(sums.missing))
    shifts = shifted_rows(case)
    for broken in sums.broken:
        if broken.identity in shifts:
            yield NOT_ASSESSABLE
        else:
            cells = broken.identity.found + broken.identity.expected
            yield Failure(cells=cells, expected=broken.expected, found=broken.found)
