"""Pages damaged more than once: what one damage hides of another must not put a figure in a wrong cell."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from parsers.records import CellKey, Fact
from parsers.report import parse
from tests.parsers.grid_tables import Printed, align_tables, form_tables
from tests.parsers.test_align_ragged import by_key, cells, numbered
from tests.parsers.test_text_places import assert_nothing_wrong, render_table, statuses
from tests.render.aligned import grids
from tests.render.text import TextForm, render_text

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
REQUESTS, DISPUTES = "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"
TRUTH = numbered("fmt2021")
SUITS = [key for key in cells("fmt2021") if key[0] == "disputes"]


def disputes(found: Mapping[CellKey, Fact]) -> set[str]:
    return {found[key].status for key in SUITS}


# ---------------------------------------------------------------- rows in the columns of a grid


@pytest.mark.parametrize("place", [3, 6, 9])
def test_row_with_a_cell_more_than_there_are_headings(place: int) -> None:
    """A data frame widens every row for one that is too long: only that row is in doubt."""
    rows = [[*row, ""] for row in grids(TRUTH, "fmt2021")[1]]
    rows[5] = [*rows[5][:place], "7", *rows[5][place:-1]]
    found = by_key(render_table(rows, REQUESTS))
    assert_nothing_wrong(found, TRUTH)
    assert statuses(found, "requests", "granted") == {"ambiguous"}
    assert statuses(found, "requests", "received") == {"reported"}


def test_column_without_a_heading_behind_the_total() -> None:
    """Rows of eight figures under seven headings: one came in between, and only sums could say where."""
    rows = grids(TRUTH, "fmt2021")[1]
    longer = [[*row, ""] if at < 3 else [*row[:5], str(900 + at), *row[5:]] for at, row in enumerate(rows)]
    assert_nothing_wrong(by_key(render_table(longer, REQUESTS)), TRUTH)


def test_sums_say_that_a_column_without_a_heading_stands_behind_the_total() -> None:
    truth = {key: "6" if key[2] == "total" else "1" for key in TRUTH if key[0] == "requests"}
    rows = [[*row, "" if at < 3 else "5"] for at, row in enumerate(grids(truth, "fmt2021")[1])]
    found = by_key(render_table(rows, REQUESTS))
    assert {key: found[key].raw for key in truth} == truth


@pytest.mark.parametrize("place", [0, 5])
def test_headings_or_figures_of_table_4_moved_by_a_cell(place: int) -> None:
    _, three, four = grids(TRUTH, "fmt2021")
    for at in ((1, 2), (3,)):
        moved = ([*row[:place], "", *row[place:]] if n in at else [*row, ""] for n, row in enumerate(four))
        found = by_key(render_table(three, REQUESTS) + "\n" + "\n".join(map("|".join, moved)))
        assert disputes(found) == {"ambiguous"}


def test_figure_of_a_block_behind_its_last_heading() -> None:
    two, three, _ = grids(numbered("fmt2019"), "fmt2019")
    two = [[row[0], "", *row[1:]] if row[0] == "行政许可" else [*row, ""] for row in two]
    found = by_key(render_table(two, "二、主动公开政府信息情况") + "\n" + render_table(three, REQUESTS))
    assert_nothing_wrong(found, numbered("fmt2019"))
    assert statuses(found, "licensing", "admin_license") == {"ambiguous"}


def test_empty_cells_of_one_table_prove_nothing_of_another() -> None:
    """Table 4 is broken so that its rows seem to begin with empty cells; table 2 folds its own to the end."""
    two = "\n".join(
        (
            "| 第二十条第（六）项 | ||||",
            "| 信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量 | |",
            "| 行政处罚 | 473 | 693 | ||",
            "| 行政强制 | 937 | 344 | 765 | |",
        )
    )
    names = "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计"
    four = f"""| 行政复议 | 行政诉讼 | |||||||||||||
