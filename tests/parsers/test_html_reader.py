import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Document, Heading, Paragraph, Table
from parsers.figures import read_figure
from parsers.readers import UnreadableInputError, UnsupportedInputError, read
from parsers.readers.html import read_html
from parsers.readers.html_source import has_damaged_markup
from parsers.records import CellKey
from parsers.report import parse_strict
from tests.render.form_layout import disclosure, disputes, form_cells, requests
from tests.render.html import HtmlOptions, numbered_figures, render_page

MARKUPS = [
    HtmlOptions(),
    HtmlOptions(markup="word"),
    HtmlOptions(markup="bare", blank=""),
    HtmlOptions(tables="one"),
    HtmlOptions(tables="all_inside"),
    HtmlOptions(layout_table=True),
    HtmlOptions(disputes="three", corner_note=False),
    HtmlOptions(disputes="filler", requests_heading="filler"),
    HtmlOptions(requests_heading="four_rows", padding_column=True),
    HtmlOptions(columns_2019=4),
    HtmlOptions(equal_splits=True),
    HtmlOptions(metadata_box=True),
    HtmlOptions(broken_labels=True),
    HtmlOptions(hostile=True),
    HtmlOptions(hostile=True, markup="word", layout_table=True),
    HtmlOptions(traditional=True),
    HtmlOptions(pinyin=True),
    HtmlOptions(in_script=True),
    HtmlOptions(in_script=True, markup="word", container=""),
    HtmlOptions(head_cells=True),
    HtmlOptions(container="", navigation=False),
    HtmlOptions(container='<div id="Zoom">', charset_label="gb2312"),
]


def figures(document: Document) -> Iterator[str]:
    for table in document.tables():
        for row in table.rows:
            yield from (cell.text for cell in row if cell.text.isdigit())


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if not isinstance(block, Table)]


def grids(document: Document) -> list[tuple[int, list[list[str]]]]:
    return [(table.width, [[cell.text for cell in row] for row in table.rows]) for table in document.tables()]


def page(body: str) -> Document:
    return read_html(f"<html><body>{body}</body></html>", "utf-8")


@pytest.mark.parametrize("era", ["fmt2021", "fmt2019"])
@pytest.mark.parametrize("options", MARKUPS, ids=lambda options: repr(options)[12:60])
def test_every_figure_is_read_once_and_in_order_in_every_markup(era: str, options: HtmlOptions) -> None:
    printed = numbered_figures(era, start=1000)
    document = read(render_page(printed, era=era, options=options).encode())
    assert [text for text in figures(document) if len(text) == 4] == list(printed.values())
    lines = texts(document)
    headings = [line for line in lines if line[:2] in ("一、", "二、", "三、", "四、", "五、", "六、")]
    assert [heading[0] for heading in headings] == list("一二三四五六")
    assert sum("33条" in line or "33條" in line for line in lines) == 1
    assert not any("隐藏的模板" in line for line in (*lines, *document.outside))
    assert document.page_title == "青禾县清风镇人民政府2024年政府信息公开工作年度报告"
    if options.navigation:
        assert any("网站标识码：9901010002" in line for line in document.outside)
        assert not any("网站声明" in line for line in lines)


@pytest.mark.parametrize("era", ["fmt2021", "fmt2019"])
def test_cells_stand_where_the_form_prints_them(era: str) -> None:
    printed = numbered_figures(era)
    document = read(render_page(printed, era=era, options=HtmlOptions(markup="word")).encode())
    wanted: list[tuple[int, int, list[CellKey]]] = [
        (5 if era == "fmt2019" else 4, len(disclosure(era)), []),
        (10, len(requests(era)), []),
        (15, len(disputes()), []),
    ]
    assert [(table.width, len(table.rows), []) for table in document.tables()] == wanted
    second = next(document.tables())
    by_text = {cell.text: cell for row in second.rows for cell in row}
    last_of_first_row = printed[
        "documents", "regulation", "in_force" if era == "fmt2021" else "disclosed_total"
    ]
    assert by_text[last_of_first_row].column == (3 if era == "fmt2021" else 4)
    assert [table.number for table in document.tables()] == [0, 1, 2]


