"""What can be compared: an indicator of the panel, or one cell of the forms, and where the figures are."""

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

import pyarrow as pa
import pyarrow.dataset as pads

from output.dataset import Dataset
from output.errors import UnknownIndicatorError
from output.indicators import Break, Indicator, load_indicators, printed_terms
from output.schema import Column, tables
from parsers.forms import Definition, definitions, load_forms

Lang: TypeAlias = Literal["en", "zh"]
Rows: TypeAlias = list[dict[str, Any]]

PANEL_COLUMNS = [
    "agency_id", "agency", "fiscal_year", "region_code", "level", "scope",
    "era", "report_id", "copies", "other_scopes", "source_url",
]  # fmt: skip


class Point(NamedTuple):
    """One figure, or why there is none."""

    value: float | None
    numerator: float | None
    denominator: float | None
    reason: str | None
    """Code, with details after a colon; None when there is a figure."""
    flags: tuple[str, ...]
    era: str | None
    report_id: str | None
    source_url: str | None
    findings: tuple[tuple[str, str], ...] = ()
    """(rule, message) of the errors that touch the figure."""


class Measure(Protocol):
    """Something that has one figure per agency and year."""

    code: str
    name: str
    note: str | None
    formula: str | None
    unit: str | None
    show: str
    minimum_base: int
    breaks: tuple[Break, ...]
    columns: list[str]
    """Columns of the panel it needs beside PANEL_COLUMNS."""

    def points(self, dataset: Dataset, rows: Rows, lang: Lang) -> list[Point]:
        """Return the figure of every row of the panel, in order."""
        ...


def find_measure(name: str, lang: Lang) -> Measure:
    """Return the indicator of this code or id, or the cell written `table.row.column`.

    Raises UnknownIndicatorError naming close matches.
    """
    indicators, derived, cells = load_indicators().by_code(), derived_columns(), _cells()
    codes = _codes_by_id().get(name, (name,))
    if len(codes) > 1:
        raise UnknownIndicatorError(name, codes)
    (code,) = codes
    if code in indicators:
        return _IndicatorMeasure.of(indicators[code], lang)
    if code in derived:
        return _ColumnMeasure.of(derived[code], lang)
    if code in cells:
        return _CellMeasure.of(code, cells[code], lang)
    if code.count(".") == 2 and "x_" in code:
        return _CellMeasure.of(code, [], lang)
    close = get_close_matches(name, [*indicators, *derived, *cells], n=5, cutoff=0.5)
    raise UnknownIndicatorError(name, tuple(close))


def _codes_by_id() -> dict[str, tuple[str, ...]]:
    """Return the codes that go under one identifier such as M-07a; most have one."""
    data = load_indicators()
    found: dict[str, tuple[str, ...]] = {}
    for indicator in data.rates:
        found[indicator.id] = (*found.get(indicator.id, ()), indicator.code)
    for change in data.changes:
        names = (f"{change.of}_change", f"{change.of}_difference")
        found[change.id] = (*found.get(change.id, ()), *names)
    found[data.days_late["id"]] = ("days_late",)
    found[data.findings_count["id"]] = tuple(data.findings_count["columns"])
    found[data.robust_z["id"]] = tuple(f"{one.code}_robust_z" for one in data.rates if one.is_rate)
    return found


@cache
def derived_columns() -> dict[str, "DerivedColumn"]:
    """Return the indicators that are one column of the panel and no formula over cells."""
    data = load_indicators()
    ways = {"days_late": ("number", "no_date")}
    ways |= dict.fromkeys(data.findings_count["columns"], ("number", "absent"))
    for change in data.changes:
        ways[f"{change.of}_difference"] = ("number", "not_comparable")
        ways[f"{change.of}_change"] = ("percent", "not_comparable")
    ways |= {f"{one.code}_robust_z": ("ratio", "few_peers") for one in data.rates if one.is_rate}
    columns = {column.name: column for column in tables()["panel"].columns}
    return {name: DerivedColumn(columns[name], *way) for name, way in ways.items()}