| {names} | 未经复议直接起诉 | 复议后起诉 | ||||||||
7 |
| {names} | {names} | |||||
| {" | ".join(str(at) for at in range(101, 116))} |"""
    found = by_key(f"二、主动公开政府信息情况\n{two}\n{DISPUTES}\n{four}\n五、存在的主要问题及改进情况")
    assert statuses(found, "enforcement", "admin_penalty") == {"ambiguous"}


# ---------------------------------------------------------------- table 4 in texts: only the order is left

FIGURES = [TRUTH[key] for key in SUITS]
SUMMED = ["3", "0", "1", "0", "4", "2", "0", "0", "1", "3", "0", "5", "0", "0", "5"]
_LOST, _LAST = FIGURES[3], FIGURES[14]
# A figure lost and one that is none of the table; what stands between the two moves by a column.
LOST_AND_FOUND: tuple[tuple[TextForm, tuple[tuple[str, str], ...]], ...] = (
    # a page number, without the pipe of a cell
    ("L", ((f"{_LOST} |\n", ""), (f"{FIGURES[9]} |\n", f"{FIGURES[9]} |\n7\n"))),
    ("D2", ((f"{_LOST} |\n", ""), (f"{FIGURES[9]} |\n", f"{FIGURES[9]} |\n7\n"))),
    # a heading lost or added, or something else among them
    ("E", ((f"{_LOST} | ", ""), (f"{_LAST} |", f"{_LAST} | 501 |"), ("行政复议 | 行政诉讼 |\n", ""))),
    ("E", ((f"{_LOST} | ", ""), (f"{_LAST} |", f"{_LAST} | 501 |"), ("未经复议直接起诉 | ", ""))),
    ("F", ((f"{_LOST} | ", ""), (f"{_LAST} |", f"{_LAST} | 501 |"), ("|||||\n", "||||| - 3 -|\n"))),
    (
        "G",
        ((f"{_LOST} |\n", ""), (f"{_LAST} |", f"{_LAST} |\n501 |"), ("| |||||", "|\n备注 | ||||")),
    ),
    # the row wider than its headings, torn in two, or glued to the next line
    ("B", ((f"{_LOST} | ", ""), (f"{_LAST} |", f"{_LAST} | 501 | |"))),
    ("F", ((f"{_LOST} | ", ""), (f"{FIGURES[12]} | ", f"{FIGURES[12]} | 50\n1 | "))),
    ("E", ((f"{_LOST} | ", ""), (f"{_LAST} |\n", f"{_LAST} | "))),
    # one lost, its empty line kept
    ("A", ((f"{_LOST}\n\n", "\n"), (f"{_LAST}\n\n", f"{_LAST}\n\n501\n\n"))),
)


@pytest.mark.parametrize(("form", "damages"), LOST_AND_FOUND)
def test_figure_of_table_4_lost_and_another_gained(
    form: TextForm, damages: tuple[tuple[str, str], ...]
) -> None:
    head, _, four = render_text(TRUTH, form=form).rpartition("四、政府信息公开")
    for old, new in damages:
        assert old in four
        four = four.replace(old, new, 1)
    assert disputes(by_key(f"{head}四、政府信息公开{four}")) == {"ambiguous"}


def test_headings_of_table_4_that_are_not_whole_need_sums() -> None:
    for figures, said in ((FIGURES, "ambiguous"), (SUMMED, "reported")):
        truth = {**TRUTH, **dict(zip(SUITS, figures, strict=True))}
        for form, old in (("E", "行政复议 | 行政诉讼 |\n"), ("C", "其他结果 |\n"), ("A", "其他结果\n\n")):
            head, _, four = render_text(truth, form=form).rpartition("四、政府信息公开")  # type: ignore[arg-type]
            found = by_key(f"{head}四、政府信息公开{four.replace(old, '', 1)}")
            assert disputes(found) == {said}
            assert_nothing_wrong(found, truth)


@pytest.mark.parametrize("form", ["C", "D1", "D2", "G", "E2", "B"])
def test_figure_torn_in_two_beside_one_lost(form: TextForm) -> None:
    """`9` and `73 |` on two lines are one figure, or a page number and a figure."""
    figure = TRUTH["requests", "received", "research_institution"]
    truth = {key: value for key, value in TRUTH.items() if key != ("requests", "received", "total")}
    text = render_text(truth, form=form)
    at = text.index(f" {figure} |" if form in ("E2", "B") else f"\n{figure} |") + 1
    torn = f"{text[:at]}{figure[0]}\n{text[at + 1 :]}"
    assert_nothing_wrong(by_key(torn), TRUTH)


# ---------------------------------------------------------------- table 4 of pages: headings and row


def _heading_and_another_figure_lost(rows: list[list[Printed]]) -> None:
    del rows[2][1], rows[3][7]


def _remark_without_a_cell(rows: list[list[Printed]]) -> None:
    rows[1].append("备注")
    rows[3][2:] = [*rows[3][3:], "9"]


def _heading_lost_figure_torn(rows: list[list[Printed]]) -> None:
    del rows[2][4]
    rows[3][12:13] = ["2", "97"]
    del rows[3][3]


def _blank_first_and_a_wide_figure(rows: list[list[Printed]]) -> None:
    rows[3][:] = ["", *rows[3][:9], ("7", 1, 2), *rows[3][10:14]]


@pytest.mark.parametrize(
    "damage",
    [
        _heading_and_another_figure_lost,
        _remark_without_a_cell,
        _heading_lost_figure_torn,
        _blank_first_and_a_wide_figure,
    ],
)
def test_headings_and_figures_of_table_4_damaged(damage: Callable[[list[list[Printed]]], None]) -> None:
    first, second, third = form_tables("fmt2021")
    damage(third)
    facts = {fact.key: fact for fact in align_tables(first, second, third).facts}
    assert disputes(facts) == {"ambiguous"}


def test_heading_of_table_4_lost_and_sums_that_hold() -> None:
    first, second, third = form_tables("fmt2021")
    del third[2][4]
    assert disputes({fact.key: fact for fact in align_tables(first, second, third).facts}) == {"ambiguous"}
    third[3] = list(SUMMED)
    facts = {fact.key: fact for fact in align_tables(first, second, third).facts}
    assert [facts[key].raw for key in SUITS] == SUMMED


# ---------------------------------------------------------------- blank cells kept, also for merged names


def test_row_narrower_than_others_of_its_kind() -> None:
    """`| 一、… | | | 1 | … |` has a blank cell for each column its name covers: one less is a figure lost."""
    text = f"""{REQUESTS}
