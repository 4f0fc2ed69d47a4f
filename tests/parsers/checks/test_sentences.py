"""How sentences of the running text are read and compared with the worked example."""

import re
from dataclasses import replace
from typing import Any

import pytest

from parsers.checks.case import Case
from parsers.checks.claims import fee_denied, fee_notices, stated_documents
from parsers.checks.denials import denials
from parsers.checks.numerals import read_number
from parsers.checks.sentences import sentences
from parsers.checks.statements import statements
from parsers.checks.texts import fitting_basis
from parsers.records import CellKey
from tests.parsers.checks.cases import list2014, request
from tests.parsers.checks.cases_text import said, zeros
from tests.parsers.checks.reports import run_checks, sections_of

FIT = "fit"

# Sentence -> (subject, basis that fits, or None where none does) in the order of the numbers.
COMPARED: dict[str, list[tuple[str, str | None]]] = {
    "全年收到申请53件": [("receive", "received")],
    "全年受理申请58件，其中上年结转5件": [("receive", "received + carried_in"), ("carried_in", "carried_in")],
    "共收到申请58件，答复55件，结转下年3件": [
        ("receive", "received + carried_in"), ("concluded", "concluded"),
        ("carried_forward", "carried_forward"),
    ],
    "新收申请58件": [("new", None)],
    "收到申请61件": [("receive", None)],
    "予以公开18件": [("granted", None)],
    "网上申请40件，信函申请18件": [("channel", None), ("channel", None)],
    "受理申请58件，同比增长9.4%": [("receive", "received + carried_in")],
    "收到政府信息公开申请５３件": [("receive", "received")],
    "收到公民、法人和其他组织政府信息公开申请五十三件": [("receive", "received")],
    "共收到53件政府信息公开申请": [("receive", "received")],
    "依申请公开共办理58件": [("handle", "received + carried_in")],
    "应办理申请58件，已办结55件，其余3件结转下年度继续办理": [
        ("handle", "received + carried_in"), ("concluded", "concluded"),
        ("carried_forward", "carried_forward"),
    ],
    "不予公开申请10件，无法提供9件，不予处理3件，其他处理3件": [
        ("denied", "DENIED"), ("unavailable", "UNAVAILABLE"), ("not_processed", "NOT_PROCESSED"),
        ("other", "OTHER"),
    ],
    "申请信息不存在8件": [("unavailable", "unavailable_not_held")],
    "申请办理结果为予以公开24件、部分公开6件": [("granted", "granted"), ("partly_granted", "partly_granted")],
    "自然人申请41件，企业申请6件": [
        ("natural_person", "natural_person received"), ("business", "business received"),
    ],
    "因信息公开引发行政复议5件，被纠错1件": [("review", "review"), ("corrected", "review corrected")],
    "信息公开行政诉讼3件，其中未经复议直接起诉1件，复议后起诉2件": [
        ("suits", "SUITS"), ("suit_direct", "suit_direct"), ("suit_after_review", "suit_after_review"),
    ],
}  # fmt: skip

SILENT = (
    "2022年收到申请61件",
    "累计收到申请61件",
    "近三年收到申请61件",
    "历年收到申请61件",
    "全县收到申请61件",
    "上半年收到申请61件",
    "1至6月收到申请61件",
    "与上年相比，收到申请多了61件",
    "收到申请比上年增加61件",
    "收到人大代表建议61件",
    "办理政协提案61件",
    "答复网民留言61件",
    "收到信访件61件，依申请公开工作有序",
    "办理每一件申请都认真负责",
    "收到申请202211日",
    "高效办成一件事，规范申请办理",
    "审理行政复议案件61件，均涉及政府信息公开",
    "处理行政复议61件",
)

