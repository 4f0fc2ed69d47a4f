"""Rules over two years of one body."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from parsers.checks.case import NOT_ASSESSABLE, PASS, Failure, Verdict
from parsers.checks.catalogue import Bilingual
from parsers.checks.identities import groups
from parsers.checks.panel.views import Link, Panel, ReportView, linked, reference
from parsers.records import CellKey, Number

_FORMS = ("fmt2019", "fmt2021")
_LEAST_CELLS = 5
_UNIT_RATIOS = ((Decimal(5000), Decimal(20000)), (Decimal("0.00005"), Decimal("0.0002")))
_JUMP, _JUMP_BASE = 5, 10
_PEERS = 5
_AMOUNTS: tuple[CellKey, ...] = (
    ("fees", "admin_fee", "amount_wan_yuan"),
    ("procurement", "gov_central_procurement", "total_amount"),
)
_MATTERS = (
    ("licensing", "admin_license"),
    ("licensing", "other_external_service"),
    ("enforcement", "admin_penalty"),
    ("enforcement", "admin_compulsion"),
    ("fees", "admin_fee"),
)
# Tables whose meaning changed with the form of 2021 (or is another list): no comparison over that border.
_SAME_FORM_ONLY = frozenset({"documents", "licensing", "enforcement"})
# Rows whose meaning moves at a known border inside table 3 and 4.
_BROKEN_ROWS = frozenset({"other", "other_no_correction", "other_fee_unpaid", "other_misc"})
_SUITS = frozenset({"suit_direct", "suit_after_review"})
_SUITS_BREAK = 2024


def _in_forms(view: ReportView) -> bool:
    return view.era in _FORMS


def _comparable(link: Link | None) -> Link | None:
    """Return a link whose reports cover the same; a changed scope makes figures another count."""
    if link is None:
        return None
    scopes = {view.scope for view in (link.current, *link.previous)} - {None}
    return link if len(scopes) <= 1 else None


def _before(link: Link) -> dict[str, object]:
    return {"previous": [reference(view) for view in link.previous], "link": link.how}


def counted_cells(era: str | None) -> tuple[CellKey, ...]:
    """Return the counts that are compared over years and among peers: totals and decisions."""
    if era not in _FORMS:
        return ()
    columns = (
        ("issued", "repealed", "in_force")
        if era == "fmt2021"
        else ("made_new", "disclosed_new", "disclosed_total")
    )
    cells: list[CellKey] = [("requests", row, "total") for row in groups(era)["rows"]]
    cells += [("disputes", row, "total") for row in ("review", "suit_direct", "suit_after_review")]
    cells += [
        ("documents", row, column) for row in ("regulation", "normative_document") for column in columns
    ]
    cells += [
        (table, row, "decisions") for table, row in _MATTERS[:-1] if (era, row) != ("fmt2021", _MATTERS[1][1])
    ]
    return tuple(cells)


def check_carried_over(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """T3-05: carried in equals last year's carried forward, total first."""
    for view, found in linked(panel):
        if not _in_forms(view) or (view.fiscal_year or 0) < 2020:
            continue
        link = _comparable(found)
        columns = groups(str(view.era))["columns"]
        for column in (columns[-1], *columns[:-1]):
            key: CellKey = ("requests", "carried_in", column)
            last: CellKey = ("requests", "carried_forward", column)
            yield (
                view.report_id,
                _equal(link, view, key, None if link is None else link.before(last), (last,)),
            )


def _equal(
    link: Link | None, view: ReportView, key: CellKey, expected: Number | None, other: tuple[CellKey, ...]
) -> Verdict:
    found = view.facts.get(key)
    if link is None or expected is None or found is None:
        return NOT_ASSESSABLE
    if found == expected:
        return PASS
    evidence = {**_before(link), "previous_cells": [list(cell) for cell in other]}
    return Failure(cells=(key,), expected=expected, found=found, evidence=evidence)


