"""The figures of one report in the compact form the panel and its indicators are computed from."""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from output.indicators import Formula, Terms, load_indicators
from output.panel_layout import panel_cells
from output.rows import FactRow, FindingRow
from output.schema import tables
from parsers.records import CellKey

State: TypeAlias = float | str
"""The printed figure, or the word that says why there is none (blank, dash, absent …)."""


class ReportFigures(NamedTuple):
    """What one report contributes to the panel."""

    report_id: str
    agency_id: str
    fiscal_year: int
    era: str | None
    row: list[Any]
    """Its row of `reports`, shared with whoever completes it."""
    states: tuple[State, ...]
    """One per operand cell, in the order of `operands()`."""
    doubted: frozenset[int]
    """Operands on which an error rests that may be our reading: not used until solved."""
    faulty: frozenset[int]
    """Operands on which an error of the source rests: used, and marked."""

    def column(self, name: str) -> Any:
        """Return a column of `reports`."""
        return self.row[report_places()[name]]


class Result(NamedTuple):
    """An indicator for one report: value with its parts, or why there is none, and what to mind."""

    value: float | None
    numerator: float | None
    denominator: float | None
    flags: tuple[str, ...]


class MissingError(Exception):
    """Raised inside a formula when an operand is not printed; the argument is the reason."""


@cache
def report_places() -> dict[str, int]:
    """Return the place of every column in a row of `reports`."""
    return {name: place for place, name in enumerate(tables()["reports"].names)}


@cache
def operands() -> dict[CellKey, int]:
    """Return the place of every cell a panel column or a formula needs."""
    data = load_indicators()
    cells = dict.fromkeys(panel_cells())
    for indicator in (*data.rates, *data.series):
        for formula in indicator.formulas.values():
            for _, cell in (*formula.numerator, *formula.denominator, *formula.alternative):
                cells.setdefault(cell)
    return {cell: place for place, cell in enumerate(cells)}


class FigureCollector:
    """Makes `ReportFigures`; equal figures share one object, to keep 100,000 reports in memory."""

    def __init__(self) -> None:
        """Start with nothing shared."""
        self._shared: dict[State, State] = {}

    def states(self, facts: Iterable[FactRow]) -> tuple[State, ...]:
        """Return the states of the operand cells; a cell the form does not have is `absent`."""
        places = operands()
        states: list[State] = ["absent"] * len(places)
        for fact in facts:
            place = places.get(fact[:3])
            if place is not None:
                state: State = fact.status if fact.value is None else fact.value
                states[place] = self._shared.setdefault(state, state)
        return tuple(states)


def marked_operands(findings: Iterable[FindingRow]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the operands on which errors rest: (may be our reading, of the source)."""
    places = operands()
    doubted: set[int] = set()
    faulty: set[int] = set()
    for finding in findings:
        if finding.severity == "error" and finding.assumption is None:
            marked = faulty if finding.origin == "source" else doubted
            for name in finding.cells.split():
                place = places.get(tuple(name.split(".")))  # type: ignore[arg-type]
                if place is not None:
                    marked.add(place)
    return frozenset(doubted), frozenset(faulty)


def evaluate(
    formula: Formula, figures: ReportFigures, base: int, denominator_from: ReportFigures | None = None
) -> Result:
    """Return an indicator by the rules for all of them: every operand printed, base shown, errors marked."""
    source = denominator_from or figures
    flags = _marks(formula, figures, source)
    try:
        numerator, extra = _numerator(formula, figures)
        if not formula.denominator:
            return Result(numerator, None, None, (*extra, *flags))
        denominator = total(formula.denominator, source)
    except MissingError as missing:
        return Result(None, None, None, (str(missing),))
    if denominator <= 0:
        return Result(None, numerator, denominator, ("no_base",))
    small = ("small_base",) if denominator < base else ()
    return Result(numerator / denominator, numerator, denominator, (*small, *flags))


def total(terms: Terms, figures: ReportFigures) -> float:
    """Return the signed sum; raises MissingError naming the first operand that is not a usable figure."""
    result = 0.0
    places = operands()
    for sign, cell in terms:
        place = places[cell]
        state = figures.states[place]
        if isinstance(state, str):
            raise MissingError(f"not_reported:{'.'.join(cell)}={state}")
        if place in figures.doubted:
            raise MissingError(f"reading_doubt:{'.'.join(cell)}")
        result += sign * state
    return result


def _numerator(formula: Formula, figures: ReportFigures) -> tuple[float, tuple[str, ...]]:
    try:
        return total(formula.numerator, figures), ()
    except MissingError:
        if not formula.alternative:
            raise
        return total(formula.alternative, figures), (f"from:{formula.alternative[0][1][1]}",)


def _marks(formula: Formula, figures: ReportFigures, source: ReportFigures) -> tuple[str, ...]:
    places = operands()
    above = any(places[cell] in figures.faulty for _, cell in formula.numerator)
    below = any(places[cell] in source.faulty for _, cell in formula.denominator)
    return ("error_finding",) if above or below else ()
