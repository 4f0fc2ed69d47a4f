"""Columns of table 3 whose outcomes do not add up: what a single cell explains."""

from collections.abc import Iterator

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict, plain
from parsers.checks.catalogue import Bilingual
from parsers.checks.identities import Broken, Identity, report_sums
from parsers.checks.proposals import report_proposals
from parsers.records import CellKey


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
        cells=(unknown[0], identity.found[0]), found=total, say="missing" if rest else "zero",
        values={"residual": rest, "state": _state(case, unknown[0])},
        proposal=({"cells": [change]},), evidence={"row": unknown[0][1], "residual": rest},
    )  # fmt: skip


def _state(case: Case, cell: CellKey) -> Bilingual:
    """Return in words why a cell gives no figure."""
    fact = case.facts.get(cell)
    if fact is None or fact.status == "absent":
        return Bilingual("is not in the document", "在文中缺失")
    if fact.status == "unreadable":
        return Bilingual(
            f"prints “{fact.raw}”, which is no single figure", f"填写“{fact.raw}”，不能读作一个数"
        )
    if fact.status == "ambiguous":
        return Bilingual("belongs to a row whose figures cannot be placed", "所在行数字归属不定")
    return Bilingual("has no figure", "未填数字")


def _left_out(case: Case, broken: Broken) -> Verdict:
    gap = broken.found - broken.expected
    equal = [cell for cell in broken.identity.expected if case.values[cell] == abs(gap)]
    if len(equal) != 1 or _is_elsewhere(case, broken):
        return PASS
    return Failure(
        cells=(equal[0], broken.identity.found[0]), expected=broken.expected, found=broken.found,
        say="left_out" if gap < 0 else "twice", values={"residual": abs(gap)},
        evidence={"row": equal[0][1], "residual": abs(gap)},
    )  # fmt: skip


def _is_elsewhere(case: Case, broken: Broken) -> bool:
    """Say whether every smallest set of wrong cells leaves the total of the column as it is."""
    known = report_proposals(case).get(broken.identity.found + broken.identity.expected, ())
    total = list(broken.identity.found[0])
    named = [[change["cell"] for change in one["cells"]] for one in known if "cells" in one]
    return bool(named) and not any(total in cells for cells in named)
