"""Every rule has a passing and a failing example, and one that cannot be assessed where it rests on cells."""

import json
import re

import pytest

from parsers.checks import CHECKS, RULES
from parsers.records import Finding
from tests.parsers.checks.cases import EXAMPLES as SUM_EXAMPLES
from tests.parsers.checks.cases import Example
from tests.parsers.checks.cases_text import TEXT_EXAMPLES
from tests.parsers.checks.reports import run_checks

EXAMPLES = SUM_EXAMPLES + TEXT_EXAMPLES

WITHOUT_CELLS: frozenset[str] = frozenset(
    {"S-01", "S-02", "S-05", "S-08", "S-09", "S-14", "S-15", "S-16", "S-17", "S-20"}
)
"""Rules that rest on text or structure alone and can always be assessed."""


def findings_of(example: Example) -> list[Finding]:
    findings, _ = run_checks(example.report)
    return [one for one in findings if one.rule == example.rule and one.assumption is None]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.rule} {one.outcome} {one.name}".strip())
def test_example(example: Example) -> None:
    _, counts = run_checks(example.report)
    passed, failed, not_assessable = counts[example.rule]
    found = findings_of(example)
    assert failed == len(found)
    if example.outcome == "fail":
        assert len(found) == example.findings
        for name, value in example.wants.items():
            got = getattr(found[0], name)
            if name == "evidence":
                assert {key: got.get(key) for key in value} == value
            else:
                assert got == value, f"{name}: {got!r}"
    else:
        assert not found, [one.message_en for one in found]
        assert passed if example.outcome == "pass" else not_assessable


@pytest.mark.parametrize("rule", CHECKS)
def test_rule_has_examples(rule: str) -> None:
    outcomes = {example.outcome for example in EXAMPLES if example.rule == rule}
    needed = {"pass", "fail"} if rule in WITHOUT_CELLS else {"pass", "fail", "not_assessable"}
    assert needed <= outcomes, f"{rule}: no example for {needed - outcomes}"


def test_checks_and_catalogue_agree() -> None:
    assert set(CHECKS) == {rule.id for rule in RULES.values() if not rule.panel}


@pytest.mark.parametrize(
    "example", [one for one in EXAMPLES if one.outcome == "fail"], ids=lambda one: f"{one.rule} {one.name}"
)
def test_messages_say_everything(example: Example) -> None:
    for finding in findings_of(example):
        assert json.loads(json.dumps(finding.evidence)) == finding.evidence
        assert json.loads(json.dumps(finding.proposal)) == list(finding.proposal)
        for message in (finding.message_en, finding.message_zh):
            assert "—" not in message.replace("——", "")
            assert "None" not in message
            assert "{" not in message
            assert str(example.report.identity.fiscal_year or "") in message
            assert example.report.identity.agency in message  # type: ignore[operator]


# Codes of ours have no place in a sentence for readers.
_CODES = re.compile(r"fmt20\d\d|stat2014|[a-z]+_[a-z_]+|\bblank\b")


@pytest.mark.parametrize(
    "example", [one for one in EXAMPLES if one.outcome == "fail"], ids=lambda one: f"{one.rule} {one.name}"
)
def test_chinese_messages_are_chinese(example: Example) -> None:
    for finding in findings_of(example):
        assert not _CODES.search(finding.message_zh.replace("x_denied", "")), finding.message_zh
