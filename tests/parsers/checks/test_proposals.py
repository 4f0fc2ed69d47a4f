"""Proposals: one wrong cell is found without doubt, several are listed or counted, none is applied."""

from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.checks import RULES, SECOND_PASS
from parsers.checks.case import Case
from parsers.checks.identities import groups, identities, report_sums
from parsers.records import CellKey, Finding, Report
from tests.parsers.checks.cases import dispute, list2014, request, statistic
from tests.parsers.checks.reports import EXAMPLE, example, facts_of, run_checks

BALANCED = {fact.key: fact.value for fact in example().facts if fact.table == "requests"}
CELLS = sorted(BALANCED)


def of_rule(report: Report, *rules: str) -> list[Finding]:
    return [one for one in run_checks(report)[0] if one.rule in rules and one.assumption is None]


def single(cell: CellKey, printed: object, proposed: object) -> dict[str, Any]:
    return {"cell": list(cell), "printed": printed, "proposed": proposed}


def test_rules_come_in_one_order_in_every_process() -> None:
    found = list(report_sums(Case.of(example())))
    assert found == sorted(found)
    assert len(found) > 3


@pytest.mark.parametrize(("era", "statements", "cells"), [("fmt2021", 39, 175), ("fmt2019", 37, 161)])
def test_every_cell_has_its_own_signature(era: str, statements: int, cells: int) -> None:
    found = [one for one in identities(era) if one.rule in ("T3-01", "T3-02", "T3-03")]
    assert len(found) == statements
    signatures: dict[CellKey, set[int]] = {}
    for number, identity in enumerate(found):
        for cell in identity.expected + identity.found:
            signatures.setdefault(cell, set()).add(number)
    assert len(signatures) == cells
    assert len({frozenset(one) for one in signatures.values()}) == cells
    assert {len(one) for key, one in signatures.items() if key[1] == "concluded"} == {3}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CELLS), st.integers(min_value=1, max_value=900))
def test_one_wrong_cell_is_found(cell: CellKey, wrong_by: int) -> None:
    true = BALANCED[cell]
    assert true is not None
    printed = true + wrong_by
    report = example({cell: printed})
    found = of_rule(report, "T3-01", "T3-02", "T3-03")
    expected = sum(cell in one.expected + one.found for one in identities("fmt2021") if one.rule != "T3-04")
    assert len(found) == expected
    for finding in found:
        [proposal] = finding.proposal
        assert finding.cells[0] == cell
        assert proposal["cells"] == [single(cell, printed, true)]
    assert next(fact.value for fact in report.facts if fact.key == cell) == printed


@pytest.mark.parametrize(
    ("cell", "printed", "true", "looks"),
    [
        (request("unavailable_not_held", "natural_person"), 9, 7, None),
        (request("received"), 35, 53, "digits_exchanged"),
        (request("concluded", "legal_service"), 5, 3, None),
        (request("concluded"), 555, 55, "digit_doubled"),
    ],
)
def test_single_cells(cell: CellKey, printed: int, true: int, looks: str | None) -> None:
    for finding in of_rule(example({cell: printed}), "T3-01", "T3-02", "T3-03"):
        assert finding.proposal[0]["cells"] == [single(cell, printed, true)]
        assert finding.proposal[0].get("looks_like") == looks


def test_two_cells_are_not_decidable() -> None:
    wrong = {request("granted", "natural_person"): 17, request("granted", "business"): 4}
    found = of_rule(example(wrong), "T3-01", "T3-02", "T3-03")
    assert [(one.rule, one.delta) for one in found] == [("T3-02", 1), ("T3-02", -1)]
    rows = [proposal["cells"][0]["cell"][1] for proposal in found[0].proposal]
    assert rows == ["granted", "partly_granted", "denied_third_party", "denied_admin_inquiry"]


def test_exchanged_columns_and_neighbouring_rows() -> None:
    exchanged = {request("received", "natural_person"): 6, request("received", "business"): 41}
    [first, *_] = of_rule(example(exchanged), "T3-01")
    assert "figures_exchanged" in {one.get("looks_like") for one in first.proposal}


