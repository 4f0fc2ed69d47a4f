"""The page's own style sheets: what they hide, raise, strike or move is read as shown, or not at all."""

from collections.abc import Iterator

import pytest
from lxml import etree

from parsers.readers.html import read_html
from parsers.readers.html_matching import MAYBE, NO, YES, Budget, match
from parsers.readers.html_media import media_holds
from parsers.readers.html_selectors import read_selector
from parsers.readers.html_sheets import read_sheet

_FORM = (
    "<p>二、主动公开政府信息情况</p><table><tr><td>信息内容</td><td>本年制发件数</td></tr><tr><td>规章</td><td>4</td></tr>"
    "<tr><td>行政规范性文件</td><td>5</td></tr></table>"
)


def read_cells(sheet: str, rows: str, doctype: str = "<!DOCTYPE html>") -> list[list[str]]:
    """Return the texts of a table below its heading row, on a page with a style sheet."""
    table = f"<table><tr><td>规章</td><td>行政许可</td><td>行政处罚</td></tr>{rows}</table>"
    document = read_html(f"{doctype}<html><head><style>{sheet}</style></head><body>{table}</body></html>")
    return [[cell.text for cell in row] for row in next(document.tables()).rows[1:]]


def read_cell(sheet: str, inner: str) -> str:
    """Return the text of one cell of figures on a page with a style sheet."""
    return read_cells(sheet, f"<tr><td>甲</td><td>{inner}</td><td>7</td></tr>")[0][1]


@pytest.mark.parametrize(
    "style",
    [
        "vertical-align:super",
        "vertical-align: 4px",
        "position:relative;top:-6px",
        "position:absolute",
        "float:right",
        "display:block",
        "transform:translateY(-6px)",
        "text-decoration-line:line-through",
        "text-decoration:underline line-through",
        "opacity:.0",
        "font-size:0",
        "font:0/0 a",
        "color:#FFF",
        "color:rgba(0, 0, 0, 0)",
        "-webkit-text-fill-color:transparent",
        "display:inline-block;width:0;overflow:hidden",
        "overflow:hidden;display:inline-block;max-width:0",
        "clip-path:inset(50%)",
        "letter-spacing:-1em",
        "-webkit-text-security:disc",
    ],
)
@pytest.mark.parametrize("tag", ["span", "a", "x-note"])
def test_digits_that_a_class_sets_apart_never_join_others(style: str, tag: str) -> None:
    text = read_cell(f".n{{{style}}}", f"<p>5<{tag} class=n>3</{tag}></p>")
    assert text.startswith("5")
    assert text != "53"


@pytest.mark.parametrize(
    "sheet",
    [
        ".n{display:none}",
        ".n{DISPLAY : None !important}",
        "span.n , .other{visibility:hidden}",
        "#i{display:none}",
        "td span{display:none}",
        "td > p > .n{display:none}",
        "table > tbody > tr .n{display:none}",
        "[data-x]{display:none}",
        "[class~='n']{display:none}",
        "p :last-child{display:none}",
        "tr:nth-child(2n) td:nth-of-type(2) .n{display:none}",
        ".n:not(.on){display:none}",
        ":is(.n, .m){display:none}",
        ".\\6e {display:none}",
        ".n{d\\isplay:none}",
        "/* .n{ */ .n{display/**/:none}",
        "<!-- .n{display:none} -->",
        "@media screen{.n{display:none}}",
        "@media (min-width:600px) and (max-width:3000px), print{.n{display:none}}",
        "@media not print{ td{color:red} .n{display:none} }",
        "@supports (display:grid){.n{display:none}}",
        "td{ .n{display:none} }",
        "@import 'a.css'; @font-face{font-family:x} .n{display:none",
        ".a{content:'}'} .n{display:none}",
        ".n{display:none} .n{display:no}",
        ".n{display:none} p .on{display:inline}",
        ".n{display:inline;display:none}",
        ".n{display:none!important} td p .n{display:inline}",
        "td p .n{display:none} .n{display:inline}",
    ],
)
def test_digits_that_a_rule_hides_are_not_read(sheet: str) -> None:
    assert read_cell(sheet, "<p>5<span class='n' id='i' data-x='1'>3</span></p>") == "5"


