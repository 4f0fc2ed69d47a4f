"""The smallest sets of cells whose change would make every statement hold; proposals, never applied."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from parsers.checks.case import Case
from parsers.checks.identities import Broken, Identity, groups, identities, report_sums
from parsers.records import CellKey, Number

MOST_LISTED = 10
# A cell stands in four statements at most (with printed subtotals), so more cannot come from two cells.
_MOST_BROKEN = 8


class Change(NamedTuple):
    """One cell, the printed figure and the one that would fit."""

    cell: CellKey
    printed: Number
    proposed: Number


class _System(NamedTuple):
    """The assessable statements of one table as signed memberships."""

    gaps: dict[int, Number]
    """Statement -> how far its right side is above its left side; 0 where it holds."""
    members: dict[int, dict[CellKey, int]]
    of_cell: dict[CellKey, dict[int, int]]


def proposals(
    case: Case, broken: tuple[Broken, ...], left_out: frozenset[Identity] = frozenset()
) -> tuple[Change | tuple[Change, Change], ...]:
    """Return all sets of the smallest size (one cell, else two) that mend every broken statement."""
    if not broken or len(broken) > _MOST_BROKEN:
        return ()
    system = _system(case, broken, left_out)
    singles = tuple(_singles(case, system))
    return singles or tuple(_pairs(case, system))


def _system(case: Case, broken: tuple[Broken, ...], left_out: frozenset[Identity]) -> _System:
    tables = {item.identity.found[0][0] for item in broken}
    stated: list[tuple[Identity, Number]] = [(item.identity, item.found - item.expected) for item in broken]
    known = {_name(item.identity) for item in broken} | {_name(identity) for identity in left_out}
    for identity in identities(case.era or ""):
        if identity.found[0][0] not in tables or _name(identity) in known:
            continue
        if all(cell in case.values for cell in identity.expected + identity.found):
            stated.append((identity, 0))
    members = [{**dict.fromkeys(one.expected, -1), **dict.fromkeys(one.found, 1)} for one, _ in stated]
    of_cell: dict[CellKey, dict[int, int]] = {}
    for number, cells_of in enumerate(members):
        for cell, sign in cells_of.items():
            of_cell.setdefault(cell, {})[number] = sign
    return _System({n: gap for n, (_, gap) in enumerate(stated)}, dict(enumerate(members)), of_cell)


def _name(identity: Identity) -> tuple[str, tuple[CellKey, ...]]:
    return identity.rule, identity.found


def _singles(case: Case, system: _System) -> Iterator[Change]:
    targets = {number for number, gap in system.gaps.items() if gap}
    for cell in system.members[min(targets)]:
        signs = system.of_cell[cell]
        steps = {-system.gaps[number] * sign for number, sign in signs.items()}
        if set(signs) == targets and len(steps) == 1:
            yield from _possible(case, cell, steps.pop())


def _possible(case: Case, cell: CellKey, step: Number) -> Iterator[Change]:
    printed = case.values[cell]
    proposed = printed + step
    if step and proposed >= 0 and proposed == int(proposed):
        yield Change(cell, printed, int(proposed))


def _pairs(case: Case, system: _System) -> Iterator[tuple[Change, Change]]:
    targets = {number for number, gap in system.gaps.items() if gap}
    seen: set[frozenset[CellKey]] = set()
    for one in system.members[min(targets)]:
        open_targets = targets - set(system.of_cell[one])
        near = [min(open_targets)] if open_targets else list(system.of_cell[one])
        for other in dict.fromkeys(cell for number in near for cell in system.members[number]):
            pair = frozenset((one, other))
            if one == other or pair in seen:
                continue
            seen.add(pair)
            steps = _solve(system, targets, one, other)
            if steps is None:
                continue
            for first in _possible(case, one, steps[0]):
                yield from ((first, second) for second in _possible(case, other, steps[1]))


def _solve(system: _System, targets: set[int], one: CellKey, other: CellKey) -> tuple[Number, Number] | None:
    """Return the two changes that close every gap, None when there is no single answer."""
    left, right = system.of_cell[one], system.of_cell[other]
    touched = set(left) | set(right)
    if not targets <= touched:
        return None
    rows = [(left.get(n, 0), right.get(n, 0), -Fraction(system.gaps[n])) for n in sorted(touched)]
    a1, b1, c1 = rows[0]
    solution = None
    for a2, b2, c2 in rows[1:]:
        determinant = a1 * b2 - a2 * b1
        if determinant:
            solution = (c1 * b2 - c2 * b1) / determinant, (a1 * c2 - a2 * c1) / determinant
            break
    if solution is None or any(a * solution[0] + b * solution[1] != c for a, b, c in rows):
        return None
    if any(step.denominator != 1 for step in solution):
        return None
    return int(solution[0]), int(solution[1])


def as_records(case: Case, found: tuple[Change | tuple[Change, Change], ...]) -> tuple[dict[str, Any], ...]:
    """Return the proposals as plain dictionaries; more than ten become their number."""
    if len(found) > MOST_LISTED:
        return ({"candidates": len(found)},)
    records = []
    for item in found:
        changes = (item,) if isinstance(item, Change) else item
        record: dict[str, Any] = {"cells": [_record(change) for change in changes]}
        looks = _looks_like(case, changes)
        records.append({**record, "looks_like": looks} if looks else record)
    return tuple(records)


def _record(change: Change) -> dict[str, Any]:
    return {"cell": list(change.cell), "printed": change.printed, "proposed": change.proposed}


def _looks_like(case: Case, changes: tuple[Change, ...]) -> str | None:
    if len(changes) == 2:
        return _exchange(case, *changes)
    printed, proposed = str(changes[0].printed), str(changes[0].proposed)
    if len(printed) == len(proposed):
        differing = [n for n in range(len(printed)) if printed[n] != proposed[n]]
        if len(differing) == 2 and differing[1] == differing[0] + 1 and sorted(printed) == sorted(proposed):
            return "digits_exchanged"
    doubled = {proposed[: n + 1] + proposed[n:] for n in range(len(proposed))}
    return "digit_doubled" if printed in doubled else None


def _exchange(case: Case, one: Change, other: Change) -> str | None:
    if (one.printed, one.proposed) != (other.proposed, other.printed):
        return None
    if one.cell[1] == other.cell[1]:
        return "figures_exchanged"
    rows = groups(case.era or "").get("rows", ())
    if one.cell[2] == other.cell[2] and one.cell[1] in rows and other.cell[1] in rows:
        return "row_shifted" if abs(rows.index(one.cell[1]) - rows.index(other.cell[1])) == 1 else None
    return None


def report_proposals(case: Case) -> dict[tuple[CellKey, ...], tuple[dict[str, Any], ...]]:
    """Return the proposals for each broken statement, by its cells (found first), computed once.

    Table 3 is solved as one, because two slips may hide behind a sum that holds; elsewhere only statements
    that share a cell are solved together.
    """
    if "proposals" not in case.memory:
        case.memory["proposals"] = _proposals_of(case)
    known: dict[tuple[CellKey, ...], tuple[dict[str, Any], ...]] = case.memory["proposals"]
    return known


def _proposals_of(case: Case) -> dict[tuple[CellKey, ...], tuple[dict[str, Any], ...]]:
    broken = [one for found in report_sums(case).values() for one in found.broken]
    every = frozenset(one.identity for one in broken)
    result = {}
    for together in _components(broken):
        records = as_records(case, proposals(case, tuple(together), every))
        result.update({one.identity.found + one.identity.expected: records for one in together})
    return result


def _components(broken: list[Broken]) -> list[list[Broken]]:
    components: list[tuple[set[CellKey] | None, list[Broken]]] = []
    for one in broken:
        cells = set(one.identity.found + one.identity.expected)
        whole = one.identity.found[0][0] == "requests"
        joined: list[Broken] = []
        rest: list[tuple[set[CellKey] | None, list[Broken]]] = []
        for known, members in components:
            if (whole and known is None) or (not whole and known is not None and known & cells):
                joined += members
                cells |= known or set()
            else:
                rest.append((known, members))
        components = [*rest, (None if whole else cells, [*joined, one])]
    return [members for _, members in components]