def test_what_stands_behind_the_end_of_the_page_is_read() -> None:
    first = "<html><body><p>政府信息公开工作年度报告</p></body></html>\n"
    second = "<html><body><table><tr><td>新收</td><td>12</td></tr></table></body></HTML >尾"
    blocks = read_html(first + second).blocks
    assert [type(block) for block in blocks] == [Paragraph, Table, Paragraph]


def test_same_page_in_gb18030_under_a_wrong_label_says_the_same() -> None:
    html = render_page(
        numbered_figures(), options=HtmlOptions(title="青禾县镕㙍镇{year}年政府信息公开工作年度报告")
    )
    utf8, gb = read(html.encode("utf-8")), read(html.encode("gb18030"))
    assert (gb.charset, gb.notes) == ("gb18030", ("charset_mismatch",))
    assert (utf8.blocks, utf8.meta, utf8.outside) == (gb.blocks, gb.meta, gb.outside)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_pages_in_rarer_encodings_are_read(encoding: str) -> None:
    page_bytes = render_page(numbered_figures()).encode(encoding)
    assert list(figures(read(page_bytes, charset="gb2312"))) == list(numbered_figures().values())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_damaged_byte_damages_its_cell_alone(encoding: str) -> None:
    printed = numbered_figures(start=1000)
    html = render_page(printed).encode(encoding)
    assert html.count(b">1007<") == 1
    report = parse_strict(html.replace(b">1007<", b">10\xff7<"))
    damaged = [fact for fact in report.facts if fact.status != "reported"]
    assert [(fact.status, fact.raw, fact.value) for fact in damaged] == [("unreadable", "10\ufffd7", None)]
    assert "damaged_bytes" in report.reading.notes


@pytest.mark.parametrize(
    "source",
    ["rowspan=" * 200_000, "中td " * 200_000, "<td " + "a" * 400_000, "<td '" * 100_000, "中<td>" * 100_000],
    ids=lambda source: source[:5],
)
def test_damage_is_looked_for_in_long_texts_without_tags(source: str) -> None:
    assert not has_damaged_markup(source)
    assert has_damaged_markup(f"{source} <p>中\ufffdtd style='a'>")


@pytest.mark.parametrize("tag", [b"<t\xffd>", b"\xfftd>", b"<td col\xffspan=2>", b'<td colspan="\xff">'])
def test_damage_inside_the_tags_of_a_table_leaves_no_cell_certain(tag: bytes) -> None:
    html = render_page(numbered_figures(), options=HtmlOptions(markup="bare")).encode()
    assert b"<td>" in html
    report = parse_strict(html.replace(b"<td>", tag, 1))
    assert (report.outcome, report.source.kind) == ("unreadable", "unknown")


def test_names_of_spaces_escaped_twice_are_spaces() -> None:
    document = page(
        "<table><tr><td>&amp;nbsp;规章</td><td>&amp;nbsp;</td><td>7&amp;nbsp;</td></tr><tr><td>a</table>"
    )
    assert grids(document)[0][1][0] == ["规章", "", "7"]


def test_blank_cells_are_empty_text_in_every_spelling() -> None:
    document = page(
        "<table><tr><td>规章<td><td> <td>&nbsp;<td><p>&nbsp;</p><td><p></p><td>\u3000<td>&#8203;<td>0</table>"
    )
    assert grids(document) == [(9, [["规章", "", "", "", "", "", "", "", "0"]])]


def test_digits_of_one_figure_join_and_of_two_do_not() -> None:
    document = page(
        "<table><tr><td><span>1</span><span>2</span></td><td>1<br>2</td><td><p>1</p><p>2</p></td>"
        "<td><p>1</p><span>2</span></td><td><b><p>1</p></b>2</td><td>1<p>2</p></td>"
        "<td>1<sup>2</sup></td><td><s>1</s>2</td><td><del>1</del><ins>2</ins></td><td>1<div>2</div></td></tr></table>"
    )
    assert grids(document) == [(10, [["12", *["1 2"] * 6, *["1\u0336 2"] * 2, "1 2"]])]


def test_labels_broken_by_br_get_one_space() -> None:
    document = page("<table><tr><td>商业<br/>企业</td><td>科研<br>\n  机构</td><td>a</td></tr></table>")
    assert grids(document) == [(3, [["商业 企业", "科研 机构", "a"]])]


