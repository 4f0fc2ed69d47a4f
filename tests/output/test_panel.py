"""The panel: which report speaks, indicators by their rules, series over the change of forms."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from output.indicators import load_indicators
from parsers.records import Fact, Where
from tests.output.doubles import Case, Made, error

# The invented report of the specification of the checks: received 53, carried in 5, concluded 55 …
EXAMPLE: dict[str, float | str] = {
    "requests.received.total": 53,
    "requests.received.business": 6,
    "requests.carried_in.total": 5,
    "requests.granted.total": 24,
    "requests.partly_granted.total": 6,
    "requests.denied_third_party.total": 3,
    "requests.denied_internal_affairs.total": 4,
    "requests.denied_process_info.total": 3,
    "requests.unavailable_not_held.total": 8,
    "requests.unavailable_unclear.total": 1,
    "requests.not_processed_duplicate.total": 3,
    "requests.other_misc.total": 3,
    "requests.concluded.total": 55,
    "requests.carried_forward.total": 3,
    "disputes.review.corrected": 1,
    "disputes.review.pending": 1,
    "disputes.review.total": 5,
    "disputes.suit_direct.total": 2,
    "disputes.suit_after_review.total": 1,
    "licensing.admin_license.decisions": 260,
    "enforcement.admin_penalty.decisions": 87,
    "enforcement.admin_compulsion.decisions": 3,
    "documents.normative_document.issued": 4,
    "documents.normative_document.repealed": 2,
    "documents.normative_document.in_force": 31,
    "fees.admin_fee.amount_wan_yuan": 12.35,
}
EXPECTED = {
    "requests_received": (53, None, None),
    "requests_handled": (58, None, None),
    "disclosure_rate": (30 / 55, 30, 55),
    "full_disclosure_rate": (24 / 55, 24, 55),
    "partial_disclosure_rate": (6 / 55, 6, 55),
    "denial_rate": (10 / 55, 10, 55),
    "denial_ground_rate_third_party": (3 / 55, 3, 55),
    "denial_ground_share_third_party": (3 / 10, 3, 10),
    "unavailable_rate": (9 / 55, 9, 55),
    "not_held_rate": (8 / 55, 8, 55),
    "not_processed_rate": (3 / 55, 3, 55),
    "other_handling_rate": (3 / 55, 3, 55),
    "net_disclosure_rate": (30 / 49, 30, 49),
    "carry_forward_rate": (3 / 58, 3, 58),
    "review_corrected_rate_closed": (1 / 4, 1, 4),
    "review_corrected_rate_all": (1 / 5, 1, 5),
    "suit_corrected_rate_closed": (0, 0, 3),
    "suit_corrected_rate_all": (0, 0, 3),
    "dispute_rate": (8 / 53, 8, 53),
    "corrected_per_request": (1 / 53, 1, 53),
    "applicant_share_business": (6 / 53, 6, 53),
    "licence_to_enforcement": (260 / 90, 260, 90),
    "normative_document_issue_ratio": (4 / 31, 4, 31),
    "fee_income": (12.35, None, None),
}
SMALL = {"denial_ground_share_third_party", "review_corrected_rate_closed", "review_corrected_rate_all"}
SMALL |= {"suit_corrected_rate_closed", "suit_corrected_rate_all"}


def panel(data_dir: Path, cases: list[Case]) -> pd.DataFrame:
    return Made(data_dir, cases).frame("panel").set_index(["agency_id", "fiscal_year"])


def only(data_dir: Path, case: Case) -> Any:
    frame = panel(data_dir, [case])
    assert len(frame) == 1
    return frame.iloc[0]


def test_indicators_of_the_example_report(tmp_path: Path) -> None:
    row = only(tmp_path, Case(figures=EXAMPLE))
    for code, (value, numerator, denominator) in EXPECTED.items():
        assert row[code] == pytest.approx(value), code
        if denominator is not None:
            assert (row[f"{code}_numerator"], row[f"{code}_denominator"]) == (numerator, denominator), code
        assert (row[f"{code}_flag"] == "small_base") == (code in SMALL), code
    shares = ["full_disclosure_rate", "partial_disclosure_rate", "denial_rate"]
    shares += ["unavailable_rate", "not_processed_rate", "other_handling_rate"]
    assert sum(row[share] for share in shares) == pytest.approx(1)


def test_every_indicator_of_the_file_has_an_example_or_a_test() -> None:
    codes = {indicator.code for indicator in load_indicators().rates}
    families = ("denial_ground_", "applicant_share_")
    assert {code for code in codes if not code.startswith(families)} - set(EXPECTED) == {
        "normative_document_repeal_ratio",
        "requests_per_10k",  # these two: test_reference.py
        "fee_income_per_head",
    }


@pytest.mark.parametrize("status", ["blank", "dash", "not_applicable", "unreadable", "ambiguous", "absent"])
def test_a_missing_operand_gives_no_figure(tmp_path: Path, status: str) -> None:
    row = only(tmp_path, Case(figures={**EXAMPLE, "requests.denied_admin_inquiry.total": status}))
    assert pd.isna(row["denial_rate"])
    assert row["denial_rate_flag"] == f"not_reported:requests.denied_admin_inquiry.total={status}"
    assert pd.isna(row["denial_rate_numerator"])
    assert row["disclosure_rate"] == pytest.approx(30 / 55)
    assert pd.isna(row["requests_denied_admin_inquiry_total"])


def test_no_base_no_rate(tmp_path: Path) -> None:
    row = only(tmp_path, Case())
    assert pd.isna(row["disclosure_rate"])
    assert row["disclosure_rate_flag"] == "no_base"
    assert row["requests_received"] == 0


def test_an_error_of_the_source_marks_and_a_doubt_of_ours_removes(tmp_path: Path) -> None:
    findings = (error("requests.granted.total"), error("requests.partly_granted.total", origin="undecided"))
    row = only(tmp_path, Case(figures=EXAMPLE, findings=findings))
    assert row["full_disclosure_rate"] == pytest.approx(24 / 55)
    assert row["full_disclosure_rate_flag"] == "error_finding"
    assert pd.isna(row["partial_disclosure_rate"])
    assert row["partial_disclosure_rate_flag"] == "reading_doubt:requests.partly_granted.total"
    assert (row["findings_error"], row["findings_warning"]) == (1, 0)


def test_findings_joined_by_refines_count_once(tmp_path: Path) -> None:
    findings = (
        error("requests.granted.total"),
        error("requests.granted.total", rule="T3-08", refines="T3-01"),
    )
    assert only(tmp_path, Case(findings=findings))["findings_error"] == 1


def test_year_before(tmp_path: Path) -> None:
    cases = [
        Case(year=2022, figures={**EXAMPLE, "requests.received.total": 48}),
        Case(year=2023, figures=EXAMPLE),
        Case(year=2025, figures=EXAMPLE),
        Case(year=2022, agency="乙局", figures={"requests.received.total": 29}),
        Case(year=2023, agency="乙局", figures={"requests.received.total": 58}),
    ]
    frame = panel(tmp_path, cases)
    one = frame.loc["420202-甲局"]
    assert one.loc[2023, "requests_received_change"] == pytest.approx(53 / 48 - 1)
    assert one.loc[2023, "requests_received_difference"] == 5
    assert one.loc[2023, "normative_document_repeal_ratio"] == pytest.approx(2 / 31)
    assert pd.isna(one.loc[2025, "requests_received_change"])
    assert one.loc[2025, "normative_document_repeal_ratio_flag"] == "no_previous_year"
    small = frame.loc[("420202-乙局", 2023)]
    assert pd.isna(small["requests_received_change"])
    assert small["requests_received_difference"] == 29


def test_nothing_is_compared_across_a_change_of_meaning(tmp_path: Path) -> None:
    cases = [
        Case(year=2018, era="stat2014", figures={"statistics.s3_received.value": 40}),
        Case(year=2019, era="fmt2019", figures={"requests.received.total": 44}),
        Case(year=2020, era="fmt2019", figures={"requests.received.total": 50}),
        Case(year=2021, figures={"requests.received.total": 60}),
    ]
    frame = panel(tmp_path, cases).loc["420202-甲局"]
    assert list(frame["requests_received"]) == [40, 44, 50, 60]
    assert list(frame["requests_received_difference"].isna()) == [True, True, False, False]
    assert frame.loc[2021, "requests_received_change"] == pytest.approx(0.2)


def test_a_stock_of_the_year_before_is_taken_from_the_same_form_and_scope(tmp_path: Path) -> None:
    own = {"scope": "organ"}
    cases = [
        Case("甲局", 2020, era="fmt2019"),
        Case("甲局", 2021, EXAMPLE),
        Case("乙区政府", 2021, EXAMPLE, identity={"scope": "government_aggregate"}),
        Case("乙区政府", 2022, EXAMPLE, identity=own),
        Case("丙局", 2022, EXAMPLE),
        Case("丙局", 2023, {**EXAMPLE, "documents.normative_document.repealed": 0}),
    ]
    flag = "normative_document_repeal_ratio_flag"
    frame = panel(tmp_path, cases)
    assert frame.loc[("420202-甲局", 2020), flag] == "not_in_form"
    assert frame.loc[("420202-甲局", 2021), flag] == "other_form"
    assert frame.loc[("420202-乙区政府", 2022), flag] == "other_scope"
    assert frame.loc[("420202-丙局", 2022), flag] == "no_previous_year"
    assert frame.loc[("420202-丙局", 2023), "normative_document_repeal_ratio"] == 0


def test_series_over_the_forms(tmp_path: Path) -> None:
    old = {"statistics.s3_replied.value": "blank", "statistics.s3_closed.value": 31.0}
    cases = [
        Case(year=2018, era="stat2014", figures=old),
        Case(year=2020, era="fmt2019", figures={"documents.normative_document.made_new": 3}),
        Case(year=2021, figures={"documents.normative_document.issued": 2}),
    ]
    frame = panel(tmp_path, cases).loc["420202-甲局"]
    assert frame.loc[2018, "h_concluded"] == 31
    assert frame.loc[2018, "h_concluded_flag"] == "from:s3_closed border_2018_medium"
    assert list(frame["h_normative_document_issued"]) == [0, 3, 2]
    assert frame.loc[2020, "h_normative_document_issued_flag"] == "border_2020_high"
    assert pd.isna(frame.loc[2021, "h_normative_document_issued_flag"])
    assert frame.loc[2018, "h_fee_income_wan_yuan_flag"] == "not_in_form"


def test_copies_that_disagree_give_no_figure(tmp_path: Path) -> None:
    cases = [
        Case(figures=EXAMPLE),
        Case(figures={**EXAMPLE, "requests.concluded.total": 57}),
    ]
    row = panel(tmp_path, cases).iloc[0]
    assert (row["copies"], row["cells_in_dispute"]) == (2, 1)
    assert pd.isna(row["requests_concluded_total"])
    assert row["disclosure_rate_flag"] == "not_reported:requests.concluded.total=copies_disagree"
    assert row["requests_received"] == 53


def test_reports_of_other_scope_are_not_mixed_in(tmp_path: Path) -> None:
    cases = [
        Case(figures={"requests.received.total": 640}, identity={"scope": "government_aggregate"}),
        Case(figures={"requests.received.total": 12}),
    ]
    made = Made(tmp_path, cases)
    frame, reports = made.frame("panel"), made.frame("reports")
    assert len(frame) == 1
    assert frame.iloc[0]["requests_received"] == 12
    assert frame.iloc[0]["scope"] == "organ"
    assert frame.iloc[0]["other_scopes"] == reports["report_id"][0]


def test_old_versions_and_unplaced_reports_stay_out(tmp_path: Path) -> None:
    cases = [Case(document={"is_current": False}), Case(agency=None), Case(year=None), Case(era=None)]
    made = Made(tmp_path, cases)
    assert len(made.frame("panel")) == 0
    assert len(made.frame("reports")) == 4
    assert made.counts["without_place"] == 2


@pytest.mark.parametrize(
    ("kind", "year", "published", "days"),
    [
        ("department", 2023, "2024-01-26", -5),
        ("department", 2023, "2024-03-31", 60),
        ("government", 2023, "2024-03-31", 0),
        ("department", 2018, "2019-04-01", 1),
        (None, 2018, "2019-03-31", 0),
        (None, 2023, "2024-01-26", None),
        ("department", 2023, None, None),
    ],
)
def test_days_late(
    tmp_path: Path, kind: str | None, year: int, published: str | None, days: int | None
) -> None:
    case = Case(year=year, identity={"agency_kind": kind, "published_on": published})
    row = only(tmp_path, case)
    assert pd.isna(row["days_late"]) if days is None else row["days_late"] == days


def test_robust_z_of_the_example(tmp_path: Path) -> None:
    rates = [48, 51, 52, 54, 55, 57, 58, 60, 62, 71]  # nine peers, and the one that is looked at
    cases = [
        Case(
            agency=f"{rate}局",
            figures={"requests.concluded.total": 100, "requests.granted.total": rate},
        )
        for rate in rates
    ]
    frame = panel(tmp_path, cases)
    z = frame["full_disclosure_rate_robust_z"]
    assert z.loc["420202-71局", 2024] == pytest.approx((0.71 - 0.55) / (1.4826 * 0.03))
    assert z.loc["420202-71局", 2024] == pytest.approx(3.60, abs=0.005)
    assert panel(tmp_path, cases[:9])["full_disclosure_rate_robust_z"].notna().all()
    few = panel(tmp_path, cases[:8])
    assert few["full_disclosure_rate_robust_z"].isna().all()


def test_checks_across_reports_reach_findings_counts_and_marks(tmp_path: Path) -> None:
    cases = [
        Case(year=2023, figures={**EXAMPLE, "requests.carried_forward.total": 14}),
        Case(year=2024, figures=EXAMPLE),
    ]
    dataset = Made(tmp_path, cases)
    earlier, later = dataset.frame("reports").itertuples()
    findings = dataset.frame("findings")
    carried = findings[findings["rule"] == "T3-05"]
    assert list(carried["report_id"]) == [later.report_id]
    assert (carried["expected"].iloc[0], carried["found"].iloc[0]) == ("14", "5")
    assert later.findings_warning == (findings["report_id"] == later.report_id).sum() - later.findings_info
    checks = dataset.frame("checks").set_index(["report_id", "rule"])
    assert checks.loc[(later.report_id, "T3-05"), "failed"] >= 1
    assert checks.loc[(earlier.report_id, "T3-05"), "not_assessable"] >= 1
    assert not checks.index.duplicated().any()
    assert dataset.frame("panel")["findings_warning"].tolist() == [
        earlier.findings_warning,
        later.findings_warning,
    ]


def test_rows_are_sorted_by_key(tmp_path: Path) -> None:
    cases = [Case(agency=agency, year=year) for agency in ("乙局", "甲局") for year in (2024, 2022)]
    index = panel(tmp_path, cases).index
    assert list(index) == sorted(index)


def local_list(*rows: tuple[str, float]) -> Case:
    """A list from before 2014: printed rows only, those of known series under their code."""
    facts = [
        Fact(
            "local", row, "value", value, None, "reported", f"{value:g}", "标签", "label", Where(0, place, 1)
        )
        for place, (row, value) in enumerate(rows)
    ]
    return Case(year=2010, era="pre2014", printed=tuple(facts))


def test_series_reach_back_to_local_lists_with_a_break(tmp_path: Path) -> None:
    row = only(tmp_path, local_list(("x_h_received", 12), ("x_row_0_4", 7)))
    assert row["h_received"] == 12
    assert "border_2013_high" in row["h_received_flag"].split()
    assert pd.isna(row["h_granted"])
    assert pd.isna(row["requests_received"])


def test_two_rows_of_a_local_list_that_claim_one_series_give_none(tmp_path: Path) -> None:
    differing = only(tmp_path, local_list(("x_h_received", 12), ("x_h_received", 13)))
    assert pd.isna(differing["h_received"])
    assert differing["h_received_flag"] == "not_reported:local.x_h_received.value=ambiguous"
    assert only(tmp_path, local_list(("x_h_received", 12), ("x_h_received", 12)))["h_received"] == 12
