"""Rules among the reports of one year: departments of one government, peers, aggregates and their parts."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from parsers.checks.case import NOT_ASSESSABLE, PASS, Failure, Verdict
from parsers.checks.catalogue import Bilingual
from parsers.checks.documents import regulation_cells
from parsers.checks.panel.views import Panel, ReportView, reference
from parsers.checks.panel.years import counted_cells, middle
from parsers.records import CellKey, Number

_LEAST_PEERS = 5
_MANY = 100
_NEAR_SUM = Decimal("0.05")
_LEAST_EQUAL = 5
_AGGREGATE = "government_aggregate"
_ADDITIVE: tuple[CellKey, ...] = (
    ("requests", "received", "total"),
    ("requests", "carried_in", "total"),
    ("requests", "concluded", "total"),
    ("requests", "carried_forward", "total"),
    ("disputes", "review", "total"),
    ("disputes", "suit_direct", "total"),
    ("disputes", "suit_after_review", "total"),
    ("licensing", "admin_license", "decisions"),
    ("enforcement", "admin_penalty", "decisions"),
    ("enforcement", "admin_compulsion", "decisions"),
)


def _grouped(views: Iterable[ReportView], *names: str) -> dict[tuple[object, ...], list[ReportView]]:
    """Group views by fields; those that lack one are left out."""
    result: dict[tuple[object, ...], list[ReportView]] = {}
    for view in views:
        key = tuple(getattr(view, name) for name in names)
        if None not in key:
            result.setdefault(key, []).append(view)
    return result


def _figures(view: ReportView, cells: tuple[CellKey, ...]) -> tuple[Number, ...] | None:
    found = tuple(view.facts[cell] for cell in cells if cell in view.facts)
    return found if cells and len(found) == len(cells) else None


def check_copied_rules(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """T2-04: 规章 of departments are not those of another department or of their government."""
    for views in panel.by_year.values():
        for group in _grouped(views, "region_code", "level", "era").values():
            cells = regulation_cells(group[0].era)
            triples = {view.report_id: _figures(view, cells) for view in group}
            same: dict[tuple[Number, ...], list[ReportView]] = {}
            for view in group:
                found = triples[view.report_id]
                if found is not None and any(found) and view.kind in ("department", "government", "office"):
                    same.setdefault(found, []).append(view)
            for view in group:
                if view.kind == "department" and cells:
                    yield view.report_id, _copied(view, triples[view.report_id], cells, same)


def _copied(
    view: ReportView,
    figures: tuple[Number, ...] | None,
    cells: tuple[CellKey, ...],
    same: dict[tuple[Number, ...], list[ReportView]],
) -> Verdict:
    if figures is None:
        return NOT_ASSESSABLE
    others = [other for other in same.get(figures, ()) if other.agency_id != view.agency_id]
    if not others:
        return PASS
    agencies = [str(other.agency) for other in others[:3]]
    names = Bilingual(", ".join(agencies), "、".join(agencies))
    return Failure(
        cells=cells, found="/".join(str(figure) for figure in figures),
        values={"names": names, "count": len(others)},
        evidence={"others": [reference(one) for one in others[:10]]},
    )  # fmt: skip


def check_zero_among_many(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """T2-15: no zero where the median of at least five peers is above a hundred."""
    for views in panel.by_year.values():
        units = [view for view in views if view.scope != _AGGREGATE]
        for group in _grouped(units, "level", "kind", "era").values():
            for key in counted_cells(group[0].era):
                known = [(view, view.facts[key]) for view in group if key in view.facts]
                usual = _median_of_others(known)
                for view in group:
                    if key not in view.facts or len(known) <= _LEAST_PEERS:
                        yield view.report_id, NOT_ASSESSABLE
                    elif view.facts[key] == 0 and usual > _MANY:
                        yield view.report_id, Failure(
                            cells=(key,), expected=usual, found=0, delta=-usual,
                            values={"peers": len(known) - 1, "median": usual},
                            evidence={"peers": len(known) - 1, "median": usual},
                        )  # fmt: skip
                    else:
                        yield view.report_id, PASS


def _median_of_others(known: list[tuple[ReportView, Number]]) -> Number:
    """Return the median of the peers of a body that prints 0: all others, hence one 0 less."""
    values = sorted(value for _, value in known)
    others = values[1:] if values and values[0] == 0 else values
    return middle(others) if others else 0


def _short(code: str) -> str:
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def _aggregates(views: Iterable[ReportView]) -> list[ReportView]:
    return [view for view in views if view.scope == _AGGREGATE and view.region_code]


def check_not_below_part(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """A-01: an aggregate is not smaller than any of its units."""
    for views in panel.by_year.values():
        aggregates = {_short(str(view.region_code)): view for view in _aggregates(views)}
        largest: dict[tuple[str, CellKey], ReportView] = {}
        for unit in views:
            if unit.region_code is None or unit.kind == "vertical_branch":
                continue
            for length in (2, 4, 6):
                code = _short(unit.region_code)[:length]
                whole = aggregates.get(code) if len(code) == length else None
                if whole is None or whole.agency_id == unit.agency_id:
                    continue
                for key in _ADDITIVE:
                    known = largest.get((whole.report_id, key))
                    if key in unit.facts and (known is None or unit.facts[key] > known.facts[key]):
                        largest[(whole.report_id, key)] = unit
        for whole in aggregates.values():
            for key in _ADDITIVE:
                yield whole.report_id, _below(whole, key, largest.get((whole.report_id, key)))


def _below(whole: ReportView, key: CellKey, unit: ReportView | None) -> Verdict:
    value = whole.facts.get(key)
    if value is None or unit is None:
        return NOT_ASSESSABLE
    if value >= unit.facts[key]:
        return PASS
    return Failure(
        cells=(key,), expected=f"≥ {unit.facts[key]}", found=value, delta=value - unit.facts[key],
        values={"unit": unit.agency, "part": unit.facts[key]}, evidence={"unit": reference(unit)},
    )  # fmt: skip


def check_near_sum(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """A-02: an aggregate is within 5% of the sum of a complete list of units."""
    lists: dict[tuple[str, int], list[str]] = {}
    for unit in panel.expected:
        if unit.government_id is not None:
            lists.setdefault((unit.government_id, unit.fiscal_year), []).append(unit.agency_id)
    for (government, year), ids in sorted(lists.items()):
        whole = panel.by_agency.get(government, {}).get(year)
        if whole is None or whole.scope != _AGGREGATE:
            continue
        units = [panel.by_agency.get(one, {}).get(year) for one in sorted(set(ids) - {government})]
        for key in _ADDITIVE:
            parts = [unit.facts.get(key) for unit in units if unit is not None]
            known = [part for part in parts if part is not None]
            value = whole.facts.get(key)
            if value is None or not value or len(known) < len(units):
                yield whole.report_id, NOT_ASSESSABLE
                continue
            total = sum(known)
            ratio = abs(Decimal(value) - Decimal(total)) / Decimal(value)
            if ratio <= _NEAR_SUM:
                yield whole.report_id, PASS
                continue
            percent = f"{ratio * 100:.1f}%"
            yield whole.report_id, Failure(
                cells=(key,), expected=total, found=value, values={"ratio": percent, "units": len(units)},
                evidence={"units": len(units), "ratio": percent},
            )  # fmt: skip


def check_expected(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """A-03: every expected unit has a report once the legal date has passed; filed under the list's owner."""
    for unit in panel.expected:
        if unit.fiscal_year in panel.by_agency.get(unit.agency_id, {}):
            yield unit.owner, PASS
        elif panel.as_of is None or panel.as_of <= unit.due:
            yield unit.owner, NOT_ASSESSABLE
        else:
            yield (
                unit.owner,
                Failure(
                    expected=unit.due.isoformat(),
                    values={"unit": unit.agency, "year": unit.fiscal_year, "as_of": panel.as_of.isoformat()},
                    evidence={"agency_id": unit.agency_id, "tried": list(unit.tried)},
                ),
            )