def test_picture_in_a_cell_is_not_a_blank() -> None:
    document = page('<table><tr><td>规章</td><td><img src="7.png"></td><td></td></tr></table>')
    assert grids(document) == [(3, [["规章", "\ufffc", ""]])]
    assert document.images == ("7.png",)


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><td>a<td>b</table>", [["a", "b"]]),
        ("<table><tbody><tr><th>a<td>b</th></tr>", [["a", "b"]]),
        ("<table><tr><td>a</td></td><td>b</td></tr></table>", [["a", "b"]]),
        ("<table><tr><td>a</div></p><td>b</table>", [["a", "b"]]),
        ("<table><tfoot><tr><td>z<td>y<tbody><tr><td>a<td>b</table>", [["a", "b"], ["z", "y"]]),
        ("<TABLE><TR><TD ROWSPAN=2>a<TD>b</TR><TR><TD>c</TABLE>", [["a", "b"], ["c"]]),
        ("<table><tr></tr><tr><td>a<td>b</table>", [[], ["a", "b"]]),
        ("<table><tr><td>a<td><span>b<td>c<tr><td>d<td>e</table>", [["a", "b", "c"], ["d", "e"]]),
        ("<table><tr><td>a<td><form>b<tr><td>c<td>d</tr></table>", [["a", "b"], ["c", "d"]]),
        ("<table><tr><td>a<td>b</td><tbody><td>c<td>d</table>", [["a", "b"], ["c", "d"]]),
        ("<table><tr><td>a<td>b<thead></td><td>c<td>d</table>", [["c", "d"], ["a", "b"]]),
        ("<table><tr><td>a</body></html></td><td>b</td></tr></table>", [["a", "b"]]),
        ("<html><body><table><tr><td>a<td>b</table></body></html>", [["a", "b"]]),
    ],
)
def test_unclosed_markup_is_read_as_browsers_read_it(html: str, rows: list[list[str]]) -> None:
    assert [grid for _, grid in grids(page(html))] == [rows]


def test_a_table_that_begins_in_no_cell_of_another_ends_that_one() -> None:
    cells = [f"<tr><td>{name}</td><td>{figure}</td></tr>" for name, figure in ("a1", "b2", "c3")]
    document = page(f"<table>{cells[0]}<table>{cells[1]}</table>{cells[2]}</table><p>后</p>")
    assert grids(document) == [(2, [["a", "1"]]), (2, [["b", "2"]])]
    assert texts(document) == ["c", "3", "后"]


def test_a_whole_page_pasted_into_another_ends_neither() -> None:
    pasted = render_page(numbered_figures(), options=HtmlOptions(navigation=False))
    assert "</html>" in pasted
    document = page(f"<div><p>前</p>{pasted}</div><p>后</p>")
    assert list(figures(document)) == list(numbered_figures().values())
    assert "后" in (*texts(document), *document.outside)


def test_text_in_a_table_but_in_no_cell_stands_before_it() -> None:
    document = page(
        "<p>前</p><table>漏<caption>表二</caption><tr>出<td>a</td><td>b</td></tr><p>段</p></table><p>后</p>"
    )
    assert [block.text if isinstance(block, Paragraph) else "table" for block in document.blocks] == [
        *("前", "漏", "表二", "出", "段", "table", "后")
    ]


def test_layout_tables_dissolve_and_nothing_is_read_twice() -> None:
    inner = "<table><tr><td>规章</td><td>7</td></tr><tr><td>行政许可</td><td>8</td></tr></table>"
    document = page(
        f"<table><tr><td>栏目一<br>栏目二</td><td><h2>一、总体情况</h2><p>文字。</p>{inner}<p>尾。</p></td></tr></table>"
    )
    kinds = [type(block).__name__ for block in document.blocks]
    assert kinds == ["Heading", "Paragraph", "Table", "Paragraph"]
    assert document.outside == ("栏目一", "栏目二")
    assert list(figures(document)) == ["7", "8"]


