"""The pages of the benchmark: whole portal pages of three weights around the same forms, figures drawn anew.

bare     cells without markup, a few links around them: what a small portal publishes by hand (about 10 kB).
clean    one paragraph per cell inside a portal's navigation, scripts and foot (about 50 kB).
word     pasted from a word processor: every cell and line carries its styles (100 to 160 kB).

Names and narrative are invented. Every page of a round has other figures and another agency, as in a real
folder; pages of one portal share their layout, as they do on portals.
"""

import re
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from parsers.records import CellKey
from tests.render.html import HtmlOptions, form_cells, render_page

_CELL_STYLE = (
    "border-top:none;border-left:none;border-bottom:solid windowtext 1.0pt;"
    "border-right:solid windowtext 1.0pt;"
    "mso-border-top-alt:solid windowtext .5pt;mso-border-left-alt:solid windowtext .5pt;padding:0cm 5.4pt"
)
_LINE_STYLE = "margin-top:0;margin-bottom:0;text-align:center;line-height:18px;mso-line-height-rule:exactly"
_RUN_STYLE = "font-size:14px;font-family:宋体;mso-bidi-font-family:宋体;color:black;mso-font-kerning:0pt"
_SENTENCES = (
    "本机关坚持以公开为常态、不公开为例外，围绕中心工作推进重点领域信息公开。",
    "全年通过政府网站公开信息{count}条，其中规划计划{small}条、财政预决算{small}条、民生事项{small}条。",
    "健全依申请公开办理流程，做到登记、审核、办理、答复、归档各环节有人负责。",
    "加强政府信息管理，对已公开的规范性文件进行清理，及时更新失效文件的标注。",
    "优化网站栏目设置，对检索功能进行调整，方便群众查找所需信息。",
    "组织业务培训{small}次，参训人员{count}人次，将公开工作纳入年度考核。",
    "对照上级要求逐项自查，发现更新不及时、栏目内容偏少等情形，均已整改到位。",
    "通过座谈、走访等方式听取意见，共收到建议{small}条，已全部回复。",
)
_PLACES = ("清风", "白露", "青禾", "南溪", "东陂", "石桥", "竹湖", "云岭")
_ODDITIES = (
    HtmlOptions(),
    HtmlOptions(layout_table=True, metadata_box=True),
    HtmlOptions(tables="one"),
    HtmlOptions(disputes="filler", requests_heading="filler", broken_labels=True),
)


_PLACEHOLDER = re.compile(r"<p\b[^>]*>(?:(?!</p>).)*(?:信息33条|两次培训)。(?:(?!</p>).)*</p>")
"""Two lines of the rendered page, which the drawn narrative takes the place of."""


class Page(NamedTuple):
    """One page of the benchmark."""

    weight: str
    data: bytes


WEIGHTS = ("bare", "clean", "word")


def pages(seed: int) -> Iterator[Page]:
    """Yield both forms in four layouts and three weights with figures drawn from the seed."""
    random = Random(seed)
    for weight in WEIGHTS:
        for era in ("fmt2021", "fmt2019"):
            for options in _ODDITIES:
                yield Page(weight, _page(random, weight, era, options).encode("utf-8"))


def draw_figures(random: Random, era: str) -> dict[CellKey, str]:
    """Return figures whose sums hold: mostly zeros, some requests of two kinds of applicants, all granted."""
    figures = dict.fromkeys(form_cells(era), "0")
    persons, companies = random.randrange(1, 400), random.randrange(0, 40)
    for row in ("received", "granted", "concluded"):
        figures["requests", row, "natural_person"] = str(persons)
        figures["requests", row, "business"] = str(companies)
        figures["requests", row, "total"] = str(persons + companies)
    for key in figures:
        if "amount" in key[2]:
            figures[key] = random.choice(("0", "0", "0", f"{random.randrange(1, 900)}万元"))
        elif key[0] in ("licensing", "enforcement", "procurement") and random.random() < 0.4:
            figures[key] = str(random.randrange(1, 900))
    return figures