def test_table_4_lists_all_five_cells() -> None:
    [finding] = of_rule(example({dispute("review", "total"): 6}, texts={4: "有关情况见下表。"}), "T4-01")
    assert [one["cells"][0]["proposed"] for one in finding.proposal] == [4, 2, 1, 2, 5]
    assert all(len(one["cells"]) == 1 for one in finding.proposal)


def test_table_4_is_narrowed_by_the_sentence() -> None:
    text = {4: "因政府信息公开引发行政复议5件。"}
    [finding] = of_rule(example({dispute("review", "total"): 6}, texts=text), "T4-01")
    assert [one["cells"] for one in finding.proposal] == [[single(dispute("review", "total"), 6, 5)]]
    assert finding.evidence["sentence"]["text"] == "因政府信息公开引发行政复议5件"


def test_many_candidates_become_their_number() -> None:
    # Two columns of many equal figures: far more than ten pairs fit.
    figures: dict[CellKey, object] = {}
    leaves = groups("fmt2021")["leaves"]
    for row in leaves:
        figures |= {request(row, c): 5 for c in ("natural_person", "business")}
        figures[request(row)] = 10
    for column, total in (("natural_person", 105), ("business", 105), ("total", 210)):
        figures |= {request("received", column): total, request("concluded", column): total}
    figures |= {request("granted", "natural_person"): 4, request("granted", "business"): 6}
    report = example()
    report = type(report)(
        source=report.source, outcome="parsed", identity=report.identity, era="fmt2021",
        sections=report.sections, facts=facts_of("fmt2021", figures),
    )  # fmt: skip
    found = of_rule(report, "T3-02")
    assert [one.proposal for one in found] == [({"candidates": 21},)] * 2


def test_sums_of_the_older_list_that_share_a_cell_are_solved_together() -> None:
    found = of_rule(list2014(s3_rep_denied=6), "G-03", "G-04")
    assert [one.rule for one in found] == ["G-03", "G-04"]
    for finding in found:
        assert [one["cells"] for one in finding.proposal] == [[single(statistic("s3_rep_denied"), 6, 4)]]


def test_local_channels_are_added_too() -> None:
    extra = ("statistics", "x_phone", "value")
    plain = list2014(s3_received=40)
    rows = {fact.key: fact.where for fact in plain.facts}
    after = rows[statistic("s3_rcv_letter")]
    assert after is not None
    phone = plain.facts[0]._replace(row="x_phone", value=2, raw="2", note="电话申请数")
    facts = (*plain.facts, phone._replace(where=after))
    report = type(plain)(
        source=plain.source, outcome="parsed", identity=plain.identity, era="stat2014", facts=facts
    )
    assert extra in {fact.key for fact in facts}
    assert of_rule(report, "G-01") == []


def test_blank_is_zero_only_in_the_second_pass() -> None:
    blanks = dict.fromkeys([request("carried_in", c) for c in groups("fmt2021")["applicants"][2:]], "blank")
    _, counts = run_checks(example(blanks))
    assert counts["T3-03"] == (24, 0, 1)
    assert counts["T3-03" + SECOND_PASS] == (1, 0, 0)
    findings, counts = run_checks(example({**blanks, request("carried_in"): 6}))
    assert counts["T3-03"] == (24, 0, 1)
    assert counts["T3-03" + SECOND_PASS] == (0, 1, 0)
    [assumed] = [one for one in findings if one.rule == "T3-03"]
    assert (assumed.assumption, assumed.severity, assumed.origin) == ("blank_as_zero", "info", "undecided")
    assert (assumed.expected, assumed.found) == (5, 6)


def test_a_table_of_blanks_passes_nothing() -> None:
    blank = dict.fromkeys(list(BALANCED), "blank")
    _, counts = run_checks(example(blank))
    for rule in ("T3-01", "T3-02", "T3-03"):
        assert counts[rule][:2] == (0, 0)
        assert rule + SECOND_PASS not in counts