def test_small_table_inside_a_figure_cell_belongs_to_the_cell() -> None:
    document = page(
        "<table><tr><td>信息内容</td><td>数量</td></tr><tr><td>行政许可</td><td><table><tr><td>7</td></tr></table></td></tr>"
        "<tr><td>行政处罚</td><td><table><tr><td>8</td><td>件</td></tr></table></td></tr></table>"
    )
    assert grids(document) == [(2, [["信息内容", "数量"], ["行政许可", "7"], ["行政处罚", "8 件"]])]


def test_report_inside_one_table_keeps_its_places_and_gives_its_narrative_back() -> None:
    options = HtmlOptions(tables="all_inside")
    document = read(render_page(numbered_figures(), options=options).encode())
    tables = list(document.tables())
    assert len(tables) == 1
    narrative = [number for number, row in enumerate(tables[0].rows) if not row]
    assert len(narrative) == len(texts(document)) == 11
    assert tables[0].rows[narrative[3] + 1][0].text == "第二十条第（一）项"


@pytest.mark.parametrize(
    "attribute",
    ['style="display:none"', 'STYLE="color:red; DISPLAY : NONE"', "hidden", 'style="visibility:hidden"'],
)
def test_what_is_not_shown_is_not_read(attribute: str) -> None:
    document = page(
        f"<p>一、总体情况</p><div {attribute}>旧</div>新<script>x</script><style>y</style>"
        "<noscript>z</noscript>"
        "<!-- c --><template>t</template><textarea>u</textarea>"
    )
    assert texts(document) == ["一、总体情况", "新"]


def test_report_that_only_scripts_show_is_read_and_noted() -> None:
    document = page("<div>加载中</div><div style='display:none'><p>一、总体情况</p><p>文。</p></div>")
    assert (document.notes, texts(document)[-2:]) == (("hidden_shown",), ["一、总体情况", "文。"])


@pytest.mark.parametrize(
    "script",
    [
        r'C = {"content": "\u003Cp\u003E一、总体情况\u003C\/p\u003E%s\u003Cp id=\"a\">二\u003C\/p\u003E"};',
        r"var html = '<p>一、总体情况<\/p>%s<p id=\'a\'>二<\/p>';",
        r"""var o = {a: 1, content: "<p>\u4e00、总体情况</p>%s<p class='x'>二</p>"};""",
        r'var e = "&lt;p&gt;一、总体情况&lt;/p&gt;%s&lt;p&gt;二&lt;/p&gt;";',
    ],
)
def test_report_in_a_script_string_is_recovered(script: str) -> None:
    filler = "　" * 200
    document = page(f"<div id=app></div><p>页脚</p><script>{script % filler}</script>")
    assert (texts(document), document.notes, document.outside) == (
        ["一、总体情况", "二"],
        ("from_script",),
        ("页脚",),
    )


@pytest.mark.parametrize("frame", ["%s", "callback(%s);", "var data = %s", "// 字典项\nlet content = %s"])
@pytest.mark.parametrize("escape", ["<", "\\u003c", "&lt;"])
def test_answers_of_interfaces_hold_the_page_in_a_string(frame: str, escape: str) -> None:
    body = render_page(numbered_figures(), options=HtmlOptions(navigation=False)).partition("<body>")[2]
    answer = frame % json.dumps({"title": "题", "content": body}, ensure_ascii=False).replace("<", escape)
    answer = answer.replace(">", "&gt;") if escape == "&lt;" else answer
    document = read(answer.encode())
    assert (document.kind, document.notes) == ("html", ("from_script",))
    assert [table.width for table in document.tables()] == [4, 10, 15]
    assert list(figures(document)) == list(numbered_figures().values())


def test_data_table_with_headings_in_its_cells_stays_a_table() -> None:
    document = page(
        "<table><tr><td><h4>结果维持</h4></td><td><h4>总计</h4></td></tr><tr><td>0</td><td>3</td></tr></table>"
    )
    assert grids(document) == [(2, [["结果维持", "总计"], ["0", "3"]])]


def test_script_strings_are_left_alone_when_the_page_itself_has_the_report() -> None:
    document = page(
        "<p>一、总体情况</p><script>var t = '<p>二、主动公开政府信息情况</p>" + " " * 300 + "'</script>"
    )
    assert texts(document) == ["一、总体情况"]