class DerivedColumn(NamedTuple):
    """A column of the panel, how it is shown, and why it is null where it is."""

    column: Column
    show: str
    reason: str


def find_cell(name: str, lang: Lang) -> str | None:
    """Return the printed labels of a cell, None for printed cells the forms do not have."""
    meanings = _cells().get(name)
    return _CellMeasure.of(name, meanings, lang).name if meanings else None


@dataclass(slots=True)
class _IndicatorMeasure:
    indicator: Indicator
    code: str
    name: str
    note: str | None
    formula: str | None
    unit: str | None
    show: str
    minimum_base: int
    breaks: tuple[Break, ...]
    columns: list[str]

    @classmethod
    def of(cls, indicator: Indicator, lang: Lang) -> "_IndicatorMeasure":
        code = indicator.code
        parts = [f"{code}_numerator", f"{code}_denominator"] if indicator.is_rate else []
        return cls(
            indicator=indicator,
            code=code,
            name=indicator.name(lang),
            note=indicator.note(lang),
            formula=_formula(indicator),
            unit=indicator.unit,
            show=indicator.show if indicator.is_rate else "number",
            minimum_base=indicator.minimum_base,
            breaks=indicator.breaks,
            columns=[code, f"{code}_flag", *parts],
        )

    def points(self, dataset: Dataset, rows: Rows, lang: Lang) -> list[Point]:
        errors = _errors(dataset, {row["report_id"] for row in rows}, lang)
        return [self._point(row, errors) for row in rows]

    def _point(self, row: dict[str, Any], errors: "_Errors") -> Point:
        words = tuple((row[f"{self.code}_flag"] or "").split())
        value = row[self.code]
        formula = self.indicator.formulas.get(row["era"] or "")
        touched = formula.cells() if formula else frozenset()
        return Point(
            value=value,
            numerator=row.get(f"{self.code}_numerator"),
            denominator=row.get(f"{self.code}_denominator"),
            reason=" ".join(words) if value is None else None,
            flags=words if value is not None else (),
            era=row["era"],
            report_id=row["report_id"],
            source_url=row["source_url"],
            findings=errors.touching(row["report_id"], {".".join(cell) for cell in touched}),
        )


@dataclass(slots=True)
class _ColumnMeasure:
    code: str
    name: str
    unit: str | None
    show: str
    reason: str
    columns: list[str]
    note: str | None = None
    formula: str | None = None
    minimum_base: int = 0
    breaks: tuple[Break, ...] = ()

    @classmethod
    def of(cls, derived: DerivedColumn, lang: Lang) -> "_ColumnMeasure":
        column = derived.column
        said = column.zh if lang == "zh" else column.en
        return cls(column.name, said, column.unit, derived.show, derived.reason, [column.name])

    def points(self, dataset: Dataset, rows: Rows, lang: Lang) -> list[Point]:
        return [self._point(row) for row in rows]

    def _point(self, row: dict[str, Any]) -> Point:
        value = None if row[self.code] is None else float(row[self.code])
        place = (row["era"], row["report_id"], row["source_url"])
        return Point(value, None, None, self.reason if value is None else None, (), *place)


