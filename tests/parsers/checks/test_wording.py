"""Sentences as reports word them: which say something about the tables, and what is made of it."""

import pytest

from parsers.checks.case import Case
from parsers.checks.statements import statements
from parsers.records import CellKey
from tests.parsers.checks.cases import dispute
from tests.parsers.checks.cases_text import said, zeros
from tests.parsers.checks.reports import run_checks

TEXT_RULES = frozenset({"S-10", "S-11", "S-12", "S-13", "T2-16", "T2-18"})

# Section, sentence, findings over the worked example: received 53, 5 carried in, 55 concluded, 3 carried
# forward, 24 granted, 10 refused, reviews 3/1/0/1/5, suits 1 and 2,
# 4 normative documents issued, fees 12.35.
READ: list[tuple[int, str, list[str]]] = [
    (1, "共接到依申请公开53件，上年结转办理5件，均依法答复", []),
    (1, "受理政府信息公开申请53件，答复7件，不予受理4件，补正后申请内容仍不明确2件", []),
    (1, "依申请公开方面，全年制作信息30条，不予公开信息数2条，占比7%", []),
    (3, "自然人申请41件，占77.4%，公民个人提出申请42件", ["S-11"]),
    (3, "自然人申请41件，占70%", ["S-12"]),
    (3, "企业申请6件，占法人申请的50%", []),
    (1, "通过平台收到政府信息公开申请41件", []),
    (1, "新增公开信息120条，依申请公开有序开展", []),
    # What follows reviews and suits is theirs.
    (4, "政府信息公开行政复议5件（其中上年结转1件），办结4件", []),
    (1, "办理政府信息公开行政复议答复5件、行政诉讼应诉3件", []),
    (1, "办理政府信息公开行政复议答复6件", ["S-11"]),
    # An outcome keeps its word when 答复 follows.
    (3, "予以公开答复24件，部分公开答复6件，不予公开答复10件", []),
    (3, "予以公开答复23件", ["S-11"]),
    # Letters, calls and petitions are no requests, not even right behind them.
    (1, "全年收到政府信息公开申请53件，已全部按时办结。县长信箱收到信件183条，答复183条", []),
    (1, "全年收到政府信息公开申请53件，处理市民热线612件，办结612件", []),
    (3, "热线工单办结612件", []),
    # One number for several subjects is none of them.
    (4, "行政复议和行政诉讼共8件", []),
    (4, "行政复议、行政诉讼各2件", []),
    (3, "不予公开、无法提供、不予处理共22件", []),
    (3, "公开和部分公开30件，占比54.5%", []),
    # Rounded and vague numbers.
    (1, "全年收到政府信息公开申请数十件", []),
    (1, "全年收到政府信息公开申请几十件", []),
    (1, "全年收到政府信息公开申请1.2万件", []),
    (1, "全年收到政府信息公开申请1.2038万件", ["S-11"]),
    # Another year that opens the paragraph goes on until this year is named.
    (1, "2022年，我局收到政府信息公开申请61件。办结60件。2023年收到政府信息公开申请53件", []),
    (1, "2022年，我局收到政府信息公开申请61件。\n办结政府信息公开申请60件", ["S-11"]),
    (1, "12月份收到政府信息公开申请61件", []),
    (1, "1-12月份收到政府信息公开申请61件", ["S-11"]),
    (3, "结转上年度6件", ["S-11"]),
    # Requests of the place, or handled for others.
    (1, "2023年我县共收到政府信息公开申请1200件", []),
    (1, "2023年，我市办理政府信息公开申请1200件", []),
    (1, "指导部门办理政府信息公开申请36件", []),
    (1, "局机关收到政府信息公开申请50件，所属单位收到3件", []),
    (1, "做到政府信息公开申请收到一件、答复一件", []),
    (1, "会同乡镇办理政府信息公开申请6件", []),
    (3, "收到申请53件，其中撤回申请2件，实际办理51件", []),
    # Channels: all of them or none; one that is not known leaves the sum open, the total is said once.
    (3, "信件申请10件，网络申请40件，当面申请3件", []),
    (3, "信件申请10件，网络申请40件，当面申请4件", ["S-11"]),
    (3, "网络申请40件，当面申请4件，送达9件", []),
    (1, "全年共受理政府信息依申请公开81件，其中当面申请37件，网络申请44件", ["S-11"]),
    # Zero is a number: of requests, reviews and suits it says none (S-10), of anything else it is compared.
    (3, "予以公开0件", ["S-11"]),
    (4, "复议后起诉0件", ["S-11"]),
    (1, "收到依申请公开信息0条", ["S-10"]),
    # Results beside the number do not hide it.
    (4, "行政复议案件6件，已审结4件", ["S-11"]),
    (4, "本局审理政府信息公开行政复议案件61件", []),
    # All upheld: whose, and of which cases.
    (4, "行政复议案件5件，均获维持", ["S-13"]),
    (4, "一审判决均维持我局作出的答复", []),
    (4, "行政复议5件，除1件被纠正外，其余均获维持", []),
    (4, "行政复议均获维持、行政诉讼零败诉", ["S-13"]),
    (4, "行政诉讼3件，均为胜诉，行政复议5件", []),
    (4, "复议后起诉2件，均获维持", []),
    (4, "行政复议5件，均获维持或其他结果", []),
    # Normative documents of the body itself, all of them.
    (2, "全年共印发行政规范性文件6件，废止2件", ["T2-16"]),
    (2, "县市场监督管理局2023年制发行政规范性文件6件", ["T2-16"]),
    (2, "经清理，继续有效的行政规范性文件27件", []),
    (2, "现行有效的行政规范性文件27件", ["T2-16"]),
    (2, "以县政府名义制发行政规范性文件3件，以办公室名义制发1件", []),
    (2, "审核部门制发的行政规范性文件9件", []),
    (2, "公开政府及部门制发的行政规范性文件16件", []),
    # Fees of the body against fees for answering requests.
    (6, "本年度无行政事业性收费，未收取信息处理费", ["T2-18"]),
    (6, "依申请公开不涉及行政事业性收费", []),
    (6, "提供政府信息未收取行政事业性收费", []),
]  # fmt: skip