| | | | 申请人情况 | | | | | | |
| 自然人 | 法人或其他组织 | | | | | 总计 |
| 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 |
| 一、本年新收政府信息公开申请数量 | | | 19 | 0 | 4 | 4 | 7 | 40 |
| 二、上年结转政府信息公开申请数量 | | | 0 | 1 | 0 | 0 | 0 | 0 | 1 |
| 三、本年度办理结果 | （一）予以公开 | | 2 | 0 | 0 | 0 | 0 | 0 | 2 |
| （二）部分公开 | | 8 | 7 | 5 | 3 | 2 | 30 |
| （三）不予公开 | 1.属于国家秘密 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
| 2.其他法律行政法规禁止公开 |  | 0 | 0 | 0 | 0 | 0 | 0 |
| 3.危及“三安全一稳定” | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
| （六）其他处理 | | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
| （七）总计 | | 19 | 1 | 4 | 4 | 6 | 7 | 41 |
| 四、结转下年度继续办理 | | | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
"""
    found = by_key(text)
    for row in ("received", "partly_granted"):
        assert statuses(found, "requests", row) == {"ambiguous"}
    assert statuses(found, "requests", "concluded") == {"reported"}
    assert found["requests", "denied_law_forbids", "natural_person"].status == "blank"
    assert found["requests", "denied_law_forbids", "total"].status == "reported"


def test_row_of_a_block_narrower_than_its_heading() -> None:
    text = """二、主动公开政府信息情况
| 第二十条第（六）项 | | | | |
| 信息内容 | 上一年项目数量 | 本年增/减 | | 处理决定数量 |
| 行政处罚 | 0 | | 13 |
| 行政强制 | 22 | | 1 | 620 |
"""
    found = by_key(text)
    assert statuses(found, "enforcement", "admin_penalty") == {"ambiguous"}
    assert found["enforcement", "admin_compulsion", "decisions"].value == 620


@pytest.mark.parametrize("figures", ["1 | 2 | 3 | 4 | 5 | 6", "1 |  | 3 | 4 | 5 | 6"])
def test_no_row_is_whole_and_names_cover_cells(figures: str) -> None:
    """Six figures in every row: the blank cell behind a name is what it covers, not the first column."""
    text = f"""{REQUESTS}
| | | | 申请人情况 | | | | | | |
| 自然人 | 法人或其他组织 | | | | | 总计 |
| 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 |
| 一、本年新收政府信息公开申请数量 | | | {figures} |
| 三、本年度办理结果 | （一）予以公开 | | {figures} |
| （二）部分公开 | | {figures} |
| （三）不予公开 | 1.属于国家秘密 | {figures} |
| 2.其他法律行政法规禁止公开 | {figures} |
| （六）其他处理 | | {figures} |
| （七）总计 | | {figures} |
"""
    assert "reported" not in {fact.status for fact in by_key(text).values()}


def test_endless_digits_in_doubtful_rows_lose_no_report() -> None:
    """Sums are asked where a heading is gone; what is too long for a number is no figure, and no failure."""
    page = (PAGES / "html-form-2021" / "input.html").read_text("utf-8")
    *_, headings, figures = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    gone = re.sub(r"<t[dh][^>]*>(?:(?!</t[dh]>).)*</t[dh]>", "", headings, count=1, flags=re.DOTALL)
    endless = re.sub(r">\d+<", f">{'9' * 5_000}<", figures, count=1)
    assert endless != figures
    report = parse(page.replace(headings, gone).replace(figures, endless).encode())
    assert report.outcome == "partial", report.error
    assert {fact.status for fact in report.facts if fact.table == "disputes"} == {"ambiguous"}
