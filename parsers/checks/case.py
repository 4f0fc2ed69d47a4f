"""One report under check, and what a check says about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Literal, TypeAlias

from parsers.forms import FORMS
from parsers.records import CellKey, Fact, Identity, Number, Origin, Report, Severity
from parsers.text import simplify

PASS: Final = "pass"
NOT_ASSESSABLE: Final = "not_assessable"
EMPTY_STATUSES: Final = frozenset({"blank", "dash", "not_applicable"})
"""Cells that are printed without a figure; taken as 0 only in the second pass."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that does not hold; what is None follows from the rule."""

    cells: tuple[CellKey, ...] = ()
    expected: Number | str | None = None
    found: Number | str | None = None
    say: str = "default"
    """Name of the message template."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Further placeholders of the message."""
    severity: Severity | None = None
    origin: Origin | None = None
    delta: Number | None = None
    proposal: tuple[dict[str, Any], ...] = ()
    basis: str | None = None
    assumption: str | None = None
    refines: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


Plain: TypeAlias = Literal["pass", "not_assessable"]
Verdict: TypeAlias = Plain | Failure
CheckFunction: TypeAlias = Callable[["Case"], Iterable[Verdict]]


def plain(passed: int, not_assessable: int) -> list[Plain]:
    """Return verdicts that need no words: so many passes, so many not assessable."""
    verdicts: list[Plain] = [PASS] * passed
    return verdicts + [NOT_ASSESSABLE] * not_assessable


@cache
def due_era(fiscal_year: int | None) -> str | None:
    """Return the form that was due for a year; None before 2008 or without a year."""
    if fiscal_year is None or fiscal_year < 2008:
        return None
    due = [
        (min(form.due), era)
        for era, form in FORMS.by_era.items()
        if form.due and min(form.due) <= fiscal_year
    ]
    return max(due)[1] if due else "pre2014"


@dataclass(slots=True)
class Case:
    """A report with its facts indexed once."""

    report: Report
    era: str | None = None
    """The printed era; where no table was found, the form that was due."""
    facts: dict[CellKey, Fact] = field(default_factory=dict)
    values: dict[CellKey, Number] = field(default_factory=dict)
    """Figures of the reported cells only."""
    there: dict[str, list[Fact]] = field(default_factory=dict)
    """By table, the facts whose cells the document has, extra cells included."""
    unusual: list[Fact] = field(default_factory=list)
    """Of these, the ones that are no figure or were placed by position alone: few or none as a rule."""
    sections: dict[int, str] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)
    """What one check computed and another one needs."""

    @classmethod
    def of(cls, report: Report) -> "Case":
        """Return the case of a report."""
        case = cls(report, report.era or due_era(report.identity.fiscal_year))
        case.facts = {fact[:3]: fact for fact in report.facts}
        case.values = {
            key: fact[3] for key, fact in case.facts.items() if fact[5] == "reported" and fact[3] is not None
        }
        there = [fact for fact in report.facts if fact[5] != "absent"]
        case.unusual = [fact for fact in there if fact[5] != "reported" or fact[8] == "position"]
        for table, facts in groupby(there, key=itemgetter(0)):
            case.there.setdefault(table, []).extend(facts)
        for section in report.sections:
            known = case.sections.get(section.number)
            case.sections[section.number] = section.text if known is None else f"{known}\n{section.text}"
        return case

    @property
    def identity(self) -> Identity:
        """Who reports, about which year."""
        return self.report.identity

    def figures(self, *keys: CellKey) -> tuple[Number, ...] | None:
        """Return the figures of cells; None when one of them is not reported."""
        found = tuple(self.values[key] for key in keys if key in self.values)
        return found if len(found) == len(keys) else None

    def simplified(self, text: str) -> str:
        """Return a text of the report with traditional characters simplified; worked out once."""
        known: dict[str, str] = self.memory.setdefault("simplified", {})
        if text not in known:
            known[text] = simplify(text)
        return known[text]

    def table_facts(self, *tables: str) -> list[Fact]:
        """Return the facts of the named tables that the document has, extra cells included."""
        return [fact for table in tables for fact in self.there.get(table, ())]
