"""Checks of table 2 (documents, licensing, enforcement, fees, procurement) within one report."""

import re
from collections.abc import Iterator

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.catalogue import Bilingual
from parsers.checks.claims import fee_denied, stated_documents
from parsers.checks.criteria import can_make_rules, charges_no_fee, criteria, keeps_register, missing_powers
from parsers.checks.labels import column_name
from parsers.checks.sentences import snippet
from parsers.records import CellKey

_REGULATION = {
    "fmt2021": ("issued", "repealed", "in_force"),
    "fmt2019": ("made_new", "disclosed_new", "disclosed_total"),
}
_DOCUMENT_ROWS = ("regulation", "normative_document")
_MATTERS = (
    ("licensing", "admin_license"),
    ("licensing", "other_external_service"),
    ("enforcement", "admin_penalty"),
    ("enforcement", "admin_compulsion"),
    ("fees", "admin_fee"),
)

_TITLE = re.compile("《([^《》\n]{2,60})》")


def regulation_cells(era: str | None) -> tuple[CellKey, ...]:
    """Return the three cells of 规章 in a form, none in forms without them."""
    return tuple(("documents", "regulation", column) for column in _REGULATION.get(era or "", ()))


def _at_most(case: Case, part: CellKey, *whole: CellKey) -> Verdict:
    figures = case.figures(part, *whole)
    if figures is None:
        return NOT_ASSESSABLE
    limit = sum(figures[1:])
    return PASS if figures[0] <= limit else Failure(cells=(part, *whole), expected=limit, found=figures[0])


def check_issued(case: Case) -> Iterator[Verdict]:
    """T2-02: what was issued in the year is in force or repealed at its end."""
    for row in _DOCUMENT_ROWS:
        yield _at_most(case, *(("documents", row, column) for column in ("issued", "in_force", "repealed")))


def check_rule_making(case: Case) -> Iterator[Verdict]:
    """T2-03: no 规章 from a body that cannot make them."""
    able = can_make_rules(case.identity)
    if able is True or able == "contains":
        return
    cells = regulation_cells(case.era)
    figures = case.figures(*cells)
    if able is None or figures is None or not cells:
        yield NOT_ASSESSABLE
    elif not any(figures):
        yield PASS
    else:
        printed = "/".join(str(figure) for figure in figures)
        yield Failure(
            cells=tuple(cell for cell, figure in zip(cells, figures, strict=True) if figure),
            expected="0/0/0",
            found=printed,
            values={"columns": _columns(case.era, cells)},
            evidence={
                "kind": case.identity.agency_kind,
                "level": case.identity.level,
                "scope": case.identity.scope,
            },
        )


def _columns(era: str | None, cells: tuple[CellKey, ...]) -> Bilingual:
    names = [column_name(era, table, column) for table, _, column in cells]
    return Bilingual("/".join(name.en for name in names), "/".join(name.zh for name in names))


def check_newly_public(case: Case) -> Iterator[Verdict]:
    """T2-05: no more newly published than published in all."""
    for row in _DOCUMENT_ROWS:
        yield _at_most(case, ("documents", row, "disclosed_new"), ("documents", row, "disclosed_total"))


def check_new_rules_public(case: Case) -> Iterator[Verdict]:
    """T2-06: all new 规章 were published."""
    cells: tuple[CellKey, ...] = (
        ("documents", "regulation", "disclosed_new"),
        ("documents", "regulation", "made_new"),
    )
    figures = case.figures(*cells)
    if figures is None:
        yield NOT_ASSESSABLE
    elif figures[0] == figures[1]:
        yield PASS
    else:
        yield Failure(cells=cells, expected=figures[1], found=figures[0])


def check_list_not_negative(case: Case) -> Iterator[Verdict]:
    """T2-07: a list of matters cannot fall below zero."""
    for table, row in _MATTERS:
        cells: tuple[CellKey, ...] = ((table, row, "items_prev_year"), (table, row, "items_change"))
        figures = case.figures(*cells)
        if figures is None:
            yield NOT_ASSESSABLE
        elif sum(figures) >= 0:
            yield PASS
        else:
            values = {"stock": figures[0], "change": figures[1]}
            yield Failure(cells=cells, expected="≥ 0", found=sum(figures), values=values)


def check_decisions_need_matter(case: Case) -> Iterator[Verdict]:
    """T2-09: no decisions where the list of matters is empty."""
    for table, row in _MATTERS[:-1]:
        cells = tuple((table, row, column) for column in ("decisions", "items_prev_year", "items_change"))
        figures = case.figures(*cells)
        if figures is None:
            yield NOT_ASSESSABLE
        elif figures[0] > 0 and figures[1] + figures[2] == 0:
            yield Failure(cells=cells, expected=0, found=figures[0])
        else:
            yield PASS


def check_change_repeats(case: Case) -> Iterator[Verdict]:
    """T2-10: the change does not repeat the stock."""
    for table, row in _MATTERS:
        cells: tuple[CellKey, ...] = ((table, row, "items_change"), (table, row, "items_prev_year"))
        figures = case.figures(*cells)
        if figures is None:
            yield NOT_ASSESSABLE
        elif figures[0] > 0 and figures[0] == figures[1]:
            yield Failure(cells=cells, found=figures[0])
        else:
            yield PASS