DENIED = [
    "2023年度未收到公民、法人或者其他组织的政府信息公开申请",
    "我单位未收到自然人、法人和其他组织提出的信息公开申请",
    "没有收到任何单位和个人提出的政府信息公开申请",
    "未收到和处理政府信息公开申请事项",
    "没有收到一件政府信息公开申请",
    "无人申请政府信息公开",
    "本年度依申请公开数为0",
    "政府信息公开申请量为零",
    "依申请公开情况：无",
]

NOT_DENIED = [
    "对未收到申请的情况，要在报告中如实说明",
    "网站平台未收到政府信息公开申请",
    "各科室未收到政府信息公开申请",
    "未收到通过信函方式提出的政府信息公开申请",
    "未收到政府信息公开申请的单位实行零报告",
]

DENIED_DISPUTES = [
    "无政府信息公开类行政复议、行政诉讼情况发生",
    "未发生由政府信息公开引发的举报、投诉、行政复议和行政诉讼等",
    "没有发生针对政府信息公开的行政复议案、行政诉讼案和有关的申诉案",
    "本单位不存在因政府信息公开引发的行政复议和行政诉讼",
    "没有公民、法人和其他组织因政府信息公开事项提出行政复议或提起行政诉讼",
    "本机关无因信息公开而引起的行政复议、诉讼、申诉等情况",
    "未引起行政复议和行政诉讼情形",
    "行政复议、行政诉讼情况：无",
    "行政复议未发生，行政诉讼未发生",
]


def rules(section: int, text: str, changes: dict[CellKey, object] | None = None) -> list[str]:
    findings, _ = run_checks(said(section, f"{text}。", changes))
    return [finding.rule for finding in findings if finding.rule in TEXT_RULES]


@pytest.mark.parametrize(("section", "text", "expected"), READ, ids=[text for _, text, _ in READ])
def test_sentence(section: int, text: str, expected: list[str]) -> None:
    assert rules(section, text) == expected


@pytest.mark.parametrize("text", DENIED)
def test_requests_denied(text: str) -> None:
    assert rules(1, text) == ["S-10"]
    assert rules(1, text, zeros()) == []


@pytest.mark.parametrize("text", NOT_DENIED)
def test_requests_not_denied(text: str) -> None:
    assert rules(1, text) == []


@pytest.mark.parametrize("text", DENIED_DISPUTES)
def test_disputes_denied(text: str) -> None:
    assert rules(4, text) == ["S-10", "S-10"]
    assert rules(4, text, zeros()) == []