@pytest.mark.parametrize(
    "sheet",
    [
        ".n{color:red}",
        ".m{display:none}",
        ".x .n{display:none}",
        "tr > .n{display:none}",
        "table > tr .n{display:none}",
        ".N{display:none}",
        ".n:hover{display:none}",
        ".n::selection{display:none}",
        ".n{display:none} .n{display:inline}",
        ".n{display:none;display:inline}",
        ".n{display:none} .n{display:revert}",
        ".n{visibility:hidden} p .n{visibility:visible}",
        ".n{display:none\\9}",
        ".n{*display:none; _display:none; display:none !ie}",
        "@media print{.n{display:none}}",
        "@media (max-width:768px){.n{display:none}}",
        "@media (orientation:portrait){.n{display:none}}",
        "@keyframes k{from{.n{display:none}}}",
        ".n{color:#fff;background:#036}",
        "td{background:#036} .n{color:#fff}",
        ".n::after{content:''}",
        "td, .n{color:var(--x);background:var(--y);width:calc(100% - 1px);opacity:var(--z)}",
        "tr:nth-child(2n){background:#eee}",
        ".n:after{content:'.';visibility:hidden}",
        ".n{font-size:12px;opacity:1;text-decoration:underline;position:relative;vertical-align:baseline}",
    ],
)
def test_digits_that_no_rule_hides_are_read(sheet: str) -> None:
    assert read_cell(sheet, "<p>5<span class='n'>3</span></p>") == "53"


@pytest.mark.parametrize(
    ("rule", "own", "expected"),
    [
        ("display:none", "style='display:inline'", "53"),
        ("display:none !important", "style='display:inline'", "5"),
        ("display:none !important", "style='display:inline !important'", "53"),
        ("display:inline", "style='display:none'", "5"),
        ("display:inline !important", "style='display:none'", "53"),
        ("visibility:hidden", "style='visibility:visible'", "53"),
        ("display:inline-block", "hidden", "53"),
        ("color:red", "hidden style='display:inline'", "53"),
        ("color:red", "hidden", "5"),
    ],
)
def test_rules_and_what_an_element_says_itself_win_as_in_browsers(rule: str, own: str, expected: str) -> None:
    assert read_cell(f".n{{{rule}}}", f"5<span class=n {own}>3</span>") == expected
    assert read_cell(f"td span{{{rule}}}", f"5<span {own}>3</span>") == expected


@pytest.mark.parametrize(
    "sheet",
    [
        ".n:has(b){display:none}",
        ".n:newer{display:none}",
        ".n, .x::-moz-y{display:none}",
        "@media (min-width:1300px){.n{display:none}}",
        "@container (min-width:1px){.n{display:none}}",
        "@layer a{.n{display:none}}",
        ".n{display:var(--x)}",
        ".a{} } .n{display:none}",
        "<![CDATA[ .n{display:none} ]]>",
        ".n::before{content:'1'}",
        "p::before{content:counter(x)}",
        ".n::first-letter{font-size:0}",
    ],
)
def test_figures_are_not_read_where_it_is_not_certain_what_a_rule_does(sheet: str) -> None:
    text = read_cell(sheet, "<p>5<span class='n'>3</span></p>")
    assert "5" in text
    assert text != "5"
    assert text != "53"


def test_cells_rows_and_columns_go_as_in_browsers() -> None:
    rows = "<tr><td>甲</td><td class=n>1</td><td>2</td></tr><tr class=n><td>乙</td><td>3</td><td>4</td></tr>"
    assert read_cells(".n{display:none}", rows) == [["甲", "2"]]
    assert read_cells(".n{visibility:hidden}", rows) == [["甲", "", "2"], ["", "", ""]]
    assert read_cells("td:nth-child(2){display:none}", rows) == [["甲", "2"], ["乙", "4"]]


def test_figures_beside_what_is_no_cell_any_more_or_perhaps_none_are_not_read() -> None:
    rows = "<tr><td>甲</td><td class=n>1</td><td>2</td></tr><tr><td>乙</td><td>3</td><td>4</td></tr>"
    for sheet in (".n{display:inline-block}", ".n{float:left}", ".n:has(b){display:none}"):
        assert [[text.isdecimal() for text in row[1:]] for row in read_cells(sheet, rows)] == [
            [False, False],
            [True, True],
        ]
    assert read_cells("td{display:block}", rows) == [["甲", "1", "2"], ["乙", "3", "4"]]


