"""Checks of table 3, table 4 and the list of 2014 that are more than a sum."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from parsers.checks.case import EMPTY_STATUSES, NOT_ASSESSABLE, PASS, Case, Failure, Verdict, plain
from parsers.checks.identities import Broken, Identity, groups, report_sums
from parsers.checks.labels import table_name
from parsers.records import CellKey, Fact, Number, Where

_MANY_EMPTY = {"requests": 10, "disputes": 5}
_BASE = 30
"""Smallest denominator of a share that is worth a word."""
_LARGE_SHARE = Decimal("0.3")


def _request(row: str, column: str = "total") -> CellKey:
    return ("requests", row, column)


def _is_count(value: Number) -> bool:
    return value >= 0 and value == int(value)


def check_counts(case: Case) -> Iterator[Verdict]:
    """T3-06: every reported figure of table 3 is a whole number and not negative."""
    for fact in case.report.facts:
        if fact.table == "requests":
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
    cells = blank_totals(case)
    if not cells:
        yield PASS
        return
    applicants = groups(case.era or "")["applicants"]
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


def check_empty_cells(case: Case) -> Iterator[Verdict]:
    """T3-17: many cells of a table are empty."""
    for table, most in _MANY_EMPTY.items():
        facts = case.table_facts(table)
        if not facts:
            yield NOT_ASSESSABLE
            continue
        counts = Counter[str](fact.status for fact in facts)
        empty = sum(counts[status] for status in EMPTY_STATUSES)
        if empty <= most:
            yield PASS
            continue
        yield Failure(
            cells=tuple(fact.key for fact in facts if fact.status in EMPTY_STATUSES),
            found=empty,
            values={"all": len(facts), "table": table_name(case.era, table)},
            evidence={"statuses": dict(sorted(counts.items()))},
        )


def check_table3_there(case: Case) -> Iterator[Verdict]:
    """T3-18: section 三 has its table."""
    if 3 not in case.sections:
        yield NOT_ASSESSABLE
    elif case.table_facts("requests"):
        yield PASS
    else:
        yield missing_table(case, cells=())


def missing_table(case: Case, cells: tuple[CellKey, ...], **more: Any) -> Failure:
    """Return the failure of a table that is not in the text; ours where an image or a file may hold it."""
    reading = case.report.reading
    instead = "image" if reading.images else "attachment" if reading.attachments else "text"
    return Failure(
        cells=cells, found=0, say=instead, origin=None if instead == "text" else "reading",
        evidence={"instead": instead, "text": case.sections.get(3, "")[:80]}, **more,
    )  # fmt: skip


def check_disputes_complete(case: Case) -> Iterator[Verdict]:
    """T4-04: table 4 has its fifteen figures, each a whole number and not negative."""
    facts = [fact for fact in case.report.facts if fact.table == "disputes" and not fact.row.startswith("x_")]
    there = [fact for fact in facts if fact.status != "absent"]
    wrong = tuple(
        f.key for f in there if f.status == "reported" and f.value is not None and not _is_count(f.value)
    )
    if not there:
        # A table that is missing as a whole is one problem, named by S-02.
        yield missing_table(case, tuple(fact.key for fact in facts), expected=15, refines="S-02")
    elif len(there) < 15:
        lost = all(fact.status == "ambiguous" for fact in there)
        yield Failure(
            cells=tuple(fact.key for fact in facts if fact.status == "absent"), expected=15, found=len(there),
            say="missing", origin="reading" if lost else None,
        )  # fmt: skip
    elif wrong:
        yield Failure(cells=wrong, found=case.values[wrong[0]])
    elif any(fact.status != "reported" for fact in there):
        yield NOT_ASSESSABLE
    else:
        yield PASS


def check_more_disputes(case: Case) -> Iterator[Verdict]:
    """T4-06: more reviews and suits than decisions."""
    cells = tuple(("disputes", row, "total") for row in ("review", "suit_direct", "suit_after_review"))
    figures = case.figures(*cells, _request("concluded"))
    if figures is None:
        yield NOT_ASSESSABLE
    elif figures[3] >= 10 and sum(figures[:3]) > figures[3]:
        yield Failure(cells=(*cells, _request("concluded")), expected=figures[3], found=sum(figures[:3]))
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


def _statistic(row: str) -> CellKey:
    return ("statistics", row, "value")


def _at_most(case: Case, part: str, *whole: str) -> Verdict:
    """Say whether one figure of the list is not above the sum of others."""
    cells = tuple(_statistic(row) for row in (part, *whole))
    figures = case.figures(*cells)
    if figures is None:
        return NOT_ASSESSABLE
    limit = sum(figures[1:])
    return PASS if figures[0] <= limit else Failure(cells=cells, expected=limit, found=figures[0])


def check_channels(case: Case) -> Iterator[Verdict]:
    """G-07: the channels together cover the distinct items."""
    channels = ("s1_ch_gazette", "s1_ch_website", "s1_ch_weibo", "s1_ch_wechat", "s1_ch_other")
    yield _at_most(case, "s1_proactive_items", *channels)


def check_normative_part(case: Case) -> Iterator[Verdict]:
    """G-08: published normative documents are a part of what was published and of what was issued."""
    yield _at_most(case, "s1_proactive_normative_docs", "s1_proactive_items")
    yield _at_most(case, "s1_proactive_normative_docs", "s1_normative_docs_issued")


def check_heads_part(case: Case) -> Iterator[Verdict]:
    """G-09: what the head attended is a part of what was held."""
    yield _at_most(case, "s2_press_conf_head", "s2_press_conf")
    yield _at_most(case, "s2_online_interview_head", "s2_online_interview")


def check_closed_share(case: Case) -> Iterator[Verdict]:
    """G-10: not far more requests closed than received."""
    cells = _statistic("s3_closed"), _statistic("s3_received")
    figures = case.figures(*cells)
    if figures is None:
        yield NOT_ASSESSABLE
    elif 2 * figures[0] > 3 * figures[1]:
        ratio = f"{Decimal(figures[0]) / Decimal(figures[1]):.2f}" if figures[1] else None
        yield Failure(cells=cells, expected=figures[1], found=figures[0], values={"ratio": ratio})
    else:
        yield PASS
