"""Rows of table 3 that add up only one column to the side: our placing is in doubt, and the facts say so."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, NamedTuple, TypeAlias

from parsers.checks.case import Case, Failure, Verdict, plain
from parsers.checks.catalogue import Bilingual
from parsers.checks.identities import Broken, Identity, identities, report_sums
from parsers.records import CellKey, Fact, Number, Report, Where

IN_DOUBT = "the row adds up one column to the side"
"""Note of a cell whose row adds up only one column to the side."""
_SIDES = {"left": Bilingual("left", "左"), "right": Bilingual("right", "右")}
_COLUMN_SUMS = frozenset({"T3-01", "T3-02"})
Side: TypeAlias = Literal["left", "right"]


class Shift(NamedTuple):
    """A row that does not add up as placed, and does when moved by one column."""

    broken: Broken
    side: Side
    cells: tuple[CellKey, ...]
    """The row from left to right, the cell beyond its edge among them."""
    placed: tuple[Number, ...]
    moved: tuple[Number, ...]
    confirmed: bool = False
    """True when every column the row stands in adds up as well once it is moved."""


def unshifted(report: Report, case: Case) -> tuple[Report, tuple[Shift, ...]]:
    """Return the report with shifted rows put right or held back, and what they were.

    A row the columns confirm is moved (method `position`); the cells of others become `ambiguous`.
    """
    found = tuple(_shifts(case))
    if not found:
        return report, ()
    shifts = tuple(_confirmed(case, found))
    changed: dict[CellKey, Fact] = {}
    for shift in shifts:
        changed.update(_moved(case, shift) if shift.confirmed else _held_back(case, shift))
    return replace(report, facts=tuple(changed.get(fact.key, fact) for fact in report.facts)), shifts


def _shifts(case: Case) -> Iterator[Shift]:
    sums = report_sums(case).get("T3-03")
    for broken in sums.broken if sums else ():
        row = broken.identity.expected + broken.identity.found
        placed = tuple(case.values[cell] for cell in row)
        sides: tuple[tuple[Side, CellKey, int], ...] = (("left", row[-1], 1), ("right", row[0], -1))
        for side, edge, step in sides:
            beyond = _neighbour(case, case.facts[edge], step)
            if beyond is None:
                continue
            value = case.values[beyond]
            moved = (*placed[1:], value) if side == "left" else (value, *placed[:-1])
            if sum(moved[:-1]) == moved[-1]:
                cells = (*row, beyond) if side == "left" else (beyond, *row)
                yield Shift(broken, side, cells, placed, moved)
                break


def _neighbour(case: Case, fact: Fact, step: int) -> CellKey | None:
    if fact.where is None:
        return None
    place = Where(fact.where.table, fact.where.row, fact.where.column + step)
    for other in case.report.facts:
        # A printed subtotal of the organisations is a column of its own, not a figure out of place.
        if other.where == place and other.key in case.values and other.column != "x_org_total":
            return other.key
    return None


def _row(shift: Shift) -> tuple[CellKey, ...]:
    return shift.broken.identity.expected + shift.broken.identity.found


def _confirmed(case: Case, shifts: tuple[Shift, ...]) -> Iterator[Shift]:
    """Yield the shifts, each saying whether the columns add up once all of them are moved."""
    values = dict(case.values)
    for shift in shifts:
        values.update(zip(_row(shift), shift.moved, strict=True))
    columns = [one for one in identities(case.era or "") if one.rule in _COLUMN_SUMS]
    for shift in shifts:
        own = set(_row(shift))
        sums = [one for one in columns if own & {*one.expected, *one.found}]
        yield shift._replace(confirmed=bool(sums) and all(_holds(one, values) for one in sums))


def _holds(identity: Identity, values: dict[CellKey, Number]) -> bool:
    sides = [[values.get(cell) for cell in cells] for cells in (identity.expected, identity.found)]
    left, right = ([figure for figure in side if figure is not None] for side in sides)
    complete = len(left) == len(identity.expected) and len(right) == len(identity.found)
    return complete and sum(left) == sum(right)


def _moved(case: Case, shift: Shift) -> dict[CellKey, Fact]:
    """Return the facts of a row with what is printed one column on; the edge takes what is left over."""
    step = 1 if shift.side == "left" else -1
    facts = [case.facts[cell] for cell in shift.cells]
    printed = facts[step:] + facts[:step]
    return {
        own.key: own._replace(
            value=other.value, status=other.status, raw=other.raw, where=other.where, method="position",
            note=own.note if own.key not in _row(shift) else None,
        )
        for own, other in zip(facts, printed, strict=True)
    }  # fmt: skip


def _held_back(case: Case, shift: Shift) -> dict[CellKey, Fact]:
    facts = (case.facts[cell] for cell in _row(shift))
    return {fact.key: fact._replace(value=None, status="ambiguous", note=IN_DOUBT) for fact in facts}


def check_shift(case: Case) -> Iterator[Verdict]:
    """T3-13: a row does not add up as placed and does when moved by one column: our placing is wrong."""
    sums = report_sums(case).get("T3-03")
    shifts: tuple[Shift, ...] = case.memory.get("shifts", ())
    if sums is None and not shifts:
        return
    moved = sum(shift.confirmed for shift in shifts)
    passed = sums.passed + len(sums.broken) - moved if sums else 0
    missing = len(sums.missing) - (len(shifts) - moved) if sums else 0
    yield from plain(passed, missing)
    for shift in shifts:
        yield _failure(case, shift)


def _failure(case: Case, shift: Shift) -> Failure:
    grid: list[dict[str, Any] | None] = []
    for cell in shift.cells:
        where = case.facts[cell].where
        grid.append(None if where is None else where._asdict())
    return Failure(
        cells=_row(shift), expected=shift.broken.expected, found=shift.broken.found,
        say="moved" if shift.confirmed else "default", values={"side": _SIDES[shift.side]},
        evidence={"placed": list(shift.placed), "shifted": list(shift.moved), "grid": grid},
    )  # fmt: skip
