"""The documentation lists the rules as they are; messages say the same in both languages."""

import string
from pathlib import Path

import pytest

from parsers.checks import RULES
from parsers.checks.catalogue import Bilingual, CatalogueError, _rule
from parsers.checks.listing import rules_table
from parsers.checks.messages import UNKNOWN, render, shown

DOCS = Path(__file__).parents[3] / "docs" / "checks.md"


def test_the_documentation_lists_every_rule() -> None:
    text = DOCS.read_text(encoding="utf-8")
    start = text.index("<!-- rules: python -m parsers.checks.listing -->\n")
    end = text.index("\n<!-- end of rules -->")
    assert text[start:end].partition("\n")[2] == rules_table(), "run: python -m parsers.checks.listing"


@pytest.mark.parametrize("rule", RULES)
def test_both_languages_name_the_same_values(rule: str) -> None:
    for name, texts in RULES[rule].say.items():
        english, chinese = (
            {field for _, field, _, _ in string.Formatter().parse(text) if field} for text in texts
        )
        assert "subject" in english, (rule, name)
        assert english == chinese, (rule, name)


def test_values_that_are_not_known_are_shown_as_a_dash() -> None:
    template = Bilingual("{a} and {b}", "{a}与{b}")
    assert render(template, {"a": None}) == Bilingual(f"{UNKNOWN} and {UNKNOWN}", f"{UNKNOWN}与{UNKNOWN}")
    assert render(template, {"a": "{b.__class__}", "b": 1}).en == "{b.__class__} and 1"
    assert shown(Bilingual("one", "一"), "zh") == "一"


def test_a_broken_entry_names_rule_and_key() -> None:
    whole = {
        "severity": "error", "whose": "official",
        "title": {"en": "t", "zh": "题"}, "states": {"en": "s", "zh": "述"},
        "say": {"default": {"en": "{subject}", "zh": "{subject}"}},
    }  # fmt: skip
    assert _rule("X-01", whole).severity == "error"
    with pytest.raises(CatalogueError, match=r"checks\.toml: X-01\.severity = 'fatal'"):
        _rule("X-01", {**whole, "severity": "fatal"})
    with pytest.raises(CatalogueError, match=r"checks\.toml: X-01: 'title'"):
        _rule("X-01", {key: value for key, value in whole.items() if key != "title"})
