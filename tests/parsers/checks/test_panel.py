"""Rules that compare reports: every one with a passing and a failing example, and that they scale."""

import random
from dataclasses import replace

import pytest

from parsers.checks import RULES
from parsers.checks.panel import PANEL_CHECKS, run_panel_checks
from parsers.checks.panel.likeness import bands, common_passage, jaccard, near_pairs, shingles
from parsers.checks.panel.wording import stated_numbers
from tests.parsers.checks.cases_panel import OTHER_WORDS, PANEL_EXAMPLES, WORDS, PanelExample, view

# They rest on the reports themselves: whenever there is an address or a copy they can be assessed.
WITHOUT_CELLS = frozenset({"S-07", "A-06"})


@pytest.mark.parametrize(
    "example", PANEL_EXAMPLES, ids=lambda one: f"{one.rule} {one.outcome} {one.name}".strip()
)
def test_example(example: PanelExample) -> None:
    result = run_panel_checks(example.views, **example.more)
    found = [
        one for report_id, one in result.findings if (report_id, one.rule) == (example.about, example.rule)
    ]
    passed, failed, not_assessable = result.counts[example.about][example.rule]
    assert failed == len(found)
    if example.outcome != "fail":
        assert not found, [one.message_en for one in found]
        assert passed if example.outcome == "pass" else not_assessable
        return
    for name, value in example.wants.items():
        got = getattr(found[0], name)
        if name == "evidence":
            assert {key: got.get(key) for key in value} == value
        else:
            assert got == value, f"{name}: {got!r}"
    for message in (found[0].message_en, found[0].message_zh):
        assert "—" not in message
        assert "None" not in message


@pytest.mark.parametrize("rule", PANEL_CHECKS)
def test_rule_has_examples(rule: str) -> None:
    outcomes = {example.outcome for example in PANEL_EXAMPLES if example.rule == rule}
    needed = {"pass", "fail"} if rule in WITHOUT_CELLS else {"pass", "fail", "not_assessable"}
    assert needed <= outcomes, f"{rule}: no example for {needed - outcomes}"


def test_checks_and_catalogue_agree() -> None:
    assert set(PANEL_CHECKS) == {rule.id for rule in RULES.values() if rule.panel}


def test_pending_cases_are_never_carried_over() -> None:
    """T4-08: the form defines no flow of pending cases, so a gap between two years is no finding."""
    last = view("last", 2022, {("disputes", "review", "pending"): 4})
    now = view("now", facts={("disputes", "review", "total"): 3})
    cells = {key for _, finding in run_panel_checks((now, last)).findings for key in finding.cells}
    assert not any(column == "pending" for _, _, column in cells)


def test_order_of_input_does_not_matter() -> None:
    views = [view(f"r{n}", 2020 + n % 4, agency_id=f"a{n // 4}") for n in range(24)]
    first = run_panel_checks(views)
    random.Random(7).shuffle(views)
    assert run_panel_checks(views) == first


def test_similarity_by_shingles() -> None:
    one, other = shingles({1: WORDS}), shingles({1: OTHER_WORDS})
    assert jaccard(one, one) == 1.0
    assert jaccard(one, other) < 0.05
    assert jaccard(one, shingles({1: "2022年，" + WORDS.replace("，", "。 ") + "99"})) == 1.0
    assert jaccard(one, shingles({})) == 0.0
    assert len(shingles({1: "文字" * 1, 2: "太短"})) == 0
    assert common_passage("甲乙丙丁戊己庚", "子丑丙丁戊己寅") == "丙丁戊己"


def test_alike_texts_meet_and_strangers_do_not() -> None:
    letters = random.Random(3)
    texts = {f"t{n}": "".join(chr(letters.randrange(0x4E00, 0x9000)) for _ in range(800)) for n in range(300)}
    texts["twin"] = texts["t5"][:780] + "尾部改动的文字"
    pieces = {name: shingles({1: text}) for name, text in texts.items()}
    pairs = set(near_pairs(pieces.items()))
    assert ("t5", "twin") in pairs
    assert len(pairs) < 20
    assert len(list(bands(pieces["t1"]))) == 10


def test_many_copies_are_not_compared_pairwise() -> None:
    pieces = shingles({1: WORDS * 3})
    pairs = list(near_pairs((f"c{n}", pieces) for n in range(500)))
    assert len(pairs) <= 8 * 500
    views = [replace(view(f"v{n}", agency_id=f"a{n}"), url=None) for n in range(60)]
    result = run_panel_checks(views)
    assert sum(finding.rule == "S-19" for _, finding in result.findings) == 60


def test_numbers_of_the_text() -> None:
    text = "2023年发布12条，依据《办法》（国办函〔2020〕109号）培训２次，占3.5%。"
    assert stated_numbers({1: text}) == ("12", "2", "3.5")


def test_what_stands_in_every_report_is_no_figure() -> None:
    text = (
        "统计期限自2023年1月1日起至12月31日，根据条例（国务院令第711号），收到申请之日起20个工作日内答复。"
        "\n（1）电话：0714-1234567，邮编：435000，网址www.example.gov.cn/a1，12345热线。\n2.公开信息37条。"
    )
    assert stated_numbers({1: text}) == ("37",)


def test_numbers_of_a_text_without_any_stop_are_read_in_passing() -> None:
    assert stated_numbers({1: "字" * 200_000 + "收到申请7件"}) == ("7",)
    assert stated_numbers({1: "邮箱qinghe163@example.cn，收到申请7件"}) == ("7",)