# Read, but words around the number may narrow it: a mismatch is no finding.
NARROWED = (
    "其中网上收到申请61件",
    "收到涉及征地的申请61件",
    "收到重复申请61件",
    "按时答复申请61件",
    "收到申请约61件",
    "因属于国家秘密不予公开申请61件",
    "收到申请61件次的咨询",
    "全年受理行政许可申请300件，办结260件",
    "受理群众申请低保300件，办结298件",
    "受理群众来信、网上咨询等120件，答复率100%",
    "收到区长信箱来信30件，办结30件",
    "共答复申请55件，其中自收到申请之日起20个工作日内答复50件",
    "区政府办公室收到申请20件，转办申请15件",
    "全年主动公开政府信息1200件，其中通过网站公开800件",
    "收到申请53件，涉及征地拆迁30件、社会保障10件、其他13件",
    "收到申请53件，其中重复申请6件，同一申请人申请20件",
    "收到申请53件，比上年的61件减少8件",
    "收到申请53件（去年同期61件）",
    "信息公开类行政复议5件，行政诉讼一审2件、二审3件",
    "没有行政复议、行政诉讼被撤销或败诉案件",
    "行政复议、行政诉讼零败诉",
    "党政办公室未收到申请",
    "未发生因依申请公开不当而被申请行政复议的情况",
    "无新收政府信息公开申请，上年结转5件",
    "未收取依申请公开费用",
)


def verdict(text: str, changes: dict[CellKey, object] | None = None, **identity: Any) -> list[str]:
    findings, _ = run_checks(said(1, f"{text}。", changes, **identity))
    return [finding.rule for finding in findings if finding.rule in ("S-10", "S-11", "S-12")]


@pytest.mark.parametrize("text", COMPARED)
def test_bases(text: str) -> None:
    case = Case.of(said(3, f"{text}。"))
    found = [(one.subject.code, fitting_basis(case, one)) for one in statements(case)]
    assert found == COMPARED[text]


@pytest.mark.parametrize("text", [text for text, found in COMPARED.items() if all(fit for _, fit in found)])
def test_agreeing_sentences_raise_nothing(text: str) -> None:
    assert verdict(text) == []


@pytest.mark.parametrize("text", SILENT)
def test_silent(text: str) -> None:
    assert verdict(text) == []
    assert statements(Case.of(said(1, f"{text}。"))) == ()


@pytest.mark.parametrize("text", NARROWED)
def test_narrowed(text: str) -> None:
    assert verdict(text) == []


@pytest.mark.parametrize(
    ("text", "expected", "hint"),
    [
        ("新收申请58件", 53, "received + carried_in"),
        ("收到申请61件", 53, None),
        ("予以公开18件", 24, "自然人"),
    ],
)
def test_failing_sentences(text: str, expected: int, hint: str | None) -> None:
    findings, _ = run_checks(said(3, f"{text}。"))
    finding = next(one for one in findings if one.rule == "S-11")
    assert finding.expected == expected
    fits = finding.evidence["fits"]
    assert (hint is None and not fits) or any(str(hint) in fit for fit in fits)
    assert (f"{finding.found} is " in finding.message_en) is (hint is not None)
    assert ("恰为" in finding.message_zh) is (hint is not None)


def test_outcomes_belong_to_the_requests_named_shortly_before() -> None:
    assert verdict("依申请公开工作有序。收到申请53件。予以公开18件") == ["S-11"]
    assert verdict("予以公开18件") == []
    assert verdict("依申请公开工作有序。\n予以公开18件") == []


def test_reviews_and_suits_are_compared() -> None:
    assert verdict("因政府信息公开引发行政复议5件、行政诉讼3件") == []
    assert verdict("因政府信息公开引发行政复议6件") == ["S-11"]
    assert verdict("因政府信息公开引发行政复议5件，其中被纠错2件") == ["S-11"]
    assert verdict("办理行政复议61件，均与政府信息公开无关，由司法局审理") == []


def test_channels_are_compared_as_a_sum() -> None:
    assert verdict("网上申请40件，信函申请18件") == []
    assert verdict("网上申请40件，信函申请19件") == ["S-11"]
    assert verdict("网上申请40件，信函申请19件，其他方式若干") == []
    assert verdict("网上申请40件") == []


