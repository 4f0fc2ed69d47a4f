"""Checks of table 4 that are more than a sum."""

import re
from collections.abc import Iterator

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.catalogue import Bilingual
from parsers.checks.identities import counted_cells
from parsers.checks.labels import cell_name, joined
from parsers.checks.messages import shown
from parsers.checks.printing import missing_table
from parsers.records import CellKey, Number

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_CONCLUDED: CellKey = ("requests", "concluded", "total")


def _is_count(value: Number) -> bool:
    return value >= 0 and value == int(value)


def check_disputes_complete(case: Case) -> Iterator[Verdict]:
    """T4-04: table 4 has its fifteen figures, each a whole number and not negative."""
    known = counted_cells(case.era or "", "disputes")
    facts = [fact for fact in case.report.facts if fact[0] == "disputes" and fact[:3] in known]
    there = [fact for fact in facts if fact.status != "absent"]
    wrong = tuple(
        f.key for f in there if f.status == "reported" and f.value is not None and not _is_count(f.value)
    )
    if not there:
        # A table that is missing as a whole is one problem, named by S-02.
        yield missing_table(case, tuple(fact.key for fact in facts), expected=15, refines="S-02")
    elif len(there) < 15:
        absent = tuple(fact.key for fact in facts if fact.status == "absent")
        # A row that is missing as a whole is named by S-02.
        whole = {fact.row for fact in facts} - {fact.row for fact in there}
        yield Failure(
            cells=absent, expected=15, found=len(there), say="row" if whole else "missing",
            refines="S-02" if whole else None,
        )  # fmt: skip
    elif all(fact.status == "ambiguous" for fact in there):
        # Only the row is known, not its places: every cell holds it, and its figures can still be counted.
        # Cells that each hold what several reports print in their place are all there.
        figures = len(_FIGURE.findall(there[0].raw or ""))
        if figures in (0, 15) or len({fact.raw for fact in there}) > 1:
            yield NOT_ASSESSABLE
        else:
            cells = tuple(fact.key for fact in there)
            yield Failure(cells=cells, expected=15, found=figures, say="missing", origin="reading")
    elif wrong:
        names = joined(_named(case, cell) for cell in wrong)
        yield Failure(cells=wrong, found=case.values[wrong[0]], values={"wrong": names})
    elif any(fact.status != "reported" for fact in there):
        yield NOT_ASSESSABLE
    else:
        yield PASS


def _named(case: Case, cell: CellKey) -> Bilingual:
    name, value = cell_name(case, cell), case.values[cell]
    return Bilingual(f"“{name.en}” prints {shown(value)}", f"“{name.zh}”填写{shown(value, 'zh')}")


def check_more_disputes(case: Case) -> Iterator[Verdict]:
    """T4-06: more reviews and suits than decisions."""
    cells = tuple(("disputes", row, "total") for row in ("review", "suit_direct", "suit_after_review"))
    figures = case.figures(*cells, _CONCLUDED)
    if figures is None:
        yield NOT_ASSESSABLE
    elif figures[3] >= 10 and sum(figures[:3]) > figures[3]:
        yield Failure(cells=(*cells, _CONCLUDED), expected=figures[3], found=sum(figures[:3]))
    else:
        yield PASS


def check_direct_suits(case: Case) -> Iterator[Verdict]:
    """T4-07: direct suits in a year in which review comes first."""
    cell: CellKey = ("disputes", "suit_direct", "total")
    year = case.identity.fiscal_year
    if year is not None and year < 2024:
        return
    if year is None or cell not in case.values:
        yield NOT_ASSESSABLE
    elif case.values[cell] > 0:
        yield Failure(cells=(cell,), found=case.values[cell])
    else:
        yield PASS
