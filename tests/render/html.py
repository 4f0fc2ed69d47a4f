"""Prints a set of figures as the HTML page of a portal, in the kinds of markup that portals really use.

Deterministic: the same figures and options give the same page. Names and narrative are invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

from parsers.records import CellKey
from tests.render import form_layout
from tests.render.form_layout import Box, Grid, form_cells

__all__ = ["HtmlOptions", "form_cells", "numbered_figures", "render_page", "render_table"]

SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
NARRATIVE = {
    0: ("本机关按照要求编制本报告，统计期限为{year}年1月1日至12月31日。", "全年在门户网站公开各类信息33条。"),
    4: ("公开内容还不够丰富，下一年将增加公开的种类。", "业务学习不够，将组织两次培训。"),
    5: ("本年度没有收取信息处理费。",),
}
_TRADITIONAL = str.maketrans(
    "规发现数内处决单万这请办条关机诉讼议营业组织总计无会复维结审经图书务号区标类报续费领导类询构纠为",
    "規發現數內處決單萬這請辦條關機訴訟議營業組織總計無會復維結審經圖書務號區標類報續費領導類詢構糾為",
)


@dataclass(frozen=True, slots=True)
class HtmlOptions:
    """How a page is printed; the defaults are a clean page (V01)."""

    markup: Literal["clean", "word", "bare"] = "clean"
    """clean: <p> in cells; word: nested spans, &nbsp;, <o:p>; bare: text directly in the cell."""
    tables: Literal["separate", "one", "all_inside"] = "separate"
    """one: tables 2-4 in one <table> (V04); all_inside: headings and narrative are rows of it too (V06)."""
    layout_table: bool = False
    """The whole page stands in a layout table (V06)."""
    disputes: Literal["rowspan", "filler", "three"] = "rowspan"
    """three: table 4 as three tables (V05)."""
    requests_heading: Literal["rowspan", "filler", "four_rows"] = "rowspan"
    corner_note: bool = True
    padding_column: bool = False
    """An eleventh, empty column in table 3."""
    columns_2019: Literal[4, 5] = 5
    equal_splits: bool = False
    """2019 form: figures split like their headings, instead of the trap of two different splits (V09)."""
    metadata_box: bool = False
    foreign_table: bool = False
    """A table that is no part of the form, before table 2 (V14)."""
    broken_labels: bool = False
    """<br> inside labels."""
    hostile: bool = False
    """Nonsense spans, unclosed cells, nested tables (V21)."""
    traditional: bool = False
    """Traditional characters (V24)."""
    pinyin: bool = False
    """Pinyin glosses in brackets behind some characters."""
    in_script: bool = False
    """The body is a JavaScript string, as single-page portals deliver it."""
    head_cells: bool = False
    """<thead> and <th>."""
    container: str = '<div class="trs_editor_view TRS_UEDITOR trs_paper_default trs_web">'
    charset_label: str = "utf-8"
    title: str = "青禾县清风镇人民政府{year}年政府信息公开工作年度报告"
    year: int = 2024
    navigation: bool = True
    noise: str = ""
    """Day of one visit ("2026-01-05"), from which its click counter and session id follow; says nothing."""
    blank: str = "&nbsp;"
    """What stands in an empty cell."""


def numbered_figures(era: str = "fmt2021", start: int = 1) -> dict[CellKey, str]:
    """Return a different figure for each cell of the form, so that a misplaced one shows."""
    return {key: str(start + index) for index, key in enumerate(form_cells(era))}


def render_page(
    figures: Mapping[CellKey, str], *, era: str = "fmt2021", options: HtmlOptions | None = None
) -> str:
    """Print the figures (blank where a key is missing) as a whole page."""
    options = options or HtmlOptions()
    body = _body(figures, era, options)
    if options.traditional:
        body = body.translate(_TRADITIONAL)
    if options.pinyin:
        body = body.replace("规章", "規(guī)章").replace("行政", "行政(zhèng)")
    title = options.title.format(year=options.year)
    if options.in_script:
        return _single_page(body, title, options)
    if options.layout_table:
        body = (
            f"<table width='100%'><tr><td colspan=2><h1>{title}</h1></td></tr><tr><td>栏目<td>{body}</table>"
        )
    else:
        closing = (
            "</" + options.container[1:].split(maxsplit=1)[0].rstrip(">") + ">" if options.container else ""
        )
        body = f"<h1>{title}</h1>{options.container}{body}{closing}"
    if not options.navigation:
        return f"{_head(title, options)}<body>{body}</body></html>"
    return f"{_head(title, options)}<body>{_top(options)}{body}{_foot(options)}</body></html>"


def render_table(grid: Grid, figures: Mapping[CellKey, str], options: HtmlOptions) -> str:
    """Print one table."""
    rows = [_row(row, number, figures, options) for number, row in enumerate(grid)]
    if options.head_cells and all(box.rows == 1 for box in grid[0]):
        return f"<table border=1><thead>{rows[0]}</thead><tbody>{''.join(rows[1:])}</tbody></table>"
    return f'<table border="1" cellspacing="0"><tbody>\n{"".join(rows)}</tbody></table>'


def _grids(era: str, options: HtmlOptions) -> list[list[Grid]]:
    second = form_layout.disclosure(era, columns_2019=options.columns_2019, equal_splits=options.equal_splits)
    third = form_layout.requests(
        era,
        heading=options.requests_heading,
        corner_note=options.corner_note,
        padding=options.padding_column,
    )
    three = options.disputes == "three"
    fourth = (
        form_layout.disputes_in_three()
        if three
        else [form_layout.disputes(filler=options.disputes == "filler")]
    )
    return [[second], [third], fourth]


def _body(figures: Mapping[CellKey, str], era: str, options: HtmlOptions) -> str:
    parts = [_metadata_box()] if options.metadata_box else []
    grids = _grids(era, options)
    whole: Grid = []
    for number, heading in enumerate(SECTIONS):
        lines = [heading, *(line.format(year=options.year) for line in NARRATIVE.get(number, ()))]
        if options.tables == "all_inside":
            whole.extend([Box(line, 1, 15)] for line in lines)
        else:
            parts.extend(_line(line, options) for line in lines)
        if options.foreign_table and number == 0:
            parts.append(_foreign_table())
        if number in (1, 2, 3):
            group = grids[number - 1]
            if options.tables == "separate":
                parts.extend(render_table(grid, figures, options) for grid in group)
            else:
                whole.extend(row for grid in group for row in grid)
        if number == 3 and options.tables == "one":
            parts.append(render_table(whole, figures, options))
    if options.tables == "all_inside":
        parts.append(render_table(whole, figures, options))
    return "\n".join(parts)


def _line(line: str, options: HtmlOptions) -> str:
    if options.markup == "word":
        half = len(line) // 2
        return (
            f'<p class=MsoNormal style="text-indent:32.0pt"><span lang=EN-US><span style="mso-list:Ignore">'
            f"</span></span><span>{line[:half]}</span>"
            f"<span style='font-family:仿宋'>{line[half:]}<o:p></o:p></span></p>"
        )
    return f"<p>{line}</p>"


def _row(row: list[Box], number: int, figures: Mapping[CellKey, str], options: HtmlOptions) -> str:
    closing = "" if options.hostile else "</tr>\n"
    return "<tr>" + "".join(_cell(box, number, figures, options) for box in row) + closing


def _cell(box: Box, number: int, figures: Mapping[CellKey, str], options: HtmlOptions) -> str:
    printed = escape(figures.get(box.key, "")) if box.key else _label(box.text, options)
    inner = printed or options.blank
    if options.markup == "clean":
        inner = f"<p>{inner}</p>"
    elif options.markup == "word":
        half = len(printed) // 2 if not options.broken_labels and "&" not in printed else 0
        inner = (
            f'<p class=MsoNormal align=center style="text-align:center"><span>{inner[:half]}</span>'
            f"<span style='font-size:12.0pt'>{inner[half:]}<o:p></o:p></span></p>"
        )
    tag = "th" if options.head_cells and number == 0 else "td"
    spans = _spans(box, options)
    if options.hostile:
        if box.key and box.key[2] in ("natural_person", "issued"):
            inner = f"<table><tr><td>{inner}</td></tr></table>"
        return f"<{tag}{spans}>{inner}"
    return f"<{tag}{spans}>{inner}</{tag}>"


def _spans(box: Box, options: HtmlOptions) -> str:
    if not options.hostile:
        rows = f' rowspan="{box.rows}"' if box.rows > 1 else ""
        return rows + (f' colspan="{box.columns}"' if box.columns > 1 else "")
    rows = f' rowspan="{box.rows}x"' if box.rows > 1 else " rowspan='-1'"
    if box.text.startswith("第二十条"):
        return f'{rows} colspan="3000000"'
    return rows + (f' colspan="{box.columns};"' if box.columns > 1 else ' colspan="0"')


def _label(text: str, options: HtmlOptions) -> str:
    if options.broken_labels and len(text) in (4, 6, 7):
        return escape(text[: len(text) // 2]) + "<br>" + escape(text[len(text) // 2 :])
    if options.markup == "word" and text in ("商业企业", "科研机构"):
        return f"{text[:2]}&nbsp; {text[2:]}"
    return escape(text)


def _metadata_box() -> str:
    return (
        "<table class='xxgk_table'>"
        "<tr><td>索 引 号：</td><td>990101001/2025-00012</td><td>分　　类：</td><td>年报</td></tr>"
        "<tr><td>发布机构：</td><td>清风镇</td><td>发文日期：</td><td>2025-01-17</td></tr>"
        "<tr><td>文　　号：</td><td>无</td><td>有 效 性：</td><td></td></tr></table>"
    )


def _foreign_table() -> str:
    return (
        "<table><tr><th>培训场次</th><th>参加人数</th><th>总计</th></tr>"
        "<tr><td>2</td><td>41</td><td>43</td></tr><tr><td>其他</td><td>7</td><td>7</td></tr></table>"
    )


def _head(title: str, options: HtmlOptions) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="{options.charset_label}">\n'
        f"<title>{title}</title>\n"
        f"<meta name='SiteName' content='青禾县人民政府'><meta name=\"SiteIDCode\" content=\"9901010002\">\n"
        f'<META NAME="ArticleTitle" CONTENT="{title}">'
        f'<meta name="PubDate" content="{options.year + 1}-01-17 10:02">\n'
        '<meta name="ContentSource" content="清风镇"><style>.a{color:red}</style>\n'
        f"<script>var visit = '{options.noise}';"
        " var html = '<table><tr><td>1</td></tr></table>';</script></head>\n"
    )


def _top(options: HtmlOptions) -> str:
    items = "".join(
        f'<li><a href="/c{n}/index.html;jsessionid={options.noise}">栏目{n}</a></li>' for n in range(12)
    )
    return (
        f'<div class="header"><ul class="nav">{items}</ul><span id="today">{options.noise}</span></div>'
        '<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/x/">政府信息公开年报</a></div>'
        '<div style="display: none">隐藏的模板 <table><tr><td>规章</td><td>99</td></tr></table></div>'
    )


def _foot(options: HtmlOptions) -> str:
    hits = "".join(filter(str.isdigit, options.noise))
    return (
        f'<div class="tools">浏览次数：<span id="hits">{hits}</span> 【打印本页】</div>'
        '<div class="footer"><p>首页 | 网站声明 | 使用帮助 | 联系我们</p>'
        "<p>主办单位：青禾县人民政府 联系电话：000-0000000</p>"
        "<p>青公网安备 99010102000007号 网站标识码：9901010002 青ICP备00000000号</p></div>"
    )


def _single_page(body: str, title: str, options: HtmlOptions) -> str:
    quoted = (
        body.replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("\n", "\\n")
        .replace("<", "\\u003C")
        .replace("/", "\\/")
    )
    return (
        f'{_head(title, options)}<body><div id="app"></div>{_foot(options)}\n<script>window._CONFIG = '
        f'{{"SID": "1", "DETAIL": {{"title": "{title}", "content": "{quoted}"}}}};</script></body></html>'
    )
