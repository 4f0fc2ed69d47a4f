"""Figures of table 4 whose groups add up only once some move by one column: which are theirs is in doubt."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from parsers.checks.case import Case
from parsers.forms import FORMS
from parsers.records import CellKey, Number, Report

IN_DOUBT = "the groups of the table add up one column to the side"
"""Note of a cell that would hold another figure if one was lost and another gained."""
_TABLE = FORMS.by_era["fmt2021"].table_index["disputes"]
"""The table has not changed since 2019: any of its forms says the same."""
_SIZE = len(_TABLE.columns)
_FEWEST_BROKEN = 2
_CELLS: tuple[CellKey, ...] = tuple((_TABLE.code, row, column) for row, column in _TABLE.cells)


def held_back(report: Report, case: Case) -> Report:
    """Return the report, figures of table 4 that may stand one column off `ambiguous`.

    A row that lost a figure and gained one looks whole, only its sums tell: two groups do not add up, and
    both do once what stands between is moved. A single group that fails may be a slip of the report itself.
    """
    figures = _figures(case)
    if figures is None or len(broken := _broken(figures)) < _FEWEST_BROKEN:
        return report
    doubtful = {_CELLS[at] for places in _moves(figures, broken) for at in places}
    if not doubtful:
        return report
    facts = (
        fact._replace(value=None, status="ambiguous", note=IN_DOUBT)
        if fact.key in doubtful and fact.status == "reported"
        else fact
        for fact in report.facts
    )
    return replace(report, facts=tuple(facts))


def _figures(case: Case) -> list[Number] | None:
    """Return the fifteen figures, None where one is not known: an empty cell is no 0."""
    figures = [case.values.get(cell) for cell in _CELLS]
    return [value for value in figures if value is not None] if None not in figures else None


def _broken(figures: Sequence[Number]) -> set[int]:
    """Return the numbers of the groups that do not add up."""
    groups = (figures[at : at + _SIZE] for at in range(0, len(figures), _SIZE))
    return {number for number, group in enumerate(groups) if sum(group[:-1]) != group[-1]}


def _moves(figures: Sequence[Number], broken: set[int]) -> Iterator[range]:
    """Yield the places that change when a figure is taken out and an unknown one put in, and all adds up."""
    for lost in range(len(figures)):
        for gained in range(len(figures)):
            open_group = lost // _SIZE
            if gained // _SIZE == open_group:
                continue
            moved: list[Number] = list(figures)
            del moved[gained]
            moved.insert(lost, 0)
            wrong = _broken(moved)
            if not wrong <= {open_group} or not _may_be_whole(moved, lost):
                continue
            mended = broken - wrong - {open_group}
            if any(moved[group * _SIZE + _SIZE - 1] for group in mended):
                yield range(min(lost, gained), max(lost, gained) + 1)


def _may_be_whole(moved: Sequence[Number], lost: int) -> bool:
    """Say whether some figure in the place left open makes its group add up."""
    start = lost - lost % _SIZE
    *parts, total = moved[start : start + _SIZE]
    return lost - start == _SIZE - 1 or sum(parts) <= total
