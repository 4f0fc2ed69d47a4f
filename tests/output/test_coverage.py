"""Which report is there, late, missing, unreadable or not known, by what the ledger can prove."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from output.reference import FOLDER
from scraper.ledger import Ledger
from tests.output.doubles import Case, Made

LIST = "http://www.example.gov.cn/nb/"
READ_ON = "2026-02-10T06:00:00+00:00"


def crawled(data_dir: Path, coverage: str = "complete", pages: tuple[tuple[str, str, str], ...] = ()) -> None:
    """Write a ledger: one portal, one list, listed pages (address, title, outcome) without an answer."""
    ledger = Ledger(data_dir)
    with ledger.transaction():
        ledger.execute("INSERT INTO runs VALUES (1, ?, ?, 'done')", (READ_ON, READ_ON))
        ledger.execute("INSERT INTO portals VALUES ('huangshan', '某区', '420202')")
        ledger.execute(
            "INSERT INTO lists VALUES (1, 'huangshan', ?, 1, NULL, 9, 9, 'end_of_list', NULL, ?, NULL)",
            (LIST, coverage),
        )
        for url, title, outcome in pages:
            ledger.execute(
                "INSERT INTO pages (portal_id, key, url, kind, is_listed, list_title, outcome, first_run)"
                " VALUES ('huangshan', ?, ?, 'document', 1, ?, ?, 1)",
                (url, url, title, outcome),
            )
    ledger.close()


def rows(data_dir: Path, *cases: Case) -> dict[tuple[str, int], Any]:
    return of(Made(data_dir, cases))


def of(made: Made) -> dict[tuple[str, int], Any]:
    return {(row.agency, row.fiscal_year): row for row in made.frame("coverage").itertuples()}


def test_published_and_late(tmp_path: Path) -> None:
    late = {"published_on": "2025-03-02"}
    found = rows(tmp_path, Case("甲局", 2024), Case("乙局", 2024, identity=late))
    assert (found["甲局", 2024].status, found["甲局", 2024].days_late) == ("published", -11)
    assert (found["乙局", 2024].status, found["乙局", 2024].days_late) == ("late", 30)
    assert str(found["乙局", 2024].due_on) == "2025-01-31"
    assert found["乙局", 2024].tried == "http://www.example.gov.cn/1.htm parsed"


def test_a_date_that_is_not_known_is_not_late(tmp_path: Path) -> None:
    row = rows(tmp_path, Case("甲局", 2024, identity={"published_on": None}))["甲局", 2024]
    assert (row.status, pd.isna(row.days_late)) == ("published", True)


def test_missing_once_due_and_the_lists_were_read(tmp_path: Path) -> None:
    crawled(tmp_path)
    found = rows(tmp_path, Case("甲局", 2023), Case("甲局", 2024))
    row = found["甲局", 2025]
    assert (row.status, row.expected_from, row.lists_read) == ("missing", "year_before", "complete")
    assert row.tried == f"{LIST} list: end_of_list"
    assert str(row.as_of) == "2026-02-10"
    assert pd.isna(row.report_id)


def test_a_missing_report_is_a_finding_of_the_portal_not_a_fault_of_another_report(tmp_path: Path) -> None:
    crawled(tmp_path)
    dataset = Made(tmp_path, [Case("甲局", 2024)])
    findings = dataset.frame("findings")
    found = findings[findings["rule"] == "A-03"]
    assert found["expected"].tolist() == ["2026-01-31"]
    assert "2025" in found["message_en"].iloc[0]
    assert dataset.frame("reports")["findings_warning"].tolist() == [0]
    checks = dataset.frame("checks").set_index("rule")
    assert checks.loc["A-03", "failed"] == 1
    assert dataset.frame("reports")["checks_failed"].tolist() == [0]


def test_lists_not_read_to_their_end_prove_nothing(tmp_path: Path) -> None:
    crawled(tmp_path, "incomplete")
    made = Made(tmp_path, [Case("甲局", 2024)])
    assert of(made)["甲局", 2025].status == "unknown"
    findings = made.frame("findings")
    assert "A-03" not in set(findings["rule"])


def test_not_due_yet_is_not_missing(tmp_path: Path) -> None:
    crawled(tmp_path)
    government = {"agency_kind": "government", "scope": "government_aggregate"}
    found = rows(tmp_path, Case("甲区人民政府", 2024, identity=government))
    assert ("甲区人民政府", 2025) not in found


def test_without_a_crawl_a_gap_is_unknown(tmp_path: Path) -> None:
    found = rows(tmp_path, Case("甲局", 2022), Case("甲局", 2024))
    assert (found["甲局", 2023].status, found["甲局", 2023].expected_from) == ("unknown", "year_before")


def test_years_long_after_the_last_report_are_not_called_missing(tmp_path: Path) -> None:
    crawled(tmp_path)
    found = rows(tmp_path, Case("甲局", 2022))
    assert [found["甲局", year].status for year in (2023, 2024, 2025)] == ["missing", "unknown", "unknown"]


@pytest.mark.parametrize("outcome", ["unreadable", "no_tables", "unsupported"])
def test_a_file_nothing_could_be_read_of(tmp_path: Path, outcome: str) -> None:
    row = rows(tmp_path, Case("甲局", 2024, era=None, outcome=outcome))["甲局", 2024]
    assert (row.status, row.outcome) == ("unreadable", outcome)


def test_a_file_without_a_name_is_found_by_the_title_of_the_list(tmp_path: Path) -> None:
    document = {"list_title": "澄湾区财政局2024年政府信息公开工作年度报告"}
    unread = {"level": None, "agency_kind": None, "scope": None, "published_on": None}
    case = Case(None, None, era=None, outcome="unreadable", identity=unread, document=document)
    row = rows(tmp_path, case)["澄湾区财政局", 2024]
    assert row.status == "unreadable"
    assert row.tried.startswith("http://www.example.gov.cn/0.htm unreadable")


@pytest.mark.parametrize(("outcome", "status"), [("waf_block", "unreadable"), ("gone", "missing")])
def test_a_listed_page_that_was_never_had(tmp_path: Path, outcome: str, status: str) -> None:
    url = "http://www.example.gov.cn/2025.htm"
    crawled(tmp_path, pages=((url, "澄湾区财政局2025年政府信息公开工作年度报告", outcome),))
    row = rows(tmp_path, Case("澄湾区财政局", 2024))["澄湾区财政局", 2025]
    assert row.status == status
    assert row.tried.splitlines()[0] == f"{url} {outcome}"


def test_a_supplied_list_says_who_is_missing_and_when_a_body_ended(tmp_path: Path) -> None:
    crawled(tmp_path)
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "expected.csv").write_text(
        "region_code,agency,first_year,last_year,government,seen\n420202,甲局,2023,,,公布情况\n",
        encoding="utf-8",
    )
    (tmp_path / FOLDER / "predecessors.csv").write_text(
        "predecessor,successor,first_year,type,evidence\n乙局,甲局,2025,merge,\n", encoding="utf-8"
    )
    found = rows(tmp_path, Case("甲局", 2024), Case("乙局", 2024))
    assert (found["甲局", 2023].status, found["甲局", 2023].expected_from) == ("missing", "list")
    assert found["甲局", 2025].status == "missing"
    assert ("乙局", 2025) not in found


def test_an_aggregate_is_compared_with_a_complete_list_of_units(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    lines = "".join(f"420202,{name},2024,,甲区人民政府,公布情况\n" for name in ("甲局", "乙局"))
    (tmp_path / FOLDER / "expected.csv").write_text(
        f"region_code,agency,first_year,last_year,government,seen\n{lines}", encoding="utf-8"
    )
    received = "requests.received.total"
    whole = {"agency_kind": "government", "scope": "government_aggregate"}
    cases = [
        Case("甲区人民政府", 2024, {received: 640}, identity=whole),
        Case("甲局", 2024, {received: 300}),
        Case("乙局", 2024, {received: 251}),
    ]
    findings = Made(tmp_path, cases).frame("findings")
    found = findings[findings["rule"] == "A-02"]
    assert (found["expected"].tolist(), found["found"].tolist()) == (["551"], ["640"])