def test_container_without_marks_loses_to_the_part_with_marks() -> None:
    document = page(
        "<div class='TRS_Editor'>来源：本站</div>"
        "<div><div><p>一、总体情况</p><p>文。</p><p>六、其他需要报告的事项</p></div>"
        "<div class='footer'>网站标识码：9901010002</div></div>"
    )
    assert texts(document) == ["一、总体情况", "文。", "六、其他需要报告的事项"]
    assert document.outside == ("来源：本站", "网站标识码：9901010002")


def test_no_table_of_the_form_is_left_outside_a_container() -> None:
    whole = render_page(numbered_figures())
    place = whole.index("<p>四、")
    document = read(f"{whole[:place]}</div><div>{whole[place:]}".encode())
    assert list(figures(document)) == list(numbered_figures().values())


@pytest.mark.parametrize(
    "container",
    [
        "<div id=UCAP-CONTENT>",
        "<UCAPCONTENT>",
        '<td class="NewsContent">',
        "<div id=vsb_content_1034>",
        "<DIV ID=zoom>",
    ],
)
def test_known_containers_are_the_body(container: str) -> None:
    table = container.startswith("<td")
    body = f"{container}<p>一、总体情况</p><p>文。</p>"
    body = f"<table><tr><td>左</td>{body}</td></tr></table>" if table else f"<p>左</p>{body}"
    document = page(f"{body}<div>右</div>" if table else body)
    assert texts(document)[:2] == ["一、总体情况", "文。"]
    assert "左" in document.outside


def test_meta_tags_in_any_spelling() -> None:
    document = read_html(
        "<html><head><META NAME='ArticleTitle' CONTENT='甲'><meta content=乙 property=og:title>"
        '<meta name="PubDate" content=""><meta name=pubdate content="2025-01-17">'
        "<title> 丙\n丁 </title></head><body>x</body></html>"
    )
    assert document.meta == {"articletitle": "甲", "og:title": "乙", "pubdate": "2025-01-17"}
    assert document.page_title == "丙 丁"


def test_files_of_the_report_with_their_human_names() -> None:
    document = page(
        "<a href='/guide.pdf'>指南</a><div id=zoom><p>一、总体情况</p>"
        "<a href='./P02.docx' title=附件全名.docx></a>"
        "<a href='x.html'>无</a><img src='./W02.png'></div><p><a href='d.jsp?f=a.xls&amp;x=1'> 附 表 </a></p>"
        "<script>var file_appendix='<a href=\"./P03.pdf\">附件二</a>';</script>"
    )
    assert document.attachments == (
        ("./P02.docx", "附件全名.docx"),
        ("d.jsp?f=a.xls&x=1", "附 表"),
        ("./P03.pdf", "附件二"),
    )
    assert document.images == ("./W02.png",)


def test_headings_lines_and_entities() -> None:
    document = page('<h1>题</h1>甲<br>乙<p>丙&lt;legend id="x"&gt;丁</p><div><b>戊</b>&amp;<i>己</i></div>')
    assert document.blocks == (
        Heading("题", 1),
        *(Paragraph(text) for text in ("甲", "乙", "丙丁", "戊&己")),
    )


def test_text_file_with_a_few_tags_keeps_its_lines() -> None:
    document = read("一、总体情况\n文字\n<table><tr><td>a</td><td>b</td></tr></table>\n二、尾".encode())
    assert document.kind == "html"
    assert texts(document) == ["一、总体情况", "文字", "二、尾"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04....OFD.xml", "ofd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "ole"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"{\\rtf1 x}", "rtf"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_other_files_are_named_by_their_bytes(data: bytes, kind: str) -> None:
    with pytest.raises(UnsupportedInputError, match=kind) as caught:
        read(data, name="report.html")
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "empty"), (b" \n\t", "empty"), ("\ufeff \u3000".encode(), "empty"), (b"\x00" * 9, "empty")],
)
def test_nothing_to_read_says_so(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableInputError, match=says):
        read(data)


def test_binary_data_is_unreadable() -> None:
    with pytest.raises(UnreadableInputError, match="binary"):
        read(bytes(range(256)) * 20)


