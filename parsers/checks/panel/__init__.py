"""Rules that compare reports with each other, over all reports at once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from parsers.checks.case import NOT_ASSESSABLE, PASS, Failure, Verdict
from parsers.checks.catalogue import RULES
from parsers.checks.messages import panel_finding
from parsers.checks.panel import peers, wording, years
from parsers.checks.panel.views import ExpectedUnit, Link, Panel, PanelCheck, Predecessor, ReportView
from parsers.records import Finding

__all__ = [
    "PANEL_CHECKS",
    "ExpectedUnit",
    "Link",
    "PanelResult",
    "Predecessor",
    "ReportView",
    "panel_verdicts",
    "run_panel_checks",
]

PANEL_CHECKS: Mapping[str, PanelCheck] = MappingProxyType(
    {
        "A-07": years.check_continuity,
        "T3-05": years.check_carried_over,
        "T3-11": years.check_same_table,
        "T4-05": years.check_suit_without_review,
        "T2-01": years.check_stock,
        "T2-04": peers.check_copied_rules,
        "T2-08": years.check_list_continues,
        "T2-12": years.check_unit_slip,
        "T2-14": years.check_jump,
        "T2-15": peers.check_zero_among_many,
        "S-07": wording.check_changed_page,
        "S-18": wording.check_same_text,
        "S-19": wording.check_strangers,
        "S-21": wording.check_same_numbers,
        "A-01": peers.check_not_below_part,
        "A-02": peers.check_near_sum,
        "A-03": peers.check_expected,
        "A-04": peers.check_office_repeats,
        "A-05": peers.check_rules_not_added,
        "A-06": peers.check_copies,
    }
)
"""Rule -> check over the panel."""


class PanelResult(NamedTuple):
    """Findings of all reports, and per report and rule how often it passed, failed, could not be assessed."""

    findings: tuple[tuple[str, Finding], ...]
    """(report id, finding), ordered by report id, then by rule in the order of `PANEL_CHECKS`."""
    counts: dict[str, dict[str, tuple[int, int, int]]]


def panel_verdicts(panel: Panel) -> Iterator[tuple[str, str, Verdict]]:
    """Yield (report id, rule, verdict) for every application of every rule."""
    for rule, check in PANEL_CHECKS.items():
        for report_id, verdict in check(panel):
            yield report_id, rule, verdict


def run_panel_checks(
    views: Iterable[ReportView],
    *,
    predecessors: Iterable[Predecessor] = (),
    expected: Iterable[ExpectedUnit] = (),
    as_of: date | None = None,
) -> PanelResult:
    """Compare reports over years and with each other.

    Years are linked by `agency_id`, else by `predecessors`, never by like names. `expected` lists the units
    that should have published; `as_of` is the day on which a missing report is judged. Time grows with the
    number of reports, not with its square. A-03 is filed under `ExpectedUnit.owner`.
    """
    panel = Panel(tuple(views), tuple(predecessors), tuple(expected), as_of)
    known = {view.report_id: view for view in panel.views}
    findings: list[tuple[str, Finding]] = []
    tallies: dict[str, dict[str, list[int]]] = {}
    for report_id, rule, verdict in panel_verdicts(panel):
        tally = tallies.setdefault(report_id, {}).setdefault(rule, [0, 0, 0])
        if verdict == PASS:
            tally[0] += 1
        elif verdict == NOT_ASSESSABLE:
            tally[2] += 1
        elif isinstance(verdict, Failure):
            tally[1] += 1
            findings.append((report_id, panel_finding(RULES[rule], known.get(report_id), verdict)))
    findings.sort(key=lambda item: item[0])  # stable: rules stay in their order within a report
    counts = {
        report_id: {rule: (tally[0], tally[1], tally[2]) for rule, tally in rules.items()}
        for report_id, rules in sorted(tallies.items())
    }
    return PanelResult(tuple(findings), counts)
