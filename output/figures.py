"""The figures of one report in the compact form the panel and its indicators are computed from."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from output.indicators import POPULATION, Formula, Terms
from output.rows import FactRow, FindingRow, cell_key
from parsers.records import CellKey, Number

State: TypeAlias = float | str
"""The printed figure, or the word that says why there is none (blank, dash, absent …)."""
Cells: TypeAlias = frozenset[CellKey]


class PrintedFigures(Mapping[CellKey, Number]):
    """Reported figures by cell; reports of one form share the index, equal figures share one object."""

    __slots__ = ("_index", "_values")

    def __init__(self, index: dict[CellKey, int], values: tuple[Number | None, ...]) -> None:
        """Take the places of the cells and the figures at them, None where none is printed."""
        self._index, self._values = index, values

    def __getitem__(self, cell: CellKey) -> Number:
        """Return a figure; raises KeyError where none is printed."""
        value = self._values[self._index[cell]]
        if value is None:
            raise KeyError(cell)
        return value

    def __iter__(self) -> Iterator[CellKey]:
        """Yield the cells with a figure in printed order."""
        return (cell for cell, place in self._index.items() if self._values[place] is not None)

    def __len__(self) -> int:
        """Return how many figures are printed."""
        return sum(value is not None for value in self._values)


class ReportFigures(NamedTuple):
    """What one report contributes to the panel."""

    report_id: str
    agency_id: str
    fiscal_year: int
    era: str | None
    scope: str | None
    kind: str | None
    level: str | None
    printed: PrintedFigures
    missing: Mapping[CellKey, str]
    """Why a cell has no figure that can be used; stands before `printed`. A cell in neither is absent."""
    doubted: Cells
    """Cells on which an error rests that may be our reading: not used until solved."""
    faulty: Cells
    """Cells on which an error of the source rests: used, and marked."""
    persons: State = "not_supplied"
    """Population of the area the figures cover, or why there is none."""

    def state(self, cell: CellKey) -> State:
        """Return the figure of a cell, or why there is none."""
        if cell == POPULATION:
            return self.persons
        reason = self.missing.get(cell)
        if reason is not None:
            return reason
        value = self.printed.get(cell)
        return "absent" if value is None else float(value)


class Result(NamedTuple):
    """An indicator for one report: value with its parts, or why there is none, and what to mind."""

    value: float | None
    numerator: float | None
    denominator: float | None
    flags: tuple[str, ...]


class MissingError(Exception):
    """Raised inside a formula when an operand is not printed; the argument is the reason."""


class FigureCollector:
    """Keeps figures of many reports small: what is equal is one object."""

    def __init__(self) -> None:
        """Start with nothing shared."""
        self._indexes: dict[tuple[CellKey, ...], dict[CellKey, int]] = {}
        self._numbers: dict[Number, Number] = {}
        self._missing: dict[tuple[tuple[CellKey, str], ...], dict[CellKey, str]] = {}

    def printed(self, facts: Iterable[FactRow]) -> PrintedFigures:
        """Return the figures of a report."""
        facts = list(facts)
        cells = tuple(fact[:3] for fact in facts)
        index = self._indexes.get(cells)
        if index is None:
            index = self._indexes[cells] = {cell: place for place, cell in enumerate(cells)}
        return PrintedFigures(index, tuple(self._number(fact.value) for fact in facts))

    def missing(self, facts: Iterable[FactRow]) -> Mapping[CellKey, str]:
        """Return the status of the cells without a figure that can be used, absent ones left out."""
        facts = list(facts)
        found = tuple(
            (fact[:3], fact.status) for fact in facts if fact.value is None and fact.status != "absent"
        )
        found += tuple((cell, "ambiguous") for cell in _claimed_twice(facts))
        return self._missing.setdefault(found, dict(found))

    def _number(self, value: float | None) -> Number | None:
        if value is None:
            return None
        number: Number = int(value) if value.is_integer() else Decimal(str(value))
        return self._numbers.setdefault(number, number)


def _claimed_twice(facts: Iterable[FactRow]) -> Iterator[CellKey]:
    """Yield cells of local lists whose series several rows of one list claim with different figures."""
    local = {fact[:3]: fact.value for fact in facts if fact.table == "local"}
    for (table, row, column), value in local.items():
        again = (table, f"{row}_2", column)
        if again in local and local[again] != value:
            yield (table, row, column)


def marked_cells(findings: Iterable[FindingRow]) -> tuple[Cells, Cells]:
    """Return the cells on which errors rest: (may be our reading, of the source)."""
    doubted: set[CellKey] = set()
    faulty: set[CellKey] = set()
    for finding in findings:
        if finding.severity == "error" and finding.assumption is None:
            marked = faulty if finding.origin == "source" else doubted
            marked.update(cell_key(name) for name in finding.cells.split())
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
    value = formula.factor * numerator / denominator
    return Result(value, numerator, denominator, (*small, *flags))


def total(terms: Terms, figures: ReportFigures) -> float:
    """Return the signed sum; raises MissingError naming the first operand that is not a usable figure."""
    result = 0.0
    for sign, cell in terms:
        state = figures.state(cell)
        if isinstance(state, str):
            raise MissingError(f"not_reported:{'.'.join(cell)}={state}")
        if cell in figures.doubted:
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
    if not figures.faulty and not source.faulty:
        return ()
    above = any(cell in figures.faulty for _, cell in formula.numerator)
    below = any(cell in source.faulty for _, cell in formula.denominator)
    return ("error_finding",) if above or below else ()
