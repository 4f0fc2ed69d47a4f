"""Indicators as data: formulas of `indicators.toml` turned into signed lists of cells for each form."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from parsers.forms import load_forms
from parsers.records import CellKey

FORM_ERAS = ("fmt2021", "fmt2019", "stat2014")
LOCAL_ERA = "pre2014"
POPULATION: CellKey = ("reference", "population", "persons")
"""Not a printed cell: the population supplied for the area, see `output.reference`."""

Terms: TypeAlias = tuple[tuple[int, CellKey], ...]
"""Signed cells: (+1 or -1, cell)."""


class Formula(NamedTuple):
    """Numerator and denominator of one form; no denominator means a count or amount."""

    numerator: Terms
    denominator: Terms
    alternative: Terms = ()
    """Used where the numerator is not printed; its use is flagged."""
    factor: int = 1

    def cells(self) -> frozenset[CellKey]:
        """Return every cell the formula reads."""
        return frozenset(cell for _, cell in (*self.numerator, *self.denominator, *self.alternative))


class Break(NamedTuple):
    """A year after which the meaning moves: low, medium or high."""

    after: int
    size: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator or harmonised series: what it is called, how it is made, where its line breaks."""

    id: str
    code: str
    en: str
    zh: str
    formulas: dict[str, Formula]
    """By era; an era that is missing has no such indicator."""
    unit: str | None
    show: str = "percent"
    """How a rate is printed: percent or ratio."""
    minimum_base: int = 0
    denominator_year: int = 0
    """-1 where the denominator is taken from the report of the year before."""
    breaks: tuple[Break, ...] = ()
    note_en: str | None = None
    note_zh: str | None = None

    @property
    def is_rate(self) -> bool:
        """True when there is a denominator, which is then published beside the rate."""
        return any(formula.denominator for formula in self.formulas.values())

    def name(self, lang: str) -> str:
        """Return the name in `zh` or `en`."""
        return self.zh if lang == "zh" else self.en

    def note(self, lang: str) -> str | None:
        """Return the caveat in `zh` or `en`."""
        return self.note_zh if lang == "zh" else self.note_en


class Change(NamedTuple):
    """Year-on-year change of a count, within forms that mean the same by it."""

    id: str
    of: str
    minimum_base: int
    same_meaning: tuple[frozenset[str], ...]


class LegalDate(NamedTuple):
    """Last day of publication for kinds of agency and fiscal years; no kinds means all."""

    first: int
    last: int
    kinds: frozenset[str]
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Indicators:
    """Everything `indicators.toml` says."""

    rates: tuple[Indicator, ...]
    series: tuple[Indicator, ...]
    changes: tuple[Change, ...]
    legal_dates: tuple[LegalDate, ...]
    days_late: dict[str, str]
    findings_count: dict[str, Any]
    robust_z: dict[str, Any]

    def by_code(self) -> dict[str, Indicator]:
        """Return indicators and series by code, in the order of the file."""
        return {indicator.code: indicator for indicator in (*self.rates, *self.series)}


class _Cells:
    """Resolves names of cells and sums; a name that is in no form is an error in the data file."""

    def __init__(self, sums: dict[str, dict[str, list[str]]]) -> None:
        forms = load_forms()
        self._known = {era: {cell[:3] for cell in forms[era].cells()} for era in FORM_ERAS}
        self._sums = sums

    def terms(self, names: list[str], era: str) -> Terms:
        return tuple(term for name in names for term in self._signed(name, era))

    def _signed(self, name: str, era: str) -> Terms:
        sign = -1 if name.startswith("-") else 1
        name = name.removeprefix("-")
        if name in self._sums:
            members = self._sums[name].get(era, self._sums[name]["terms"])
            return tuple((sign * inner, cell) for inner, cell in self.terms(members, era))
        table, row, column = name.split(".")
        if (table, row, column) == POPULATION:
            return ((sign, POPULATION),)
        if (table, row, column) not in self._known[era]:
            raise ValueError(f"indicators.toml: {name} is not a cell of {era}")
        return ((sign, (table, row, column)),)