def check_projects_and_money(case: Case) -> Iterator[Verdict]:
    """T2-11: procurement projects and money go together."""
    row = "gov_central_procurement"
    cells: tuple[CellKey, ...] = (("procurement", row, "total_amount"), ("procurement", row, "project_count"))
    figures = case.figures(*cells)
    if figures is None:
        yield NOT_ASSESSABLE
    elif (figures[0] == 0) == (figures[1] == 0):
        yield PASS
    else:
        values = {"amount": figures[0], "projects": figures[1]}
        yield Failure(cells=cells, values=values, evidence={"unit": case.facts[cells[0]].unit})


def check_powers(case: Case) -> Iterator[Verdict]:
    """T2-13: no decisions of a kind the body has no power for, by a list that is ours and incomplete."""
    if case.identity.agency_kind is None:
        yield NOT_ASSESSABLE
        return
    tables = {"admin_license": "licensing"}
    for row, reason in missing_powers(case.identity).items():
        cell: CellKey = (tables.get(row, "enforcement"), row, "decisions")
        value = case.values.get(cell)
        if value is None:
            yield NOT_ASSESSABLE
        elif value > 0:
            yield Failure(
                cells=(cell,), expected=0, found=value, values={"reason": Bilingual(**reason)},
                evidence={"kind": case.identity.agency_kind, "entry": reason["en"]},
            )  # fmt: skip
        else:
            yield PASS


def check_register(case: Case) -> Iterator[Verdict]:
    """T3-15: 行政查询 only at a body that keeps a register."""
    cell: CellKey = ("requests", "denied_admin_inquiry", "total")
    keeps, value = keeps_register(case.identity), case.values.get(cell)
    if keeps is None or value is None:
        yield NOT_ASSESSABLE
    elif value > 0 and not keeps:
        yield Failure(cells=(cell,), expected=0, found=value, evidence={"kind": case.identity.agency_kind})
    else:
        yield PASS


def check_secrets(case: Case) -> Iterator[Verdict]:
    """T3-16: state secrets at a township or street."""
    cell: CellKey = ("requests", "denied_state_secret", "total")
    value = case.values.get(cell)
    if case.identity.agency_kind is None or value is None:
        yield NOT_ASSESSABLE
    elif value > 0 and case.identity.agency_kind in ("township", "street"):
        yield Failure(cells=(cell,), expected=0, found=value, evidence={"kind": case.identity.agency_kind})
    else:
        yield PASS


def internal_titles(case: Case) -> tuple[str, ...]:
    """Return the distinct internal texts of the body named in 《》 in sections 一 and 二."""
    known = criteria()["internal_titles"]
    found: dict[str, None] = {}
    for number in (1, 2):
        text = case.sections.get(number, "")
        for match in _TITLE.finditer(text):
            title = match.group(1)
            before = text[max(0, match.start() - 8) : match.start()]
            cited = any(word in before for word in known["cited_after"])
            foreign = any(word in title for word in known["not_internal"])
            if title.endswith(tuple(known["endings"])) and not cited and not foreign:
                found[title] = None
    return tuple(found)


def check_internal_rules(case: Case) -> Iterator[Verdict]:
    """T2-17: internal working rules named in the text were counted as 规章."""
    cell: CellKey = ("documents", "regulation", "issued")
    able, value = can_make_rules(case.identity), case.values.get(cell)
    if able is True or able == "contains":
        return
    if able is None or value is None or not {1, 2} & set(case.sections):
        yield NOT_ASSESSABLE
        return
    titles = internal_titles(case) if value > 0 else ()
    if titles and len(titles) == value:
        yield Failure(
            cells=(cell,), expected=0, found=value,
            values={"titles": "".join(f"《{title}》" for title in titles)},
            evidence={"titles": list(titles)},
        )  # fmt: skip
    else:
        yield PASS


def check_stated_documents(case: Case) -> Iterator[Verdict]:
    """T2-16: normative documents stated in section 一 or 二 agree with table 2."""
    stated = stated_documents(case)
    if not stated:
        yield NOT_ASSESSABLE
    for column, number, sentence, firm in stated:
        cell: CellKey = ("documents", "normative_document", column)
        value = case.values.get(cell)
        if value is None:
            yield NOT_ASSESSABLE
        elif value == number:
            yield PASS
        elif not firm:
            yield NOT_ASSESSABLE
        else:
            yield Failure(
                cells=(cell,), expected=value, found=number, values={"sentence": sentence.quote},
                evidence={"sentence": snippet(sentence)},
            )  # fmt: skip


def check_fees(case: Case) -> Iterator[Verdict]:
    """T2-18: no administrative fees at a body that charges none, or against the text."""
    cell: CellKey = ("fees", "admin_fee", "amount_wan_yuan")
    value = case.values.get(cell)
    if value is None:
        yield NOT_ASSESSABLE
        return
    sentence = fee_denied(case) if value > 0 else None
    if sentence is not None:
        yield Failure(
            cells=(cell,), expected=0, found=value, values={"sentence": sentence.quote},
            evidence={"sentence": snippet(sentence)},
        )  # fmt: skip
    elif value > 0 and charges_no_fee(case.identity):
        yield Failure(
            cells=(cell,), expected=0, found=value, say="kind", evidence={"kind": case.identity.agency_kind}
        )
    else:
        yield PASS