@pytest.mark.parametrize(
    "text",
    [
        '一、总体情况\n规章 | 0 | 0 | 0 |\n<image>data:image/s3,"s3://x" alt=""</image>',
        "按照<国办函>〔2020〕109号<政府信息公开信息处理费管理办法>的规定\n",
        "| 规章 | 0<br>1 |\n|---|---|\n",
        "a < b and c > d",
    ],
)
def test_words_in_angle_brackets_are_no_html(text: str) -> None:
    assert read(text.encode()).kind == "text"


def test_html_called_doc_is_html() -> None:
    page_bytes = b'<html xmlns:o="urn:x"><body><p>x</p></body></html>'
    assert read(page_bytes, name="report.doc").kind == "html"


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("<p>x" + "<table><tr><td>" * 5000 + "7", "tables_clamped"),
        ("<div>" * 100_000 + "7", "nesting_clamped"),
        ("<p>" + "中" * 5_000_000 + "</p>", "truncated"),
        ("<table>" + ("<tr>" + "<td>1</td>" * 8 + "</tr>") * 50_000 + "</table>", "truncated"),
        ("<table>" + ("<tr>" + "<td>1" * 8) * 10_000 + "</table>", "cells_clamped"),
        ("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</p>", "attributes_clamped"),
        ("<table>" + "<tr><td colspan=3000000 rowspan=1000000000>1<td>2" * 2_000, "spans_clamped"),
        ("\x00<p>" + "\x00" * 20 + "一" * 2000 + "</p>", "nul_removed"),
        ("<br>" * 400_000, "truncated"),
        ("<p>x" * 300_000, "truncated"),
        ("<b style='float:left'>" * 100_000, "nesting_clamped"),
        ("<table><tr><td>a<td>b</table>" * 20_000, "tables_clamped"),
    ],
    ids=[
        "tables",
        "divs",
        "line",
        "rows",
        "cells",
        "attributes",
        "spans",
        "nul",
        "breaks",
        "lines",
        "bold",
        "many tables",
    ],
)
def test_hostile_pages_end_in_a_document_with_a_note(source: str, note: str) -> None:
    document = read_html(source, "utf-8")
    assert note in document.notes
    assert sum(len(row) for table in document.tables() for row in table.rows) <= 40_000


@pytest.mark.parametrize(
    "source",
    [
        "<script>" + 'x="' * 100_000,
        "<script>" + "='" + "\\" * 500_000,
        "<" * 1_000_000,
        "<!--" * 200_000,
        "<![CDATA[" * 50_000,
        "&" * 500_000,
        "<td>" * 100_000,
        "<tr>" * 100_000,
        "<p style='" + "display:none;" * 100_000 + "'>x",
        "<p style='display:none" * 50_000,
        "<p style='DISPLAY:none'>x" * 20_000,
        "<img src='data:image/png;base64," + "A" * 3_000_000 + "'><p>一、总体情况</p>",
        "<a href='" + "x" * 500_000 + ".pdf'>y</a>",
        "<table><table>" * 20_000,
        "<select><option>" * 50_000,
        "<script>x" * 200_000,
        "<textarea><script>" * 50_000,
        "<p style='" + "width:0;" * 60_000 + "'>x",
        "<p style='" + "color:white;" * 60_000 + "background:red'>x",
        "<table><tr><td>" + "<i style='opacity:0'>" * 1_500 + "1<br>" * 40_000,
        "<table><tr><td>a<td>" + "<svg></svg>" * 40_000,
        "<b hidden></b>" + "<b hidden></b>一二三四五六七八九十" * 40_000,
    ],
    ids=lambda source: source[:30],
)
def test_hostile_pages_never_fail(source: str) -> None:
    assert read_html(source, "utf-8").kind == "html"


