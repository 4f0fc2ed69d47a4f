"""What is no report, judged from title and content."""

import pytest

from parsers.document import Cell, Heading, Table
from parsers.identity import identify
from parsers.identity.screening import reason_text
from parsers.records import Hints
from tests.parsers.handmade import BLANK, FIGURES, HEADINGS, body, document, identity

TITLE = "云溪区财政局2024年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        (f"{TITLE}解读", "explainer"),
        (f"【文稿解读】{TITLE}", "explainer"),
        (f"一图读懂{TITLE}", "explainer"),
        ("云溪区2024年政府信息公开工作年度报告公布情况", "list_of_reports"),
        ("关于做好2024年政府信息公开工作年度报告编制工作的通知", "notice"),
        ("云溪区2024年法治政府建设年度报告", "other_report"),
        ("政府信息公开指南", "guide"),
    ],
)
def test_pages_about_reports(title: str, reason: str) -> None:
    doc = document(Heading(title, 1), "这一页说明有关情况。", "内容不多。")
    found = identity(doc, has_tables=False)
    assert (found.is_report, found.reason) == (False, reason)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (
            ["云溪区财政局2024年建议提案办理情况", "一、总体情况", "二、主要做法", "三、存在问题"],
            "other_report",
        ),
        (["云溪区财政局2024年行政处罚统计", "表中为数量。"], "other_report"),
        (["云溪区2024年政务公开工作要点", "一、总体要求", "二、主动公开", "三、其他事项"], "notice"),
        (["云溪区2024年政府信息公开工作年度报告报送通知", "一、年度报告内容", "二、时间"], "notice"),
        (["云溪区政府办公室", "关于做好2024年政府信息公开工作年度报告编制工作的", "通 知"], "notice"),
        (["云溪区政府信息公开年度报告制度（试行）", "（一）概述；", "（二）主动公开情况；"], "guide"),
        (
            ["云溪区财政局政府信息公开指南", "一、主动公开", "二、依申请公开", "三、其他需要说明的事项"],
            "guide",
        ),
        (["政府信息公开工作年度报告范文", *HEADINGS], "model_text"),
        (["云溪大学", "2022-2023学年度信息公开工作报告", *HEADINGS], "school_report"),
        (
            ["现将我校2022年度信息公开工作报告如下。依据《高等学校信息公开办法》编制，我校认真落实。"],
            "school_report",
        ),
        (["现就《云溪镇2023年政府信息公开工作年度报告》的内容进行如下解读。", "一、背景"], "explainer"),
        (["为方便公众，根据条例，制定本指南。", "一、主动公开政府信息", "二、依申请公开政府信息"], "guide"),
        (["【工作总结】云溪镇2024年度政务公开工作总结", "一、工作情况", "二、存在的问题"], "other_report"),
        (["云溪区2024年上半年政府信息公开工作报告", "一、主动公开情况", "二、存在问题"], "other_report"),
    ],
)
def test_what_a_text_calls_itself_without_any_markup(lines: list[str], reason: str) -> None:
    found = identity(document(*lines), has_tables=False)
    assert (found.is_report, found.reason) == (False, reason)


@pytest.mark.parametrize(
    "text",
    [
        "现公布2023年政府信息公开年度报告。我局对政策文件进行解读12篇。",
        "落实《高等学校信息公开办法》，指导学校做好公开。",
    ],
)
def test_an_untitled_report_without_tables_that_speaks_of_such_things_stays_one(text: str) -> None:
    blocks = [block for block in body(text) if not isinstance(block, Table)]
    assert identity(document(*blocks), has_tables=False).is_report


def test_the_notice_that_brings_the_form_is_none() -> None:
    title = (
        "国务院办公厅政府信息与政务公开办公室 关于印发《中华人民共和国政府信息公开工作 年度报告格式》的通知"
    )
    headings = [heading.replace("一、", "（一）") for heading in HEADINGS]
    found = identity(document(title, "各省、自治区、直辖市人民政府办公厅：", *headings), has_tables=False)
    assert (found.is_report, found.reason) == (False, "notice")


def test_headings_of_any_report_do_not_make_one_of_this_kind() -> None:
    headings = ["一、总体情况", "二、主要做法", "三、存在的主要问题及改进情况", "四、其他需要报告的事项"]
    lines = ["云溪区财政局2024年度法治政府建设工作情况报告", *headings]
    found = identity(document(*lines), has_tables=False)
    assert (found.is_report, found.reason) == (False, "other_report")


def test_a_line_of_the_menu_does_not_lose_a_report() -> None:
    menu = ["云溪区2024年政务公开工作要点", "关于做好2024年政务公开工作的通知"]
    assert identity(document(*menu, *body())).is_report


@pytest.mark.parametrize(
    ("tables", "is_report"),
    [({"enforcement"}, False), ({"enforcement", "requests"}, True), ({"disputes"}, True)],
)
def test_rows_that_other_statistics_have_too_make_no_report(tables: set[str], is_report: bool) -> None:
    lines = document(Heading("云溪区财政局2024年执法概览", 1), FIGURES)
    found = identify(lines, (), Hints(), era="fmt2021", has_tables=True, tables=frozenset(tables))
    assert found.is_report == is_report


