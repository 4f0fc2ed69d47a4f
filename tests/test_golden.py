"""Every folder of fixtures/pages is one test: an input and what a careful reader finds in it.

Layout of a case: `input.*`, `meta.toml` (outcome, era, identity; `parse` options), `expected/facts.csv` and
Layout of a case: `input.*`, `meta.toml` (outcome, era, identity, sections), `expected/facts.csv` and
`python -m tests.golden_case FOLDER` prints what the parser finds, to be read and corrected by a person.
"""

import csv
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from parsers.records import Fact, Hints, Report
from parsers.report import parse_strict

CASES = sorted(
    path.parent for path in (Path(__file__).parent.parent / "fixtures" / "pages").glob("*/meta.toml")
)


def load(case: Path) -> tuple[dict[str, Any], Report]:
    meta = tomllib.loads((case / "meta.toml").read_text(encoding="utf-8"))
    inputs = list(case.glob("input.*"))
    assert len(inputs) == 1, f"{case}: exactly one input.* expected"
    hints = Hints(**meta.get("hints", {}))
    return meta, parse_strict(inputs[0].read_bytes(), path=inputs[0].name, hints=hints)


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_cases() -> None:
    assert CASES


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
    _compare_facts(case, report)
    _compare_findings(case, report)


def _compare_facts(case: Path, report: Report) -> None:
    expected = {(r["table"], r["row"], r["column"]): r for r in rows(case / "expected" / "facts.csv")}
    found = {fact.key: fact for fact in report.facts}
    assert len(found) == len(report.facts), "a cell is given twice"
    wrong = []
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
    )


def _compare_findings(case: Path, report: Report) -> None:
    path = case / "expected" / "findings.csv"
    if not path.exists():
        return
    expected = sorted((r["rule"], r["severity"]) for r in rows(path))
    found = sorted((f.rule, f.severity) for f in report.findings)
    assert found == expected, "\n".join(f"{f.rule}: {f.message_en}" for f in report.findings)
