"""From a failure to a finding: sentences in both languages, evidence per cell, who is to blame."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from parsers.checks.case import Case, Failure
from parsers.checks.catalogue import LANGUAGES, RULES, Bilingual, Language, Rule
from parsers.checks.labels import cell_name, column_name, form_cell_name, listed, row_name, subject
from parsers.records import CellKey, Fact, Finding, Number, Origin

_GROUPED_FROM = 10_000
UNKNOWN = "—"
"""Stands in a message for a value that is not known."""
_SUM_RULES = frozenset({"T3-01", "T3-02", "T3-03", "T3-04", "T3-08", "T3-09", "T4-01", "T4-02", "T4-03"})
# Signs that a character was lost or replaced on the way: replacement mark, private use, empty boxes.
_DAMAGED = re.compile("[\ufffd\ue000-\uf8ff\u25a1]")


class ReportLike(Protocol):
    """What a message needs of a report in the panel."""

    @property
    def agency(self) -> str | None: ...
    @property
    def fiscal_year(self) -> int | None: ...
    @property
    def era(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def sha256(self) -> str | None: ...


_LIST = Bilingual("Expected reports", "应公布报告")


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return UNKNOWN


def shown(value: object, language: Language = "en") -> str:
    """Return a value as it stands in a message; never fails, never shows None."""
    match value:
        case None:
            return UNKNOWN
        case Bilingual():
            return value.zh if language == "zh" else value.en
        case bool():
            return str(value)
        case int() | Decimal():
            return _number(value, language)
        case _:
            return str(value)


def _number(value: Number, language: Language) -> str:
    if isinstance(value, Decimal) and not value.is_finite():
        return str(value)
    # English groups long numbers by three; Chinese does not. A year never gets here that large.
    short = -_GROUPED_FROM < value < _GROUPED_FROM
    grouped = "," if language == "en" and not short else ""
    digits = value.normalize() if isinstance(value, Decimal) else value
    return f"{digits:{grouped}{'d' if isinstance(digits, int) else 'f'}}".replace("-", "−")


def render(template: Bilingual, values: Mapping[str, object]) -> Bilingual:
    """Return both sentences of a template; placeholders without a value show a dash."""
    texts = [
        getattr(template, language).format_map(_Words({k: shown(v, language) for k, v in values.items()}))
        for language in LANGUAGES
    ]
    return Bilingual(*texts)


def difference(failure: Failure) -> Number | None:
    """Return found − expected where both are numbers."""
    if failure.delta is not None:
        return failure.delta
    if isinstance(failure.found, int | Decimal) and isinstance(failure.expected, int | Decimal):
        return failure.found - failure.expected
    return None


def _signed(delta: Number, language: Language) -> str:
    return ("+" if delta > 0 else "") + shown(delta, language)


def _values(
    failure: Failure, about: Bilingual, era: str | None, name: Callable[[CellKey], Bilingual]
) -> dict[str, object]:
    delta = difference(failure)
    values: dict[str, object] = {
        "subject": about,
        "expected": failure.expected,
        "found": failure.found,
        "delta": None if delta is None else Bilingual(*(_signed(delta, one) for one in LANGUAGES)),
        "cells": listed(map(name, failure.cells), len(failure.cells)),
    }
    if failure.cells:
        table, row, column = failure.cells[0]
        values["row"], values["column"] = row_name(era, table, row), column_name(era, table, column)
        values["cell"] = name(failure.cells[0])
    return {**values, **failure.values}


def _doubted(case: Case, rule: Rule, cells: tuple[CellKey, ...]) -> bool:
    facts = [case.facts[key] for key in cells if key in case.facts]
    if any(fact.method == "position" for fact in facts):
        return True
    if any(fact.raw and _DAMAGED.search(fact.raw) for fact in facts):
        return True
    ragged = case.report.reading.ragged
    return rule.id in _SUM_RULES and any(fact.table in ragged for fact in facts)


def _origin(case: Case, rule: Rule, failure: Failure) -> Origin:
    if failure.origin is not None:
        return failure.origin
    if failure.assumption is not None:
        return "undecided"
    if rule.about == "reading":
        return "reading"
    return "undecided" if _doubted(case, rule, failure.cells) else "source"


def cell_evidence(fact: Fact) -> dict[str, Any]:
    """Return what a finding shows of one cell."""
    return {
        "cell": list(fact.key),
        "raw": fact.raw,
        "status": fact.status,
        "method": fact.method,
        "where": None if fact.where is None else fact.where._asdict(),
    }


def finding(case: Case, rule_id: str, failure: Failure) -> Finding:
    """Return the published finding of a failure."""
    rule = RULES[rule_id]
    about = subject(case.identity.agency, case.identity.fiscal_year)
    values = _values(failure, about, case.era, partial(cell_name, case))
    failure = replace(failure, cells=_doubtful_first(failure))
    evidence = dict(failure.evidence)
    if failure.cells:
        evidence["cells"] = [cell_evidence(case.facts[key]) for key in failure.cells if key in case.facts]
    return _finding(rule, failure, values, evidence, _origin(case, rule, failure))


def _doubtful_first(failure: Failure) -> tuple[CellKey, ...]:
    """Return the cells with the one a single proposal names in front."""
    if len(failure.proposal) == 1 and len(changes := failure.proposal[0].get("cells", ())) == 1:
        doubtful = tuple(changes[0]["cell"])
        if doubtful in failure.cells:
            return (doubtful, *(cell for cell in failure.cells if cell != doubtful))
    return failure.cells


def panel_finding(rule: Rule, view: ReportLike | None, failure: Failure) -> Finding:
    """Return the published finding of a failure between reports; `view` is the report it is filed under."""
    about = subject(view.agency, view.fiscal_year) if view is not None else _LIST
    era = view.era if view is not None else None
    values = _values(failure, about, era, partial(form_cell_name, era))
    evidence = dict(failure.evidence)
    if view is not None:
        evidence["url"], evidence["sha256"] = view.url, view.sha256
    origin = failure.origin or ("reading" if rule.about == "reading" else "source")
    return _finding(rule, failure, values, evidence, origin)


def _finding(
    rule: Rule, failure: Failure, values: dict[str, object], evidence: dict[str, Any], origin: Origin
) -> Finding:
    message = render(rule.say[failure.say], values)
    return Finding(
        rule=rule.id,
        severity="info" if failure.assumption else failure.severity or rule.severity,
        message_en=message.en,
        message_zh=message.zh,
        cells=failure.cells,
        expected=failure.expected,
        found=failure.found,
        origin=origin,
        delta=difference(failure),
        proposal=tuple(_plain(one) for one in failure.proposal),
        basis=failure.basis,
        assumption=failure.assumption,
        refines=failure.refines,
        evidence=_plain(evidence),
    )


def _plain(value: Any) -> Any:
    """Return evidence as JSON can hold it: whole decimals as integers, others as their digits."""
    match value:
        case Decimal():
            return int(value) if value.is_finite() and value == int(value) else str(value)
        case dict():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case _:
            return value
