"""The second look at sums that empty cells left open, with those cells taken as 0; kept apart."""

from parsers.checks.case import EMPTY_STATUSES, Case, Failure
from parsers.checks.identities import Broken, Identity, failure_of, report_sums, sums
from parsers.checks.requests import blank_totals
from parsers.records import CellKey, Number

ASSUMPTION = "blank_as_zero"


def second_pass(case: Case) -> tuple[list[tuple[str, Failure]], dict[str, tuple[int, int, int]]]:
    """Return the failures under the assumption, and passed, failed and still open per rule.

    Only statements with at least one printed figure are looked at: a table of blanks says nothing.
    """
    first = {rule: found.missing for rule, found in report_sums(case).items() if found.missing}
    assumed = _assumed(case) if first else None
    if assumed is None:
        return [], {}
    failures: list[tuple[str, Failure]] = []
    counts = {}
    # Where T3-07 shows that totals were left out, taking them as 0 is known to be wrong.
    left_out = set(blank_totals(case))
    second = sums(case, assumed=assumed)
    explained = _explained(case, [one for found in second.values() for one in found.broken])
    for rule, found in second.items():
        missing = first.get(rule, ())
        asked = {one for one in missing if _has_figure(case, one) and not left_out & set(one.found)}
        broken = [one for one in found.broken if one.identity in asked]
        fails = [
            one for one in broken
            if _has_both_sides(case, one.identity)
            and not {(cell, one.found - one.expected) for cell in _missing(case, one)} & explained
        ]  # fmt: skip
        open_ = len(asked & set(found.missing)) + len(missing) - len(asked) + len(broken) - len(fails)
        passes = len(missing) - open_ - len(fails)
        if passes or fails:
            counts[rule] = (passes, len(fails), open_)
        failures += [(rule, _assumed_failure(case, one)) for one in fails]
    return sorted(failures, key=lambda item: item[0]), dict(sorted(counts.items()))


def _assumed_failure(case: Case, broken: Broken) -> Failure:
    identity = broken.identity
    empty = sum(cell not in case.values for cell in identity.expected + identity.found)
    return failure_of(broken, assumption=ASSUMPTION, say="assumed", values={"empty": empty})


def _assumed(case: Case) -> dict[CellKey, Number] | None:
    empty = [fact.key for fact in case.report.facts if fact.status in EMPTY_STATUSES]
    return {**case.values, **dict.fromkeys(empty, 0)} if empty else None


def _has_figure(case: Case, identity: Identity) -> bool:
    return any(cell in case.values for cell in identity.expected + identity.found)


def _has_both_sides(case: Case, identity: Identity) -> bool:
    """Say whether parts and total each print a figure: a whole side of blanks was left out, it is not 0."""
    sides = (identity.expected, identity.found)
    return all(any(cell in case.values for cell in side) for side in sides)


def _explained(case: Case, broken: list[Broken]) -> set[tuple[CellKey, Number]]:
    """Return the outcomes of which T3-12 says that they are missing, each with the figure that would fit."""
    gaps = ((_missing(case, one), one.found - one.expected) for one in broken if one.identity.rule == "T3-02")
    return {(cells[0], gap) for cells, gap in gaps if len(cells) == 1 and gap > 0}


def _missing(case: Case, broken: Broken) -> list[CellKey]:
    return [cell for cell in broken.identity.expected if cell not in case.values]
