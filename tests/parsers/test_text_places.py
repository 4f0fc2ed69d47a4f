"""Texts in which something besides the order of the cells tells, or hides, where a figure stands."""

import re
from collections.abc import Mapping, Sequence
from itertools import product

import pytest

from parsers.records import CellKey, Fact
from parsers.report import parse_strict
from tests.parsers.test_align_ragged import assert_nothing_wrong as assert_all_known
from tests.parsers.test_align_ragged import by_key, cells, numbered
from tests.render.aligned import grids, render_aligned
from tests.render.text import TextForm, render_text

ORGANISATIONS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
RECEIVED = ("requests", "received")


def without(truth: Mapping[CellKey, str], step: int) -> dict[CellKey, str]:
    """Leave every so-manieth cell blank."""
    return {key: value for at, (key, value) in enumerate(truth.items()) if at % step}


def assert_nothing_wrong(found: Mapping[CellKey, Fact], truth: Mapping[CellKey, str]) -> None:
    own = {key: fact for key, fact in found.items() if "x_" not in key[1] + key[2]}
    assert_all_known(own, truth)


def statuses(found: Mapping[CellKey, Fact], table: str, row: str) -> set[str]:
    return {fact.status for key, fact in found.items() if key[:2] == (table, row)}


def assert_as_printed(found: Mapping[CellKey, Fact], truth: Mapping[CellKey, str], era: str) -> None:
    wanted = {key: ("reported", truth[key]) if key in truth else ("blank", "") for key in cells(era)}
    assert {key: (fact.status, fact.raw) for key, fact in found.items()} == wanted


# ---------------------------------------------------------------- cells that kept their column


@pytest.mark.parametrize("era", ["fmt2021", "fmt2019"])
@pytest.mark.parametrize(("separator", "framed"), [("|", False), ("|", True), (" | ", True), ("\t", False)])
def test_blank_cells_under_their_headings_are_blank(era: str, separator: str, framed: bool) -> None:
    for step in (2, 3, 7):
        truth = without(numbered(era), step)
        text = render_aligned(truth, era=era, separator=separator, framed=framed)  # type: ignore[arg-type]
        assert_as_printed(by_key(text), truth, era)


def test_rows_ending_in_blanks_without_a_last_separator() -> None:
    """`a | b | ` without its last blank looks like `a | b |`: the other rows say that a cell is behind it."""
    truth = without(numbered("fmt2019"), 4)
    text = render_aligned(truth, era="fmt2019", separator=" | ")
    assert_as_printed(by_key("\n".join(line.rstrip() for line in text.splitlines())), truth, "fmt2019")


@pytest.mark.parametrize("heading", ["", "备注"])
@pytest.mark.parametrize("place", [3, 5, 9, 10])
def test_column_more_beside_headings_moves_nothing(place: int, heading: str) -> None:
    truth = without(numbered("fmt2021"), 5)
    requests = grids(truth, "fmt2021")[1]
    for at, row in enumerate(requests):
        row.insert(place, heading if at == 1 else str(5000 + at) if at > 2 else "")
    found = by_key(render_table(requests, "三、收到和处理政府信息公开申请情况"))
    own = {key: value for key, value in truth.items() if key[0] == "requests"}
    assert_nothing_wrong(found, own)
    # A figure in front of the first heading could also be one that moved there, and one behind the last that
    # has no heading pushed out by a column in between.
    open_ends = (3,) if heading else (3, 10)
    assert place in open_ends or {found[key].status for key in own} == {"reported"}


def test_figures_moved_to_the_left_of_their_headings_are_not_read_by_them() -> None:
    requests = grids(numbered("fmt2021"), "fmt2021")[1]
    moved = [
        row if at < 3 else [*filter(None, row), *([""] * row.count(""))] for at, row in enumerate(requests)
    ]
    found = by_key(render_table(moved, "三、收到和处理政府信息公开申请情况"))
    assert_nothing_wrong(found, numbered("fmt2021"))


def test_repeated_merged_cells_with_a_blank_at_the_end() -> None:
    rows = [
        ["第二十条第（五）项"] * 5,
        ["信息内容", "上一年项目数量", "本年增/减", "本年增/减", "处理决定数量"],
        ["行政许可", "238", "238", "1", ""],
        ["其他对外管理服务事项", "7", "7", "3", "9"],
    ]
    found = by_key(render_table(rows, "二、主动公开政府信息情况"))
    licence = {key[2]: fact.value for key, fact in found.items() if key[1] == "admin_license"}
    assert licence == {"items_prev_year": 238, "items_change": 1, "decisions": None}