def test_names_are_compared_as_the_kind_of_page_asks() -> None:
    rows = "<tr><td>甲</td><td>5<b class=N>3</b></td><td>2</td></tr>"
    assert read_cells(".n{display:none}", rows)[0][1] == "53"
    assert read_cells(".n{display:none}", rows, doctype="")[0][1] == "5"


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("", "5"),
        (" type=text/css media=screen", "5"),
        (" media=print", "53"),
        (" type=text/x-template", "53"),
    ],
)
def test_sheets_count_where_they_stand_and_for_what_they_are_meant(attribute: str, expected: str) -> None:
    sheet = f"<style{attribute}>.n{{display:none}}</style>"
    cell = "<td>5<span class=n>3</span></td>"
    rows = f"<tr><td>规章</td><td>行政许可</td><td>行政处罚</td></tr><tr><td>甲</td>{cell}<td>2</td></tr>"
    for page in (f"<table>{rows}</table><p>末</p>{sheet}", f"<p>{sheet}</p><table>{rows}</table>"):
        assert next(read_html(page).tables()).rows[1][1].text == expected
    shown = page.replace("</style>", "</style><style>.n{display:inline}</style>")
    assert next(read_html(shown).tables()).rows[1][1].text == "53"
    hidden = f"<!-- {sheet} --><noscript>{sheet}</noscript><script>'{sheet}'</script><table>{rows}</table>"
    assert next(read_html(hidden).tables()).rows[1][1].text == "53"


def test_what_a_sheet_hides_around_the_report_is_left_out_and_menus_do_no_harm() -> None:
    sheet = (
        ".nav li ul{display:none}.nav li:hover ul{display:block}.tip{display:none}.fl{float:left}"
        ".clearfix:after{content:'.';visibility:hidden}.head a{color:#fff}"
        "@media print{.no-print{display:none}}"
    )
    page = (
        f"<!DOCTYPE html><style>{sheet}</style>"
        "<div class='head nav'><ul><li><a>甲</a><ul><li>乙</ul></ul></div>"
        "<div class='clearfix no-print'><p>一、总体情况</p><p class=fl>正文<i class=tip>隐</i>。</p>"
        f"{_FORM}</div>"
    )
    document = read_html(page)
    assert document.notes == ()
    assert [getattr(block, "text", "表") for block in document.blocks] == [
        "一、总体情况", "正文。", "二、主动公开政府信息情况", "表",
    ]  # fmt: skip
    assert "乙" not in document.outside


def tabs(*parts: str, shown: int = 0) -> str:
    """Return a page whose parts stand in tabs, all but one hidden until a script shows them."""
    divs = "".join(
        f"<div class='tab{' on' * (place == shown)}'>{part}</div>" for place, part in enumerate(parts)
    )
    return f"<!DOCTYPE html><style>.tab{{display:none}}.tab.on{{display:block}}</style>{divs}"


def figures(page: str) -> Iterator[str]:
    """Yield the texts of all cells of a page that are numbers."""
    cells = (cell.text for table in read_html(page).tables() for row in table.rows for cell in row)
    return (text for text in cells if text.isdecimal())


def test_parts_of_the_report_in_tabs_are_shown() -> None:
    page = tabs("<p>一、总体情况</p><p>文。</p>", _FORM)
    assert list(figures(page)) == ["4", "5"]
    assert "hidden_shown" in read_html(page).notes


def test_copies_of_what_is_visible_stay_hidden() -> None:
    other = _FORM.replace("4", "8")
    for page in (tabs(_FORM, other), tabs(other, _FORM, shown=1)):
        assert list(figures(page)) == ["4", "5"]
        assert read_html(page).notes == ()


def test_a_report_of_another_year_behind_a_visible_one_stays_hidden() -> None:
    headings = "".join(f"<p>{heading}</p>" for heading in ("一、总体情况", "四、政府信息公开行政复议情况"))
    page = tabs(f"{headings}<p>二、主动公开政府信息情况</p><img src='a.png'>", headings + _FORM)
    assert list(figures(page)) == []


def test_two_hidden_tables_of_one_kind_are_neither_the_missing_one() -> None:
    page = tabs("<p>一、总体情况</p><p>文。</p>", _FORM, _FORM.replace("4", "8"))
    assert list(figures(page)) == []