@pytest.mark.parametrize("text", ["无", "本年度无此类情况", "2023年，我局未发生", "没有。"])
def test_a_section_four_that_only_says_none(text: str) -> None:
    assert [one.rule for one in run_checks(said(4, text))[0] if one.rule == "S-10"] == ["S-10", "S-10"]
    assert not [one for one in run_checks(said(4, text, zeros()))[0] if one.rule == "S-10"]


@pytest.mark.parametrize("text", ["我县收到政府信息公开申请60件", "县政府办公室收到政府信息公开申请19件"])
def test_a_government_of_unknown_scope_is_compared_without_scope_words_only(text: str) -> None:
    government = {"agency": "丙县人民政府", "agency_kind": "government", "scope": None}
    for sentence, expected in ((text, []), ("全年收到政府信息公开申请60件", ["S-11"])):
        findings, _ = run_checks(said(1, f"{sentence}。", **government))
        assert [one.rule for one in findings if one.rule == "S-11"] == expected


def test_decided_cases_upheld_say_nothing_of_open_ones() -> None:
    open_one = {dispute("review", "corrected"): 0, dispute("review", "upheld"): 4}
    assert rules(4, "行政复议5件，已审结的4件均维持", dict(open_one)) == []
    assert rules(4, "行政复议5件，均获维持", dict(open_one)) == ["S-13"]


def test_a_hint_stays_in_its_table() -> None:
    """5 reviews: no hint for a number of requests that happens to be 5."""
    findings, _ = run_checks(said(3, "部分公开5件。"))
    [finding] = [one for one in findings if one.rule == "S-11"]
    cell, *sums = finding.evidence["fits"]
    assert cell.endswith("自然人 (Natural persons)")
    assert sums == ["carried_in"]


def test_messages_name_sums_in_words() -> None:
    findings, _ = run_checks(said(3, "不予公开9件，新收58件。"))
    refused, new = [one for one in findings if one.rule == "S-11"]
    assert "the table gives 10 (all refusals under 不予公开)" in refused.message_en
    assert "表格为不予公开各项之和10" in refused.message_zh
    assert new.message_en.endswith("58 is requests received plus carried in.")
    assert new.message_zh.endswith("58恰为新收与上年结转之和。")
    assert new.evidence["fits"] == ["received + carried_in", "concluded + carried_forward"]


def test_what_several_sentences_say_is_one_finding() -> None:
    findings, counts = run_checks(said(1, "全年收到申请61件。依申请公开方面，收到申请61件。"))
    [finding] = [one for one in findings if one.rule == "S-11"]
    assert [one["position"] for one in finding.evidence["also"]] == [10]
    assert counts["S-11"] == (0, 1, 0)
    findings, _ = run_checks(said(1, "未发生行政复议。全年无行政复议。"))
    assert [one.rule for one in findings if one.rule == "S-10"] == ["S-10"]


def test_channels_repeat_a_total_the_text_states() -> None:
    findings, _ = run_checks(said(1, "全年收到申请61件。网上申请40件，信函申请21件。"))
    assert [one.found for one in findings if one.rule == "S-11"] == [61]


def test_every_number_of_a_sentence_is_read_once() -> None:
    text = "依申请公开14件（其中信件申请10件，网络申请4件），已办结12件，2件结转下年办理。"
    found = [(one.subject.code, one.number) for one in statements(Case.of(said(3, f"全年共收到{text}")))]
    assert found == [
        ("receive", 14),
        ("channel", 10),
        ("channel", 4),
        ("concluded", 12),
        ("carried_forward", 2),
    ]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("本年度未收取费用。", True),
        ("收费情况：无。", True),
        ("未因信息公开收取公民、法人和其他组织任何费用。", True),
        ("本年度无行政事业性收费。", False),
        ("没有其他需要报告的事项。", False),
    ],
)
def test_fees_for_answering_requests(text: str, stated: bool) -> None:
    findings, _ = run_checks(said(6, text))
    assert any(one.rule == "S-15" for one in findings) is not stated


@pytest.mark.parametrize(
    ("text", "rule_fires"),
    [
        ("制发《政府信息公开信息处理费收费通知书》3份。", False),
        ("向申请人发出缴费通知2件。", False),
        ("累计发出收费通知3件。", False),
        ("未发出收费通知。", True),
        ("没有其他事项。", True),
    ],
)
def test_fee_notices(text: str, rule_fires: bool) -> None:
    unpaid: dict[CellKey, object] = {("requests", "other_fee_unpaid", "total"): 2}
    findings, _ = run_checks(said(6, text, unpaid))
    assert any(one.rule == "T3-14" for one in findings) is rule_fires