_pieces = st.sampled_from(
    [
        *(
            "<table>",
            "</table>",
            "<tr>",
            "</tr>",
            "<td>",
            "</td>",
            "<td rowspan=3>",
            "<td colspan='2;'>",
            "<th>",
            "<p>",
        ),
        *(
            "</p>",
            "<div id=zoom>",
            "</div>",
            "<br>",
            "<tbody>",
            "</tbody>",
            "<tfoot>",
            "<thead>",
            "<caption>",
            "<h2>",
        ),
        *(
            "</h2>",
            "<sup>",
            "</sup>",
            "<a href=x.pdf>",
            "</a>",
            "<img src=y>",
            "<div hidden>",
            "<script>",
            "</script>",
        ),
        *(
            "<!-- ",
            "-->",
            "规章",
            "一、总体情况",
            "7",
            " ",
            "&nbsp;",
            "\x00",
            "<li>",
            "<nav>",
            "</nav>",
            "<input value=3>",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_pieces, max_size=60))
def test_any_soup_of_tags_is_read_and_every_cell_has_a_place(pieces: list[str]) -> None:
    document = read_html("".join(pieces), "utf-8")
    assert [table.number for table in document.tables()] == list(range(len(list(document.tables()))))
    for table in document.tables():
        places = {(cell.row, cell.column) for row in table.rows for cell in row}
        assert len(places) == sum(map(len, table.rows))
        assert all(cell.column + cell.column_span <= table.width for row in table.rows for cell in row)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["fmt2021", "fmt2019"]),
    st.sampled_from(MARKUPS),
    st.data(),
)
def test_figures_survive_any_markup(era: str, options: HtmlOptions, data: st.DataObject) -> None:
    keys = list(form_cells(era))
    values = data.draw(
        st.lists(
            st.sampled_from(["0", "7", "12", "1,234", "/", "—", "", "3.50", "无"]), min_size=7, max_size=7
        )
    )
    printed = {key: values[index % len(values)] for index, key in enumerate(keys)}
    document = read(render_page(printed, era=era, options=options).encode())
    plain = read(render_page(printed, era=era, options=HtmlOptions(tables=options.tables)).encode())
    wanted = sorted(value for value in printed.values() if value and value != "无")
    for found in (document, plain):
        cells = [cell.text for table in found.tables() for row in table.rows for cell in row]
        assert sorted(text for text in cells if text in {*values} and text and text != "无") == wanted


@pytest.mark.parametrize(
    "inner",
    [
        '5<span style="vertical-align:super">3</span>',
        '<span style="mso-hide:all">5</span>3',
        '5<span style="position:relative;top:-6.0pt;mso-text-raise:6.0pt">3</span>',
        '5<span style="vertical-align:4.5pt">3</span>',
        '5<span style="position:relative; bottom: 50%">3</span>',
    ],
)
def test_pieces_set_apart_by_style_never_join_digits(inner: str) -> None:
    html = f"<table><tr><td>规章</td><td>行政许可</td><td>{inner}</td></tr><tr><td>行政处罚</td></tr></table>"
    table = next(read_html(html).tables())
    assert table.rows[0][2].text == "5 3"


@pytest.mark.parametrize("inner", ["<textarea>5</textarea>", "<svg><text>5</text></svg>", '<img alt="5">'])
def test_a_cell_with_something_that_is_no_text_is_not_blank(inner: str) -> None:
    html = f"<table><tr><td>规章</td><td>行政许可</td><td>{inner}</td></tr><tr><td>行政处罚</td></tr></table>"
    assert next(read_html(html).tables()).rows[0][2].text == "\ufffc"


@pytest.mark.parametrize(
    "inner",
    [
        "<del>5</del>",
        "<s>5</s>3",
        '<span style="text-decoration:line-through">5</span>',
        '<span style="text-decoration: line-through">5</span>3',
        '<font style="FONT-SIZE: 0px">5</font>3',
        '<span style="color:#FFF">5</span>3',
        '<font color="white">5</font>3',
        '<span style="opacity:0">5</span>3',
        '<span style="color:rgb( 255 255 255 )">5</span>3',
        '<span style="display:inline-block;max-height:0;overflow:hidden">5</span>3',
        '<p style="color: white">5</p>',
        '<span style="position:absolute;left:-9999px">5</span>3',
        '<span style="display:inline-block;width:0;overflow:hidden">5</span>3',
        '<span style="font-size:0">5</span>',
        '<span style="display:block">5</span><span style="display:block">3</span>',
        '<span style="float:right">3</span><span>5</span>',
        '<span style="display:inline-flex;flex-direction:row-reverse"><i>3</i><i>5</i></span>',
        '<bdo dir="rtl">53</bdo>',
        '5<a href="#_ftn1"><span class="MsoFootnoteReference">1</span></a>',
        "<button>5</button>3",
        "5<svg><text>3</text></svg>",
        "5<meter value=3>3</meter>",
        "5<ruby>3<rt>1</rt></ruby>",
        "<menu>5</menu>3",
        "5<fieldset><legend>3</legend></fieldset>",
        '<i style="opacity:0"><i style="opacity:0">5</i></i>3',
    ],
)
def test_figures_shown_otherwise_than_written_are_seen_and_never_read(inner: str) -> None:
    html = f"<table><tr><td>规章</td><td>行政许可</td><td>{inner}</td></tr><tr><td>行政处罚</td></tr></table>"
    text = next(read_html(html).tables()).rows[0][2].text
    assert "5" in text
    assert read_figure(text, "count", "件").status == "unreadable"


