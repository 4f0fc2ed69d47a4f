"""Sections: wordings and numerals of headings, look-alikes, runs inside runs, everything in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document import Block, Cell, Document, Heading, Paragraph, Table
from parsers.sections import split_sections

TITLES = {
    1: "总体情况",
    2: "主动公开政府信息情况",
    3: "收到和处理政府信息公开申请情况",
    4: "政府信息公开行政复议、行政诉讼情况",
    5: "存在的主要问题及改进情况",
    6: "其他需要报告的事项",
}
HAN = "一二三四五六七八九"


def table(number: int, *texts: str) -> Table:
    rows = tuple((Cell(text, row, 0),) for row, text in enumerate(texts))
    return Table(rows, "ragged", number, 0)


TABLES = {
    2: table(0, "第二十条第（一）项", "信息内容 本年制发件数 本年废止件数 现行有效件数"),
    3: table(1, "申请人情况", "一、本年新收政府信息公开申请数量"),
    4: table(2, "行政复议 行政诉讼", "未经复议直接起诉 复议后起诉"),
}


def document(*blocks: Block | str) -> Document:
    return Document(
        "text", "utf-8", tuple(Paragraph(block) if isinstance(block, str) else block for block in blocks)
    )


def report(*, numeral: str = "{han}、", skip: int = 0, headings: dict[int, str] | None = None) -> Document:
    """A whole report with one sentence per section and the tables at their places."""
    blocks: list[Block | str] = []
    for number, title in (TITLES | (headings or {})).items():
        if number == skip:
            continue
        blocks.append(numeral.format(han=HAN[number - 1], digit=number, roman="ⅠⅡⅢⅣⅤⅥ"[number - 1]) + title)
        blocks.append(f"第{number}部分的文字。")
        if number in TABLES:
            blocks.append(TABLES[number])
    return document(*blocks)


def numbers(doc: Document) -> list[int]:
    return [section.number for section in split_sections(doc)]


@pytest.mark.parametrize(
    "numeral",
    [
        "{han}、",
        "{han}.",
        "{han}、{han}、",
        "（{han}）",
        "({han})",
        "{digit}、",
        "{digit}. ",
        "{roman}、",
        "第{han}部分 ",
        "",
        "、",
        "　{han}、 ",
    ],
)
def test_numerals_of_headings(numeral: str) -> None:
    sections = split_sections(report(numeral=numeral))
    assert [(s.number, s.heading, s.text) for s in sections] == [
        (number, title, f"第{number}部分的文字。") for number, title in TITLES.items()
    ]


@pytest.mark.parametrize(
    ("number", "wording"),
    [
        (1, "总体工作情况"),
        (1, "总体公开情况"),
        (1, "总体概述"),
        (1, "概述"),
        (1, "本年度政府信息公开总体情况"),
        (1, "政府信息公开工作的基本情况"),
        (2, "主动公开情况"),
        (2, "行政机关主动公开政府信息情况"),
        (2, "主动公开政府政府情况"),
        (4, "政府信息公开行政复议行政诉讼情况"),
        (4, "行政复议和行政诉讼"),
        (4, "行政复议及行政诉讼"),
        (4, "政府信息公开行政复议、行政诉讼情况："),
        (4, "因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
        (5, "存在问题及改进情况"),
        (5, "存在的主要问题及改正情况"),
        (5, "存在的主要问题及下一步计划"),
        (5, "存在问题和改进措施"),
        (5, "存在的主要问题和改进措施"),
        (5, "政府信息公开工作存在的主要问题及改进情况"),
        (6, "其他需报告事项"),
        (6, "其它需要报告的事项"),
        (6, "其他需要报告的情况"),
        (3, "某种没有见过的写法"),
        (5, "今后的努力"),
    ],
)
def test_wordings_of_headings(number: int, wording: str) -> None:
    sections = split_sections(report(headings={number: wording}))
    assert [s.number for s in sections] == [1, 2, 3, 4, 5, 6]
    assert sections[number - 1].heading == wording.rstrip("：")


def test_spaces_inside_a_heading() -> None:
    sections = split_sections(report(numeral="{han} 、 "))
    assert [s.printed_number for s in sections] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("missing", [1, 2, 3, 4, 5, 6])
def test_a_missing_section_stays_missing(missing: int) -> None:
    assert numbers(report(skip=missing)) == [n for n in TITLES if n != missing]


def test_position_is_the_block_of_the_heading() -> None:
    doc = report()
    for section in split_sections(doc):
        block = doc.blocks[section.position or 0]
        assert isinstance(block, Paragraph)
        assert section.heading in block.text


def test_a_preface_naming_all_six_headings_is_no_heading() -> None:
    preface = "本报告由" + "；".join(f"{HAN[n - 1]}、{t}" for n, t in TITLES.items()) + "六部分组成。"
    doc = report()
    whole = Document("text", "utf-8", (Paragraph(preface), *doc.blocks))
    assert [s.text for s in split_sections(whole)] == [s.text for s in split_sections(doc)]
    assert split_sections(document(preface)) == ()
    assert split_sections(document(preface * 3)) == ()


def test_a_preface_starting_with_a_heading_like_list_is_outweighed() -> None:
    preface = "一、总体情况，二、主动公开政府信息情况，三、收到和处理政府信息公开申请情况等六个部分。"
    whole = Document("text", "utf-8", (Paragraph(preface), *report().blocks))
    assert [(s.number, s.text) for s in split_sections(whole)] == [(n, f"第{n}部分的文字。") for n in TITLES]


def test_a_table_of_contents_is_not_the_report() -> None:
    contents = tuple(Paragraph(f"{HAN[n - 1]}、{t}") for n, t in TITLES.items())
    whole = Document("text", "utf-8", (*contents, *report().blocks))
    assert [(s.number, s.text) for s in split_sections(whole)] == [(n, f"第{n}部分的文字。") for n in TITLES]


def test_a_run_nested_in_the_first_section_stays_text() -> None:
    nested = [
        "一、加强组织领导",
        "做了安排。",
        "二、主动公开情况",
        "公开了若干。",
        "三、依申请公开情况",
        "收到若干。",
    ]
    nested += ["四、加强监督", "五、存在的问题", "有不足。", "六、下一步打算", "再努力。"]
    doc = report()
    whole = Document("text", "utf-8", (*doc.blocks[:2], *map(Paragraph, nested), *doc.blocks[2:]))
    sections = split_sections(whole)
    assert [(s.number, s.heading) for s in sections] == list(TITLES.items())
    assert sections[0].text.endswith("\n".join(nested))
    assert sections[1].text == "第2部分的文字。"


def test_sub_headings_that_sound_like_sections_stay_text() -> None:
    doc = report()
    extra = (Paragraph("（一）主动公开政府信息情况"), Paragraph("甲。"), Paragraph("（二）依申请公开情况"))
    whole = Document("text", "utf-8", (*doc.blocks[:2], *extra, *doc.blocks[2:]))
    assert [s.heading for s in split_sections(whole)] == list(TITLES.values())


def test_sections_out_of_order_are_given_in_reading_order() -> None:
    blocks: list[Block | str] = []
    for number in (1, 2, 3, 5, 4, 6):
        blocks += [f"{HAN[number - 1]}、{TITLES[number]}", "文字。"]
    assert numbers(document(*blocks)) == [1, 2, 3, 5, 4, 6]


def test_a_wrong_numeral_is_kept_beside_the_number_of_the_wording() -> None:
    blocks: list[Block | str] = []
    for printed, number in zip("一二三四四五", TITLES, strict=True):
        blocks += [f"{printed}、{TITLES[number]}", "文字。"]
    sections = split_sections(document(*blocks))
    assert [(s.number, s.printed_number) for s in sections] == [
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 4),
        (5, 4),
        (6, 5),
    ]


def test_narrative_on_the_line_of_the_heading() -> None:
    blocks = [
        f"{HAN[n - 1]}、{t}　云溪区文化和旅游局在这一年里做了安排，并如实报告。" for n, t in TITLES.items()
    ]
    sections = split_sections(document(*blocks))
    assert [s.heading for s in sections] == list(TITLES.values())
    assert {s.text for s in sections} == {"云溪区文化和旅游局在这一年里做了安排，并如实报告。"}


def test_the_whole_report_in_one_line() -> None:
    body = "这一年里做了安排，并如实报告，内容写得足够长，不是目录。"
    line = "前言。" + "".join(f"{HAN[n - 1]}、{t}{body}" for n, t in TITLES.items())
    sections = split_sections(document(line))
    assert [(s.number, s.heading, s.text) for s in sections] == [(n, t, body) for n, t in TITLES.items()]


def test_headings_back_to_back_without_tables() -> None:
    doc = document("一、总体情况", "文字。", *(f"{HAN[n - 1]}、{TITLES[n]}" for n in (2, 3, 4)))
    assert [(s.number, s.text) for s in split_sections(doc)] == [(1, "文字。"), (2, ""), (3, ""), (4, "")]


def test_text_of_tables_is_left_out_and_lines_are_joined() -> None:
    doc = document("一、总体情况", "甲。", "乙。\n丙。", TABLES[2], "丁。")
    assert split_sections(doc)[0].text == "甲。\n乙。\n丙。\n丁。"


def test_marked_headings_need_no_numeral() -> None:
    doc = document(
        Heading("概述", 2), "甲。", Heading("主动公开情况", 2), "乙。", Heading("其他需报告事项", 2), "丙。"
    )
    assert [(s.number, s.text) for s in split_sections(doc)] == [(1, "甲。"), (2, "乙。"), (6, "丙。")]


def test_headings_in_rows_of_one_giant_table() -> None:
    narrative = (
        "云溪区文化和旅游局在这一年里做了许多安排，落实了各项要求，公开了各类信息，并在此如实报告有关情况。"
    )
    texts = [
        "一、总体情况",
        narrative,
        "二、主动公开政府信息情况",
        "第二十条第（一）项",
        "规章",
        "六、其他需要报告的事项",
        narrative,
    ]
    sections = split_sections(document(table(0, *texts)))
    assert [(s.number, s.text) for s in sections] == [(1, narrative), (2, ""), (6, narrative)]


def test_a_table_that_repeats_the_heading_of_its_section() -> None:
    repeated = table(0, "二、主动公开政府信息情况", "第二十条第（一）项", "规章")
    doc = document(
        "一、总体情况", "甲。", "二、主动公开政府信息情况", "乙。", repeated, "六、其他需要报告的事项", "无。"
    )
    assert [(s.number, s.text) for s in split_sections(doc)] == [
        (1, "甲。"),
        (2, "乙。"),
        (6, "无。"),
    ]


def test_numbered_rows_of_the_form_are_no_headings() -> None:
    rows = ["一、本年新收政府信息公开申请数量 | 0", "四、结转下年度继续办理", "0"]
    doc = document(f"三、{TITLES[3]}", *rows, f"五、{TITLES[5]}", "甲。", f"六、{TITLES[6]}", "无。")
    assert [(s.number, s.text) for s in split_sections(doc)] == [
        (3, "\n".join(rows)),
        (5, "甲。"),
        (6, "无。"),
    ]


@pytest.mark.parametrize("parts", [5, 6, 7, 9])
def test_the_older_outline_keeps_its_own_numbers(parts: int) -> None:
    titles = ["概述", "主动公开政府信息情况", "政府信息依申请公开办理情况", "政府信息公开的收费及减免情况"]
    titles += [
        "因政府信息公开申请行政复议、提起行政诉讼的情况",
        "存在的主要问题及改进措施",
        "需要说明的事项与附表",
        "人员与机构",
        "附录",
    ]
    blocks: list[Block | str] = ["根据条例编制本报告。"]
    for number, title in enumerate(titles[:parts], 1):
        blocks += [f"{HAN[number - 1]}、{title}", f"第{number}部分。"]
    sections = split_sections(document(*blocks))
    assert [(s.number, s.heading, s.text) for s in sections] == [
        (n, titles[n - 1], f"第{n}部分。") for n in range(1, parts + 1)
    ]


def test_an_older_outline_in_traditional_characters() -> None:
    titles = ["概述", "政府信息主動公開情況", "政府信息依申請公開情況", "人員和收支情況", "谘詢情況"]
    titles += ["行政複議和行政訴訟情況", "主要問題和改進措施"]
    blocks: list[Block | str] = []
    for number, title in enumerate(titles, 1):
        blocks += [f"{HAN[number - 1]}、{title}", f"第{number}部分。"]
    assert [(s.number, s.heading) for s in split_sections(document(*blocks))] == list(enumerate(titles, 1))


def test_headings_a_paragraph_swallowed() -> None:
    line = "按照通知要求，现将情况汇报如下： 一、总体情况 " + "做了许多工作。" * 30 + f" 二、{TITLES[2]}"
    rest = [text for n in (3, 4, 5, 6) for text in (f"{HAN[n - 1]}、{TITLES[n]}", f"第{n}部分。")]
    sections = split_sections(document(line, *rest))
    assert [s.number for s in sections] == [1, 2, 3, 4, 5, 6]
    assert (sections[0].text, sections[1].text) == ("做了许多工作。" * 30, "")


def test_a_preface_that_lists_the_headings_swallows_none() -> None:
    listed = "；".join(f"{HAN[n - 1]}、{title}" for n, title in TITLES.items())
    rest = [text for n in (3, 4, 5, 6) for text in (f"{HAN[n - 1]}、{TITLES[n]}", f"第{n}部分。")]
    sections = split_sections(document(f"本报告包括{listed}。" + "做了许多工作。" * 30, *rest))
    assert [s.number for s in sections] == [3, 4, 5, 6]


def test_official_wordings_within_an_older_outline() -> None:
    titles = [
        "概述",
        TITLES[2],
        "依申请公开政府信息情况",
        "政府信息公开的收费及减免情况",
        "行政复议、行政诉讼情况",
    ]
    titles += ["存在的主要问题及改进措施", TITLES[6]]
    blocks: list[Block | str] = []
    for number, title in enumerate(titles, 1):
        blocks += [f"{HAN[number - 1]}、{title}", f"第{number}部分。"]
    assert [(s.number, s.heading) for s in split_sections(document(*blocks))] == list(enumerate(titles, 1))


FOOTERS = [
    "首页 | 网站声明 | 使用帮助 | 联系我们",
    "主办单位：云溪区人民政府 版权所有",
    "网站标识码：4202020002",
    "上一篇：云溪区司法局报告",
    "【打印本页】 【关闭窗口】",
    "扫一扫在手机打开当前页",
    "<image>data:image/png",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_page_furniture_behind_the_report_is_cut(footer: str) -> None:
    doc = document(*report().blocks, "云溪区文化和旅游局", footer, "别的内容")
    assert split_sections(doc)[-1].text == "第6部分的文字。\n云溪区文化和旅游局"


def test_a_page_without_sections_has_none() -> None:
    assert split_sections(document("今日召开会议。", TABLES[3])) == ()
    assert split_sections(document()) == ()


LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from([f"{HAN[n - 1]}、{t}" for n, t in TITLES.items()]),
        st.sampled_from(["一、", "（三）", "第十部分", "6.", "Ⅱ、", "十十、", "IX、总体情况"]),
    ),
    max_size=30,
)


@given(LINES)
def test_any_text_gives_sections_with_unique_numbers(lines: list[str]) -> None:
    found = numbers(document(*lines))
    assert len(found) == len(set(found))


def test_a_hostile_line_is_read_once() -> None:
    line = "一、总体情况" * 200_000
    assert len(split_sections(document(line, *["一、主动公开情况"] * 3000))) <= 6