def test_an_unbalanced_table_offers_its_other_side() -> None:
    changes: dict[CellKey, object] = {request("concluded"): 57}
    assert verdict("受理申请60件", changes) == []
    assert verdict("受理申请60件") == ["S-11"]


def test_aggregates_speak_of_their_area_only() -> None:
    assert verdict("全县收到申请61件", scope="government_aggregate") == ["S-11"]
    assert verdict("县政府办公室收到申请61件", scope="government_aggregate") == []


def test_bounds_compare_the_direction() -> None:
    assert verdict("收到申请50余件") == []
    assert verdict("收到申请70余件") == ["S-11"]
    assert verdict("收到申请近60件") == []
    assert verdict("收到申请近40件") == ["S-11"]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        (
            "本机关未收到申请政府信息公开事项，也未发生行政复议、行政诉讼的情况",
            ["requests", "review", "suits"],
        ),
        ("未收到政府信息公开申请", ["requests"]),
        ("未收到公民、法人和其他组织提出的政府信息公开申请", ["requests"]),
        ("无依申请公开事项", ["requests"]),
        ("收到政府信息公开申请0件", ["requests"]),
        ("没有因政府信息公开申请引发的行政复议、行政诉讼", ["review", "suits"]),
        ("未发生因政府信息公开被申请行政复议、提起行政诉讼的情况", ["review", "suits"]),
        ("未收到行政复议、行政诉讼", ["review", "suits"]),
        ("行政复议、行政诉讼均为0件", ["review", "suits"]),
        ("未收到行政复议，但有行政诉讼3件", ["review"]),
        ("未收到涉及第三方的政府信息公开申请", []),
        ("未收到网上申请", []),
        ("未发生逾期答复申请的情况", []),
        ("没有不予公开的申请", []),
        ("未收到行政复议被纠错的案件", []),
        ("2022年未收到政府信息公开申请", []),
        ("全县各单位均未收到政府信息公开申请", []),
        ("未收取信息公开申请的信息处理费", []),
        ("没有复议后起诉的案件", []),
        ("无未经复议直接起诉案件", []),
        ("未因信息公开申请被投诉", []),
        ("未受理行政复议申请", ["review"]),
        ("县市场监管局未收到政府信息公开申请", ["requests"]),
        ("我局未收到要求公开政府信息的申请，未收取任何费用", ["requests"]),
        ("本局没有因信息公开被行政复议、行政诉讼的情况", ["review", "suits"]),
        ("县农业农村局未收到政府信息公开申请", []),
    ],
)
def test_denials(text: str, subjects: list[str]) -> None:
    assert [one.subject for one in denials(Case.of(said(4, f"{text}。")))] == subjects


def test_zero_stated_is_a_denial_not_a_number() -> None:
    assert verdict("收到政府信息公开申请0件", zeros()) == []
    assert verdict("收到政府信息公开申请0件") == ["S-10"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("予以公开24件，占43.6%", []),
        ("予以公开24件，占44%", []),
        ("予以公开24件，占申请总数的45.3%", []),
        ("予以公开24件，占47.1%", ["S-12"]),
        ("予以公开24件，占不予公开的47.1%", []),
        ("予以公开24件，同比增长47.1%", []),
        ("不予公开10件，占18.2%", []),
        ("不予公开10件，占81.8%", ["S-12"]),
    ],
)
def test_percentages(text: str, rules: list[str]) -> None:
    findings, _ = run_checks(said(3, f"{text}。"))
    assert [
        one.rule for one in findings if one.rule.startswith("S-1") and one.rule in ("S-11", "S-12")
    ] == rules


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("因信息公开引发的行政诉讼零败诉", False),
        ("信息公开行政复议零纠错", True),
        ("信息公开行政复议和行政诉讼均获维持", True),
        ("信息公开方面未办结，维持稳定", False),
    ],
)
def test_upheld(text: str, fails: bool) -> None:
    findings, _ = run_checks(said(4, f"{text}。"))
    assert any(one.rule == "S-13" for one in findings) is fails