def render_table(rows: Sequence[Sequence[str]], heading: str) -> str:
    return "\n".join(
        [heading, *("| " + " | ".join(row) + " |" for row in rows), "五、存在的主要问题及改进情况"]
    )


# ---------------------------------------------------------------- tabs


def tabbed(truth: Mapping[CellKey, str], era: str = "fmt2021") -> str:
    """As a browser copies: the cells of each row, none for what reaches down or across."""
    return re.sub(r" ?\|(?: |$)", "\t", render_text(truth, era=era, form="E2"), flags=re.MULTILINE)  # type: ignore[arg-type]


def test_tabs_keep_empty_cells() -> None:
    truth = {
        key: value for key, value in numbered("fmt2021").items() if key[2] not in ("business", "repealed")
    }
    text = "\n".join(line.lstrip("\t") for line in tabbed(truth).splitlines())
    found = by_key(text)
    assert_nothing_wrong(found, truth)
    assert all(found[key].status == "reported" for key in truth if key[0] != "documents")
    assert found["requests", "received", "business"].status == "blank"


def test_tabs_that_indent_or_stand_in_sentences_are_no_cells() -> None:
    text = render_text(numbered("fmt2021"), form="A", blank_lines="collapsed")
    indented = "\n".join(f"\t\t{line}" for line in text.splitlines())
    assert {key: fact.raw for key, fact in by_key(indented).items()} == numbered("fmt2021")
    report = parse_strict("来源：青禾县\t时间：2024-01-05\n一、总体情况\n\t本年度公开\t12\t条。".encode())
    assert all("|" not in section.text for section in report.sections)


# ---------------------------------------------------------------- a column more, counted


@pytest.mark.parametrize("form", ["A", "B", "C", "E", "H"])
@pytest.mark.parametrize(
    ("beside", "below", "place"),
    [
        (("小计", "自然人", "法人或其他组织", "总计"), ORGANISATIONS, 0),
        (("自然人", "小计", "法人或其他组织", "总计"), ORGANISATIONS, 1),
        (("自然人", "法人或其他组织", "小计", "总计"), ORGANISATIONS, 6),
        (("自然人", "法人或其他组织", "总计", "小计"), ORGANISATIONS, 7),
        (("自然人", "法人或其他组织", "总计"), ("小计", *ORGANISATIONS), 1),
        (("自然人", "法人或其他组织", "总计"), (*ORGANISATIONS, "小计"), 6),
    ],
)
def test_named_subtotal_stands_where_its_heading_says(
    form: TextForm, beside: tuple[str, ...], below: tuple[str, ...], place: int
) -> None:
    truth = numbered("fmt2021")
    found = by_key(widened(truth, form, place, (beside, below)))
    own = {key: value for key, value in truth.items() if key[0] == "requests"}
    assert_nothing_wrong(found, truth)
    # In cells one below the other 小计 may end one heading row or open the next; behind 法人或其他组织 in one
    # line it may be part of that heading.
    decided = not (form == "A" and "小计" in (beside[-1], below[0])) and (form, beside[2]) != ("H", "小计")
    assert all(found[key].status == ("reported" if decided else "ambiguous") for key in own)


def widened(
    truth: Mapping[CellKey, str],
    form: TextForm,
    place: int,
    heads: tuple[Sequence[str], Sequence[str]] | None,
) -> str:
    """Write a text with a column more in table 3; `heads` are its heading rows, None: no name."""
    text = render_text(truth, form=form, blank_lines="collapsed")
    gap = "\n" if form == "A" else " |\n" if form in "CL" else " | " if form in "BE" else " "
    if heads is not None:
        for new, old in zip(heads, (("自然人", "法人或其他组织", "总计"), ORGANISATIONS), strict=True):
            assert gap.join(old) in text
            text = text.replace(gap.join(old), gap.join(new), 1)
    for number, row in enumerate(rows_of()):
        figures = [truth[key] for key in row if key in truth]
        wider = [*figures[:place], str(7001 + number), *figures[place:]]
        assert gap.join(figures) in text
        text = text.replace(gap.join(figures), gap.join(wider), 1)
    return text