@cache
def load_indicators() -> Indicators:
    """Return all indicators, every cell checked against the forms."""
    data = tomllib.loads(Path(__file__).with_name("indicators.toml").read_text(encoding="utf-8"))
    cells = _Cells(data["sum"])
    return Indicators(
        rates=tuple(
            _indicator(entry, cells) for raw in data["indicator"] for entry in _expand(raw, data["each"])
        ),
        series=tuple(_series(entry, cells) for entry in data["series"]),
        changes=tuple(_change(entry) for entry in data["change"]),
        legal_dates=tuple(_legal_date(entry) for entry in data["legal_date"]),
        days_late=data["days_late"],
        findings_count=data["findings_count"],
        robust_z=data["robust_z"],
    )


def _expand(entry: dict[str, Any], lists: dict[str, list[dict[str, str]]]) -> list[dict[str, Any]]:
    if "each" not in entry:
        return [entry]
    return [
        {
            key: _filled(value, {"each": one["code"], "each_en": one["en"], "each_zh": one["zh"]})
            for key, value in entry.items()
        }
        for one in lists[entry["each"]]
    ]


def _filled(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**words)
    if isinstance(value, list):
        return [_filled(item, words) for item in value]
    return value


def _indicator(entry: dict[str, Any], cells: _Cells) -> Indicator:
    formulas = {}
    for era in FORM_ERAS:
        formula = entry.get(era) or (entry if era in entry["eras"] else None)
        if formula is not None:
            numerator = cells.terms(formula["numerator"], era)
            denominator = cells.terms(formula.get("denominator", []), era)
            formulas[era] = Formula(numerator, denominator, factor=entry.get("factor", 1))
    unit = entry.get("unit") or (None if "denominator" in entry else "件")
    return Indicator(formulas=formulas, unit=unit, **_described(entry))


def _series(entry: dict[str, Any], cells: _Cells) -> Indicator:
    formulas = {
        era: Formula(cells.terms(entry[era], era), (), cells.terms(entry.get(f"{era}_else", []), era))
        for era in FORM_ERAS
        if era in entry
    }
    if entry["code"] in load_forms().local.series.values():
        formulas[LOCAL_ERA] = Formula(((1, ("local", f"x_{entry['code']}", "value")),), ())
    return Indicator(formulas=formulas, unit=entry.get("unit", "件"), **_described({"id": "series", **entry}))


def _described(entry: dict[str, Any]) -> dict[str, Any]:
    words = ("id", "code", "en", "zh", "show", "minimum_base", "denominator_year", "note_en", "note_zh")
    described = {word: entry[word] for word in words if word in entry}
    return {**described, "breaks": tuple(Break(**one) for one in entry.get("breaks", []))}


def _change(entry: dict[str, Any]) -> Change:
    same = tuple(frozenset(eras) for eras in entry["same_meaning"])
    return Change(entry["id"], entry["of"], entry["minimum_base"], same)


def _legal_date(entry: dict[str, Any]) -> LegalDate:
    kinds = frozenset(entry.get("kinds", []))
    return LegalDate(entry.get("from", 0), entry.get("to", 9999), kinds, entry["month"], entry["day"])


@cache
def legal_date(kind: str | None, fiscal_year: int) -> date | None:
    """Return the last day of publication by law, None where none is known for this kind of agency."""
    for legal in load_indicators().legal_dates:
        if legal.first <= fiscal_year <= legal.last and (not legal.kinds or kind in legal.kinds):
            return date(fiscal_year + 1, legal.month, legal.day)
    return None


def printed_terms(terms: Terms) -> str:
    """Return signed cells as a formula people read."""
    text = " ".join(("+ " if sign > 0 else "− ") + ".".join(cell) for sign, cell in terms)
    return text.removeprefix("+ ")