def test_other_claims() -> None:
    case = Case.of(said(2, "制发6件行政规范性文件，现行有效的行政规范性文件31件。"))
    assert [(one.column, one.number) for one in stated_documents(case)] == [("issued", 6), ("in_force", 31)]
    assert stated_documents(Case.of(said(2, "主动公开行政规范性文件6件。"))) == ()
    assert fee_denied(Case.of(said(6, "未收取行政事业性收费。"))) is not None
    assert fee_denied(Case.of(said(6, "未收取信息处理费。"))) is None
    assert fee_denied(Case.of(said(6, "无行政事业性收费项目调整。"))) is None
    notices = fee_notices(Case.of(said(6, "发出收费通知12份。")))
    assert notices is not None
    assert notices[0] == 12
    denied = fee_notices(Case.of(said(6, "未发出收费通知。")))
    assert denied is not None
    assert denied[0] == 0
    assert fee_notices(Case.of(said(6, "无。"))) is None


@pytest.mark.parametrize(
    "text",
    [
        "申请1件，" * 50_000,
        "申请1件。" * 20_000,
        "未发生行政复议、" * 20_000,
        "未收到公民、法人" * 20_000,
        "1" * 200_000 + "件申请",
        "（指" * 50_000,
        "《制度》" * 20_000,
        "政府局委办" * 300 + "收到申请3件",
        "某" * 100_000,
        ("未发生行政诉讼" + "案件" * 60 + "申诉举报投诉" * 60 + "某。") * 20,
        ("行政复议和行政诉讼和" * 190 + "某。") * 20,
        ("缴费通知" + "两百〇" * 600 + "。收到申请7" + ",777" * 450 + "。") * 300,
    ],
    ids=range(12),
)
def test_hostile_text_is_read_in_passing(text: str) -> None:
    _, counts = run_checks(said(1, text))
    assert "S-11" in counts


def test_a_sentence_leads_back_to_its_place() -> None:
    text = "认真落实要求。\n  全年收到申请61件。"
    [sentence] = sentences(Case.of(said(3, text)), re.compile(""))
    assert text[sentence.position :].startswith(sentence.quote)
    assert sentence.quote == "全年收到申请61件"
    long = "全年收到申请61件" + "，我们逐件登记" * 40
    [finding] = [one for one in run_checks(said(3, long))[0] if one.rule == "S-11"]
    assert len(finding.evidence["sentence"]["text"]) <= 80


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("1,234", 1234), ("1.2万", 12000), ("十二", 12), ("两", 2), ("一百零五", 105),
     ("二〇二四", 2024), ("三千六百", 3600), ("百十千", None), ("万", None)],
)  # fmt: skip
def test_numerals(text: str, number: int | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("全年收到信息公开申请38件，办结37件，答复37件", []),
        ("全年收到信息公开申请40件", ["S-11"]),
        ("全年未收到政府信息公开申请", ["S-10"]),
        ("因政府信息公开引发行政复议3件、行政诉讼1件", []),
        ("因政府信息公开引发行政复议4件", ["S-11"]),
        ("结转下年办理3件申请", []),
    ],
)
def test_the_list_of_2014_has_its_own_sums(text: str, rules: list[str]) -> None:
    report = replace(list2014(), sections=sections_of({1: f"{text}。"}))
    assert [one.rule for one in run_checks(report)[0] if one.rule in ("S-10", "S-11")] == rules


def test_reports_without_a_national_form_are_not_compared() -> None:
    report = replace(
        list2014(), era="pre2014", facts=(), sections=sections_of({1: "收到申请3件，未发生行政复议。"})
    )
    findings, counts = run_checks(report)
    assert [one.rule for one in findings if one.rule in ("S-10", "S-11")] == []
    assert counts["S-11"] == (0, 0, 1)
