"""Every folder of fixtures/pages is one test: an input and what a careful reader finds in it.

Layout of a case: `input.*`; `meta.toml`: what it shows in its first line, `covers` (rows of
fixtures/pages/variants.toml), `[hints]` for the parser, `[expected]` outcome, era, sections, identity, notes,
findings_include, findings_exclude; `expected/facts.csv`: no other figure may be reported than those listed;
`expected/findings.csv`, where given: all findings.
`python -m tests.golden_case FOLDER` prints what the parser finds, to be read and corrected by a person.
"""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from parsers.records import Fact, Report
from tests.golden_case import PAGES, load, main, read_meta, read_rows

CASES = sorted(path.parent for path in PAGES.glob("*/meta.toml"))
OBSERVED = PAGES.parent / "observed"
VARIANTS = tomllib.loads((PAGES / "variants.toml").read_text(encoding="utf-8"))["row"]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case(case: Path) -> None:
    meta, report = load(case)
    expected = meta["expected"]
    assert report.outcome == expected["outcome"], report.error
    if "era" in expected:
        assert report.era == (expected["era"] or None)
    for name, value in expected.get("identity", {}).items():
        assert getattr(report.identity, name) == (None if value == "" else value), name
    if "sections" in expected:
        assert [section.number for section in report.sections] == expected["sections"]
    assert set(expected.get("notes", ())) <= set(report.reading.notes)
    _compare_facts(case, report)
    _compare_findings(case, expected, report)


def _compare_facts(case: Path, report: Report) -> None:
    expected = {(r["table"], r["row"], r["column"]): r for r in read_rows(case / "expected/facts.csv") or ()}
    found = {fact.key: fact for fact in report.facts}
    assert len(found) == len(report.facts), "a cell is given twice"
    wrong: list[Any] = []
    for key, row in expected.items():
        fact = found.get(key)
        if fact is None or not _agrees(fact, row):
            wrong.append((key, row, fact))
    wrong += [(k, "not listed", f) for k, f in found.items() if f.status == "reported" and k not in expected]
    assert not wrong, "\n".join(map(str, wrong[:20]))


def _agrees(fact: Fact, row: dict[str, str]) -> bool:
    value = Decimal(row["value"]) if row.get("value") else None
    shown = None if fact.value is None else Decimal(fact.value)
    return (
        fact.status == row["status"]
        and shown == value
        and (not row.get("method") or fact.method == row["method"])
        and (not row.get("note") or fact.note == row["note"])
    )


def _compare_findings(case: Path, expected: dict[str, Any], report: Report) -> None:
    said = "\n".join(f"{f.rule}: {f.message_en}" for f in report.findings)
    rules = {finding.rule for finding in report.findings}
    assert set(expected.get("findings_include", ())) <= rules, said
    assert not set(expected.get("findings_exclude", ())) & rules, said
    listed = read_rows(case / "expected/findings.csv")
    if listed is not None:
        found = sorted((f.rule, f.severity) for f in report.findings)
        assert found == sorted((r["rule"], r["severity"]) for r in listed), said


def test_every_variant_seen_has_a_folder() -> None:
    covered = {row for case in CASES for row in read_meta(case).get("covers", ())}
    known = {row["id"] for row in VARIANTS}
    assert len(known) == len(VARIANTS), "a row is listed twice"
    assert covered <= known, f"not in variants.toml: {sorted(covered - known)}"
    observed = {row["id"] for row in VARIANTS if "observed" in row}
    assert known - observed <= covered, f"no folder covers {sorted(known - observed - covered)}"


@pytest.mark.parametrize("row", [row for row in VARIANTS if "observed" in row], ids=lambda row: row["id"])
def test_every_visible_page_has_its_lines(row: dict[str, str]) -> None:
    assert (OBSERVED / f"{row['observed']}.json").is_file()


def test_every_folder_says_what_it_shows() -> None:
    for case in CASES:
        first = (case / "meta.toml").read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# "), case
        assert first.endswith((".", "。")), case


def test_the_tool_prints_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(PAGES / "text-padded-2024")]) == 0
    printed = capsys.readouterr().out
    assert "table,row,column,status,value,method,note" in printed
    assert "documents,regulation,in_force,reported,9,label," in printed
    assert main([]) == 2