def rows_of() -> list[list[CellKey]]:
    keys = [key for key in cells("fmt2021") if key[0] == "requests"]
    return [keys[at : at + 7] for at in range(0, len(keys), 7)]


@pytest.mark.parametrize("form", ["A", "E", "H", "L"])
@pytest.mark.parametrize("place", [0, 6])
def test_column_without_name_and_dropped_blanks(form: TextForm, place: int) -> None:
    """Rows of eight figures that lost one or more look like rows of seven."""
    truth = numbered("fmt2021")
    lost = [key for at, row in enumerate(rows_of()) for key in row[at % 5 : at % 5 + 1 + (at % 3)]]
    found = by_key(
        widened({key: value for key, value in truth.items() if key not in lost}, form, place, None)
    )
    assert_nothing_wrong(found, {key: value for key, value in truth.items() if key not in lost})


def test_kept_blanks_show_a_column_more_although_another_is_always_empty() -> None:
    truth = {key: value for key, value in numbered("fmt2021").items() if key[2] != "natural_person"}
    lines = render_text(truth, form="E2").splitlines()
    wider = [re.sub(r" \| (\d+) \|$", rf" | {9000 + at} | \1 |", line) for at, line in enumerate(lines)]
    own = {key: value for key, value in truth.items() if key[0] == "requests"}
    found = by_key("\n".join(wider))
    assert_nothing_wrong({key: fact for key, fact in found.items() if key[0] == "requests"}, own)


def test_whole_rows_among_short_ones_stand_if_their_sums_say_so() -> None:
    text = render_text({**numbered("fmt2021"), **summed()}, form="E")
    short = re.sub(
        r"^(.*(?:\d\.|（[二七]）).*?)(?: \| \d+){6} \| (\d+) \|$", r"\1 | \2 |", text, flags=re.MULTILINE
    )
    found = by_key(short)
    assert statuses(found, *RECEIVED) == {"reported"}
    assert statuses(found, "requests", "partly_granted") == {"ambiguous"}


def summed() -> dict[CellKey, str]:
    """Return figures of table 3 of which the last of each row is the sum of the others."""
    return {key: "21" if key[2] == "total" else str(at) for row in rows_of() for at, key in enumerate(row, 1)}


# ---------------------------------------------------------------- table 4


@pytest.mark.parametrize("form", ["A", "B", "C", "D1", "E", "G", "H", "L"])
@pytest.mark.parametrize("lost", ["suit_after_review.total", "review.corrected", ""])
def test_year_in_front_of_the_figures_of_table_4(form: TextForm, lost: str) -> None:
    truth = numbered("fmt2021")
    keys = [key for key in cells("fmt2021") if key[0] == "disputes"]
    first = truth[keys[0]]
    kept = {key: value for key, value in truth.items() if ".".join(key[1:]) != lost}
    text = render_text(kept, form=form, blank_lines="collapsed")
    gap = {"A": "\n", "C": " |\n", "D1": " |\n", "G": " |\n", "L": " |\n", "H": " "}.get(form, " | ")
    head, _, tail = text.rpartition(first)
    found = by_key(f"{head}2023{gap}{first}{tail}")
    assert {fact.status for key, fact in found.items() if key in keys} == {"ambiguous"}


def test_year_is_told_from_figures_by_their_sums() -> None:
    figures = ["3", "0", "1", "0", "4", "2", "0", "0", "1", "3", "0", "0", "0", "0", "0"]
    keys = [key for key in cells("fmt2021") if key[0] == "disputes"]
    truth = {**numbered("fmt2021"), **dict(zip(keys, figures, strict=True))}
    text = render_text(truth, form="A", blank_lines="collapsed")
    printed = "\n".join(figures)
    assert_nothing_wrong(by_key(text.replace(printed, f"2023\n{printed}")), truth)
    assert by_key(text.replace(printed, f"2023\n{printed}"))[keys[0]].value == 3
    named = by_key(text.replace(printed, f"2023年\n{printed}"))
    assert [named[key].raw for key in keys] == figures


def test_line_behind_a_table_proves_no_blank() -> None:
    """Fourteen figures and the empty line before the next heading are not fourteen and a blank."""
    truth = numbered("fmt2021")
    keys = [key for key in cells("fmt2021") if key[0] == "disputes"]
    for lost in (keys[3], keys[-1]):
        kept = {key: value for key, value in truth.items() if key != lost}
        text = render_text(kept, form="A", blank_lines="collapsed").replace("\n五、存在", "\n\n五、存在")
        assert {by_key(text)[key].status for key in keys} == {"ambiguous"}