@pytest.mark.parametrize(
    "inner",
    [
        '<span style="color:#fff000">5</span>',
        '<span style="background-color:#fff">5</span>',
        '<span style="color:#fff;background:#036">5</span>',
        '<span style="background:red;color:white">5</span>',
        '<span style="font-size:10.5pt;text-indent:-2em">5</span>',
        '<span style="opacity:0.8">5</span>',
        '<span style="vertical-align:0.0pt;margin-top:5px;position:relative;top:0">5</span>',
        '<span style="position:relative;top:-1pt;mso-text-raise:1pt">5</span>',
        '<span style="max-width:0.5em;border-bottom:1px">5</span>',
        '<p style="display:block;white-space:nowrap">5</p>',
        "<ruby>5<rp>(</rp><rt>五</rt><rp>)</rp></ruby>",
        "<button hidden>3</button>5",
        "<dialog>3</dialog>5<noembed>3</noembed>",
    ],
)
def test_figures_shown_as_written_are_read(inner: str) -> None:
    html = f"<table><tr><td>规章</td><td>行政许可</td><td>{inner}</td></tr><tr><td>行政处罚</td></tr></table>"
    assert next(read_html(html).tables()).rows[0][2].text == "5"


def test_invisible_cells_keep_their_place_and_cells_not_displayed_do_not() -> None:
    document = page(
        "<table><tr><td>规章</td><td style='visibility:hidden'><b>9</b></td><td>1</td></tr>"
        "<tr><td>行政许可</td><td style='display:none'>9</td><td>2</td></tr>"
        "<tr style='visibility: hidden'><td>a</td><td>3</td></tr></table>"
    )
    assert grids(document)[0][1] == [["规章", "", "1"], ["行政许可", "2"], ["", ""]]


def test_a_stray_line_break_between_cells_ends_no_row() -> None:
    document = page("<table><tr><td>规章</td><br><td>1</td><td>2</td></tr><tr><td>a</td></tr></table>")
    assert grids(document) == [(3, [["规章", "1", "2"], ["a"]])]


def test_names_that_hold_the_beginning_of_a_tag_move_nothing() -> None:
    document = page(
        "<table><tr><td a<b='1'>规章<td<p>7</td<p><td>2</td></tr><tr><td>x</td><td>y</td></tr></table>"
    )
    assert [row[-1] for row in grids(document)[0][1]] == ["2", "y"]
    assert not any("<" in text for text in texts(document))


def test_references_in_cells_are_resolved_once() -> None:
    document = page(
        "<table><tr><td>&lt;b&gt;</td><td>&amp;lt;</td><td>A&amp;B</td></tr><tr><td>1</td></tr></table>"
    )
    assert grids(document)[0][1][0] == ["<b>", "&lt;", "A&B"]


@pytest.mark.parametrize(
    "style", ["display:none", "DISPLAY : NONE", "Visibility:Hidden", "display/**/:none", "d\\isplay:none"]
)
def test_hidden_cells_are_found_however_their_style_is_spelled(style: str) -> None:
    document = page(
        f'<style>.x{{display:none}}</style><script>if (a<b) {{c.style="{style}"}}</script>'
        f"<table><tr><td>规章<i style='{style}'>99</i></td><td>1</td></tr><tr><td>a</td></tr></table>"
    )
    assert grids(document)[0][1][0] == ["规章", "1"]