def _page(random: Random, weight: str, era: str, options: HtmlOptions) -> str:
    place = random.choice(_PLACES)
    title = f"青禾县{place}镇人民政府{{year}}年政府信息公开工作年度报告"
    changed = HtmlOptions(
        markup={"bare": "bare", "clean": "clean", "word": "word"}[weight],  # type: ignore[arg-type]
        tables=options.tables,
        layout_table=options.layout_table,
        metadata_box=options.metadata_box,
        disputes=options.disputes,
        requests_heading=options.requests_heading,
        broken_labels=options.broken_labels,
        title=title,
        year=random.choice((2021, 2022, 2023, 2024) if era == "fmt2021" else (2019, 2020)),
    )
    page = render_page(draw_figures(random, era), era=era, options=changed)
    page = _PLACEHOLDER.sub(lambda _: "".join(_narrative(random, weight)), page)
    if weight == "bare":
        return page
    if weight == "word":
        page = _as_pasted(page)
    return page.replace("<body>", "<body>" + _surroundings(random), 1).replace(
        "</head>", _scripts() + "</head>", 1
    )


def _narrative(random: Random, weight: str) -> Iterator[str]:
    for number in range(8):
        drawn = random.sample(_SENTENCES, 4)
        text = "".join(drawn).format(count=random.randrange(100, 999), small=random.randrange(2, 90))
        line = f"（{number + 1}）{text}"
        pasted = f'<p class=MsoNormal style="text-indent:32.0pt"><span>{line}<o:p></o:p></span></p>'
        yield pasted if weight == "word" else f"<p>{line}</p>"


def _as_pasted(page: str) -> str:
    """Give every cell, paragraph and run the styles a word processor leaves behind."""
    page = page.replace("<td", f'<td width="81" valign="center" style="{_CELL_STYLE}"')
    page = page.replace('style="text-align:center"', f'style="{_LINE_STYLE}"')
    page = page.replace("<p>", f'<p class="MsoNormal" style="text-indent:43px;{_LINE_STYLE}">')
    page = page.replace("<span>", f'<span style="{_RUN_STYLE}">')
    return page.replace("<span style='font-size:12.0pt'>", f'<span lang="EN-US" style="{_RUN_STYLE}">')


def _surroundings(random: Random) -> str:
    """Return the menus, search form and boxes of a portal, some 110 links."""
    menus = []
    for group in range(12):
        links = "".join(
            f'<li class="item"><a href="/zwgk/c{group}/c{number}/index.html" target="_blank" '
            f'title="栏目{group}之{number}">栏目{group}之{number}</a></li>'
            for number in range(8)
        )
        menus.append(
            f'<div class="menu-box"><h3><a href="/zwgk/c{group}/">栏目{group}</a></h3><ul>{links}</ul></div>'
        )
    return (
        '<div class="header"><div class="logo"><img src="/images/logo.png" alt="青禾县人民政府"></div>'
        '<form action="/search" method="get"><input type="hidden" name="siteId" value="1">'
        '<input type="text" name="q" placeholder="请输入关键字"><button type="submit">搜索</button></form>'
        f'<div class="nav">{"".join(menus)}</div><span>{random.randrange(9999)}</span></div>'
    )


def _scripts() -> str:
    rule = ".box-{0} .item a{{display:block;padding:0 10px;line-height:32px;color:#333;font-size:14px}}\n"
    step = "function step{0}(e){{var t=document.getElementById('c{0}');if(t&&e){{t.id='on';}}return t;}}\n"
    return (
        f"<style>{''.join(rule.format(n) for n in range(60))}</style>"
        f'<script type="text/javascript">{"".join(step.format(n) for n in range(60))}</script>'
        '<link rel="stylesheet" href="/css/main.css"><script src="/js/jquery.min.js"></script>'
    )