@pytest.mark.parametrize(("form", "blank"), list(product(("A", "H"), ("", "\n"))))
def test_heading_of_no_form_before_the_rows_of_a_block(form: TextForm, blank: str) -> None:
    """The heading 备注 is a column too, whether or not its figures are printed."""
    truth = {key: value for key, value in numbered("fmt2019").items() if key[2] != "disclosed_new"}
    text = render_text(truth, era="fmt2019", form=form, blank_lines="collapsed")
    gap = " " if form == "H" else f"{blank}\n"
    text = text.replace("对外公开总数量", f"对外公开总数量{gap}备注")
    regulation = truth["documents", "regulation", "disclosed_total"]
    text = text.replace(regulation, f"{regulation}{gap}8", 1)
    assert_nothing_wrong(by_key(text), truth)


# ---------------------------------------------------------------- rows broken in two, cells of data frames


def test_rows_broken_at_blank_cells_and_at_a_width() -> None:
    text = """三、收到和处理政府信息公开申请情况

（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）| 申请人情况
---|---
自然人| 法人或其他组织| 总计
商业企业| 科研机构| 社会公益组织| 法律服务机构| 其他
一、本年新收政府信息公开申请数量|
|
|
|
|
| 12| 40
二、上年结转政府信息公开申请数量| 1| 2| 3| 4| 5| 6|
21
（六）其他处理| 3.其他| 0| 0| 0| 0| 0| 0| 0
四、结转下年度继续办理| 9| 8| 7| 6| 5| 4| 39
"""
    found = {key[1:]: fact for key, fact in by_key(text).items()}
    columns = [key[2] for key in rows_of()[0]]

    def row(code: str) -> list[int | None]:
        return [found[code, column].value for column in columns]  # type: ignore[misc]

    assert row("received") == [None, None, None, None, None, 12, 40]
    assert row("carried_in") == [1, 2, 3, 4, 5, 6, 21]
    assert row("carried_forward") == [9, 8, 7, 6, 5, 4, 39]
    assert found["received", "natural_person"].status == "blank"


def test_data_frame_prints_nan_for_a_blank_cell() -> None:
    rows = [
        ["0", "1", "2", "3"],
        ["第二十条第（一）项"] * 4,
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "nan", "nan", "nan"],
        ["行政规范性文件", "3", "nan", "12"],
    ]
    found = by_key(render_table(rows, "二、主动公开政府信息情况"))
    assert statuses(found, "documents", "regulation") == {"blank"}
    assert [
        found["documents", "normative_document", code].value for code in ("issued", "repealed", "in_force")
    ] == [
        3,
        None,
        12,
    ]


# ---------------------------------------------------------------- the list of 2014 without separators

LIST = (
    ("一、主动公开情况", "----", "----"),
    ("（一）主动公开政府信息数", "条", "310"),
    ("其中：主动公开规范性文件数", "条", "14"),
    ("制发规范性文件总数", "件", "6"),
    ("全年宣传次数", "次", "77"),
    ("二、回应解读情况", "----", "----"),
    ("1.参加或举办新闻发布会总次数", "次", ""),
    ("4.微博微信回应事件数", "次", "0"),
    ("六、举报投诉数量", "件", "2"),
    ("七、依申请公开信息收取的费用", "万元", "1.5"),
)
LIST_FIGURES = {
    "s1_proactive_items": "310",
    "s1_proactive_normative_docs": "14",
    "s1_normative_docs_issued": "6",
    "s2_social_responses": "0",
    "s6_complaints": "2",
    "s7_fees_wan_yuan": "1.5",
}


@pytest.mark.parametrize("numbered_rows", [False, True])
@pytest.mark.parametrize("between", ["\n", "\n\n", " ", "   ", "\t"])
def test_list_of_2014_without_pipes(between: str, numbered_rows: bool) -> None:
    rows = [("统计指标", "单位", "统计数"), *LIST]
    if numbered_rows:
        rows = [((str(at) if at else "序号"), *row) for at, row in enumerate(rows)]  # type: ignore[misc]
    keeps = between == "\t"
    lines = [between.join(cell for cell in row if cell or keeps) for row in rows]
    text = "政府信息公开情况统计表\n" + ("\n\n" if between == "\n\n" else "\n").join(lines)
    found = {key[1]: fact for key, fact in by_key(text).items() if not key[1].startswith("x_")}
    assert {code: fact.raw for code, fact in found.items() if fact.status == "reported"} == LIST_FIGURES
    assert found["s2_press_conf"].status in ("blank", "absent")