def check_same_table(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """T3-11: the whole of table 3 does not repeat last year's."""
    for view, link in linked(panel):
        if not _in_forms(view):
            continue
        if link is None or link.how == "merge" or not any(key[0] == "requests" for key in view.facts):
            yield view.report_id, NOT_ASSESSABLE
            continue
        yield view.report_id, _same_table(view, link)


def _same_table(view: ReportView, link: Link) -> Verdict:
    now, last = view.facts, link.previous[0].facts
    keys = [
        key for key in {*now, *last}
        if key[0] == "requests" and not (key[1].startswith("x_") or key[2].startswith("x_"))
        and (now.get(key) or last.get(key))
    ]  # fmt: skip
    both = [key for key in keys if key in now and key in last]
    if any(now[key] != last[key] for key in both):
        return PASS
    if len(both) < len(keys):
        return NOT_ASSESSABLE
    if len(keys) < _LEAST_CELLS:
        return PASS
    evidence = {**_before(link), "compared": len(keys), "equal": len(keys)}
    return Failure(found=len(keys), evidence=evidence, values={"count": len(keys)})


def check_suit_without_review(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """T4-05: suits after review need a review this year or last."""
    review: CellKey = ("disputes", "review", "total")
    suits: CellKey = ("disputes", "suit_after_review", "total")
    for view, link in linked(panel):
        if not _in_forms(view):
            continue
        now, later = view.facts.get(review), view.facts.get(suits)
        last = None if link is None else link.before(review)
        if link is None or now is None or later is None or last is None:
            yield view.report_id, NOT_ASSESSABLE
        elif now == 0 and last == 0 and later > 0:
            yield (
                view.report_id,
                Failure(cells=(suits, review), expected=0, found=later, evidence=_before(link)),
            )
        else:
            yield view.report_id, PASS


def check_stock(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """T2-01: the stock in force moves by what was issued and repealed."""
    for view, found in linked(panel):
        if view.era != "fmt2021" or (view.fiscal_year or 0) < 2022:
            continue
        link = _comparable(found)
        same_form = link is not None and all(one.era == "fmt2021" for one in link.previous)
        for row in ("regulation", "normative_document"):
            stock, issued, repealed = (("documents", row, c) for c in ("in_force", "issued", "repealed"))
            last = link.before(stock) if link is not None and same_form else None
            moves = view.facts.get(issued), view.facts.get(repealed)
            if last is None or moves[0] is None or moves[1] is None:
                yield view.report_id, NOT_ASSESSABLE
            else:
                verdict = _equal(link, view, stock, last + moves[0] - moves[1], (stock,))
                if isinstance(verdict, Failure):
                    verdict = replace(verdict, cells=(stock, issued, repealed))
                yield view.report_id, verdict


def check_list_continues(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """T2-08: the list of matters of 2020 starts where that of 2019 ended."""
    for view, found in linked(panel):
        if view.era != "fmt2019" or view.fiscal_year != 2020:
            continue
        link = _comparable(found)
        for table, row in _MATTERS:
            stock: CellKey = (table, row, "items_prev_year")
            change: CellKey = (table, row, "items_change")
            last = (None, None) if link is None else (link.before(stock), link.before(change))
            expected = None if last[0] is None or last[1] is None else last[0] + last[1]
            yield view.report_id, _equal(link, view, stock, expected, (stock, change))


def check_unit_slip(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """T2-12: an amount near 10,000 times last year's, or the median of peers, is a slip of unit."""
    medians = _peer_medians(panel)
    for view, link in linked(panel):
        if not _in_forms(view):
            continue
        for key in _AMOUNTS:
            if (key[0] == "fees") != (view.era == "fmt2021"):
                continue
            value = view.facts.get(key)
            last = None if link is None else link.before(key)
            others = {"last_year": last, "peers": medians.get((view.level, view.kind, view.fiscal_year, key))}
            yield view.report_id, _unit(view, key, value, others)


def _unit(view: ReportView, key: CellKey, value: Number | None, others: dict[str, Number | None]) -> Verdict:
    bases = {name: base for name, base in others.items() if base}
    if value is None or not bases:
        return NOT_ASSESSABLE
    for name, base in bases.items():
        ratio = Decimal(value) / Decimal(base)
        if any(low <= ratio <= high for low, high in _UNIT_RATIOS):
            words = (
                Bilingual("last year", "上年")
                if name == "last_year"
                else Bilingual("the median of peers", "同类中位数")
            )
            shown = f"{ratio.normalize():.3g}" if ratio < 1 else f"{ratio:.0f}"
            return Failure(
                cells=(key,), expected=base, found=value, basis=name,
                values={"ratio": shown if ratio < 1 else round(ratio), "basis": words},
                evidence={"ratio": shown, "compared_with": name},
            )  # fmt: skip
    return PASS


def _peer_medians(panel: Panel) -> dict[tuple[object, ...], Number]:
    amounts: dict[tuple[object, ...], list[Number]] = {}
    for year, views in panel.by_year.items():
        for view in views:
            for key in _AMOUNTS:
                value = view.facts.get(key)
                if value and view.kind and view.level and view.scope != "government_aggregate":
                    amounts.setdefault((view.level, view.kind, year, key), []).append(value)
    return {key: middle(values) for key, values in amounts.items() if len(values) > _PEERS}


def middle(values: list[Number]) -> Number:
    """Return the median of at least one figure."""
    ordered, half = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return ordered[half]
    total = ordered[half - 1] + ordered[half]
    return total // 2 if total % 2 == 0 else Decimal(total) / 2


def check_jump(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """T2-14: no count grows or falls more than fivefold, never over a break of the series."""
    for view, found in linked(panel):
        link = _comparable(found)
        for key in counted_cells(view.era):
            now = view.facts.get(key)
            last = None if link is None or _breaks(link, key) else link.before(key)
            if link is None or now is None or last is None:
                yield view.report_id, NOT_ASSESSABLE
            elif min(now, last) >= _JUMP_BASE and (now > _JUMP * last or now * _JUMP < last):
                ratio = f"{Decimal(now) / Decimal(last):.2f}"
                evidence = {**_before(link), "ratio": ratio}
                yield (
                    view.report_id,
                    Failure(
                        cells=(key,), expected=last, found=now, values={"ratio": ratio}, evidence=evidence
                    ),
                )
            else:
                yield view.report_id, PASS


def _breaks(link: Link, key: CellKey) -> bool:
    eras = {view.era for view in (link.current, *link.previous)}
    if not eras <= set(_FORMS):
        return True
    if len(eras) > 1 and (key[0] in _SAME_FORM_ONLY or key[1] in _BROKEN_ROWS):
        return True
    return key[1] in _SUITS and link.current.fiscal_year == _SUITS_BREAK


def check_continuity(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """A-07: a report is linked to the year before; else say which body of like name ended then."""
    for view, link in linked(panel):
        if link is not None:
            yield view.report_id, PASS
            continue
        perhaps = panel.perhaps_before(view)
        if not perhaps:
            yield view.report_id, NOT_ASSESSABLE
            continue
        agencies = [str(one.agency) for one in perhaps[:3]]
        names = Bilingual(", ".join(agencies), "、".join(agencies))
        evidence = {"perhaps": [reference(one) for one in perhaps[:10]]}
        yield view.report_id, Failure(values={"names": names}, evidence=evidence)