def test_a_report_that_only_scripts_show_has_no_figures_joined_in_it() -> None:
    cell = "<tr><td>行政许可</td><td>5<span class=n>3</span><i class=h>9</i></td></tr></table>"
    sheet = "<style>.n{vertical-align:super}.h,.all{display:none}</style>"
    inner = "<p>一、总体情况</p>" + _FORM.replace("</table>", cell)
    hidden = f"<!DOCTYPE html>{sheet}<div class=all>{inner}</div>"
    quoted = inner.replace('"', '\\"').replace("</", "<\\/")
    scripted = f'<!DOCTYPE html>{sheet}<p>加载</p><script>var html = "{quoted}{"<!-- -->" * 30}";</script>'
    for page in (hidden, scripted):
        (table,) = read_html(page).tables()
        assert table.rows[-1][1].text == "5 3"


@pytest.mark.parametrize(
    "sheet",
    [
        "\n".join(f".a{number}{{display:none}}" for number in range(6_000)),
        "\n".join(f"* * :nth-child({number}){{font-size:0}}" for number in range(800)),
        "a{" * 20_000 + "display:none",
        "x" * 1_000_001,
        "a" * 2_000 + "{display:none}",
        "a," * 600 + "a{display:none}",
    ],
    ids=range(6),
)
def test_no_figure_is_read_where_sheets_are_more_than_a_page_may_cost(sheet: str) -> None:
    document = read_html(f"<style>{sheet}</style>{_FORM * 12}")
    assert "styles_clamped" in document.notes
    assert not any(cell.text.isdecimal() for table in document.tables() for row in table.rows for cell in row)


@pytest.mark.parametrize(
    "sheet",
    [
        "{" * 50_000,
        "}" * 50_000,
        '"' * 50_000,
        "/*" * 50_000,
        "td{x:y" + " !" * 50_000 + "}",
        "td{x" + " " * 50_000,
    ],
    ids=range(6),
)
def test_sheets_that_say_nothing_change_nothing(sheet: str) -> None:
    assert list(figures(f"<style>{sheet}</style>{_FORM}")) == ["4", "5"]


def test_sheets_without_a_rule_that_matters_leave_no_rules() -> None:
    assert read_sheet(b"td{color:red;margin:0 auto} p{width:100px;display:non}").rules == ()
    (rule,) = read_sheet(b"a{color:red} .x, .y{display:none;margin:0}").rules
    assert rule.names == (frozenset([b"x"]), frozenset([b"y"]))
    assert rule.asked == {"display"}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("td", "abcd"),
        ("tr:first-child td", "ab"),
        ("tbody > tr > td:last-child", "bd"),
        ("table > tr > td", ""),
        ("td + td", "bd"),
        ("tr ~ tr td", "cd"),
        ("td:nth-child(odd)", "ac"),
        ("td:nth-last-child(-n+1)", "bd"),
        ("td:only-child", ""),
        ("td:not(.k)", "bcd"),
        ("[lang|=zh]", "d"),
        ("[title^=x i]", "c"),
        ("[title$=z][title*=y]", "c"),
        ("*|td.k", "a"),
        ("html :is(td.k, #q)", "ab"),
        ("td:hover", ""),
    ],
)
def test_selectors_mean_what_they_mean_in_browsers(selector: str, expected: str) -> None:
    root = etree.HTML(
        "<table><tr><td class=k>a</td><td id=q>b</td></tr>"
        "<tr><td title=Xyz>c</td><td lang=zh-CN>d</td></tr></table>"
    )
    read = read_selector(selector)
    assert read is not None
    found = [cell.text for cell in root.iter("td") if match(read, cell, Budget(1_000), folded=False) == YES]
    assert "".join(found) == expected


@pytest.mark.parametrize("selector", ["", "td >", "..a", "td[", "a b:not(%)", "td::before.x", "5"])
def test_what_is_no_selector_is_none(selector: str) -> None:
    assert read_selector(selector) is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", YES),
        ("screen", YES),
        ("only screen and (min-width: 40em)", YES),
        ("print, screen", YES),
        ("not print", YES),
        ("not screen", NO),
        ("print", NO),
        ("(max-width:640px)", NO),
        ("(width <= 600px)", NO),
        ("(prefers-color-scheme: dark)", NO),
        ("(min-width:1200px)", MAYBE),
        ("(min-resolution: 2dppx)", MAYBE),
        ("screen and (unknown)", MAYBE),
    ],
)
def test_media_are_those_of_a_desk(query: str, expected: int) -> None:
    assert media_holds(query) == expected