@dataclass(slots=True)
class _CellMeasure:
    code: str
    name: str
    note: str | None
    unit: str | None
    formula: str | None = None
    show: str = "number"
    minimum_base: int = 0
    breaks: tuple[Break, ...] = ()
    columns: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, code: str, meanings: list[Definition], lang: Lang) -> "_CellMeasure":
        if not meanings:
            return cls(code, code, None, None)
        newest = meanings[-1]
        labels = (newest.row_label, newest.column_label)
        if lang == "en":
            labels = (newest.row_label_en, newest.column_label_en or newest.column_label)
        note = newest.definition_zh if lang == "zh" else newest.definition_en
        return cls(code, " · ".join(labels), note, newest.unit or None)

    def points(self, dataset: Dataset, rows: Rows, lang: Lang) -> list[Point]:
        facts = self._facts(dataset)
        reports = {row["report_id"] for row in rows}
        errors = _errors(dataset, reports, lang)
        return [
            self._point(row, facts.get((row["agency_id"], row["fiscal_year"]), []), errors) for row in rows
        ]

    def _facts(self, dataset: Dataset) -> dict[tuple[str, int], Rows]:
        where = _is_cell(self.code)
        columns = ["report_id", "agency_id", "fiscal_year", "value", "status"]
        found: dict[tuple[str, int], Rows] = defaultdict(list)
        for fact in dataset.table("facts", columns, where & pads.field("is_current")).to_pylist():
            found[fact["agency_id"], fact["fiscal_year"]].append(fact)
        return found

    def _point(self, row: dict[str, Any], facts: Rows, errors: "_Errors") -> Point:
        value, reason = cell_value(row, facts)
        findings = errors.touching(row["report_id"], {self.code})
        flags = ("error_finding",) if findings and value is not None else ()
        place = (row["era"], row["report_id"], row["source_url"])
        return Point(value, None, None, reason, flags, *place, findings)


def cell_value(row: dict[str, Any], facts: Rows) -> tuple[float | None, str | None]:
    """Return the figure of one cell for a row of the panel, or why there is none.

    `facts` are the cells of all current reports of that agency and year.
    """
    others = (row["other_scopes"] or "").split()
    same = [fact for fact in facts if fact["report_id"] not in others]
    own = next((fact for fact in same if fact["report_id"] == row["report_id"]), None)
    if len({fact["value"] for fact in same if fact["value"] is not None}) > 1:
        return None, "copies_disagree"
    if own is None:
        return None, "not_in_form"
    return (own["value"], None) if own["value"] is not None else (None, own["status"])


class _Errors:
    """Findings of severity error of some reports, by cell."""

    def __init__(self, findings: Rows, lang: Lang) -> None:
        self._by_report: dict[str, Rows] = defaultdict(list)
        self._message = f"message_{lang}"
        for finding in findings:
            self._by_report[finding["report_id"]].append(finding)

    def touching(self, report_id: str, cells: set[str]) -> tuple[tuple[str, str], ...]:
        """Return (rule, message) of the errors that rest on one of the cells."""
        return tuple(
            (finding["rule"], finding[self._message])
            for finding in self._by_report.get(report_id, [])
            if cells & set(finding["cells"].split())
        )


def _errors(dataset: Dataset, reports: set[str], lang: Lang) -> _Errors:
    columns = ["report_id", "rule", "cells", f"message_{lang}", "assumption"]
    wanted = pa.array(sorted(reports), pa.string())
    where = (pads.field("severity") == "error") & pads.field("report_id").isin(wanted)
    found = dataset.table("findings", columns, where).to_pylist()
    return _Errors([finding for finding in found if finding["assumption"] is None], lang)


def is_printed(dataset: Dataset, code: str) -> bool:
    """Return whether any report has a cell of this name that no form has."""
    return code in _cells() or bool(dataset.table("facts", ["report_id"], _is_cell(code)).num_rows)


def _is_cell(code: str) -> pads.Expression:
    table, row, column = code.split(".")
    return (pads.field("table") == table) & (pads.field("row") == row) & (pads.field("column") == column)


@cache
def _cells() -> dict[str, list[Definition]]:
    """Return every cell of every form by name, its definitions oldest form first."""
    found: dict[str, list[Definition]] = defaultdict(list)
    for definition in definitions(load_forms().by_era.values()):
        if definition.type != "header":
            found[f"{definition.table}.{definition.row}.{definition.column}"].append(definition)
    return found


def _formula(indicator: Indicator) -> str | None:
    formula = next(iter(indicator.formulas.values()))
    text = printed_terms(formula.numerator)
    if not formula.denominator:
        return text
    year = " [t−1]" if indicator.denominator_year else ""
    return f"({text}) / ({printed_terms(formula.denominator)}){year}"
