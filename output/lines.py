"""What speaks for every agency and year, and which report is that of the year before."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple, TypeAlias

from output.figures import ReportFigures
from parsers.checks.panel import Predecessor
from parsers.records import CellKey

Key: TypeAlias = tuple[str, int]

# An organ's own figures stand before an aggregate in which they are contained; a government is its aggregate.
_SCOPES = ("organ", "organ_with_affiliates", "government_office_own", "system", None, "government_aggregate")


class Year(NamedTuple):
    """What speaks for one agency and year."""

    figures: ReportFigures
    copies: int
    disputed: int
    other_scopes: tuple[str, ...]


class Lines:
    """The years of all agencies; what they say is put together anew each time they are gone through."""

    def __init__(self, reports: Iterable[ReportFigures], predecessors: Iterable[Predecessor]) -> None:
        """Take the reports of all agencies in any order, and which body continues which."""
        self._reports = sorted(reports, key=_key)
        self._due: dict[Key, list[Predecessor]] = defaultdict(list)
        for line in predecessors:
            self._due[line.successor_id, line.year].append(line)

    def __iter__(self) -> Iterator[tuple[Year, tuple[ReportFigures, ...]]]:
        """Yield what speaks for a year and for the one before, by agency and year.

        Before is one report, all predecessors of a merger, or none.
        """
        last: tuple[Key, Year] | None = None
        for key, group in groupby(self._reports, _key):
            year = _spoken_for(list(group))
            if last is not None and last[0] == (key[0], key[1] - 1):
                before: tuple[ReportFigures, ...] = (last[1].figures,)
            else:
                before = self._predecessors(key)
            yield year, before
            last = key, year

    def _predecessors(self, key: Key) -> tuple[ReportFigures, ...]:
        due = self._due.get(key, [])
        found = [self._find((line.predecessor_id, key[1] - 1)) for line in due]
        known = tuple(figures for figures in found if figures is not None)
        kinds = {line.type for line in due}
        is_whole = len(known) == len(due) and (kinds == {"merge"} or (kinds == {"rename"} and len(due) == 1))
        return known if is_whole else ()

    def _find(self, key: Key) -> ReportFigures | None:
        start = bisect_left(self._reports, key, key=_key)
        end = bisect_right(self._reports, key, key=_key)
        return _spoken_for(self._reports[start:end]).figures if start < end else None


def _key(report: ReportFigures) -> Key:
    return report.agency_id, report.fiscal_year


def _spoken_for(group: list[ReportFigures]) -> Year:
    """Return what a year's reports say together: the best copy, with disagreeing cells taken out."""
    if len(group) == 1:
        return Year(group[0], 1, 0, ())
    scopes = {report.scope for report in group}
    scope = min(scopes, key=lambda scope: _scope_rank(group[0], scope))
    copies = [report for report in group if report.scope in (scope, None)]
    others = tuple(report.report_id for report in group if report not in copies)
    best = max(copies, key=lambda report: len(report.printed))
    disputed = [cell for cell in best.printed if _disagree(cell, copies)]
    unusable = {**best.unusable, **dict.fromkeys(disputed, "copies_disagree")}
    return Year(best._replace(unusable=unusable), len(copies), len(disputed), others)


def _scope_rank(report: ReportFigures, scope: str | None) -> int:
    if report.kind == "government" and scope == "government_aggregate":
        return -1
    return _SCOPES.index(scope) if scope in _SCOPES else len(_SCOPES)


def _disagree(cell: CellKey, copies: list[ReportFigures]) -> bool:
    return len({copy.printed[cell] for copy in copies if cell in copy.printed}) > 1
