"""Checks across reports, counted in a form that stays small for 100,000 of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias

import numpy as np

from output.rows import FindingRow, finding_row, numbered
from output.spool import Place, Spool
from parsers.checks.case import NOT_ASSESSABLE, PASS, Failure, Verdict
from parsers.checks.catalogue import RULES
from parsers.checks.messages import panel_finding
from parsers.checks.panel import PANEL_CHECKS, ExpectedUnit, Predecessor, ReportView, panel_verdicts
from parsers.checks.panel.views import Panel
from parsers.records import Finding

Counts: TypeAlias = tuple[str, int, int, int]
"""(rule, passed, failed, not assessable)."""

_RULES = tuple(PANEL_CHECKS)
_PASSED, _FAILED, _NOT_ASSESSABLE = range(3)


class Compared:
    """What the checks across reports said."""

    def __init__(self, reports: Sequence[str], spool: Spool) -> None:
        """Start with nothing said about these reports; findings wait on disk."""
        self._spool = spool
        self._findings: dict[str, list[Place]] = {}
        self.places = {report_id: place for place, report_id in enumerate(reports)}
        """Ordinal of every report."""
        # No report has so many cells or years that a rule applied to it more often.
        self._tally = np.zeros((len(reports), len(_RULES), 3), dtype=np.uint16)

    def count(self, report_id: str, rule: str, outcome: int) -> None:
        """Note one application of a rule."""
        place = self.places.get(report_id)
        if place is not None:
            self._tally[place, _RULES.index(rule), outcome] += 1

    def add(self, report_id: str, finding: Finding) -> None:
        """Note a finding."""
        self._findings.setdefault(report_id, []).append(self._spool.put(finding_row(finding)))

    def findings(self, report_id: str) -> list[FindingRow]:
        """Return the findings of a report, in the order of the rules."""
        return numbered(
            FindingRow._make(self._spool.get(place)) for place in self._findings.get(report_id, ())
        )

    def counts(self, report_id: str) -> list[Counts]:
        """Return how often each rule applied to a report, by rule; rules that never did are left out."""
        tally = self._tally[self.places[report_id]].tolist()
        return sorted((rule, *counts) for rule, counts in zip(_RULES, tally, strict=True) if any(counts))


def compare_reports(
    views: Sequence[ReportView],
    spool: Spool,
    *,
    predecessors: Iterable[Predecessor] = (),
    expected: Iterable[ExpectedUnit] = (),
    as_of: date | None = None,
) -> Compared:
    """Run every check across reports over all of them; see `parsers.checks.panel.run_panel_checks`."""
    compared = Compared([view.report_id for view in views], spool)
    panel = Panel(tuple(views), tuple(predecessors), tuple(expected), as_of)
    for report_id, rule, verdict in panel_verdicts(panel):
        compared.count(report_id, rule, _outcome(verdict))
        if isinstance(verdict, Failure) and report_id in compared.places:
            view = panel.views[compared.places[report_id]]
            compared.add(report_id, panel_finding(RULES[rule], view, verdict))
    return compared


def _outcome(verdict: Verdict) -> int:
    if verdict == PASS:
        return _PASSED
    return _NOT_ASSESSABLE if verdict == NOT_ASSESSABLE else _FAILED
