"""The text reader: where tables stand, what their rows are, and that no text can hurt."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.align import align
from parsers.document import Document, Heading, Paragraph, Table
from parsers.readers.text import MAX_CHARS, MAX_LINE, MAX_LINES, read_text
from parsers.readers.text_pipes import Style, split_pipes, style_of

DOCUMENTS = (
    "第二十条第(一)项 | |||\n信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n规章 | 4 | 0 | 9 |"
)


def tables(text: str) -> list[Table]:
    return list(read_text(text, "utf-8").tables())


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def lines_of(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    ("line", "cells", "pads", "keeps"),
    [
        ("信息内容 | 本年处理决定数量 | ||", ("信息内容", "本年处理决定数量"), 2, False),
        ("第二十条第(一)项 | |||", ("第二十条第(一)项",), 3, False),
        ("规章 | 0 | 0 | 0 |", ("规章", "0", "0", "0"), 0, False),
        ("规章 | 0 | 0 | 0", ("规章", "0", "0", "0"), 0, False),
        ("一、新收 | 6 | | | 6 |", ("一、新收", "6", "", "", "6"), 0, True),
        ("| | 2.重复 | 0 |", ("", "", "2.重复", "0"), 0, True),
        ("规章 | | | |", ("规章", "", "", ""), 0, True),
    ],
)
def test_padded_and_kept_empty_cells_are_told_apart(
    line: str, cells: tuple[str, ...], pads: int, keeps: bool
) -> None:
    found = split_pipes(line, Style(framed=False, terminated=True))
    assert (found.cells, found.pads, found.keeps) == (cells, pads, keeps)


def test_style_of_pipes() -> None:
    assert style_of(["a | b |", "c | |||"]) == Style(framed=False, terminated=True)
    assert style_of(["a| b| c", "d| | "]) == Style(framed=False, terminated=False)
    assert style_of(["a|1|||", "b|2|||", "c|3|4|5|6"]) == Style(framed=False, terminated=False)
    assert style_of(["| a | b |", "|---|---|", "| c | |"]) == Style(framed=True, terminated=True)


def test_paragraphs_and_tables_keep_their_order() -> None:
    document = read_text(
        f"二、主动公开政府信息情况\n年内发布33条。\n{DOCUMENTS}\n三、收到和处理情况\n", "gb18030"
    )
    assert [type(block).__name__ for block in document.blocks] == [
        "Paragraph",
        "Paragraph",
        "Table",
        "Paragraph",
    ]
    assert (document.kind, document.charset) == ("text", "gb18030")
    table = next(document.tables())
    assert (table.geometry, table.form, table.width, table.pads) == ("ragged", "B", 4, (3, 0, 0))
    assert table.rows[2][1] == ("4", 2, 1, 1, 1)


def test_navigation_and_pictures_stay_text() -> None:
    footer = "首页 | 网站声明 | 使用帮助 | 联系我们"
    picture = '<image>data:image/s3,"s3://x/y" alt=""</image>'
    document = read_text(f"{DOCUMENTS}\n{footer}\n网站标识码:4202020002\n{picture}", "utf-8")
    assert lines_of(document) == [footer, "网站标识码:4202020002", picture]
    assert texts(next(document.tables()))[-1] == ["规章", "4", "0", "9"]


def test_names_of_pictures_are_kept() -> None:
    document = read_text("二、主动公开政府信息情况\n图表.jpg\n![表](https://a.example/b.png)\n", "utf-8")
    assert document.images == ("图表.jpg", "https://a.example/b.png")
    assert len(lines_of(document)) == 3


def test_menu_of_row_names_is_no_table() -> None:
    assert tables("规章\n行政许可\n行政处罚\n行政强制\n行政事业性收费\n本站概况\n") == []


def test_sentences_with_labels_are_no_table() -> None:
    text = "本年制发规章0件，行政规范性文件3件。\n行政许可\n全年共办理行政许可45件。\n总计\n33"
    assert tables(text) == []
    assert len(lines_of(read_text(text, "utf-8"))) == 5


def test_metadata_rows_are_a_table_without_figures_of_the_form() -> None:
    found = tables(
        "索引号 | A0001/2024-1 | 分类 | 年度报告 |\n发布机构 | 青禾县 | 文号 | |\n\n一、总体情况\n"
    )
    assert texts(found[0])[0] == ["索引号", "A0001/2024-1", "分类", "年度报告"]


def test_label_on_two_lines_is_one_cell() -> None:
    rows = texts(
        tables(
            "第二十条第(一)项\n信息内容\n本年新\n\n制作数量\n本年新\n公开数量\n对外公开总数量\n规章\n0\n0\n0"
        )[0]
    )
    assert rows[1] == ["信息内容", "本年新 制作数量", "本年新 公开数量", "对外公开总数量"]


def test_row_that_goes_on_in_the_next_line_is_one_row() -> None:
    text = "行政复议| 行政诉讼\n---|---\n结果维持| 结果\n纠正| 其他结果| 尚未审结| 总计\n0| 1| 2| 3| 4\n"
    assert texts(tables(text)[0])[1] == ["结果维持", "结果 纠正", "其他结果", "尚未审结", "总计"]


def test_empty_lines_are_counted_for_one_cell_per_line() -> None:
    table = tables(
        "信息内容\n\n本年制发件数\n\n本年废止件数\n\n现行有效件数\n\n规章\n\n\n\n5\n\n行政规范性文件\n\n1"
    )[0]
    assert table.form == "A"
    assert table.gaps[1] == (1, 3, 1)


def test_opening_pipes_are_no_empty_cells() -> None:
    table = tables(
        "|\n第二十条第(一)项 |\n|||\n|\n信息内容 |\n本年制发件数 |\n|\n规章 |\n0 |\n|\n行政许可 |\n45 |\n||"
    )[0]
    assert table.form == "D"
    assert texts(table) == [
        ["第二十条第(一)项"],
        ["信息内容", "本年制发件数"],
        ["规章", "0"],
        ["行政许可", "45"],
    ]


def test_markdown_headings_rules_and_emphasis() -> None:
    text = (
        "# 青禾县2024年年度报告\n\n题目\n====\n\n| 信息内容 | 本年制发件数 |\n|:--|--:|\n| **规章** | 4 |\n"
    )
    text += "\n## 二、**公开**情况 ##\n"
    document = read_text(text, "utf-8")
    assert [b for b in document.blocks if isinstance(b, Heading)] == [
        Heading("青禾县2024年年度报告", 1),
        Heading("题目", 1),
        Heading("二、公开情况", 2),
    ]
    assert texts(next(document.tables())) == [["信息内容", "本年制发件数"], ["规章", "4"]]


def test_numbers_of_a_data_frame_are_left_out() -> None:
    text = "|0|1|2\n0|信息内容|本年制发件数|本年废止件数\n1|规章|4|\n2|行政规范性文件|0|1\n"
    assert texts(tables(text)[0]) == [
        ["信息内容", "本年制发件数", "本年废止件数"],
        ["规章", "4", ""],
        ["行政规范性文件", "0", "1"],
    ]


def test_list_of_indicators_is_a_grid() -> None:
    text = (
        "| 序号 | 统 计 指 标 | 单位 | 统计数 |\n| 1 | 一、主动公开情况 | ---- | |\n"
        "| 2 | （一）主动公开政府信息数（不同渠道和方式公开相同信息计1条） | 条 | 33 |\n"
        "| 3 | 其中：主动公开规范性文件数 | 条 | |\n| 4 | 制发规范性文件总数 | 件 | 7 |\n"
    )
    alignment = align(read_text(text, "utf-8"))
    values = {fact.row: (fact.status, fact.value) for fact in alignment.facts if fact.where is not None}
    assert alignment.era == "stat2014"
    assert values["s1_proactive_items"] == ("reported", 33)
    assert values["s1_proactive_normative_docs"] == ("blank", None)
    assert values["s1_normative_docs_issued"] == ("reported", 7)


def test_list_of_indicators_with_a_cell_on_each_line() -> None:
    rows = [
        ["统计指标", "单位", "统计数"],
        ["一、主动公开情况", "——", ""],
        ["（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "33"],
        ["其中：主动公开规范性文件数", "条", ""],
        ["制发规范性文件总数", "件", "7"],
    ]
    text = "\n".join(f"{cell} |" if cell else "|" for row in rows for cell in row)
    facts = {fact.row: fact for fact in align(read_text(text, "utf-8")).facts if fact.where is not None}
    assert (facts["s1_proactive_items"].status, facts["s1_proactive_items"].value) == ("reported", 33)
    assert facts["s1_proactive_normative_docs"].status == "blank"
    assert facts["s1_normative_docs_issued"].value == 7


def test_remarks_of_a_list_without_a_heading_are_no_figures() -> None:
    text = (
        "统计指标 | 单位 | 统计数 |\n制发规范性文件总数 | 件 | 7 | 31 |\n"
        "1.政府公报公开政府信息数 | 条 | 32 |\n2.政府网站公开政府信息数 | 条 | 8 | 33 |\n"
    )
    facts = {fact.row: fact for fact in align(read_text(text, "utf-8")).facts if fact.where is not None}
    assert facts["s1_normative_docs_issued"].value == 7
    assert facts["s1_ch_gazette"].status == "unreadable"


def test_fewer_figures_than_columns_of_a_list_share_one_cell() -> None:
    text = (
        "| 序号 | 统计指标 | 单位 | 区政府统计数 | 区直单位统计数 | 乡镇街道统计数 |\n"
        "| 3 | 其中：主动公开规范性文件数 | 条 | 5 | ||\n| 4 | 制发规范性文件总数 | 件 | |||\n"
    )
    rows = tables(text)[0].rows
    assert rows[1][3:] == (("5 |", 1, 3, 1, 3),)
    assert [cell.text for cell in rows[2]][3:] == ["", "", ""]
    assert not any(fact.status == "reported" for fact in align(read_text(text, "utf-8")).facts)


def test_tables_within_one_line_are_unrolled() -> None:
    cells = [
        "第二十条第(一)项",
        "信息内容",
        "本年制发件数",
        "本年废止件数",
        "现行有效件数",
        "规章",
        "4",
        "0",
        "9",
    ]
    cells += [
        "行政规范性文件",
        "1",
        "2",
        "3",
        "第二十条第(五)项",
        "信息内容",
        "本年处理决定数量",
        "行政许可",
        "45",
    ]
    one_line = "一、总体情况 年内工作平稳有序。 | " + " | ".join(cells) + " | " * 30
    assert ["规章", "4", "0", "9"] in texts(tables(one_line)[0])
    assert ["行政许可", "45"] in texts(tables(one_line)[0])


HOSTILE = {
    "one line of 20 MB": "一、总体情况" * 1_200_000,
    "50,000 rows": "第二十条第(一)项 | |||\n" + "".join(f"规章{n} | {n} | 0 | 0 |\n" for n in range(50_000)),
    "a million pipes": "|" * 1_000_000,
    "a million lines with a pipe": "|\n" * 1_000_000,
    "labels in one line": "规章 0 " * 600_000,
    "labels on lines": "规章\n0\n" * 60_000,
    "halves of labels": "本年新\n" * 60_000,
    "dashes": ("|" + "-" * 100 + "\n") * 10_000,
    "words": ("a " * 300 + "\n") * 5_000,
    "brackets": ("(" * 100 + "5\n") * 10_000,
    "emphasis that nobody closes": "一、总体情况 " + " **a" * 40_000 + "\n规章|" + " __a" * 40_000 + "|1",
    "a heading with a hole": "# 总体" + " " * 150_000 + "情况\n# 总体" + "#" * 150_000 + "情况",
    "pictures that nobody ends": ("![" * 100_000 + "\n") * 5,
    "cells of many columns repeated": "第二十条第（一）项|" * 25
    + "\n信息内容|"
    + "".join(f"列{n}|列{n}|" for n in range(9))
    + "本年制发件数|本年制发件数|本年废止件数|本年废止件数|现行有效件数|现行有效件数|\n"
    + ("规章|" + "0|" * 24 + "\n" + "行政规范性文件|" + "0|" * 24 + "\n"),
    "merged cells": "第二十条第(一)项|第二十条第(一)项|第二十条第(一)项\n信息内容|本年制发件数|本年废止件数\n"
    + ("规章|" + "0|" * 1_500 + "\n") * 100,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_within_bounds(name: str) -> None:
    text = HOSTILE[name]
    document = read_text(text, "utf-8")
    align(document)
    rows = sum(len(table.rows) for table in document.tables())
    assert rows <= MAX_LINES
    if len(text) > MAX_CHARS or text.count("\n") > MAX_LINES:
        assert "truncated" in document.notes
    if max(map(len, text[: 2 * MAX_LINE].split("\n"))) > MAX_LINE:
        assert "long_lines" in document.notes


def test_memory_stays_a_small_multiple_of_what_is_read() -> None:
    text = "规章 | 1 | 2 | 3 |\n" * 200_000
    tracemalloc.start()
    read_text(text, "utf-8")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "|",
                "||",
                " ",
                "\n",
                "\n\n",
                "规章",
                "0",
                "信息内容",
                "本年新",
                "第二十条第(一)项",
                "-",
                "---",
                "总计",
                "(三)不予公开",
                "1.属于国家秘密",
                "行政复议",
                "结果",
                "\x00",
                "\\",
                "**",
                "#",
                "a",
            ]
        ),
        max_size=60,
    )
)
def test_any_text_is_read_and_nothing_printed_is_lost(pieces: list[str]) -> None:  # fmt: skip
    text = "".join(pieces)
    document = read_text(text, "utf-8")
    shown = ""
    for block in document.blocks:
        if isinstance(block, Table):
            assert all(row for row in block.rows)
            assert block.pads == () or len(block.pads) == len(block.rows)
            for at, row in enumerate(block.rows):
                assert [(cell.row, cell.column) for cell in row] == [(at, place) for place in range(len(row))]
            shown += "".join(cell.text for row in block.rows for cell in row)
        else:
            shown += block.text
    for label in ("规章", "信息内容", "第二十条第(一)项", "行政复议"):
        assert "".join(shown.split()).count(label) >= sum(piece == label for piece in pieces)
