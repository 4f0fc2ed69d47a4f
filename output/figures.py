"""The figures of one report in the compact form the panel and its indicators are computed from."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias, get_args

from output.indicators import POPULATION, Formula, Terms
from output.rows import FactRow, FindingRow, cell_key
from parsers.records import CellKey, Number, Status

State: TypeAlias = float | str
"""The printed figure, or the word that says why there is none (blank, dash, absent …)."""
Cells: TypeAlias = frozenset[CellKey]


_REASONS: tuple[str, ...] = (*get_args(Status), "")
_REASON_AT = {reason: -(2**15) + place for place, reason in enumerate(_REASONS)}
_ELSEWHERE = _REASON_AT[""]
"""The lowest numbers of 16 bits stand for no figure, by status, and for a figure that needs more room."""
_NO_CELLS: Cells = frozenset()


class PrintedFigures(Mapping[CellKey, Number]):
    """Reported figures by cell, two bytes each where they fit; reports of one form share the index."""

    __slots__ = ("_index", "_large", "_small")

    def __init__(self, index: dict[CellKey, int], values: Iterable[Number | str]) -> None:
        """Take the places of the cells, and at each its figure or the status of a cell without one."""
        self._index = index
        self._small = array("h")
        large: list[tuple[int, Number]] = []
        for place, value in enumerate(values):
            if isinstance(value, str):
                self._small.append(_REASON_AT[value])
            elif isinstance(value, int) and _ELSEWHERE < value < 2**15:
                self._small.append(value)
            else:
                self._small.append(_ELSEWHERE)
                large.append((place, value))
        self._large = tuple(large)

    def __getitem__(self, cell: CellKey) -> Number:
        """Return a figure; raises KeyError where none is printed."""
        state = self.state(cell)
        if isinstance(state, str):
            raise KeyError(cell)
        return state

    def get(self, cell: CellKey, default: Any = None) -> Any:
        """Return a figure, or the default; most cells asked for are not printed, which is no exception."""
        state = self.state(cell)
        return default if isinstance(state, str) else state

    def state(self, cell: CellKey) -> Number | str:
        """Return a figure, or the status of a cell without one."""
        place = self._index.get(cell)
        if place is None:
            return "absent"
        small: int = self._small[place]
        if small > _ELSEWHERE:
            return small
        if small < _ELSEWHERE:
            return _REASONS[small - _REASON_AT[_REASONS[0]]]
        return self._large[bisect_left(self._large, (place,))][1]

    def __contains__(self, cell: object) -> bool:
        """Return whether a figure is printed."""
        return self.get(cell) is not None  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[CellKey]:
        """Yield the cells with a figure in printed order."""
        return (cell for cell, place in self._index.items() if self._small[place] >= _ELSEWHERE)

    def __len__(self) -> int:
        """Return how many figures are printed."""
        return sum(small >= _ELSEWHERE for small in self._small)


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
    unusable: Mapping[CellKey, str]
    """Why a figure that is printed cannot be used."""
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
        state = self.unusable.get(cell) or self.printed.state(cell)
        return state if isinstance(state, str) else float(state)


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

    def printed(self, facts: Iterable[FactRow]) -> PrintedFigures:
        """Return the figures of a report."""
        facts = list(facts)
        cells = tuple(fact[:3] for fact in facts)
        index = self._indexes.get(cells)
        if index is None:
            index = self._indexes[cells] = {cell: place for place, cell in enumerate(cells)}
        return PrintedFigures(index, (_number(fact) for fact in facts))


def _number(fact: FactRow) -> Number | str:
    if fact.value is None:
        return fact.status
    return int(fact.value) if fact.value.is_integer() else Decimal(str(fact.value))


def claimed_twice(facts: Iterable[FactRow]) -> dict[CellKey, str]:
    """Return the cells of local lists whose series several rows of one list claim with different figures."""
    local = {fact[:3]: fact.value for fact in facts if fact.table == "local"}
    found: dict[CellKey, str] = {}
    for (table, row, column), value in local.items():
        again = (table, f"{row}_2", column)
        if again in local and local[again] != value:
            found[table, row, column] = "ambiguous"
    return found


def marked_cells(findings: Iterable[FindingRow]) -> tuple[Cells, Cells]:
    """Return the cells on which errors rest: (may be our reading, of the source)."""
    doubted: set[CellKey] = set()
    faulty: set[CellKey] = set()
    for finding in findings:
        if finding.severity == "error" and finding.assumption is None:
            marked = faulty if finding.origin == "source" else doubted
            marked.update(cell_key(name) for name in finding.cells.split())
    return frozenset(doubted) or _NO_CELLS, frozenset(faulty) or _NO_CELLS


def evaluate(
    formula: Formula, figures: ReportFigures, base: int, denominator_from: Sequence[ReportFigures] = ()
) -> Result:
    """Return an indicator by the rules for all of them: every operand printed, base shown, errors marked.

    `denominator_from` are the reports the denominator is taken from instead, added up where they are several.
    """
    sources = denominator_from or (figures,)
    flags = _marks(formula, figures, sources)
    try:
        numerator, extra = _numerator(formula, figures)
        if not formula.denominator:
            return Result(numerator, None, None, (*extra, *flags))
        denominator = sum(total(formula.denominator, source) for source in sources)
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


def _marks(formula: Formula, figures: ReportFigures, sources: Sequence[ReportFigures]) -> tuple[str, ...]:
    if not figures.faulty and not any(source.faulty for source in sources):
        return ()
    above = any(cell in figures.faulty for _, cell in formula.numerator)
    below = any(cell in source.faulty for source in sources for _, cell in formula.denominator)
    return ("error_finding",) if above or below else ()
