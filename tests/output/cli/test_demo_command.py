"""`gongkai demo` from the outside: its story, its files, and the ground truth of the farm it crawled."""

import json
import re
import shlex
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.conftest import Run


@pytest.fixture(scope="module")
def truth(demo: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((demo / "farm" / "truth.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def reports(demo: Path) -> pd.DataFrame:
    return pd.read_parquet(demo / "dataset" / "reports.parquet")


def live(truth: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {r["url"]: r for host in truth["hosts"] for r in host["reports"] if r["state"] == "live"}


def test_the_farm_is_as_large_as_promised(truth: dict[str, Any]) -> None:
    for host in truth["hosts"]:
        years = {report["fiscal_year"] for report in host["reports"]}
        agencies = {report["agency"] for report in host["reports"]}
        assert len(years) >= 5
        assert len(agencies) >= 4
        assert any(listed["pages"] > 1 for listed in host["lists"])
        assert host["noise"]


def test_every_report_is_found_and_nothing_else(truth: dict[str, Any], reports: pd.DataFrame) -> None:
    assert set(reports.source_url) == set(live(truth))


def test_no_reported_figure_is_wrong_and_hardly_one_is_missing(
    demo: Path, truth: dict[str, Any], reports: pd.DataFrame
) -> None:
    facts = pd.read_parquet(demo / "dataset" / "facts.parquet")
    facts = facts[facts.is_current]
    found = {(f.source_url, f.table, f.row, f.column): (f.status, f.value) for f in facts.itertuples()}
    expected = {
        (url, f["table"], f["row"], f["column"]): (f["status"], f["value"])
        for url, report in live(truth).items()
        for f in report["versions"][-1]["figures"]
    }
    wrong = [
        (key, found[key], expected.get(key))
        for key in found
        if found[key][0] == "reported" and not same(found[key], expected.get(key))
    ]
    assert wrong == []
    right = sum(found.get(key, ("absent", None))[0] == status for key, (status, _) in expected.items())
    assert right / len(expected) > 0.99


def same(found: tuple[str, float], expected: tuple[str, Any] | None) -> bool:
    return (
        expected is not None
        and expected[0] == "reported"
        and Decimal(repr(found[1])) == Decimal(str(expected[1]))
    )


def test_who_which_year_which_form(truth: dict[str, Any], reports: pd.DataFrame) -> None:
    known = live(truth)
    for row in reports[reports.is_current].itertuples():
        report = known[str(row.source_url)]
        for name in ("agency", "fiscal_year", "era", "region_code", "title"):
            assert getattr(row, name) == report[name], (row.source_url, name)
        assert str(row.published_on) == report["published_on"]


def test_the_planted_errors_are_found(demo: Path, truth: dict[str, Any], reports: pd.DataFrame) -> None:
    findings = pd.read_parquet(demo / "dataset" / "findings.parquet")
    current = reports[reports.is_current].set_index("source_url").report_id
    for url, report in live(truth).items():
        rules = set(findings[findings.report_id == current[url]].rule)
        assert set(report["versions"][-1]["findings"]) <= rules, (
            url,
            report["versions"][-1]["findings"],
            rules,
        )


def test_the_silent_change_is_kept_as_two_versions(reports: pd.DataFrame) -> None:
    twice = reports[reports.duplicated("document_key", keep=False)]
    assert len(twice) == 2
    assert sorted(twice.is_current) == [False, True]


def test_the_second_crawl_downloads_no_report_again(demo: Path, truth: dict[str, Any]) -> None:
    with sqlite3.connect(demo / "state.sqlite") as state:
        rows = state.execute(
            "SELECT f.outcome, count(*) FROM fetches f JOIN pages p ON p.id = f.page_id"
            " WHERE f.run_id = 2 AND p.first_listed_at < (SELECT started_at FROM runs WHERE id = 2)"
            " AND p.kind = 'page' GROUP BY f.outcome"
        ).fetchall()
    outcomes = dict(rows)
    assert outcomes.get("not_modified", 0) > 50
    assert outcomes.get("ok", 0) == 1


def test_what_it_suggests_works_when_pasted(demo: Path, gongkai: Run) -> None:
    story = (demo.parent / "demo.out").read_text(encoding="utf-8")
    commands = [line.strip() for line in story.splitlines() if line.strip().startswith("gongkai ")]
    assert any(command.startswith("gongkai compare") for command in commands)
    assert commands[-1] == f"gongkai serve --data {shlex.quote(str(demo))}"
    for command in commands[:-1]:  # the last one serves until it is interrupted
        done = gongkai(*shlex.split(command)[1:])
        assert done.returncode == 0, (command, done.stderr)
        assert done.stdout.strip()


def test_the_story_tells_what_matters(demo: Path) -> None:
    story = (demo.parent / "demo.out").read_text(encoding="utf-8")
    assert "T2-03" in story
    assert re.search(r"2021 +2022 +2023 +2024", story)
    for name in ("dataset/", "archive/", "state.sqlite"):
        assert name in story


def test_it_starts_afresh_in_its_own_folder_and_touches_no_other(gongkai: Run, tmp_path: Path) -> None:
    foreign = tmp_path / "mine"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("do not touch", encoding="utf-8")
    done = gongkai("demo", "--data", foreign)
    assert done.returncode == 2
    assert "mine" in done.stderr
    assert [path.name for path in foreign.iterdir()] == ["thesis.txt"]
    assert gongkai("demo", "--data", foreign / "thesis.txt").returncode == 2
