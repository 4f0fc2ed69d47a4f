"""What does not add up: every rule over one report, each time exactly pass, fail or not assessable."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from parsers.checks import (
    disputes,
    documents,
    metadata,
    moved_disputes,
    older_list,
    placing,
    printing,
    requests,
    sections,
    shares,
    shifting,
    texts,
    upheld,
)
from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, CheckFunction, Failure
from parsers.checks.catalogue import ALL_ERAS, RULES, Rule
from parsers.checks.identities import sum_check
from parsers.checks.messages import finding
from parsers.checks.narrowing import narrowed
from parsers.checks.proposals import report_proposals
from parsers.checks.second_pass import second_pass
from parsers.records import Finding, Report

__all__ = ["CHECKS", "RULES", "SECOND_PASS", "Rule", "checked"]

SECOND_PASS = "+blank_as_zero"
"""Ends the key of the counts of the second pass, in which empty cells are taken as 0."""

_NOT_CHECKED = frozenset({"not_a_report", "unsupported", "unreadable"})

CHECKS: Mapping[str, CheckFunction] = MappingProxyType(
    {
        "T3-13": shifting.check_shift,
        "T3-01": sum_check("T3-01"),
        "T3-02": sum_check("T3-02"),
        "T3-03": sum_check("T3-03"),
        "T3-04": sum_check("T3-04"),
        "T3-06": requests.check_counts,
        "T3-07": requests.check_blank_totals,
        "T3-08": requests.check_nothing_done,
        "T3-09": requests.check_carried_forward,
        "T3-10": requests.check_large_carry,
        "T3-12": placing.check_missing_outcome,
        "T3-14": requests.check_fee_notices,
        "T3-15": documents.check_register,
        "T3-16": documents.check_secrets,
        "T3-17": printing.check_empty_cells,
        "T3-18": printing.check_table3_there,
        "T4-01": sum_check("T4-01"),
        "T4-02": sum_check("T4-02"),
        "T4-03": sum_check("T4-03"),
        "T4-04": disputes.check_disputes_complete,
        "T4-06": disputes.check_more_disputes,
        "T4-07": disputes.check_direct_suits,
        "T2-02": documents.check_issued,
        "T2-03": documents.check_rule_making,
        "T2-05": documents.check_newly_public,
        "T2-06": documents.check_new_rules_public,
        "T2-07": documents.check_list_not_negative,
        "T2-09": documents.check_decisions_need_matter,
        "T2-10": documents.check_change_repeats,
        "T2-11": documents.check_projects_and_money,
        "T2-13": documents.check_powers,
        "T2-16": documents.check_stated_documents,
        "T2-17": documents.check_internal_rules,
        "T2-18": documents.check_fees,
        "S-01": sections.check_six_sections,
        "S-02": printing.check_every_row,
        "S-03": metadata.check_form_and_year,
        "S-04": metadata.check_one_year,
        "S-05": sections.check_leftovers,
        "S-06": metadata.check_published,
        "S-08": printing.check_signs_for_nothing,
        "S-09": printing.check_headings,
        "S-10": texts.check_none_stated,
        "S-11": texts.check_stated_numbers,
        "S-12": shares.check_percentages,
        "S-13": upheld.check_all_upheld,
        "S-14": sections.check_problems_section,
        "S-15": sections.check_processing_fee,
        "S-16": sections.check_topics,
        "S-17": sections.check_length,
        "S-20": printing.check_lookalikes,
        "S-22": sections.check_own_facts,
        "S-24": metadata.check_metadata,
        "R-01": metadata.check_region,
        "G-01": sum_check("G-01"),
        "G-02": sum_check("G-02"),
        "G-03": sum_check("G-03"),
        "G-04": sum_check("G-04"),
        "G-05": sum_check("G-05"),
        "G-06": sum_check("G-06"),
        "G-07": older_list.check_channels,
        "G-08": older_list.check_normative_part,
        "G-09": older_list.check_heads_part,
        "G-10": older_list.check_closed_share,
    }
)
"""Rule -> check. The one about our own placing comes first, because others rest on what it doubts."""


def checked(report: Report) -> Report:
    """Return a report with its findings and, per rule, how often it passed, failed, could not be assessed.

    The facts of rows that we placed one column off are put right or held back before anything is compared. A
    second pass over sums that empty cells left open is counted under the rule's id followed by `SECOND_PASS`;
    its findings carry `assumption` and blame nobody. What is no report is not checked.
    """
    if report.outcome in _NOT_CHECKED:
        return report
    case = Case.of(report)
    report, shifts = shifting.unshifted(report, case)
    if shifts:
        case = Case.of(report)
        case.memory["shifts"] = shifts
    known = report
    report = moved_disputes.held_back(report, case)
    if report is not known:
        case = Case.of(report)
        case.memory["shifts"] = shifts
    findings, counts = _findings(case)
    return replace(report, findings=findings, check_counts=counts)


def _findings(case: Case) -> tuple[tuple[Finding, ...], dict[str, tuple[int, int, int]]]:
    counts: dict[str, tuple[int, int, int]] = {}
    failures: list[tuple[str, Failure]] = []
    for rule, check in _checks_of(case.era):
        failures += _apply(case, rule, check, counts)
    assumed, assumed_counts = second_pass(case)
    counts.update({rule + SECOND_PASS: count for rule, count in assumed_counts.items()})
    failures = _with_proposals(case, failures) + assumed
    return tuple(finding(case, rule, failure) for rule, failure in failures), counts


@cache
def _checks_of(era: str | None) -> tuple[tuple[str, CheckFunction], ...]:
    """Return the checks that apply to reports of an era, or to any."""
    return tuple(
        (rule, check)
        for rule, check in CHECKS.items()
        if RULES[rule].eras == ALL_ERAS or era in RULES[rule].eras
    )


def _apply(
    case: Case, rule: str, check: CheckFunction, counts: dict[str, tuple[int, int, int]]
) -> list[tuple[str, Failure]]:
    verdicts = list(check(case))
    passed, not_assessable = verdicts.count(PASS), verdicts.count(NOT_ASSESSABLE)
    failures: list[tuple[str, Failure]] = []
    if passed + not_assessable < len(verdicts):
        failures = [(rule, verdict) for verdict in verdicts if isinstance(verdict, Failure)]
    if passed or failures or not_assessable:
        counts[rule] = (passed, len(failures), not_assessable)
    return failures


def _with_proposals(case: Case, failures: list[tuple[str, Failure]]) -> list[tuple[str, Failure]]:
    known = report_proposals(case)
    if not known:
        return failures
    proposed = (
        (rule, failure if failure.proposal else replace(failure, proposal=known.get(failure.cells, ())))
        for rule, failure in failures
    )
    return [(rule, narrowed(case, rule, failure)) for rule, failure in proposed]