def test_numbers_that_do_not_count_on_leave_the_list_open() -> None:
    lines = ["统计指标", "统计数", "1", "制发规范性文件总数", "2", "六、举报投诉数量", "5", "4"]
    found = by_key("政府信息公开情况统计表\n" + "\n".join(lines))
    assert not any(fact.status == "reported" for fact in found.values())


# ---------------------------------------------------------------- separators lost, separators told apart


@pytest.mark.parametrize("separator", ["|", " | ", "\t"])
@pytest.mark.parametrize("code", ["carried_in", "granted", "partly_granted", "denied_state_secret"])
def test_row_of_an_aligned_table_that_lost_a_separator_moves_nothing(separator: str, code: str) -> None:
    truth = numbered("fmt2021")
    keys = [key for key in truth if key[:2] == ("requests", code)]
    text = render_aligned(truth, separator=separator)  # type: ignore[arg-type]
    fused = text.replace(separator.join((truth[keys[2]], truth[keys[3]])), truth[keys[2]] + truth[keys[3]], 1)
    assert fused != text
    found = by_key(fused)
    assert {found[key].status for key in keys} == {"ambiguous"}
    assert_nothing_wrong(found, truth)
    assert sum(fact.status == "reported" for fact in found.values()) == len(truth) - len(keys)


def test_heading_row_that_lost_a_separator_decides_no_place() -> None:
    text = render_aligned(numbered("fmt2021"), separator=" | ", framed=True)
    joined = text.replace(
        "| 第二十条第（一）项 |  |  |  |\n| 信息内容", "| 第二十条第（一）项 |  |  |  || 信息内容"
    )
    assert joined != text
    assert_nothing_wrong(by_key(joined), numbered("fmt2021"))


@pytest.mark.parametrize("form", ["C", "D1", "D2", "G"])
def test_cells_down_the_page_without_a_space_before_their_pipe(form: TextForm) -> None:
    truth = numbered("fmt2021")
    text = render_text(truth, form=form)
    assert {key: fact.raw for key, fact in by_key(text.replace(" |", "|")).items()} == truth


@pytest.mark.parametrize("lost", [0, 7, 14])
def test_pipe_that_opens_the_figures_of_table_4_is_no_blank_cell(lost: int) -> None:
    """An opening pipe, fourteen figures and the padding of the one that was dropped are fifteen cells."""
    names = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    figures = [str(100 + at) for at in range(15)]
    del figures[lost]
    rows = [("行政复议", "未经复议直接起诉", "复议后起诉"), names * 3, figures]
    lines = ["四、政府信息公开行政复议、行政诉讼情况"]
    for row in rows:
        lines += ["|", *(f"{cell} |" for cell in row), *(["|" * (15 - len(row))] if len(row) < 15 else [])]
    text = render_text(numbered("fmt2021"), form="B").partition("四、")[0] + "\n".join(lines)
    disputes = {fact.status for key, fact in by_key(text).items() if key[0] == "disputes"}
    assert disputes <= {"ambiguous", "absent"}


def test_blank_in_front_of_the_figures_of_a_block_beside_a_column_more() -> None:
    rows = [
        ["第二十条第（一）项"],
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数", ""],
        ["规章", "", "21", "22", "23"],
        ["行政规范性文件", "24", "25", "26", ""],
    ]
    found = by_key(render_table(rows, "二、主动公开政府信息情况"))
    assert statuses(found, "documents", "regulation") == {"ambiguous"}
    assert found["documents", "normative_document", "in_force"].value == 26


def test_figures_run_together_are_not_placed_by_sums() -> None:
    """0 and 37 in one cell are not the 37 that the column needs."""
    figures = dict.fromkeys(cells("fmt2021"), "0")
    for code, column in product(("received", "granted", "concluded"), ("business", "total")):
        figures["requests", code, column] = "5"
    text = render_text(figures, form="E")
    fused = text.replace("（七）总计 | 0 | 5 |", "（七）总计 | 05 |")
    assert fused != text
    assert statuses(by_key(fused), "requests", "concluded") == {"ambiguous"}