def test_totals_left_blank_are_not_taken_as_zero() -> None:
    outcomes = list(islice((key for key in EXAMPLE if key[0] == "requests" and key[2] == "total"), 2, 16))
    findings, _ = run_checks(example(dict.fromkeys(outcomes, "blank")))
    assert not [one for one in findings if one.rule == "T3-03"]
    [finding] = [one for one in findings if one.rule == "T3-07"]
    assert sum(one["cells"][0]["proposed"] for one in finding.proposal) == 55


@pytest.mark.parametrize(
    ("more", "origin"),
    [({}, "source"), ({"method": "position"}, "undecided"), ({"raw": "6\ufffd"}, "undecided")],
)
def test_doubt_about_our_reading_is_not_laid_at_the_source(more: dict[str, object], origin: str) -> None:
    [finding] = of_rule(example({dispute("review", "total"): (6, more)}), "T4-01")
    assert finding.origin == origin
    cells = finding.evidence["cells"]
    assert cells[0]["cell"] == ["disputes", "review", "total"]
    assert cells[0]["method"] == more.get("method", "label")


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([fact.key for fact in example().facts]),
        st.one_of(
            st.integers(min_value=-5, max_value=10**6),
            st.sampled_from(["blank", "dash", "not_applicable", "unreadable", "ambiguous", "absent"]),
        ),
        max_size=30,
    )
)
def test_any_report_is_checked_without_failing(changes: dict[CellKey, object]) -> None:
    report = example(changes)
    findings, counts = run_checks(report)
    assert run_checks(report)[0] == findings
    for rule, (passed, failed, not_assessable) in counts.items():
        assert passed + failed + not_assessable > 0, rule
    by_rule = {one.rule for one in findings if one.assumption is None}
    assert by_rule == {rule for rule, count in counts.items() if count[1] and not rule.endswith(SECOND_PASS)}
    for finding in findings:
        assert finding.message_en
        assert finding.message_zh
        assert "None" not in finding.message_en


def test_what_is_assumed_is_said_and_not_called_printed() -> None:
    two = ("granted", "unavailable_not_held")
    report = example({request(row, "natural_person"): "blank" for row in two})
    [assumed] = [one for one in run_checks(report)[0] if one.rule == "T3-02" and one.assumption]
    assert (assumed.severity, assumed.origin, assumed.expected, assumed.found) == (
        "info",
        "undecided",
        18,
        43,
    )
    assert "without a figure (2) read as 0" in assumed.message_en
    assert "若将未填数字的格（2格）视为0" in assumed.message_zh
    assert "prints" not in assumed.message_en
    assert "填写" not in assumed.message_zh


@pytest.mark.parametrize("blanks", [("total",), groups("fmt2021")["applicants"]], ids=["total", "parts"])
def test_a_whole_side_of_blanks_is_not_taken_as_zero(blanks: tuple[str, ...]) -> None:
    report = example({request("granted", column): "blank" for column in blanks})
    findings, counts = run_checks(report)
    assert not [one for one in findings if one.rule == "T3-03"]
    assert f"T3-03{SECOND_PASS}" not in counts


def test_every_sum_has_words_for_the_second_pass() -> None:
    rules = {one.rule for era in ("fmt2021", "fmt2019", "stat2014") for one in identities(era)}
    assert {rule for rule in rules if "assumed" not in RULES[rule].say} == set()


def test_a_missing_outcome_is_explained_once_and_in_its_own_words() -> None:
    blank = example({request("granted", "business"): "blank"})
    assert [one.rule for one in run_checks(blank)[0] if one.rule.startswith("T3-")] == ["T3-12"]
    unreadable = example({request("granted", "business"): ("unreadable", {"raw": "3或4"})})
    [hint] = [one for one in run_checks(unreadable)[0] if one.rule == "T3-12"]
    assert "prints “3或4”, which is no single figure; 3 there would" in hint.message_en
    assert "填写“3或4”，不能读作一个数；若为3" in hint.message_zh