@pytest.mark.parametrize(
    ("rows", "is_report"),
    [
        ([("行政处罚", "12")], False),
        ([("第二十条第（六）项", ""), ("行政处罚", "12")], True),
    ],
)
def test_an_untitled_table_is_of_the_form_when_it_names_the_article(
    rows: list[tuple[str, str]], is_report: bool
) -> None:
    cells = tuple(tuple(Cell(text, r, c) for c, text in enumerate(row)) for r, row in enumerate(rows))
    lines = document(Table(cells, "grid", 0, 2))
    found = identify(lines, (), Hints(), has_tables=True, tables=frozenset({"enforcement"}))
    assert found.is_report == is_report


@pytest.mark.parametrize(
    ("line", "reason"), [("详见附件。", None), ("附件：年度报告.pdf", None), ("2025年1月17日", "empty_page")]
)
def test_a_title_with_one_sentence_is_a_report_without_tables(line: str, reason: str | None) -> None:
    found = identity(document(TITLE, line), has_tables=False)
    assert (found.is_report, found.reason) == (reason is None, reason)


def test_one_word_in_the_title_does_not_lose_a_report() -> None:
    found = identity(document(Heading(f"{TITLE}解读", 1), *body()))
    assert found.is_report


def test_words_in_the_text_do_not_lose_a_report() -> None:
    found = identity(document(Heading(TITLE, 1), *body("发布图解和解读若干，修订指南，做好通知，编制范文。")))
    assert found.is_report


def test_a_model_text_is_none_even_when_complete() -> None:
    found = identity(document(Heading("政府信息公开工作年度报告范文", 1), *body()))
    assert (found.is_report, found.reason) == (False, "model_text")


def test_a_title_printed_often_is_no_list() -> None:
    lines = (
        TITLE,
        f"{TITLE}_门户",
        f"附件：{TITLE}.docx",
        f"2024年{TITLE.replace('2024年', '')}",
        "全文见附件。",
    )
    found = identity(document(*lines), has_tables=False)
    assert (found.is_report, found.reason) == (True, None)


def test_a_list_of_reports() -> None:
    lines = [
        f"云溪区{name}2024年政府信息公开工作年度报告" for name in ("财政局", "司法局", "民政局", "教育局")
    ]
    found = identity(document("政府信息公开年报", *lines), has_tables=False)
    assert (found.is_report, found.reason) == (False, "list_of_reports")


def test_a_blank_form() -> None:
    found = identity(document("政府信息公开工作年度报告", *body("××年，做了工作。", BLANK)))
    assert (found.is_report, found.reason) == (False, "blank_form")
    found = identity(document("政府信息公开工作年度报告", *HEADINGS, BLANK))
    assert (found.is_report, found.reason) == (False, "blank_form")


def test_a_form_with_a_made_up_body_is_blank() -> None:
    found = identity(document("XX局2024年政府信息公开工作年度报告", *body("XX局做了工作。", BLANK)))
    assert (found.is_report, found.reason) == (False, "blank_form")


def test_the_name_of_the_column_is_no_reason_against_a_report() -> None:
    blocks = [block for block in body() if not isinstance(block, Table)]
    assert identity(document(Heading("通知公告", 1), *blocks), has_tables=False).is_report


def test_the_day_of_today_in_the_frame_is_not_the_day_of_publication() -> None:
    frame = ["日期：2026年1月5日 星期一", "时间：2026-01-05"]
    assert identity(document(*body(), outside=frame)).published_on is None
    line = "来源：云溪区财政局    时间：2025-01-17"
    assert identity(document(*body(), outside=[*frame, line])).published_on == "2025-01-17"


def test_a_report_with_blank_cells_is_a_report() -> None:
    found = identity(document(TITLE, *body(table=BLANK)))
    assert found.is_report


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["访问被拦截", "您的请求存在风险"], "block_page"),
        (["404 Not Found"], "error_page"),
        (["您访问的页面不存在或已删除"], "error_page"),
        (["网站升级改造，暂停服务"], "error_page"),
    ],
)
def test_pages_shown_instead(lines: list[str], reason: str) -> None:
    found = identity(document(*lines), Hints(list_title=TITLE), has_tables=False)
    assert (found.is_report, found.reason) == (False, reason)


def test_news_is_no_report() -> None:
    found = identity(document(Heading("云溪区召开经济工作会", 1), "今日召开会议。" * 50), has_tables=False)
    assert (found.is_report, found.reason) == (False, "no_report_marks")


def test_a_report_without_tables_stays_one() -> None:
    blocks = [block for block in body() if not isinstance(block, Table)]
    assert identity(document(*blocks), has_tables=False).is_report
    assert identity(document(Heading(TITLE, 1), images=("2.jpg",)), has_tables=False).is_report


def test_a_titled_page_without_content() -> None:
    found = identity(document(Heading("2024年政府信息公开工作年度报告", 1)), has_tables=False)
    assert (found.is_report, found.reason) == (False, "empty_page")


def test_reasons_are_said_in_both_languages() -> None:
    assert reason_text("blank_form", "en").startswith("a blank form")
    assert "空白" in reason_text("blank_form", "zh")