def check_office_repeats(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """A-04: the office's own report differs from the government's aggregate."""
    for office, whole in _pairs(panel, "government_office_own"):
        keys = office.facts.keys() & whole.facts.keys()
        if not keys:
            yield office.report_id, NOT_ASSESSABLE
            continue
        differ = office.facts.keys() ^ whole.facts.keys() or any(
            office.facts[k] != whole.facts[k] for k in keys
        )
        filled = sum(office.facts[key] != 0 for key in keys)
        if differ or filled < _LEAST_EQUAL:
            yield office.report_id, PASS
        else:
            evidence = {"other": reference(whole), "equal": len(keys), "not_zero": filled}
            values = {"other": whole.agency, "filled": filled}
            yield office.report_id, Failure(found=len(keys), values=values, evidence=evidence)


def check_rules_not_added(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """A-05: 规章 in force of the aggregate are those of the government itself."""
    for own, whole in _pairs(panel, "organ", "government_office_own"):
        cells = regulation_cells(whole.era)
        if not cells:
            continue
        found, expected = whole.facts.get(cells[-1]), own.facts.get(cells[-1])
        if found is None or expected is None or own.era != whole.era:
            yield whole.report_id, NOT_ASSESSABLE
        elif found == expected:
            yield whole.report_id, PASS
        else:
            yield (
                whole.report_id,
                Failure(cells=(cells[-1],), expected=expected, found=found, evidence={"own": reference(own)}),
            )


def _pairs(panel: Panel, *scopes: str) -> Iterator[tuple[ReportView, ReportView]]:
    """Yield the own report of a government or its office with the aggregate of the same region and year."""
    for views in panel.by_year.values():
        aggregates = {view.region_code: view for view in _aggregates(views)}
        for view in views:
            whole = aggregates.get(view.region_code)
            if whole is not None and view.scope in scopes and view.kind in ("office", "government"):
                yield view, whole


def check_copies(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """A-06: several addresses of one agency, year and scope carry equal figures."""
    known = [view for view in panel.current if view.agency_id is not None and view.fiscal_year is not None]
    groups: dict[tuple[object, ...], list[ReportView]] = {}
    for view in known:
        groups.setdefault((view.agency_id, view.fiscal_year, view.scope), []).append(view)
    for group in groups.values():
        # The one the others are copies of is the first that has figures.
        first = next((view for view in group if view.facts), group[0])
        if len(group) == 1:
            yield first.report_id, PASS
        for copy in group:
            if copy is not first:
                yield copy.report_id, _copy(first, copy)


def _copy(first: ReportView, copy: ReportView) -> Verdict:
    if copy.url is not None and copy.url == first.url:
        return PASS
    both = first.facts.keys() & copy.facts.keys()
    cells = tuple(key for key in sorted(both) if first.facts[key] != copy.facts[key])
    if cells:
        return Failure(
            cells=cells[:50], expected=first.facts[cells[0]], found=copy.facts[cells[0]],
            values={"url": first.url, "count": len(cells)}, evidence={"copy_of": reference(first)},
        )  # fmt: skip
    # A figure that only one of the two prints says neither.
    equal = bool(both) and len(both) == len(first.facts) == len(copy.facts)
    return PASS if equal else NOT_ASSESSABLE
